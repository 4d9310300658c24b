//! What is kept beside a ledger so that old lines and their proofs cost no reading of the whole: where lines begin, and
//! the hashes of their tree as tiles (spec: O-14).
//!
//! Anyone may have written it. Its hashes are given out only if they lead to a root that the caller names, and whoever
//! reads a line by it compares that line's hash. What is missing, torn or another ledger's is made again from the
//! lines: that costs time and changes no verdict.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xinyi_core::{Hash, HashTileBuilder, Line, Places, Size, TilePath, TileTree};

use crate::dir::LedgerDir;
use crate::disk::{self, DiskError};
use crate::line_index::LineIndex;
use crate::reader::RawLines;
use crate::resumed::snapshot_of_ledger;

/// Gives a tile's bytes by its path.
type Fetch = Box<dyn Fn(TilePath) -> Option<Vec<u8>> + Send + Sync>;

/// A tree whose hashes come out of a cache and lead to the root it was asked for.
pub type CachedTree = TileTree<Fetch>;

/// What is kept of one ledger file.
#[derive(Debug)]
pub struct Cache {
    entries: PathBuf,
    lines: Arc<LineIndex>,
    root: PathBuf,
    tiles: Mutex<Tiles>,
}

/// Tiles made in this run, each under the name of the full tile that it grows into.
#[derive(Debug, Default)]
struct Tiles {
    builder: HashTileBuilder,
    made: BTreeMap<TilePath, Vec<u8>>,
    size: Size,
}

impl Cache {
    /// Opens what is kept beside a ledger, and reads the lines that are new since.
    ///
    /// # Errors
    /// [`DiskError`] if the ledger file cannot be read. A cache that is of no use is none.
    pub fn open(dir: &LedgerDir) -> Result<Arc<Self>, DiskError> {
        Self::at(&dir.entries(), &dir.root().join("cache"))
    }

    /// As [`Cache::open`], for a ledger file of which things are kept in the directory `root`.
    pub(crate) fn at(entries: &Path, root: &Path) -> Result<Arc<Self>, DiskError> {
        let lines = Arc::new(LineIndex::with_kept(entries, &root.join("lines"))?);
        let cache =
            Self { entries: entries.to_owned(), lines, root: root.to_owned(), tiles: Mutex::default() };
        let kept = Size::new(cache.lines.kept()).unwrap_or_default();
        let resumed = HashTileBuilder::resume(kept, |path| cache.tile(path));
        match resumed {
            Ok(builder) => {
                *cache.tiles() = Tiles { builder, made: BTreeMap::new(), size: kept };
                cache.catch_up()?;
            }
            Err(_) => cache.rebuild()?,
        }
        Ok(Arc::new(cache))
    }

    /// Where lines begin.
    #[must_use]
    pub const fn lines(&self) -> &Arc<LineIndex> {
        &self.lines
    }

