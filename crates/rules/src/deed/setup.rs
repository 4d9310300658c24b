//! The part of a setup that a deed must fit: who acts, with how many keys, and what is counted.

use serde::Deserialize;
use xinyi_core::{KeyGrant, Label, Party, Period, Quorum, Unit, Use};

/// A key's seat in the register: what a deed has to know of a key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Seat {
    /// Who holds it; one holder counts once.
    pub holder: Label,
    /// The party it acts for.
    pub party: Label,
    /// What it may do.
    pub uses: Vec<Use>,
}

/// The part of a setup file, or of a ledger's register, that a deed must fit. Other fields are passed over, so that it
/// can be read before there are keys.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Setup {
    /// The first period.
    pub first: Period,
    /// The first keys.
    pub keys: Vec<Seat>,
    /// The parties.
    pub parties: Vec<Party>,
    /// The party whose keys record.
    pub recorder: Label,
    /// Who may replace lost keys.
    pub recovery: Quorum,
    /// What is counted.
    pub unit: Unit,
}

impl Setup {
    /// The party with a label.
    #[must_use]
    pub fn party(&self, label: &Label) -> Option<&Party> {
        self.parties.iter().find(|party| party.party == *label)
    }

    /// How many distinct holders may approve for a party.
    #[must_use]
    pub fn holders(&self, party: &Label) -> usize {
        distinct(self.approving(party))
    }

    /// The seats that approve for a party.
    pub(crate) fn approving<'a>(&'a self, party: &Label) -> impl Iterator<Item = &'a Seat> {
        let party = party.clone();
        self.keys.iter().filter(move |seat| seat.party == party && seat.uses.contains(&Use::Approve))
    }
}

/// How many people hold these keys.
pub(crate) fn distinct<'a>(seats: impl Iterator<Item = &'a Seat>) -> usize {
    seats.map(|seat| &seat.holder).collect::<std::collections::BTreeSet<_>>().len()
}

impl From<&KeyGrant> for Seat {
    fn from(grant: &KeyGrant) -> Self {
        Self { holder: grant.holder.clone(), party: grant.party.clone(), uses: grant.uses.clone() }
    }
}
