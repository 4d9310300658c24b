//! The one way in: lines become facts, one push at a time (spec: R-1…R-8).
//!
//! A refused line leaves the replay as it was, so the good prefix stays good. Files, clocks and keys are the
//! caller's; older lines that a resumed replay no longer holds come through [`Earlier`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ahead::{Ahead, Decoded, Verdicts};
use crate::chain::{Chain, ChainError, Earlier};
use crate::close::{CloseError, Months};
use crate::content::Content;
use crate::entry::{Entry, Supposed};
use crate::hash::Hash;
use crate::json::LineError;
use crate::key::KeyId;
use crate::kind::authority::{Genesis, Use};
use crate::kind::deed::Need;
use crate::kind::parts::Link;
use crate::kind::shape::Visit;
use crate::kind::{Data, Kind};
use crate::line::{Approval, Line, Unsigned};
use crate::money::{Amount, Balance, Unit};
use crate::note_keys::NoteKeys;
use crate::number::{Index, Size};
use crate::references::Name;
use crate::register::{AuthorityError, Register, Signer};
use crate::signers::{Signatures, admitted};
use crate::text::Label;
use crate::time::{Offset, Period, Timestamp};
use crate::tree::Frontier;
use crate::verified::Verified;
use crate::verifier::Verifier;

/// Why a line is not the next line of an authentic ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// An amount with more or fewer digits after the point than the unit has (spec: V-6).
    #[error("an amount is written with {found} digits after the point, the unit has {expected}")]
    AmountScale {
        /// The unit's digits.
        expected: u32,
        /// The digits written.
        found: u32,
    },
    /// An approval by a key that was not active or not given for approving (spec: S-5).
    #[error("key {key} approves, but was not active for approving before this line")]
    ApprovalKey {
        /// The key.
        key: KeyId,
    },
    /// Approvals not sorted by key id, one named twice, or the recorder's key among them (spec: S-4).
    #[error("approvals must be sorted by key id, each key once and without the recorder's own")]
    ApprovalOrder,
    /// An approval that does not verify (spec: S-5).
    #[error("the approval of key {key} does not verify")]
    ApprovalSignature {
        /// The key.
        key: KeyId,
    },
    /// An authority entry that lacks approvals (spec: A-4).
    #[error("this kind of entry lacks the approvals of {}", parties(missing))]
    ApprovalsMissing {
        /// What is missing.
        missing: Vec<Need>,
    },
    /// A change of parties or keys that is refused.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The line does not follow its predecessor.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A date or close that does not fit the months.
    #[error(transparent)]
    Close(#[from] CloseError),
    /// The first line is not a genesis, or a later one is (spec: A-2).
    #[error("the first line, and no other, is a genesis")]
    GenesisPlace,
    /// The genesis is not the one asked for (spec: I-2).
    #[error("this is ledger {found}, not the one asked for")]
    IdentityOther {
        /// The identity found.
        found: Hash,
    },
    /// An admitted key that does not sign its own admission (spec: A-3).
    #[error("key {key} does not sign the line that admits it")]
    KeyUnproven {
        /// The key.
        key: KeyId,
    },
    /// The content is for another ledger (spec: C-2).
    #[error("the content is for another ledger")]
    LedgerOther,
    /// The bytes are not a line.
    #[error(transparent)]
    Line(#[from] LineError),
    /// A link to a line that is not there or has another hash (spec: C-6).
    #[error("the link to entry {index} does not match that line")]
    Link {
        /// The index linked to.
        index: Index,
    },
    /// A key that may not record (spec: S-6).
    #[error("key {key} was not active for recording before this line")]
    RecorderKey {
        /// The key.
        key: KeyId,
    },
    /// A record that does not verify (spec: S-6).
    #[error("the recorder's signature does not verify")]
    RecorderSignature,
    /// A format that this version does not know (spec: F-2).
    #[error("format {format} is not supported")]
    Unsupported {
        /// The format named.
        format: u8,
    },
}

fn parties(missing: &[Need]) -> String {
    let parties: Vec<_> = missing.iter().map(|need| format!("`{}` ({})", need.party, need.holders)).collect();
    parties.join(", ")
}

impl ReplayError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AmountScale { .. } => "amount-scale",
            Self::ApprovalKey { .. } => "approval-key",
            Self::ApprovalOrder => "approval-order",
            Self::ApprovalSignature { .. } => "approval-signature",
            Self::ApprovalsMissing { .. } => "approvals-missing",
            Self::Authority(error) => error.code(),
            Self::Chain(error) => error.code(),
            Self::Close(error) => error.code(),
            Self::GenesisPlace => "genesis-place",
            Self::IdentityOther { .. } => "identity-other",
            Self::KeyUnproven { .. } => "key-unproven",
            Self::LedgerOther => "ledger-other",
            Self::Line(error) => error.code(),
            Self::Link { .. } => "link-mismatch",
            Self::RecorderKey { .. } => "recorder-key",
            Self::RecorderSignature => "recorder-signature",
            Self::Unsupported { .. } => "unsupported",
        }
    }
}

