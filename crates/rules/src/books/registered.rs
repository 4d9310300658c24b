//! What lines have registered by label, and what owners have decided: the names that later lines use.

use std::collections::{BTreeMap, BTreeSet};

use xinyi_core::{Account, Contract, Data, Date, Entry, Index, Label, Party, Payee, Resolution, Role};

use super::Books;

/// Names and decisions after the entries taken in. A month's file has those of the genesis and its own lines only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registered {
    accounts: BTreeMap<Label, Account>,
    contracts: BTreeMap<Label, (Index, Contract)>,
    /// The group of each payee, from each line on that registers it.
    groups: BTreeMap<Label, Vec<(Index, Option<Label>)>>,
    parties: BTreeMap<Label, Party>,
    payees: BTreeMap<Label, Payee>,
    related_groups: BTreeSet<Label>,
    resolutions: BTreeMap<Index, (Date, Resolution)>,
}

impl Registered {
    /// Takes in what the entry registers.
    pub(super) fn note(&mut self, entry: &Entry) {
        match entry.content().data() {
            Data::Account(change) => {
                self.accounts.insert(change.account.account.clone(), change.account.clone());
            }
            Data::Contract(contract) => {
                self.contracts.insert(contract.contract.clone(), (entry.index(), contract.clone()));
            }
            Data::Genesis(genesis) => {
                let accounts = genesis.accounts.iter();
                self.accounts = accounts.map(|account| (account.account.clone(), account.clone())).collect();
                let parties = genesis.parties.iter();
                self.parties = parties.map(|party| (party.party.clone(), party.clone())).collect();
            }
            Data::Party(change) => {
                self.parties.insert(change.party.party.clone(), change.party.clone());
            }
            _ => self.note_lasting(entry),
        }
    }

    /// Takes in what no later line replaces. Of an older line in a month's file more is not known to hold: a contract
    /// or an account may have another version by now.
    pub(super) fn note_lasting(&mut self, entry: &Entry) {
        match entry.content().data() {
            Data::Payee(payee) => {
                let related = payee.group.iter().filter(|_| payee.related);
                self.related_groups.extend(related.cloned());
                let groups = self.groups.entry(payee.payee.clone()).or_default();
                groups.push((entry.index(), payee.group.clone()));
                self.payees.insert(payee.payee.clone(), payee.clone());
            }
            Data::Resolution(resolution) => {
                self.resolutions.insert(entry.index(), (entry.content().date(), resolution.clone()));
            }
            _ => {}
        }
    }
}

impl Books {
    /// An account by its label.
    #[must_use]
    pub fn account(&self, label: &Label) -> Option<&Account> {
        self.registered.accounts.get(label)
    }

    /// Every account that is known, by label, closed ones too.
    pub fn known_accounts(&self) -> impl Iterator<Item = &Account> {
        self.registered.accounts.values()
    }

    /// A contract by its label, in its latest version, with the line that has it.
    #[must_use]
    pub fn contract(&self, label: &Label) -> Option<&(Index, Contract)> {
        self.registered.contracts.get(label)
    }

    /// Every contract, by label.
    pub fn contracts(&self) -> impl Iterator<Item = &(Index, Contract)> {
        self.registered.contracts.values()
    }

    /// A party by its label.
    #[must_use]
    pub fn party(&self, label: &Label) -> Option<&Party> {
        self.registered.parties.get(label)
    }

    /// The party with this role.
    #[must_use]
    pub fn party_with(&self, role: Role) -> Option<&Party> {
        self.registered.parties.values().find(|party| party.role == role)
    }

    /// A payee by its label.
    #[must_use]
    pub fn payee(&self, label: &Label) -> Option<&Payee> {
        self.registered.payees.get(label)
    }

    /// The group of a payee when the line at this index was recorded.
    pub(crate) fn group_then(&self, payee: &Label, index: Index) -> Option<&Label> {
        let groups = self.registered.groups.get(payee)?;
        let known = groups.partition_point(|(from, _)| *from < index).checked_sub(1)?;
        groups.get(known)?.1.as_ref()
    }

    /// Whether a related payee has been registered in this group.
    pub(super) fn has_related(&self, group: &Label) -> bool {
        self.registered.related_groups.contains(group)
    }

    /// The group that a payee belongs to, or the payee itself.
    pub(crate) fn hand_of<'a>(&'a self, payee: &'a Label) -> &'a Label {
        self.payee(payee).and_then(|known| known.group.as_ref()).unwrap_or(payee)
    }

    /// What the line at this index decided.
    #[must_use]
    pub fn resolution(&self, index: Index) -> Option<&Resolution> {
        self.resolved(index).map(|(_, resolution)| resolution)
    }

    /// The same, with its booking day.
    pub(crate) fn resolved(&self, index: Index) -> Option<&(Date, Resolution)> {
        self.registered.resolutions.get(&index)
    }

    /// Every resolution, by line.
    pub fn resolutions(&self) -> impl Iterator<Item = (&Index, &Resolution)> {
        self.registered.resolutions.iter().map(|(index, (_, resolution))| (index, resolution))
    }
}
