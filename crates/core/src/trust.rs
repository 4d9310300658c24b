//! What a reader brings from outside, and what a verdict may rest on it (spec: G-1…G-12).
//!
//! A file can show that it fits together; whose ledger it is, and that it is the only one, it cannot show by itself.

use crate::anchor::{Anchor, AnchorError};
use crate::checkpoint::OpenCheckpoint;
use crate::hash::Hash;
use crate::key::PublicKey;
use crate::kind::authority::Role;
use crate::note::{NoteKeyType, NoteSigner, VerifierKey};
use crate::number::Size;
use crate::policy::Policy;
use crate::register::{Register, Signer};
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

/// What a file showed of its ledger, for a reader to judge.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Those who approved the last close shown; `None` if no close was shown.
    pub approvers: Option<&'a [Signer]>,
    /// The signed checkpoint.
    pub checkpoint: Option<&'a OpenCheckpoint>,
    /// The ledger.
    pub identity: Hash,
    /// The smallest size whose root the file lets us work out.
    pub from: Size,
    /// The ledger's origin.
    pub origin: &'a str,
    /// The register after the last line shown.
    pub register: &'a Register,
    /// The size after the last line shown.
    pub size: Size,
    /// Whether the ledger itself ends here, so that one shorter than the anchor was cut.
    pub whole: bool,
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
    /// A cosigner known to the reader has seen this tree and no other of its size.
    Cosigner(Box<NoteSigner>),
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
    /// The reader's keys act for the parties.
    pub keys: bool,
    /// The reader's policy is met.
    pub policy: bool,
    /// What speaks for this being the only history.
    pub unique: Option<Unique>,
}

impl Grounds {
    /// Whether anything from outside says whose ledger it is.
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        self.identity || self.keys || self.policy || self.anchor.is_some()
    }

    /// The strongest ground, as one word for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match (self.anchor.is_some(), self.policy, self.identity, self.keys) {
            (true, ..) => "anchor",
            (_, true, ..) => "policy",
            (_, _, true, _) => "identity",
            (.., true) => "keys",
            _ => "none",
        }
    }
}

impl Trust {
    /// The ledger asked for: as given, or as anchor or policy name it.
    #[must_use]
    pub fn identity(&self) -> Option<Hash> {
        let of_policy = || self.policy.as_ref().and_then(Policy::identity);
        self.identity.or_else(|| self.anchor.as_ref().map(Anchor::identity)).or_else(of_policy)
    }

    /// Keys by which checkpoints may be cosigned, besides those of the register.
    #[must_use]
    pub fn witnesses(&self) -> Vec<VerifierKey> {
        let listed = self.keys.iter().filter(|key| key.signs() == NoteKeyType::Cosigner).cloned();
        listed.chain(self.policy.iter().flat_map(Policy::witnesses)).collect()
    }

    /// Judges what a file showed; `root` gives the root at sizes from `shown.from` to `shown.size`.
    ///
    /// # Errors
    /// See [`TrustError`].
    pub fn judge(
        &self,
        shown: &Shown<'_>,
        root: impl Fn(Size) -> Option<Hash>,
    ) -> Result<Grounds, TrustError> {
        if self.identity().is_some_and(|asked| asked != shown.identity) {
            return Err(TrustError::IdentityOther { found: shown.identity });
        }
        let anchor = self.anchor.as_ref().map(|anchor| linked(anchor, shown, root)).transpose()?;
        let keys = self.party_keys();
        if !keys.is_empty() && !admits(shown.register, &keys) {
            return Err(TrustError::KeysOther);
        }
        let policy = self.policy.as_ref().map(|policy| meets(policy, shown)).transpose()?;
        let cosigners = shown.checkpoint.map(|open| open.cosigners.clone()).unwrap_or_default();
        let unique = unique(shown, anchor.flatten(), &cosigners, &self.witnesses());
        Ok(Grounds {
            anchor,
            cosigners,
            identity: self.identity.is_some() || self.policy.as_ref().and_then(Policy::identity).is_some(),
            keys: !keys.is_empty(),
            policy: policy.unwrap_or(false),
            unique,
        })
    }

    /// The keys given for trustee and committee.
    fn party_keys(&self) -> Vec<PublicKey> {
        let listed = self.keys.iter().filter(|key| key.signs() == NoteKeyType::Log).map(VerifierKey::key);
        listed.chain(self.raw_keys.iter().copied()).collect()
    }
}

/// The history passes through what was accepted before (spec: G-8).
fn linked(
    anchor: &Anchor,
    shown: &Shown<'_>,
    root: impl Fn(Size) -> Option<Hash>,
) -> Result<Option<Size>, TrustError> {
    if anchor.origin().as_str() != shown.origin {
        return Err(AnchorError::OtherLedger.into());
    }
    if shown.whole && anchor.size() > shown.size {
        return Err(AnchorError::Shorter { found: shown.size, size: anchor.size() }.into());
    }
    Ok(anchor.check(shown.from, shown.size, root)?)
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

/// The policy's log keys, witnesses and parties (spec: G-5, G-6). Whether it says anything about who they are.
fn meets(policy: &Policy, shown: &Shown<'_>) -> Result<bool, TrustError> {
    if let Some(party) = policy.party_unknown_to(shown.register) {
        return Err(TrustError::PolicyParty(party.party.clone()));
    }
    if let Some(party) = shown.approvers.and_then(|approvers| policy.party_unheard(approvers)) {
        return Err(TrustError::PolicyParty(party.party.clone()));
    }
    let Some(open) = shown.checkpoint else {
        // Without a checkpoint the policy's witnesses and logs have signed nothing.
        let needs_one = policy.asks_for_witnesses() || !policy.logs().is_empty();
        return if needs_one { Err(TrustError::PolicyUnmet) } else { Ok(policy.names_parties()) };
    };
    if !policy.logs().is_empty() && !policy.logs().contains(&open.log) {
        return Err(TrustError::PolicyLog);
    }
    let cosigners: Vec<VerifierKey> = open.cosigners.iter().map(|signer| signer.key.clone()).collect();
    if !policy.is_met_by(&cosigners) {
        return Err(TrustError::PolicyUnmet);
    }
    Ok(policy.names_parties() || policy.asks_for_witnesses() || !policy.logs().is_empty())
}

/// An anchor or a cosigner that the reader knows, newer than the last change of keys (spec: G-11).
fn unique(
    shown: &Shown<'_>,
    anchored: Option<Size>,
    cosigners: &[NoteSigner],
    known: &[VerifierKey],
) -> Option<Unique> {
    if let Some(size) = anchored.filter(|size| shown.register.last_change() <= *size) {
        return Some(Unique::Anchor(size));
    }
    cosigners
        .iter()
        .find(|signer| known.contains(&signer.key))
        .map(|signer| Unique::Cosigner(Box::new(signer.clone())))
}
