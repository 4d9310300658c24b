//! Where a writer goes on: from its recorder's own signed snapshot, else from the first line (spec: O-7, R-9).

use std::path::Path;
use std::sync::{Arc, OnceLock};

use xinyi_core::{Earlier, Frontier, Hash, Index, Places, PublicKey, Replay, Sign, Size, Snapshot};

use crate::cache::{Cache, CachedTree};
use crate::dir::LedgerDir;
use crate::disk::{self, DiskError};

/// Largest snapshot read back; references of open months are what grows in it.
const MAX_SNAPSHOT: u64 = 256 << 20;

/// A replay of a ledger's first lines, and what its writer needs beside it.
#[derive(Debug, Default)]
pub(crate) struct Resumed {
    /// The byte after the last of them.
    pub(crate) end: u64,
    pub(crate) places: Places,
    pub(crate) replay: Replay,
}

impl Resumed {
    /// What the recorder's snapshot stands for, or the state before the first line.
    pub(crate) fn of(dir: &LedgerDir, recorder: &dyn Sign, cache: &Arc<Cache>) -> Result<Self, DiskError> {
        let snapshot = || snapshot_of(dir, &recorder.public_key());
        let Some(first) = snapshot() else { return Ok(Self::default()) };
        if let Some(resumed) = Self::from(first, cache) {
            return Ok(resumed);
        }
        // The fault may be the cache's: lines may begin elsewhere than it says.
        cache.rebuild()?;
        let resumed = snapshot().and_then(|snapshot| Self::from(snapshot, cache));
        Ok(resumed.unwrap_or_default())
    }

    /// What a snapshot stands for whose word is taken; `None` if the lines are not those it was made of.
    pub(crate) fn from(snapshot: Snapshot, cache: &Arc<Cache>) -> Option<Self> {
        let (base, size, frontier) = (snapshot.base(), snapshot.size(), snapshot.frontier()?);
        let places = snapshot.places().clone();
        let bytes = cache.lines().range(base, size).ok()?;
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
        let replay = snapshot.resume(lines).ok()?;
        let older = OlderLeaves::new(cache, frontier, base);
        Some(Self {
            end: cache.lines().bound(size).ok()?,
            places,
            replay: replay.with_earlier(Box::new(older)),
        })
    }
}

/// The snapshot beside a ledger, if this key signed it.
fn snapshot_of(dir: &LedgerDir, recorder: &PublicKey) -> Option<Snapshot> {
    Snapshot::open(&written(&dir.root().join("cache"))?, recorder).ok()
}

/// The snapshot beside a ledger, if a recorder of that ledger signed it.
pub(crate) fn snapshot_of_ledger(root: &Path, cache: &Arc<Cache>) -> Option<Snapshot> {
    Snapshot::of_ledger(&written(root)?, |size, root| cache.tree(size, root), cache.lines().as_ref()).ok()
}

/// The snapshot's text in a directory where things are kept.
pub(crate) fn written(root: &Path) -> Option<String> {
    String::from_utf8(disk::read(&root.join("snapshot"), MAX_SNAPSHOT).ok()?).ok()
}

/// Leaf hashes of lines before a snapshot's base, each proven to lie under the frontier that the recorder signed.
struct OlderLeaves {
    cache: Arc<Cache>,
    frontier: Frontier,
    /// Whether the cache was made again; a second time it would come to the same.
    rebuilt: OnceLock<bool>,
    size: Size,
    tree: OnceLock<Option<CachedTree>>,
}

impl OlderLeaves {
    fn new(cache: &Arc<Cache>, frontier: Frontier, size: Size) -> Self {
        let (rebuilt, tree) = (OnceLock::new(), OnceLock::new());
        Self { cache: Arc::clone(cache), frontier, rebuilt, size, tree }
    }

    fn cached(&self, index: Index) -> Option<Hash> {
        let open = || {
            let open = || self.cache.tree(self.size, self.frontier.root());
            open().or_else(|| self.rebuild().then(open)?)
        };
        let tile = self.tree.get_or_init(open).as_ref()?.hashes(0, index.get() / 256).ok()?;
        tile.get(usize::try_from(index.get() % 256).ok()?).copied()
    }

    fn rebuild(&self) -> bool {
        *self.rebuilt.get_or_init(|| self.cache.rebuild().is_ok())
    }
}

impl std::fmt::Debug for OlderLeaves {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OlderLeaves").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Earlier for OlderLeaves {
    fn leaf(&self, index: Index) -> Option<Hash> {
        self.cached(index).or_else(|| self.rebuild().then(|| self.cached(index))?)
    }
}
