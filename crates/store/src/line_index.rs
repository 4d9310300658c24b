//! Where each line of a ledger file begins, so that excerpts can be cut out of it (8 bytes a line).

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use xinyi_core::{Index, Lines, Size};

use crate::disk::DiskError;
use crate::reader::RawLines;

/// The lines of a ledger file by index. Whoever uses them has verified the file.
#[derive(Debug)]
pub struct LineIndex {
    file: File,
    /// Where each line begins, and at last where the last whole line ends.
    bounds: Vec<u64>,
    path: PathBuf,
}

impl LineIndex {
    /// Finds the lines of a file; an end without a line feed is left out.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        let mut bounds = vec![0];
        for line in RawLines::open(path, 0)? {
            let line = line?;
            bounds.extend(line.complete.then(|| line.end()));
        }
        let file = File::open(path).map_err(|source| DiskError::new("read", path, source))?;
        Ok(Self { file, bounds, path: path.to_owned() })
    }

    /// The bytes of lines `from` to `to` with their line feeds.
    ///
    /// # Errors
    /// [`DiskError`] if they cannot be read or are not there.
    pub fn range(&self, from: Size, to: Size) -> Result<Vec<u8>, DiskError> {
        let read = || {
            let bound = |size: Size| {
                let place = usize::try_from(size.get()).ok()?;
                self.bounds.get(place).copied()
            };
            let missing = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
            let (start, end) = bound(from).zip(bound(to)).ok_or_else(missing)?;
            let mut file = &self.file;
            file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            file.take(end.saturating_sub(start)).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|source| DiskError::new("read", &self.path, source))
    }
}

impl Lines for LineIndex {
    fn line(&self, index: Index) -> Option<String> {
        let size = Size::new(index.get())?;
        let mut bytes = self.range(size, index.size_after()).ok()?;
        bytes.pop();
        String::from_utf8(bytes).ok()
    }
}
