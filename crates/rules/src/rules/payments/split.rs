//! PY-03: a purchase is not split into payments that each stay below the approval limit.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Index, Kind, Label, Period, Severity};

use super::spending::{PAYROLL, approval_limit, stands_alone};
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "PY-03",
    severity: Severity::Warning,
    page: include_str!("split.md"),
    check: Check::Watch(|| Box::new(Purchases::default())),
    kinds: Kinds::Of(&[Kind::Expense]),
    older: true,
    proof: Proof::Heuristic,
    parameters: &[SPLIT_DAYS, PAYROLL],
};

/// Payments to one payee on one line within so many days are looked at together.
const SPLIT_DAYS: Parameter = Parameter { name: "split-days", form: Form::Count, default: &["30"] };

/// A payment below the limit that nobody but the recorder's side looked at.
#[derive(Clone, Copy, Debug)]
struct Part {
    amount: Decimal,
    index: Index,
    occurred: Date,
    period: Period,
}

/// Payee, or the group it belongs to, and budget line, or category where no line is named.
type Purpose = (Label, Label);

#[derive(Clone, Debug, Default)]
struct Purchases(BTreeMap<Purpose, Vec<Part>>);

impl Watch for Purchases {
    fn entry(&mut self, step: &Step<'_>, _sink: &mut Sink<'_>) {
        self.note(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        // What became of a line that is here only because a later one names it is not known.
        if step.books.line(step.entry.index()).is_none_or(|line| !line.older) {
            self.note(step);
        }
    }

    fn month(&mut self, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        let days = SPLIT_DAYS.days(&month.deed).unwrap_or_default();
        for ((payee, line), parts) in &self.0 {
            let Some(limit) = approval_limit(&month.deed) else { break };
            let parts = standing(parts, month);
            if parts.iter().all(|(part, _)| part.period != month.period) {
                continue;
            }
            sink.examine();
            let begins = month.books.from().map(Period::first_day);
            if begins
                .is_some_and(|first| parts.iter().any(|(part, _)| part.occurred.plus_days(-days) < first))
            {
                sink.lack_older();
            }
            let window = heaviest(&parts, days, month.period);
            if let Some((window, sum)) = window.filter(|(window, sum)| window.len() > 1 && *sum >= limit) {
                let finding = describe(window, month.period).with("limit", limit).with("sum", sum);
                sink.report(finding.with("payee", payee).with("line", line));
            }
        }
        let horizon = month.period.first_day().plus_days(-days);
        self.0.retain(|_, parts| {
            parts.retain(|part| part.occurred >= horizon || part.period > month.period);
            !parts.is_empty()
        });
    }
}

impl Purchases {
    fn note(&mut self, step: &Step<'_>) {
        let Data::Expense(expense) = step.entry.content().data() else { return };
        let is_below = approval_limit(&step.deed).is_some_and(|limit| expense.amount.decimal() < limit);
        if is_below && stands_alone(step, expense) {
            let purpose = expense.budget.as_ref().unwrap_or(&expense.category);
            let purpose = (step.books.hand_of(&expense.payee).clone(), purpose.clone());
            let period = step.entry.content().date().period();
            let (amount, index) = (expense.amount.decimal(), step.entry.index());
            let part = Part { amount, index, occurred: step.occurred, period };
            self.0.entry(purpose).or_default().push(part);
        }
    }
}

/// The parts booked by the month's end that count still, with what is left of each, by the day money went.
fn standing(parts: &[Part], month: &MonthEnd<'_>) -> Vec<(Part, Decimal)> {
    let booked = parts.iter().filter(|part| part.period <= month.period);
    let left = |part: &Part| {
        let left = month.books.left_of(part.index, part.amount);
        (left > Decimal::ZERO).then_some((*part, left))
    };
    let mut parts: Vec<_> = booked.filter_map(left).collect();
    parts.sort_by_key(|(part, _)| (part.occurred, part.index));
    parts
}

/// The run of payments within so many days that comes to most, among those with one of the month, and its sum.
fn heaviest(parts: &[(Part, Decimal)], days: i32, period: Period) -> Option<(&[(Part, Decimal)], Decimal)> {
    let (mut sum, mut of_month, mut end) = (Decimal::ZERO, 0_usize, 0_usize);
    let mut found: Option<(&[(Part, Decimal)], Decimal)> = None;
    for (start, (first, amount)) in parts.iter().enumerate() {
        let last = first.occurred.plus_days(days);
        while let Some((part, left)) = parts.get(end).filter(|(part, _)| part.occurred <= last) {
            sum += *left;
            of_month += usize::from(part.period == period);
            end += 1;
        }
        if of_month > 0 && found.is_none_or(|(_, most)| sum > most) {
            found = parts.get(start..end).map(|run| (run, sum));
        }
        sum -= *amount;
        of_month -= usize::from(first.period == period);
    }
    found
}

fn describe(window: &[(Part, Decimal)], period: Period) -> Finding {
    let entries = window.iter().map(|(part, _)| part.index).collect();
    let ends = window.first().zip(window.last());
    let days = ends.map_or(0, |((first, _), (last, _))| first.occurred.days_until(last.occurred));
    Finding { entries, ..Finding::of_period(Some(period)) }.with("count", window.len()).with("days", days)
}
