//! An entry as a replay vouches for it: a content in its place, with who approved and who recorded it.

use crate::content::Content;
use crate::hash::Hash;
use crate::kind::parts::Link;
use crate::line::Line;
use crate::number::Index;
use crate::register::Signer;
use crate::signers::Signatures;
use crate::time::Timestamp;

/// One entry of a ledger. As [`crate::Verified`] it is a fact; as [`Supposed`] it shows what a draft would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(crate) approvers: Vec<Signer>,
    pub(crate) content: Content,
    pub(crate) index: Index,
    pub(crate) leaf: Hash,
    pub(crate) recorded: Timestamp,
    pub(crate) recorder: Signer,
}

impl Entry {
    /// What a line becomes once its signatures are known to be these.
    pub(crate) fn of(line: Line, leaf: Hash, signatures: Signatures) -> Self {
        Self {
            approvers: signatures.approvers,
            content: line.content,
            index: line.index,
            leaf,
            recorded: line.recorded,
            recorder: signatures.recorder,
        }
    }

    /// Whose approval counts: those who signed the content, and the recorder if its key may approve.
    #[must_use]
    pub fn approvers(&self) -> &[Signer] {
        &self.approvers
    }

    /// What happened.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// Its place.
    #[must_use]
    pub const fn index(&self) -> Index {
        self.index
    }

    /// Its leaf hash.
    #[must_use]
    pub const fn leaf(&self) -> Hash {
        self.leaf
    }

    /// How later lines name it.
    #[must_use]
    pub const fn link(&self) -> Link {
        Link { index: self.index, leaf: self.leaf }
    }

    /// When it was recorded: the recorder's word.
    #[must_use]
    pub const fn recorded(&self) -> Timestamp {
        self.recorded
    }

    /// Who put it in its place.
    #[must_use]
    pub const fn recorder(&self) -> &Signer {
        &self.recorder
    }
}

/// An entry as it would be if a draft were recorded now: never a fact, only for showing what would follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supposed(pub(crate) Entry);

impl Supposed {
    /// The entry as it would be. Its leaf hash is that of the content alone, for the line does not exist.
    #[must_use]
    pub const fn entry(&self) -> &Entry {
        &self.0
    }
}
