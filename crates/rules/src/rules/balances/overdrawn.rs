//! BK-01: no account is below zero at the end of a business day, nor what a fund holds for others at a month's end.

use rust_decimal::Decimal;
use xinyi_core::{Date, Label, Severity};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink};
use crate::rules::timebank::is_time_bank;

pub(crate) const RULE: Rule = Rule {
    code: "BK-01",
    severity: Severity::Error,
    page: include_str!("overdrawn.md"),
    check: Check::Month(check),
    kinds: Kinds::NONE,
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
        sink.report(below(month, "account", &account.account, account.date, account.balance));
    }
    for (fund, held) in month.books.held_at(month.period) {
        sink.examine();
        if held < Decimal::ZERO {
            sink.report(below(month, "held", &fund, month.period.last_day(), held));
        }
    }
}

fn below(month: &MonthEnd<'_>, fault: &str, place: &Label, day: Date, balance: Decimal) -> Finding {
    let finding = Finding::of_period(Some(month.period)).with("fault", fault).with("place", place);
    finding.with("day", day).with("balance", balance).differing(Decimal::ZERO, balance)
}
