//! Fees that contradict themselves or each other (spec: D-3, M-4, M-9).

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use xinyi_core::{BaseMeasure, Basis, Date, Deed, FeeTerm, Label, NetFloor, PerformanceStep, Rounding};

use crate::deed::place::place;
use crate::deed::problem::Problem;
use crate::rules::fees::base::OUTSIDE_BASE;

pub(super) fn of(deed: &Deed) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut takers = BTreeSet::new();
    for (nth, term) in deed.fees.iter().enumerate() {
        if !takers.insert(&term.taker) {
            let again = Problem::at(place!["fees", nth, "taker"], "deed-taker-twice");
            found.push(again.with("taker", &term.taker));
        }
        found.extend(whole(nth, term));
        found.extend(base(nth, term, deed));
        found.extend(measures(nth, term));
        found.extend(rates(nth, term, deed.first));
        found.extend(performance(nth, term.performance.as_deref()));
    }
    found.extend(more_than_all(deed));
    found
}

/// A term that takes nothing, or that says half of what it needs.
fn whole(nth: usize, term: &FeeTerm) -> Vec<Problem> {
    let at = |name: &str| place!["fees", nth, name];
    let mut found = Vec::new();
    let (no_rate, no_base) = (term.rates.is_empty(), term.base.is_empty());
    if no_rate && term.fixed.is_none() {
        found.push(Problem::at(place!["fees", nth], "deed-fee-nothing").with("taker", &term.taker));
    } else if no_rate && !no_base {
        found.push(Problem::at(at("base"), "deed-fee-base-unused").with("taker", &term.taker));
    }
    if no_base && !no_rate {
        found.push(Problem::at(at("rates"), "deed-fee-base-missing").with("taker", &term.taker));
    }
    if term.fixed.is_some_and(|fixed| fixed.decimal().is_zero()) {
        found.push(Problem::at(at("fixed"), "deed-fixed-zero").with("taker", &term.taker));
    }
    if !(1..=28).contains(&term.day) {
        found.push(Problem::at(at("day"), "deed-day-range").with("day", term.day));
    }
    if term.rounding == Rounding::Entry && term.basis == Basis::Budget {
        found.push(Problem::at(at("rounding"), "deed-rounding-without-entries"));
    }
    found
}

/// A category once in a base, and never outside it as well.
fn base(nth: usize, term: &FeeTerm, deed: &Deed) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for (item_nth, item) in term.base.iter().enumerate() {
        let problem =
            |code| Problem::at(place!["fees", nth, "base", item_nth], code).with("category", &item.category);
        if !known.insert(&item.category) {
            found.push(problem("deed-base-twice"));
        }
        if matches!(term.basis, Basis::Cash | Basis::Accrual) && OUTSIDE_BASE.lists(deed, &item.category) {
            found.push(problem("deed-base-outside"));
        }
    }
    found
}

/// Cost is linked to income that came in: only a cash base can be net.
fn measures(nth: usize, term: &FeeTerm) -> Vec<Problem> {
    let is_net = |measure| measure == BaseMeasure::Net;
    let net = term.base.iter().position(|item| is_net(item.measure));
    let mut found = Vec::new();
    if let Some((item, of)) = net.zip(net.and_then(|item| term.base.get(item))) {
        if term.basis != Basis::Cash {
            let problem = Problem::at(place!["fees", nth, "base", item], "deed-net-without-cost");
            found.push(problem.with("category", &of.category).with("basis", term.basis));
        }
    } else if term.net_floor == NetFloor::Source {
        found.push(Problem::at(place!["fees", nth, "net_floor"], "deed-net-floor-unused"));
    }
    found
}

/// Rates in order of their days, the first no later than the deed.
///
/// A first day before the deed's is no mistake: money that came then and is recorded late takes the rate of its own
/// day (spec: M-4), and without that rate it would count for nothing.
fn rates(nth: usize, term: &FeeTerm, first: Date) -> Vec<Problem> {
    let mut found = Vec::new();
    for (rate_nth, pair) in term.rates.windows(2).enumerate() {
        if let [before, after] = pair
            && before.from >= after.from
        {
            let problem = Problem::at(place!["fees", nth, "rates", rate_nth + 1], "deed-rate-order");
            found.push(problem.with("from", after.from).with("before", before.from));
        }
    }
    if let Some(rate) = term.rates.first().filter(|rate| rate.from > first) {
        let problem = Problem::at(place!["fees", nth, "rates", 0_usize], "deed-rate-gap");
        found.push(problem.with("from", rate.from).with("first", first));
    }
    found
}

/// A table that rises, or falls, in points and shares alike, down to no points at all.
fn performance(nth: usize, table: Option<&[PerformanceStep]>) -> Vec<Problem> {
    let Some(steps) = table else { return Vec::new() };
    let at = |step: usize| place!["fees", nth, "performance", step];
    let mut found = Vec::new();
    let points = |step: &PerformanceStep| step.points.get();
    if !steps.iter().any(|step| points(step) == 0) {
        found.push(Problem::at(place!["fees", nth, "performance"], "deed-performance-zero"));
    }
    let rises = steps.first().map(points) < steps.last().map(points);
    for (place, pair) in steps.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let (low, high) = if rises { (a, b) } else { (b, a) };
        let problem = |code| Problem::at(at(place + 1), code).with("points", b.points);
        if points(low) >= points(high) {
            found.push(problem("deed-performance-order"));
        } else if share(low) > share(high) {
            found.push(problem("deed-performance-share"));
        }
    }
    found
}

fn share(step: &PerformanceStep) -> Decimal {
    as_decimal(step.share)
}

fn as_decimal(rate: xinyi_core::Rate) -> Decimal {
    Decimal::from(rate.num()).checked_div(Decimal::from(rate.den())).unwrap_or_default()
}

/// No income can be taken more than whole, by all takers together, on any day.
fn more_than_all(deed: &Deed) -> Vec<Problem> {
    let days: BTreeSet<Date> = deed.fees.iter().flat_map(|term| &term.rates).map(|rate| rate.from).collect();
    let mut known: BTreeSet<&Label> = BTreeSet::new();
    let mut found = Vec::new();
    for (nth, term) in deed.fees.iter().enumerate() {
        for (item_nth, item) in term.base.iter().enumerate() {
            let over = days.iter().find(|day| taken_of(deed, &item.category, **day) > Decimal::ONE);
            if let Some(day) = over.filter(|_| known.insert(&item.category)) {
                let problem = Problem::at(place!["fees", nth, "base", item_nth], "deed-rates-over-whole");
                found.push(problem.with("category", &item.category).with("day", day));
            }
        }
    }
    found
}

/// The share of a category that all takers on one basis have on a day; the heaviest basis counts.
fn taken_of(deed: &Deed, category: &Label, day: Date) -> Decimal {
    let on = |basis: Basis| -> Decimal {
        let names =
            |term: &&FeeTerm| term.basis == basis && term.base.iter().any(|item| item.category == *category);
        let rate =
            |term: &FeeTerm| term.rates.iter().rev().find(|rate| rate.from <= day).map(|rate| rate.rate);
        deed.fees.iter().filter(names).filter_map(rate).map(as_decimal).sum()
    };
    Basis::ALL.iter().map(|basis| on(*basis)).max().unwrap_or_default()
}
