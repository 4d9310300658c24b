//! Where each line of a ledger file begins, so that excerpts can be cut out of it and older lines read again
//! (8 bytes a line). What was found before is kept in a file; only new lines are looked for (spec: O-14).

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use xinyi_core::{Index, Line, Lines, Size};

use crate::disk::{self, DiskError};
use crate::reader::RawLines;

/// Bytes of one bound in the file that keeps them.
const WIDTH: u64 = 8;

/// The lines of a ledger file by index. What it gives are claims: whoever uses them has verified the file, or
/// compares them with leaf hashes that are vouched for.
#[derive(Debug)]
pub struct LineIndex {
    bounds: Mutex<Bounds>,
    path: PathBuf,
}

/// Where lines end.
#[derive(Debug)]
struct Bounds {
    file: File,
    /// Those found in this run, after those kept.
    found: Vec<u64>,
    kept: Option<File>,
    /// How many are kept.
    count: u64,
}

impl LineIndex {
    /// Finds the lines of a file; an end without a line feed is left out.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        let file = File::open(path).map_err(|source| DiskError::new("read", path, source))?;
        let bounds = Bounds { count: 0, file, found: Vec::new(), kept: None };
        let index = Self { bounds: Mutex::new(bounds), path: path.to_owned() };
        index.size()?;
        Ok(index)
    }

    /// As [`LineIndex::open`], with the bounds that an earlier run kept in the file at `kept`.
    pub(crate) fn with_kept(path: &Path, kept: &Path) -> Result<Self, DiskError> {
        let file = File::open(path).map_err(|source| DiskError::new("read", path, source))?;
        let mut bounds = Bounds { count: 0, file, found: Vec::new(), kept: None };
        bounds.use_kept(kept);
        let index = Self { bounds: Mutex::new(bounds), path: path.to_owned() };
        index.size()?;
        Ok(index)
    }

    /// How many bounds come from an earlier run.
    pub(crate) fn kept(&self) -> u64 {
        self.bounds().count
    }

    /// Forgets what was kept and finds every line again.
    pub(crate) fn rebuild(&self) -> Result<(), DiskError> {
        {
            let mut bounds = self.bounds();
            (bounds.count, bounds.kept) = (0, None);
            bounds.found.clear();
        }
        self.size().map(drop)
    }

    /// Whether the file that keeps bounds still has those that this index began with; from none it is made anew.
    pub(crate) fn goes_on_from(&self, kept: &Path) -> bool {
        let count = self.bounds().count;
        let length = std::fs::metadata(kept).map_or(0, |metadata| metadata.len());
        count == 0 || length == count.saturating_mul(WIDTH)
    }

    /// Writes what was found after what was kept.
    pub(crate) fn keep(&self, kept: &Path) -> Result<(), DiskError> {
        let mut bounds = self.bounds();
        let bytes: Vec<u8> = bounds.found.iter().flat_map(|bound| bound.to_le_bytes()).collect();
        disk::write_at(kept, bounds.count.saturating_mul(WIDTH), &bytes)?;
        bounds.found.clear();
        bounds.use_kept(kept);
        Ok(())
    }

    /// How many whole lines the file has now.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn size(&self) -> Result<Size, DiskError> {
        let mut bounds = self.bounds();
        let failed = |source| DiskError::new("read", &self.path, source);
        let known = bounds.known();
        let end = bounds.bound(known).map_err(failed)?.unwrap_or_default();
        for line in RawLines::open(&self.path, end)? {
            let line = line?;
            bounds.found.extend(line.complete.then(|| line.end()));
        }
        Ok(Size::new(bounds.known()).unwrap_or_default())
    }

    /// The byte at which the line after the first `size` lines begins.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be read, or there are not so many lines.
    pub fn bound(&self, size: Size) -> Result<u64, DiskError> {
        let known = self.bounds().known();
        if known < size.get() {
            self.size()?;
        }
        let bound = self.bounds().bound(size.get()).transpose();
        let missing = || Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        bound.unwrap_or_else(missing).map_err(|source| DiskError::new("read", &self.path, source))
    }

    /// The bytes of lines `from` to `to` with their line feeds.
    ///
    /// # Errors
    /// [`DiskError`] if they cannot be read or are not there.
    pub fn range(&self, from: Size, to: Size) -> Result<Vec<u8>, DiskError> {
        let (start, end) = (self.bound(from)?, self.bound(to)?);
        let mut bounds = self.bounds();
        let mut read = || {
            let mut bytes = Vec::new();
            bounds.file.seek(SeekFrom::Start(start))?;
            let wanted = end.saturating_sub(start);
            (&mut bounds.file).take(wanted).read_to_end(&mut bytes)?;
            let is_whole = u64::try_from(bytes.len()).is_ok_and(|length| length == wanted);
            if is_whole { Ok(bytes) } else { Err(io::Error::from(io::ErrorKind::UnexpectedEof)) }
        };
        read().map_err(|source| DiskError::new("read", &self.path, source))
    }

    fn bounds(&self) -> MutexGuard<'_, Bounds> {
        self.bounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bounds {
    fn known(&self) -> u64 {
        self.count.saturating_add(u64::try_from(self.found.len()).unwrap_or(u64::MAX))
    }

    /// Where the first `number` lines end; `None` if so many are not known.
    fn bound(&mut self, number: u64) -> io::Result<Option<u64>> {
        let Some(before) = number.checked_sub(1) else { return Ok(Some(0)) };
        if let Some(place) = before.checked_sub(self.count) {
            return Ok(usize::try_from(place).ok().and_then(|place| self.found.get(place)).copied());
        }
        let Some(kept) = &mut self.kept else { return Ok(None) };
        let mut bytes = [0; 8];
        kept.seek(SeekFrom::Start(before.saturating_mul(WIDTH)))?;
        kept.read_exact(&mut bytes)?;
        Ok(Some(u64::from_le_bytes(bytes)))
    }

    /// Takes bounds over from a file, if the last of them is where a line of the ledger file ends.
    fn use_kept(&mut self, kept: &Path) {
        let Ok(file) = File::open(kept) else { return };
        let count = file.metadata().map_or(0, |metadata| metadata.len() / WIDTH);
        (self.kept, self.count) = (Some(file), count);
        if !self.ends_a_line().unwrap_or(false) {
            (self.kept, self.count) = (None, 0);
        }
    }

    fn ends_a_line(&mut self) -> io::Result<bool> {
        let Some(last) = self.bound(self.count)?.and_then(|end| end.checked_sub(1)) else { return Ok(false) };
        let mut byte = [0];
        self.file.seek(SeekFrom::Start(last))?;
        self.file.read_exact(&mut byte)?;
        Ok(byte == *b"\n")
    }
}

impl LineIndex {
    fn read(&self, index: Index) -> Option<String> {
        let size = Size::new(index.get())?;
        let mut bytes = self.range(size, index.size_after()).ok()?;
        bytes.pop();
        String::from_utf8(bytes).ok()
    }

    /// Whether a line that kept bounds gave says that it is the one asked for.
    fn is_own(line: &str, index: Index) -> bool {
        Line::decode(line.as_bytes()).is_ok_and(|line| line.index_claimed() == index)
    }
}

impl Lines for LineIndex {
    /// If kept bounds give another line, they are found again.
    fn line(&self, index: Index) -> Option<String> {
        let line = self.read(index);
        if index.get() >= self.kept() || line.as_ref().is_some_and(|line| Self::is_own(line, index)) {
            return line;
        }
        self.rebuild().ok()?;
        self.read(index)
    }
}
