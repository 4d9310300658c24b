//! Evidence of a fork: two signed things of one ledger that cannot both be true (spec: J-1…J-5). Whoever has the
//! file can verify it alone and learn who signed both.

use serde::{Deserialize, Serialize};

use crate::authority_path::{AuthorityPath, PathError};
use crate::checkpoint::OpenCheckpoint;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::json::{self, LineError};
use crate::key::KeyId;
use crate::kind::Data;
use crate::line::Line;
use crate::note::{NoteError, NoteSigner, VerifierKey};
use crate::number::{Index, Size};
use crate::proof::{ProofError, verify_inclusion};
use crate::register::Signer;
use crate::replay::ReplayError;
use crate::text::Label;
use crate::verified::Verified;

/// The mark by which evidence is told from other files.
const MARK: &str = "evidence-v1";

/// A leaf that a signed checkpoint vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvenLeaf {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The leaf hash.
    pub leaf: Hash,
    /// Its path in the checkpoint's tree.
    pub path: Vec<Hash>,
}

/// What cannot both be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Contradiction {
    /// Two signed checkpoints of one size with different roots.
    Checkpoints([String; 2]),
    /// Two leaves at one index, each in the tree of a signed checkpoint.
    Leaves {
        /// The index.
        index: Index,
        /// The leaves.
        leaves: [ProvenLeaf; 2],
    },
    /// Two signed lines of one index.
    Lines([String; 2]),
}

/// A file of evidence: a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForkEvidence {
    /// Genesis and later lines of authority, by which the signing keys are known.
    pub authority: Vec<String>,
    /// What cannot both be true.
    pub contradiction: Contradiction,
    /// The ledger.
    pub identity: Hash,
    /// The mark of evidence.
    pub xinyi: String,
}

/// Why a file proves no fork.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// Lines of authority that do not hold.
    #[error(transparent)]
    Authority(#[from] PathError),
    /// Both sides say the same, or speak of different places (spec: J-3).
    #[error("the two sides do not contradict each other")]
    Compatible,
    /// Not a file of evidence.
    #[error("not a file of evidence")]
    Form,
    /// Different keys signed the two sides: whether both were active only the ledger tells (spec: J-3).
    #[error("different keys signed the two sides: whether both were active there, only the ledger tells")]
    KeysDiffer,
    /// Not its canonical form.
    #[error(transparent)]
    Line(#[from] LineError),
    /// A checkpoint that does not verify.
    #[error("the checkpoint: {0}")]
    Note(#[from] NoteError),
    /// A leaf that is not in its tree.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// One of the two lines is a recovery, which is the history (spec: A-7, J-4).
    #[error(
        "one of the two lines is a recovery by the quorum: it is the history, and the other line is void"
    )]
    Recovered,
}

impl EvidenceError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Authority(error) => error.code(),
            Self::Compatible => "evidence-compatible",
            Self::Form => "evidence-form",
            Self::KeysDiffer => "evidence-keys",
            Self::Line(error) => error.code(),
            Self::Note(error) => error.code(),
            Self::Proof(error) => error.code(),
            Self::Recovered => "evidence-recovered",
        }
    }
}

/// Where two histories part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForkAt {
    /// Two entries at one index.
    Index(Index),
    /// Two roots of one size.
    Size(Size),
}

/// A key that answers for a side, or for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkSigner {
    /// Its holder; absent where only the name of a note key is known.
    pub holder: Option<Label>,
    /// The key.
    pub key: KeyId,
    /// The party it acts for, or the name it signs notes under.
    pub name: String,
}

/// A fork that was proven.
#[derive(Clone, Debug)]
pub struct Fork {
    /// Where the histories part.
    pub at: ForkAt,
    /// Who may act in the ledger, as far as the evidence shows it.
    pub authority: AuthorityPath,
    /// The key that recorded both lines or signed both checkpoints.
    pub by: ForkSigner,
    /// Who else signed the one and the other side.
    pub signers: [Vec<ForkSigner>; 2],
}

/// One side of a contradiction: its recorder or log keys, and who else signed it.
struct SignedSide {
    by: Vec<ForkSigner>,
    others: Vec<ForkSigner>,
}

impl ForkEvidence {
    /// Evidence about the ledger `identity`.
    #[must_use]
    pub fn new(identity: Hash, authority: Vec<String>, contradiction: Contradiction) -> Self {
        Self { authority, contradiction, identity, xinyi: MARK.to_owned() }
    }

