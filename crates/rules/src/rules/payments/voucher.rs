//! PY-01: every expense has a paper that shows what was paid for, and its invoices cover it (Accounting Law art. 14).

use rust_decimal::Decimal;
use xinyi_core::{Data, Kind, Severity};

use crate::amend::Amend;
use crate::books::facts::shows_cost;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "PY-01",
    severity: Severity::Error,
    page: include_str!("voucher.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Expense]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[VOUCHER_FROM],
};

/// From this amount up an expense needs a voucher.
const VOUCHER_FROM: Parameter = Parameter { name: "voucher-from", form: Form::Amount, default: &[] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Expense(expense) = step.entry.content().data() else { return };
    let amount = expense.amount.decimal();
    let invoices = expense.invoices.as_deref().unwrap_or_default();
    let is_asked = VOUCHER_FROM.amount(&step.deed).is_some_and(|from| amount >= from);
    if !is_asked && invoices.is_empty() {
        return;
    }
    sink.examine();
    let finding = Finding::at(step.entry.index()).amended_by(&[Amend::Evidence, Amend::Reversal]);
    let finding = finding.with("amount", amount).with("payee", &expense.payee);
    let covered: Decimal = invoices.iter().map(|share| share.amount.decimal()).sum();
    if !invoices.is_empty() && amount > covered {
        sink.report(finding.with("fault", "less").differing(covered, amount));
    } else if invoices.is_empty() && !shows_cost(expense.vouchers.as_deref().unwrap_or_default()) {
        sink.report(finding.with("fault", "none"));
    }
}
