//! DD-02: a deed that switches a rule off, or makes its findings lighter, says so to every reader.

use xinyi_core::{Deed, Kind, Severity, Text};

use super::brought;
use crate::finding::Finding;
use crate::registry::RULES;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};
use crate::weighing::weight;

pub(crate) const RULE: Rule = Rule {
    code: "DD-02",
    severity: Severity::Note,
    page: include_str!("lighter.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Deed, Kind::Genesis]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Some(deed) = brought(step) else { return };
    sink.examine();
    for (rule, becomes, reason) in lighter(deed) {
        let finding = Finding::at(step.entry.index()).with("rule", rule.code).with("was", rule.severity);
        sink.report(finding.with("becomes", becomes).with("reason", reason));
    }
}

/// The rules that a deed makes lighter: what their findings become, and why.
fn lighter(deed: &Deed) -> Vec<(&'static Rule, &str, &str)> {
    let switchable = RULES.iter().filter(|rule| !matches!(rule.check, Check::Integrity));
    let of = |code: &Text| switchable.clone().find(|rule| rule.code == code.as_str());
    let off = deed.off.iter().filter_map(|off| Some((of(&off.rule)?, "off", off.reason.as_str())));
    let weighed = deed.severities.iter().filter_map(|term| {
        let rule = of(&term.rule).filter(|rule| weight(term.severity) < weight(rule.severity))?;
        Some((rule, term.severity.as_str(), "none"))
    });
    off.chain(weighed).collect()
}
