//! The fold of verified entries into figures: what lies where, whose it is, what was earned and taken
//! (spec: books.md, M-1…M-16). Pure, and it cannot fail: what enters are facts.
//!
//! Every period keeps its own change until it is closed, because next month's entries begin before this
//! month's close.

mod balances;
mod base_lines;
mod base_list;
mod bases;
mod carried;
mod close;
mod collected;
mod deeds;
mod effect;
mod effects;
pub(crate) mod facts;
mod fees;
mod forgotten;
mod memory;
mod movements;
mod registered;
mod remembered;
mod replaced;
mod resume;
pub(crate) mod spending;
mod state;
mod turnover;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rust_decimal::Decimal;
use xinyi_core::{
    Data, Date, Deed, DeedVersion, Entry, Genesis, Hash, Index, Kind, Label, Need, Offset, Period, Range,
    Rate, Register, Size, Timestamp, Unit,
};

use self::base_lines::BaseLines;
pub use self::base_list::{BaseList, BaseMonth, BaseMove};
pub use self::close::{FundMonth, MonthClosed, MonthTotals};
pub use self::collected::Collection;
use self::collected::Collections;
pub(crate) use self::effect::{Effect, Effects, Figures, Flow, Remainder};
pub(crate) use self::fees::Earned;
pub use self::fees::Entitlement;
use self::forgotten::Forgotten;
pub(crate) use self::movements::Movement;
use self::registered::Registered;
pub use self::remembered::Remembered;
pub(crate) use self::remembered::{OrderTerms, Paid};
use self::resume::Start;
pub(crate) use self::turnover::Moved;
use self::turnover::Turnover;
use crate::amend::Amend;
use crate::policy;

/// A close covers a size at most so many lines before it (spec: B-3).
const MOST_LINES_BACK: u64 = 4_096;

/// What an entry does to the figures, and which approvals it lacks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) effects: Effects,
    pub(crate) missing: Vec<Need>,
}

/// A line that lacks approvals its deed asks for.
#[derive(Clone, Debug)]
pub struct Lacking {
    /// The line's amount.
    pub amount: Decimal,
    /// What is lacking.
    pub missing: Vec<Need>,
    /// The day it was ratified.
    pub ratified: Option<Date>,
    /// The reason given for recording it without them.
    pub reason: Option<String>,
}

/// An account below zero at the end of a business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdrawn {
    /// The account.
    pub account: Label,
    /// Its balance at the end of the day.
    pub balance: Decimal,
    /// The first such day of the month.
    pub date: Date,
}

/// The figures of a ledger after the entries taken in.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// The first day on which a later line made good what was wrong with an earlier one.
    amends: BTreeMap<(Index, Amend), Date>,
    pub(crate) base_lines: BaseLines,
    pub(crate) carried: Figures,
    pub(crate) closed: Option<Period>,
    pub(crate) collections: Collections,
    /// What each day of the open months moved, by account.
    days: BTreeMap<Date, BTreeMap<Label, Decimal>>,
    pub(crate) deeds: Vec<(DeedVersion, Arc<Deed>)>,
    /// Which of them is in force from a day on, until the next such day.
    in_force: BTreeMap<Date, usize>,
    pub(crate) earned: BTreeMap<(Period, Label), Earned>,
    pub(crate) fees: BTreeMap<(Label, Period), Decimal>,
    /// Whoever a deed names as a fee taker, or took something.
    fee_takers: BTreeSet<Label>,
    /// The fees for each taker's months, with their amounts: one fee may be for several.
    fee_lines: BTreeMap<(Label, Period), Vec<(Index, Decimal)>>,
    pub(crate) first: Option<Period>,
    forgotten: Forgotten,
    /// The shares that months were assessed to earn, by taker, each with its assessment's line.
    grades: BTreeMap<(Label, Period), Vec<(Index, Rate)>>,
    pub(crate) identity: Option<Hash>,
    pub(crate) lacking: BTreeMap<Index, Lacking>,
    pub(crate) last_recorded: Option<Timestamp>,
    pub(crate) lines: HashMap<Index, Remembered>,
    pub(crate) month: Option<MonthTotals>,
    /// What graded months earned at each rate before the table, by taker.
    pub(crate) month_bases: BTreeMap<(Label, Period), BTreeMap<Rate, Decimal>>,
    pub(crate) months: BTreeMap<Period, Figures>,
    /// The index after the last entry taken in.
    next: Index,
    pub(crate) offset: Offset,
    pub(crate) ratified_runs: Vec<(Range, Date)>,
    /// What refunds and reversals of a period, less what replaces them, took from the bases.
    pub(crate) moved_back: BTreeMap<(Period, Label), Earned>,
    pub(crate) registered: Registered,
    /// The registers that a close may still name, each from a size on.
    registers: Vec<(Size, Arc<Register>)>,
    pub(crate) sample: bool,
    pub(crate) start: Option<Start>,
    turnover: Turnover,
    pub(crate) unit: Option<Unit>,
}

