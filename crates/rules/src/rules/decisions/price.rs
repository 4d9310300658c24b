//! VT-02: the price of the charge changes by a vote that was announced, and bills keep to the price in force.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use xinyi_core::{Billing, Count, Data, Date, Index, Kind, Label, Period, Resolution, Severity};

use super::vote;
use crate::books::{Books, facts};
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};

/// Categories that are billed at a price which owners vote on.
const CATEGORIES: Parameter =
    Parameter { name: "charge-category", form: Form::Label, default: &["property-fee"] };

/// Steps that come before the vote, and at least how many days before.
const STEPS: Parameter =
    Parameter { name: "charge-step", form: Form::LabelCount, default: &["audit=0", "notice=30"] };

pub(crate) const RULE: Rule = Rule {
    code: "VT-02",
    severity: Severity::Error,
    page: include_str!("price.md"),
    check: Check::Watch(|| Box::new(Prices::default())),
    kinds: Kinds::Of(&[Kind::Billing, Kind::Resolution, Kind::Step]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[CATEGORIES, STEPS],
};

/// What the charge cost so far, and what was done towards a change of it.
#[derive(Clone, Debug, Default)]
struct Prices {
    by_category: BTreeMap<Label, History>,
    /// The first day on which a step was done since the last vote on its matter, with a document to show for it.
    done: BTreeMap<Label, BTreeMap<Label, Date>>,
}

/// The price that a category began with, and changes of it by the resolution behind each.
#[derive(Clone, Debug, Default)]
struct History {
    changes: BTreeMap<(Date, Index), Decimal>,
    first: Option<Decimal>,
}

impl History {
    /// The price in force on a day; a resolution that was reversed changes nothing.
    fn on(&self, day: Date, books: &Books) -> Option<Decimal> {
        let stands = |index: &Index| books.stands(*index);
        let mut changes = self.changes.iter().rev();
        let last = changes.find(|((effective, index), _)| *effective <= day && stands(index));
        last.map(|(_, price)| *price).or(self.first)
    }
}

impl Watch for Prices {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let is_month = step.books.is_one_month();
        match step.entry.content().data() {
            Data::Billing(bill) if CATEGORIES.lists(&step.deed, &bill.category) => {
                match (bill.price, bill.area) {
                    (None, None) => {}
                    _ if is_month => sink.lack_older(),
                    (Some(price), _) => self.bill(step, bill, price.decimal(), sink),
                    (None, Some(area)) => self.bill_unpriced(step, bill, area, sink),
                }
            }
            Data::Resolution(resolution) if states_price(resolution) => {
                if is_month {
                    sink.lack_older();
                } else {
                    sink.examine();
                    self.change(step, resolution, sink);
                }
            }
            Data::Step(done) if done.vouchers.as_ref().is_some_and(|vouchers| !vouchers.is_empty()) => {
                let steps = self.done.entry(done.project.clone()).or_default();
                let first = steps.entry(done.step.clone()).or_insert(done.done);
                *first = (*first).min(done.done);
            }
            _ => {}
        }
    }
}

const fn states_price(resolution: &Resolution) -> bool {
    resolution.old_price.is_some() || resolution.new_price.is_some()
}

impl Prices {
    /// A bill keeps to the price in force on the first day of each month that it bills.
    fn bill(&mut self, step: &Step<'_>, bill: &Billing, price: Decimal, sink: &mut Sink<'_>) {
        sink.examine();
        let history = self.by_category.entry(bill.category.clone()).or_default();
        let in_force = |month: &Period| Some((*month, history.on(month.first_day(), step.books)?));
        let ends = [bill.months.from, bill.months.to];
        let wrong = ends.iter().filter_map(in_force).find(|(_, in_force)| *in_force != price);
        if let Some((month, in_force)) = wrong {
            let is_early =
                history.changes.iter().any(|((from, _), new)| *new == price && *from > month.first_day());
            let case = if is_early { "early" } else { "other" };
            let finding = Finding::at(step.entry.index()).with("case", case).with("month", month);
            sink.report(finding.with("category", &bill.category).differing(in_force, price));
        }
        if history.on(bill.months.from.first_day(), step.books).is_none() {
            history.first = Some(price);
        }
    }

