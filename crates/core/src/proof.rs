//! Merkle proofs of RFC 6962: that a line lies in a tree, and that a tree goes on from another (spec: T-7…T-10).
//!
//! Verifying needs hashes only; making a proof needs the perfect subtrees of the tree, from memory ([`Tree`]) or
//! from tiles on a disk: whatever implements [`Subtrees`].

use crate::hash::Hash;
use crate::number::{Index, Size};
use crate::tree::Frontier;

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// More or fewer hashes than such a proof has (spec: T-7).
    #[error("the proof has more or fewer hashes than a proof for this place has")]
    Length,
    /// A place beyond the tree, or an older tree that is larger than the newer (spec: T-7, T-8).
    #[error("the place lies beyond the tree")]
    Range,
    /// The hashes lead to another root (spec: T-7, T-8).
    #[error("the proof leads to another root")]
    Root,
}

impl ProofError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "proof-length",
            Self::Range => "proof-range",
            Self::Root => "proof-root",
        }
    }
}

/// The climb from a leaf towards the root, shared by both kinds of proof (RFC 9162 §2.1.3.2, §2.1.4.2).
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Whether the next hash of the proof stands to the left of the node; `None` once the root is reached.
    fn step(&mut self) -> Option<bool> {
        if self.last == 0 {
            return None;
        }
        let is_right = self.node & 1 == 1 || self.node == self.last;
        if is_right {
            // A lone right node was promoted: it meets its sibling only some levels up.
            let levels = self.node.trailing_zeros().min(63);
            self.node >>= levels;
            self.last >>= levels;
        }
        self.node >>= 1;
        self.last >>= 1;
        Some(is_right)
    }
}

/// Requires that the line with hash `leaf` is the one at `index` of the tree of this size and root (spec: T-7).
///
/// # Errors
/// See [`ProofError`]; a path of another length than the place asks for is refused, longer or shorter.
pub fn verify_inclusion(
    leaf: Hash,
    index: Index,
    path: &[Hash],
    size: Size,
    root: Hash,
) -> Result<(), ProofError> {
    if !size.covers(index) {
        return Err(ProofError::Range);
    }
    let mut climb = Climb { node: index.get(), last: size.get().saturating_sub(1) };
    let mut found = leaf;
    for sibling in path {
        let is_right = climb.step().ok_or(ProofError::Length)?;
        found = if is_right { Hash::node(sibling, &found) } else { Hash::node(&found, sibling) };
    }
    if climb.last != 0 {
        return Err(ProofError::Length);
    }
    if found == root { Ok(()) } else { Err(ProofError::Root) }
}

