//! EX-06: a fee is for closed months, taken from the deed's day on, against an invoice, once a month and taker.

use xinyi_core::{Data, Fee, FeeTerm, Kind, Period, Severity};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "EX-06",
    severity: Severity::Error,
    page: include_str!("timing.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Fee]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Fee(fee) = step.entry.content().data() else { return };
    let Some(term) = step.deed.fees.iter().find(|term| term.taker == fee.taker) else { return };
    if step.is_history() {
        sink.skip();
        return;
    }
    sink.examine();
    if !is_again(step, fee) && fee.periods.iter().any(|period| step.books.is_before_start(*period)) {
        sink.lack_older();
    }
    for fault in faults(step, fee, term) {
        let last = fee.periods.last().copied().unwrap_or(step.entry.content().date().period());
        let finding = Finding { period: Some(last), ..Finding::at(step.entry.index()) };
        let clause = term.clause.as_ref().map(ToString::to_string);
        let finding = Finding { clause, ..finding }.with("fault", fault).with("taker", &fee.taker);
        sink.report(finding.with("period", last).with("amount", fee.amount).with("day", term.day));
    }
}

fn faults(step: &Step<'_>, fee: &Fee, term: &FeeTerm) -> Vec<&'static str> {
    let is_closed = |period: &Period| step.books.closed().is_some_and(|closed| *period <= closed);
    let mut faults = Vec::new();
    if fee.periods.is_empty() || !fee.periods.iter().all(is_closed) {
        faults.push("open-month");
    }
    let first_day = fee.periods.last().map(|last| last.next().first_day().plus_days(i32::from(term.day) - 1));
    if first_day.is_some_and(|first| step.occurred < first) {
        faults.push("early");
    }
    if term.invoice && fee.invoice.is_none() {
        faults.push("no-invoice");
    }
    if !is_again(step, fee) && fee.periods.iter().any(|period| step.books.was_taken(&fee.taker, *period)) {
        faults.push("twice");
    }
    faults
}

/// Whether the fee only enters again what was reversed.
fn is_again(step: &Step<'_>, fee: &Fee) -> bool {
    step.books.only_replaces(step.entry.content().data(), fee.amount.decimal())
}
