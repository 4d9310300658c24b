//! BK-03: money lies in accounts that are registered and open, and in the trustee's own name only where the deed says.

use std::collections::BTreeSet;

use xinyi_core::{AccountClass, Data, Kind, Label, Severity};

use crate::books::facts;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};

const TRUSTEE: Parameter = Parameter { name: "trustee-account", form: Form::Label, default: &[] };

pub(crate) const RULE: Rule = Rule {
    code: "BK-03",
    severity: Severity::Error,
    page: include_str!("accounts.md"),
    check: Check::Watch(|| Box::new(Here::default())),
    kinds: Kinds::Of(&[
        Kind::Account,
        Kind::Advance,
        Kind::BankConfirmation,
        Kind::Distribution,
        Kind::Expense,
        Kind::Fee,
        Kind::HeldIn,
        Kind::HeldOut,
        Kind::Income,
        Kind::Opening,
        Kind::Refund,
        Kind::Repayment,
        Kind::Restoration,
        Kind::Transfer,
    ]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[TRUSTEE],
};

/// Accounts whose latest change is among the lines that are here: of others a month's file knows the genesis only.
#[derive(Clone, Debug, Default)]
struct Here(BTreeSet<Label>);

impl Watch for Here {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        self.recall(step);
        let data = step.entry.content().data();
        if data.kind() == Kind::Service {
            return;
        }
        let moved = facts::places_of(data).into_iter().map(|(account, _)| account);
        let mut accounts: Vec<&Label> = moved.chain(confirmed(data)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        for account in accounts {
            let is_known = !step.books.is_one_month() || self.0.contains(account);
            if !is_known {
                sink.lack_older();
            }
            if is_known || step.books.account(account).is_some_and(|account| account.open) {
                sink.examine();
                if let Some(fault) = fault(step, account) {
                    let finding = Finding::at(step.entry.index()).with("account", account);
                    sink.report(finding.with("fault", fault));
                }
            }
        }
    }

    fn recall(&mut self, step: &Step<'_>) {
        if let Data::Account(change) = step.entry.content().data() {
            self.0.insert(change.account.account.clone());
        }
    }
}

/// Further accounts that a line names.
const fn confirmed(data: &Data) -> Option<&Label> {
    match data {
        Data::BankConfirmation(said) => Some(&said.account),
        Data::Restoration(money) => money.account.as_ref(),
        _ => None,
    }
}

fn fault(step: &Step<'_>, label: &Label) -> Option<&'static str> {
    let Some(account) = step.books.account(label) else { return Some("unknown") };
    if !account.open {
        return Some("closed");
    }
    let is_own = account.class == AccountClass::Trustee && !TRUSTEE.lists(&step.deed, label);
    is_own.then_some("trustee")
}
