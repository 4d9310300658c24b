//! DD-01: all names and figures in a deed are such as some rule understands.

use xinyi_core::{Kind, Severity};

use super::brought;
use crate::deed::Problem;
use crate::deed::faults::names;
use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "DD-01",
    severity: Severity::Warning,
    page: include_str!("understood.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Deed, Kind::Genesis]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Some(deed) = brought(step) else { return };
    sink.examine();
    for problem in names::of(deed) {
        let fault = problem.code.strip_prefix("deed-").unwrap_or(problem.code);
        let finding = Finding::at(step.entry.index()).with("fault", fault);
        let finding = finding.with("name", said(&problem, &["name", "rule"]));
        let finding = finding.with("meant", said(&problem, &["nearest", "form"]));
        sink.report(finding.with("value", said(&problem, &["value"])));
    }
}

/// The first of these names or figures that the problem has.
fn said(problem: &Problem, names: &[&str]) -> String {
    names.iter().find_map(|name| problem.args.get(name)).cloned().unwrap_or_default()
}