    /// Without a price, amount and area show it, but for what rounding each unit's month may have added or taken.
    fn bill_unpriced(&self, step: &Step<'_>, bill: &Billing, area: Count, sink: &mut Sink<'_>) {
        let in_force = |month: &Period| {
            let history = self.by_category.get(&bill.category)?;
            Some((*month, history.on(month.first_day(), step.books)?))
        };
        let ends = [bill.months.from, bill.months.to];
        let prices: Vec<_> = ends.iter().filter_map(in_force).collect();
        if prices.is_empty() {
            return;
        }
        sink.examine();
        let months = Decimal::from(facts::months_in(bill.months.from, bill.months.to));
        let metres = Decimal::from(area.get()) / Decimal::ONE_HUNDRED;
        let rounding = Decimal::new(5, 3) * Decimal::from(bill.units.get()) * months;
        let amount = bill.amount.decimal();
        let due = |price: Decimal| step.books.in_unit(metres * price * months);
        let wrong = prices.into_iter().find(|(_, price)| (amount - due(*price)).abs() > rounding);
        if let Some((month, price)) = wrong {
            let finding = Finding::at(step.entry.index()).with("case", "unstated").with("month", month);
            let finding = finding.with("category", &bill.category).with("price", price);
            sink.report(finding.differing(due(price), amount));
        }
    }

    fn change(&mut self, step: &Step<'_>, resolution: &Resolution, sink: &mut Sink<'_>) {
        let index = step.entry.index();
        let voted = step.entry.content().date();
        let effective = resolution.effective.unwrap_or(voted);
        let mut report = |finding: Finding| sink.report(told(finding, resolution));
        self.missing_steps(step, resolution).into_iter().for_each(&mut report);
        let passed = vote::passes(resolution, voted, &step.deed);
        if !passed {
            report(Finding::at(index).with("case", "vote"));
        }
        if effective < voted {
            let finding = Finding::at(index).with("case", "effective").with("effective", effective);
            report(finding.with("voted", voted));
        }
        let prices = resolution.old_price.zip(resolution.new_price);
        let Some((old, new)) = prices.map(|(old, new)| (old.decimal(), new.decimal())) else {
            report(Finding::at(index).with("case", "unpriced"));
            return;
        };
        if let Some(in_force) = self.other_price(step, old, effective) {
            report(Finding::at(index).with("case", "old").differing(in_force, old));
        }
        if passed {
            self.take(step, old, (effective, new));
        }
    }

    /// Steps that the matter lacks before its vote. They are used up by it: the next vote needs its own.
    fn missing_steps(&mut self, step: &Step<'_>, resolution: &Resolution) -> Vec<Finding> {
        let voted = step.entry.content().date();
        let steps = self.done.remove(&resolution.matter).unwrap_or_default();
        let mut missing = Vec::new();
        for (name, days) in STEPS.counts(&step.deed) {
            let done = steps.iter().find(|(step, _)| step.as_str() == name);
            let finding = Finding::at(step.entry.index()).with("step", name).with("limit", days);
            match done.map(|(_, day)| i64::from(day.days_until(voted))) {
                None => missing.push(finding.with("case", "step")),
                Some(before) if i64::try_from(days).is_ok_and(|days| before < days) => {
                    missing.push(finding.with("case", "notice").with("days", before));
                }
                Some(_) => {}
            }
        }
        missing
    }

    /// The price billed before, if no category was billed at the one that the resolution calls old.
    fn other_price(&self, step: &Step<'_>, old: Decimal, effective: Date) -> Option<Decimal> {
        let before = effective.plus_days(-1);
        let in_force = |history: &History| history.on(before, step.books);
        let mut prices = self.by_category.values().filter_map(in_force);
        let is_billed = self.by_category.values().any(|history| in_force(history) == Some(old));
        prices.next().filter(|_| !is_billed)
    }

    /// The new price holds for the categories billed at the old one; for the only category in any case.
    fn take(&mut self, step: &Step<'_>, old: Decimal, (effective, new): (Date, Decimal)) {
        if let [only] = CATEGORIES.values(&step.deed).as_slice()
            && let Ok(category) = only.parse()
        {
            let history = self.by_category.entry(category).or_default();
            history.first.get_or_insert(old);
            history.changes.insert((effective, step.entry.index()), new);
            return;
        }
        let before = effective.plus_days(-1);
        let is_old = |history: &&mut History| history.on(before, step.books) == Some(old);
        for history in self.by_category.values_mut().filter(is_old) {
            history.changes.insert((effective, step.entry.index()), new);
        }
    }
}

/// Both prices and the change between them: a percentage alone says little (0.81 to 1.11 is 37.04 %).
fn told(finding: Finding, resolution: &Resolution) -> Finding {
    let prices = resolution.old_price.zip(resolution.new_price);
    let prices = prices.map(|(old, new)| (old.decimal(), new.decimal()));
    let percent = prices.and_then(|(old, new)| ((new - old) * Decimal::ONE_HUNDRED).checked_div(old));
    let percent =
        percent.map(|share| share.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero));
    let told = |figure: Option<String>| figure.unwrap_or_else(|| "-".to_owned());
    finding
        .with("from", told(resolution.old_price.map(|price| price.to_string())))
        .with("to", told(resolution.new_price.map(|price| price.to_string())))
        .with("percent", told(percent.map(|percent| percent.to_string())))
}
