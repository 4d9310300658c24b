//! PY-08: a contract is paid to its other side, up to its price, as instalments fall due, and what is retained stays.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Contract, ContractSide, Data, Date, Expense, Index, Kind, Label, Period, Severity};

use crate::amend::Amend;
use crate::books::Books;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};
use crate::rules::decisions::vote;

pub(crate) const RULE: Rule = Rule {
    code: "PY-08",
    severity: Severity::Error,
    page: include_str!("contract.md"),
    check: Check::Watch(|| Box::new(Contracts::default())),
    kinds: Kinds::Of(&[Kind::Contract, Kind::Expense]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[VARIATION, RETENTION, RETENTION_MONTHS],
};

/// Above this share of its first price a new version needs a resolution.
const VARIATION: Parameter = Parameter { name: "variation-limit", form: Form::Ratio, default: &["110/100"] };
/// What of a contract's price is kept back, by the category of its expenses.
const RETENTION: Parameter = Parameter { name: "retention", form: Form::LabelRatio, default: &[] };
/// How many months after the contract's end it is kept back.
const RETENTION_MONTHS: Parameter =
    Parameter { name: "retention-months", form: Form::Count, default: &["12"] };

/// What is known of one contract.
#[derive(Clone, Debug)]
struct Terms {
    /// The version to go by.
    agreed: Contract,
    /// The price of the first version.
    first: Decimal,
    /// A later version that lacked approvals when it was recorded.
    proposed: Option<(Index, Contract)>,
}

#[derive(Clone, Debug, Default)]
struct Contracts(BTreeMap<Label, Terms>);

impl Watch for Contracts {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        match step.entry.content().data() {
            Data::Contract(contract) if contract.side == ContractSide::Spending => {
                self.vary(step, contract, sink);
                self.note(step, contract);
            }
            Data::Expense(expense) => {
                let Some(label) = &expense.contract else { return };
                self.adopt(step.books, label);
                pay(step, expense, self.0.get(label).map(|terms| &terms.agreed), sink);
            }
            _ => {}
        }
    }

    fn recall(&mut self, step: &Step<'_>) {
        if let Data::Contract(contract) = step.entry.content().data()
            && contract.side == ContractSide::Spending
        {
            self.note(step, contract);
        }
    }
}

impl Contracts {
    /// A new version far above the first price needs the owners.
    fn vary(&self, step: &Step<'_>, contract: &Contract, sink: &mut Sink<'_>) {
        if step.books.is_one_month() {
            sink.lack_older();
            return;
        }
        let Some(terms) = self.0.get(&contract.contract) else { return };
        sink.examine();
        let (price, first) = (contract.price.decimal(), terms.first);
        let is_far = VARIATION.ratio(&step.deed).is_some_and(|most| most.is_below(price, first));
        let is_decided = contract.decision.is_some_and(|link| vote::passed(step.books, link.index));
        if is_far && !is_decided {
            let finding = about(step, &contract.contract).with("fault", "variation");
            sink.report(finding.amended_by(&[Amend::Ratification]).differing(first, price));
        }
    }

    fn note(&mut self, step: &Step<'_>, contract: &Contract) {
        let Some(terms) = self.0.get_mut(&contract.contract) else {
            // In a month's file it may be a version of an older one, which holds as long as this lacks approvals.
            if step.books.is_one_month() && !step.missing.is_empty() {
                return;
            }
            let (agreed, first) = (contract.clone(), contract.price.decimal());
            self.0.insert(contract.contract.clone(), Terms { agreed, first, proposed: None });
            return;
        };
        if step.missing.is_empty() {
            (terms.agreed, terms.proposed) = (contract.clone(), None);
        } else {
            terms.proposed = Some((step.entry.index(), contract.clone()));
        }
    }

    /// A version that lacked approvals counts once it is ratified.
    fn adopt(&mut self, books: &Books, label: &Label) {
        let Some(terms) = self.0.get_mut(label) else { return };
        let is_ratified =
            |(index, _): &mut (Index, Contract)| books.amended(*index, Amend::Ratification).is_some();
        if let Some((_, contract)) = terms.proposed.take_if(is_ratified) {
            terms.agreed = contract;
        }
    }
}

fn about(step: &Step<'_>, contract: &Label) -> Finding {
    Finding::at(step.entry.index()).with("contract", contract)
}

/// Judges a payment under a contract.
fn pay(step: &Step<'_>, expense: &Expense, contract: Option<&Contract>, sink: &mut Sink<'_>) {
    let Some(label) = &expense.contract else { return };
    let finding = about(step, label).amended_by(&[Amend::Ratification, Amend::Reversal]);
    if step.books.contract(label).is_some_and(|(_, known)| known.side == ContractSide::Income) {
        // No price bounds it; the income that it is the cost of does (EX-04).
        sink.examine();
        if expense.cost_of.is_none() {
            sink.report(finding.with("fault", "income"));
        }
        return;
    }
    let Some(contract) = contract else {
        if !step.books.is_one_month() {
            sink.examine();
            sink.report(finding.with("fault", "unknown"));
        } else {
            sink.lack_older();
        }
        return;
    };
    sink.examine();
    if contract.counterparty != expense.payee {
        let finding = finding.clone().with("fault", "payee").with("counterparty", &contract.counterparty);
        sink.report(finding.with("payee", &expense.payee));
    }
    if step.books.is_early() {
        sink.lack_older();
        return;
    }
    let amount = expense.amount.decimal();
    let paid = match contract.end {
        Some(_) => step.books.moved_under(label) + amount,
        None => amount,
    };
    if let Some((fault, bound)) = tightest(step, expense, contract).filter(|(_, bound)| paid > *bound) {
        sink.report(finding.with("fault", fault).differing(bound, paid));
    }
}

/// The least of what may have been paid by the day money went, and why.
fn tightest(step: &Step<'_>, expense: &Expense, contract: &Contract) -> Option<(&'static str, Decimal)> {
    let price = contract.price.decimal();
    let Some(end) = contract.end else { return Some(("one", price)) };
    let due = contract.instalments.as_ref().map(|instalments| {
        let due = instalments.iter().filter(|instalment| instalment.due <= step.occurred);
        due.fold(step.books.nothing(), |sum, instalment| sum + instalment.amount.decimal())
    });
    let kept = RETENTION.ratio_of(&step.deed, &expense.category).filter(|_| {
        let months = RETENTION_MONTHS.count(&step.deed).unwrap_or_default();
        step.occurred < months_after(end, months)
    });
    let unit = step.books.unit();
    let kept = kept.zip(unit).map(|(share, unit)| price - unit.round(share.of(price)));
    let bounds = [("price", Some(price)), ("due", due), ("retention", kept)];
    let bounds = bounds.into_iter().filter_map(|(why, bound)| bound.map(|bound| (why, bound)));
    bounds.min_by_key(|(_, bound)| *bound)
}

/// The same day so many months later, or the last of a shorter month.
fn months_after(day: Date, months: u64) -> Date {
    let mut period: Period = day.period();
    for _ in 0..months.min(1200) {
        period = period.next();
    }
    let last = period.last_day();
    Date::new(period.year(), period.month(), day.day().min(last.day())).unwrap_or(last)
}
