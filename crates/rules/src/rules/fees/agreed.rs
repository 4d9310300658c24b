//! EX-01: a fee is taken only by someone whom the deed in force names as a taker.

use xinyi_core::{Data, Kind, Severity};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "EX-01",
    severity: Severity::Error,
    page: include_str!("agreed.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Fee]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Fee(fee) = step.entry.content().data() else { return };
    sink.examine();
    if !step.deed.fees.iter().any(|term| term.taker == fee.taker) {
        sink.report(Finding::at(step.entry.index()).with("taker", &fee.taker).with("amount", fee.amount));
    }
}
