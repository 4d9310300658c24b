//! Who may sign when: the keys of trustee and committee as they follow each other.

use xinyi_core::{Date, Timestamp};

use super::genesis::month;
use super::{Scale, at};

/// Months after the start in which a committee's term ends; the next follow every three years.
const TERM_END: u32 = 8;
/// Months after the start, and after each new committee, in which a member loses a key.
const LOSS: u32 = 3;
/// Months after the start in which the trustee changes its key; the next follow every other year.
const ROTATION: u32 = 5;

/// The keys that sign from a time on.
#[derive(Clone, Debug)]
pub(super) struct Shift {
    pub(super) committee: [String; 3],
    pub(super) from: Timestamp,
    pub(super) manager: String,
}

/// What changes the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A new committee; the number of its term.
    Committee(u32),
    /// The treasurer of this term lost the key.
    Loss(u32),
    /// The trustee takes its key of this number.
    Rotation(u32),
}

impl Change {
    /// The day of the month on which it is recorded.
    pub(super) const fn day(self) -> i32 {
        match self {
            Self::Committee(_) => 20,
            Self::Loss(_) => 14,
            Self::Rotation(_) => 12,
        }
    }
}

/// The change of a month, if it has one.
pub(super) fn change_of(after: u32) -> Option<Change> {
    if after >= TERM_END && (after - TERM_END).is_multiple_of(36) {
        return Some(Change::Committee((after - TERM_END) / 36 + 1));
    }
    if after >= ROTATION && (after - ROTATION).is_multiple_of(24) {
        return Some(Change::Rotation((after - ROTATION) / 24 + 1));
    }
    let began = if after < TERM_END { 0 } else { TERM_END + (after - TERM_END) / 36 * 36 };
    let term = if after < TERM_END { 0 } else { (after - TERM_END) / 36 + 1 };
    (after - began == LOSS).then_some(Change::Loss(term))
}

/// The last day of a committee's term.
pub(super) fn term_end(scale: &Scale, term: u32) -> Date {
    month(scale, TERM_END + 36 * term).last_day()
}

/// A key's name in its first, second … version.
pub(super) fn version(name: &str, number: u32) -> String {
    if number == 0 { name.to_owned() } else { format!("{name}-{}", number + 1) }
}

/// The committee of a term, before anybody lost a key.
pub(super) fn committee(term: u32) -> [String; 3] {
    ["chair", "secretary", "treasurer"].map(|name| version(name, term))
}

/// The name of the treasurer's key after the first was lost.
pub(super) fn found_again(term: u32) -> String {
    format!("{}-again", version("treasurer", term))
}

/// Every shift of a ledger.
pub(super) fn shifts(scale: &Scale) -> Vec<Shift> {
    let first = Shift {
        committee: committee(0),
        from: at(month(scale, 0).first_day(), 0, 0),
        manager: "manager".to_owned(),
    };
    let mut shifts = vec![first];
    for after in 0..scale.months {
        let Some(change) = change_of(after) else { continue };
        let mut shift = shifts.last().expect("the first").clone();
        shift.from = at(month(scale, after).first_day().plus_days(change.day() - 1), 17, 0);
        match change {
            Change::Committee(term) => shift.committee = committee(term),
            Change::Loss(term) => shift.committee[2] = found_again(term),
            Change::Rotation(number) => shift.manager = version("manager", number),
        }
        shifts.push(shift);
    }
    shifts
}

/// The shift at a time.
pub(super) fn shift_at(shifts: &[Shift], time: Timestamp) -> &Shift {
    shifts.iter().rev().find(|shift| shift.from <= time).unwrap_or(&shifts[0])
}