/// What a ledger's genesis fixed for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founding {
    /// The first period.
    pub first: Period,
    /// The ledger's identity.
    pub identity: Hash,
    /// The ledger's fixed difference from UTC.
    pub offset: Offset,
    /// The name under which the log key signs.
    pub origin: String,
    /// Whether the ledger is made up.
    pub sample: bool,
    /// What is counted.
    pub unit: Unit,
}

impl Founding {
    /// What a ledger's first entry fixes; `None` for any other entry.
    #[must_use]
    pub fn of_entry(entry: &Verified<Entry>) -> Option<Self> {
        match entry.content().data() {
            Data::Genesis(genesis) => Some(Self::of(entry.content(), genesis)),
            _ => None,
        }
    }

    fn of(content: &Content, genesis: &Genesis) -> Self {
        Self {
            first: genesis.first,
            identity: content.identity(),
            offset: genesis.offset,
            origin: genesis.origin.as_str().to_owned(),
            sample: genesis.sample == Some(true),
            unit: genesis.unit.clone(),
        }
    }
}

/// The state of a ledger after its first `size` lines: what the next line is judged by.
#[derive(Debug, Default)]
pub struct Replay {
    pub(crate) chain: Chain,
    pub(crate) expected: Option<Hash>,
    pub(crate) ledger: Option<Ledger>,
    /// Shared with whoever judges lines ahead.
    pub(crate) verifier: Arc<Verifier>,
}

/// What a replay knows once there is a genesis.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) founding: Founding,
    pub(crate) months: Months,
    /// Which party records from which size on.
    pub(crate) recorders: Vec<(Size, Label)>,
    pub(crate) register: Register,
}

impl Ledger {
    /// The register after a line that changed it; it holds from this size on.
    pub(crate) fn register_changed(&mut self, from: Size, register: Register) {
        self.months.register_changed(from, register.digest());
        if register.recorder() != self.register.recorder() {
            self.recorders.push((from, register.recorder().clone()));
        }
        self.register = register;
    }
}

/// What one line changes, worked out before anything is changed.
struct Step {
    ledger: Option<Ledger>,
    register: Option<Register>,
    signatures: Signatures,
}

impl Replay {
    /// A replay before the first line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A replay that accepts only the ledger with this identity (spec: I-2).
    #[must_use]
    pub fn expecting(identity: Hash) -> Self {
        Self { expected: Some(identity), ..Self::default() }
    }

    /// Gives access to lines before the point this replay was resumed from.
    #[must_use]
    pub fn with_earlier(mut self, earlier: Box<dyn Earlier + Send>) -> Self {
        self.chain.earlier = Some(earlier);
        self
    }

