//! Parameters and codes that no rule knows, or that cannot be switched: a slip of the pen must not switch a check off
//! (spec: D-4, D-6).

use std::collections::{BTreeMap, BTreeSet};

use xinyi_core::Deed;

use crate::deed::nearest::nearest;
use crate::deed::place::{Place, place};
use crate::deed::problem::Problem;
use crate::parameter::{Form, Parameter};
use crate::registry::RULES;
use crate::rule::{Check, Rule};

/// What is wrong with the names in a deed, be it in a file or in a ledger.
pub(crate) fn of(deed: &Deed) -> Vec<Problem> {
    let mut found = parameters(deed);
    found.extend(codes(deed));
    found
}

/// The parameter of that name that a rule reads.
pub(crate) fn known(name: &str) -> Option<Parameter> {
    RULES.iter().flat_map(|rule| rule.parameters).find(|known| known.name == name).copied()
}

fn parameters(deed: &Deed) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for parameter in &deed.parameters {
        let (name, value) = (parameter.name.as_str(), parameter.value.as_str());
        let before = values.entry(name).or_default();
        let place = place!["parameters", name, before.len()];
        found.extend(parameter_wrong(place, name, value, before));
        before.push(value);
    }
    found
}

/// What is wrong with one value of a parameter; `before` are those that stand before it.
fn parameter_wrong(place: Place, name: &str, value: &str, before: &[&str]) -> Option<Problem> {
    let problem = |code| Problem::at(place.clone(), code).with("name", name).with("value", value);
    let Some(known) = known(name) else {
        let names = RULES.iter().flat_map(|rule| rule.parameters).map(|known| known.name);
        let near = nearest(name, names).unwrap_or("none");
        return before.is_empty().then(|| problem("deed-parameter-unknown").with("nearest", near));
    };
    if !known.form.accepts(value) {
        return Some(problem("deed-parameter-form").with("form", known.form.as_str()));
    }
    if !known.form.is_list() {
        return (!before.is_empty()).then(|| problem("deed-parameter-several"));
    }
    let key = |value: &'_ str| match known.form {
        Form::LabelAmount | Form::LabelCount | Form::LabelRatio => {
            value.split('=').next().unwrap_or(value).to_owned()
        }
        _ => value.to_owned(),
    };
    let again = before.iter().any(|before| key(before) == key(value));
    again.then(|| problem("deed-parameter-twice"))
}

fn codes(deed: &Deed) -> Vec<Problem> {
    let off = deed.off.iter().enumerate().map(|(nth, off)| (place!["off", nth, "rule"], &off.rule));
    let heavy = deed.severities.iter().enumerate();
    let heavy = heavy.map(|(nth, term)| (place!["severities", nth, "rule"], &term.rule));
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for (place, code) in off.chain(heavy) {
        let problem = |fault| Problem::at(place.clone(), fault).with("rule", code);
        let rule = RULES.iter().find(|rule| rule.code == code.as_str());
        if !known.insert(code.as_str()) {
            found.push(problem("deed-rule-twice"));
        } else if rule.is_none() {
            let near = nearest(code.as_str(), RULES.iter().map(|rule| rule.code)).unwrap_or("none");
            found.push(problem("deed-rule-unknown").with("nearest", near));
        } else if rule.is_some_and(is_integrity) {
            found.push(problem("deed-rule-integrity"));
        }
    }
    found
}

/// Whether a replay refuses what breaks the rule, so that no deed can switch it.
fn is_integrity(rule: &Rule) -> bool {
    matches!(rule.check, Check::Integrity)
}
