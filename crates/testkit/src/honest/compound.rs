//! The compound as it goes through its months: who pays, what lies where, what was earned; one month of acts a turn.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xinyi_core::{Date, Kind, Period, Timestamp};

use super::act::COMMITTEE;
use super::genesis::{RATES, genesis, month};
use super::holdings::Holdings;
use super::households::Household;
use super::random::Chance;
use super::shifts::{Shift, shift_at, shifts, term_end};
use super::{Act, Scale, at};

/// A compound on its way through an honest ledger. Each turn gives the acts recorded in one month, in order.
#[derive(Clone, Debug)]
pub struct Compound {
    pub(super) chance: Chance,
    pub(super) households: Vec<Household>,
    pub(super) invoices: u64,
    /// Months since the first.
    pub(super) after: u32,
    pub(super) scale: Scale,
    /// What the fee is worked out on, by month and place in `RATES`.
    bases: BTreeMap<Period, [i64; RATES.len()]>,
    counts: BTreeMap<Kind, u32>,
    /// What lies where after the acts given out.
    holdings: Holdings,
    /// What common parts brought, less its cost, by month.
    pub(super) public: BTreeMap<Period, i64>,
    queue: Vec<Act>,
    receipts: u64,
    pub(super) shifts: Vec<Shift>,
    pub(super) taken: i64,
    /// Money in the wallet and in the cash box that has not gone to the bank, by day.
    pub(super) unbanked: BTreeMap<(&'static str, Date), i64>,
}

impl Compound {
    /// The compound before its first month.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        let mut chance = Chance::new(scale.seed);
        let households = (0..scale.households).map(|number| Household::new(number, &mut chance)).collect();
        Self {
            chance,
            households,
            invoices: scale.seed % 1_000 * 1_000_000,
            after: 0,
            scale,
            bases: BTreeMap::new(),
            counts: BTreeMap::new(),
            holdings: Holdings::default(),
            public: BTreeMap::new(),
            queue: Vec::new(),
            receipts: 0,
            shifts: shifts(&scale),
            taken: 0,
            unbanked: BTreeMap::new(),
        }
    }

    /// The genesis.
    #[must_use]
    pub fn genesis(&self) -> Value {
        genesis(&self.scale, &term_end(&self.scale, 0).to_string())
    }

    /// What each household owns, in hundredths of a square metre.
    #[must_use]
    pub fn areas(&self) -> Vec<i64> {
        self.households.iter().map(|household| household.area).collect()
    }

    /// Who may approve for the committee at a time; two of them do.
    #[must_use]
    pub fn committee(&self, time: Timestamp) -> Vec<String> {
        shift_at(&self.shifts, time).committee[..2].to_vec()
    }

    /// The month that is planned now.
    pub(super) fn period(&self) -> Period {
        month(&self.scale, self.after)
    }

    /// A day of the month that is planned now.
    pub(super) fn day(&self, day: u32) -> Date {
        self.period().first_day().plus_days(i32::try_from(day).expect("a day") - 1)
    }

    /// Whether something that comes every so many months comes now.
    pub(super) const fn is_turn(&self, every: u32, from: u32) -> bool {
        self.after >= from && (self.after - from).is_multiple_of(every)
    }

    /// Puts an act into the plan and its money into the figures; gives its name.
    pub(super) fn put(&mut self, act: Act) -> String {
        let day = act.date;
        self.put_as_of(act, day)
    }

    /// As [`Compound::put`], with the fee rate of another day.
    pub(super) fn put_as_of(&mut self, mut act: Act, rate_day: Date) -> String {
        if act.name.is_empty() {
            let count = self.counts.entry(act.kind).or_default();
            *count += 1;
            act.name = format!("{} {count}", act.kind);
        }
        self.book(&act, rate_day, 1, act.date.period());
        let name = act.name.clone();
        self.queue.push(act);
        name
    }

    /// Takes what an act earns into the figures of a month, or out of them.
    pub(super) fn book(&mut self, act: &Act, rate_day: Date, sign: i64, period: Period) {
        let is_public = matches!(act.text("category"), "advert" | "parking" | "site-rent");
        if is_public || act.has("cost_of") {
            let way = if act.kind == Kind::Expense { -sign } else { sign };
            *self.public.entry(period).or_default() += way * act.cents();
        }
        let is_base = matches!(act.text("category"), "advert" | "parking" | "property-fee");
        if act.kind == Kind::Income && is_base {
            self.earn(period, rate_day, sign * act.cents());
        }
    }

    /// The fee base of a month grows at the rate of a day.
    pub(super) fn earn(&mut self, period: Period, rate_day: Date, cents: i64) {
        let begins = |(after, day, _): &(u32, u32, &str)| {
            month(&self.scale, *after).first_day().plus_days(i32::try_from(*day).expect("a day") - 1)
        };
        let place = RATES.iter().rposition(|rate| begins(rate) <= rate_day).expect("the first rate");
        self.bases.entry(period).or_default()[place] += cents;
    }

    /// What may be taken of all months up to one: the sum of rate times base, rounded once, half away from zero.
    pub(super) fn entitled(&self, upto: Period) -> i64 {
        let hundredths = |rate: &str| rate.trim_end_matches("/100").parse::<i64>().expect("a rate");
        let bases = self.bases.range(..=upto).flat_map(|(_, bases)| bases.iter().zip(RATES));
        let exact: i64 = bases.map(|(base, (_, _, rate))| base * hundredths(rate)).sum();
        (exact + 50 * exact.signum()) / 100
    }

    /// Everything recorded in the month that is planned, in order and signed for.
    fn due(&mut self) -> Vec<Act> {
        let end = at(self.period().next().first_day(), 0, 0);
        let (mut due, later): (Vec<Act>, Vec<Act>) =
            std::mem::take(&mut self.queue).into_iter().partition(|act| act.recorded < end);
        self.queue = later;
        due.sort_by_key(|act| act.recorded);
        due.iter_mut().for_each(|act| self.give_out(act));
        due
    }

    /// What only the order of recording can say: receipt numbers, who signs, what lies where.
    fn give_out(&mut self, act: &mut Act) {
        if let Some(receipt) = act.data.get_mut("receipt") {
            self.receipts += 1;
            receipt["number"] = json!(self.receipts);
        }
        let shift = shift_at(&self.shifts, act.recorded);
        if act.recorder.is_empty() {
            act.recorder.clone_from(&shift.manager);
        }
        if act.by == [COMMITTEE] {
            let absent = act.name.bytes().map(usize::from).sum::<usize>() % 3;
            let present = shift.committee.iter().enumerate().filter(|(place, _)| *place != absent);
            act.by = present.map(|(_, name)| name.clone()).collect();
        }
        self.holdings.state(act);
        self.holdings.take(act);
    }
}

impl Iterator for Compound {
    type Item = Vec<Act>;

    fn next(&mut self) -> Option<Vec<Act>> {
        if self.after == self.scale.months {
            return None;
        }
        self.plan_decisions();
        self.plan_people();
        self.plan_closing();
        self.plan_households();
        self.plan_spending();
        self.plan_held();
        self.plan_corrections();
        self.plan_voices();
        self.plan_banking();
        let due = self.due();
        self.after += 1;
        Some(due)
    }
}
