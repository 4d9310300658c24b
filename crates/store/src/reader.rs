//! Raw lines of a ledger file with their places, in bounded memory (spec: E-1, R-8). Nothing is verified here.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::disk::DiskError;

/// The longest line of the format, without its line feed (spec: E-1).
const MAX_LINE: usize = 65_535;

/// The longest line of the format and its line feed; one byte more proves that a line is too long.
pub(crate) const READ_LIMIT: u64 = 65_537;

/// One line as it lies in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawLine {
    /// Where it begins.
    pub byte: u64,
    /// Its bytes, without the line feed.
    pub bytes: Vec<u8>,
    /// Whether a line feed ends it; if not, the file was cut or the line is too long.
    pub complete: bool,
}

impl RawLine {
    /// Whether the file ends inside it. What has no end but is longer than any line is too long, not cut (spec: R-8).
    #[must_use]
    pub fn is_cut(&self) -> bool {
        !self.complete && self.bytes.len() <= MAX_LINE
    }

    /// Where the next line begins.
    #[must_use]
    pub fn end(&self) -> u64 {
        let length = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        self.byte.saturating_add(length).saturating_add(u64::from(self.complete))
    }
}

/// The lines of a file from a place on.
#[derive(Debug)]
pub struct RawLines<R = BufReader<File>> {
    byte: u64,
    ended: bool,
    path: PathBuf,
    source: R,
}

impl RawLines {
    /// Opens a file at a byte that begins a line.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be opened.
    pub fn open(path: &Path, byte: u64) -> Result<Self, DiskError> {
        let failed = |source| DiskError::new("read", path, source);
        let mut file = File::open(path).map_err(failed)?;
        file.seek(SeekFrom::Start(byte)).map_err(failed)?;
        Ok(Self {
            byte,
            ended: false,
            path: path.to_owned(),
            source: BufReader::with_capacity(1 << 16, file),
        })
    }
}

impl<R: BufRead> RawLines<R> {
    /// Reads lines from any source; `name` is what errors call it.
    pub fn from_source(source: R, name: &Path) -> Self {
        Self { byte: 0, ended: false, path: name.to_owned(), source }
    }

    /// The next line, which may be longer than a ledger's: at most `limit` bytes and one more, which proves that it
    /// is too long. For the first line of a statement.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be read.
    pub fn long_line(&mut self, limit: u64) -> Result<Option<RawLine>, DiskError> {
        self.read(limit.saturating_add(2)).map_err(|source| DiskError::new("read", &self.path, source))
    }

    fn read(&mut self, limit: u64) -> std::io::Result<Option<RawLine>> {
        let mut bytes = Vec::new();
        (&mut self.source).take(limit).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let complete = bytes.last() == Some(&b'\n');
        if complete {
            bytes.pop();
        }
        let line = RawLine { byte: self.byte, bytes, complete };
        self.byte = line.end();
        // After a line without an end nothing can be said of where the next begins.
        self.ended = !complete;
        Ok(Some(line))
    }
}

impl<R: BufRead> Iterator for RawLines<R> {
    type Item = Result<RawLine, DiskError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read(READ_LIMIT);
        self.ended |= read.is_err();
        read.map_err(|source| DiskError::new("read", &self.path, source)).transpose()
    }
}