    /// Reads a file of evidence, accepting only the canonical form and one line feed after it.
    ///
    /// # Errors
    /// See [`EvidenceError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, EvidenceError> {
        let text = std::str::from_utf8(bytes).map_err(|_| EvidenceError::Form)?;
        let text = text.strip_suffix('\n').ok_or(EvidenceError::Form)?;
        let evidence: Self = json::read(text)?;
        json::same(&evidence, text)?;
        if evidence.xinyi == MARK { Ok(evidence) } else { Err(EvidenceError::Form) }
    }

    /// The file's text.
    #[must_use]
    pub fn encode(&self) -> String {
        json::write(self).unwrap_or_default() + "\n"
    }

    /// Verifies that the two sides were signed and contradict each other; `identity` is the ledger asked for, if the
    /// reader knows it.
    ///
    /// # Errors
    /// See [`EvidenceError`].
    pub fn verify(&self, identity: Option<Hash>) -> Result<Verified<Fork>, EvidenceError> {
        if identity.is_some_and(|asked| asked != self.identity) {
            let cause = ReplayError::IdentityOther { found: self.identity };
            return Err(PathError::Refused { cause, index: Index::default() }.into());
        }
        let path = AuthorityPath::of_lines(&self.authority, self.identity)?;
        let (at, [one, other]) = match &self.contradiction {
            Contradiction::Checkpoints(notes) => checkpoints(notes, &path)?,
            Contradiction::Leaves { index, leaves } => two_leaves(*index, leaves, &path)?,
            Contradiction::Lines(lines) => two_lines(lines, &path)?,
        };
        // A line of authority that ended one of two keys may have been left out; of one key that does not matter.
        let signed_other = |signer: &&ForkSigner| other.by.iter().any(|by| by.key == signer.key);
        let by = one.by.iter().find(signed_other).cloned().ok_or(EvidenceError::KeysDiffer)?;
        Ok(Verified::assert(Fork { at, authority: path, by, signers: [one.others, other.others] }))
    }
}

/// Two signed lines of one index (spec: J-3).
fn two_lines(lines: &[String; 2], path: &AuthorityPath) -> Result<(ForkAt, [SignedSide; 2]), EvidenceError> {
    let [one, other] = lines;
    let decode = |line: &String| Line::decode(line.as_bytes()).map_err(EvidenceError::from);
    let (one, other) = (decode(one)?, decode(other)?);
    if one.index != other.index || one.leaf() == other.leaf() {
        return Err(EvidenceError::Compatible);
    }
    // Lines of authority from the contested index on must not decide who could sign it.
    if path.entries().iter().any(|(entry, _)| entry.index() >= one.index) {
        return Err(EvidenceError::Compatible);
    }
    let (first, second) = (path.entry(&one)?, path.entry(&other)?);
    if recovers(&first, path) != recovers(&second, path) {
        return Err(EvidenceError::Recovered);
    }
    Ok((ForkAt::Index(one.index), [recorded(&first), recorded(&second)]))
}

/// Whether an entry is a recovery that its quorum approved, for its place (spec: A-7, J-4).
fn recovers(entry: &Entry, path: &AuthorityPath) -> bool {
    let Data::Recovery(recovery) = entry.content().data() else { return false };
    let approved = path.register_for(entry.index()).check_authority(entry.content(), entry.approvers());
    recovery.size.next_index() == entry.index() && approved.is_ok()
}

/// Who answers for a line: its recorder, and whoever approved it as well.
fn recorded(entry: &Entry) -> SignedSide {
    let named = |signer: &Signer| ForkSigner {
        holder: Some(signer.holder.clone()),
        key: signer.key,
        name: signer.party.to_string(),
    };
    let recorder = entry.recorder();
    let others = entry.approvers().iter().filter(|signer| signer.key != recorder.key);
    SignedSide { by: vec![named(recorder)], others: others.map(named).collect() }
}

/// Two roots of one size (spec: J-3).
fn checkpoints(
    notes: &[String; 2],
    path: &AuthorityPath,
) -> Result<(ForkAt, [SignedSide; 2]), EvidenceError> {
    let [one, other] = notes;
    let (one, other) = (opened(one, path)?, opened(other, path)?);
    let (a, b) = (&one.checkpoint, &other.checkpoint);
    if a.size != b.size || a.root == b.root {
        return Err(EvidenceError::Compatible);
    }
    Ok((ForkAt::Size(a.size), [signed(&one), signed(&other)]))
}

/// Two leaves at one index, under signed checkpoints of whatever sizes (spec: J-3).
fn two_leaves(
    index: Index,
    leaves: &[ProvenLeaf; 2],
    path: &AuthorityPath,
) -> Result<(ForkAt, [SignedSide; 2]), EvidenceError> {
    let [one, other] = leaves;
    if one.leaf == other.leaf {
        return Err(EvidenceError::Compatible);
    }
    let proven = |side: &ProvenLeaf| -> Result<SignedSide, EvidenceError> {
        let open = opened(&side.checkpoint, path)?;
        verify_inclusion(side.leaf, index, &side.path, open.checkpoint.size, open.checkpoint.root)?;
        Ok(signed(&open))
    };
    Ok((ForkAt::Index(index), [proven(one)?, proven(other)?]))
}

/// A checkpoint by the keys that were the ledger's at its size, as far as the lines of authority show.
fn opened(note: &str, path: &AuthorityPath) -> Result<OpenCheckpoint, EvidenceError> {
    Ok(path.note_keys().open(note, &[])?.into_inner())
}

fn signed(open: &OpenCheckpoint) -> SignedSide {
    let named =
        |key: &VerifierKey| ForkSigner { holder: None, key: key.key().id(), name: key.name().to_owned() };
    let cosigners = open.cosigners.iter().map(|signer: &NoteSigner| named(&signer.key));
    SignedSide { by: open.logs.iter().map(named).collect(), others: cosigners.collect() }
}
