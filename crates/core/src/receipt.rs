//! One entry with its proof, for the one whom it concerns (spec: H-1…H-8): a C2SP tlog-proof whose `extra` carries
//! the line, what its holder may see of it, and who may act.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::authority_path::{AuthorityPath, PathError, ProvenLine};
use crate::checkpoint::{Checkpoint, OpenCheckpoint};
use crate::disclosure::{Disclosure, DisclosureError};
use crate::entry::Entry;
use crate::hash::Hash;
use crate::json::{self, LineError};
use crate::kind::Data;
use crate::kind::figures::Close;
use crate::line::Line;
use crate::note::{Note, NoteError, VerifierKey};
use crate::number::{Index, Size, decimal};
use crate::proof::{ProofError, verify_inclusion};
use crate::register::Signer;
use crate::replay::ReplayError;
use crate::time::Date;
use crate::trust::Sizes;
use crate::verified::Verified;

/// The first line of every C2SP tlog-proof.
pub(crate) const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";
/// The mark of what a receipt carries as `extra`.
const MARK: &str = "receipt-v1";
/// Most hashes of a path: a tree has fewer than 2^63 lines.
const MAX_PATH: usize = 63;

/// The close that covers the entry, with the entry's path under the root that both parties approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoveringClose {
    /// The entry's path in the tree of the close's `size`.
    pub entry: Vec<Hash>,
    /// The close's line.
    pub line: String,
    /// The close's path in the checkpoint's tree.
    pub path: Vec<Hash>,
}

/// What a receipt carries besides the proof. The proof does not cover it: its reader checks each part (spec: H-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptExtra {
    /// The authority path below the checkpoint's size.
    pub authority: Vec<ProvenLine>,
    /// The close that covers the entry; absent while its month is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close: Option<CoveringClose>,
    /// Private values handed out with it.
    pub disclosures: Vec<String>,
    /// The entry's line.
    pub line: String,
    /// The mark of a receipt.
    pub xinyi: String,
}

/// A receipt as it was read: a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The signed checkpoint.
    pub checkpoint: String,
    /// What the reader needs besides.
    pub extra: ReceiptExtra,
    /// The entry's index.
    pub index: Index,
    /// The entry's path in the checkpoint's tree.
    pub path: Vec<Hash>,
}

/// Why a file is not the receipt it claims to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// An authority path that does not hold.
    #[error(transparent)]
    Authority(#[from] PathError),
    /// A close of another ledger, or one that does not cover the entry or names another register (spec: H-5).
    #[error("the close in the receipt does not cover this entry")]
    Close,
    /// A disclosure that opens nothing in the line (spec: H-6).
    #[error("a private value in the receipt belongs to no field of the entry")]
    Disclosed,
    /// A disclosure that is none.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// Not a tlog-proof, or one without a receipt in it (spec: H-1).
    #[error("not a receipt")]
    Form,
    /// The extra data are not a receipt's.
    #[error(transparent)]
    Line(#[from] LineError),
    /// A checkpoint that does not verify.
    #[error("the checkpoint: {0}")]
    Note(#[from] NoteError),
    /// Another index than the line's, or another ledger's line or checkpoint (spec: H-3).
    #[error("line, proof and checkpoint are not of one place in one ledger")]
    Other,
    /// The entry is not in the tree.
    #[error("the entry's proof: {0}")]
    Proof(#[from] ProofError),
    /// A signature or content that would not be accepted.
    #[error(transparent)]
    Refused(#[from] ReplayError),
}

impl ReceiptError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Authority(error) => error.code(),
            Self::Close => "receipt-close",
            Self::Disclosed => "receipt-disclosed",
            Self::Disclosure(error) => error.code(),
            Self::Form => "receipt-form",
            Self::Line(error) => error.code(),
            Self::Note(error) => error.code(),
            Self::Other => "receipt-other",
            Self::Proof(error) => error.code(),
            Self::Refused(error) => error.code(),
        }
    }
}

/// The close under whose approved root the entry lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveredBy {
    /// Those who approved it.
    pub approvers: Vec<Signer>,
    /// What it says.
    pub close: Close,
    /// Its booking day.
    pub date: Date,
    /// Its index.
    pub index: Index,
}

/// An entry that lies in a tree whose checkpoint its log key signed.
#[derive(Clone, Debug)]
pub struct Received {
    /// Who may sign what in this ledger, as far as the receipt shows it.
    pub authority: AuthorityPath,
    /// The signed checkpoint.
    pub checkpoint: OpenCheckpoint,
    /// The close that covers the entry, approved by both parties.
    pub covered: Option<CoveredBy>,
    /// What the disclosures open, by field.
    pub disclosed: Vec<Disclosure>,
    /// The entry.
    pub entry: Verified<Entry>,
}

/// A receipt shows the root of its checkpoint and that of the close that covers its entry. Only the close proves that no
/// line of authority was left out, so no register is shown above its size (spec: H-5).
impl Sizes for Received {
    fn register(&self, size: Size) -> Option<Hash> {
        let is_proven = self.covered.as_ref().is_some_and(|covered| size <= covered.close.size);
        is_proven.then(|| self.authority.register_at(size)).flatten()
    }

