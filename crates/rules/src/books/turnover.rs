//! What moved in each account and under each contract, by day: sums, so that a rule at the file's end needs no lines.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use rust_decimal::Decimal;
use xinyi_core::{Date, Index, Kind, Label};

use super::{Books, Effect};

/// Sums by account and by contract.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turnover {
    accounts: BTreeMap<Label, Moved>,
    contracts: BTreeMap<Label, BTreeMap<Date, Decimal>>,
}

/// What moved in an account, not its opening balance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moved {
    /// Net, by booking day, whether it counts here or lies in what a month's file was handed on.
    pub(crate) booked: BTreeMap<Date, Decimal>,
    /// The net sum of all lines.
    pub(crate) sum: Decimal,
    /// What came in and counts here, by the day it moved; less what undoes it.
    pub(crate) came: BTreeMap<Date, Decimal>,
    /// What went out and counts here, by the day it moved; less what undoes it.
    pub(crate) went: BTreeMap<Date, Decimal>,
}

impl Moved {
    /// The net sum of the lines booked by the end of a day.
    pub(crate) fn booked_upto(&self, day: Date) -> Decimal {
        // Most ask for a day not long ago.
        let later = self.booked.range((Excluded(day), Unbounded));
        self.sum - later.map(|(_, amount)| amount).sum::<Decimal>()
    }
}

impl Books {
    /// What moved in an account.
    pub(crate) fn moved_in(&self, account: &Label) -> Option<&Moved> {
        self.turnover.accounts.get(account)
    }

    /// What came in or went out under each contract in the lines that count here, by day and net.
    pub(crate) const fn contract_movements(&self) -> &BTreeMap<Label, BTreeMap<Date, Decimal>> {
        &self.turnover.contracts
    }

    /// Takes in what a line moved.
    pub(super) fn note_turnover(&mut self, index: Index) {
        let Some(line) = self.lines.get(&index) else { return };
        let (day, is_counted) = (self.day_of(line), self.is_counted(line.date.period()));
        // Most lines move one account; only an opening moves many.
        let mut accounts: Vec<(&Label, Decimal)> = Vec::new();
        for (effect, amount) in &line.effects {
            match effect {
                Effect::Held { account, .. } | Effect::Own { account, .. } => {
                    match accounts.iter_mut().find(|(known, _)| *known == account) {
                        Some((_, sum)) => *sum += *amount,
                        None => accounts.push((account, *amount)),
                    }
                }
                Effect::Contract(contract) if is_counted => {
                    let days = self.turnover.contracts.entry(contract.clone()).or_default();
                    *days.entry(day).or_default() += *amount;
                }
                _ => {}
            }
        }
        for (account, amount) in accounts.into_iter().filter(|(_, amount)| !amount.is_zero()) {
            let moved = self.turnover.accounts.entry(account.clone()).or_default();
            *moved.booked.entry(line.date).or_default() += amount;
            moved.sum += amount;
            // What undoes a receipt takes it off the receipts, and is no payment.
            let came = amount.is_sign_positive() != (line.kind == Kind::Reversal);
            if is_counted && came {
                *moved.came.entry(day).or_default() += amount;
            } else if is_counted {
                *moved.went.entry(day).or_default() -= amount;
            }
        }
    }
}
