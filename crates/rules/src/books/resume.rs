//! Books that begin with a state document instead of the first line (spec: M-15, M-16).
//!
//! Lines dated in the document's period or earlier are in its figures: they are remembered and count nowhere.
//! The document holds what stood at its period's end. A line that was recorded before that end relied on what
//! stood then: where a line of the document came in between, its judgement is taken back (*shaken*). An effect
//! that rested on figures of its own time, and lies in the document, can only be *guessed*.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xinyi_core::{Content, Data, Entry, Index, Kind, Need, Period, Register, StateDocument, Verified};

use super::{Books, Effect, Effects, Figures, Remainder};
use crate::policy;

/// What books that begin with a document took from it, and what they cannot tell.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// The document's period.
    period: Period,
    /// What it lists as not refunded of lines refunded in part.
    refunds: BTreeMap<Index, Decimal>,
    /// Lines recorded before the close of the document's period, by the remainder they relied on.
    relied: BTreeMap<(Remainder, Index), Vec<(Index, Period)>>,
    /// Remainders that changed in an early line and then in one of the document, in which the document holds the
    /// two in the other order: what came of it when cannot be told.
    mixed: BTreeSet<(Remainder, Index)>,
    /// Whether an entry changed what a month of the document or before earned, of which the share is not known.
    regraded: bool,
    /// Lines that relied on a remainder that later lines of the document changed.
    shaken: BTreeSet<(Remainder, Index)>,
    /// Periods whose change of the figures rests on effects that can only be guessed.
    unsure: BTreeSet<Period>,
}

impl Start {
    fn of(document: &StateDocument) -> Self {
        let refunds = document.refunds.iter().map(|line| (line.index, line.left.decimal())).collect();
        let (mixed, relied) = (BTreeSet::new(), BTreeMap::new());
        let (shaken, unsure) = (BTreeSet::new(), BTreeSet::new());
        Self { mixed, period: document.period, refunds, regraded: false, relied, shaken, unsure }
    }

    fn shake(&mut self, what: Remainder, index: Index, period: Period) {
        self.shaken.insert((what, index));
        if what == Remainder::Source {
            self.unsure.insert(period);
        }
    }
}

impl Books {
    /// Books that go on from a document: authority entries with the register after each, and older lines that
    /// later ones name. None of them counts again.
    pub(crate) fn resume(
        authority: &[(Verified<Entry>, Register)],
        document: &StateDocument,
        older: &[Verified<Entry>],
    ) -> Self {
        let mut books = Self {
            carried: Figures::of(document),
            closed: Some(document.period.previous()),
            start: Some(Start::of(document)),
            ..Self::new()
        };
        // In ledger order, for the deed and the parties that stood at a line are those below its index.
        let with_register: BTreeMap<Index, (&Entry, &Register)> =
            authority.iter().map(|(entry, register)| (entry.index(), (&**entry, register))).collect();
        let without: BTreeMap<Index, &Entry> = older.iter().map(|entry| (entry.index(), &**entry)).collect();
        let indexes: BTreeSet<_> = with_register.keys().chain(without.keys()).copied().collect();
        for index in indexes {
            match (with_register.get(&index), without.get(&index)) {
                (Some((entry, register)), _) => books.note_names(entry, register),
                (None, Some(entry)) => books.recall_older(entry),
                (None, None) => {}
            }
            books.next = index.size_after().next_index();
        }
        books
    }

    /// Keeps an older line. What was refunded of it the document says, not the refunds among the older lines:
    /// they need not be all.
    fn recall_older(&mut self, entry: &Entry) {
        self.registered.note_lasting(entry);
        let effects = self.effects_of(entry);
        let missing = policy::missing(self, entry);
        if let Data::Reversal(reversal) = entry.content().data()
            && let Some(line) = self.lines.get_mut(&reversal.target.index)
        {
            line.reversed = true;
        }
        self.note_lacking(entry, &missing);
        self.keep(entry, effects, &missing);
        let left = self.start.as_ref().and_then(|start| start.refunds.get(&entry.index())).copied();
        if let Some(line) = self.lines.get_mut(&entry.index()) {
            line.older = true;
            line.refunded = left.map_or(Decimal::ZERO, |left| line.amount - left);
        }
    }

    /// Remembers a line whose effects lie in the document.
    pub(super) fn recall(&mut self, entry: &Entry, effects: Effects, missing: &[Need]) {
        for (effect, amount) in &effects {
            if let Effect::Taken { taker, upto } = effect {
                self.fee_takers.insert(taker.clone());
                *self.fees.entry((taker.clone(), *upto)).or_default() += *amount;
            }
        }
        self.shake(entry, &effects);
        self.remember(entry, effects, missing);
    }

    /// Whether lines of a period count, and are not in the document that the books began with.
    pub(crate) fn is_counted(&self, period: Period) -> bool {
        self.start.as_ref().is_none_or(|start| period > start.period)
    }

