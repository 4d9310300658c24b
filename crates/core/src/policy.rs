//! A reader's trust policy: whose signatures under a checkpoint or close are enough (spec: G-4…G-6).
//!
//! The file is that of C2SP tlog-policy, with two lines more: `ledger IDENTITY`, and `party LABEL K VKEY…` for the
//! keys that the reader knows a party of the ledger by, so many distinct ones of which must approve.

use std::collections::{BTreeMap, BTreeSet};

use crate::hash::Hash;
use crate::key::PublicKey;
use crate::note::{NoteKeyType, VerifierKey};
use crate::number::decimal;
use crate::register::{Register, Signer};
use crate::text::Label;

/// Largest policy in bytes, so that a hostile one cannot cost for ever (spec: G-4).
const MAX: usize = 65_536;

/// Who must have cosigned, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Member {
    Group { members: Vec<Vec<u8>>, needed: usize },
    Witness(VerifierKey),
}

/// The keys by which a reader knows a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyKeys {
    /// Its keys.
    pub keys: Vec<PublicKey>,
    /// So many distinct ones must approve.
    pub needed: usize,
    /// The party's label in the ledger.
    pub party: Label,
}

/// What a reader asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    identity: Option<Hash>,
    logs: Vec<VerifierKey>,
    members: BTreeMap<Vec<u8>, Member>,
    parties: Vec<PartyKeys>,
    quorum: Option<Vec<u8>>,
}

/// Why a text is no policy; the line is counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A line that is none of the format's, or a byte that may not stand in it.
    #[error("line {0} is not a line of a policy")]
    Line(usize),
    /// A name or key that is given twice, or a member of two groups.
    #[error("line {0} gives a name, key or membership a second time")]
    Twice(usize),
    /// A name that no earlier line defines.
    #[error("line {0} uses a name that no earlier line defines")]
    Unknown(usize),
    /// No quorum line, or a second one.
    #[error("a policy has exactly one quorum line")]
    Quorum,
}

impl PolicyError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Line(_) => "policy-line",
            Self::Twice(_) => "policy-twice",
            Self::Unknown(_) => "policy-unknown",
            Self::Quorum => "policy-quorum",
        }
    }
}

impl Policy {
    /// Reads a policy.
    ///
    /// ```
    /// let policy = xinyi_core::Policy::parse(b"# any log\nquorum none\n").map_err(|error| error.code())?;
    /// assert!(policy.is_met_by(&[]), "no witness is asked for");
    /// # Ok::<(), &str>(())
    /// ```
    ///
    /// # Errors
    /// See [`PolicyError`].
    pub fn parse(text: &[u8]) -> Result<Self, PolicyError> {
        let mut draft = Draft::default();
        if text.len() > MAX {
            return Err(PolicyError::Line(1));
        }
        for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
            draft.line(line, number)?;
        }
        let quorum = draft.quorum.ok_or(PolicyError::Quorum)?;
        Ok(Self {
            identity: draft.identity,
            logs: draft.logs,
            members: draft.members,
            parties: draft.parties,
            quorum: (quorum != b"none").then_some(quorum),
        })
    }

    /// The ledger that it is about, if it says so.
    #[must_use]
    pub const fn identity(&self) -> Option<Hash> {
        self.identity
    }

    /// The log keys that it accepts; none means: those of the ledger's own register.
    #[must_use]
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// Every witness that it names.
    #[must_use]
    pub fn witnesses(&self) -> Vec<VerifierKey> {
        let witness = |member: &Member| match member {
            Member::Witness(key) => Some(key.clone()),
            Member::Group { .. } => None,
        };
        self.members.values().filter_map(witness).collect()
    }

    /// Whether it asks for cosignatures at all.
    #[must_use]
    pub const fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// Whether these cosigners, whose signatures were verified, are enough.
    #[must_use]
    pub fn is_met_by(&self, cosigners: &[VerifierKey]) -> bool {
        self.quorum.as_ref().is_none_or(|name| self.has_signed(name, cosigners))
    }

    /// A group refers to earlier lines only, so this ends.
    fn has_signed(&self, name: &[u8], cosigners: &[VerifierKey]) -> bool {
        match self.members.get(name) {
            None => false,
            Some(Member::Witness(key)) => cosigners.contains(key),
            Some(Member::Group { members, needed }) => {
                members.iter().filter(|member| self.has_signed(member, cosigners)).count() >= *needed
            }
        }
    }

    /// The first party that the register knows by other keys than the reader.
    #[must_use]
    pub fn party_unknown_to(&self, register: &Register) -> Option<&PartyKeys> {
        let knows = |party: &PartyKeys| {
            let admitted = |key: &&PublicKey| {
                let known = register.key(key.id());
                known.is_some_and(|(known, public)| public == **key && known.grant.party == party.party)
            };
            party.keys.iter().filter(admitted).count() >= party.needed
        };
        self.parties.iter().find(|party| !knows(party))
    }

    /// The first party of which too few of the reader's keys are among those who approved.
    #[must_use]
    pub fn party_unheard(&self, approvers: &[Signer]) -> Option<&PartyKeys> {
        let heard = |party: &PartyKeys| {
            let signed = |key: &&PublicKey| approvers.iter().any(|signer| signer.key == key.id());
            party.keys.iter().filter(signed).count() >= party.needed
        };
        self.parties.iter().find(|party| !heard(party))
    }

    /// Whether it says who the parties are.
    #[must_use]
    pub const fn names_parties(&self) -> bool {
        !self.parties.is_empty()
    }
}

