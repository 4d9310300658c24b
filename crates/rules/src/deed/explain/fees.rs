//! What each taker may take, with worked examples that the ledger's own arithmetic works out (spec: D-3, M-4, M-9, V-7).

use rust_decimal::Decimal;
use xinyi_core::{
    BaseMeasure, Basis, DatedRate, Deed, FeeTerm, NetFloor, PerformanceStep, Rate, Rounding, Unit, share_of,
};

use super::{Said, Section, Told};

/// Points of the examples of a performance table.
const POINTS: [u64; 2] = [92, 78];

pub(super) fn explain(deed: &Deed, unit: &Unit) -> Vec<Said> {
    if deed.fees.is_empty() {
        return vec![said("nobody-takes")];
    }
    deed.fees.iter().flat_map(|term| one(term, deed, unit)).collect()
}

fn said(says: &'static str) -> Said {
    Said::new(Section::Takes, says)
}

fn one(term: &FeeTerm, deed: &Deed, unit: &Unit) -> Vec<Said> {
    let head = said("taker").told("taker", Told::Party(term.taker.clone()));
    let head = match &term.clause {
        Some(clause) => Said { says: "taker-clause", ..head }.with("clause", clause),
        None => head,
    };
    let mut told = vec![head];
    if !term.rates.is_empty() {
        told.push(said(basis(term.basis)));
        told.extend(base(term));
        told.extend(rates(term, deed));
        told.extend(examples(term, deed, unit));
        told.push(said(rounding(term.rounding)));
    }
    told.extend(fixed(term));
    told.extend(performance(term, deed, unit));
    told.push(said("when").with("day", term.day));
    told.push(said(if term.invoice { "invoice" } else { "no-invoice" }));
    told
}

const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Accrual => "basis-accrual",
        Basis::Budget => "basis-budget",
        Basis::Cash => "basis-cash",
        Basis::CostPlus => "basis-cost-plus",
    }
}

const fn rounding(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::Cumulative => "rounded-once",
        Rounding::Entry => "rounded-each",
    }
}

/// The categories, gross and net apart, and where a net base ends.
fn base(term: &FeeTerm) -> Vec<Said> {
    let of = |measure: BaseMeasure| -> Vec<String> {
        let items = term.base.iter().filter(|item| item.measure == measure);
        items.map(|item| item.category.to_string()).collect()
    };
    let (gross, net) = (of(BaseMeasure::Gross), of(BaseMeasure::Net));
    let mut told = Vec::new();
    if !gross.is_empty() {
        told.push(said("base-gross").told("categories", Told::Texts(gross)));
    }
    if !net.is_empty() {
        told.push(said("base-net").told("categories", Told::Texts(net)));
        told.push(said(match term.net_floor {
            NetFloor::Source => "floor-source",
            NetFloor::Total => "floor-total",
        }));
    }
    told
}

fn rates(term: &FeeTerm, deed: &Deed) -> Vec<Said> {
    let mut told = Vec::new();
    for (place, dated) in term.rates.iter().enumerate() {
        let line = said("rate-from").told("rate", Told::Rate(dated.rate)).with("from", dated.from);
        let line = match term.rates.get(place + 1) {
            Some(next) => Said { says: "rate-to", ..line }.with("to", next.from.plus_days(-1)),
            None if dated.from == deed.first => Said { says: "rate", ..line },
            None => line,
        };
        told.push(line);
    }
    told
}

/// Of 100,000 collected; of 20,000 net of 6,000 cost; of 60,000 and 50,000 at two rates.
fn examples(term: &FeeTerm, deed: &Deed, unit: &Unit) -> Vec<Said> {
    let Some(rate) = present(term, deed) else { return Vec::new() };
    let figure = |whole: u32| unit.round(Decimal::from(whole));
    let share = |bases: &[(Rate, Decimal)]| share_of(bases, unit).unwrap_or_default();
    let (all, income, cost) = (figure(100_000), figure(20_000), figure(6_000));
    let plain = said(example(term.basis)).amount("base", all).told("rate", Told::Rate(rate));
    let plain = plain.with("day", term.day).with("invoice", term.invoice);
    let mut told = vec![plain.amount("share", share(&[(rate, all)]))];
    if term.base.iter().any(|item| item.measure == BaseMeasure::Net) {
        let net = said("example-net").amount("income", income).amount("cost", cost);
        let left = income - cost;
        told.push(net.amount("net", left).amount("share", share(&[(rate, left)])));
    }
    if let Some([before, after]) = last_change(&term.rates) {
        let (first, second) = (figure(60_000), figure(50_000));
        let split = said("example-split").amount("first", first).amount("second", second);
        let split = split.told("before", Told::Rate(before.rate)).told("after", Told::Rate(after.rate));
        let split = split.with("from", after.from);
        told.push(split.amount("share", share(&[(before.rate, first), (after.rate, second)])));
    }
    told
}

const fn example(basis: Basis) -> &'static str {
    match basis {
        Basis::Accrual => "example-accrual",
        Basis::Budget => "example-budget",
        Basis::Cash => "example-cash",
        Basis::CostPlus => "example-cost-plus",
    }
}

/// The rate on the deed's first day.
fn present(term: &FeeTerm, deed: &Deed) -> Option<Rate> {
    let begun = term.rates.iter().rev().find(|rate| rate.from <= deed.first);
    begun.or(term.rates.first()).map(|rate| rate.rate)
}

fn last_change(rates: &[DatedRate]) -> Option<[&DatedRate; 2]> {
    match rates {
        [.., before, after] => Some([before, after]),
        _ => None,
    }
}

fn fixed(term: &FeeTerm) -> Option<Said> {
    let fixed = term.fixed?.decimal();
    let says = if term.rates.is_empty() { "fixed" } else { "fixed-besides" };
    Some(said(says).amount("amount", fixed).amount("year", fixed * Decimal::from(12)))
}

/// Each step of the table, two examples, and what a month without an assessment earns.
fn performance(term: &FeeTerm, deed: &Deed, unit: &Unit) -> Vec<Said> {
    let Some(steps) = &term.performance else { return Vec::new() };
    let mut by_points: Vec<&PerformanceStep> = steps.iter().collect();
    by_points.sort_by_key(|step| std::cmp::Reverse(step.points.get()));
    let step = |step: &&PerformanceStep| {
        said("performance-step").with("points", step.points).told("share", Told::Rate(step.share))
    };
    let mut told: Vec<Said> = by_points.iter().map(step).collect();
    let earned = earned_in_example(term, deed, unit);
    for points in POINTS {
        let reached = by_points.iter().find(|step| step.points.get() <= points);
        if let Some(step) = reached {
            let line = said("performance-example").with("points", points).amount("earned", earned);
            let due = share_of(&[(step.share, earned)], unit).unwrap_or_default();
            told.push(line.told("share", Told::Rate(step.share)).amount("due", due));
        }
    }
    if let Some(lowest) = by_points.last() {
        told.push(said("performance-none").told("share", Told::Rate(lowest.share)));
    }
    told
}

/// What a month of the example earns before performance: the share of 100,000, and what is fixed.
fn earned_in_example(term: &FeeTerm, deed: &Deed, unit: &Unit) -> Decimal {
    let all = unit.round(Decimal::from(100_000));
    let share = present(term, deed).and_then(|rate| share_of(&[(rate, all)], unit)).unwrap_or_default();
    share + term.fixed.map_or(Decimal::ZERO, |fixed| fixed.decimal())
}
