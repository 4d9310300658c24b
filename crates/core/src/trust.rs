//! What a reader brings from outside, and what a verdict may rest on it (spec: G-1…G-12).
//!
//! A file can show that it fits together; whose ledger it is, and that it is the only one, it cannot show by itself.

use crate::anchor::{Anchor, AnchorError};
use crate::checkpoint::OpenCheckpoint;
use crate::evidence::{Fork, ForkAt};
use crate::hash::Hash;
use crate::key::PublicKey;
use crate::kind::authority::Role;
use crate::note::{NoteKeyType, NoteSigner, VerifierKey};
use crate::number::Size;
use crate::policy::Policy;
use crate::register::{Register, Signer};
use crate::replay::Founding;
use crate::text::Label;

/// What a reader knows from elsewhere; each part may be absent.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// What the reader kept from earlier files.
    pub anchor: Option<Anchor>,
    /// The ledger's identity.
    pub identity: Option<Hash>,
    /// Keys of trustee and committee, and of cosigners, that the reader got from them.
    pub keys: Vec<VerifierKey>,
    /// Raw keys of trustee and committee.
    pub raw_keys: Vec<PublicKey>,
    /// Whose signatures are enough.
    pub policy: Option<Policy>,
}

/// Whose ledger a file says it is of, and who acts for it.
#[derive(Clone, Copy, Debug)]
pub struct Claimed<'a> {
    /// Those who approved the last close shown; `None` if no close was shown.
    pub approvers: Option<&'a [Signer]>,
    /// What the ledger's genesis fixed.
    pub founding: &'a Founding,
    /// The register after the last line shown.
    pub register: &'a Register,
}

/// What a file showed of its ledger, for a reader to judge.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The signed checkpoint.
    pub checkpoint: Option<&'a OpenCheckpoint>,
    /// Whose ledger it is.
    pub claimed: Claimed<'a>,
    /// The smallest size whose root the file lets us work out.
    pub from: Size,
    /// The size after the last line shown.
    pub size: Size,
    /// Whether the ledger itself ends here, so that one shorter than the anchor was cut.
    pub whole: bool,
}

/// What a file lets a reader work out at sizes: roots, and the digest of the register.
pub trait Sizes {
    /// The digest of the register after the first `size` lines, if the file shows it.
    fn register(&self, size: Size) -> Option<Hash>;
    /// The root of the first `size` lines, if the file shows it.
    fn root(&self, size: Size) -> Option<Hash>;
}

/// Why the file is not what the reader knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Not the history accepted before.
    #[error(transparent)]
    Anchor(#[from] AnchorError),
    /// Not the ledger asked for (spec: I-2).
    #[error("this is ledger {found}, not the one asked for")]
    IdentityOther {
        /// The ledger found.
        found: Hash,
    },
    /// The ledger never admitted one of the reader's keys, or none of them is the trustee's or the committee's (G-3).
    #[error(
        "the ledger does not have all the keys given, or none of them is the trustee's or the committee's"
    )]
    KeysOther,
    /// No log key that the policy accepts has signed (spec: G-5).
    #[error("no log key of the policy has signed the checkpoint")]
    PolicyLog,
    /// The ledger knows the party by other keys, or they did not approve the close (spec: G-6).
    #[error("party `{0}` is known to you by other keys than those that act for it here")]
    PolicyParty(Label),
    /// Too few of the policy's witnesses have cosigned (spec: G-5).
    #[error("the checkpoint lacks cosignatures that the policy asks for")]
    PolicyUnmet,
}

impl TrustError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Anchor(error) => error.code(),
            Self::IdentityOther { .. } => "identity-other",
            Self::KeysOther => "keys-other",
            Self::PolicyLog => "policy-log",
            Self::PolicyParty(_) => "policy-party",
            Self::PolicyUnmet => "policy-unmet",
        }
    }
}

/// What speaks for this being the only history that its parties have shown (spec: G-11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unique {
    /// A checkpoint accepted before, newer than the last change of keys.
    Anchor(Size),
    /// A cosigner known to the reader has seen the tree of this size and no other.
    Cosigner(Box<NoteSigner>, Size),
}

/// What a verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// The anchor's size that the history passes through; `Some(None)` if it has none in reach: not linked.
    pub anchor: Option<Option<Size>>,
    /// Cosigners that the reader or the register knows.
    pub cosigners: Vec<NoteSigner>,
    /// The reader's identity is the ledger's.
    pub identity: bool,
    /// The ledger has admitted the reader's keys for the parties.
    pub keys: bool,
    /// The reader's policy is met.
    pub policy: bool,
    /// What speaks for this being the only history.
    pub unique: Option<Unique>,
}

