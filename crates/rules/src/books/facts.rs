//! Plain questions to the data of a line, one answer for all kinds.

use rust_decimal::Decimal;
use xinyi_core::{
    Data, Date, Index, Kind, Label, Period, ReceiptNumber, Service, ServicePeriod, Voucher, VoucherClass,
};

use super::{Effect, Effects, OrderTerms, Paid};

/// The amount of a line, zero where its kind has none.
pub(crate) fn amount_of(data: &Data) -> Decimal {
    match data {
        Data::Advance(money) => money.amount.decimal(),
        Data::Billing(bill) => bill.amount.decimal(),
        Data::Contract(contract) => contract.price.decimal(),
        Data::Distribution(money) => money.amount.decimal(),
        Data::Expense(money) => money.amount.decimal(),
        Data::Fee(money) => money.amount.decimal(),
        Data::Forfeit(money) => money.amount.decimal(),
        Data::HeldIn(money) => money.amount.decimal(),
        Data::HeldOut(money) => money.amount.decimal(),
        Data::Income(money) => money.amount.decimal(),
        Data::Loss(loss) => loss.amount.decimal(),
        Data::Order(order) => order.amount.decimal(),
        Data::Refund(money) => money.amount.decimal(),
        Data::Repayment(money) => money.amount.decimal(),
        Data::Restoration(money) => money.amount.decimal(),
        Data::Service(service) => service.amount.decimal(),
        Data::Transfer(money) => money.amount.decimal(),
        Data::Waiver(waiver) => waiver.amount.decimal(),
        _ => Decimal::ZERO,
    }
}

/// The category of a line, where its kind has one.
pub(crate) const fn category_of(data: &Data) -> Option<&Label> {
    match data {
        Data::Billing(bill) => Some(&bill.category),
        Data::Expense(money) => Some(&money.category),
        Data::Forfeit(money) => Some(&money.category),
        Data::Income(money) => Some(&money.category),
        Data::Waiver(waiver) => Some(&waiver.category),
        _ => None,
    }
}

/// The fund that lost money: a restoration comes back to it (spec: M-2).
pub(crate) const fn lost_from(data: &Data) -> Option<&Label> {
    match data {
        Data::Loss(loss) => Some(&loss.fund),
        _ => None,
    }
}

/// When it happened, where the line says so.
pub(crate) const fn occurred_of(data: &Data) -> Option<Date> {
    match data {
        Data::Advance(money) => money.occurred,
        Data::Expense(money) => money.occurred,
        Data::Fee(money) => money.occurred,
        Data::HeldIn(money) => money.occurred,
        Data::HeldOut(money) => money.occurred,
        Data::Income(money) => money.occurred,
        Data::Refund(money) => money.occurred,
        Data::Repayment(money) => money.occurred,
        Data::Transfer(money) => money.occurred,
        _ => None,
    }
}

/// The earlier line that this one is about, where it is about one.
pub(crate) fn target_of(data: &Data) -> Option<Index> {
    match data {
        Data::Answer(answer) => Some(answer.target.index),
        Data::Evidence(evidence) => Some(evidence.target.index),
        Data::Forfeit(money) => Some(money.target.index),
        Data::HeldOut(money) => money.target.map(|target| target.index),
        Data::Refund(money) => Some(money.target.index),
        Data::Repayment(money) => Some(money.target.index),
        Data::Restoration(money) => Some(money.target.index),
        Data::Reversal(reversal) => Some(reversal.target.index),
        _ => None,
    }
}

/// The accounts that a line uses, each with the fund whose money it moves there.
pub(crate) fn places_of(data: &Data) -> Vec<(&Label, &Label)> {
    match data {
        Data::Advance(money) => vec![(&money.account, &money.fund)],
        Data::Distribution(money) => vec![(&money.account, &money.fund)],
        Data::Expense(money) => vec![(&money.account, &money.fund)],
        Data::Fee(money) => vec![(&money.account, &money.fund)],
        Data::HeldIn(money) => vec![(&money.account, &money.fund)],
        Data::HeldOut(money) => vec![(&money.account, &money.fund)],
        Data::Income(money) => vec![(&money.account, &money.fund)],
        Data::Opening(opening) => {
            opening.holdings.iter().map(|holding| (&holding.account, &holding.fund)).collect()
        }
        Data::Refund(money) => vec![(&money.account, &money.fund)],
        Data::Repayment(money) => vec![(&money.account, &money.fund)],
        Data::Service(service) => vec![(&service.giver, &service.fund), (&service.receiver, &service.fund)],
        Data::Transfer(money) => [&money.from, &money.to].map(|place| (&place.account, &place.fund)).to_vec(),
        _ => Vec::new(),
    }
}

