//! The key register: which key acts for which party from which index (spec: A-1…A-9, K-3, K-4).
//!
//! *Active* is a matter of index alone. Terms are dates and belong to the rules; whether approvals were enough
//! is the deed's affair, except for authority entries, whose needs stand here (spec: A-4).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::hash::Hash;
use crate::json;
use crate::key::{KeyId, PublicKey};
use crate::kind::Data;
use crate::kind::authority::{Genesis, KeyGrant, Keys, Party, Quorum, Recovery, Role, Term, Use};
use crate::kind::deed::Need;
use crate::number::{Index, Size};
use crate::text::Label;

/// Why a change of parties or keys is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// A party that would be its own counter-approver (spec: A-5).
    #[error("party `{0}` cannot be its own counter-approver")]
    CounterOwn(Label),
    /// A genesis whose first deed does not start on the first day of the first period (spec: A-8).
    #[error("the first deed must start on the first day of the first period")]
    DeedStart,
    /// A holder with keys of two parties: one person would be both voices (spec: A-3).
    #[error("holder `{0}` would have keys of two parties")]
    HolderOfTwoParties(Label),
    /// Two accounts, funds or parties of a genesis share a label (spec: A-2).
    #[error("the label `{0}` is given twice")]
    LabelTwice(Label),
    /// A key id that the ledger has seen before (spec: K-4).
    #[error("key {0} was in the register before; a key never comes back")]
    KeyReused(KeyId),
    /// More keys than a ledger may ever admit (spec: A-10).
    #[error("a ledger admits at most {} keys, ended ones counted", Register::MAX_KEYS)]
    KeysTooMany,
    /// A key to retire or revoke that is not active (spec: A-5).
    #[error("key {0} is not active")]
    KeyNotActive(KeyId),
    /// A grant or change for another party than the entry names (spec: A-5).
    #[error("key {0} does not belong to the party that the entry names")]
    KeyOfOtherParty(KeyId),
    /// A list that must be sorted, each once (spec: V-13).
    #[error("a list must be sorted and name each only once")]
    NotSorted,
    /// The genesis names no party with this role, or two (spec: A-2).
    #[error("there must be exactly one party with the role `{0}`")]
    OneOfRole(Role),
    /// An origin with blanks or `+` (spec: A-2).
    #[error("the origin must not hold blanks or `+`")]
    Origin,
    /// More parties than a ledger may have (spec: A-10).
    #[error("a ledger has at most {} parties", Register::MAX_PARTIES)]
    PartiesTooMany,
    /// A party that the register does not know (spec: A-1).
    #[error("there is no party `{0}`")]
    PartyUnknown(Label),
    /// A recovery quorum of fewer than two parties, or more than it lists (spec: A-7).
    #[error("a recovery needs at least two of the parties it lists")]
    Quorum,
    /// The recorder's party would have no key that can record (spec: A-2).
    #[error("the recorder `{0}` would have no key that may record and no key that may sign checkpoints")]
    RecorderWithoutKey(Label),
    /// The entry changes another register than the present one (spec: A-6).
    #[error("the entry changes a register that is not the present one")]
    RegisterStale,
    /// A party would have fewer holders with keys than its threshold (spec: A-2).
    #[error("party `{0}` would have fewer key holders than its threshold")]
    ThresholdOutOfReach(Label),
    /// More digits than a unit may have (spec: V-6).
    #[error("a unit has at most 8 digits after the point")]
    Unit,
}

