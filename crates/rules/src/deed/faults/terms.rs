//! Deadlines, budget, reimbursable items, related payees and the first day: terms that cannot be kept or mean nothing.

use std::collections::BTreeSet;

use xinyi_core::{Count, Deed};

use super::names;
use crate::deed::file::{DeedFile, Values};
use crate::deed::place::place;
use crate::deed::problem::Problem;

pub(super) fn of(deed: &Deed) -> Vec<Problem> {
    let mut found = first_days(deed);
    found.extend(deadlines(deed));
    found.extend(reimbursable(deed));
    let mut known = BTreeSet::new();
    for (nth, payee) in deed.related.iter().enumerate() {
        if !known.insert(payee) {
            found.push(Problem::at(place!["related", nth], "deed-related-twice").with("payee", payee));
        }
    }
    found
}

/// A parameter given as an empty list: its default would hold, not nothing.
pub(super) fn empty_lists(file: &DeedFile) -> Vec<Problem> {
    let is_empty = |values: &Values| matches!(values, Values::Several(values) if values.is_empty());
    let empty = file.parameters.iter().filter(|(_, values)| is_empty(values));
    empty
        .map(|(name, _)| {
            Problem::at(place!["parameters", name.as_str()], "deed-parameter-empty").with("name", name)
        })
        .collect()
}

/// A deed begins with a month; what was taken over later lies after its first day.
fn first_days(deed: &Deed) -> Vec<Problem> {
    let mut found = Vec::new();
    if deed.first.day() != 1 {
        found.push(Problem::at(Vec::new(), "deed-first-day").with("first", deed.first));
    }
    if let Some(until) = deed.history_until.filter(|until| *until <= deed.first) {
        let problem = Problem::at(place!["history_until"], "deed-history").with("until", until);
        found.push(problem.with("first", deed.first));
    }
    found
}

fn deadlines(deed: &Deed) -> Vec<Problem> {
    let terms = &deed.deadlines;
    let mut found = Vec::new();
    for (name, value) in [
        ("answer_days", terms.answer_days),
        ("bank_days", terms.bank_days),
        ("close_days", terms.close_days),
        ("handover_days", terms.handover_days),
        ("late_days", terms.late_days),
        ("late_hours", terms.late_hours),
        ("publish_days", terms.publish_days),
        ("ratify_days", terms.ratify_days),
    ] {
        if value.is_some_and(|value| value.get() == 0) {
            found.push(Problem::at(place!["deadlines", name], "deed-deadline-zero").with("name", name));
        }
    }
    let both = |a: Option<Count>, b: Option<Count>| a.zip(b).map(|(a, b)| (a.get(), b.get()));
    if let Some((hours, days)) = both(terms.late_hours, terms.late_days)
        && days.saturating_mul(24) < hours
    {
        let problem = Problem::at(place!["deadlines", "late_days"], "deed-deadline-late");
        found.push(problem.with("hours", hours).with("days", days));
    }
    if let Some((close, publish)) = both(terms.close_days, terms.publish_days)
        && publish < close
    {
        let problem = Problem::at(place!["deadlines", "publish_days"], "deed-deadline-publish");
        found.push(problem.with("close", close).with("publish", publish));
    }
    found
}

/// The parameter of categories for which the fund pays nothing.
const FORBIDDEN: &str = "forbidden-category";

fn reimbursable(deed: &Deed) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for (nth, item) in deed.reimbursable.iter().enumerate() {
        let problem = |name: &str, code| {
            Problem::at(place!["reimbursable", nth, name], code).with("category", &item.category)
        };
        if !known.insert(&item.category) {
            found.push(problem("category", "deed-reimbursable-twice"));
        }
        if names::known(FORBIDDEN).is_some_and(|list| list.lists(deed, &item.category)) {
            found.push(problem("category", "deed-reimbursable-forbidden"));
        }
        if let Some(line) = item.budget.as_ref().filter(|_| !deed.budget_required) {
            found.push(problem("budget", "deed-reimbursable-budget").with("budget", line));
        }
    }
    found
}
