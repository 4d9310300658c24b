//! Tiles of a growing tree, in memory that does not grow with it: each is given out once it is full (spec: L-2).

use super::content::append_entry;
use super::path::FULL;
use super::{TileError, TileLevel, TilePath};
use crate::hash::Hash;
use crate::number::Size;
use crate::tree::Frontier;

/// A tile and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// What it is called.
    pub path: TilePath,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Makes the hash tiles of a tree, leaf by leaf. Keeps at most 255 hashes a level.
#[derive(Clone, Debug, Default)]
pub struct HashTileBuilder {
    levels: Vec<Open<Vec<Hash>>>,
}

/// Makes the entry bundles of a ledger, line by line. Keeps at most 255 lines.
#[derive(Clone, Debug, Default)]
pub struct BundleBuilder {
    open: Open<Vec<u8>>,
    width: u16,
}

/// The tile of a level that is not full yet.
#[derive(Clone, Debug, Default)]
struct Open<T> {
    held: T,
    index: u64,
}

impl HashTileBuilder {
    /// A builder of the empty tree's tiles.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// A builder that goes on after the first `size` leaves. `fetch` gives a tile's bytes by its path: those of the
    /// partial tiles of that tree are needed. What it makes of wrong ones no root fits.
    ///
    /// # Errors
    /// [`TileError`] if one of them is missing or malformed.
    pub fn resume(size: Size, fetch: impl Fn(TilePath) -> Option<Vec<u8>>) -> Result<Self, TileError> {
        let mut levels = Vec::new();
        let (mut level, mut hashes) = (0, size.get());
        while hashes > 0 {
            let index = hashes / u64::from(FULL);
            let open = TilePath::in_tree(TileLevel::Hashes(level), index, size);
            let read = |path: TilePath| path.hashes(&fetch(path).ok_or(TileError::Missing(path))?);
            levels.push(Open { held: open.map(read).transpose()?.unwrap_or_default(), index });
            (level, hashes) = (level.saturating_add(1), index);
        }
        Ok(Self { levels })
    }

    /// Appends a leaf and gives the tiles that it fills, lowest level first.
    pub fn push(&mut self, leaf: Hash) -> Vec<Tile> {
        let mut filled = Vec::new();
        let mut next = Some(leaf);
        let mut level = 0;
        while let Some(hash) = next.take() {
            if self.levels.len() == level {
                self.levels.push(Open::default());
            }
            let Some(open) = self.levels.get_mut(level) else { break };
            open.held.push(hash);
            if open.held.len() == usize::from(FULL) {
                filled.extend(open.tile(level));
                next = Some(root_of(&open.held));
                *open = Open { held: Vec::new(), index: open.index.saturating_add(1) };
            }
            level += 1;
        }
        filled
    }

    /// The root of the tree as it is now (spec: T-2).
    #[must_use]
    pub fn root(&self) -> Hash {
        // The perfect subtrees, largest first: those of the highest level come first.
        let pieces = self.levels.iter().rev().flat_map(|open| pieces_of(&open.held));
        let pieces: Vec<Hash> = pieces.collect();
        let joined = pieces.into_iter().rev().reduce(|right, left| Hash::node(&left, &right));
        joined.unwrap_or_else(|| Hash::digest(b""))
    }

    /// The partial tiles of the tree as it is now.
    #[must_use]
    pub fn partial(&self) -> Vec<Tile> {
        self.levels.iter().enumerate().filter_map(|(level, open)| open.tile(level)).collect()
    }
}

impl Open<Vec<Hash>> {
    fn tile(&self, level: usize) -> Option<Tile> {
        let width = u16::try_from(self.held.len()).ok()?;
        let path = TilePath::new(TileLevel::Hashes(u8::try_from(level).ok()?), self.index, width)?;
        Some(Tile { path, bytes: self.held.iter().flat_map(Hash::as_bytes).copied().collect() })
    }
}

impl BundleBuilder {
    /// A builder of the empty ledger's bundles.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a line, without its line feed, and gives the bundle that it fills. A line that is too long for
    /// the format, which no replay has taken in, is left out.
    pub fn push(&mut self, line: &[u8]) -> Option<Tile> {
        append_entry(&mut self.open.held, line)?;
        self.width = self.width.saturating_add(1);
        if self.width < FULL {
            return None;
        }
        let full = self.partial();
        *self = Self { open: Open { held: Vec::new(), index: self.open.index.saturating_add(1) }, width: 0 };
        full
    }

    /// The partial bundle of the ledger as it is now.
    #[must_use]
    pub fn partial(&self) -> Option<Tile> {
        let path = TilePath::new(TileLevel::Entries, self.open.index, self.width)?;
        Some(Tile { path, bytes: self.open.held.clone() })
    }
}

/// The roots of the perfect subtrees of the tree whose leaves are these hashes, largest first.
pub(super) fn pieces_of(hashes: &[Hash]) -> Vec<Hash> {
    let mut frontier = Frontier::new();
    hashes.iter().for_each(|hash| frontier.push(*hash));
    frontier.hashes().to_vec()
}

/// The root of the tree whose leaves are these hashes.
pub(super) fn root_of(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    hashes.iter().for_each(|hash| frontier.push(*hash));
    frontier.root()
}
