//! CH-04: money is recorded soon after it moved, and not before.

use rust_decimal::Decimal;
use xinyi_core::{Count, Data, Family, Severity};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "CH-04",
    severity: Severity::Error,
    page: include_str!("late.md"),
    check: Check::Each(check),
    kinds: Kinds::Money(&[]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let data = step.entry.content().data();
    let is_money = step.entry.content().kind().info().family == Family::Money;
    // A correction is late by nature; what it corrects was judged in its time.
    let is_replacement = step.books.left_to_replace(data) > Decimal::ZERO;
    if !is_money || matches!(data, Data::Reversal(_)) || is_replacement {
        if step.books.is_replaced_unsure(data) {
            sink.lack_older();
        }
        return;
    }
    if step.occurred > step.entry.content().date() {
        sink.examine();
        let finding = Finding::at(step.entry.index()).with("case", "ahead").with("occurred", step.occurred);
        sink.report(finding.with("posted", step.entry.content().date()));
        return;
    }
    if step.is_history() {
        sink.skip();
        return;
    }
    sink.examine();
    let deadlines = &step.deed.deadlines;
    let days = i64::from(step.occurred.days_until(step.recorded_day));
    // The line says the day, not the hour: time runs from the end of that day, in the payer's favour.
    let seconds = seconds_since_day_end(step, days).max(0);
    let over = |limit: Option<Count>, unit: i64, taken: i64| {
        let most = |limit: Count| i64::try_from(limit.get()).ok()?.checked_mul(unit);
        limit.filter(|limit| most(*limit).is_some_and(|most| taken > most))
    };
    let finding = || {
        let finding = Finding::at(step.entry.index()).with("case", "late").with("occurred", step.occurred);
        finding.with("recorded", step.recorded_day).with("days", days)
    };
    if let Some(limit) = over(deadlines.late_days, 1, days) {
        sink.report(finding().with("limit", format!("{limit}d")));
    } else if let Some(limit) = over(deadlines.late_hours, HOUR, seconds) {
        sink.report_as(Severity::Warning, finding().with("limit", format!("{limit}h")));
    }
}

/// Seconds from the end of the day on which it happened to the moment it was recorded, so many days later.
fn seconds_since_day_end(step: &Step<'_>, days: i64) -> i64 {
    let offset = i64::from(step.books.offset().minutes()) * 60;
    let of_day = (step.entry.recorded().unix() + offset).rem_euclid(DAY);
    (days - 1) * DAY + of_day
}
