//! ST-01: the figures that a close hands on are those that the entries give.

use xinyi_core::Severity;

use crate::finding::Finding;
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    code: "ST-01",
    severity: Severity::Error,
    page: include_str!("state.md"),
    check: Check::Month(check),
    kinds: Kinds::NONE,
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    let Some((entry, close, closed)) = month.close else { return };
    if !closed.agrees() && month.books.is_unsure(close.period) {
        sink.lack_older();
        return;
    }
    sink.examine();
    if !closed.agrees() {
        let finding = Finding { period: Some(close.period), ..Finding::at(entry.index()) };
        let finding = finding.with("period", close.period).with("named", closed.named);
        let goes_on = if closed.handed_on.is_some() { "named" } else { "worked-out" };
        sink.report(finding.with("worked_out", closed.digest).with("goes_on", goes_on));
    }
}
