//! FD-04: a fund whose donors named a purpose pays for nothing else (Charity Law art. 54).

use xinyi_core::{Data, Severity};

use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "FD-04",
    severity: Severity::Error,
    page: include_str!("restricted.md"),
    check: Check::Each(check),
    older: false,
    proof: Proof::Ledger,
    parameters: &[PURPOSE],
};

const PURPOSE: Parameter = Parameter { name: "fund-purpose", form: Form::LabelLabel, default: &[] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Expense(expense) = step.entry.content().data() else { return };
    let purposes = PURPOSE.labels_of(&step.deed, &expense.fund);
    if purposes.is_empty() {
        return;
    }
    sink.examine();
    if !purposes.contains(&expense.category.as_str()) {
        let finding =
            Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("amount", expense.amount);
        let finding = finding.with("fund", &expense.fund).with("category", &expense.category);
        sink.report(finding.with("purposes", purposes.join(", ")));
    }
}
