//! EX-05: when money moves back, the fee already taken on it is owed back, and stays owed until it is.

use rust_decimal::Decimal;
use xinyi_core::Severity;

use super::over_taken::judge_month;
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    code: "EX-05",
    severity: Severity::Warning,
    page: include_str!("claw_back.md"),
    check: Check::Month(check),
    kinds: Kinds::NONE,
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    judge_month(month, sink, |position, brought_about| {
        position.left() < Decimal::ZERO && brought_about.is_zero()
    });
}
