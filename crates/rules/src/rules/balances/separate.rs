//! BK-05: what belongs to one fund does not become another's without a decision.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xinyi_core::{Data, Kind, Label, Severity, Transfer};

use crate::books::facts;
use crate::finding::Finding;
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step};
use crate::rules::decisions::vote;

pub(crate) const RULE: Rule = Rule {
    code: "BK-05",
    severity: Severity::Error,
    page: include_str!("separate.md"),
    check: Check::Both(at_entry, at_month_end),
    kinds: Kinds::Of(&[Kind::HeldOut, Kind::Refund, Kind::Repayment, Kind::Transfer]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

fn at_entry(step: &Step<'_>, sink: &mut Sink<'_>) {
    let data = step.entry.content().data();
    let fault = match data {
        Data::Transfer(transfer) if transfer.from.fund != transfer.to.fund => between(step, transfer),
        Data::HeldOut(_) | Data::Refund(_) | Data::Repayment(_) => {
            let Some(fund) = step.target.and_then(|target| target.fund()) else { return };
            let is_own = facts::places_of(data).iter().all(|(_, own)| *own == fund);
            (!is_own).then_some("target")
        }
        _ => return,
    };
    sink.examine();
    if let Some(fault) = fault {
        let funds: Vec<String> = facts::places_of(data).iter().map(|(_, fund)| fund.to_string()).collect();
        let finding = Finding::at(step.entry.index()).with("fault", fault).with("funds", funds.join(" → "));
        let finding = Finding { entries: step.target_index().into_iter().collect(), ..finding };
        sink.report(finding.with("amount", facts::amount_of(data)));
    }
}

/// A move between funds needs a decision of those whose money it is.
fn between(step: &Step<'_>, transfer: &Transfer) -> Option<&'static str> {
    match transfer.decision {
        None => Some("undecided"),
        Some(decision) if !vote::passed(step.books, decision.index) => Some("no-resolution"),
        Some(_) => None,
    }
}

/// In an account that holds money of several funds none of them is below zero when a month is closed: what it lacks
/// there is another's.
fn at_month_end(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    if month.close.is_none() {
        return;
    }
    let mut accounts: BTreeMap<Label, Vec<(Label, Decimal)>> = BTreeMap::new();
    for ((account, fund), amount) in month.books.holdings_before(month.period.next()) {
        if !amount.is_zero() {
            accounts.entry(account).or_default().push((fund, amount));
        }
    }
    for (account, funds) in accounts.into_iter().filter(|(_, funds)| funds.len() > 1) {
        let all: BTreeSet<&str> = funds.iter().map(|(fund, _)| fund.as_str()).collect();
        let all: Vec<&str> = all.into_iter().collect();
        for (fund, amount) in &funds {
            sink.examine();
            if amount.is_sign_negative() {
                let finding = Finding::of_period(Some(month.period)).with("fault", "borrowed");
                let finding =
                    finding.with("funds", all.join(", ")).with("of", fund).with("account", &account);
                sink.report(finding.with("amount", -*amount).differing(month.books.nothing(), *amount));
            }
        }
    }
}
