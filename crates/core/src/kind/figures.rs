//! Kinds that state figures: opening, billing, waiver, budget, bank confirmation, close (spec: kinds.md, figures).

use crate::hash::Hash;
use crate::money::{Amount, Balance, Rate};
use crate::number::{Count, Size};
use crate::text::{Label, Text};
use crate::time::{Date, Period};

use super::parts::{BudgetLine, Figure, Holding, Link, MonthRun, Sealed, Voucher};
use super::shape::object;

object! {
    /// What a fee taker had earned from and taken before the ledger began.
    OpeningFee {
        /// Base to date at this rate.
        base: Balance,
        /// The rate that the base was earned at.
        rate: Rate,
        /// Taken to date.
        taken: Amount,
        /// The taker.
        taker: Label,
    }
}

object! {
    /// What a budget line had used before the ledger began.
    OpeningBudget {
        /// Budgeted for the year.
        budgeted: Amount,
        /// The line.
        line: Label,
        /// Spent in the year so far.
        spent: Balance,
        /// The year.
        year: Count,
    }
}

object! {
    /// Balances and running figures with which the books begin; at most one, before any money moves.
    Opening {
        /// Budget lines already in use.
        budgets: Option<Vec<OpeningBudget>>,
        /// Fee bases and fees taken before.
        fees: Option<Vec<OpeningFee>>,
        /// Further figures that rules read: last year's income, a repair fund's first amount.
        figures: Option<Vec<Figure>>,
        /// What lies where, by account and fund.
        holdings: Vec<Holding>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Money that became due: the roll of a month, or one bill.
    Billing {
        /// How much became due in all.
        amount: Amount,
        /// Area billed, in hundredths of a square metre.
        area: Option<Count>,
        /// What for, as in income.
        category: Label,
        /// The day it falls due.
        due: Option<Date>,
        /// The fund that it is due to.
        fund: Label,
        /// The months billed.
        months: MonthRun,
        /// The price of one square metre and month.
        price: Option<Amount>,
        /// The roll, salted.
        roll: Option<Voucher>,
        /// The billed unit, sealed, if it is one bill.
        unit: Option<Sealed>,
        /// How many units are billed.
        units: Count,
    }
}

object! {
    /// Money due that will not be asked for; it is not a collection.
    Waiver {
        /// How much.
        amount: Amount,
        /// What for, as in billing.
        category: Label,
        /// The decision behind it.
        decision: Option<Link>,
        /// The fund that it was due to.
        fund: Label,
        /// The months waived.
        months: MonthRun,
        /// Why.
        reason: Text,
        /// The unit, sealed.
        unit: Option<Sealed>,
    }
}

object! {
    /// The budget of a year, or a change of it: lines named here replace those of the same code.
    Budget {
        /// The decision behind it.
        decision: Option<Link>,
        /// The fund.
        fund: Label,
        /// The share of money due that is expected to come in.
        income_rate: Option<Rate>,
        /// The lines.
        lines: Vec<BudgetLine>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
        /// The calendar year.
        year: Count,
    }
}

object! {
    /// An amount by which books and bank differ on a day, explained.
    OpenItem {
        /// Bank minus books.
        amount: Balance,
        /// Why: in transit, not yet cleared.
        reason: Text,
    }
}

object! {
    /// What a bank or wallet says an account holds at the end of a day.
    BankConfirmation {
        /// The account.
        account: Label,
        /// The day whose end is confirmed.
        as_of: Date,
        /// The balance by the bank.
        balance: Balance,
        /// Explained differences.
        open_items: Option<Vec<OpenItem>>,
        /// The bank's file or paper.
        voucher: Voucher,
    }
}

object! {
    /// A month is closed: its entries and figures are final (spec: B-1…B-12).
    Close {
        /// Digest of the list of deeds at `size` (spec: B-7).
        deeds: Hash,
        /// Present and true in the last close of a ledger.
        last: Option<bool>,
        /// The lowest index below `size` dated after the period, else `size`.
        next: Size,
        /// The month closed.
        period: Period,
        /// Digest of the previous close's state document; absent in the first close.
        previous: Option<Hash>,
        /// Digest of the key register at `size` (spec: B-7).
        register: Hash,
        /// Tree root at `size`.
        root: Hash,
        /// The first `size` lines are covered.
        size: Size,
        /// Digest of the state document (spec: B-8).
        state: Hash,
    }
}
