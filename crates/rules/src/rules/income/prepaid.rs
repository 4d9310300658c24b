//! IN-05: what is paid ahead is for no more months than allowed, and each month paid for is classed as what it is.

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Income, Kind, Period, ServiceClass, ServicePeriod, Severity};

use crate::books::facts;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

const MONTHS: Parameter = Parameter { name: "prepayment-months", form: Form::Count, default: &["12"] };
const LAST: Parameter = Parameter { name: "service-until", form: Form::Date, default: &[] };

pub(crate) const RULE: Rule = Rule {
    code: "IN-05",
    severity: Severity::Warning,
    page: include_str!("prepaid.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Income]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[MONTHS, LAST],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Income(income) = step.entry.content().data() else { return };
    let service = income.service.as_deref().unwrap_or_default();
    let Some(last) = service.iter().max_by_key(|share| share.to) else { return };
    sink.examine();
    let unknown = |contract| step.books.contract(contract).is_none() && step.books.is_one_month();
    if income.contract.as_ref().is_some_and(unknown) {
        sink.lack_older();
    }
    let day = step.occurred;
    let finding = |fault, share: &ServicePeriod| {
        let finding = Finding::at(step.entry.index()).with("day", day).with("fault", fault);
        finding.with("months", run(share)).with("class", share.class)
    };
    let sum: Decimal = service.iter().map(|share| share.amount.decimal()).sum();
    if sum != income.amount.decimal() {
        sink.report(finding("sum", last).with("sum", sum).differing(income.amount.decimal(), sum));
    }
    if let Some(share) = service.iter().find(|share| !is_classed(share, day.period())) {
        sink.report(finding("class", share));
    }
    let most = MONTHS.count(&step.deed).unwrap_or_default();
    let ahead = facts::months_in(day.period().next(), last.to);
    if u64::try_from(ahead).unwrap_or_default() > most {
        sink.report(finding("ahead", last).with("limit", most));
    }
    if let Some(end) = end_of(step, income).filter(|end| last.to > end.period()) {
        sink.report(finding("beyond", last).with("until", end));
    }
}

fn is_classed(share: &ServicePeriod, month: Period) -> bool {
    share.from <= share.to
        && match share.class {
            ServiceClass::Arrears => share.to < month,
            ServiceClass::Current => share.from == month && share.to == month,
            ServiceClass::Prepaid => share.from > month,
        }
}

/// The last day for which may be paid: of the contract, else of the trustee's service.
fn end_of(step: &Step<'_>, income: &Income) -> Option<Date> {
    let contract = income.contract.as_ref().and_then(|label| step.books.contract(label));
    contract.and_then(|(_, contract)| contract.end).or_else(|| LAST.date(&step.deed))
}

fn run(share: &ServicePeriod) -> String {
    if share.from == share.to { share.from.to_string() } else { format!("{}–{}", share.from, share.to) }
}
