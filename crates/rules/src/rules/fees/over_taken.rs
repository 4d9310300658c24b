//! EX-02: fees for periods up to P are at most what the deed's rates give on the base up to P, rounded once.

use rust_decimal::Decimal;
use xinyi_core::{Data, Deed, Kind, Severity};

use crate::books::Entitlement;
use crate::finding::Finding;
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "EX-02",
    severity: Severity::Error,
    page: include_str!("over_taken.md"),
    check: Check::Both(at_fee, at_month_end),
    kinds: Kinds::Of(&[Kind::Fee]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

/// A fee for months already closed is judged at once: their base can no longer grow.
fn at_fee(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Fee(fee) = step.entry.content().data() else { return };
    let Some(upto) =
        fee.periods.last().copied().filter(|upto| step.books.closed().is_some_and(|last| *upto <= last))
    else {
        return;
    };
    // A taker that no deed names is EX-01's.
    if !step.books.is_taker(&fee.taker) {
        return;
    }
    let mut is_judged = true;
    // By the last month closed, for a fee for several months counts by its last; then by the fee's own.
    for period in step.books.closed().into_iter().chain([upto]) {
        if step.books.is_before_start(period) || step.books.is_unsure(period) {
            is_judged = false;
            continue;
        }
        let mut position = step.books.entitlement(&fee.taker, period);
        position.taken += fee.amount.decimal();
        if position.left() < Decimal::ZERO {
            let finding = Finding { period: Some(period), ..Finding::at(step.entry.index()) };
            sink.report(describe(finding, &position, &step.deed));
            is_judged = true;
            break;
        }
    }
    if is_judged { sink.examine() } else { sink.lack_older() }
}

/// Fees for the month itself are judged when it closes or the file ends. An excess that no fee of the month brought
/// about is EX-05's.
fn at_month_end(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    judge_month(month, sink, |_, brought_about| !brought_about.is_zero());
}

/// Judges each taker's position at a month's end; `is_found` is given it and what of its excess the month's fees brought
/// about.
pub(super) fn judge_month(
    month: &MonthEnd<'_>,
    sink: &mut Sink<'_>,
    is_found: impl Fn(&Entitlement, Decimal) -> bool,
) {
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
        if is_found(&position, month.books.over_taken_in(&position)) {
            sink.report(describe(Finding::of_period(Some(month.period)), &position, &month.deed));
        }
    }
}

fn describe(finding: Finding, position: &Entitlement, deed: &Deed) -> Finding {
    let term = deed.fees.iter().find(|term| term.taker == position.taker);
    Finding {
        clause: term.and_then(|term| term.clause.as_ref()).map(ToString::to_string),
        formula: position.formula(),
        ..finding
    }
    .with("period", position.upto)
    .with("taker", &position.taker)
    .differing(position.earned, position.taken)
}
