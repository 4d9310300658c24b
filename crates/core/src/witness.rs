//! What a witness is asked and how it judges: C2SP tlog-witness without the network (spec: W-1…W-5).
//!
//! ```text
//! bytes --AddCheckpoint::parse--> a claim --verify--> Verified<Submission> --after--> Verified<Successor>
//!          400 malformed            404, 403            409, 422                        may be cosigned
//! ```
//! A submission is signed by a log that the witness watches; a successor also goes on from what the witness saw last.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::note::{Note, NoteError, NoteKeyType, VerifierKey};
use crate::number::{Size, decimal};
use crate::proof::{ProofError, verify_consistency};
use crate::tree::Frontier;
use crate::verified::Verified;

/// Most lines of a consistency proof; no tree of 2^63 leaves needs more (spec: W-2).
const MAX_PROOF: usize = 63;

/// Why a request cannot be read (spec: W-2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// The note is signed, but its text is no checkpoint.
    #[error("the note is no checkpoint")]
    Checkpoint,
    /// No blank line, not UTF-8, or more bytes than [`AddCheckpoint::MAX`].
    #[error("not an old size, a proof, a blank line and a checkpoint")]
    Form,
    /// What follows the blank line is no signed note.
    #[error(transparent)]
    Note(NoteError),
    /// Not `old SIZE` in decimal without leading zeros.
    #[error("the first line is not `old` and a size")]
    Old,
    /// The old tree would be larger than the new one.
    #[error("the old size is larger than the checkpoint's")]
    OldBeyond,
    /// A proof line is not the base64 of one hash, in its one spelling.
    #[error("a line of the proof is not a hash in base64")]
    Proof,
    /// More than 63 proof lines.
    #[error("the proof has more than {MAX_PROOF} lines")]
    ProofLong,
}

/// Why a witness does not cosign; each variant is one HTTP status (spec: W-2…W-5).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCosigned {
    /// 409: the proof does not begin at the checkpoint cosigned last.
    #[error("the witness has cosigned size {latest} last")]
    Conflict {
        /// The size of that checkpoint, 0 if there is none.
        latest: Size,
    },
    /// 422: not the history that the witness has seen, or not proven to be.
    #[error("the checkpoint does not go on from what the witness has seen: {0}")]
    Inconsistent(ProofError),
    /// 400: the request cannot be read.
    #[error("the request cannot be read: {0}")]
    Malformed(RequestFault),
    /// 404: the witness does not watch this log.
    #[error("the witness does not watch `{0}`")]
    UnknownLog(String),
    /// 403: no key trusted for the log has signed, or the signature of one is wrong.
    #[error("no key trusted for this log has signed: {0}")]
    Unsigned(NoteError),
}

impl NotCosigned {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "witness-conflict",
            Self::Inconsistent(_) => "witness-inconsistent",
            Self::Malformed(_) => "witness-malformed",
            Self::UnknownLog(_) => "witness-log-unknown",
            Self::Unsigned(_) => "witness-unsigned",
        }
    }

    /// The HTTP status that says it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Conflict { .. } => 409,
            Self::Inconsistent(_) => 422,
            Self::Malformed(_) => 400,
            Self::UnknownLog(_) => 404,
            Self::Unsigned(_) => 403,
        }
    }
}

impl From<RequestFault> for NotCosigned {
    fn from(fault: RequestFault) -> Self {
        Self::Malformed(fault)
    }
}

/// The logs that a witness watches: for each origin the keys trusted to sign its checkpoints (spec: W-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedLogs(Vec<VerifierKey>);

impl WatchedLogs {
    /// Logs by their keys; a key's name is the origin it signs for, and an origin may have several.
    ///
    /// # Errors
    /// [`NoteError::VerifierKey`] if a key is a cosigner's.
    pub fn new(keys: Vec<VerifierKey>) -> Result<Self, NoteError> {
        let logs = keys.iter().all(|key| key.signs() == NoteKeyType::Log);
        if logs { Ok(Self(keys)) } else { Err(NoteError::VerifierKey) }
    }

    /// All their keys.
    #[must_use]
    pub fn keys(&self) -> &[VerifierKey] {
        &self.0
    }

    fn of(&self, origin: &str) -> Result<Vec<VerifierKey>, NotCosigned> {
        let keys: Vec<_> = self.0.iter().filter(|key| key.name() == origin).cloned().collect();
        if keys.is_empty() { Err(NotCosigned::UnknownLog(origin.to_owned())) } else { Ok(keys) }
    }
}

