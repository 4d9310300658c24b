//! EX-05: when money moves back, the fee already taken on it is owed back, and stays owed until it is.

use rust_decimal::Decimal;
use xinyi_core::Severity;

use super::over_taken::describe;
use crate::finding::Finding;
use crate::rule::{Check, MonthEnd, Proof, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    code: "EX-05",
    severity: Severity::Warning,
    page: include_str!("claw_back.md"),
    check: Check::Month(check),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    for term in &month.deed.fees {
        let position = month.books.entitlement(&term.taker, month.period);
        if position.taken.is_zero() {
            continue;
        }
        if month.books.is_unsure(month.period) {
            sink.lack_older();
            continue;
        }
        sink.examine();
        if position.left() < Decimal::ZERO && month.books.over_taken_in(&position).is_zero() {
            sink.report(describe(Finding::of_period(Some(month.period)), &position, &month.deed));
        }
    }
}
