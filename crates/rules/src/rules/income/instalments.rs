//! IN-04: what a lease or another contract brings in is in the books in time.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{ContractSide, Date, Label, Severity};

use crate::finding::Finding;
use crate::outside::Paper;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink};

const DAYS: Parameter = Parameter { name: "instalment-days", form: Form::Count, default: &["30"] };

pub(crate) const RULE: Rule = Rule {
    code: "IN-04",
    severity: Severity::Warning,
    page: include_str!("instalments.md"),
    check: Check::End(check),
    kinds: Kinds::NONE,
    older: true,
    proof: Proof::File(Paper::Contracts),
    parameters: &[DAYS],
};

/// What falls due, by contract and day.
type Due = BTreeMap<Label, BTreeMap<Date, Decimal>>;

fn check(end: &FileEnd<'_>, sink: &mut Sink<'_>) {
    if end.books.is_one_month() {
        sink.lack_older();
    }
    let (now, moved) = (end.books.total().contracts, end.books.contract_movements());
    for (contract, due) in due(end) {
        let here = moved.get(&contract);
        // What a month's file was handed on came in before any day that it judges.
        let before = now.get(&contract).copied().unwrap_or_default()
            - here.into_iter().flat_map(|days| days.values()).sum::<Decimal>();
        let upto = |day: Date| -> Decimal {
            let days = here.into_iter().flat_map(|days| days.range(..=day));
            end.books.in_unit(before + days.map(|(_, amount)| amount).sum::<Decimal>())
        };
        judge(&contract, &due, upto, end, sink);
    }
}

/// The instalments of the register, and of contracts that only the ledger has; none from before the ledger.
fn due(end: &FileEnd<'_>) -> Due {
    let mut due = Due::new();
    let comes_in = end.outside.contracts.iter().flatten().filter(|row| row.side == ContractSide::Income);
    for row in comes_in {
        *due.entry(row.contract.clone()).or_default().entry(row.due).or_default() += row.amount;
    }
    for (_, contract) in end.books.contracts().filter(|(_, contract)| contract.side == ContractSide::Income) {
        if due.contains_key(&contract.contract) {
            continue;
        }
        let days = due.entry(contract.contract.clone()).or_default();
        for instalment in contract.instalments.iter().flatten() {
            *days.entry(instalment.due).or_default() += instalment.amount.decimal();
        }
    }
    let begins = end.books.deeds.first().map(|(version, _)| version.first);
    due.values_mut().for_each(|days| days.retain(|day, _| begins.is_none_or(|first| *day >= first)));
    due
}

/// Judges every instalment whose days of grace are over: up to then as much must have come in as was due.
fn judge(
    contract: &Label,
    due: &BTreeMap<Date, Decimal>,
    upto: impl Fn(Date) -> Decimal,
    end: &FileEnd<'_>,
    sink: &mut Sink<'_>,
) {
    let registered = end.books.contract(contract);
    let mut is_unknown = registered.is_none() && !end.books.is_one_month();
    let fault = if is_unknown { "unknown" } else { "missing" };
    let mut sum = Decimal::ZERO;
    for (day, amount) in due {
        sum += *amount;
        let last = last_day(*day, end);
        let was_judged = end.books.from().is_some_and(|from| last.period() < from);
        if was_judged || last > end.known_until() {
            continue;
        }
        sink.examine();
        let came = upto(last);
        if came < sum || is_unknown {
            is_unknown = false;
            let entries = registered.map(|(index, _)| *index).into_iter().collect();
            let finding = Finding { entries, ..Finding::of_period(Some(last.period())) };
            let finding = finding.with("contract", contract).with("fault", fault).with("due", day);
            sink.report(finding.with("day", last).differing(end.books.in_unit(sum), came));
        }
    }
}

/// The last day on which an instalment is in time, by the deed of the day it falls due.
fn last_day(due: Date, end: &FileEnd<'_>) -> Date {
    let deed = end.books.deed_on(due);
    due.plus_days(DAYS.days(deed.as_ref().unwrap_or(&end.deed)).unwrap_or_default())
}
