//! PY-04: a payment just below the approval limit is worth a look.

use xinyi_core::{Data, Kind, Severity};

use super::spending::{PAYROLL, approval_limit, stands_alone};
use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "PY-04",
    severity: Severity::Note,
    page: include_str!("near_limit.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Expense]),
    older: false,
    proof: Proof::Heuristic,
    parameters: &[NEAR_LIMIT, PAYROLL],
};

/// From this share of the limit on, and below it, a payment is near.
const NEAR_LIMIT: Parameter = Parameter { name: "near-limit", form: Form::Ratio, default: &["95/100"] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Expense(expense) = step.entry.content().data() else { return };
    let limits = approval_limit(&step.deed).zip(NEAR_LIMIT.ratio(&step.deed));
    let Some((limit, near)) = limits.filter(|_| stands_alone(step, expense)) else { return };
    sink.examine();
    let amount = expense.amount.decimal();
    if amount < limit && !near.is_above(amount, limit) {
        let finding = Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]);
        sink.report(finding.with("amount", amount).with("limit", limit).with("payee", &expense.payee));
    }
}