impl Grounds {
    /// Whether anything from outside says whose ledger it is; that of an unlinked anchor is its identity alone.
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        self.identity || self.keys || self.policy || self.anchor.is_some()
    }

    /// Whether it is known whose ledger it is and, of a reader with an anchor, that it is the history accepted before.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.is_authenticated() && !self.is_unlinked()
    }

    /// Whether the reader has an anchor, and nothing in the file passes through it (spec: G-10).
    #[must_use]
    pub const fn is_unlinked(&self) -> bool {
        matches!(self.anchor, Some(None))
    }

    /// The strongest ground, as one word for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match (self.anchor, self.policy, self.identity, self.keys) {
            (Some(Some(_)), ..) => "anchor",
            (_, true, ..) => "policy",
            (_, _, true, _) => "identity",
            (.., true) => "keys",
            (Some(None), ..) => "unlinked",
            _ => "none",
        }
    }
}

impl Trust {
    /// The ledger asked for, as given or as the policy names it; an anchor's ledger is judged by [`Trust::judge`].
    #[must_use]
    pub fn identity(&self) -> Option<Hash> {
        self.identity.or_else(|| self.policy.as_ref().and_then(Policy::identity))
    }

    /// Whether the reader brought anything at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.anchor.is_none()
            && self.identity.is_none()
            && self.keys.is_empty()
            && self.raw_keys.is_empty()
            && self.policy.is_none()
    }

    /// Keys by which checkpoints may be cosigned, besides those of the register.
    #[must_use]
    pub fn witnesses(&self) -> Vec<VerifierKey> {
        let listed = self.keys.iter().filter(|key| key.signs() == NoteKeyType::Cosigner).cloned();
        listed.chain(self.policy.iter().flat_map(Policy::witnesses)).collect()
    }

    /// Judges whose ledger it is: by identity, keys, the policy's parties and the anchor's identity, every one of
    /// which must agree (spec: G-2, G-3, G-6, G-8).
    ///
    /// # Errors
    /// See [`TrustError`].
    pub fn knows(&self, claimed: &Claimed<'_>) -> Result<Grounds, TrustError> {
        let of_policy = self.policy.as_ref().and_then(Policy::identity);
        if [self.identity, of_policy].into_iter().flatten().any(|asked| asked != claimed.founding.identity) {
            return Err(TrustError::IdentityOther { found: claimed.founding.identity });
        }
        let is_other = |anchor: &Anchor| {
            anchor.identity() != claimed.founding.identity
                || anchor.origin().as_str() != claimed.founding.origin
        };
        if self.anchor.as_ref().is_some_and(is_other) {
            return Err(AnchorError::OtherLedger.into());
        }
        let keys = self.party_keys();
        if !keys.is_empty() && !admits(claimed.register, &keys) {
            return Err(TrustError::KeysOther);
        }
        if let Some(policy) = &self.policy {
            knows_parties(policy, claimed)?;
        }
        Ok(Grounds {
            anchor: self.anchor.as_ref().map(|_| None),
            identity: self.identity.is_some() || of_policy.is_some(),
            keys: !keys.is_empty(),
            policy: self.policy.as_ref().is_some_and(Policy::names_parties),
            ..Grounds::default()
        })
    }

    /// Judges whose ledger a fork is of: as [`Trust::knows`], and lines of authority without those of the anchor's
    /// register would hide that a key had ended (spec: J-5).
    ///
    /// # Errors
    /// See [`TrustError`].
    pub fn knows_fork(&self, fork: &Fork) -> Result<Grounds, TrustError> {
        let path = &fork.authority;
        let claimed = Claimed { approvers: None, founding: path.founding(), register: path.register() };
        let grounds = self.knows(&claimed)?;
        let reached = self.anchor.as_ref().filter(|anchor| {
            Size::default() < anchor.size()
                && match fork.at {
                    ForkAt::Index(index) => anchor.size().next_index() <= index,
                    ForkAt::Size(size) => anchor.size() <= size,
                }
        });
        match reached {
            Some(anchor) if path.register_at(anchor.size()) != Some(anchor.register()) => {
                Err(AnchorError::Fork { size: anchor.size() }.into())
            }
            _ => Ok(grounds),
        }
    }

    /// Judges what a file showed.
    ///
    /// # Errors
    /// See [`TrustError`].
    pub fn judge(&self, shown: &Shown<'_>, sizes: &impl Sizes) -> Result<Grounds, TrustError> {
        let grounds = self.knows(&shown.claimed)?;
        let anchor = self.anchor.as_ref().map(|anchor| linked(anchor, shown, sizes)).transpose()?;
        let policy = self.policy.as_ref().map(|policy| meets(policy, shown)).transpose()?;
        let cosigners = shown.checkpoint.map(|open| open.cosigners.clone()).unwrap_or_default();
        // Where the file does not prove its register to the end, a change of keys may have been left out.
        let is_proven = sizes.register(shown.size).is_some();
        let unique = unique(shown, anchor.flatten(), &self.witnesses()).filter(|_| is_proven);
        Ok(Grounds { anchor, cosigners, policy: policy.unwrap_or(false), unique, ..grounds })
    }

    /// The keys given for trustee and committee.
    fn party_keys(&self) -> Vec<PublicKey> {
        let listed = self.keys.iter().filter(|key| key.signs() == NoteKeyType::Log).map(VerifierKey::key);
        listed.chain(self.raw_keys.iter().copied()).collect()
    }
}

