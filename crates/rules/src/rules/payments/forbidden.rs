//! PY-10: the fund lends nothing, vouches for nobody, pays persons nothing but wages, and strangers nothing (Trust Law art. 16, 27).

use xinyi_core::{ContractSide, Data, Expense, Kind, Label, PayeeClass, Severity};

use super::spending::PAYROLL;
use crate::amend::Amend;
use crate::books::facts::amount_of;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "PY-10",
    severity: Severity::Error,
    page: include_str!("forbidden.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Contract, Kind::Expense, Kind::HeldOut, Kind::Order]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[FORBIDDEN, PERSONAL, PAYROLL, REGISTERED_FROM],
};

/// Categories for which the fund pays nothing.
const FORBIDDEN: Parameter = Parameter {
    name: "forbidden-category",
    form: Form::Label,
    default: &["loan", "guarantee", "staff-advance", "parent-advance"],
};

/// Categories for which a person may be paid besides wages.
const PERSONAL: Parameter = Parameter { name: "personal-category", form: Form::Label, default: &[] };

/// From this amount up whoever is paid must be registered by then.
const REGISTERED_FROM: Parameter =
    Parameter { name: "registered-payees-from", form: Form::Amount, default: &[] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    match step.entry.content().data() {
        Data::Expense(expense) if FORBIDDEN.lists(&step.deed, &expense.category) => {
            sink.examine();
            sink.report(
                about(step, &expense.payee).with("category", &expense.category).with("fault", "forbidden"),
            );
        }
        Data::Expense(expense) => pay(step, expense, sink),
        data => {
            if let Some(payee) = promised_to(data)
                && is_asked(step)
            {
                identify(step, payee, sink);
            }
        }
    }
}

fn about(step: &Step<'_>, payee: &Label) -> Finding {
    let amount = amount_of(step.entry.content().data());
    Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("amount", amount).with("payee", payee)
}

fn pay(step: &Step<'_>, expense: &Expense, sink: &mut Sink<'_>) {
    identify(step, &expense.payee, sink);
    let Some(payee) = step.books.payee(&expense.payee) else { return };
    let may_be_paid = [PAYROLL, PERSONAL].iter().any(|list| list.lists(&step.deed, &expense.category));
    if payee.class == PayeeClass::Person && !may_be_paid {
        let finding = about(step, &expense.payee).with("category", &expense.category);
        sink.report(finding.with("fault", "person"));
    }
}

/// Whom other lines than expenses give money, or promise it.
const fn promised_to(data: &Data) -> Option<&Label> {
    match data {
        Data::Contract(contract) if matches!(contract.side, ContractSide::Spending) => {
            Some(&contract.counterparty)
        }
        Data::HeldOut(money) => money.payee.as_ref(),
        Data::Order(order) => Some(&order.payee),
        _ => None,
    }
}

/// Whether the deed asks that the payee of so much is registered.
fn is_asked(step: &Step<'_>) -> bool {
    let amount = amount_of(step.entry.content().data());
    REGISTERED_FROM.amount(&step.deed).is_some_and(|from| amount >= from)
}

/// Whoever is neither registered nor a party, no rule knows: not as a person, as related, or as a fee taker's sister.
fn identify(step: &Step<'_>, payee: &Label, sink: &mut Sink<'_>) {
    let is_known = step.books.payee(payee).is_some() || step.books.party(payee).is_some();
    if !is_known && step.books.is_one_month() {
        sink.lack_older();
        return;
    }
    sink.examine();
    if !is_known && is_asked(step) {
        sink.report(about(step, payee).with("fault", "unknown"));
    }
}
