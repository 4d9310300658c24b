//! PY-10: the fund lends nothing, vouches for nobody, and pays persons nothing but wages (Trust Law art. 16, 27).

use xinyi_core::{Data, PayeeClass, Severity};

use super::spending::PAYROLL;
use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "PY-10",
    severity: Severity::Error,
    page: include_str!("forbidden.md"),
    check: Check::Each(check),
    older: true,
    proof: Proof::Ledger,
    parameters: &[FORBIDDEN, PERSONAL, PAYROLL],
};

/// Categories for which the fund pays nothing.
const FORBIDDEN: Parameter = Parameter {
    name: "forbidden-category",
    form: Form::Label,
    default: &["loan", "guarantee", "staff-advance", "parent-advance"],
};

/// Categories for which a person may be paid besides wages.
const PERSONAL: Parameter = Parameter { name: "personal-category", form: Form::Label, default: &[] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Expense(expense) = step.entry.content().data() else { return };
    let finding = Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]);
    let finding = finding.with("amount", expense.amount).with("category", &expense.category);
    let finding = finding.with("payee", &expense.payee);
    if FORBIDDEN.lists(&step.deed, &expense.category) {
        sink.examine();
        sink.report(finding.with("fault", "forbidden"));
        return;
    }
    let Some(payee) = step.books.payee(&expense.payee) else {
        if !step.books.is_one_month() {
            sink.examine();
        } else {
            sink.lack_older();
        }
        return;
    };
    sink.examine();
    let may_be_paid = [PAYROLL, PERSONAL].iter().any(|list| list.lists(&step.deed, &expense.category));
    if payee.class == PayeeClass::Person && !may_be_paid {
        sink.report(finding.with("fault", "person"));
    }
}
