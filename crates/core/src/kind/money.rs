//! Kinds that move money, or undo an entry that was wrong (spec: kinds.md, money).

use crate::money::Amount;
use crate::number::Count;
use crate::text::{Label, Text};
use crate::time::{Date, Period};

use super::parts::{InvoiceShare, Link, Place, ReceiptNumber, Sealed, ServicePeriod, Voucher};
use super::shape::{object, words};

object! {
    /// Money that came in and belongs to the fund.
    Income {
        /// The account it came into.
        account: Label,
        /// How much came, gross of any channel cost.
        amount: Amount,
        /// What it is for: `property-fee`, `parking`, `advert`; the deed's fee bases name categories.
        category: Label,
        /// How it was paid: `bank`, `wechat`, `cash`.
        channel: Option<Label>,
        /// The contract it comes from.
        contract: Option<Label>,
        /// The fund it belongs to.
        fund: Label,
        /// A private remark, sealed.
        memo: Option<Sealed>,
        /// A remark in clear, without personal data.
        note: Option<Text>,
        /// The day the money came, if not the booking day.
        occurred: Option<Date>,
        /// Who paid, sealed.
        payer: Option<Sealed>,
        /// The receipt given.
        receipt: Option<ReceiptNumber>,
        /// The reversed line that this one replaces.
        replaces: Option<Link>,
        /// The months paid for; the shares add up to the amount.
        service: Option<Vec<ServicePeriod>>,
        /// The billed unit, sealed.
        unit: Option<Sealed>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Money that went out of the fund for the compound.
    Expense {
        /// The account it went from.
        account: Label,
        /// How much went.
        amount: Amount,
        /// The budget line it counts against, in the year of its date.
        budget: Option<Label>,
        /// What it was for: `repair`, `wages`, `channel-cost`.
        category: Label,
        /// The contract it is paid under.
        contract: Option<Label>,
        /// The income whose linked cost this is: deducted from a net fee base.
        cost_of: Option<Link>,
        /// Why it could not wait for approval, if it was an emergency.
        emergency: Option<Text>,
        /// The fund that paid.
        fund: Label,
        /// The invoices it pays, in part or whole.
        invoices: Option<Vec<InvoiceShare>>,
        /// A private remark, sealed.
        memo: Option<Sealed>,
        /// A remark in clear, without personal data.
        note: Option<Text>,
        /// The day the money went, if not the booking day.
        occurred: Option<Date>,
        /// The order that approved it.
        order: Option<Link>,
        /// The registered payee.
        payee: Label,
        /// The reversed line that this one replaces.
        replaces: Option<Link>,
        /// Why it was recorded without the approvals its deed asks for, the money having moved.
        unapproved: Option<Text>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// The trustee's remuneration taken from the fund.
    Fee {
        /// The account it was taken from.
        account: Label,
        /// How much was taken.
        amount: Amount,
        /// The fund it was taken from.
        fund: Label,
        /// The taker's invoice.
        invoice: Option<InvoiceShare>,
        /// A remark in clear.
        note: Option<Text>,
        /// The day it was taken, if not the booking day.
        occurred: Option<Date>,
        /// The periods it is for, in order.
        periods: Vec<Period>,
        /// The reversed line that this one replaces.
        replaces: Option<Link>,
        /// Who took it: a taker that the deed names.
        taker: Label,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Money that moved back, in part or whole, against an income, expense, fee, aid or service.
    Refund {
        /// The account it moved through.
        account: Label,
        /// How much moved back; the sum for one target is at most the target.
        amount: Amount,
        /// The fund of the target.
        fund: Label,
        /// A private remark, sealed.
        memo: Option<Sealed>,
        /// The day the money moved, if not the booking day.
        occurred: Option<Date>,
        /// Why.
        reason: Text,
        /// Who received it, sealed.
        recipient: Option<Sealed>,
        /// The line it undoes; its sign is the opposite of that line's.
        target: Link,
        /// Why it was recorded without the approvals its deed asks for, the money having moved.
        unapproved: Option<Text>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Money that moved between accounts or funds; the ledger's total stays.
    Transfer {
        /// How much moved.
        amount: Amount,
        /// The decision behind a move between funds.
        decision: Option<Link>,
        /// From where.
        from: Place,
        /// A remark in clear.
        note: Option<Text>,
        /// The day it left, if not the booking day.
        occurred: Option<Date>,
        /// To where.
        to: Place,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

words! {
    /// Why money in an account is held for others.
    HeldFor {
        /// A deposit, to be given back or forfeited.
        Deposit = "deposit",
        /// Collected for someone else: water, electricity.
        PassThrough = "pass-through",
        /// Paid ahead for a service not yet given.
        Prepayment = "prepayment",
    }
}

object! {
    /// Money that came in and is held for others; it is not the fund's.
    HeldIn {
        /// The account it came into.
        account: Label,
        /// How much came.
        amount: Amount,
        /// The fund whose books hold it.
        fund: Label,
        /// Why it is held.
        held_for: HeldFor,
        /// A private remark, sealed.
        memo: Option<Sealed>,
        /// A remark in clear.
        note: Option<Text>,
        /// The day it came, if not the booking day.
        occurred: Option<Date>,
        /// Who paid, sealed.
        payer: Option<Sealed>,
        /// The receipt given.
        receipt: Option<ReceiptNumber>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Held money that was given back or passed on.
    HeldOut {
        /// The account it went from.
        account: Label,
        /// How much went.
        amount: Amount,
        /// The fund whose books held it.
        fund: Label,
        /// Why it was held.
        held_for: HeldFor,
        /// A remark in clear.
        note: Option<Text>,
        /// The day it went, if not the booking day.
        occurred: Option<Date>,
        /// The payee it was passed on to.
        payee: Option<Label>,
        /// Who received it back, sealed.
        recipient: Option<Sealed>,
        /// The held-in that it gives back.
        target: Option<Link>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Held money that became the fund's own: a deposit kept for damage, a prepaid visit confirmed.
    Forfeit {
        /// How much.
        amount: Amount,
        /// The category under which it becomes income.
        category: Label,
        /// Why it became the fund's own.
        reason: Text,
        /// The held-in it comes from.
        target: Link,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Money of the fund shared out among the owners (Civil Code art. 283).
    Distribution {
        /// The account it went from.
        account: Label,
        /// How much in all.
        amount: Amount,
        /// The resolution that decided it.
        decision: Link,
        /// The fund it came from.
        fund: Label,
        /// The list of shares, salted.
        list: Voucher,
        /// How many shares.
        shares: Count,
    }
}

object! {
    /// Money that a party advanced to the fund: it comes in and is owed back (垫付).
    Advance {
        /// The account it came into.
        account: Label,
        /// How much.
        amount: Amount,
        /// The party that advanced it.
        creditor: Label,
        /// The fund that owes it.
        fund: Label,
        /// The day it came, if not the booking day.
        occurred: Option<Date>,
        /// Why it was needed.
        reason: Text,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// An advance paid back, in part or whole.
    Repayment {
        /// The account it went from.
        account: Label,
        /// How much.
        amount: Amount,
        /// The fund that owed it.
        fund: Label,
        /// The day it went, if not the booking day.
        occurred: Option<Date>,
        /// The advance.
        target: Link,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// A line that was wrong is undone whole and once; no money moves (spec: M-7).
    Reversal {
        /// Who found the error: a party, or a word such as `owner` or `audit`.
        found_by: Option<Label>,
        /// What was wrong.
        reason: Text,
        /// The line undone.
        target: Link,
    }
}
