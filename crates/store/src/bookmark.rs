//! How far a reader has verified a ledger file, beside the reader's anchor: the next reading goes on from there
//! (spec: G-15).
//!
//! It is as much the reader's own as the anchor is, and counts only with an anchor that holds what it was kept with. A
//! ledger that does not fit it is read from its first line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use xinyi_core::{Anchor, Anchored, Hash, Places, Replay, Size, Snapshot, Subtrees as _};

use crate::cache::Cache;
use crate::disk::{self, DiskError};
use crate::line_index::LineIndex;
use crate::resumed::{Resumed, written};

/// What is kept beside an anchor of the ledger file that it was verified with.
#[derive(Debug)]
pub struct Bookmark {
    cache: Arc<Cache>,
    mark: Mark,
    snapshot: String,
}

/// What is kept beside the replay's state.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    /// The largest size that the anchor held then.
    anchored: Anchored,
    /// Whether the rules have seen the lines too.
    judged: bool,
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

    /// Opens the bookmark beside the anchor at `path`, in a ledger file; `None` if there is none, or the anchor is not
    /// the one that it was kept with, moved on at most.
    ///
    /// # Errors
    /// [`DiskError`] if the ledger file cannot be read.
    pub fn open(path: &Path, anchor: &Anchor, entries: &Path) -> Result<Option<Self>, DiskError> {
        let root = Self::beside(path);
        let kept = written(&root).and_then(|text| {
            let (mark, snapshot) = text.split_once('\n')?;
            Some((serde_json::from_str(mark).ok()?, snapshot.to_owned()))
        });
        let Some((mark, snapshot)): Option<(Mark, String)> = kept else { return Ok(None) };
        if !anchor.checkpoints().contains(&mark.anchored) {
            return Ok(None);
        }
        Ok(Some(Self { cache: Cache::at(entries, &root)?, mark, snapshot }))
    }

    /// Whether the rules have seen what was read before.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        self.mark.judged
    }

    /// What was verified before, if the file's lines still lead there.
    #[must_use]
    pub fn resume(&self) -> Option<ReadBefore> {
        let Resumed { end, places, replay } = Resumed::from(self.snapshot()?, &self.cache)?;
        let lines = Arc::clone(self.cache.lines());
        Some(ReadBefore { end, places, replay: replay.with_lines(lines) })
    }

    /// How many lines had been read.
    #[must_use]
    pub fn size(&self) -> Option<Size> {
        self.snapshot().map(|snapshot| snapshot.size())
    }

    fn snapshot(&self) -> Option<Snapshot> {
        Snapshot::read(&self.snapshot).ok()
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

    /// Notes beside the anchor at `path` how far a ledger file was verified, and whether rules have seen it; nothing
    /// beside an anchor that holds nothing yet.
    ///
    /// # Errors
    /// [`DiskError`]. Losing a bookmark loses nothing but time.
    pub fn keep(
        path: &Path,
        anchor: &Anchor,
        entries: &Path,
        (replay, places): (&Replay, &Places),
        judged: bool,
    ) -> Result<(), DiskError> {
        let snapshot = replay.snapshot(places).and_then(|snapshot| snapshot.write().ok());
        let (Some(anchored), Some(snapshot)) = (anchor.checkpoints().last().copied(), snapshot) else {
            return Ok(());
        };
        let root = Self::beside(path);
        let cache = Cache::at(entries, &root)?;
        // Another history than before must not be proven by hashes of the one before.
        if cache.tree(replay.size(), replay.root()).is_none() {
            cache.rebuild()?;
        }
        cache.keep()?;
        let mark = serde_json::to_string(&Mark { anchored, judged }).unwrap_or_default();
        disk::replace(&root.join("snapshot"), format!("{mark}\n{snapshot}").as_bytes())
    }
}
