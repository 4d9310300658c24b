//! EX-04: linked cost is deducted from net income no further than the deed allows.

use xinyi_core::{Data, Kind, Severity};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "EX-04",
    severity: Severity::Warning,
    page: include_str!("linked_cost.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Expense]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Expense(expense) = step.entry.content().data() else { return };
    let Some(source) = expense.cost_of else { return };
    let left = step.books.source_left(source.index);
    if left.is_some() && step.books.is_unsure(step.entry.content().date().period()) {
        sink.lack_older();
        return;
    }
    sink.examine();
    let Some(left) = left else { return };
    let cost = expense.amount.decimal();
    if cost > left {
        let finding = Finding { entries: vec![source.index], ..Finding::at(step.entry.index()) };
        sink.report(finding.with("amount", cost).differing(left, cost));
    }
}