/// A policy while its lines are read.
#[derive(Default)]
struct Draft {
    identity: Option<Hash>,
    /// Every raw key given, each once: two names for one key would count it twice.
    keys: BTreeSet<[u8; 32]>,
    logs: Vec<VerifierKey>,
    members: BTreeMap<Vec<u8>, Member>,
    /// Names that are members of a group already.
    placed: BTreeSet<Vec<u8>>,
    parties: Vec<PartyKeys>,
    quorum: Option<Vec<u8>>,
}

impl Draft {
    fn line(&mut self, line: &[u8], number: usize) -> Result<(), PolicyError> {
        if line.iter().any(|byte| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7F) {
            return Err(PolicyError::Line(number));
        }
        let mut words = line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
        let Some(keyword) = words.next().filter(|word| !word.starts_with(b"#")) else { return Ok(()) };
        let words: Vec<&[u8]> = words.collect();
        match (keyword, words.as_slice()) {
            (b"log", [key] | [key, _]) => {
                let log = self.key(key, NoteKeyType::Log, number)?;
                self.logs.push(log);
                Ok(())
            }
            (b"witness", [name, key] | [name, key, _]) => {
                let witness = Member::Witness(self.key(key, NoteKeyType::Cosigner, number)?);
                self.define(name, witness, number)
            }
            (b"group", [name, needed, members @ ..]) => self.group(name, needed, members, number),
            (b"quorum", [name]) => self.set_quorum(name, number),
            (b"ledger", [identity]) => self.ledger(identity, number),
            (b"party", [label, needed, keys @ ..]) => self.party(label, needed, keys, number),
            _ => Err(PolicyError::Line(number)),
        }
    }

    fn key(&mut self, word: &[u8], signs: NoteKeyType, number: usize) -> Result<VerifierKey, PolicyError> {
        let text = std::str::from_utf8(word).map_err(|_| PolicyError::Line(number))?;
        let key: VerifierKey = text.parse().map_err(|_| PolicyError::Line(number))?;
        if key.signs() != signs {
            return Err(PolicyError::Line(number));
        }
        if self.keys.insert(*key.key().as_bytes()) { Ok(key) } else { Err(PolicyError::Twice(number)) }
    }

    fn define(&mut self, name: &[u8], member: Member, number: usize) -> Result<(), PolicyError> {
        if name == b"none" || self.members.insert(name.to_vec(), member).is_some() {
            return Err(PolicyError::Twice(number));
        }
        Ok(())
    }

    fn group(
        &mut self,
        name: &[u8],
        needed: &[u8],
        members: &[&[u8]],
        number: usize,
    ) -> Result<(), PolicyError> {
        let needed = match needed {
            b"all" => members.len(),
            b"any" => 1,
            _ => count(needed).ok_or(PolicyError::Line(number))?,
        };
        if members.is_empty() || needed == 0 || needed > members.len() {
            return Err(PolicyError::Line(number));
        }
        for member in members {
            if !self.members.contains_key(*member) {
                return Err(PolicyError::Unknown(number));
            }
            if !self.placed.insert(member.to_vec()) {
                return Err(PolicyError::Twice(number));
            }
        }
        let members = members.iter().map(|member| member.to_vec()).collect();
        self.define(name, Member::Group { members, needed }, number)
    }

    fn set_quorum(&mut self, name: &[u8], number: usize) -> Result<(), PolicyError> {
        if name != b"none" && !self.members.contains_key(name) {
            return Err(PolicyError::Unknown(number));
        }
        if self.quorum.replace(name.to_vec()).is_some() { Err(PolicyError::Quorum) } else { Ok(()) }
    }

    fn ledger(&mut self, identity: &[u8], number: usize) -> Result<(), PolicyError> {
        let identity = std::str::from_utf8(identity).ok().and_then(|text| text.parse().ok());
        let identity = identity.ok_or(PolicyError::Line(number))?;
        if self.identity.replace(identity).is_some() { Err(PolicyError::Twice(number)) } else { Ok(()) }
    }

    /// A party's keys may be its log key too, so they are told apart from witnesses and among themselves only.
    fn party(
        &mut self,
        label: &[u8],
        needed: &[u8],
        keys: &[&[u8]],
        number: usize,
    ) -> Result<(), PolicyError> {
        let text =
            |word: &[u8]| std::str::from_utf8(word).map(str::to_owned).map_err(|_| PolicyError::Line(number));
        let party: Label = text(label)?.parse().map_err(|_| PolicyError::Line(number))?;
        let needed = count(needed).ok_or(PolicyError::Line(number))?;
        if needed == 0 || needed > keys.len() {
            return Err(PolicyError::Line(number));
        }
        let mut known = Vec::new();
        for key in keys {
            let key: VerifierKey = text(key)?.parse().map_err(|_| PolicyError::Line(number))?;
            let others = self.parties.iter().flat_map(|party| &party.keys).chain(&known);
            if others.into_iter().any(|other| *other == key.key()) {
                return Err(PolicyError::Twice(number));
            }
            known.push(key.key());
        }
        if self.parties.iter().any(|other| other.party == party) {
            return Err(PolicyError::Twice(number));
        }
        self.parties.push(PartyKeys { keys: known, needed, party });
        Ok(())
    }
}

/// How many are needed.
fn count(word: &[u8]) -> Option<usize> {
    decimal(std::str::from_utf8(word).ok()?)?.try_into().ok()
}
