//! What the rules of payments ask in common: the approval limit, and what was approved besides it.

use rust_decimal::Decimal;
use xinyi_core::{Deed, Expense, Kind, Reimbursable, Role};

use crate::parameter::{Form, Parameter};
use crate::policy;
use crate::rule::Step;

/// Categories of wages: paid from a list, the same every month, and to persons.
pub(super) const PAYROLL: Parameter =
    Parameter { name: "payroll-category", form: Form::Label, default: &["wages"] };

/// The amount from which the deed asks more approvals for an expense than below it.
pub(super) fn approval_limit(deed: &Deed) -> Option<Decimal> {
    let of_expense = deed.approvals.iter().filter(|term| term.kind.as_str() == Kind::Expense.as_str());
    let from = of_expense.filter_map(|term| term.from).map(|from| from.decimal());
    from.filter(|from| !from.is_zero()).min()
}

/// Whether nobody but the recorder's side looked at the expense: it stands below the limit by itself, under no order
/// or contract, and buys something. Approvals that an order or contract itself lacks are SG-02's.
pub(super) fn stands_alone(step: &Step<'_>, expense: &Expense) -> bool {
    expense.order.is_none() && expense.contract.is_none() && !is_agreed(step) && is_bought(step, expense)
}

/// Whether something was bought from somebody who could have been another: wages and what the trustee is reimbursed
/// for at cost are not.
pub(super) fn is_bought(step: &Step<'_>, expense: &Expense) -> bool {
    let is_reimbursed = |item: &Reimbursable| item.category == expense.category;
    !PAYROLL.lists(&step.deed, &expense.category) && !step.deed.reimbursable.iter().any(is_reimbursed)
}

/// Whether the committee, and not only one of its members, approved the entry itself.
pub(super) fn is_agreed(step: &Step<'_>) -> bool {
    let needed = policy::consent(step.books, step.entry.content(), Role::Agent);
    needed.is_some_and(|need| policy::is_met(&need, step.entry.approvers()))
}
