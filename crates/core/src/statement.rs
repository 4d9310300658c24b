//! A month in one file: what a statement carries, and how its reader comes to trust it (spec: Q-1…Q-12).
//!
//! The order of trust: the authority path, followed from the identity, gives register and deeds; the close at the
//! file's end, approved by both parties, names the root under which everything before it lies, and the register
//! and deeds that prove the path complete; the previous close, among the lines, names the state carried over.

use serde::{Deserialize, Serialize};

use crate::ahead::{Ahead, Outlook};
use crate::authority_path::{PathError, ProvenLine};
use crate::checkpoint::OpenCheckpoint;
use crate::continuation::{Brought, Carried, Waiting};
use crate::entry::Entry;
use crate::hash::Hash;
use crate::json::{self, LineError};
use crate::kind::Data;
use crate::kind::figures::Close;
use crate::note::{NoteError, VerifierKey};
use crate::number::{Index, Size};
use crate::proof::{ProofError, verify_consistency};
use crate::register::Signer;
use crate::replay::{Founding, Replay, ReplayError};
use crate::state::StateDocument;
use crate::text::Text;
use crate::time::Period;
use crate::verified::Verified;

/// The mark by which a statement is told from other files.
const MARK: &str = "statement-v1";

/// What leads from a checkpoint that the reader knows to the first line of the statement (spec: Q-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// The consistency proof from `size` to the statement's first line.
    pub path: Vec<Hash>,
    /// The root of the known checkpoint: a claim, compared with what the reader kept.
    pub root: Hash,
    /// Its size.
    pub size: Size,
}

/// The first line of a statement: what the lines after it rest on (spec: Q-1). All of it is a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementHeader {
    /// Genesis and every later line below `from` that changes register or deeds; empty if `from` is 0.
    pub authority: Vec<ProvenLine>,
    /// What leads here from an older checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<Bridge>,
    /// The signed checkpoint of the size that ends with the statement's close.
    pub checkpoint: String,
    /// Older lines that the statement's lines name, by index.
    pub evidence: Vec<ProvenLine>,
    /// The statement's first line's index: the `next` of the previous close, or 0.
    pub from: Size,
    /// The frontier of the first `from` lines.
    pub frontier: Vec<Hash>,
    /// The ledger.
    pub identity: Hash,
    /// The ledger's origin.
    pub origin: Text,
    /// The month.
    pub period: Period,
    /// The previous close's state document; absent if `from` is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<StateDocument>,
    /// The mark of a statement.
    pub xinyi: String,
}

/// Why a file is not the statement it claims to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// An authority path or older lines that do not hold.
    #[error(transparent)]
    Authority(#[from] PathError),
    /// A bridge that does not lead to the first line (spec: Q-9).
    #[error("the bridge from an older checkpoint: {0}")]
    Bridge(ProofError),
    /// A checkpoint of another ledger, size or root (spec: Q-8).
    #[error("the checkpoint is of another ledger, size or root than the lines")]
    CheckpointOther,
    /// The file ends before the close of its month: it was cut, or not whole yet (spec: ).
    #[error("the file ends before the close of its month")]
    Cut,
    /// The file goes on after the close of its month (spec: Q-7).
    #[error("the last line of a statement is the close of its month")]
    End,
    /// A frontier, period or state that does not fit the rest of the header (spec: Q-1).
    #[error("the parts of the statement's first line do not fit together")]
    Header,
    /// The first line is not a statement's.
    #[error(transparent)]
    Line(#[from] LineError),
    /// A checkpoint that does not verify.
    #[error("the checkpoint: {0}")]
    Note(#[from] NoteError),
    /// The previous close names another state or another first line (spec: Q-6).
    #[error("the previous close names another state or another first line than the statement carries")]
    PreviousOther,
    /// A line that is not the ledger's next.
    #[error("entry {index}: {cause}")]
    Refused {
        /// Why.
        cause: ReplayError,
        /// The index that was due.
        index: Index,
    },
}

impl StatementError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Authority(error) => error.code(),
            Self::Bridge(error) => error.code(),
            Self::CheckpointOther => "checkpoint-other",
            Self::Cut => "file-cut",
            Self::End => "statement-end",
            Self::Header => "statement-header",
            Self::Line(error) => error.code(),
            Self::Note(error) => error.code(),
            Self::PreviousOther => "statement-previous",
            Self::Refused { cause, .. } => cause.code(),
        }
    }
}

