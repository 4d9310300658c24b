//! Whether two files are of one history (spec: J-6…J-8): what each shows of its tree, laid side by side.

use std::collections::BTreeMap;

use crate::evidence::ForkAt;
use crate::hash::Hash;
use crate::number::{Index, Size};
use crate::proof::{Subtrees as _, Tree};

/// What a file shows of a ledger's tree, verified as far as the file allows.
#[derive(Clone, Debug)]
pub struct View {
    /// Indices of closes that both parties approved, with the size each covers: they bind the reader's view.
    pub closes: BTreeMap<Index, Size>,
    /// The ledger; a bare checkpoint names only an origin.
    pub identity: Option<Hash>,
    /// Leaf hashes by index.
    pub leaves: BTreeMap<Index, Hash>,
    /// The ledger's origin.
    pub origin: String,
    /// Indices of recoveries: of two lines at one index, the recovery is the history (spec: A-7).
    pub recoveries: Vec<Index>,
    /// Roots by size.
    pub roots: BTreeMap<Size, Hash>,
    /// The largest size shown.
    pub size: Size,
    /// The whole tree, where the file is a whole ledger.
    pub tree: Option<Tree>,
}

/// One of two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    First,
    /// The second.
    Second,
}

/// What two files say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// They have no place in common that both show: nothing can be told.
    CannotTell,
    /// Two entries at one index, or two roots of one size: two histories under one name.
    Fork(ForkAt),
    /// Two ledgers, not one.
    OtherLedgers,
    /// The history of one goes on from the whole of the other.
    Prefix {
        /// The shorter file.
        shorter: Side,
    },
    /// From this index on one side is a recovery by the quorum: it is the history, the other side is void from
    /// there on (spec: J-8).
    Recovered {
        /// The side that is the history.
        history: Side,
        /// The index of the recovery.
        index: Index,
    },
    /// The same history up to the same size.
    Same,
    /// One history wherever both show it, last at this size; whether the ends agree cannot be told.
    SameUpTo(Size),
}

impl View {
    /// The leaf hash at `index`, if the file shows it.
    #[must_use]
    pub fn leaf(&self, index: Index) -> Option<Hash> {
        self.leaves.get(&index).copied().or_else(|| self.tree.as_ref()?.leaf(index))
    }

    /// The root of the first `size` lines, if the file shows it.
    #[must_use]
    pub fn root(&self, size: Size) -> Option<Hash> {
        self.roots.get(&size).copied().or_else(|| self.tree.as_ref()?.root(size))
    }

    /// The lowest index at which both show an entry, and not the same.
    fn differing_leaf(&self, other: &Self) -> Option<Index> {
        let whole = |view: &Self| view.tree.as_ref().map_or(0, |tree| tree.size().get());
        // Two whole trees are compared at every index; else the places that the sparser one shows are enough.
        let both = (0..whole(self).min(whole(other))).filter_map(Index::new);
        let listed = self.leaves.keys().chain(other.leaves.keys()).copied();
        let mut places: Vec<Index> = both.chain(listed).collect();
        places.sort_unstable();
        let differs = |index: &Index| match (self.leaf(*index), other.leaf(*index)) {
            (Some(ours), Some(theirs)) => ours != theirs,
            _ => false,
        };
        places.into_iter().find(differs)
    }

    /// Sizes whose roots both show.
    fn common_sizes(&self, other: &Self) -> Vec<Size> {
        let listed = self.roots.keys().chain(other.roots.keys()).chain([&self.size, &other.size]);
        let mut sizes: Vec<Size> = listed.copied().collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes.retain(|size| self.root(*size).is_some() && other.root(*size).is_some());
        sizes
    }

    /// Compares what two files show (spec: J-6).
    #[must_use]
    pub fn compare(&self, other: &Self) -> Comparison {
        let ledgers_differ = self.identity.zip(other.identity).is_some_and(|(ours, theirs)| ours != theirs);
        if ledgers_differ || self.origin != other.origin {
            return Comparison::OtherLedgers;
        }
        if let Some(index) = self.differing_leaf(other) {
            return self.at_fork(other, index);
        }
        let common = self.common_sizes(other);
        if let Some(size) = common.iter().find(|size| self.root(**size) != other.root(**size)) {
            return Comparison::Fork(ForkAt::Size(*size));
        }
        match common.last().copied() {
            None => Comparison::CannotTell,
            Some(size) if size == self.size && size == other.size => Comparison::Same,
            Some(size) if size == self.size => Comparison::Prefix { shorter: Side::First },
            Some(size) if size == other.size => Comparison::Prefix { shorter: Side::Second },
            Some(size) => Comparison::SameUpTo(size),
        }
    }

    /// Two entries at one index: from a recovery on that one side shows and the other does not, it is the history,
    /// unless the other side has closed months above it.
    fn at_fork(&self, other: &Self, index: Index) -> Comparison {
        let (ours, theirs) = (self.recovered_without(other, index), other.recovered_without(self, index));
        let (history, from, void) = match (ours, theirs) {
            (Some(from), None) => (Side::First, from, other),
            (None, Some(from)) => (Side::Second, from, self),
            _ => return Comparison::Fork(ForkAt::Index(index)),
        };
        if void.closes.values().any(|covers| covers.covers(from)) {
            return Comparison::Fork(ForkAt::Index(index));
        }
        Comparison::Recovered { history, index: from }
    }

    /// The last recovery up to an index that this side shows and the other does not.
    fn recovered_without(&self, other: &Self, index: Index) -> Option<Index> {
        let shown = self.recoveries.iter().copied().filter(|recovery| *recovery <= index);
        shown.filter(|recovery| self.leaf(*recovery) != other.leaf(*recovery)).max()
    }
}