/// Requires that the tree `new` begins with all the leaves of the tree `old` (spec: T-8).
///
/// Every tree goes on from the empty one and from itself, by an empty proof.
///
/// # Errors
/// See [`ProofError`].
pub fn verify_consistency(old: (Size, Hash), path: &[Hash], new: (Size, Hash)) -> Result<(), ProofError> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return Err(ProofError::Range);
    }
    if old_size == new_size || old_size == Size::default() {
        let expected = if old_size == new_size { new_root } else { Frontier::new().root() };
        return match (path.is_empty(), old_root == expected) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    // Where the old tree is one perfect subtree, its root begins the climb and is not in the proof.
    let perfect = old_size.get().is_power_of_two();
    let mut hashes = perfect.then_some(old_root).into_iter().chain(path.iter().copied());
    let start = hashes.next().ok_or(ProofError::Length)?;
    let levels = (old_size.get() - 1).trailing_ones();
    let mut climb = Climb { node: (old_size.get() - 1) >> levels, last: (new_size.get() - 1) >> levels };
    let (mut old_found, mut new_found) = (start, start);
    for hash in hashes {
        if climb.step().ok_or(ProofError::Length)? {
            old_found = Hash::node(&hash, &old_found);
            new_found = Hash::node(&hash, &new_found);
        } else {
            new_found = Hash::node(&new_found, &hash);
        }
    }
    if climb.last != 0 {
        return Err(ProofError::Length);
    }
    if old_found == old_root && new_found == new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// The perfect subtrees of a tree: all that its roots and proofs are made of (spec: T-9).
pub trait Subtrees {
    /// The root of the perfect subtree of 2^`level` leaves that begins with leaf `number` × 2^`level`; `None` if
    /// it is not whole or not at hand.
    fn subtree(&self, level: u32, number: u64) -> Option<Hash>;

    /// The root of the first `size` leaves.
    fn root(&self, size: Size) -> Option<Hash> {
        self.frontier(size).map(|frontier| frontier.root())
    }

    /// The tree's right edge at `size` (spec: T-3).
    fn frontier(&self, size: Size) -> Option<Frontier> {
        let pieces = perfect_pieces(0, size.get()).map(|(level, number)| self.subtree(level, number));
        Frontier::from_parts(size.get(), pieces.collect::<Option<_>>()?)
    }

    /// The path that proves the line at `index` in the tree of the first `size` lines, the leaf's sibling first
    /// (spec: T-7). `None` if the index lies beyond, or hashes are not at hand.
    fn inclusion(&self, index: Index, size: Size) -> Option<Vec<Hash>> {
        if !size.covers(index) {
            return None;
        }
        let (mut from, mut to) = (0, size.get());
        let mut path = Vec::new();
        while to - from > 1 {
            let middle = middle(from, to);
            let is_left = index.get() < middle;
            path.push(self.sibling(is_left, from, middle, to)?);
            if is_left { to = middle } else { from = middle }
        }
        path.reverse();
        Some(path)
    }

    /// The hashes that prove that the first `new` lines begin with the first `old` (spec: T-8); none for an `old`
    /// of nothing or of the whole. `None` if `old` is larger than `new`, or hashes are not at hand.
    fn consistency(&self, old: Size, new: Size) -> Option<Vec<Hash>> {
        if old > new {
            return None;
        }
        let mut path = Vec::new();
        if old == Size::default() {
            return Some(path);
        }
        let (mut from, mut to) = (0, new.get());
        while old.get() != to {
            let middle = middle(from, to);
            let is_left = old.get() <= middle;
            path.push(self.sibling(is_left, from, middle, to)?);
            if is_left { to = middle } else { from = middle }
        }
        // Where the old tree is itself a left subtree of the new one, its root is known to the verifier.
        if from != 0 {
            path.push(self.root_of(from, to)?);
        }
        path.reverse();
        Some(path)
    }

    /// The root of leaves `from` to `to`, where a left or right part of a larger tree begins at `from`.
    #[doc(hidden)]
    fn root_of(&self, from: u64, to: u64) -> Option<Hash> {
        let pieces = perfect_pieces(from, to).map(|(level, number)| self.subtree(level, number));
        let pieces: Vec<Hash> = pieces.collect::<Option<_>>()?;
        pieces.into_iter().rev().reduce(|right, left| Hash::node(&left, &right))
    }

    /// The root of the half that was not taken.
    #[doc(hidden)]
    fn sibling(&self, is_left: bool, from: u64, middle: u64, to: u64) -> Option<Hash> {
        if is_left { self.root_of(middle, to) } else { self.root_of(from, middle) }
    }
}

/// The perfect subtrees that leaves `from` to `to` are made of, largest first.
fn perfect_pieces(from: u64, to: u64) -> impl Iterator<Item = (u32, u64)> {
    let mut at = from;
    std::iter::from_fn(move || {
        let level = to.checked_sub(at).filter(|left| *left > 0)?.ilog2();
        let piece = (level, at >> level);
        at += 1_u64 << level;
        Some(piece)
    })
}

/// Where RFC 6962 parts the leaves `from` to `to`, of which there are at least two.
fn middle(from: u64, to: u64) -> u64 {
    from + (1_u64 << (to - from - 1).ilog2())
}

/// A whole tree in memory: every perfect subtree, 64 bytes a leaf. For those who make proofs.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut joined = Some(leaf);
        let mut level = 0;
        while let Some(hash) = joined {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            joined = self.levels.get_mut(level).and_then(|nodes| {
                nodes.push(hash);
                match nodes.as_slice() {
                    [.., left, right] if nodes.len().is_multiple_of(2) => Some(Hash::node(left, right)),
                    _ => None,
                }
            });
            level += 1;
        }
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> Size {
        let leaves = self.levels.first().map_or(0, Vec::len);
        u64::try_from(leaves).ok().and_then(Size::new).unwrap_or_default()
    }

    /// The leaf at `index`.
    #[must_use]
    pub fn leaf(&self, index: Index) -> Option<Hash> {
        self.subtree(0, index.get())
    }
}

impl Subtrees for Tree {
    fn subtree(&self, level: u32, number: u64) -> Option<Hash> {
        let level = self.levels.get(usize::try_from(level).ok()?)?;
        level.get(usize::try_from(number).ok()?).copied()
    }
}

impl Extend<Hash> for Tree {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}