impl StatementHeader {
    /// Longest first line in bytes (spec: Q-1): a state document, an authority path and older lines.
    pub const MAX: usize = 16 << 20;

    /// The mark of a statement.
    #[must_use]
    pub fn mark() -> String {
        MARK.to_owned()
    }

    /// Reads a statement's first line, without its line feed, accepting only the canonical form.
    ///
    /// # Errors
    /// [`StatementError::Line`], or [`StatementError::Header`] for another kind of file.
    pub fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > Self::MAX {
            return Err(LineError::TooLong { length: bytes.len() }.into());
        }
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|error| LineError::NotUtf8 { byte: error.valid_up_to() })?;
        let header: Self = json::read(text)?;
        json::same(&header, text)?;
        if header.xinyi == MARK { Ok(header) } else { Err(StatementError::Header) }
    }

    /// The canonical form, without a line feed.
    #[must_use]
    pub fn encode(&self) -> String {
        json::write(self).unwrap_or_default()
    }
}

/// What a statement is, once it was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Those who approved the close.
    pub approvers: Vec<Signer>,
    /// The signed checkpoint after the close.
    pub checkpoint: OpenCheckpoint,
    /// The first `covered` lines lie under the root that both parties approved; later ones are the recorder's word.
    pub covered: Size,
    /// The statement's first line.
    pub from: Size,
    /// The month.
    pub period: Period,
}

/// A statement on its way through its lines: one pass, and as much memory as a month needs.
#[derive(Debug)]
pub struct StatementReader {
    carried: Carried,
    close: Option<(Close, Vec<Signer>)>,
    header: StatementHeader,
    /// What the first line goes on from, until it comes.
    pending: Option<Waiting>,
    replay: Replay,
    witnesses: Vec<VerifierKey>,
}

impl StatementReader {
    /// Opens a statement by its first line. `identity` is the ledger asked for, if the reader knows it;
    /// `witnesses` are cosigners that the reader knows from elsewhere.
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn open(
        header: StatementHeader,
        identity: Option<Hash>,
        witnesses: &[VerifierKey],
    ) -> Result<Self, StatementError> {
        let index = Index::default();
        if let Some(_other) = identity.filter(|asked| *asked != header.identity) {
            let cause = ReplayError::IdentityOther { found: header.identity };
            return Err(StatementError::Refused { cause, index });
        }
        let witnesses = witnesses.to_vec();
        if header.from == Size::default() {
            let is_bare =
                header.authority.is_empty() && header.evidence.is_empty() && header.frontier.is_empty();
            if !is_bare || header.previous.is_some() || header.bridge.is_some() {
                return Err(StatementError::Header);
            }
            let (carried, replay) = (Carried::nothing(), Replay::expecting(header.identity));
            return Ok(Self { carried, close: None, header, pending: None, replay, witnesses });
        }
        Self::go_on(header, witnesses)
    }

    /// Opens a statement that goes on from earlier months.
    fn go_on(header: StatementHeader, witnesses: Vec<VerifierKey>) -> Result<Self, StatementError> {
        let document = header.previous.as_ref().ok_or(StatementError::Header)?;
        if document.period.next() != header.period {
            return Err(StatementError::Header);
        }
        let brought = Brought {
            authority: &header.authority,
            document,
            evidence: &header.evidence,
            from: header.from,
            frontier: &header.frontier,
            identity: header.identity,
        };
        let root = brought.edge()?.root();
        if let Some(bridge) = &header.bridge {
            verify_consistency((bridge.size, bridge.root), &bridge.path, (header.from, root))
                .map_err(StatementError::Bridge)?;
        }
        let (carried, replay, waiting) = brought.open()?;
        Ok(Self { carried, close: None, header, pending: Some(waiting), replay, witnesses })
    }

