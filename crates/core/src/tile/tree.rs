//! A tree read from tiles: every hash given out leads to the root that was asked for (spec: L-5, L-6).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::build::{pieces_of, root_of};
use super::{TileError, TileLevel, TilePath};
use crate::hash::Hash;
use crate::number::Size;
use crate::proof::Subtrees;
use crate::tree::Frontier;

/// The tree of `size` lines as it lies in tiles that nobody need trust.
///
/// `fetch` gives a tile's bytes by its path, `None` if it has none. Tiles are read when they are needed; those of the
/// right edge are kept, and of others at most 64 (half a MB) that were proven lately.
///
/// Whoever has only what a ledger publishes proves with it that a line lies under a checkpoint:
///
/// ```
/// use std::collections::HashMap;
/// use xinyi_core::{Hash, HashTileBuilder, Index, Size, Subtrees as _, TileTree, Tree, verify_inclusion};
///
/// let leaves: Vec<Hash> = (0..1000_u32).map(|n| Hash::leaf(&n.to_be_bytes())).collect();
/// let mut published = HashMap::new();
/// let mut builder = HashTileBuilder::new();
/// for leaf in &leaves {
///     published.extend(builder.push(*leaf).into_iter().map(|tile| (tile.path, tile.bytes)));
/// }
/// published.extend(builder.partial().into_iter().map(|tile| (tile.path, tile.bytes)));
/// let mut tree = Tree::new();
/// tree.extend(leaves.iter().copied());
/// let size = Size::new(1000).ok_or("a size")?;
/// let root = tree.root(size).ok_or("a root")?;
///
/// let read = TileTree::open(size, root, |path| published.get(&path).cloned())?;
/// let index = Index::new(700).ok_or("an index")?;
/// let path = read.inclusion(index, size).ok_or("a proof")?;
/// verify_inclusion(leaves[700], index, &path, size, root)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TileTree<F> {
    /// The partial tiles, which the root binds directly.
    edge: Vec<(TilePath, Vec<Hash>)>,
    fetch: F,
    proven: Mutex<BTreeMap<TilePath, Vec<Hash>>>,
    size: Size,
}

/// So many proven tiles are kept for the next proof.
const KEPT: usize = 64;

impl<F: Fn(TilePath) -> Option<Vec<u8>>> TileTree<F> {
    /// Opens the tree with this size and root, such as a checkpoint names.
    ///
    /// # Errors
    /// [`TileError`] if a partial tile is missing or malformed, or they do not lead to `root`.
    pub fn open(size: Size, root: Hash, fetch: F) -> Result<Self, TileError> {
        let mut tree = Self { edge: Vec::new(), fetch, proven: Mutex::default(), size };
        for path in TilePath::edge_of_tree(size) {
            let hashes = tree.read(path)?;
            tree.edge.push((path, hashes));
        }
        // The perfect subtrees of the whole tree are those of its partial tiles, the highest level first.
        let pieces = tree.edge.iter().rev().flat_map(|(_, hashes)| pieces_of(hashes));
        let found = Frontier::from_parts(size.get(), pieces.collect()).map(|frontier| frontier.root());
        if found == Some(root) { Ok(tree) } else { Err(TileError::Root) }
    }

    /// A tile's hashes as they come: claims. Where the partial tile is gone, the full one begins with it.
    fn read(&self, path: TilePath) -> Result<Vec<Hash>, TileError> {
        if let Some(bytes) = (self.fetch)(path) {
            return path.hashes(&bytes);
        }
        let bytes = Some(path.full()).filter(|full| *full != path).and_then(&self.fetch);
        let mut hashes = path.full().hashes(&bytes.ok_or(TileError::Missing(path))?)?;
        hashes.truncate(usize::from(path.width()));
        Ok(hashes)
    }

    /// A tile's hashes, proven: a full tile's root is a hash of the tile above it.
    ///
    /// # Errors
    /// [`TileError`].
    pub fn hashes(&self, level: u8, index: u64) -> Result<Vec<Hash>, TileError> {
        let path = TilePath::in_tree(TileLevel::Hashes(level), index, self.size).ok_or(TileError::Path)?;
        if let Some((_, hashes)) = self.edge.iter().find(|(edge, _)| *edge == path) {
            return Ok(hashes.clone());
        }
        if let Some(hashes) = self.proven().get(&path) {
            return Ok(hashes.clone());
        }
        let hashes = self.read(path)?;
        let above = self.hashes(level.saturating_add(1), index >> 8)?;
        let place = usize::try_from(index & 0xff).ok();
        let expected = place.and_then(|place| above.get(place));
        if expected != Some(&root_of(&hashes)) {
            return Err(TileError::Other(path));
        }
        let mut proven = self.proven();
        if proven.len() >= KEPT {
            proven.clear();
        }
        proven.insert(path, hashes.clone());
        Ok(hashes)
    }

    fn proven(&self) -> MutexGuard<'_, BTreeMap<TilePath, Vec<Hash>>> {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Fn(TilePath) -> Option<Vec<u8>>> Subtrees for TileTree<F> {
    fn subtree(&self, level: u32, number: u64) -> Option<Hash> {
        let within = level % 8;
        let first = number.checked_shl(within).filter(|first| first >> within == number)?;
        let hashes = self.hashes(u8::try_from(level / 8).ok()?, first >> 8).ok()?;
        let start = usize::try_from(first & 0xff).ok()?;
        hashes.get(start..start.checked_add(1 << within)?).map(root_of)
    }
}
