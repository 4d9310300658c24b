//! What lies where and whose it is, by the end of a day, a month or the file (spec: M-2).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Label, Period};

use super::{Books, Figures, Overdrawn};

impl Books {
    /// Accounts that fall below zero at the end of a day of `period`, each with its first such day.
    #[must_use]
    pub fn overdrawn(&self, period: Period) -> Vec<Overdrawn> {
        let mut balances = self.balances_before(period);
        let mut found: BTreeMap<Label, Overdrawn> = BTreeMap::new();
        for (date, changes) in self.days.range(period.first_day()..=period.last_day()) {
            for (account, change) in changes {
                let balance = balances.entry(account.clone()).or_default();
                *balance += *change;
                if balance.is_sign_negative() && !balance.is_zero() {
                    let first = Overdrawn { account: account.clone(), balance: *balance, date: *date };
                    found.entry(account.clone()).or_insert(first);
                }
            }
        }
        found.into_values().collect()
    }

    pub(super) fn balances_before(&self, period: Period) -> BTreeMap<Label, Decimal> {
        let mut balances = BTreeMap::new();
        for ((account, _), amount) in self.holdings_before(period) {
            *balances.entry(account).or_default() += amount;
        }
        balances
    }

    /// What each account holds of each fund, own and held, before a period after the last one closed.
    pub(crate) fn holdings_before(&self, period: Period) -> BTreeMap<(Label, Label), Decimal> {
        let earlier = self.months.range(..period).map(|(_, figures)| figures);
        let mut holdings = BTreeMap::new();
        for figures in earlier.chain([&self.carried]) {
            for (place, amount) in figures.own.iter().chain(&figures.held) {
                *holdings.entry(place.clone()).or_default() += *amount;
            }
        }
        holdings
    }

    /// What each fund has of its own at the end of a period that is open or was closed last.
    pub(crate) fn own_at(&self, period: Period) -> BTreeMap<Label, Decimal> {
        self.funds_at(period, |figures| &figures.own)
    }

    /// What each fund holds for others at the end of a period that is open or was closed last.
    pub(crate) fn held_at(&self, period: Period) -> BTreeMap<Label, Decimal> {
        self.funds_at(period, |figures| &figures.held)
    }

    fn funds_at(
        &self,
        period: Period,
        column: impl Fn(&Figures) -> &BTreeMap<(Label, Label), Decimal>,
    ) -> BTreeMap<Label, Decimal> {
        let months = self.months.range(..=period).map(|(_, figures)| figures);
        let mut funds = BTreeMap::new();
        for ((_, fund), amount) in months.chain([&self.carried]).flat_map(column) {
            *funds.entry(fund.clone()).or_insert_with(|| self.nothing()) += *amount;
        }
        funds
    }

    /// Figures over all entries taken in, of closed and open periods.
    pub(crate) fn total(&self) -> Figures {
        let mut total = self.carried.clone();
        self.months.values().for_each(|month| total.merge(month));
        total
    }

    /// What each account holds by the books, own and held, over all entries taken in.
    #[must_use]
    pub fn accounts(&self) -> BTreeMap<Label, Decimal> {
        let total = self.total();
        let mut accounts = BTreeMap::new();
        for ((account, _), amount) in total.own.iter().chain(&total.held) {
            *accounts.entry(account.clone()).or_default() += *amount;
        }
        accounts
    }

    /// What each fund has: its own, and what it holds for others.
    #[must_use]
    pub fn funds(&self) -> BTreeMap<Label, (Decimal, Decimal)> {
        let nothing = self.nothing();
        let mut funds: BTreeMap<Label, (Decimal, Decimal)> = BTreeMap::new();
        for figures in self.months.values().chain([&self.carried]) {
            for ((_, fund), amount) in &figures.own {
                funds.entry(fund.clone()).or_insert((nothing, nothing)).0 += *amount;
            }
            for ((_, fund), amount) in &figures.held {
                funds.entry(fund.clone()).or_insert((nothing, nothing)).1 += *amount;
            }
        }
        funds
    }
}
