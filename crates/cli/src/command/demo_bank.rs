//! The demonstration's list of a bank: every movement of the account in one month as the bank saw it. The payment booked
//! wrong has its true amount, and the settlement on its way is missing.

use std::path::Path;

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Entry, Label, Period, Place, Trust};

use crate::context::Context;
use crate::failure::Failure;
use crate::reading::Reading;
use crate::sample::{BANK_MONTH, LAMPS_PAID};

/// The account that the list is of.
const ACCOUNT: &str = "bank";

/// The list as CSV, in order of days, with the balance after each row.
pub(crate) fn list(ledger: &Path, context: &Context) -> Result<String, Failure> {
    let (account, month): (Label, Period) = (ACCOUNT.parse()?, BANK_MONTH.parse()?);
    let paid: Decimal = LAMPS_PAID.parse().map_err(|error| Failure::new("demo-missed", error))?;
    let mut balance = Decimal::ZERO;
    let mut rows: Vec<(Date, Decimal, String)> = Vec::new();
    Reading::trusting(ledger, &Trust::default(), context, &mut |entry| {
        let content = entry.content();
        let (date, reference) = (content.date(), content.reference().to_string());
        let moved = moved(entry, &account);
        if date.period() < month {
            balance += moved;
        } else if date.period() == month && !moved.is_zero() && !reference.starts_with("settle-") {
            let amount = if reference == "lamps" { -paid } else { moved };
            rows.push((date, amount, reference));
        }
    })?;
    rows.sort_by_key(|(date, ..)| *date);
    let mut lines = vec!["日期,金额,余额,流水号".to_owned()];
    for (date, amount, reference) in rows {
        balance += amount;
        lines.push(format!("{date},{amount},{balance},{reference}"));
    }
    Ok(lines.join("\n") + "\n")
}

/// By how much an entry of the sample changes what lies in the account.
fn moved(entry: &Entry, account: &Label) -> Decimal {
    let at = |place: &Label, amount: Decimal| if place == account { amount } else { Decimal::ZERO };
    let between = |from: &Place, to: &Place, amount| at(&to.account, amount) - at(&from.account, amount);
    match entry.content().data() {
        Data::Opening(opening) => opening
            .holdings
            .iter()
            .map(|held| at(&held.account, held.balance.decimal() + held.held.decimal()))
            .sum(),
        Data::Income(money) => at(&money.account, money.amount.decimal()),
        Data::HeldIn(money) => at(&money.account, money.amount.decimal()),
        Data::Expense(money) => at(&money.account, -money.amount.decimal()),
        Data::Fee(money) => at(&money.account, -money.amount.decimal()),
        Data::HeldOut(money) => at(&money.account, -money.amount.decimal()),
        // What the sample gives back it had received.
        Data::Refund(money) => at(&money.account, -money.amount.decimal()),
        Data::Transfer(money) => between(&money.from, &money.to, money.amount.decimal()),
        _ => Decimal::ZERO,
    }
}
