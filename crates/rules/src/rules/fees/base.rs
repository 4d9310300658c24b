//! EX-03: income counts in a fee base only if the deed names its category; the deed says which do not count.

use xinyi_core::{Data, Kind, Severity};

use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "EX-03",
    severity: Severity::Warning,
    page: include_str!("base.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Income]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[OUTSIDE_BASE],
};

/// Categories of income that do not count for any fee.
pub(crate) const OUTSIDE_BASE: Parameter =
    Parameter { name: "outside-base", form: Form::Label, default: &[] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Income(income) = step.entry.content().data() else { return };
    sink.examine();
    let in_base =
        step.deed.fees.iter().flat_map(|term| &term.base).any(|item| item.category == income.category);
    let is_named = || OUTSIDE_BASE.lists(&step.deed, &income.category);
    if !in_base && !step.deed.fees.is_empty() && !is_named() {
        let finding = Finding::at(step.entry.index()).with("category", &income.category);
        sink.report(finding.with("amount", income.amount));
    }
}
