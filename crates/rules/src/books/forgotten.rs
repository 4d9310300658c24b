//! Lines of closed months that can be read again: the books forget them, but for what later lines changed in them, and
//! fetch one again when an entry names it (spec: M-17).
//!
//! What a line does follows from the line, from those it names, and from the deeds and assessments before it. Where it
//! follows from more, the line is kept.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xinyi_core::{Entry, Index, Kind, Period};

use super::{Books, Remembered, facts};

/// What is remembered of lines that were forgotten.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forgotten {
    /// What was not given back of lines of which a part was: 24 bytes each.
    kept: BTreeMap<Index, Decimal>,
    /// Whether lines of closed months are forgotten at all.
    on: bool,
    /// The lines at hand by the month of their date, to find those to forget.
    present: BTreeMap<Period, Vec<Index>>,
    /// How much of them was replaced: 24 bytes each.
    replaced: BTreeMap<Index, Decimal>,
    /// Those that were reversed: 8 bytes each.
    reversed: BTreeSet<Index>,
    /// The first that was named and could not be fetched again: the file changed, or cannot be read.
    unread: Option<Index>,
}

/// A line that takes more lines than this to work it out again is kept, so that no entry takes long.
const MOST_WEIGHT: u8 = 32;

/// How far the effects of an entry reach back from the lines that it names: to what a reversal undid, what that
/// replaced, the reversal it named and the line reversed.
const REACH: u8 = 4;

/// Gives an entry of the ledger again.
type Recall<'r> = &'r dyn Fn(Index) -> Option<Entry>;

impl Forgotten {
    fn note(&mut self, index: Index, line: &Remembered) {
        set(&mut self.kept, index, line.amount - line.refunded, !line.refunded.is_zero());
        set(&mut self.replaced, index, line.replaced, !line.replaced.is_zero());
        if line.reversed {
            self.reversed.insert(index);
        }
    }

    fn restore(&self, index: Index, line: &mut Remembered) {
        line.refunded = self.kept.get(&index).map_or(Decimal::ZERO, |kept| line.amount - *kept);
        line.replaced = self.replaced.get(&index).copied().unwrap_or_default();
        line.reversed = self.reversed.contains(&index);
    }
}

fn set(map: &mut BTreeMap<Index, Decimal>, index: Index, amount: Decimal, is_worth_it: bool) {
    if is_worth_it {
        map.insert(index, amount);
    } else {
        map.remove(&index);
    }
}

impl Books {
    /// From now on lines of closed months are forgotten; only before the first entry.
    pub(crate) const fn forget_closed_months(&mut self) {
        self.forgotten.on = true;
    }

    /// Whether lines of closed months are forgotten.
    pub(crate) const fn forgets(&self) -> bool {
        self.forgotten.on
    }

    /// A line that was named and could not be fetched again: what was worked out since may be wrong.
    pub(crate) const fn unread(&self) -> Option<Index> {
        self.forgotten.unread
    }

    /// Forgets the lines of a month that was closed and those that were fetched again since the last one was.
    pub(crate) fn forget(&mut self, period: Period) {
        if !self.forgotten.on {
            return;
        }
        let later = self.forgotten.present.split_off(&period.next());
        let present = std::mem::replace(&mut self.forgotten.present, later);
        for index in present.into_values().flatten() {
            if let Some(line) = self.lines.get(&index).filter(|line| !line.must_be_kept()) {
                self.forgotten.note(index, line);
                self.lines.remove(&index);
            }
        }
    }

    /// Fetches again what an entry's effects rest on.
    pub(crate) fn fetch(&mut self, entry: &Entry, recall: Recall<'_>) {
        for index in facts::named_by(entry.content().data()) {
            self.need(index, REACH, recall);
        }
    }

    fn need(&mut self, index: Index, reach: u8, recall: Recall<'_>) {
        if let Some(line) = self.lines.get(&index) {
            let Some(reach) = reach.checked_sub(1) else { return };
            let named = [line.target, line.replaces, line.refunds];
            named.into_iter().flatten().for_each(|index| self.need(index, reach, recall));
        } else if let Some(entry) = recall(index) {
            if facts::is_named_later(entry.content().kind()) {
                self.fetch(&entry, recall);
                self.remember_again(&entry);
            }
        } else {
            self.forgotten.unread.get_or_insert(index);
        }
    }

    fn remember_again(&mut self, entry: &Entry) {
        let index = entry.index();
        let is_approved = !self.lacking.contains_key(&index);
        let effects = self.effects_of(entry);
        if let Some(mut line) = self.remembered(entry, effects, is_approved) {
            self.forgotten.restore(index, &mut line);
            self.insert_line(index, line);
        }
    }

    /// Keeps a line at hand.
    pub(super) fn insert_line(&mut self, index: Index, line: Remembered) {
        if self.forgotten.on {
            self.forgotten.present.entry(line.date.period()).or_default().push(index);
        }
        self.lines.insert(index, line);
    }

    /// Whether a line still stands: it was not reversed, as far as is known.
    pub(crate) fn stands(&self, index: Index) -> bool {
        let is_reversed = |line: &Remembered| line.reversed;
        !self.lines.get(&index).map_or_else(|| self.forgotten.reversed.contains(&index), is_reversed)
    }

    /// What of a line of this amount was neither reversed nor given back, as far as is known.
    pub(crate) fn left_of(&self, index: Index, amount: Decimal) -> Decimal {
        match self.lines.get(&index) {
            Some(line) => line.left(),
            None if self.forgotten.reversed.contains(&index) => Decimal::ZERO,
            None => self.forgotten.kept.get(&index).copied().unwrap_or(amount),
        }
    }

    /// Notes what a document says of what was not given back of a line.
    pub(super) fn restate_refund(&mut self, index: Index, kept: Decimal) {
        match self.lines.get_mut(&index) {
            Some(line) => line.refunded = line.amount - kept,
            None if self.forgotten.on => drop(self.forgotten.kept.insert(index, kept)),
            None => {}
        }
    }
}

impl Remembered {
    /// Whether what the line does rests on figures of its own time, or on too many lines.
    fn must_be_kept(&self) -> bool {
        let rests_on_source = self.kind == Kind::Expense && self.source.is_some();
        self.kind == Kind::Opening || rests_on_source || self.weight > MOST_WEIGHT
    }
}