    fn root(&self, size: Size) -> Option<Hash> {
        let close = self.covered.as_ref().map(|covered| (covered.close.size, covered.close.root));
        let checkpoint = &self.checkpoint.checkpoint;
        let mut shown = close.into_iter().chain([(checkpoint.size, checkpoint.root)]);
        shown.find(|(at, _)| *at == size).map(|(_, root)| root)
    }
}

impl Receipt {
    /// Verifies the receipt by the register that its authority path gives; `identity` is the ledger asked for, if
    /// the reader knows it, and `witnesses` are cosigners known from elsewhere (spec: H-3…H-6).
    ///
    /// # Errors
    /// See [`ReceiptError`].
    pub fn verify(
        &self,
        identity: Option<Hash>,
        witnesses: &[VerifierKey],
    ) -> Result<Verified<Received>, ReceiptError> {
        let claimed: Checkpoint = self.checkpoint.parse::<Note>()?.text().parse()?;
        let (size, root) = (claimed.size, claimed.root);
        let line = Line::decode(self.extra.line.as_bytes())?;
        let of = line.content.ledger().unwrap_or_else(|| line.content.identity());
        if let Some(_other) = identity.filter(|asked| *asked != of) {
            return Err(ReplayError::IdentityOther { found: of }.into());
        }
        if line.index != self.index {
            return Err(ReceiptError::Other);
        }
        verify_inclusion(line.leaf(), self.index, &self.path, size, root)?;
        let path = AuthorityPath::in_tree(&self.extra.authority, of, size, root)?;
        let entry = path.entry(&line)?;
        let checkpoint = path.note_keys().open(&self.checkpoint, witnesses)?.into_inner();
        let covered = self.extra.close.as_ref().map(|close| covering(close, &entry, &path, size, root));
        let covered = covered.transpose()?;
        let disclosed = self.disclosed(&entry)?;
        Ok(Verified::assert(Received { authority: path, checkpoint, covered, disclosed, entry }))
    }

    /// Every disclosure opens a field of the line (spec: H-6).
    fn disclosed(&self, entry: &Entry) -> Result<Vec<Disclosure>, ReceiptError> {
        let sealed = entry.content().sealed();
        let open = |encoded: &String| {
            let disclosure = Disclosure::decode(encoded)?;
            let opens = sealed
                .iter()
                .any(|(field, value)| *field == disclosure.field() && *value == disclosure.commitment());
            if opens { Ok(disclosure) } else { Err(ReceiptError::Disclosed) }
        };
        self.extra.disclosures.iter().map(open).collect()
    }
}

/// The close covers the entry: both parties approved a root under which it lies, and the register and deeds that
/// prove the authority path complete (spec: H-5).
fn covering(
    close: &CoveringClose,
    entry: &Entry,
    path: &AuthorityPath,
    size: Size,
    root: Hash,
) -> Result<CoveredBy, ReceiptError> {
    let line = ProvenLine { line: close.line.clone(), path: close.path.clone() }.open(size, root)?;
    let closing = path.entry(&line)?;
    let Data::Close(said) = closing.content().data() else { return Err(ReceiptError::Close) };
    path.register_for(line.index).check_authority(&line.content, closing.approvers())?;
    verify_inclusion(entry.leaf(), entry.index(), &close.entry, said.size, said.root)?;
    let is_whole =
        path.register_at(said.size) == Some(said.register) && path.deeds_at(said.size) == said.deeds;
    let covers = said.size.get() <= line.index.get();
    if !(is_whole && covers) {
        return Err(ReceiptError::Close);
    }
    let (approvers, date) = (closing.approvers().to_vec(), closing.content().date());
    Ok(CoveredBy { approvers, close: said.clone(), date, index: line.index })
}

impl ReceiptExtra {
    /// The mark of a receipt.
    #[must_use]
    pub fn mark() -> String {
        MARK.to_owned()
    }
}

impl fmt::Display for Receipt {
    /// The file: C2SP tlog-proof, byte for byte.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra = json::write(&self.extra).unwrap_or_default();
        writeln!(f, "{PROOF_HEADER}\nextra {}\nindex {}", BASE64.encode(extra), self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", BASE64.encode(hash.as_bytes())))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(ReceiptError::Form)?;
        let mut lines = proof.split('\n');
        if lines.next() != Some(PROOF_HEADER) {
            return Err(ReceiptError::Form);
        }
        let extra = lines.next().and_then(|line| line.strip_prefix("extra ")).ok_or(ReceiptError::Form)?;
        let extra = BASE64.decode(extra).map_err(|_| ReceiptError::Form)?;
        let extra = std::str::from_utf8(&extra).map_err(|_| ReceiptError::Form)?;
        let parsed: ReceiptExtra = json::read(extra)?;
        json::same(&parsed, extra)?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.and_then(Index::new).ok_or(ReceiptError::Form)?;
        let hash = |line: &str| Some(Hash::from_bytes(BASE64.decode(line).ok()?.try_into().ok()?));
        let path: Vec<Hash> = lines.map(hash).collect::<Option<_>>().ok_or(ReceiptError::Form)?;
        if path.len() > MAX_PATH || parsed.xinyi != MARK {
            return Err(ReceiptError::Form);
        }
        Ok(Self { checkpoint: checkpoint.to_owned(), extra: parsed, index, path })
    }
}
