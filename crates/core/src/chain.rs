//! The chain and the tree as one: each line names the leaf hash before it, and leaf hashes make the tree
//! (spec: T-1…T-6). Keeps what later closes and links may name.

use std::collections::VecDeque;

use crate::at_hand::AtHand;
use crate::hash::Hash;
use crate::leaves::Leaves;
use crate::number::{Index, Size};
use crate::tree::Frontier;

/// A close may name a root so many lines back (spec: B-3).
pub(crate) const WINDOW: u64 = 4_096;

/// So many lines apart the tree's right edge is kept, so that a root within the window costs few hashes.
const MARK: u64 = 256;

/// Why a line does not follow its predecessor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Another index than the next (spec: E-9).
    #[error("the line claims to be entry {found}, but entry {expected} is due")]
    Index {
        /// The index due.
        expected: Index,
        /// The index claimed.
        found: Index,
    },
    /// Another predecessor (spec: E-9).
    #[error("the line does not follow the one before it")]
    Prev,
    /// A recovery that names another tip than the ledger has (spec: A-7).
    #[error("the recovery follows another history")]
    Tip,
}

impl ChainError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Index { .. } => "index-wrong",
            Self::Prev => "prev-wrong",
            Self::Tip => "recovery-tip",
        }
    }
}

/// Where a resumed replay finds the leaf hashes of lines before the point it was resumed from.
///
/// The implementer must verify what it gives against the frontier at that point (spec: R-9).
pub trait Earlier: std::fmt::Debug {
    /// The leaf hash of the line at `index`, or `None` if it cannot be vouched for.
    fn leaf(&self, index: Index) -> Option<Hash>;
}

/// Leaf hashes from a base on, and the tree's right edge now and a little earlier.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    pub(crate) earlier: Option<Box<dyn Earlier + Send>>,
    /// The leaf hash before the base, where the chain goes on from lines that it has not seen.
    before: Option<Hash>,
    frontier: Frontier,
    leaves: Leaves,
    /// The tree's right edge at sizes after `trailing`, one mark apart.
    marks: VecDeque<Frontier>,
    /// Trails `frontier` by at least the window once that many lines are there, and by at most a mark more, so
    /// that an older root costs a window of hashes and not a ledger of them.
    trailing: Frontier,
}

impl Chain {
    /// A chain resumed at `base`; the lines from there on are pushed again.
    pub(crate) fn resume(base: Frontier) -> Self {
        Self {
            before: None,
            earlier: None,
            leaves: Leaves::from_base(base.size()),
            frontier: base.clone(),
            marks: VecDeque::new(),
            trailing: base,
        }
    }

    /// A chain that goes on after `base` lines that it has not seen, the last of which has the leaf hash `before`;
    /// some of them may be known to `earlier`.
    pub(crate) fn after(base: Frontier, before: Option<Hash>, earlier: Box<dyn Earlier + Send>) -> Self {
        Self { before, earlier: Some(earlier), ..Self::resume(base) }
    }

    /// From here on leaf hashes below the window are not held but made again from these lines.
    pub(crate) fn read_again(&mut self, at_hand: AtHand) {
        self.leaves.read_again(at_hand);
        self.leaves.forget_below(self.trailing.size());
    }

    pub(crate) const fn at_hand(&self) -> Option<&AtHand> {
        self.leaves.at_hand()
    }

    pub(crate) fn check_place(&self, index: Index, prev: Option<Hash>) -> Result<(), ChainError> {
        let expected = self.size().next_index();
        if index != expected {
            return Err(ChainError::Index { expected, found: index });
        }
        if prev == self.head() { Ok(()) } else { Err(ChainError::Prev) }
    }

    pub(crate) fn check_tip(&self, size: Size, root: Hash) -> Result<(), ChainError> {
        if size == self.size() && root == self.frontier.root() { Ok(()) } else { Err(ChainError::Tip) }
    }

    pub(crate) fn push(&mut self, leaf: Hash) {
        self.frontier.push(leaf);
        self.leaves.push(leaf);
        let size = self.frontier.size();
        let marked = self.marks.back().unwrap_or(&self.trailing).size();
        if size.saturating_sub(marked) >= MARK {
            self.marks.push_back(self.frontier.clone());
            self.move_on(size);
        }
    }

    /// Lets the trailing edge follow, as far as the window allows.
    fn move_on(&mut self, size: u64) {
        while let Some(mark) = self.marks.pop_front_if(|mark| mark.size().saturating_add(WINDOW) <= size) {
            self.trailing = mark;
        }
        self.leaves.forget_below(self.trailing.size());
    }

    /// The tree's right edge at a size that a later resumption can start from.
    pub(crate) const fn trailing(&self) -> &Frontier {
        &self.trailing
    }

    pub(crate) const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    pub(crate) fn head(&self) -> Option<Hash> {
        self.leaves.last().or(self.before)
    }

    pub(crate) const fn size(&self) -> Size {
        Size::of_tree(&self.frontier)
    }

    pub(crate) fn leaf(&self, index: Index) -> Option<Hash> {
        if self.leaves.is_before(index) {
            self.earlier.as_ref()?.leaf(index)
        } else {
            self.leaves.leaf(index)
        }
    }

    /// The root after `size` lines, if that lies within the window (spec: B-3).
    pub(crate) fn root_at(&self, size: Size) -> Option<Hash> {
        let back = self.frontier.size().checked_sub(size.get())?;
        if back > WINDOW {
            return None;
        }
        let below = self.marks.iter().rev().find(|mark| mark.size() <= size.get());
        let mut frontier = below.unwrap_or(&self.trailing).clone();
        self.leaves.between(frontier.size(), size.get())?.iter().for_each(|leaf| frontier.push(*leaf));
        Some(frontier.root())
    }
}
