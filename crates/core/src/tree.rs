//! The RFC 6962 Merkle tree, kept as its right edge only: O(log n) state, O(1) amortised append (spec: T-1…T-4).
//!
//! Proofs are not made here; a frontier knows the root of what was pushed and nothing else.

use crate::hash::Hash;

/// The right edge of a Merkle tree: the roots of its perfect subtrees, largest first.
///
/// A tree of `size` leaves has one perfect subtree for each bit set in `size`, so `hashes` holds at most 64
/// digests (spec: T-3). It is what an appender keeps and what a statement carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, hashes: Vec::new() }
    }

    /// A frontier read from elsewhere; `None` unless it has one digest for each bit set in `size`.
    ///
    /// The caller must compare [`Frontier::root`] with a root it trusts.
    #[must_use]
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Option<Self> {
        let expected = usize::try_from(size.count_ones()).ok()?;
        (hashes.len() == expected).then_some(Self { size, hashes })
    }

    /// Appends one leaf: every trailing one-bit of the old size is a pair of equal subtrees to join.
    pub fn push(&mut self, leaf: Hash) {
        let mut joined = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                joined = Hash::node(&left, &joined);
            }
        }
        self.hashes.push(joined);
        self.size = self.size.saturating_add(1);
    }

    /// Number of leaves pushed.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the perfect subtrees, largest first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The tree root; for no leaves SHA-256 of nothing (spec: T-2).
    #[must_use]
    pub fn root(&self) -> Hash {
        let joined = self.hashes.iter().copied().rev().reduce(|right, left| Hash::node(&left, &right));
        joined.unwrap_or_else(|| Hash::digest(b""))
    }
}
