//! Whether a ledger outlives the loss of any one key (spec: ).

use xinyi_core::{Label, Party, Use};

use super::setup::{Seat, Setup, distinct};

/// The parties of whom one lost key would end the ledger: nobody could replace it.
///
/// A lost key is replaced by the party itself, if enough of its holders are left to approve and somebody can still
/// record, or else by the quorum of the others.
#[must_use]
pub fn irreplaceable(setup: &Setup) -> Vec<Label> {
    let ends = |party: &&Party| !recoverable(setup, party) && is_one_key_too_few(setup, party);
    setup.parties.iter().filter(ends).map(|party| party.party.clone()).collect()
}

/// Whether the loss of one key leaves the party without a voice, or the ledger without a recorder.
fn is_one_key_too_few(setup: &Setup, party: &Party) -> bool {
    let seats: Vec<&Seat> = setup.approving(&party.party).collect();
    let is_silent = |lost: usize| {
        let left = seats.iter().enumerate().filter(|(place, _)| *place != lost).map(|(_, seat)| *seat);
        distinct(left) < usize::from(party.threshold)
    };
    let records = |seat: &&Seat| seat.party == party.party && seat.uses.contains(&Use::Record);
    let last_recorder = party.party == setup.recorder && setup.keys.iter().filter(records).count() == 1;
    last_recorder || (0..seats.len()).any(is_silent)
}

/// Whether the others can replace the party's keys.
fn recoverable(setup: &Setup, party: &Party) -> bool {
    let can_act = |label: &&Label| {
        setup.party(label).is_some_and(|other| {
            let holders = setup.holders(label);
            holders > 0 && holders >= usize::from(other.threshold)
        })
    };
    let others = setup.recovery.parties.iter().filter(|label| **label != party.party).filter(can_act);
    others.count() >= usize::from(setup.recovery.needed)
}
