//! BK-01: no account is below zero at the end of a business day.

use xinyi_core::Severity;

use crate::finding::Finding;
use crate::rule::{Check, MonthEnd, Proof, Rule, Sink};
use crate::rules::timebank::is_time_bank;

pub(crate) const RULE: Rule = Rule {
    code: "BK-01",
    severity: Severity::Error,
    page: include_str!("overdrawn.md"),
    check: Check::Month(check),
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    // Members of a time bank may owe minutes, down to the floor of TB-01.
    if is_time_bank(month.books) {
        return;
    }
    for _ in month.books.accounts() {
        sink.examine();
    }
    for account in &month.overdrawn {
        let finding =
            Finding::of_period(Some(month.period)).differing(rust_decimal::Decimal::ZERO, account.balance);
        sink.report(
            finding
                .with("account", &account.account)
                .with("day", account.date)
                .with("balance", account.balance),
        );
    }
}
