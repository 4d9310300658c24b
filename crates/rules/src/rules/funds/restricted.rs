//! FD-04: a fund whose donors named a purpose pays for nothing else (Charity Law art. 54).

use xinyi_core::{Kind, Severity};

use super::uses::Spent;
use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "FD-04",
    severity: Severity::Error,
    page: include_str!("restricted.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Distribution, Kind::Expense, Kind::Fee]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[PURPOSE],
};

const PURPOSE: Parameter = Parameter { name: "fund-purpose", form: Form::LabelLabel, default: &[] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Some(spent) = Spent::of(step.entry.content().data()) else { return };
    let purposes = PURPOSE.labels_of(&step.deed, spent.fund);
    if purposes.is_empty() {
        return;
    }
    sink.examine();
    if !purposes.contains(&spent.category) {
        let finding =
            Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("amount", spent.amount);
        let finding = finding.with("fund", spent.fund).with("category", spent.category);
        sink.report(finding.with("purposes", purposes.join(", ")));
    }
}