    /// Verifies the next line, without its line feed, and takes it in.
    ///
    /// # Errors
    /// See [`ReplayError`]. A refused line changes nothing.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Verified<Entry>, ReplayError> {
        self.push_ahead(Ahead::decode(bytes))
    }

    /// As [`Replay::push`], for a line judged ahead by [`crate::Outlook::decode`], for example on another core: the
    /// same verdict, whatever it was judged by.
    ///
    /// # Errors
    /// See [`ReplayError`].
    pub fn push_ahead(&mut self, ahead: Ahead) -> Result<Verified<Entry>, ReplayError> {
        self.push_decoded(ahead.0?)
    }

    pub(crate) fn push_decoded(&mut self, decoded: Decoded) -> Result<Verified<Entry>, ReplayError> {
        let step = self.step(&decoded)?;
        Ok(self.take(decoded, step))
    }

    /// Judges the next line as [`Replay::push`] does, without taking it in: for whoever must choose among several.
    ///
    /// # Errors
    /// See [`ReplayError`].
    pub fn judge(&self, bytes: &[u8]) -> Result<(), ReplayError> {
        self.step(&Line::decode(bytes)?.into()).map(drop)
    }

    fn step(&self, decoded: &Decoded) -> Result<Step, ReplayError> {
        let line = &decoded.line;
        self.chain.check_place(line.index, line.prev)?;
        match &self.ledger {
            None => self.found(line, &decoded.verdicts),
            Some(ledger) => self.follow(ledger, decoded),
        }
    }

    /// Judges the first line.
    fn found(&self, line: &Line, ahead: &Verdicts) -> Result<Step, ReplayError> {
        let Data::Genesis(genesis) = line.content.data() else {
            return Err(ReplayError::GenesisPlace);
        };
        if genesis.format != 1 {
            return Err(ReplayError::Unsupported { format: genesis.format });
        }
        if line.content.ledger().is_some() {
            return Err(ReplayError::LedgerOther);
        }
        check_genesis(genesis)?;
        let founding = Founding::of(&line.content, genesis);
        if self.expected.is_some_and(|expected| expected != founding.identity) {
            return Err(ReplayError::IdentityOther { found: founding.identity });
        }
        check_scale(line.content.data(), &founding.unit)?;
        let register = Register::from_genesis(genesis)?;
        let months = Months::new(genesis, line.index, &register);
        months.check_date(line.content.date(), line.recorded.day_at(founding.offset))?;
        let recorders = vec![(line.index.size_after(), genesis.recorder.clone())];
        let ledger = Ledger { founding, months, recorders, register };
        let signers = ledger.register.signers(line, ahead, &self.verifier)?;
        ledger.register.check_authority(&line.content, &signers.approvers)?;
        Ok(Step { ledger: Some(ledger), register: None, signatures: signers })
    }

    /// Judges a later line.
    fn follow(&self, ledger: &Ledger, decoded: &Decoded) -> Result<Step, ReplayError> {
        let Decoded { line, name, verdicts, .. } = decoded;
        self.check_content(ledger, &line.content, *name, line.recorded)?;
        let signers = ledger.register.signers(line, verdicts, &self.verifier)?;
        ledger.register.check_authority(&line.content, &signers.approvers)?;
        if let Data::Close(close) = line.content.data() {
            ledger
                .months
                .check_close(close, line.content.date(), line.index, |size| self.chain.root_at(size))?;
        }
        if let Data::Recovery(recovery) = line.content.data() {
            self.chain.check_tip(recovery.size, recovery.root)?;
        }
        let register = ledger.register.after(line.content.data(), line.index)?;
        Ok(Step { ledger: None, register, signatures: signers })
    }

    /// What can be said of a content before anyone signs: its ledger, figures, links, date and reference.
    fn check_content(
        &self,
        ledger: &Ledger,
        content: &Content,
        name: Name,
        recorded: Timestamp,
    ) -> Result<(), ReplayError> {
        check_founded(&ledger.founding, content)?;
        self.check_links(content.data())?;
        ledger.months.check_date(content.date(), recorded.day_at(ledger.founding.offset))?;
        ledger.months.check_kind(content.kind())?;
        ledger.months.check_reference(content.date(), name)?;
        if let Data::Deed(change) = content.data() {
            ledger.months.check_deed(change)?;
        }
        Ok(())
    }

    fn check_links(&self, data: &Data) -> Result<(), ReplayError> {
        struct Links(Vec<Link>);
        impl Visit for Links {
            fn link(&mut self, link: Link) {
                self.0.push(link);
            }
        }
        let mut links = Links(Vec::new());
        data.walk(&mut links);
        let wrong = links.0.into_iter().find(|link| self.chain.leaf(link.index) != Some(link.leaf));
        wrong.map_or(Ok(()), |link| Err(ReplayError::Link { index: link.index }))
    }

    /// Takes in a line that was judged good: from here nothing can fail.
    fn take(&mut self, decoded: Decoded, step: Step) -> Verified<Entry> {
        let Decoded { leaf, line, name, .. } = decoded;
        if let Some(ledger) = step.ledger {
            self.ledger = Some(ledger);
        }
        if let Some(ledger) = &mut self.ledger {
            ledger.months.take(&line.content, name, line.index);
            if let Some(register) = step.register {
                ledger.register_changed(line.index.size_after(), register);
            }
        }
        self.chain.push(leaf);
        let verifier = Arc::make_mut(&mut self.verifier);
        step.signatures.keys.iter().for_each(|key| verifier.count(key));
        Verified::assert(Entry::of(line, leaf, step.signatures))
    }

    /// The line that would record `content` next, for its recorder to sign.
    #[must_use]
    pub fn prepare(&self, content: Content, mut approvals: Vec<Approval>) -> Unsigned {
        approvals.sort_by_key(|approval| approval.key);
        Unsigned { approvals, content, index: self.size().next_index(), prev: self.head() }
    }

    /// The entry that a draft would be if it were recorded now with these approvals: never a fact.
    ///
    /// # Errors
    /// As for [`Replay::push`], without the recorder's signature and the needs of authority entries.
    pub fn suppose(
        &self,
        content: &Content,
        approvals: &[Approval],
        recorded: Timestamp,
        recorder: Signer,
    ) -> Result<Supposed, ReplayError> {
        let ledger = self.ledger.as_ref().ok_or(ReplayError::GenesisPlace)?;
        self.check_content(ledger, content, Name::of(content.reference()), recorded)?;
        let approvers = approvals.iter().map(|approval| self.check_approval(content, approval));
        let approvers: Vec<Option<Signer>> = approvers.collect::<Result<_, _>>()?;
        let mut approvers: Vec<Signer> = approvers.into_iter().flatten().collect();
        let own = ledger.register.active(recorder.key, self.size().next_index());
        if own.is_some_and(|key| key.may(Use::Approve)) {
            approvers.push(recorder.clone());
        }
        Ok(Supposed(Entry {
            approvers,
            content: content.clone(),
            index: self.size().next_index(),
            leaf: Hash::leaf(content.bytes()),
            recorded,
            recorder,
        }))
    }

    /// Verifies one approval of a draft by the register as it is now: whose voice it is, or nobody's if it only
    /// proves that a key which the content admits is held.
    ///
    /// # Errors
    /// [`ReplayError::ApprovalKey`] or [`ReplayError::ApprovalSignature`].
    pub fn check_approval(
        &self,
        content: &Content,
        approval: &Approval,
    ) -> Result<Option<Signer>, ReplayError> {
        let key = approval.key;
        let ledger = self.ledger.as_ref().ok_or(ReplayError::ApprovalKey { key })?;
        let voice = ledger.register.voice(self.size().next_index(), key, admitted(content.data()))?;
        if voice.public().verifies(&content.approval_message(), &approval.sig) {
            Ok(voice.counts.then(|| voice.signer()))
        } else {
            Err(ReplayError::ApprovalSignature { key })
        }
    }

    /// Whether this key may record a content next, and whose approval its signature is then: nobody's if the key
    /// may not approve or is only being admitted.
    ///
    /// # Errors
    /// [`ReplayError::RecorderKey`].
    pub fn check_recorder(&self, content: &Content, key: KeyId) -> Result<Option<Signer>, ReplayError> {
        let ledger = self.ledger.as_ref().ok_or(ReplayError::RecorderKey { key })?;
        let voice = ledger.register.recording(self.size().next_index(), content, key)?;
        Ok(voice.counts.then(|| voice.signer()))
    }

    /// Number of lines taken in.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.chain.size()
    }

    /// The leaf hash of the last line.
    #[must_use]
    pub fn head(&self) -> Option<Hash> {
        self.chain.head()
    }

    /// The root of the tree of all lines.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.chain.frontier().root()
    }

    /// The root after the first `size` lines; `None` if that lies more than 4,096 lines back.
    #[must_use]
    pub fn root_at(&self, size: Size) -> Option<Hash> {
        self.chain.root_at(size)
    }

    /// The leaf hash of an earlier line.
    #[must_use]
    pub fn leaf(&self, index: Index) -> Option<Hash> {
        self.chain.leaf(index)
    }

    /// The tree's right edge.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        self.chain.frontier()
    }

    /// What genesis fixed; `None` before it.
    #[must_use]
    pub fn founding(&self) -> Option<&Founding> {
        self.ledger.as_ref().map(|ledger| &ledger.founding)
    }

    /// Parties and keys as they are now; `None` before genesis.
    #[must_use]
    pub fn register(&self) -> Option<&Register> {
        self.ledger.as_ref().map(|ledger| &ledger.register)
    }

    /// The keys by which this ledger's checkpoints are judged; `None` before genesis.
    #[must_use]
    pub fn note_keys(&self) -> Option<NoteKeys> {
        self.ledger.as_ref().map(NoteKeys::of)
    }

    /// Closes, deeds and references; `None` before genesis.
    #[must_use]
    pub fn months(&self) -> Option<&Months> {
        self.ledger.as_ref().map(|ledger| &ledger.months)
    }
}