/// The receipt given for money that came in.
pub(crate) const fn receipt_of(data: &Data) -> Option<&ReceiptNumber> {
    match data {
        Data::HeldIn(money) => money.receipt.as_ref(),
        Data::Income(money) => money.receipt.as_ref(),
        _ => None,
    }
}

/// The months that a payment is for, where it says so.
pub(crate) fn service_of(data: &Data) -> &[ServicePeriod] {
    match data {
        Data::Income(money) => money.service.as_deref().unwrap_or_default(),
        _ => &[],
    }
}

/// How many months a run has, both ends included; none if it runs backwards.
pub(crate) fn months_in(from: Period, to: Period) -> i64 {
    let since = |period: Period| i64::from(period.year()) * 12 + i64::from(period.month());
    (since(to) - since(from) + 1).max(0)
}

/// The reversed line that this one replaces.
pub(crate) fn replaced_by(data: &Data) -> Option<Index> {
    match data {
        Data::Expense(money) => money.replaces.map(|link| link.index),
        Data::Fee(money) => money.replaces.map(|link| link.index),
        Data::Income(money) => money.replaces.map(|link| link.index),
        _ => None,
    }
}

/// The invoices that a line pays, where it names any.
pub(crate) fn paid_by(data: &Data) -> Option<Paid> {
    let (payee, shares) = match data {
        Data::Expense(money) => (&money.payee, money.invoices.as_deref().unwrap_or_default()),
        Data::Fee(money) => (&money.taker, money.invoice.as_slice()),
        _ => return None,
    };
    (!shares.is_empty()).then(|| Paid { payee: payee.clone(), shares: shares.to_vec() })
}

/// The earlier lines on which it rests what this one does.
pub(crate) fn named_by(data: &Data) -> impl Iterator<Item = Index> + use<> {
    let (order, source) = match data {
        Data::Expense(money) => (money.order, money.cost_of),
        _ => (None, None),
    };
    let links = [order, source].map(|link| link.map(|link| link.index));
    [target_of(data), replaced_by(data)].into_iter().chain(links).flatten()
}

/// Why the line was recorded without approvals, if it says so.
pub(crate) fn unapproved_reason(data: &Data) -> Option<String> {
    let reason = match data {
        Data::Expense(money) => money.unapproved.as_ref().or(money.emergency.as_ref()),
        Data::Refund(money) => money.unapproved.as_ref(),
        _ => None,
    };
    reason.map(ToString::to_string)
}

/// What an order binds its expenses to.
pub(crate) fn order_terms(data: &Data, is_approved: bool) -> Option<Box<OrderTerms>> {
    match data {
        Data::Order(order) => Some(Box::new(OrderTerms {
            approved: is_approved,
            budget: order.budget.clone(),
            category: order.category.clone(),
            contract: order.contract.clone(),
            fund: order.fund.clone(),
            payee: order.payee.clone(),
            until: order.until,
        })),
        _ => None,
    }
}

/// Whether one of the documents shows what was paid for: a photograph or an approval does not.
pub(crate) fn shows_cost(vouchers: &[Voucher]) -> bool {
    let shows = |voucher: &Voucher| match voucher.class {
        VoucherClass::Bank
        | VoucherClass::Contract
        | VoucherClass::Invoice
        | VoucherClass::List
        | VoucherClass::Receipt => true,
        VoucherClass::Act | VoucherClass::Other | VoucherClass::Photo => false,
    };
    vouchers.iter().any(shows)
}

/// Whether one of them is a third party's list of the cost, such as wages paid or an authority's bill: what the payee
/// writes about itself, an invoice or a contract, is none.
pub(crate) fn lists_cost(vouchers: &[Voucher]) -> bool {
    let lists = |voucher: &Voucher| {
        matches!(voucher.class, VoucherClass::Bank | VoucherClass::List | VoucherClass::Receipt)
    };
    vouchers.iter().any(lists)
}

/// Whether later lines may name a line of this kind, so that it must be remembered.
pub(crate) const fn is_named_later(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Advance
            | Kind::Billing
            | Kind::Distribution
            | Kind::Expense
            | Kind::Fee
            | Kind::Forfeit
            | Kind::HeldIn
            | Kind::HeldOut
            | Kind::Income
            | Kind::Loss
            | Kind::Objection
            | Kind::Opening
            | Kind::Order
            | Kind::Refund
            | Kind::Repayment
            | Kind::Resolution
            | Kind::Restoration
            | Kind::Reversal
            | Kind::Service
            | Kind::Transfer
            | Kind::Waiver
    )
}

/// Minutes move from the receiver's account to the giver's; the fund is the time bank itself.
pub(crate) fn service_effects(service: &Service) -> Effects {
    let amount = service.amount.decimal();
    let moved = |account: &Label, amount| {
        (Effect::Own { account: account.clone(), fund: service.fund.clone() }, amount)
    };
    vec![moved(&service.giver, amount), moved(&service.receiver, -amount)]
}
