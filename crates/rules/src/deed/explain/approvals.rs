//! Who may do what alone, and what needs several from which amount (spec: D-2).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Amount, ApprovalTerm, Deed, Kind, Need, Unit};

use super::{Said, Section, Told};

/// What kinds need, from the smallest amount up.
type Steps = Vec<(Option<Amount>, Vec<Need>)>;

pub(super) fn explain(deed: &Deed, unit: &Unit) -> Vec<Said> {
    let mut by_kind: BTreeMap<String, Vec<&ApprovalTerm>> = BTreeMap::new();
    for term in &deed.approvals {
        by_kind.entry(term.kind.to_string()).or_default().push(term);
    }
    let mut groups: Vec<(Steps, Vec<String>)> = Vec::new();
    for (kind, mut terms) in by_kind {
        terms.sort_by_key(|term| term.from);
        let steps: Steps = terms.into_iter().map(|term| (term.from, term.needs.clone())).collect();
        match groups.iter_mut().find(|(known, _)| *known == steps) {
            Some((_, kinds)) => kinds.push(kind),
            None => groups.push((steps, vec![kind])),
        }
    }
    let unusual = groups.iter().filter_map(|(steps, kinds)| unusual(steps, kinds));
    let mut said: Vec<Said> = unusual.collect();
    said.extend(groups.iter().flat_map(|(steps, kinds)| group(steps, kinds, unit)));
    said.push(Said::new(Section::Together, "others-both"));
    said.push(Said::new(Section::Together, "fixed-by-format"));
    said
}

fn group(steps: &Steps, kinds: &[String], unit: &Unit) -> Vec<Said> {
    let kinds = || Told::Kinds(kinds.to_vec());
    if let [(None, needs)] = steps.as_slice() {
        let (section, says) = match needs.as_slice() {
            [_] => (Section::Alone, "alone"),
            _ => (Section::Together, "together"),
        };
        return vec![Said::new(section, says).told("kinds", kinds()).told("needs", needs_of(needs))];
    }
    let mut said = Vec::new();
    let first = steps.first().and_then(|(from, _)| *from);
    if let Some(from) = first.filter(|from| !from.decimal().is_zero()) {
        let below = Said::new(Section::Together, "below-both").told("kinds", kinds());
        said.push(below.amount("to", from.decimal()).amount("last", just_below(from, unit)));
    }
    for (place, (from, needs)) in steps.iter().enumerate() {
        let next = steps.get(place + 1).and_then(|(next, _)| *next);
        let says = match (from, next) {
            (None, Some(_)) => "below",
            (Some(_), Some(_)) => "between",
            _ => "from",
        };
        let mut one =
            Said::new(Section::Together, says).told("kinds", kinds()).told("needs", needs_of(needs));
        if let Some(from) = from {
            one = one.amount("from", from.decimal());
        }
        if let Some(next) = next {
            one = one.amount("to", next.decimal()).amount("last", just_below(next, unit));
        }
        said.push(one);
    }
    said
}

/// Kinds in which the owners' money or rights are given away, that one party may do alone whatever the amount.
fn unusual(steps: &Steps, kinds: &[String]) -> Option<Said> {
    let [(None, needs)] = steps.as_slice() else { return None };
    let grave: Vec<String> =
        kinds.iter().filter(|kind| GRAVE.iter().any(|grave| grave.as_str() == *kind)).cloned().collect();
    let alone = needs.len() == 1 && !grave.is_empty();
    alone.then(|| {
        Said::new(Section::Warnings, "alone-unusual")
            .told("kinds", Told::Kinds(grave))
            .told("needs", needs_of(needs))
    })
}

/// Kinds that a usual deed leaves to no party alone without a limit.
const GRAVE: &[Kind] = &[
    Kind::Assessment,
    Kind::Budget,
    Kind::Contract,
    Kind::Distribution,
    Kind::Expense,
    Kind::Forfeit,
    Kind::Fund,
    Kind::Handover,
    Kind::Opening,
    Kind::Order,
    Kind::Refund,
    Kind::Resolution,
    Kind::Restoration,
    Kind::Waiver,
];

fn needs_of(needs: &[Need]) -> Told {
    Told::Needs(needs.to_vec())
}

/// The largest amount below a limit.
fn just_below(limit: Amount, unit: &Unit) -> Decimal {
    limit.decimal() - Decimal::new(1, u32::from(unit.scale).max(limit.scale()))
}
