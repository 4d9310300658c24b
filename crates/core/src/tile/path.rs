//! The names of tiles, each with one spelling, and which of them a tree has (spec: L-1, L-2).

use std::fmt;
use std::str::FromStr;

use super::TileError;
use crate::number::{Index, Size};

/// So many hashes or entries fill a tile: 2^8, so a level of tiles stands for eight levels of the tree.
pub(super) const FULL: u16 = 256;

/// Levels that a path may name (C2SP tlog-tiles); a tree of 2^53 lines has seven.
const MAX_LEVEL: u8 = 63;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileLevel {
    /// The lines themselves: an entry bundle.
    Entries,
    /// Roots of perfect subtrees of 256^level lines; level 0 are leaf hashes.
    Hashes(u8),
}

impl TileLevel {
    /// By how many bits a number of lines is larger than the number of this level's hashes.
    const fn shift(self) -> u32 {
        match self {
            Self::Entries => 0,
            // At most 8 × 63; widening a u8 in a const fn needs no `From`.
            Self::Hashes(level) => u32::from_le_bytes([level, 0, 0, 0]).saturating_mul(8),
        }
    }

    /// How many hashes or entries this level has in a tree.
    fn count(self, size: Size) -> u64 {
        size.get().checked_shr(self.shift()).unwrap_or(0)
    }
}

/// The name of a tile below a published directory: `tile/0/x001/x234/067.p/112`, `tile/entries/000`.
///
/// ```
/// let path: xinyi_core::TilePath = "tile/0/x001/x234/067.p/112".parse()?;
/// assert_eq!((path.index(), path.width(), path.is_full()), (1_234_067, 112, false));
/// assert!("tile/00/067".parse::<xinyi_core::TilePath>().is_err());
/// # Ok::<(), xinyi_core::TileError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    level: TileLevel,
    index: u64,
    width: u16,
}

impl TilePath {
    /// A tile's name; `None` for a width of 0 or above 256, a level above 63 or an index above 2^53 − 1.
    #[must_use]
    pub fn new(level: TileLevel, index: u64, width: u16) -> Option<Self> {
        let has_level = match level {
            TileLevel::Entries => true,
            TileLevel::Hashes(level) => level <= MAX_LEVEL,
        };
        let named = has_level && Index::new(index).is_some() && (1..=FULL).contains(&width);
        named.then_some(Self { level, index, width })
    }

    /// The tile with this index as the tree of `size` lines has it: full, partial, or not at all (spec: L-2).
    #[must_use]
    pub fn in_tree(level: TileLevel, index: u64, size: Size) -> Option<Self> {
        let start = index.checked_mul(u64::from(FULL))?;
        let width = level.count(size).checked_sub(start)?.min(u64::from(FULL));
        Self::new(level, index, u16::try_from(width).ok()?)
    }

    /// The entry bundle of the tree of `size` lines that holds the line at `index`.
    #[must_use]
    pub fn bundle_of(index: Index, size: Size) -> Option<Self> {
        Self::in_tree(TileLevel::Entries, index.get() / u64::from(FULL), size).filter(|_| size.covers(index))
    }

    /// Every tile of the tree of `size` lines: entry bundles, then hashes from the leaves up (spec: L-2).
    pub fn of_tree(size: Size) -> impl Iterator<Item = Self> {
        Self::between(Size::default(), size)
    }

    /// The partial tiles of hashes of the tree of `size` lines, from the leaves up: at most one a level, in which the
    /// level ends. Their number does not grow with the tree, whatever size is claimed.
    pub(super) fn edge_of_tree(size: Size) -> impl Iterator<Item = Self> {
        let levels = (0..=MAX_LEVEL).map(TileLevel::Hashes);
        let last =
            levels.filter_map(move |level| Self::in_tree(level, level.count(size) / u64::from(FULL), size));
        last.filter(|path| !path.is_full())
    }

    /// The tiles of the tree of `new` lines that the tree of its first `old` lines does not have.
    pub fn between(old: Size, new: Size) -> impl Iterator<Item = Self> {
        let levels = (0..=MAX_LEVEL).map(TileLevel::Hashes).take_while(move |level| level.count(new) > 0);
        std::iter::once(TileLevel::Entries).chain(levels).flat_map(move |level| {
            let (before, after) = (level.count(old), level.count(new));
            // From the tile in which the older tree ends to the one in which the newer does.
            let end = if after > before { after.div_ceil(u64::from(FULL)) } else { 0 };
            (before / u64::from(FULL)..end).filter_map(move |index| Self::in_tree(level, index, new))
        })
    }

    /// What it holds.
    #[must_use]
    pub const fn level(self) -> TileLevel {
        self.level
    }

    /// Its place within the level, from 0.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds, 1 to 256.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether nothing can be added to it any more.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.width == FULL
    }

    /// The full tile that a partial one grows into (spec: L-5).
    #[must_use]
    pub const fn full(self) -> Self {
        Self { level: self.level, index: self.index, width: FULL }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            TileLevel::Entries => f.write_str("tile/entries/")?,
            TileLevel::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut above = Vec::new();
        let mut rest = self.index / 1000;
        while rest > 0 {
            above.push(rest % 1000);
            rest /= 1000;
        }
        above.iter().rev().try_for_each(|group| write!(f, "x{group:03}/"))?;
        write!(f, "{:03}", self.index % 1000)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for TilePath {
    type Err = TileError;

    fn from_str(text: &str) -> Result<Self, TileError> {
        let parse = || {
            let (level, rest) = text.strip_prefix("tile/")?.split_once('/')?;
            let level = match level {
                "entries" => TileLevel::Entries,
                number => TileLevel::Hashes(number.parse().ok()?),
            };
            let (groups, width) = match rest.split_once(".p/") {
                Some((groups, width)) => (groups, width.parse().ok()?),
                None => (rest, FULL),
            };
            let mut index = 0_u64;
            for group in groups.split('/') {
                let group: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
                index = index.checked_mul(1000)?.checked_add(group)?;
            }
            // One spelling: whatever was read too kindly above is written differently.
            Self::new(level, index, width).filter(|path| path.to_string() == text)
        };
        parse().ok_or(TileError::Path)
    }
}
