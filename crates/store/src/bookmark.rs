//! How far a reader has verified a ledger file, beside the reader's anchor: the next reading goes on from there
//! (spec: G-15).
//!
//! It is as much the reader's own as the anchor is. A ledger that does not fit it is read from its first line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use xinyi_core::{Hash, Places, Replay, Size, Snapshot, Subtrees as _};

use crate::cache::Cache;
use crate::disk::{self, DiskError};
use crate::line_index::LineIndex;
use crate::resumed::{Resumed, written};

/// What is kept beside an anchor of the ledger file that it was verified with.
#[derive(Debug)]
pub struct Bookmark {
    cache: Arc<Cache>,
    root: PathBuf,
}

/// The lines that an earlier run has verified.
#[derive(Debug)]
pub struct ReadBefore {
    /// The byte after them.
    pub end: u64,
    /// Where those lie that later months still need.
    pub places: Places,
    /// The state after them. It reads older lines again.
    pub replay: Replay,
}

impl Bookmark {
    /// Where the bookmark of an anchor lies: beside it, under its name and `.read`.
    #[must_use]
    pub fn beside(anchor: &Path) -> PathBuf {
        let mut name = anchor.file_name().unwrap_or_default().to_owned();
        name.push(".read");
        anchor.with_file_name(name)
    }

    /// Opens the bookmark of an anchor in a ledger file; `None` if there is none.
    ///
    /// # Errors
    /// [`DiskError`] if the ledger file cannot be read.
    pub fn open(anchor: &Path, entries: &Path) -> Result<Option<Self>, DiskError> {
        let is_there = Self::beside(anchor).join("snapshot").is_file();
        is_there.then(|| Self::at(anchor, entries)).transpose()
    }

    fn at(anchor: &Path, entries: &Path) -> Result<Self, DiskError> {
        let root = Self::beside(anchor);
        Ok(Self { cache: Cache::at(entries, &root, &root.join("lock"))?, root })
    }

    /// What was verified before, if the file's lines still lead there.
    #[must_use]
    pub fn resume(&self) -> Option<ReadBefore> {
        let snapshot = Snapshot::read(&written(&self.root)?).ok()?;
        let Resumed { end, places, replay } = Resumed::from(snapshot, &self.cache)?;
        let lines = Arc::clone(self.cache.lines());
        Some(ReadBefore { end, places, replay: replay.with_lines(lines) })
    }

    /// Where the file's lines begin.
    #[must_use]
    pub fn lines(&self) -> &Arc<LineIndex> {
        self.cache.lines()
    }

    /// The root of the first `size` lines, if they lie in what was read before.
    #[must_use]
    pub fn root_at(&self, size: Size, read: &Replay) -> Option<Hash> {
        if size > read.size() {
            return None;
        }
        self.cache.tree(read.size(), read.root())?.root(size)
    }

    /// Notes beside an anchor how far a ledger file was verified.
    ///
    /// # Errors
    /// [`DiskError`]. Losing a bookmark loses nothing but time.
    pub fn keep(anchor: &Path, entries: &Path, replay: &Replay, places: &Places) -> Result<(), DiskError> {
        let root = Self::beside(anchor);
        disk::make_private_dir(&root)?;
        // Another history than before must not be proven by hashes of the one before.
        let bookmark = Self::at(anchor, entries)?;
        if bookmark.cache.tree(replay.size(), replay.root()).is_none() {
            bookmark.cache.rebuild()?;
        }
        bookmark.cache.keep()?;
        match replay.snapshot(places).map(|snapshot| snapshot.write()) {
            Some(Ok(text)) => disk::replace(&root.join("snapshot"), text.as_bytes()),
            _ => Ok(()),
        }
    }
}
