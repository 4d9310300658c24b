//! PY-05: what is large was offered by several, or owners decided it, or a signed paper says why only one could.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use xinyi_core::{ContractSide, Data, Expense, Kind, Severity, Voucher, VoucherClass};

use super::spending::{PAYROLL, is_bought};
use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};
use crate::rules::decisions::vote;

pub(crate) const RULE: Rule = Rule {
    code: "PY-05",
    severity: Severity::Error,
    page: include_str!("offers.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Contract, Kind::Expense, Kind::Order]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[QUOTE_FROM, OFFERS, PAYROLL],
};

/// From this amount up several must have made an offer.
const QUOTE_FROM: Parameter = Parameter { name: "quote-from", form: Form::Amount, default: &[] };

/// How many offers are needed.
const OFFERS: Parameter = Parameter { name: "offers", form: Form::Count, default: &["3"] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Some(award) = Award::of(step) else { return };
    if QUOTE_FROM.amount(&step.deed).is_none_or(|from| award.amount < from) {
        return;
    }
    sink.examine();
    let needed = OFFERS.count(&step.deed).unwrap_or_default();
    let found = award.offers();
    if award.is_decided || found >= needed {
        return;
    }
    let finding = Finding::at(step.entry.index()).amended_by(&[Amend::Ratification, Amend::Reversal]);
    let finding = finding.with("amount", award.amount).with("found", found).with("needed", needed);
    if award.is_single_source() {
        sink.report_as(Severity::Note, finding.with("case", "single-source"));
    } else if award.is_emergency {
        sink.report_as(Severity::Note, finding.with("case", "emergency"));
    } else if award.may_be_later_version {
        sink.lack_older();
    } else {
        sink.report(finding.with("case", "missing"));
    }
}

const fn is_own_award(expense: &Expense) -> bool {
    expense.contract.is_none() && expense.order.is_none()
}

/// Whom to buy from is decided once: in a contract, else in an order, else in the expense itself.
struct Award<'a> {
    amount: Decimal,
    is_decided: bool,
    is_emergency: bool,
    /// A contract in a month's file whose first version may lie before it.
    may_be_later_version: bool,
    vouchers: &'a [Voucher],
}

impl<'a> Award<'a> {
    fn of(step: &Step<'a>) -> Option<Self> {
        let plain = |amount: Decimal, vouchers: &'a Option<Vec<Voucher>>| Self {
            amount,
            is_decided: false,
            is_emergency: false,
            may_be_later_version: false,
            vouchers: vouchers.as_deref().unwrap_or_default(),
        };
        match step.entry.content().data() {
            Data::Contract(contract) if contract.side == ContractSide::Spending => {
                let is_decided = contract.decision.is_some_and(|link| vote::passed(step.books, link.index));
                let award = plain(contract.price.decimal(), &contract.vouchers);
                let may_be_later_version = step.books.is_one_month();
                let is_first = step.books.contract(&contract.contract).is_none();
                is_first.then_some(Self { is_decided, may_be_later_version, ..award })
            }
            Data::Order(order) if order.contract.is_none() => {
                Some(plain(order.amount.decimal(), &order.vouchers))
            }
            Data::Expense(expense) if is_bought(step, expense) && is_own_award(expense) => {
                let award = plain(expense.amount.decimal(), &expense.vouchers);
                Some(Self { is_emergency: expense.emergency.is_some(), ..award })
            }
            _ => None,
        }
    }

    /// Offers are vouchers of class `list` or `other`; the same file twice is one.
    fn offers(&self) -> u64 {
        let is_offer = |voucher: &&Voucher| matches!(voucher.class, VoucherClass::List | VoucherClass::Other);
        let digests: BTreeSet<_> =
            self.vouchers.iter().filter(is_offer).map(|voucher| voucher.digest).collect();
        u64::try_from(digests.len()).unwrap_or(u64::MAX)
    }

    /// A signed paper, approved with the award, says why there is one offer.
    fn is_single_source(&self) -> bool {
        self.vouchers.iter().any(|voucher| voucher.class == VoucherClass::Act)
    }
}