impl AuthorityError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CounterOwn(_) => "counter-own",
            Self::DeedStart => "deed-start",
            Self::HolderOfTwoParties(_) => "holder-of-two-parties",
            Self::LabelTwice(_) => "label-twice",
            Self::KeyReused(_) => "key-reused",
            Self::KeysTooMany => "keys-too-many",
            Self::KeyNotActive(_) => "key-not-active",
            Self::KeyOfOtherParty(_) => "key-of-other-party",
            Self::NotSorted => "list-not-sorted",
            Self::OneOfRole(_) => "role-not-one",
            Self::Origin => "origin-invalid",
            Self::PartiesTooMany => "parties-too-many",
            Self::PartyUnknown(_) => "party-unknown",
            Self::Quorum => "quorum-too-small",
            Self::RecorderWithoutKey(_) => "recorder-without-key",
            Self::RegisterStale => "register-stale",
            Self::ThresholdOutOfReach(_) => "threshold-out-of-reach",
            Self::Unit => "unit-invalid",
        }
    }
}

/// How a key's time ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEnd {
    /// The lowest index whose lines are in doubt, if the key was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt_from: Option<Index>,
    /// The first index at which the key is no longer active.
    pub until: Index,
}

/// A key in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisteredKey {
    /// How its time ended, if it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<KeyEnd>,
    /// The first index at which it is active.
    pub from: Index,
    /// The key and for whom it acts.
    pub grant: KeyGrant,
}

impl RegisteredKey {
    /// Whether the key may act for the line at `index` (spec: K-3).
    #[must_use]
    pub fn is_active(&self, index: Index) -> bool {
        self.from <= index && self.end.is_none_or(|end| index < end.until)
    }

    /// Whether the key was given for this use.
    #[must_use]
    pub fn may(&self, purpose: Use) -> bool {
        self.grant.uses.contains(&purpose)
    }
}

/// A key that signed a line, with what the register says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Who holds it.
    pub holder: Label,
    /// The key.
    pub key: KeyId,
    /// The party it acts for.
    pub party: Label,
    /// The days for which it was given.
    pub term: Term,
}

impl Signer {
    /// The key with this id, which was granted so.
    pub(crate) fn of(key: KeyId, grant: &KeyGrant) -> Self {
        Self { holder: grant.holder.clone(), key, party: grant.party.clone(), term: grant.term.clone() }
    }
}

/// The parties and their keys at one size of a ledger.
///
/// A copy is cheap: registers of one ledger share the keys and parties in which they do not differ, so that whoever
/// follows a ledger's authority can keep the register of every place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RegisterForm")]
pub struct Register {
    pub(crate) keys: Arc<BTreeMap<KeyId, Arc<RegisteredKey>>>,
    pub(crate) parties: Arc<BTreeMap<Label, Arc<Party>>>,
    recorder: Label,
    recovery: Arc<Quorum>,
}

/// The canonical form of a register: lists, because the format has no user-chosen object keys (spec: A-6).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterForm {
    keys: Vec<RegisteredKey>,
    parties: Vec<Party>,
    recorder: Label,
    recovery: Quorum,
}

impl From<RegisterForm> for Register {
    fn from(form: RegisterForm) -> Self {
        let keys = form.keys.into_iter().map(|key| (key.grant.key.id(), Arc::new(key)));
        Self {
            keys: Arc::new(keys.collect()),
            parties: Arc::new(by_label(form.parties)),
            recorder: form.recorder,
            recovery: Arc::new(form.recovery),
        }
    }
}

impl Serialize for Register {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        /// [`RegisterForm`], for writing without a copy.
        #[derive(Serialize)]
        struct Written<'r> {
            keys: Vec<&'r RegisteredKey>,
            parties: Vec<&'r Party>,
            recorder: &'r Label,
            recovery: &'r Quorum,
        }
        let (recorder, recovery) = (&self.recorder, &*self.recovery);
        let (keys, parties) = (self.keys.values(), self.parties.values());
        let (keys, parties) = (keys.map(|key| &**key).collect(), parties.map(|party| &**party).collect());
        Written { keys, parties, recorder, recovery }.serialize(to)
    }
}

fn by_label(parties: Vec<Party>) -> BTreeMap<Label, Arc<Party>> {
    parties.into_iter().map(|party| (party.party.clone(), Arc::new(party))).collect()
}

