//! PY-09: large repairs are paid from the repair fund, and the repair fund pays nothing else (Regulations art. 53, 60).

use xinyi_core::{Data, Kind, Label, Severity};

use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "PY-09",
    severity: Severity::Error,
    page: include_str!("repair_fund.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Distribution, Kind::Expense, Kind::Fee]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[REPAIR_CATEGORY, REPAIR_FUND],
};

/// Categories of large and medium repairs and of renewals.
const REPAIR_CATEGORY: Parameter = Parameter {
    name: "repair-category",
    form: Form::Label,
    default: &["major-repair", "medium-repair", "renewal"],
};

/// Funds kept for them.
pub(crate) const REPAIR_FUND: Parameter =
    Parameter { name: "repair-fund", form: Form::Label, default: &["repair-fund"] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let (fund, category, amount): (_, Option<&Label>, _) = match step.entry.content().data() {
        Data::Expense(expense) => (&expense.fund, Some(&expense.category), expense.amount),
        Data::Distribution(money) => (&money.fund, None, money.amount),
        Data::Fee(fee) => (&fee.fund, None, fee.amount),
        _ => return,
    };
    let is_repair = category.is_some_and(|category| REPAIR_CATEGORY.lists(&step.deed, category));
    let is_kept = REPAIR_FUND.lists(&step.deed, fund);
    if !is_repair && !is_kept {
        return;
    }
    sink.examine();
    let fault = match (is_repair, is_kept, category) {
        (true, false, _) => "from-service",
        (false, true, Some(_)) => "other-use",
        (false, true, None) if step.entry.content().kind() == Kind::Fee => "fee",
        (false, true, None) => "given-out",
        _ => return,
    };
    let finding = Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("fault", fault);
    let finding = finding.with("amount", amount).with("fund", fund);
    sink.report(finding.with("category", category.map_or("-", Label::as_str)));
}
