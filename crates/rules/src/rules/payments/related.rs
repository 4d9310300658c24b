//! PY-06: money goes to those related to the trustee or committee only with consent, at a fair price (Trust Law art. 28).

use rust_decimal::Decimal;
use xinyi_core::{Data, Expense, Kind, Severity};

use super::spending::is_agreed;
use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};
use crate::rules::decisions::vote;

pub(crate) const RULE: Rule = Rule {
    code: "PY-06",
    severity: Severity::Error,
    page: include_str!("related.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Expense]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[CONSENT, GUIDE_PRICE, GUIDE_MOST, GUIDE_LEAST, LIST_PRICE, LIST_MOST],
};

/// Related payees to whose payment the deed itself consents.
const CONSENT: Parameter = Parameter { name: "related-consent", form: Form::Label, default: &[] };
/// Guide prices by contract or category.
const GUIDE_PRICE: Parameter = Parameter { name: "guide-price", form: Form::LabelAmount, default: &[] };
/// Above this share of the guide price something is dear.
const GUIDE_MOST: Parameter = Parameter { name: "guide-most", form: Form::Ratio, default: &["130/100"] };
/// Below this share of the guide price something is cheap.
const GUIDE_LEAST: Parameter = Parameter { name: "guide-least", form: Form::Ratio, default: &["50/100"] };
/// Prices of the list of goods, by category.
const LIST_PRICE: Parameter = Parameter { name: "list-price", form: Form::LabelAmount, default: &[] };
/// Above this share of the list's price something is dear.
const LIST_MOST: Parameter = Parameter { name: "list-most", form: Form::Ratio, default: &["110/100"] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Expense(expense) = step.entry.content().data() else { return };
    let Some(is_related) = step.books.is_related(&step.deed, &expense.payee) else {
        sink.lack_older();
        return;
    };
    sink.examine();
    if !is_related {
        return;
    }
    let finding = Finding::at(step.entry.index()).with("payee", &expense.payee);
    let finding = finding.with("amount", expense.amount.decimal());
    match has_consent(step, expense) {
        Some(true) => {}
        None => sink.lack_older(),
        Some(false) => {
            let finding = finding.clone().amended_by(&[Amend::Ratification, Amend::Reversal]);
            sink.report(finding.with("fault", "consent"));
        }
    }
    if let Some((fault, guide)) = unfair(step, expense) {
        let finding = finding.amended_by(&[Amend::Reversal]).with("fault", fault).with("guide", guide);
        sink.report_as(Severity::Warning, finding);
    }
}

/// Whether the deed, the committee or the owners agreed; `None` where only older lines say.
fn has_consent(step: &Step<'_>, expense: &Expense) -> Option<bool> {
    let by_deed = CONSENT.lists(&step.deed, &expense.payee);
    let order = expense.order.and_then(|order| step.books.line(order.index)?.order.as_ref());
    let ordered = expense.order.filter(|_| order.is_some_and(|order| order.payee == expense.payee));
    let by_order = ordered.is_some_and(|link| {
        order.is_some_and(|order| order.approved)
            || step.books.amended(link.index, Amend::Ratification).is_some()
    });
    if by_deed || by_order || is_agreed(step) {
        return Some(true);
    }
    let Some(label) = &expense.contract else { return Some(false) };
    let Some((_, contract)) = step.books.contract(label) else {
        return (!step.books.is_one_month()).then_some(false);
    };
    let resolved = contract.decision.is_some_and(|link| vote::passed(step.books, link.index));
    Some(resolved && contract.counterparty == expense.payee)
}

/// How the payment stands out against the prices that the deed knows.
fn unfair(step: &Step<'_>, expense: &Expense) -> Option<(&'static str, Decimal)> {
    let amount = expense.amount.decimal();
    let of_contract = |list: &Parameter| list.amount_of(&step.deed, expense.contract.as_ref()?);
    let price =
        |list: &Parameter| of_contract(list).or_else(|| list.amount_of(&step.deed, &expense.category));
    let (guide, list) = (price(&GUIDE_PRICE), price(&LIST_PRICE));
    let above = |most: &Parameter, price: &Decimal| {
        most.ratio(&step.deed).is_some_and(|most| most.is_below(amount, *price))
    };
    let below = |least: &Parameter, price: &Decimal| {
        least.ratio(&step.deed).is_some_and(|least| least.is_above(amount, *price))
    };
    let dear = guide.filter(|price| above(&GUIDE_MOST, price)).map(|price| ("dear", price));
    let cheap = || guide.filter(|price| below(&GUIDE_LEAST, price)).map(|price| ("cheap", price));
    let listed = || list.filter(|price| above(&LIST_MOST, price)).map(|price| ("above-list", price));
    dear.or_else(cheap).or_else(listed)
}
