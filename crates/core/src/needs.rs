//! Which approvals an authority entry needs, without which it is no entry (spec: ).

use std::collections::BTreeSet;

use crate::kind::Data;
use crate::kind::authority::Role;
use crate::kind::deed::Need;
use crate::register::{Register, Signer};
use crate::text::Label;

/// Needs of which a number must be met: as a rule all, in a recovery the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// What each party would have to bring.
    pub all: Vec<Need>,
    /// How many of them must be met.
    pub of_these: usize,
}

impl Needs {
    /// The needs that `signers` do not meet; empty if enough are met. A holder counts once (spec: A-3).
    #[must_use]
    pub fn unmet(&self, signers: &[Signer]) -> Vec<Need> {
        let unmet: Vec<_> = self.all.iter().filter(|need| !is_met(need, signers)).cloned().collect();
        let met = self.all.len().saturating_sub(unmet.len());
        if met >= self.of_these { Vec::new() } else { unmet }
    }
}

fn is_met(need: &Need, signers: &[Signer]) -> bool {
    let of_party = signers.iter().filter(|signer| signer.party == need.party);
    let holders: BTreeSet<_> = of_party.map(|signer| &signer.holder).collect();
    holders.len() >= usize::from(need.holders)
}

impl Register {
    /// Which approvals an authority entry needs; `None` for other kinds, where the deed says (spec: A-4).
    #[must_use]
    pub fn authority_needs(&self, data: &Data) -> Option<Needs> {
        let both = || {
            let roles = [Role::Trustee, Role::Agent];
            let labels =
                roles.iter().filter_map(|role| self.with_role(*role)).map(|party| party.party.clone());
            self.each(labels)
        };
        match data {
            Data::Close(_) | Data::Deed(_) | Data::Party(_) => Some(both()),
            Data::Genesis(_) | Data::Migration(_) => Some(self.each(self.parties_with_keys())),
            Data::Keys(change) => {
                let counter = self.counter_of(&change.party);
                Some(self.each(counter.into_iter().chain([change.party.clone()])))
            }
            Data::Recovery(change) => {
                // The replaced party's own voice does not count: whoever stole its keys would have it.
                let others = self.recovery().parties.iter().filter(|party| **party != change.party).cloned();
                Some(Needs { all: self.each(others).all, of_these: usize::from(self.recovery().needed) })
            }
            _ => None,
        }
    }

    fn each(&self, labels: impl IntoIterator<Item = Label>) -> Needs {
        let labels: BTreeSet<_> = labels.into_iter().collect();
        // A party that does not exist cannot approve: its need stays unmet.
        let unknown = |label: &Label| Need { holders: 1, party: label.clone() };
        let all: Vec<_> =
            labels.iter().map(|label| self.threshold_of(label).unwrap_or_else(|| unknown(label))).collect();
        Needs { of_these: all.len(), all }
    }

    fn parties_with_keys(&self) -> impl Iterator<Item = Label> {
        self.present().map(|key| key.grant.party.clone())
    }

    /// The party that must agree to a change of `label`'s keys: the one named, else trustee and committee for
    /// each other, and the committee for all the rest (spec: A-5).
    fn counter_of(&self, label: &Label) -> Option<Label> {
        let party = self.parties.get(label)?;
        let default = if party.role == Role::Agent { Role::Trustee } else { Role::Agent };
        party.counter.clone().or_else(|| self.with_role(default).map(|other| other.party.clone()))
    }
}