/// What a genesis must be in itself; keys and parties are checked by the register.
fn check_genesis(genesis: &Genesis) -> Result<(), AuthorityError> {
    let mut labels: Vec<_> = genesis.accounts.iter().map(|account| ("account", &account.account)).collect();
    labels.extend(genesis.funds.iter().map(|fund| ("fund", &fund.fund)));
    labels.extend(genesis.parties.iter().map(|party| ("party", &party.party)));
    labels.sort();
    if let Some([_, (_, twice)]) = labels.array_windows().find(|[a, b]| a == b) {
        return Err(AuthorityError::LabelTwice((*twice).clone()));
    }
    if genesis.origin.as_str().contains(|c: char| c.is_whitespace() || c == '+') {
        return Err(AuthorityError::Origin);
    }
    if !genesis.unit.is_valid() {
        return Err(AuthorityError::Unit);
    }
    if genesis.deed.first == genesis.first.first_day() { Ok(()) } else { Err(AuthorityError::DeedStart) }
}

/// What can be said of a later content by genesis alone: its place, ledger, format and figures.
pub(crate) fn check_founded(founding: &Founding, content: &Content) -> Result<(), ReplayError> {
    if content.kind() == Kind::Genesis {
        return Err(ReplayError::GenesisPlace);
    }
    if content.ledger() != Some(founding.identity) {
        return Err(ReplayError::LedgerOther);
    }
    if let Data::Migration(migration) = content.data() {
        return Err(ReplayError::Unsupported { format: migration.to_format });
    }
    check_scale(content.data(), &founding.unit)
}

fn check_scale(data: &Data, unit: &Unit) -> Result<(), ReplayError> {
    struct Scales {
        expected: u32,
        wrong: Option<u32>,
    }
    impl Visit for Scales {
        fn amount(&mut self, amount: Amount) {
            if amount.scale() != self.expected {
                self.wrong = Some(amount.scale());
            }
        }
        fn balance(&mut self, balance: Balance) {
            if balance.scale() != self.expected {
                self.wrong = Some(balance.scale());
            }
        }
    }
    let expected = u32::from(unit.scale);
    let mut scales = Scales { expected, wrong: None };
    data.walk(&mut scales);
    scales.wrong.map_or(Ok(()), |found| Err(ReplayError::AmountScale { expected, found }))
}