/// The history passes through what was accepted before (spec: G-8).
fn linked(anchor: &Anchor, shown: &Shown<'_>, sizes: &impl Sizes) -> Result<Option<Size>, TrustError> {
    let last = anchor.size();
    if shown.whole && last > shown.size {
        return Err(AnchorError::Shorter { found: shown.size, size: last }.into());
    }
    let linked = anchor.check(shown.from, shown.size, |size| sizes.root(size))?;
    // A history that reaches as far must have had the same keys there, wherever its own roots lie.
    let register = sizes.register(last).filter(|_| last <= shown.size && last > Size::default());
    if register.is_some_and(|register| register != anchor.register()) {
        return Err(AnchorError::Fork { size: last }.into());
    }
    Ok(linked)
}

/// The ledger admitted all these keys, and among them one of the trustee and one of the committee (spec: G-3).
///
/// Every admitted key signed its own admission, in a content that names this ledger.
fn admits(register: &Register, keys: &[PublicKey]) -> bool {
    let party_of = |key: &PublicKey| {
        register.key(key.id()).filter(|(_, public)| public == key).map(|(known, _)| &known.grant.party)
    };
    let of_role = |role| {
        let party = register.with_role(role).map(|party| &party.party);
        party.is_some() && keys.iter().any(|key| party_of(key) == party)
    };
    keys.iter().all(|key| party_of(key).is_some()) && of_role(Role::Trustee) && of_role(Role::Agent)
}

/// The policy's parties are the ledger's, and approved the last close (spec: G-6).
fn knows_parties(policy: &Policy, claimed: &Claimed<'_>) -> Result<(), TrustError> {
    let unheard = || claimed.approvers.and_then(|approvers| policy.party_unheard(approvers));
    match policy.party_unknown_to(claimed.register).or_else(unheard) {
        Some(party) => Err(TrustError::PolicyParty(party.party.clone())),
        None => Ok(()),
    }
}

/// The policy's log keys and witnesses (spec: G-5). Whether the policy says anything about who they are.
fn meets(policy: &Policy, shown: &Shown<'_>) -> Result<bool, TrustError> {
    let asks = policy.asks_for_witnesses() || !policy.logs().is_empty();
    match shown.checkpoint {
        // Without a checkpoint the policy's witnesses and logs have signed nothing.
        None if asks => return Err(TrustError::PolicyUnmet),
        None => {}
        Some(open) => policy.judge(open)?,
    }
    Ok(policy.names_parties() || asks)
}

impl Policy {
    /// Judges a checkpoint by the policy's log keys and quorum (spec: G-5).
    ///
    /// # Errors
    /// [`TrustError::PolicyLog`] or [`TrustError::PolicyUnmet`].
    pub fn judge(&self, open: &OpenCheckpoint) -> Result<(), TrustError> {
        if !self.logs().is_empty() && !open.logs.iter().any(|log| self.logs().contains(log)) {
            return Err(TrustError::PolicyLog);
        }
        let cosigners: Vec<VerifierKey> = open.cosigners.iter().map(|signer| signer.key.clone()).collect();
        if self.is_met_by(&cosigners) { Ok(()) } else { Err(TrustError::PolicyUnmet) }
    }
}

/// An anchor or a cosigner that the reader knows, who saw a tree that holds the last change of keys (spec: G-11).
fn unique(shown: &Shown<'_>, anchored: Option<Size>, known: &[VerifierKey]) -> Option<Unique> {
    let last_change = shown.claimed.register.last_change();
    if let Some(size) = anchored.filter(|size| last_change <= *size) {
        return Some(Unique::Anchor(size));
    }
    let open = shown.checkpoint.filter(|open| last_change <= open.checkpoint.size)?;
    let cosigner = open.cosigners.iter().find(|signer| known.contains(&signer.key))?;
    Some(Unique::Cosigner(Box::new(cosigner.clone()), open.checkpoint.size))
}
