//! The authority path: genesis and every later line that changes the register or the deeds, each proven to lie in
//! the tree (spec: ). From it alone, never from a bare list of keys, a reader who has not the whole ledger
//! learns who may act.

use serde::{Deserialize, Serialize};

use crate::ahead::Verdicts;
use crate::chain::ChainError;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::json::LineError;
use crate::kind::{Data, Kind};
use crate::line::Line;
use crate::note_keys::NoteKeys;
use crate::number::{Index, Size};
use crate::proof::{ProofError, verify_inclusion};
use crate::references::Name;
use crate::register::Register;
use crate::replay::{Founding, Ledger, Replay, ReplayError, check_founded};
use crate::verified::Verified;
use crate::verifier::Verifier;

/// A line with the path that proves its place in a tree that is named elsewhere (spec: Q-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenLine {
    /// The line, byte for byte, without its line feed.
    pub line: String,
    /// The roots of the subtrees beside it, the leaf's sibling first.
    pub path: Vec<Hash>,
}

/// Why lines that were taken out of a ledger are not what they claim to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// A kind that changes neither register nor deeds (spec: Q-3).
    #[error("an entry of kind `{0}` does not belong in an authority path")]
    Kind(Kind),
    /// Not a line.
    #[error(transparent)]
    Line(#[from] LineError),
    /// Not in ascending order, or not below the size that they are said to lie below (spec: Q-2).
    #[error("the lines are not in ascending order below the size named")]
    Order,
    /// Its proof fails.
    #[error("entry {index}: {cause}")]
    Proof {
        /// Why.
        cause: ProofError,
        /// The line.
        index: Index,
    },
    /// A line that would not be accepted in its place.
    #[error("entry {index}: {cause}")]
    Refused {
        /// Why.
        cause: ReplayError,
        /// The line.
        index: Index,
    },
}

impl PathError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Kind(_) => "path-kind",
            Self::Line(error) => error.code(),
            Self::Order => "path-order",
            Self::Proof { cause, .. } => cause.code(),
            Self::Refused { cause, .. } => cause.code(),
        }
    }
}

impl ProvenLine {
    /// The line, if it lies below `size` in the tree with this root.
    pub(crate) fn open(&self, size: Size, root: Hash) -> Result<Line, PathError> {
        let line = Line::decode(self.line.as_bytes())?;
        let index = line.index;
        if !size.covers(index) {
            return Err(PathError::Order);
        }
        let proven = verify_inclusion(line.leaf(), index, &self.path, size, root);
        proven.map_err(|cause| PathError::Proof { cause, index })?;
        Ok(line)
    }
}

/// Who may act and by which deeds, as far as lines of authority were followed.
#[derive(Clone, Debug)]
pub struct AuthorityPath {
    entries: Vec<(Verified<Entry>, Register)>,
    ledger: Ledger,
}

impl AuthorityPath {
    /// Begins with a genesis line; `identity` is the ledger asked for.
    pub(crate) fn found(genesis: &Line, identity: Hash) -> Result<Self, PathError> {
        let index = genesis.index;
        let mut replay = Replay::expecting(identity);
        let refused = |cause| PathError::Refused { cause, index };
        let entry = replay.push_decoded(genesis.clone().into()).map_err(refused)?;
        let ledger = replay.ledger.ok_or(PathError::Order)?;
        let register = ledger.register.clone();
        Ok(Self { entries: vec![(entry, register)], ledger })
    }

    /// Follows lines that lie in the tree of this size and root, from the genesis on (spec: Q-3).
    ///
    /// Whether one was left out only a close can tell, which names the register and the deeds (spec: Q-4).
    ///
    /// # Errors
    /// See [`PathError`].
    pub fn in_tree(lines: &[ProvenLine], identity: Hash, size: Size, root: Hash) -> Result<Self, PathError> {
        let (genesis, later) = lines.split_first().ok_or(PathError::Order)?;
        let mut path = Self::found(&genesis.open(size, root)?, identity)?;
        for line in later {
            path.follow(&line.open(size, root)?)?;
        }
        Ok(path)
    }

    /// Follows bare lines: what they say was signed, but nothing proves that they lie in one tree (spec: J-2).
    ///
    /// # Errors
    /// See [`PathError`].
    pub fn of_lines(lines: &[String], identity: Hash) -> Result<Self, PathError> {
        let (genesis, later) = lines.split_first().ok_or(PathError::Order)?;
        let mut path = Self::found(&Line::decode(genesis.as_bytes())?, identity)?;
        for line in later {
            path.follow(&Line::decode(line.as_bytes())?)?;
        }
        Ok(path)
    }

