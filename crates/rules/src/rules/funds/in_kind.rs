//! FD-03: gifts in kind lie in a non-cash account, money never does.

use xinyi_core::{AccountClass, Data, Kind, Label, Severity};

use crate::amend::Amend;
use crate::books::Effect;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "FD-03",
    severity: Severity::Error,
    page: include_str!("in_kind.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Income, Kind::Refund, Kind::Transfer]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[IN_KIND],
};

const IN_KIND: Parameter = Parameter { name: "in-kind", form: Form::Label, default: &["gift-in-kind"] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    match step.entry.content().data() {
        Data::Income(income) => {
            let is_gift = IN_KIND.lists(&step.deed, &income.category);
            let Some(holds) = holds_things(step, &income.account, sink) else { return };
            judge(step, sink, (is_gift, holds), &income.account, if is_gift { "thing" } else { "money" });
        }
        Data::Transfer(transfer) => {
            let Some(from) = holds_things(step, &transfer.from.account, sink) else { return };
            let Some(to) = holds_things(step, &transfer.to.account, sink) else { return };
            judge(step, sink, (from, to), &transfer.to.account, "swap");
        }
        Data::Refund(refund) => {
            let Some(before) = step.target.and_then(|line| {
                line.effects.iter().find_map(|(effect, _)| match effect {
                    Effect::Own { account, .. } => Some(account),
                    _ => None,
                })
            }) else {
                return;
            };
            let Some(from) = holds_things(step, before, sink) else { return };
            let Some(to) = holds_things(step, &refund.account, sink) else { return };
            judge(step, sink, (from, to), &refund.account, "swap");
        }
        _ => {}
    }
}

/// Whether an account is for things; `None` where that is not known here.
fn holds_things(step: &Step<'_>, account: &Label, sink: &mut Sink<'_>) -> Option<bool> {
    let known = step.books.account(account).map(|account| account.class == AccountClass::NonCash);
    if known.is_none() && step.books.is_one_month() {
        sink.lack_older();
    }
    known
}

/// Things on one side and money on the other do not fit; where neither side is of things there is no case.
fn judge(
    step: &Step<'_>,
    sink: &mut Sink<'_>,
    (one, other): (bool, bool),
    account: &Label,
    case: &'static str,
) {
    if one || other {
        sink.examine();
    }
    if one != other {
        let amount = crate::books::facts::amount_of(step.entry.content().data());
        let finding = Finding::at(step.entry.index())
            .amended_by(&[Amend::Reversal])
            .with("case", case)
            .with("account", account);
        sink.report(finding.with("amount", amount));
    }
}