impl Books {
    /// The books before the first entry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an entry in; `register` is the key register after it. Gives what a close settles.
    pub fn take(&mut self, entry: &Entry, register: &Register) -> Option<MonthClosed> {
        let seen = self.see(entry);
        self.take_seen(entry, register, seen)
    }

    /// What an entry does and lacks by the books before it.
    pub(crate) fn see(&self, entry: &Entry) -> Seen {
        Seen { effects: self.effects_of(entry), missing: policy::missing(self, entry) }
    }

    /// As [`Books::take`], of an entry that was seen before.
    pub(crate) fn take_seen(
        &mut self,
        entry: &Entry,
        register: &Register,
        seen: Seen,
    ) -> Option<MonthClosed> {
        let Seen { effects, missing } = seen;
        self.note_names(entry, register);
        let period = entry.content().date().period();
        if self.is_counted(period) {
            self.rely(entry, &effects);
            self.note_collection(entry, &effects);
            self.apply(entry, &effects, period);
            self.note_base_line(entry, &effects);
            self.remember(entry, effects, &missing);
        } else {
            self.recall(entry, effects, &missing);
        }
        if let Data::Assessment(assessment) = entry.content().data() {
            self.note_assessment(assessment, entry);
        }
        self.last_recorded = Some(entry.recorded());
        self.next = entry.index().size_after().next_index();
        match entry.content().data() {
            Data::Close(close) => self.close(close),
            _ => None,
        }
    }

    fn note_names(&mut self, entry: &Entry, register: &Register) {
        let index = entry.index();
        self.registered.note(entry);
        match entry.content().data() {
            Data::Genesis(genesis) => self.found(entry, genesis),
            Data::Deed(change) => self.add_deed(&change.deed, index),
            _ => {}
        }
        if matches!(entry.content().kind(), Kind::Genesis | Kind::Keys | Kind::Party | Kind::Recovery) {
            self.registers.push((index.size_after(), Arc::new(register.clone())));
            let old = |from: Size| from.get().saturating_add(MOST_LINES_BACK) <= index.get();
            let known = self.registers.partition_point(|(from, _)| old(*from));
            self.registers.drain(..known.saturating_sub(1));
        }
    }

    fn found(&mut self, entry: &Entry, genesis: &Genesis) {
        self.first = Some(genesis.first);
        self.identity = Some(entry.content().identity());
        self.offset = genesis.offset;
        self.sample = genesis.sample == Some(true);
        self.unit = Some(genesis.unit.clone());
        self.add_deed(&genesis.deed, entry.index());
    }

    fn apply(&mut self, entry: &Entry, effects: &Effects, period: Period) {
        let rounded = self.rounded(effects);
        self.note_graded(effects);
        let (day, flow) = (self.balance_day(entry), self.flow_of(entry.content().data()));
        let month = self.months.entry(period).or_default();
        for (taker, amount) in rounded {
            *month.rounded.entry(taker).or_default() += amount;
        }
        for (effect, amount) in effects {
            month.apply(effect, *amount);
            if let Effect::Own { fund, .. } = effect {
                *month.moved.entry((fund.clone(), flow)).or_default() += *amount;
            }
            match effect {
                Effect::Own { account, .. } | Effect::Held { account, .. } => {
                    *self.days.entry(day).or_default().entry(account.clone()).or_default() += *amount;
                }
                Effect::Taken { taker, upto } => {
                    self.fee_takers.insert(taker.clone());
                    *self.fees.entry((taker.clone(), *upto)).or_default() += *amount;
                }
                _ => {}
            }
        }
        let sign = Decimal::ONE;
        match entry.content().data() {
            Data::Expense(expense) => {
                expense.invoices.iter().flatten().for_each(|share| month.pay(share, sign));
            }
            Data::Fee(fee) => fee.invoice.iter().for_each(|share| month.pay(share, sign)),
            Data::Budget(budget) => {
                let year = i16::try_from(budget.year.get()).unwrap_or(i16::MAX);
                let lines = budget
                    .lines
                    .iter()
                    .map(|line| ((budget.fund.clone(), year, line.line.clone()), line.amount));
                month.budgeted.extend(lines);
            }
            Data::Opening(opening) => open_budgets(month, opening),
            data => note_receipt(month, facts::receipt_of(data)),
        }
    }

