//! C2SP tlog-tiles: a ledger's lines and tree as static files that anyone may serve (spec: L-1…L-6).
//!
//! A [`TilePath`] names a file, builders make the files of a growing tree, and a [`TileTree`] reads hashes back,
//! giving out none that do not lead to the root it was opened with. Where the bytes lie is the caller's affair.

mod build;
mod content;
mod path;
mod tree;

pub use build::{BundleBuilder, HashTileBuilder, Tile};
pub use path::{TileLevel, TilePath};
pub use tree::TileTree;

/// Why a tile is not one, or not this tree's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not so many hashes or entries as the path says (spec: L-3, L-4).
    #[error("`{0}` does not hold what its name says")]
    Malformed(TilePath),
    /// The tile is not at hand, and neither is the full one (spec: L-5).
    #[error("`{0}` is missing")]
    Missing(TilePath),
    /// Its hashes are not those of the tree (spec: L-6).
    #[error("`{0}` belongs to another tree")]
    Other(TilePath),
    /// Not the one spelling of a tile's path (spec: L-1).
    #[error("not the path of a tile")]
    Path,
    /// The tiles of the right edge lead to another root (spec: L-6).
    #[error("the tiles lead to another root")]
    Root,
}

impl TileError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed(_) => "tile-malformed",
            Self::Missing(_) => "tile-missing",
            Self::Other(_) => "tile-other",
            Self::Path => "tile-path",
            Self::Root => "tile-root",
        }
    }
}