    /// Whether the books know nothing of a period but what the document says at its end.
    pub(crate) fn is_before_start(&self, period: Period) -> bool {
        self.start.as_ref().is_some_and(|start| period < start.period)
    }

    /// Whether the books began with a document: names, decisions and lines of older months are not all known.
    #[must_use]
    pub const fn is_one_month(&self) -> bool {
        self.start.is_some()
    }

    /// The first period that the books work out, if they began with a document.
    #[must_use]
    pub fn from(&self) -> Option<Period> {
        self.start.as_ref().map(|start| start.period.next())
    }

    /// Whether lines of the document that the books began with may still follow: figures then hold more than had
    /// been recorded so far.
    pub(crate) fn is_early(&self) -> bool {
        let is_open = |start: &Start| self.closed.is_none_or(|closed| closed < start.period);
        self.start.as_ref().is_some_and(is_open)
    }

    /// Whether figures at the end of a period can only be guessed.
    #[must_use]
    pub fn is_unsure(&self, period: Period) -> bool {
        self.start
            .as_ref()
            .is_some_and(|start| start.regraded || start.unsure.range(..=period).next().is_some())
    }

    /// A document that is known says what the figures are at the end of its period.
    pub(super) fn settle_figures(&mut self, period: Period) {
        if let Some(start) = &mut self.start {
            start.unsure.retain(|unsure| *unsure > period);
        }
    }

    /// Lines whose judgement rests on a remainder that was not what the document says.
    pub(crate) fn shaken(&self) -> impl Iterator<Item = (Remainder, Index)> {
        let is_cost = |index| self.lines.get(index).is_some_and(|line| line.kind == Kind::Expense);
        let shaken = self.start.iter().flat_map(|start| &start.shaken);
        shaken.filter(move |(what, index)| *what != Remainder::Source || is_cost(index)).copied()
    }

    pub(super) fn lists_refund(&self, target: Index) -> bool {
        self.start.as_ref().is_some_and(|start| start.refunds.contains_key(&target))
    }

    /// The income that bounds what a linked cost takes, for the cost and for whatever undoes it (spec: M-5).
    pub(super) fn source_behind(&self, entry: &Entry) -> Option<Index> {
        match entry.content().data() {
            Data::Expense(expense) => {
                let source = expense.cost_of?.index;
                self.source_left(source).map(|_| source)
            }
            Data::Refund(refund) => self.lines.get(&refund.target.index)?.source,
            Data::Reversal(reversal) => self.lines.get(&reversal.target.index)?.source,
            _ => None,
        }
    }

    /// Whether a line's effects rest on what was left of its income at a time that is not known.
    pub(super) fn is_guessed(&self, entry: &Entry) -> bool {
        let target = match entry.content().data() {
            Data::Refund(refund) => refund.target.index,
            Data::Reversal(reversal) => reversal.target.index,
            _ => {
                let is_carried = !self.is_counted(entry.content().date().period());
                let is_mixed = |income| {
                    self.start
                        .as_ref()
                        .is_some_and(|start| start.mixed.contains(&(Remainder::Source, income)))
                };
                return self.source_behind(entry).is_some_and(|income| is_carried || is_mixed(income));
            }
        };
        self.lines.get(&target).is_some_and(|line| line.is_guessed)
    }

    /// Notes what a line that counts relies on, as long as lines of the document may still follow.
    pub(super) fn rely(&mut self, entry: &Entry, effects: &Effects) {
        if self.start.is_none() {
            return;
        }
        let (index, period) = (entry.index(), entry.content().date().period());
        let rests_on_older = self.rests_on_older_grades(entry, effects);
        let guessed_from = self.source_behind(entry).filter(|_| self.is_guessed(entry));
        let (remainders, is_early) = (self.relied_on(entry), self.is_early());
        let Some(start) = &mut self.start else { return };
        start.regraded |= rests_on_older;
        if let Some(income) = guessed_from {
            start.unsure.insert(period);
            start.mixed.insert((Remainder::Source, income));
        }
        for remainder in remainders {
            if start.mixed.contains(&remainder) {
                start.shake(remainder.0, index, period);
            }
            if is_early {
                start.relied.entry(remainder).or_default().push((index, period));
            }
        }
    }

    /// Whether an entry changes what a month of the document or before earned, of which the share is not known.
    fn rests_on_older_grades(&self, entry: &Entry, effects: &Effects) -> bool {
        let is_older = |month: Period| !self.is_counted(month);
        let undoes = effects.iter().any(
            |(effect, _)| matches!(effect, Effect::Base { grade: Some(grade), .. } if is_older(grade.month)),
        );
        match entry.content().data() {
            Data::Assessment(assessment) => {
                self.shares_assessed(assessment, entry.index()).into_iter().any(|(month, _)| is_older(month))
            }
            _ => undoes,
        }
    }

