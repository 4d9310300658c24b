//! EX-04: cost is deducted only from income that the deed counts net, and no further than the deed allows.

use xinyi_core::{BaseMeasure, Data, NetFloor, Severity};

use crate::books::Remainder;
use crate::finding::Finding;
use crate::rule::{Check, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "EX-04",
    severity: Severity::Warning,
    page: include_str!("linked_cost.md"),
    check: Check::Each(check),
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Expense(expense) = step.entry.content().data() else { return };
    let Some(source) = expense.cost_of else { return };
    sink.examine();
    let index = step.entry.index();
    let category = step.books.line(source.index).and_then(|line| line.category.as_ref());
    let mut terms = step.deed.fees.iter();
    let net = terms.find(|term| {
        term.base.iter().any(|item| Some(&item.category) == category && item.measure == BaseMeasure::Net)
    });
    let finding =
        Finding { entries: vec![source.index], ..Finding::at(index) }.with("amount", expense.amount);
    let Some(term) = net else {
        sink.report(finding.with("fault", "not-net"));
        return;
    };
    let left = step.books.left(Remainder::Source, source.index);
    if term.net_floor == NetFloor::Source && expense.amount.decimal() > left {
        sink.report(finding.with("fault", "floor").differing(left, expense.amount.decimal()));
    }
}