    /// Whether a kind belongs in the path.
    #[must_use]
    pub const fn holds(kind: Kind) -> bool {
        matches!(kind, Kind::Deed | Kind::Genesis | Kind::Keys | Kind::Party | Kind::Recovery)
    }

    /// Takes the next line of authority in; lines between that change neither register nor deeds are not needed.
    pub(crate) fn follow(&mut self, line: &Line) -> Result<(), PathError> {
        let index = line.index;
        if self.entries.last().is_none_or(|(last, _)| index <= last.index()) {
            return Err(PathError::Order);
        }
        if !Self::holds(line.content.kind()) {
            return Err(PathError::Kind(line.content.kind()));
        }
        let refused = |cause| PathError::Refused { cause, index };
        let entry = self.judge(line).map_err(refused)?;
        let after = self.ledger.register.after(line.content.data(), index);
        self.ledger.months.take(&line.content, Name::of(line.content.reference()), index);
        if let Some(register) = after.map_err(|error| refused(error.into()))? {
            self.ledger.register_changed(index.size_after(), register);
        }
        self.entries.push((entry, self.ledger.register.clone()));
        Ok(())
    }

    /// Judges an authority line by the register and the deeds as they are.
    fn judge(&self, line: &Line) -> Result<Verified<Entry>, ReplayError> {
        let entry = self.judge_by(&self.ledger.register, line)?;
        self.ledger.register.check_authority(&line.content, &entry.approvers)?;
        match line.content.data() {
            Data::Deed(change) => self.ledger.months.check_deed(change)?,
            Data::Recovery(recovery) if recovery.size.next_index() != line.index => {
                return Err(ChainError::Tip.into());
            }
            _ => {}
        }
        Ok(entry)
    }

    /// Verifies any line of the ledger by the register that held at its place (spec: Q-5).
    ///
    /// # Errors
    /// [`PathError::Refused`].
    pub(crate) fn entry(&self, line: &Line) -> Result<Verified<Entry>, PathError> {
        if line.index == Index::default() {
            return self.entries.first().map(|(genesis, _)| genesis.clone()).ok_or(PathError::Order);
        }
        let refused = |cause| PathError::Refused { cause, index: line.index };
        self.judge_by(self.register_for(line.index), line).map_err(refused)
    }

    fn judge_by(&self, register: &Register, line: &Line) -> Result<Verified<Entry>, ReplayError> {
        let Ledger { founding, months, .. } = &self.ledger;
        check_founded(founding, &line.content)?;
        months.check_date(line.content.date(), line.recorded.day_at(founding.offset))?;
        let signatures = register.signers(line, &Verdicts::default(), &Verifier::default())?;
        Ok(Verified::assert(Entry::of(line.clone(), line.leaf(), signatures)))
    }

    /// The register by which the line at `index` is judged: the last that holds from a line below it.
    #[must_use]
    pub fn register_for(&self, index: Index) -> &Register {
        let below = self.entries.partition_point(|(entry, _)| entry.index() < index);
        let last = below.checked_sub(1).and_then(|last| self.entries.get(last));
        last.map_or(&self.ledger.register, |(_, register)| register)
    }

    /// The lines followed, each with the register after it.
    #[must_use]
    pub fn entries(&self) -> &[(Verified<Entry>, Register)] {
        &self.entries
    }

    /// The register after the last line followed.
    #[must_use]
    pub const fn register(&self) -> &Register {
        &self.ledger.register
    }

    /// The keys by which checkpoints are judged, as far as lines were followed.
    #[must_use]
    pub fn note_keys(&self) -> NoteKeys {
        NoteKeys::of(&self.ledger)
    }

    /// The lines followed, each with the register after it, and what a replay goes on from.
    pub(crate) fn into_parts(self) -> (Vec<(Verified<Entry>, Register)>, Ledger) {
        (self.entries, self.ledger)
    }

    /// What genesis fixed.
    #[must_use]
    pub const fn founding(&self) -> &Founding {
        &self.ledger.founding
    }

    /// Digest of the register after the first `size` lines, as far as lines were followed.
    #[must_use]
    pub fn register_at(&self, size: Size) -> Option<Hash> {
        self.ledger.months.register_at(size)
    }

    /// Digest of the deeds among the first `size` lines, as far as lines were followed.
    #[must_use]
    pub fn deeds_at(&self, size: Size) -> Hash {
        self.ledger.months.deeds_at(size)
    }
}