    fn relied_on(&self, entry: &Entry) -> Vec<(Remainder, Index)> {
        let source = self.source_behind(entry).map(|income| (Remainder::Source, income));
        let others = match entry.content().data() {
            Data::Expense(expense) => {
                expense.order.map(|order| (Remainder::Order, order.index)).into_iter().collect()
            }
            Data::HeldOut(money) => {
                money.target.map(|held| (Remainder::Held, held.index)).into_iter().collect()
            }
            Data::Forfeit(forfeit) => vec![(Remainder::Held, forfeit.target.index)],
            Data::Repayment(money) => vec![(Remainder::Advance, money.target.index)],
            Data::Restoration(money) => vec![(Remainder::Loss, money.target.index)],
            Data::Refund(refund) => vec![(Remainder::Refund, refund.target.index)],
            Data::Reversal(reversal) => vec![(Remainder::Refund, reversal.target.index)],
            Data::Ratification(ratification) => {
                let targets = ratification.targets.iter().filter_map(|link| self.lines.get(&link.index));
                targets.flat_map(|line| of_kinds(&line.effects, &[Remainder::Order])).collect()
            }
            _ => Vec::new(),
        };
        others.into_iter().chain(source).collect()
    }

    /// A line of the document changes remainders that lines before it, but dated after the document, relied on.
    fn shake(&mut self, entry: &Entry, effects: &Effects) {
        let cost = self.source_behind(entry).map(|income| (Remainder::Source, income));
        let refunded = match entry.content().data() {
            Data::Refund(refund) => Some(refund.target.index),
            Data::Reversal(reversal) => {
                let undone = self.lines.get(&reversal.target.index);
                undone.filter(|line| line.kind == Kind::Refund).and_then(|line| line.target)
            }
            _ => None,
        };
        let refunded = refunded.filter(|target| self.lists_refund(*target));
        let touched = of_kinds(effects, &NAMED).chain(cost);
        let touched: BTreeSet<_> =
            touched.chain(refunded.map(|target| (Remainder::Refund, target))).collect();
        let Some(start) = &mut self.start else { return };
        for remainder in touched {
            let relied = start.relied.get(&remainder).cloned().unwrap_or_default();
            // What is left of the others is a plain sum: once the document's lines are through, it is exact.
            if !relied.is_empty() && matches!(remainder.0, Remainder::Refund | Remainder::Source) {
                start.mixed.insert(remainder);
            }
            for (index, period) in relied {
                start.shake(remainder.0, index, period);
                let line = self.lines.get_mut(&index).filter(|_| remainder.0 == Remainder::Source);
                if let Some(line) = line {
                    line.is_guessed = true;
                }
            }
        }
    }

    /// Whether what approvals an entry needs rests on older lines: on whether an order was ratified, or on what
    /// was left of one when its expense was recorded (spec: D-1, D-2).
    pub(crate) fn needs_rest_on_older(&self, entry: &Entry) -> bool {
        self.rests_on_older(entry.content().data())
    }

    fn rests_on_older(&self, data: &Data) -> bool {
        match data {
            Data::Expense(expense) => expense.order.is_some_and(|order| self.is_order_unsure(order.index)),
            Data::Ratification(ratification) => {
                let targets = ratification.targets.iter().filter_map(|link| self.lines.get(&link.index));
                targets.into_iter().any(|line| {
                    let carried = !self.is_counted(line.date.period());
                    let mut orders = of_kinds(&line.effects, &[Remainder::Order]);
                    line.kind == Kind::Expense
                        && orders.any(|(_, order)| carried || self.is_order_unsure(order))
                })
            }
            _ => false,
        }
    }

    /// Whether what approvals a content needs may be otherwise by the whole ledger than by books that began with a
    /// document (spec: D-1, D-2).
    #[must_use]
    pub fn needs_rest_on_whole(&self, content: &Content) -> bool {
        let shaken: BTreeSet<Index> = self.shaken().map(|(_, index)| index).collect();
        let is_shaken = match content.data() {
            Data::Ratification(ratification) => {
                ratification.targets.iter().any(|link| shaken.contains(&link.index))
            }
            _ => false,
        };
        is_shaken || self.rests_on_older(content.data())
    }

    /// Whether an older order that lacked approvals may have been ratified in a line that is not known.
    fn is_order_unsure(&self, order: Index) -> bool {
        let lacks =
            |line: &super::Remembered| line.older && line.order.as_ref().is_some_and(|terms| !terms.approved);
        let ratified = self.lacking.get(&order).is_some_and(|line| line.ratified.is_some());
        self.lines.get(&order).is_some_and(lacks) && !ratified
    }
}

/// Remainders of lines that later ones name, as effects carry them.
const NAMED: [Remainder; 5] =
    [Remainder::Advance, Remainder::Held, Remainder::Loss, Remainder::Order, Remainder::Source];

fn of_kinds<'a>(
    effects: &'a Effects,
    kinds: &'a [Remainder],
) -> impl Iterator<Item = (Remainder, Index)> + 'a {
    effects.iter().filter_map(|(effect, _)| match effect {
        Effect::Left(what, index) if kinds.contains(what) => Some((*what, *index)),
        _ => None,
    })
}
