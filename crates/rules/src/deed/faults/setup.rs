//! Where a deed asks for parties, holders or digits that the ledger's setup does not have.

use xinyi_core::{Amount, Deed, Label, Role};

use crate::deed::approvals::{ApprovalsFile, PlacedTerm};
use crate::deed::nearest::nearest;
use crate::deed::place::{Place, place};
use crate::deed::problem::Problem;
use crate::deed::setup::Setup;

pub(super) fn of(file: &ApprovalsFile, deed: &Deed, placed: &[PlacedTerm], setup: &Setup) -> Vec<Problem> {
    let mut found = roles(file, setup);
    found.extend(needs(placed, setup));
    found.extend(takers(deed, setup));
    found.extend(digits(file, deed, setup));
    found
}

/// The two parties that the words `alone` and `below_limit` stand for have these roles.
fn roles(file: &ApprovalsFile, setup: &Setup) -> Vec<Problem> {
    let [agent, trustee] = file.both();
    let mut found = Vec::new();
    for (name, label, role) in [("agent", agent, Role::Agent), ("trustee", trustee, Role::Trustee)] {
        let Some(label) = label else { continue };
        let known = setup.party(&label);
        let right = setup.parties.iter().find(|party| party.role == role);
        if known.is_none_or(|party| party.role != role) {
            let problem = Problem::at(place!["approvals", name], "deed-party-role").with("party", label);
            let right = right.map_or("none", |party| party.party.as_str());
            found.push(problem.with("role", role).with("right", right));
        }
    }
    found
}

/// Every party asked for exists, and has as many holders as asked for.
fn needs(placed: &[PlacedTerm], setup: &Setup) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    for term in placed {
        for need in &term.term.needs {
            let problem = |code| Problem::at(term.needs.clone(), code).with("party", &need.party);
            let has = setup.holders(&need.party);
            if setup.party(&need.party).is_none() {
                let labels = setup.parties.iter().map(|party| party.party.as_str());
                let near = nearest(need.party.as_str(), labels).unwrap_or("none");
                found.push(problem("deed-party-unknown").with("nearest", near));
            } else if has < usize::from(need.holders) {
                found.push(problem("deed-holders-too-many").with("holders", need.holders).with("has", has));
            }
        }
    }
    // One party that is not there concerns every kind that asks for it; it is said once.
    let mut said = std::collections::BTreeSet::new();
    found.retain(|problem| said.insert((problem.code, problem.args.clone())));
    found
}

/// A taker is a party, or a payee that is registered later: only a slip in a party's name can be told here.
fn takers(deed: &Deed, setup: &Setup) -> Vec<Problem> {
    let labels: Vec<&str> = setup.parties.iter().map(|party| party.party.as_str()).collect();
    let slip = |taker: &Label| nearest(taker.as_str(), labels.iter().copied()).map(str::to_owned);
    let unknown = deed.fees.iter().enumerate().filter(|(_, term)| setup.party(&term.taker).is_none());
    unknown
        .filter_map(|(nth, term)| {
            let problem = Problem::at(place!["fees", nth, "taker"], "deed-taker-slip");
            Some(problem.with("nearest", slip(&term.taker)?).with("taker", &term.taker))
        })
        .collect()
}

/// Amounts have the digits of the ledger's unit.
fn digits(file: &ApprovalsFile, deed: &Deed, setup: &Setup) -> Vec<Problem> {
    let mut amounts: Vec<(Place, Amount)> = Vec::new();
    amounts.extend(file.limit.map(|limit| (place!["approvals", "limit"], limit)));
    for (nth, from) in file.term_amounts() {
        amounts.push((place!["approvals", "terms", nth, "from"], from));
    }
    for (nth, fee) in deed.fees.iter().enumerate() {
        amounts.extend(fee.fixed.map(|fixed| (place!["fees", nth, "fixed"], fixed)));
    }
    let scale = u32::from(setup.unit.scale);
    let wrong = amounts.into_iter().filter(|(_, amount)| amount.scale() != scale);
    wrong
        .map(|(place, amount)| {
            Problem::at(place, "deed-amount-digits").with("amount", amount).with("digits", scale)
        })
        .collect()
}
