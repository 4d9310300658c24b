//! FD-01: a grant's money moves for a project after its steps, for no forbidden use, and the rest goes back.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Deed, Expense, Kind, Label, Severity, Transfer};

use super::uses::Spent;
use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "FD-01",
    severity: Severity::Error,
    page: include_str!("grant.md"),
    check: Check::Watch(|| Box::new(Projects::default())),
    kinds: Kinds::Of(&[Kind::Distribution, Kind::Expense, Kind::Fee, Kind::Step, Kind::Transfer]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[STEPS, FUNDS, WITHOUT_PROJECT, FORBIDDEN, END],
};

const STEPS: Parameter = Parameter { name: "project-step", form: Form::Label, default: &[] };
const FUNDS: Parameter = Parameter { name: "project-fund", form: Form::Label, default: &[] };
const WITHOUT_PROJECT: Parameter =
    Parameter { name: "without-project", form: Form::Label, default: &["bank-charge"] };
const FORBIDDEN: Parameter =
    Parameter { name: "forbidden-use", form: Form::Label, default: &["property-fee"] };
const END: Parameter = Parameter { name: "grant-end", form: Form::Date, default: &[] };

/// The first day on which each step of each project was done.
#[derive(Clone, Debug, Default)]
struct Projects {
    done: BTreeMap<(Label, String), Date>,
}

/// Whether a fund's money is spent by the deed's steps.
fn is_granted(deed: &Deed, fund: &Label) -> bool {
    let funds = FUNDS.values(deed);
    !STEPS.values(deed).is_empty() && (funds.is_empty() || funds.contains(&fund.as_str()))
}

/// The project that an expense is for: its budget line, else the fund, which may be a project's own.
fn project_of(expense: &Expense) -> &Label {
    expense.budget.as_ref().unwrap_or(&expense.fund)
}

impl Projects {
    fn note(&mut self, step: &Step<'_>) {
        if let Data::Step(done) = step.entry.content().data() {
            let first = self.done.entry((done.project.clone(), done.step.to_string())).or_insert(done.done);
            *first = (*first).min(done.done);
        }
    }

    fn spent(&self, step: &Step<'_>, expense: &Expense, sink: &mut Sink<'_>) {
        let finding =
            Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("amount", expense.amount);
        if FORBIDDEN.lists(&step.deed, &expense.category) {
            sink.examine();
            sink.report(finding.with("case", "use").with("advice", "use").with("use", &expense.category));
            return;
        }
        if WITHOUT_PROJECT.lists(&step.deed, &expense.category) {
            return;
        }
        let project = project_of(expense);
        let finding = finding.with("project", project).with("occurred", step.occurred);
        match self.first_fault(step, project) {
            Some(_) if step.books.is_one_month() => sink.lack_older(),
            Some(Fault::Missing(name)) => {
                sink.examine();
                sink.report(finding.with("case", "missing").with("advice", "steps").with("step", name));
            }
            Some(Fault::Order(earlier, later)) => {
                sink.examine();
                sink.report(
                    finding
                        .with("case", "order")
                        .with("advice", "steps")
                        .with("step", later)
                        .with("before", earlier),
                );
            }
            None => sink.examine(),
        }
    }

    /// The first step, in the deed's order, that was not done by the day money moved, or before the one it follows.
    fn first_fault(&self, step: &Step<'_>, project: &Label) -> Option<Fault> {
        let mut before: Option<(String, Date)> = None;
        for name in STEPS.values(&step.deed) {
            let done = self.done.get(&(project.clone(), name.to_owned())).copied();
            let Some(done) = done.filter(|done| *done <= step.occurred) else {
                return Some(Fault::Missing(name.to_owned()));
            };
            if let Some((earlier, day)) = before
                && done < day
            {
                return Some(Fault::Order(earlier, name.to_owned()));
            }
            before = Some((name.to_owned(), done));
        }
        None
    }
}

/// What is wrong with a project's steps.
enum Fault {
    Missing(String),
    /// The first was done after the second.
    Order(String, String),
}

/// Granted money leaves for a project or back to the grantor, never into another fund.
fn moved(step: &Step<'_>, transfer: &Transfer, sink: &mut Sink<'_>) {
    if transfer.from.fund == transfer.to.fund || !is_granted(&step.deed, &transfer.from.fund) {
        return;
    }
    sink.examine();
    if !is_granted(&step.deed, &transfer.to.fund) || FORBIDDEN.lists(&step.deed, &transfer.to.fund) {
        let finding = Finding::at(step.entry.index())
            .amended_by(&[Amend::Reversal])
            .with("case", "use")
            .with("advice", "use")
            .with("use", &transfer.to.fund);
        sink.report(finding.with("amount", transfer.amount));
    }
}

/// A fee or a distribution is for no project; the deed may let it pass.
fn for_no_project(step: &Step<'_>, spent: Spent<'_>, sink: &mut Sink<'_>) {
    if WITHOUT_PROJECT.values(&step.deed).contains(&spent.category) {
        return;
    }
    sink.examine();
    let finding = Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]);
    let finding = finding.with("case", "use").with("advice", "use").with("use", spent.category);
    sink.report(finding.with("amount", spent.amount));
}

/// What each fund has of its own when a month ends.
fn own(month: &MonthEnd<'_>) -> BTreeMap<Label, Decimal> {
    let Some((_, _, closed)) = month.close else {
        return month.books.funds().into_iter().map(|(fund, (own, _))| (fund, own)).collect();
    };
    let mut own: BTreeMap<Label, Decimal> = BTreeMap::new();
    for holding in &closed.document.holdings {
        *own.entry(holding.fund.clone()).or_default() += holding.balance.decimal();
    }
    own
}

impl Watch for Projects {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        self.note(step);
        match step.entry.content().data() {
            Data::Expense(expense) if is_granted(&step.deed, &expense.fund) => {
                self.spent(step, expense, sink);
            }
            Data::Transfer(transfer) => moved(step, transfer, sink),
            data => {
                if let Some(spent) = Spent::of(data).filter(|spent| is_granted(&step.deed, spent.fund)) {
                    for_no_project(step, spent, sink);
                }
            }
        }
    }

    fn recall(&mut self, step: &Step<'_>) {
        self.note(step);
    }

    fn month(&mut self, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        let Some(end) = END.date(&month.deed).filter(|end| *end <= month.period.last_day()) else { return };
        // What is left in the month of its end is said again in each later month that is closed.
        if end.period() != month.period && month.close.is_none() {
            return;
        }
        for (fund, rest) in own(month).into_iter().filter(|(fund, _)| is_granted(&month.deed, fund)) {
            sink.examine();
            if rest > Decimal::ZERO {
                let finding = Finding::of_period(Some(month.period)).differing(month.books.nothing(), rest);
                sink.report(
                    finding
                        .with("case", "rest")
                        .with("advice", "rest")
                        .with("project", fund)
                        .with("end", end),
                );
            }
        }
    }
}