impl Register {
    /// Most keys that a ledger ever admits, ended ones counted (spec: A-10).
    pub const MAX_KEYS: usize = 1_024;

    /// Most parties of a ledger (spec: A-10).
    pub const MAX_PARTIES: usize = 64;

    /// The register that a genesis sets up.
    pub(crate) fn from_genesis(genesis: &Genesis) -> Result<Self, AuthorityError> {
        let register = Self {
            keys: Arc::default(),
            parties: Arc::new(by_label(genesis.parties.clone())),
            recorder: genesis.recorder.clone(),
            recovery: Arc::new(genesis.recovery.clone()),
        };
        register.check_parties()?;
        register.check_quorum()?;
        let register = register.admit(&genesis.keys, Index::default())?;
        register.check_reach()?;
        Ok(register)
    }

    fn check_parties(&self) -> Result<(), AuthorityError> {
        if self.parties.len() > Self::MAX_PARTIES { Err(AuthorityError::PartiesTooMany) } else { Ok(()) }
    }

    fn check_quorum(&self) -> Result<(), AuthorityError> {
        let known = |party| self.parties.contains_key(party);
        if let Some(unknown) = self.recovery.parties.iter().find(|party| !known(party)) {
            return Err(AuthorityError::PartyUnknown(unknown.clone()));
        }
        if !self.recovery.parties.is_sorted_by(|a, b| a < b) {
            return Err(AuthorityError::NotSorted);
        }
        let needed = usize::from(self.recovery.needed);
        if needed < 2 || needed > self.recovery.parties.len() { Err(AuthorityError::Quorum) } else { Ok(()) }
    }

    /// Requires that every party with keys can reach its threshold and that someone can record.
    fn check_reach(&self) -> Result<(), AuthorityError> {
        for role in [Role::Trustee, Role::Agent] {
            if self.parties.values().filter(|party| party.role == role).count() != 1 {
                return Err(AuthorityError::OneOfRole(role));
            }
        }
        let (mut with_keys, mut holders) = (BTreeSet::new(), BTreeSet::new());
        for key in self.present() {
            with_keys.insert(&key.grant.party);
            if key.may(Use::Approve) {
                holders.insert((&key.grant.party, &key.grant.holder));
            }
        }
        for party in self.parties.values() {
            if let Some(counter) = &party.counter {
                if *counter == party.party {
                    return Err(AuthorityError::CounterOwn(counter.clone()));
                }
                if !self.parties.contains_key(counter) {
                    return Err(AuthorityError::PartyUnknown(counter.clone()));
                }
            }
            let must_act = matches!(party.role, Role::Trustee | Role::Agent);
            let has_keys = with_keys.contains(&party.party);
            let reach = holders.iter().filter(|(of, _)| **of == party.party).count();
            if party.threshold == 0 || (has_keys || must_act) && reach < usize::from(party.threshold) {
                return Err(AuthorityError::ThresholdOutOfReach(party.party.clone()));
            }
        }
        let recorder_may =
            |purpose| self.present().any(|key| key.grant.party == self.recorder && key.may(purpose));
        if recorder_may(Use::Record) && recorder_may(Use::Log) {
            Ok(())
        } else {
            Err(AuthorityError::RecorderWithoutKey(self.recorder.clone()))
        }
    }

    /// The keys that have not ended.
    pub(crate) fn present(&self) -> impl Iterator<Item = &RegisteredKey> {
        self.keys.values().map(|key| &**key).filter(|key| key.end.is_none())
    }