/// The request that a witness cosign a checkpoint: a claim (spec: W-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
    old: Size,
    proof: Vec<Hash>,
}

impl AddCheckpoint {
    /// Most bytes of a request; 63 proof lines take 2,800 of them (spec: W-2).
    pub const MAX: usize = 65_536;

    /// The request for the checkpoint in `note`, with the hashes that lead to it from the tree of size `old`.
    ///
    /// # Errors
    /// [`RequestFault`] if the note is no checkpoint, or `old` or the proof are such as no tree has.
    pub fn new(old: Size, proof: Vec<Hash>, note: Note) -> Result<Self, RequestFault> {
        let checkpoint: Checkpoint = note.text().parse().map_err(|_| RequestFault::Checkpoint)?;
        if proof.len() > MAX_PROOF {
            return Err(RequestFault::ProofLong);
        }
        if old > checkpoint.size {
            return Err(RequestFault::OldBeyond);
        }
        Ok(Self { checkpoint, note, old, proof })
    }

    /// Reads a request's body; what [`fmt::Display`] writes reads back.
    ///
    /// # Errors
    /// [`RequestFault`].
    pub fn parse(body: &[u8]) -> Result<Self, RequestFault> {
        let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= Self::MAX);
        let (head, note) = text.and_then(|text| text.split_once("\n\n")).ok_or(RequestFault::Form)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(old_size).ok_or(RequestFault::Old)?;
        let proof = lines.map(proof_line).take(MAX_PROOF.saturating_add(1));
        let proof = proof.collect::<Option<Vec<Hash>>>().ok_or(RequestFault::Proof)?;
        Self::new(old, proof, note.parse().map_err(RequestFault::Note)?)
    }

    /// Whose checkpoint it says it is.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Requires that a watched log has signed the checkpoint, and keeps of its lines those of trusted keys only
    /// (spec: W-3).
    ///
    /// # Errors
    /// [`NotCosigned::UnknownLog`] or [`NotCosigned::Unsigned`].
    pub fn verify(self, logs: &WatchedLogs) -> Result<Verified<Submission>, NotCosigned> {
        let trusted = logs.of(&self.checkpoint.origin)?;
        self.note.clone().verify(&trusted).map_err(NotCosigned::Unsigned)?;
        let note = self.note.with_lines_of(&trusted);
        Ok(Verified::assert(Submission {
            checkpoint: self.checkpoint,
            note,
            old: self.old,
            proof: self.proof,
        }))
    }
}

impl fmt::Display for AddCheckpoint {
    /// The body of the request.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", BASE64.encode(hash.as_bytes())))?;
        write!(f, "\n{}", self.note)
    }
}

fn old_size(line: &str) -> Option<Size> {
    Size::new(decimal(line.strip_prefix("old ")?)?)
}

fn proof_line(line: &str) -> Option<Hash> {
    let raw: [u8; 32] = BASE64.decode(line).ok()?.try_into().ok()?;
    Some(Hash::from_bytes(raw))
}

/// A checkpoint that its log has signed, with a proof that nobody has checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    checkpoint: Checkpoint,
    note: Note,
    old: Size,
    proof: Vec<Hash>,
}

impl Submission {
    /// What the log has signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

/// A checkpoint that goes on from all that one witness has cosigned of its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor(Note);

impl Successor {
    /// The note with the signatures of trusted keys of its log.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.0
    }
}

impl Verified<Submission> {
    /// Requires that the checkpoint goes on from the latest one that the witness has cosigned, `None` if it never
    /// cosigned any of this log (spec: W-4, W-5). `latest` must be of the same origin.
    ///
    /// # Errors
    /// [`NotCosigned::Conflict`] or [`NotCosigned::Inconsistent`].
    pub fn after(self, latest: Option<&Checkpoint>) -> Result<Verified<Successor>, NotCosigned> {
        let nothing = || (Size::default(), Frontier::new().root());
        let seen = latest.map_or_else(nothing, |latest| (latest.size, latest.root));
        if self.old != seen.0 {
            return Err(NotCosigned::Conflict { latest: seen.0 });
        }
        let new = (self.checkpoint.size, self.checkpoint.root);
        verify_consistency(seen, &self.proof, new).map_err(NotCosigned::Inconsistent)?;
        Ok(Verified::assert(Successor(self.into_inner().note)))
    }
}