    /// Takes in what months earned that an assessment grades later.
    fn note_graded(&mut self, effects: &Effects) {
        for (effect, amount) in effects {
            if let Effect::Base { taker, grade: Some(grade), .. } = effect {
                let bases = self.month_bases.entry((taker.clone(), grade.month)).or_default();
                *bases.entry(grade.full).or_default() += *amount;
            }
        }
    }

    /// The shares of this entry's bases, each rounded, for takers whose deed rounds entry by entry.
    fn rounded(&self, effects: &Effects) -> Vec<(Label, Decimal)> {
        let Some(unit) = &self.unit else { return Vec::new() };
        let share = |(effect, amount): &(Effect, Decimal)| match effect {
            Effect::Base { taker, rate, .. } if self.rounds_each(taker) => {
                let exact = *amount * Decimal::from(rate.num()) / Decimal::from(rate.den());
                Some((taker.clone(), unit.round(exact)))
            }
            _ => None,
        };
        effects.iter().filter_map(share).collect()
    }

    /// The ledger's fixed difference from UTC.
    #[must_use]
    pub const fn offset(&self) -> Offset {
        self.offset
    }

    /// When the last entry was recorded.
    #[must_use]
    pub const fn last_recorded(&self) -> Option<Timestamp> {
        self.last_recorded
    }

    /// Whether the ledger is made up.
    #[must_use]
    pub const fn is_sample(&self) -> bool {
        self.sample
    }

    /// Months that have entries and are not closed, in order.
    #[must_use]
    pub fn open_months(&self) -> Vec<Period> {
        self.months.keys().copied().collect()
    }

    /// Where each fee taker stands at the end of the last month that has entries, where that can be worked out.
    #[must_use]
    pub fn positions(&self) -> Vec<Entitlement> {
        let upto = self.months.keys().next_back().copied().or(self.closed);
        let upto = upto.filter(|upto| !self.is_unsure(*upto));
        let position = |taker: Label| upto.map(|upto| self.entitlement(&taker, upto));
        self.takers().into_iter().filter_map(position).collect()
    }

    /// The last period closed.
    #[must_use]
    pub const fn closed(&self) -> Option<Period> {
        self.closed
    }

    /// What the ledger counts in; `None` before its genesis.
    #[must_use]
    pub const fn unit(&self) -> Option<&Unit> {
        self.unit.as_ref()
    }

    /// A remembered line.
    #[must_use]
    pub fn line(&self, index: Index) -> Option<&Remembered> {
        self.lines.get(&index)
    }

    /// Lines that lacked approvals, in order.
    pub fn lacking(&self) -> impl Iterator<Item = (Index, &Lacking)> {
        self.lacking.iter().map(|(index, lacking)| (*index, lacking))
    }

    /// A sum of the ledger's amounts with the unit's scale, as it is written.
    pub(crate) fn in_unit(&self, sum: Decimal) -> Decimal {
        self.unit.as_ref().map_or(sum, |unit| unit.round(sum))
    }

    /// Zero with the unit's scale, so that a sum of nothing is written as any other.
    pub(crate) fn nothing(&self) -> Decimal {
        self.in_unit(Decimal::ZERO)
    }

    /// Whoever a deed names as a fee taker, or took something.
    fn takers(&self) -> BTreeSet<Label> {
        self.fee_takers
            .union(&self.carried.taken.keys().map(|(taker, _)| taker.clone()).collect())
            .cloned()
            .collect()
    }
}

fn note_receipt(month: &mut Figures, receipt: Option<&xinyi_core::ReceiptNumber>) {
    if let Some(receipt) = receipt {
        let last = month.series.entry(receipt.series.clone()).or_default();
        *last = (*last).max(receipt.number.get());
    }
}

fn open_budgets(month: &mut Figures, opening: &xinyi_core::Opening) {
    let fund = opening.holdings.first().map(|holding| holding.fund.clone());
    for (budget, fund) in opening.budgets.iter().flatten().zip(fund.into_iter().cycle()) {
        let year = i16::try_from(budget.year.get()).unwrap_or(i16::MAX);
        let key = (fund, year, budget.line.clone());
        month.budgeted.insert(key.clone(), budget.budgeted);
        *month.spent.entry(key).or_default() += budget.spent.decimal();
    }
}