    /// What the statement brings from before its first line.
    #[must_use]
    pub const fn carried(&self) -> &Carried {
        &self.carried
    }

    /// The first line, as it was claimed.
    #[must_use]
    pub const fn header(&self) -> &StatementHeader {
        &self.header
    }

    /// The state after the lines taken in.
    #[must_use]
    pub const fn replay(&self) -> &Replay {
        &self.replay
    }

    /// The root of the lines before the first one, as the first line claims it; `None` once lines were taken in.
    #[must_use]
    pub fn root_before(&self) -> Option<Hash> {
        self.pending.as_ref().map(Waiting::root)
    }

    /// The index that the next line must have.
    #[must_use]
    pub fn due(&self) -> Index {
        match &self.pending {
            Some(_) => self.header.from.next_index(),
            None => self.replay.size().next_index(),
        }
    }

    /// What the statement's lines can be judged by ahead of their turn.
    #[must_use]
    pub fn outlook(&self) -> Outlook {
        self.replay.outlook()
    }

    /// Verifies the next line, without its line feed.
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<Verified<Entry>, StatementError> {
        self.push_ahead(Ahead::decode(bytes))
    }

    /// As [`StatementReader::push`], for a line judged ahead by [`StatementReader::outlook`].
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn push_ahead(&mut self, ahead: Ahead) -> Result<Verified<Entry>, StatementError> {
        if self.close.is_some() {
            return Err(StatementError::End);
        }
        let index = self.due();
        let refused = |cause| StatementError::Refused { cause, index };
        let decoded = ahead.0.map_err(|error| refused(error.into()))?;
        if let Some(waiting) = self.pending.take() {
            waiting.begin(&mut self.replay, &decoded.line);
        }
        let entry = self.replay.push_decoded(decoded).map_err(refused)?;
        if let Data::Close(close) = entry.content().data() {
            self.take_close(close, &entry)?;
        }
        Ok(entry)
    }

    /// The previous close must name the state carried; the close of the month ends the statement.
    fn take_close(&mut self, close: &Close, entry: &Entry) -> Result<(), StatementError> {
        self.carried.check_close(close, self.header.from)?;
        // A statement that begins the ledger carries nothing, so the month before must begin where it does.
        if close.period.next() == self.header.period && close.next != self.header.from {
            return Err(StatementError::PreviousOther);
        }
        if close.period == self.header.period {
            self.close = Some((close.clone(), entry.approvers().to_vec()));
        }
        Ok(())
    }

    /// What the statement brought, and the state after its lines.
    #[must_use]
    pub fn into_parts(self) -> (Carried, Replay) {
        (self.carried, self.replay)
    }

    /// What genesis fixed; `None` before a genesis was seen.
    #[must_use]
    pub fn founding(&self) -> Option<&Founding> {
        self.replay.founding()
    }

    /// Judges the end: the month is closed by both parties, and the checkpoint is of these lines.
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn finish(&self) -> Result<Verified<Stated>, StatementError> {
        let (close, approvers) = self.close.as_ref().ok_or(StatementError::Cut)?;
        let (founding, keys) = self.founding().zip(self.replay.note_keys()).ok_or(StatementError::Cut)?;
        let checkpoint = keys.open(&self.header.checkpoint, &self.witnesses)?.into_inner();
        let is_of_lines = checkpoint.checkpoint.size == self.replay.size()
            && checkpoint.checkpoint.root == self.replay.root()
            && self.header.origin.as_str() == founding.origin;
        if !is_of_lines {
            return Err(StatementError::CheckpointOther);
        }
        Ok(Verified::assert(Stated {
            approvers: approvers.clone(),
            checkpoint,
            covered: close.size,
            from: self.header.from,
            period: close.period,
        }))
    }
}
