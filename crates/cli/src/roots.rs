//! Roots and registers at the sizes that someone asks about, noted while lines pass.

use std::collections::{BTreeMap, BTreeSet};

use xinyi_core::{Hash, Replay, Size, Sizes, Trust};

/// Which sizes are asked about.
#[derive(Clone, Debug, Default)]
enum Wanted {
    All,
    #[default]
    None,
    These(BTreeSet<Size>),
}

/// Roots by size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roots {
    found: BTreeMap<Size, Hash>,
    wanted: Wanted,
}

impl Roots {
    /// Every root: for comparing two files.
    pub(crate) fn all() -> Self {
        Self { found: BTreeMap::new(), wanted: Wanted::All }
    }

    /// The roots at the sizes of the reader's anchor.
    pub(crate) fn for_anchor(trust: &Trust) -> Self {
        let sizes = trust.anchor.iter().flat_map(|anchor| anchor.checkpoints()).map(|known| known.size);
        Self { found: BTreeMap::new(), wanted: Wanted::These(sizes.collect()) }
    }

    /// Notes the root at a size if it is asked about.
    pub(crate) fn see(&mut self, size: Size, root: impl FnOnce() -> Hash) {
        let is_wanted = match &self.wanted {
            Wanted::All => true,
            Wanted::None => false,
            Wanted::These(sizes) => sizes.contains(&size),
        };
        if is_wanted {
            self.found.insert(size, root());
        }
    }

    /// Notes the roots that are asked about at sizes up to `size`; whether `root` knows them all.
    pub(crate) fn look_up(&mut self, size: Size, root: impl Fn(Size) -> Option<Hash>) -> bool {
        let Wanted::These(sizes) = &self.wanted else { return true };
        let below = || sizes.iter().filter(|wanted| **wanted <= size);
        self.found.extend(below().filter_map(|size| Some((*size, root(*size)?))));
        below().all(|size| self.found.contains_key(size))
    }

    /// The root at a size, if it was asked about and seen.
    pub(crate) fn at(&self, size: Size) -> Option<Hash> {
        self.found.get(&size).copied()
    }

    /// Every root noted.
    pub(crate) fn into_map(self) -> BTreeMap<Size, Hash> {
        self.found
    }
}

/// What a reading lets its reader work out at sizes.
pub(crate) struct Seen<'a> {
    pub(crate) replay: &'a Replay,
    pub(crate) roots: &'a Roots,
}

impl Sizes for Seen<'_> {
    fn register(&self, size: Size) -> Option<Hash> {
        self.replay.months()?.register_at(size)
    }

    fn root(&self, size: Size) -> Option<Hash> {
        self.roots.at(size)
    }
}
