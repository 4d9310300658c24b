//! EX-10: a fee taker gets nothing from the fund but its fee, what it laid out for listed items, and what a
//! contract that owners decided gives it (Trust Law art. 26 to 28).

use xinyi_core::{ContractSide, Data, Expense, Kind, Label, Role, Severity};

use crate::books::facts::lists_cost;
use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};
use crate::rules::decisions::vote;

pub(crate) const RULE: Rule = Rule {
    code: "EX-10",
    severity: Severity::Error,
    page: include_str!("hidden_pay.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Expense, Kind::HeldOut]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let (payee, amount) = match step.entry.content().data() {
        Data::Expense(expense) => (Some(&expense.payee), expense.amount),
        Data::HeldOut(money) => (money.payee.as_ref(), money.amount),
        _ => return,
    };
    let Some(payee) = payee else { return };
    if step.books.is_one_month() && step.books.payee(payee).is_none() && !is_taker(step, payee) {
        sink.lack_older();
        return;
    }
    sink.examine();
    let taker = step.books.hand_of(payee);
    if !is_taker(step, payee) && !is_taker(step, taker) {
        return;
    }
    let fault = match step.entry.content().data() {
        Data::Expense(expense) => fault_of(step, expense, sink),
        _ => Some("held"),
    };
    if let Some(fault) = fault {
        let finding = Finding::at(step.entry.index()).with("payee", payee).with("amount", amount);
        sink.report(finding.with("fault", fault));
    }
}

/// Whether the label is the trustee's, or that of somebody whom the deed gives a fee.
fn is_taker(step: &Step<'_>, label: &Label) -> bool {
    let is_trustee = step.books.party(label).is_some_and(|party| party.role == Role::Trustee);
    is_trustee || step.deed.fees.iter().any(|term| term.taker == *label)
}

fn fault_of(step: &Step<'_>, expense: &Expense, sink: &mut Sink<'_>) -> Option<&'static str> {
    if let Some(label) = &expense.contract {
        let Some((_, contract)) = step.books.contract(label) else {
            if !step.books.is_one_month() {
                return Some("no-contract");
            }
            sink.lack_older();
            return None;
        };
        let is_decided = contract.decision.is_some_and(|decision| vote::passed(step.books, decision.index));
        let is_for_it = contract.side == ContractSide::Spending && contract.counterparty == expense.payee;
        return (!is_decided || !is_for_it).then_some("no-decision");
    }
    let listed = step.deed.reimbursable.iter().find(|item| item.category == expense.category);
    match listed {
        None => Some("not-listed"),
        Some(item) if item.budget.is_some() && item.budget != expense.budget => Some("other-line"),
        Some(_) if !expense.vouchers.as_deref().is_some_and(lists_cost) => Some("no-list"),
        Some(_) => None,
    }
}
