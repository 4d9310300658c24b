//! What a reader keeps from one file to the next: every size and root accepted of one ledger (spec: G-7…G-10).
//!
//! A history that does not pass through the anchor's roots is another history, however well it is signed.

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::json::{self, LineError};
use crate::number::Size;
use crate::text::Text;

/// The mark by which an anchor is told from other files.
const MARK: &str = "anchor-v1";

/// A size and root that the reader accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchored {
    /// The root.
    pub root: Hash,
    /// The size.
    pub size: Size,
}

/// The memory of a reader about one ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    checkpoints: Vec<Anchored>,
    identity: Hash,
    origin: Text,
    register: Hash,
    xinyi: String,
}

/// Why a file is no anchor, or a history not the one that it holds on to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    /// Another root at a size that was accepted before: another history (spec: G-8).
    #[error("at {size} entries this is another history than the one accepted before")]
    Fork {
        /// The size.
        size: Size,
    },
    /// Not an anchor.
    #[error("not an anchor")]
    Form,
    /// Not its canonical form.
    #[error(transparent)]
    Line(#[from] LineError),
    /// The anchor of another ledger (spec: G-8).
    #[error("the anchor is of another ledger")]
    OtherLedger,
    /// A ledger that ends before a size that was accepted (spec: G-8).
    #[error("this ledger ends at {found} entries, but {size} were accepted before")]
    Shorter {
        /// The size found.
        found: Size,
        /// The size accepted.
        size: Size,
    },
}

impl AnchorError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fork { .. } => "anchor-fork",
            Self::Form => "anchor-form",
            Self::Line(error) => error.code(),
            Self::OtherLedger => "anchor-other",
            Self::Shorter { .. } => "anchor-shorter",
        }
    }
}

impl Anchor {
    /// The first use: nothing accepted yet.
    #[must_use]
    pub fn new(identity: Hash, origin: Text, register: Hash) -> Self {
        Self { checkpoints: Vec::new(), identity, origin, register, xinyi: MARK.to_owned() }
    }

    /// Reads an anchor, accepting only the canonical form and one line feed after it.
    ///
    /// # Errors
    /// See [`AnchorError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, AnchorError> {
        let text = std::str::from_utf8(bytes).map_err(|_| AnchorError::Form)?;
        let text = text.strip_suffix('\n').ok_or(AnchorError::Form)?;
        let anchor: Self = json::read(text)?;
        json::same(&anchor, text)?;
        let ascends = anchor.checkpoints.is_sorted_by(|a, b| a.size < b.size);
        if anchor.xinyi == MARK && ascends { Ok(anchor) } else { Err(AnchorError::Form) }
    }

    /// The file's text.
    #[must_use]
    pub fn encode(&self) -> String {
        json::write(self).unwrap_or_default() + "\n"
    }

    /// The ledger.
    #[must_use]
    pub const fn identity(&self) -> Hash {
        self.identity
    }

    /// The ledger's origin.
    #[must_use]
    pub const fn origin(&self) -> &Text {
        &self.origin
    }

    /// The digest of the register at the largest size.
    #[must_use]
    pub const fn register(&self) -> Hash {
        self.register
    }

    /// Every size and root accepted, in order.
    #[must_use]
    pub fn checkpoints(&self) -> &[Anchored] {
        &self.checkpoints
    }

    /// The largest size accepted.
    #[must_use]
    pub fn size(&self) -> Size {
        self.checkpoints.last().map_or_else(Size::default, |last| last.size)
    }

    /// Requires that this history passes through every root accepted at sizes from `from` to `to`, which are all
    /// the sizes whose roots the file lets us work out; gives the largest of them (spec: G-8).
    ///
    /// # Errors
    /// [`AnchorError::Fork`] where a root differs.
    pub fn check(
        &self,
        from: Size,
        to: Size,
        root: impl Fn(Size) -> Option<Hash>,
    ) -> Result<Option<Size>, AnchorError> {
        let mut linked = None;
        for known in self.checkpoints.iter().filter(|known| from <= known.size && known.size <= to) {
            match root(known.size) {
                Some(root) if root == known.root => linked = Some(known.size),
                Some(_) => return Err(AnchorError::Fork { size: known.size }),
                None => {}
            }
        }
        Ok(linked)
    }

    /// Adds a size and root that an approved close or a met policy vouches for (spec: G-9).
    ///
    /// # Errors
    /// [`AnchorError::Fork`] if another root was accepted for this size.
    pub fn accept(&mut self, accepted: Anchored, register: Hash) -> Result<(), AnchorError> {
        match self.checkpoints.binary_search_by_key(&accepted.size, |known| known.size) {
            Ok(place) if self.checkpoints.get(place) == Some(&accepted) => Ok(()),
            Ok(_) => Err(AnchorError::Fork { size: accepted.size }),
            Err(place) => {
                if place == self.checkpoints.len() {
                    self.register = register;
                }
                self.checkpoints.insert(place, accepted);
                Ok(())
            }
        }
    }
}
