//! SG-07: a month is closed with both approvals within the deed's days after its end.

use xinyi_core::Severity;

use crate::finding::Finding;
use crate::rule::{Check, MonthEnd, Proof, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    code: "SG-07",
    severity: Severity::Error,
    page: include_str!("closed_in_time.md"),
    check: Check::Month(check),
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    let Some((entry, close, _)) = month.close else { return };
    let Some(days) = month.deed.deadlines.close_days else { return };
    let end = close.period.last_day();
    if month.deed.history_until.is_some_and(|until| end < until) {
        sink.skip();
        return;
    }
    sink.examine();
    let taken = end.days_until(entry.recorded().day_at(month.books.offset()));
    if i64::from(taken) > i64::try_from(days.get()).unwrap_or(i64::MAX) {
        let finding = Finding { period: Some(close.period), ..Finding::at(entry.index()) };
        sink.report(finding.with("period", close.period).with("days", taken).with("limit", days));
    }
}