    /// Takes in the lines that are new in the file.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn catch_up(&self) -> Result<(), DiskError> {
        let mut tiles = self.tiles();
        let before = tiles.size;
        for line in RawLines::open(&self.entries, self.lines.bound(tiles.size)?)? {
            let line = line?;
            if !line.complete {
                break;
            }
            tiles.push(Hash::leaf(&line.bytes));
        }
        let partial = if tiles.size == before { Vec::new() } else { tiles.builder.partial() };
        tiles.made.extend(partial.into_iter().map(|tile| (tile.path.full(), tile.bytes)));
        drop(tiles);
        self.lines.size().map(drop)
    }

    /// Forgets what was kept, and makes it again from the lines.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn rebuild(&self) -> Result<(), DiskError> {
        *self.tiles() = Tiles::default();
        self.lines.rebuild()?;
        self.catch_up()
    }

    /// The tree of the first `size` lines, if its hashes are at hand and lead to `root`.
    #[must_use]
    pub fn tree(self: &Arc<Self>, size: Size, root: Hash) -> Option<CachedTree> {
        let cache = Arc::clone(self);
        let fetch: Fetch = Box::new(move |path| cache.tile(path));
        TileTree::open(size, root, fetch).ok()
    }

    /// As [`Cache::tree`]; if it is not at hand, the cache is made again first.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn tree_or_rebuild(
        self: &Arc<Self>,
        size: Size,
        root: Hash,
    ) -> Result<Option<CachedTree>, DiskError> {
        if let Some(tree) = self.tree(size, root) {
            return Ok(Some(tree));
        }
        self.rebuild()?;
        Ok(self.tree(size, root))
    }

    /// The tree of all lines, as the cache has it. Whoever makes a proof with it compares its root.
    #[must_use]
    pub fn whole(self: &Arc<Self>) -> Option<(Size, CachedTree)> {
        let (size, root) = {
            let tiles = self.tiles();
            (tiles.size, tiles.builder.root())
        };
        Some((size, self.tree(size, root)?))
    }

    /// The places of all lines: those of the snapshot that a recorder of this ledger signed, and of the lines after it.
    /// Without such a snapshot every line is read. No signature of a line is verified here.
    ///
    /// # Errors
    /// [`DiskError`] if the ledger file cannot be read.
    pub fn places(self: &Arc<Self>) -> Result<Places, DiskError> {
        let kept = snapshot_of_ledger(&self.root, self);
        let (places, from) = kept.map(|kept| (kept.places().clone(), kept.size())).unwrap_or_default();
        if let Some(places) = self.places_from(places.clone(), from)? {
            return Ok(places);
        }
        self.lines.rebuild()?;
        Ok(self.places_from(places.clone(), from)?.unwrap_or(places))
    }

    /// The places with those of the lines from a size on; `None` if these do not begin where they should.
    fn places_from(&self, mut places: Places, from: Size) -> Result<Option<Places>, DiskError> {
        let mut index = from.next_index();
        for line in RawLines::open(&self.entries, self.lines.bound(from)?)? {
            match Line::decode(&line?.bytes) {
                Ok(line) if line.index_claimed() == index => places.take(line.content_claimed(), index),
                _ if index == from.next_index() => return Ok(None),
                _ => break,
            }
            index = index.size_after().next_index();
        }
        Ok(Some(places))
    }

    /// Writes down what was made in this run, if nobody else does so now or has since it began: whoever comes next reads
    /// the lines once more.
    ///
    /// # Errors
    /// [`DiskError`], for example where the directory cannot be written. Losing a cache loses nothing but time.
    pub fn keep(&self) -> Result<(), DiskError> {
        let mut tiles = self.tiles();
        if tiles.made.is_empty() {
            return Ok(());
        }
        disk::make_private_dir(&self.root)?;
        // A lock of its own: whoever reads a ledger must not keep its writer out.
        let (lock, kept) = (disk::lock(&self.root.join("lock"))?, self.root.join("lines"));
        if lock.is_none() || !self.lines.goes_on_from(&kept) {
            return Ok(());
        }
        for (path, bytes) in &tiles.made {
            disk::write_plain(&self.path_of(*path), bytes)?;
        }
        tiles.made.clear();
        // Bounds come last: tiles are looked for only up to as many lines as have bounds.
        self.lines.keep(&kept)
    }

    /// A tile's bytes: the beginning of what the full one has so far.
    fn tile(&self, path: TilePath) -> Option<Vec<u8>> {
        let full = path.full();
        let made = self.tiles().made.get(&full).cloned();
        let mut bytes = made.or_else(|| disk::read(&self.path_of(full), full.max_bytes()).ok())?;
        let wanted = usize::try_from(path.max_bytes()).ok()?;
        (bytes.len() >= wanted).then(|| bytes.truncate(wanted))?;
        Some(bytes)
    }

    fn path_of(&self, path: TilePath) -> PathBuf {
        self.root.join(path.to_string())
    }

    fn tiles(&self) -> MutexGuard<'_, Tiles> {
        self.tiles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tiles {
    fn push(&mut self, leaf: Hash) {
        let filled = self.builder.push(leaf);
        self.made.extend(filled.into_iter().map(|tile| (tile.path, tile.bytes)));
        self.size = self.size.next_index().size_after();
    }
}
