//! Approvals that contradict each other, or that can never be asked for (spec: A-4, D-1, D-2).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xinyi_core::{Family, Kind, Label, Need};

use crate::deed::approvals::{ApprovalsFile, PlacedTerm};
use crate::deed::place::place;
use crate::deed::problem::Problem;

pub(super) fn of(file: &ApprovalsFile, placed: &[PlacedTerm]) -> Vec<Problem> {
    let mut found = limit(file);
    let no_kind = |nth| Problem::at(place!["approvals", "terms", nth, "kinds"], "deed-approval-no-kind");
    found.extend(file.terms_of_nothing().map(no_kind));
    found.extend(placed.iter().flat_map(alone_wrong));
    found.extend(twice(placed));
    found.extend(lighter_above(file, placed));
    found.extend(lighter_order(file, placed));
    found
}

/// A limit needs kinds, and kinds below a limit need one.
fn limit(file: &ApprovalsFile) -> Vec<Problem> {
    let at = |name| place!["approvals", name];
    let mut found = Vec::new();
    match file.limit {
        None if !file.below_limit.is_empty() => {
            found.push(Problem::at(at("below_limit"), "deed-limit-missing"));
        }
        Some(limit) if file.below_limit.is_empty() => {
            found.push(Problem::at(at("limit"), "deed-limit-unused").with("limit", limit));
        }
        Some(limit) if limit.decimal().is_zero() => {
            found.push(Problem::at(at("limit"), "deed-limit-zero"));
        }
        _ => {}
    }
    if file.committee.is_some() && file.below_limit.is_empty() {
        found.push(Problem::at(at("committee"), "deed-committee-unused"));
    }
    found
}

/// What is wrong with one term by itself.
fn alone_wrong(placed: &PlacedTerm) -> Vec<Problem> {
    let mut found = Vec::new();
    if is_fixed(placed.kind) {
        found.push(of_kind(placed, "deed-approval-fixed"));
    }
    if placed.term.needs.is_empty() {
        found.push(of_needs(placed, "deed-approval-nobody"));
    }
    if let Some(from) = placed.term.from.filter(|_| !has_amount(placed.kind)) {
        found.push(of_kind(placed, "deed-approval-no-amount").with("from", from));
    }
    let mut parties = BTreeSet::new();
    for need in &placed.term.needs {
        if need.holders == 0 {
            found.push(of_needs(placed, "deed-approval-no-holder").with("party", &need.party));
        }
        if !parties.insert(&need.party) {
            found.push(of_needs(placed, "deed-approval-party-twice").with("party", &need.party));
        }
    }
    found
}

/// Kinds whose approvals the format fixes, whatever a deed says.
fn is_fixed(kind: Kind) -> bool {
    let spoken_for = matches!(kind, Kind::AuditOpinion | Kind::Ratification | Kind::Refusal | Kind::Reversal);
    spoken_for || kind.info().family == Family::Authority
}

/// Kinds with a figure that a limit can be compared with.
fn has_amount(kind: Kind) -> bool {
    kind.info().fields.iter().any(|field| matches!(field.name, "amount" | "price"))
}

fn twice(placed: &[PlacedTerm]) -> Vec<Problem> {
    let mut known = BTreeSet::new();
    let again = placed.iter().filter(|placed| !known.insert((placed.kind, from(placed))));
    again.map(|placed| of_kind(placed, "deed-approval-twice")).collect()
}

fn of_kind(placed: &PlacedTerm, code: &'static str) -> Problem {
    Problem::at(placed.place.clone(), code).with("kind", placed.kind)
}

fn of_needs(placed: &PlacedTerm, code: &'static str) -> Problem {
    Problem::at(placed.needs.clone(), code).with("kind", placed.kind)
}

fn from(placed: &PlacedTerm) -> Decimal {
    placed.term.from.map_or(Decimal::ZERO, |from| from.decimal())
}

/// A larger amount never needs less than a smaller one, or it would be written larger.
fn lighter_above(file: &ApprovalsFile, placed: &[PlacedTerm]) -> Vec<Problem> {
    let mut found = Vec::new();
    for terms in by_kind(placed).values() {
        let mut below = if terms.iter().any(|term| from(term).is_zero()) { Vec::new() } else { both(file) };
        for term in terms {
            if let Some(party) = lacking(&term.term.needs, &below) {
                let problem = of_needs(term, "deed-approval-lighter-above").with("party", party);
                found.push(problem.with("from", from(term)));
            }
            below.clone_from(&term.term.needs);
        }
    }
    found
}

/// An order stands for the approvals of its expenses, so that it needs at least what they need (spec: D-2).
fn lighter_order(file: &ApprovalsFile, placed: &[PlacedTerm]) -> Option<Problem> {
    let by_kind = by_kind(placed);
    let (orders, expenses) = (by_kind.get(&Kind::Order)?, by_kind.get(&Kind::Expense));
    let amounts = orders.iter().chain(expenses.into_iter().flatten()).map(|term| from(term));
    let amounts: BTreeSet<Decimal> = amounts.chain([Decimal::ZERO]).collect();
    amounts.into_iter().find_map(|amount| {
        let order = needed(orders, amount);
        let expense = expenses.and_then(|terms| needed(terms, amount));
        let asked = expense.map_or_else(|| both(file), |term| term.term.needs.clone());
        let order = order?;
        let party = lacking(&order.term.needs, &asked)?;
        Some(of_kind(order, "deed-order-lighter").with("party", party).with("from", amount))
    })
}

fn by_kind(placed: &[PlacedTerm]) -> BTreeMap<Kind, Vec<&PlacedTerm>> {
    let mut kinds: BTreeMap<Kind, Vec<&PlacedTerm>> = BTreeMap::new();
    for term in placed {
        kinds.entry(term.kind).or_default().push(term);
    }
    kinds
}

/// The term that an amount falls under; without one, both parties are needed.
fn needed<'a>(terms: &[&'a PlacedTerm], amount: Decimal) -> Option<&'a PlacedTerm> {
    terms.iter().copied().rev().find(|term| from(term) <= amount)
}

/// What a kind needs that no term names.
fn both(file: &ApprovalsFile) -> Vec<Need> {
    file.both().into_iter().flatten().map(|party| Need { holders: 1, party }).collect()
}

/// A party that `asked` names and `needs` does not, or with fewer holders.
fn lacking<'a>(needs: &[Need], asked: &'a [Need]) -> Option<&'a Label> {
    let is_met =
        |asked: &Need| needs.iter().any(|need| need.party == asked.party && need.holders >= asked.holders);
    asked.iter().find(|asked| !is_met(asked)).map(|asked| &asked.party)
}