    /// The register with these keys admitted from `from` on.
    fn admit(mut self, grants: &[KeyGrant], from: Index) -> Result<Self, AuthorityError> {
        if !grants.is_sorted_by(|a, b| a.key.id() < b.key.id()) {
            return Err(AuthorityError::NotSorted);
        }
        // Where nothing is admitted, the keys stay shared with the register before.
        if grants.is_empty() {
            return Ok(self);
        }
        if self.keys.len().saturating_add(grants.len()) > Self::MAX_KEYS {
            return Err(AuthorityError::KeysTooMany);
        }
        let before = Arc::clone(&self.keys);
        let present = before.values().filter(|key| key.end.is_none()).map(|key| &key.grant);
        let mut parties: BTreeMap<&Label, &Label> =
            present.map(|grant| (&grant.holder, &grant.party)).collect();
        let keys = Arc::make_mut(&mut self.keys);
        for grant in grants {
            if !self.parties.contains_key(&grant.party) {
                return Err(AuthorityError::PartyUnknown(grant.party.clone()));
            }
            if grant.uses.is_empty() || !grant.uses.is_sorted_by(|a, b| a < b) {
                return Err(AuthorityError::NotSorted);
            }
            if **parties.entry(&grant.holder).or_insert(&grant.party) != grant.party {
                return Err(AuthorityError::HolderOfTwoParties(grant.holder.clone()));
            }
            let id = grant.key.id();
            let key = RegisteredKey { end: None, from, grant: grant.clone() };
            if keys.insert(id, Arc::new(key)).is_some() {
                return Err(AuthorityError::KeyReused(id));
            }
        }
        Ok(self)
    }

    /// The register with these keys of `party` ended from `until` on.
    fn end(
        mut self,
        party: &Label,
        ends: impl Iterator<Item = (KeyId, Option<Index>)>,
        until: Index,
    ) -> Result<Self, AuthorityError> {
        for (id, doubt_from) in ends {
            let key = Arc::make_mut(&mut self.keys).get_mut(&id).filter(|key| key.end.is_none());
            let key = key.ok_or(AuthorityError::KeyNotActive(id))?;
            if key.grant.party != *party {
                return Err(AuthorityError::KeyOfOtherParty(id));
            }
            Arc::make_mut(key).end = Some(KeyEnd { doubt_from, until });
        }
        Ok(self)
    }

    /// The register after an authority entry at `index`; `None` if its kind changes no register.
    pub(crate) fn after(&self, data: &Data, index: Index) -> Result<Option<Self>, AuthorityError> {
        let next = index.size_after().next_index();
        let changed = match data {
            Data::Party(change) => self.expect(change.register)?.with_party(&change.party)?,
            Data::Keys(change) => self.expect(change.register)?.with_keys(change, next)?,
            Data::Recovery(change) => self.expect(change.register)?.recovered(change, next)?,
            _ => return Ok(None),
        };
        changed.check_reach()?;
        Ok(Some(changed))
    }

    fn expect(&self, digest: Hash) -> Result<Self, AuthorityError> {
        if digest == self.digest() { Ok(self.clone()) } else { Err(AuthorityError::RegisterStale) }
    }

    fn with_party(mut self, party: &Party) -> Result<Self, AuthorityError> {
        Arc::make_mut(&mut self.parties).insert(party.party.clone(), Arc::new(party.clone()));
        self.check_parties()?;
        Ok(self)
    }

    fn with_keys(self, change: &Keys, from: Index) -> Result<Self, AuthorityError> {
        let sorted =
            change.retire.is_sorted_by(|a, b| a < b) && change.revoke.is_sorted_by(|a, b| a.key < b.key);
        if !sorted {
            return Err(AuthorityError::NotSorted);
        }
        if let Some(other) = change.add.iter().find(|grant| grant.party != change.party) {
            return Err(AuthorityError::KeyOfOtherParty(other.key.id()));
        }
        let retired = change.retire.iter().map(|id| (*id, None));
        let revoked = change.revoke.iter().map(|end| (end.key, Some(end.from.unwrap_or(from))));
        self.admit(&change.add, from)?.end(&change.party, retired.chain(revoked), from)
    }

