//! ST-03: what is called `other` stays a small part of a month's expenses.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Index, Kind, Label, Period, Severity};

use crate::books::Remembered;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};

/// Categories that say nothing of what was bought.
const OTHER: Parameter = Parameter { name: "other-category", form: Form::Label, default: &["other"] };

/// The share of a month's expenses that they may have.
const SHARE: Parameter = Parameter { name: "other-share", form: Form::Ratio, default: &["5/100"] };

pub(crate) const RULE: Rule = Rule {
    code: "ST-03",
    severity: Severity::Warning,
    page: include_str!("other.md"),
    check: Check::Watch(|| Box::new(Expenses::default())),
    kinds: Kinds::Of(&[Kind::Expense, Kind::Refund, Kind::Reversal]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[OTHER, SHARE],
};

/// The expenses of months not yet closed.
#[derive(Clone, Debug, Default)]
struct Expenses(BTreeMap<Period, Sums>);

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    all: Decimal,
    other: Decimal,
}

impl Watch for Expenses {
    fn entry(&mut self, step: &Step<'_>, _: &mut Sink<'_>) {
        let period = step.entry.content().date().period();
        let Some((category, amount)) = spent(step, period) else { return };
        let sums = self.0.entry(period).or_default();
        sums.all += amount;
        if OTHER.lists(&step.deed, category) {
            sums.other += amount;
        }
    }

    fn month(&mut self, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        if month.close.is_none() {
            return;
        }
        let sums = self.0.remove(&month.period).unwrap_or_default();
        let Some(share) = SHARE.ratio(&month.deed).filter(|_| sums.all > Decimal::ZERO) else { return };
        sink.examine();
        if share.is_below(sums.other, sums.all) {
            let most = month.books.unit().map_or(Decimal::ZERO, |unit| unit.round(share.of(sums.all)));
            let finding = Finding::of_period(Some(month.period)).with("period", month.period);
            let finding = finding.with("all", sums.all).with("share", share);
            sink.report(finding.differing(most, sums.other));
        }
    }
}

/// What an entry adds to the expenses of its month; corrections of earlier months change none that is posted.
fn spent<'s>(step: &'s Step<'_>, period: Period) -> Option<(&'s Label, Decimal)> {
    let same_month = |index: Index| step.books.line(index).filter(|line| line.date.period() == period);
    match step.entry.content().data() {
        Data::Expense(expense) => Some((&expense.category, expense.amount.decimal())),
        Data::Refund(refund) => {
            let category = category(same_month(refund.target.index)?)?;
            Some((category, -refund.amount.decimal()))
        }
        Data::Reversal(reversal) => {
            let undone = same_month(reversal.target.index)?;
            match undone.kind {
                Kind::Refund => Some((category(same_month(undone.target?)?)?, undone.amount)),
                _ => Some((category(undone)?, -undone.amount)),
            }
        }
        _ => None,
    }
}

fn category(line: &Remembered) -> Option<&Label> {
    line.category.as_ref().filter(|_| line.kind == Kind::Expense)
}
