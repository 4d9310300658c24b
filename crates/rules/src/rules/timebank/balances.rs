//! What each member has at the end of each day: who is owed time, and who owes too much.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Date, Label, Period};

use crate::books::Effect;
use crate::rule::Step;

/// Balances at the end of the months closed, and what each later day changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Balances {
    carried: Option<BTreeMap<Label, Decimal>>,
    days: BTreeMap<Date, BTreeMap<Label, Decimal>>,
}

/// A balance below the floor at the end of a day.
pub(super) struct Low {
    pub(super) account: Label,
    pub(super) balance: Decimal,
    pub(super) day: Date,
}

impl Balances {
    /// Takes in what a line moved.
    pub(super) fn take(&mut self, step: &Step<'_>) {
        self.carried.get_or_insert_with(|| step.books.accounts());
        for (effect, amount) in step.effects {
            if let Effect::Own { account, .. } = effect {
                let day = self.days.entry(step.entry.content().date()).or_default();
                *day.entry(account.clone()).or_default() += *amount;
            }
        }
    }

    /// The first day of the month on which each account ends below the floor; the month then is carried.
    pub(super) fn end_month(
        &mut self,
        period: Period,
        floor: impl Fn(&Label) -> Option<Decimal>,
    ) -> Vec<Low> {
        let mut low: BTreeMap<Label, Low> = BTreeMap::new();
        let later = self.days.split_off(&period.next().first_day());
        let carried = self.carried.get_or_insert_default();
        for (day, changes) in std::mem::replace(&mut self.days, later) {
            for (account, change) in changes {
                let balance = carried.entry(account.clone()).or_default();
                *balance += change;
                if floor(&account).is_some_and(|floor| *balance < floor) {
                    let found = Low { account: account.clone(), balance: *balance, day };
                    low.entry(account).or_insert(found);
                }
            }
        }
        low.into_values().collect()
    }

    /// The sum over all accounts at the end of the last month ended.
    pub(super) fn sum(&self) -> Decimal {
        self.carried.iter().flatten().map(|(_, balance)| balance).sum()
    }

    /// How many accounts there are.
    pub(super) fn count(&self) -> usize {
        self.carried.as_ref().map_or(0, BTreeMap::len)
    }
}
