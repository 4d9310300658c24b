//! CH-03: the recorder's clock does not run backwards.

use xinyi_core::Severity;

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "CH-03",
    severity: Severity::Error,
    page: include_str!("clock.md"),
    check: Check::Each(check),
    kinds: Kinds::All,
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Some(before) = step.books.last_recorded() else {
        if step.books.is_one_month() {
            sink.lack_older();
        }
        return;
    };
    sink.examine();
    let recorded = step.entry.recorded();
    if recorded < before {
        sink.report(Finding::at(step.entry.index()).with("recorded", recorded).with("before", before));
    }
}
