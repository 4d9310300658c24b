//! SG-07: a month is closed with both approvals within the deed's days after its end.

use xinyi_core::Severity;

use crate::finding::Finding;
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    code: "SG-07",
    severity: Severity::Error,
    page: include_str!("closed_in_time.md"),
    check: Check::Month(check),
    kinds: Kinds::NONE,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

/// A month still open counts to the day of the last line recorded.
fn check(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    let Some(days) = month.deed.deadlines.close_days else { return };
    let closed = month.close.map(|(entry, ..)| entry);
    let recorded = closed.map(|entry| entry.recorded()).or(month.books.last_recorded());
    let Some(day) = recorded.map(|time| time.day_at(month.books.offset())) else { return };
    let end = month.period.last_day();
    if month.deed.history_until.is_some_and(|until| end < until) {
        sink.skip();
        return;
    }
    let taken = end.days_until(day);
    let is_late = i64::from(taken) > i64::try_from(days.get()).unwrap_or(i64::MAX);
    if closed.is_some() || is_late {
        sink.examine();
    }
    if is_late {
        let case = if closed.is_some() { "late" } else { "open" };
        let finding =
            Finding { at: closed.map(xinyi_core::Entry::index), ..Finding::of_period(Some(month.period)) };
        let finding = finding.with("case", case).with("period", month.period);
        sink.report(finding.with("days", taken).with("limit", days));
    }
}
