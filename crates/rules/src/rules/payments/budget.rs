//! PY-07: no budget, no spending: an expense names a line that exists and has room; an emergency is ratified in time.

use std::collections::BTreeMap;

use xinyi_core::{Data, Date, Expense, Index, Kind, Severity};

use super::spending::is_agreed;
use crate::amend::Amend;
use crate::books::spending::BudgetKey;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "PY-07",
    severity: Severity::Error,
    page: include_str!("budget.md"),
    check: Check::Watch(|| Box::new(Emergencies::default())),
    kinds: Kinds::Of(&[Kind::Expense]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[TOLERANCE],
};

/// How far a line may be exceeded, as a share of it.
const TOLERANCE: Parameter = Parameter { name: "budget-tolerance", form: Form::Ratio, default: &["0/1"] };

const MADE_GOOD: &[Amend] = &[Amend::Ratification, Amend::Reversal];

/// Emergencies that the committee did not approve at once, with the day each occurred.
#[derive(Clone, Debug, Default)]
struct Emergencies(BTreeMap<Index, Emergency>);

/// When it happened, and within how many days the deed of its day wants it ratified.
#[derive(Clone, Copy, Debug)]
struct Emergency {
    date: Date,
    limit: Option<i32>,
    occurred: Date,
}

impl Watch for Emergencies {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let Data::Expense(expense) = step.entry.content().data() else { return };
        if expense.emergency.is_some() && !is_agreed(step) {
            if step.is_history() {
                sink.skip();
            } else {
                let limit = step.deed.deadlines.ratify_days;
                let limit = limit.and_then(|days| i32::try_from(days.get()).ok());
                self.0.insert(
                    step.entry.index(),
                    Emergency { date: step.entry.content().date(), limit, occurred: step.occurred },
                );
            }
        }
        if step.deed.budget_required {
            has_room(step, expense, sink);
        }
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        for (index, Emergency { date, limit, occurred }) in &self.0 {
            let Some(limit) = limit else { continue };
            sink.examine();
            let done = MADE_GOOD.iter().filter_map(|amend| end.books.amended(*index, *amend)).min();
            let days = occurred.days_until(done.unwrap_or(end.last_day));
            if days > *limit {
                let finding = Finding { dated: Some(*date), ..Finding::at(*index) };
                let finding = finding.amended_by(MADE_GOOD).with("fault", "unratified");
                sink.report(finding.with("days", days).with("limit", limit).with("occurred", occurred));
            }
        }
    }
}

fn has_room(step: &Step<'_>, expense: &Expense, sink: &mut Sink<'_>) {
    let Some(key) = BudgetKey::used_by(step.effects) else {
        sink.examine();
        report(step, expense, sink, |finding| finding.with("fault", "no-line"));
        return;
    };
    if step.books.is_early() {
        sink.lack_older();
        return;
    }
    sink.examine();
    let (budgeted, spent) = step.books.budget_of(&key);
    let Some(budgeted) = budgeted.map(|budgeted| budgeted.decimal()) else {
        report(step, expense, sink, |finding| finding.with("fault", "unknown-line").with("line", &key.line));
        return;
    };
    let spent = spent + expense.amount.decimal();
    let tolerance = TOLERANCE.ratio(&step.deed);
    if spent > budgeted && tolerance.is_none_or(|share| share.is_below(spent - budgeted, budgeted)) {
        report(step, expense, sink, |finding| {
            let finding = finding.with("fault", "over").with("line", &key.line).with("year", key.year);
            finding.differing(budgeted, spent)
        });
    }
}

/// An emergency reads as a note as long as there is time to ratify it; then it is judged by that.
fn report(step: &Step<'_>, expense: &Expense, sink: &mut Sink<'_>, describe: impl Fn(Finding) -> Finding) {
    let finding = describe(Finding::at(step.entry.index()).amended_by(MADE_GOOD));
    let finding = finding.with("amount", expense.amount.decimal());
    if expense.emergency.is_some() {
        sink.report_as(Severity::Note, finding);
    } else {
        sink.report(finding);
    }
}