    fn recovered(mut self, change: &Recovery, from: Index) -> Result<Self, AuthorityError> {
        if let Some(other) = change.add.iter().find(|grant| grant.party != change.party) {
            return Err(AuthorityError::KeyOfOtherParty(other.key.id()));
        }
        if let Some(recorder) = &change.recorder {
            self.recorder = recorder.clone();
        }
        let retired = change.retire.iter().map(|id| (*id, None));
        self.admit(&change.add, from)?.end(&change.party, retired, from)
    }

    /// SHA-256 of the canonical form, keys by id and parties by label: what closes and changes name.
    #[must_use]
    pub fn digest(&self) -> Hash {
        json::digest(self)
    }

    /// The smallest size that includes the last coming or going of a key; the genesis is the first.
    #[must_use]
    pub fn last_change(&self) -> Size {
        let changes = self.keys.values().flat_map(|key| [Some(key.from), key.end.map(|end| end.until)]);
        let effective = changes.flatten().max().unwrap_or_default();
        // A change at index i holds from i + 1 on, which is the size that includes it.
        Size::new(effective.get().max(1)).unwrap_or_default()
    }

    /// Every key ever admitted, by id.
    pub fn keys(&self) -> impl Iterator<Item = (&KeyId, &RegisteredKey)> {
        self.keys.iter().map(|(id, key)| (id, &**key))
    }

    /// Every party, by label.
    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.values().map(|party| &**party)
    }

    /// The party with this label.
    #[must_use]
    pub fn party(&self, label: &Label) -> Option<&Party> {
        self.parties.get(label).map(|party| &**party)
    }

    /// The party whose keys record.
    #[must_use]
    pub const fn recorder(&self) -> &Label {
        &self.recorder
    }

    /// Who may replace lost keys.
    #[must_use]
    pub fn recovery(&self) -> &Quorum {
        &self.recovery
    }

    /// The key `id` if it is active for the line at `index`.
    #[must_use]
    pub fn active(&self, id: KeyId, index: Index) -> Option<&RegisteredKey> {
        self.keys.get(&id).map(|key| &**key).filter(|key| key.is_active(index))
    }

    /// The active keys, of whatever party, that were given for `purpose`.
    pub fn active_for(&self, purpose: Use, index: Index) -> impl Iterator<Item = &RegisteredKey> {
        self.keys.values().map(|key| &**key).filter(move |key| key.is_active(index) && key.may(purpose))
    }

    /// The one party with this role, for the two roles that every ledger has exactly once.
    #[must_use]
    pub fn with_role(&self, role: Role) -> Option<&Party> {
        self.parties().find(|party| party.role == role)
    }

    /// The need that a party approves by its own threshold.
    #[must_use]
    pub fn threshold_of(&self, label: &Label) -> Option<Need> {
        self.parties.get(label).map(|party| Need { holders: party.threshold, party: label.clone() })
    }

    /// The public key and grant behind an id, whether active or not.
    #[must_use]
    pub fn key(&self, id: KeyId) -> Option<(&RegisteredKey, PublicKey)> {
        self.keys.get(&id).map(|key| (&**key, key.grant.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_change_leaves_as_it_is_is_shared_with_the_register_before() {
        let community = xinyi_testkit::Community::property_trust("2026-03");
        let text = serde_json::to_string(community.replay.register().unwrap()).unwrap();
        let before: Register = serde_json::from_str(&text).unwrap();
        let party = before.parties().next().unwrap().clone();
        let renamed = before.clone().with_party(&party).unwrap();
        assert!(Arc::ptr_eq(&renamed.keys, &before.keys));
        let ended = before.keys().next().unwrap().1.grant.clone();
        let retired = std::iter::once((ended.key.id(), None));
        let after = before.clone().end(&ended.party, retired, Index::default()).unwrap();
        assert!(Arc::ptr_eq(&after.parties, &before.parties));
        let shared = before.keys.iter().filter(|(id, key)| Arc::ptr_eq(key, &after.keys[id]));
        assert_eq!(shared.count(), before.keys.len() - 1);
        assert_eq!((after.digest() == before.digest(), before.digest()), (false, renamed.digest()));
    }
}
