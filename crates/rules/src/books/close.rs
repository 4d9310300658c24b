//! What a close does to the books: it settles a month, and figures go on from its document (spec: M-13).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;
use xinyi_core::{Close, Data, Hash, Index, Label, Period, StateDocument};

use super::{Books, Figures, Flow, Overdrawn};

/// A close, with what the books say of the state document it names.
#[derive(Clone, Debug)]
pub struct MonthClosed {
    /// The digest of what the books work out.
    pub digest: Hash,
    /// What the books work out.
    pub document: StateDocument,
    /// The document that the close names, where it is another than worked out and at hand.
    pub handed_on: Option<StateDocument>,
    /// The digest that the close names.
    pub named: Hash,
    /// Accounts that were overdrawn at the end of a day: the first such day and its balance.
    pub overdrawn: Vec<Overdrawn>,
}

impl MonthClosed {
    /// Whether the close names the document that the books work out.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.digest == self.named
    }
}

/// What a month did to the funds' own money, worked out from its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthTotals {
    /// By fund.
    pub funds: BTreeMap<Label, FundMonth>,
    /// The month.
    pub period: Period,
}

/// One fund's own money in a month: opening + income − expense − fee + other = closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FundMonth {
    /// At the end of the month.
    pub closing: Decimal,
    /// Spent, net of what came back or was reversed.
    pub expense: Decimal,
    /// Taken as fees, net of what was given back or reversed.
    pub fee: Decimal,
    /// Received, net of what was given back or reversed.
    pub income: Decimal,
    /// Before the month, as the month before handed it on.
    pub opening: Decimal,
    /// All else: between funds, to owners, forfeits, restorations, opening balances.
    pub other: Decimal,
}

impl Books {
    /// Settles a month. Figures go on from the document worked out; see [`Books::go_on_from`].
    ///
    /// Of a period that lies in the document the books began with, a close says that it is closed and no more.
    pub(super) fn close(&mut self, close: &Close) -> Option<MonthClosed> {
        self.closed = Some(close.period);
        if !self.is_counted(close.period) {
            self.note_earned(close.period);
            return None;
        }
        let overdrawn = self.overdrawn(close.period);
        let month = self.months.remove(&close.period).unwrap_or_default();
        self.month = Some(self.totals_of(&month, close.period));
        self.carried.merge(&month);
        let earned = self.budgeted(&self.carried, close.period);
        self.carried.merge(&self.accrual(&self.carried, close.period));
        self.note_graded(&earned);
        if !self.forgets() {
            self.base_lines.passed.insert(close.period, earned);
        }
        self.days = self.days.split_off(&close.period.next().first_day());
        let document = self.state_document(close.period, close.size, close.next, close.previous)?;
        self.carry(&document);
        let digest = document.digest();
        let closed = MonthClosed { digest, document, handed_on: None, named: close.state, overdrawn };
        if closed.agrees() {
            self.settle_figures(close.period);
        }
        Some(closed)
    }

    /// What the last month closed did to each fund.
    #[must_use]
    pub const fn month_totals(&self) -> Option<&MonthTotals> {
        self.month.as_ref()
    }

    /// Goes on from the document that a close names, though another was worked out (spec: M-11).
    pub(crate) fn go_on_from(&mut self, document: &StateDocument) {
        self.carry(document);
        self.settle_figures(document.period);
    }

    /// From a close on, figures are what its document states (spec: M-13).
    fn carry(&mut self, document: &StateDocument) {
        self.carried = Figures::of(document);
        self.note_earned(document.period);
        for open in &document.refunds {
            let ahead = self.months.values().filter_map(|month| month.back.get(&open.index));
            let ahead: Decimal = ahead.map(|back| back.net).sum();
            self.restate_refund(open.index, open.left.decimal() - ahead);
        }
    }

    fn note_earned(&mut self, period: Period) {
        for taker in self.takers() {
            let earned = self.earned_by(&taker, period);
            self.earned.insert((period, taker), earned);
        }
    }

    /// What the own money that a line moves is for: of what it undoes, for a refund or a reversal.
    pub(super) fn flow_of(&self, data: &Data) -> Flow {
        let undone = |index: Index| self.lines.get(&index).map_or(Flow::Other, |line| line.flow);
        match data {
            Data::Expense(_) => Flow::Expense,
            Data::Fee(_) => Flow::Fee,
            Data::Income(_) => Flow::Income,
            Data::Refund(refund) => undone(refund.target.index),
            Data::Reversal(reversal) => undone(reversal.target.index),
            _ => Flow::Other,
        }
    }

    fn totals_of(&self, month: &Figures, period: Period) -> MonthTotals {
        let mut opening: BTreeMap<&Label, Decimal> = BTreeMap::new();
        for ((_, fund), amount) in &self.carried.own {
            *opening.entry(fund).or_default() += *amount;
        }
        let funds: BTreeSet<_> =
            opening.keys().copied().chain(month.moved.keys().map(|(fund, _)| fund)).collect();
        let nothing = self.nothing();
        let of_fund = |fund: &Label| {
            let moved = |flow| month.moved.get(&(fund.clone(), flow)).copied().unwrap_or(nothing);
            let opening = opening.get(fund).copied().unwrap_or(nothing);
            let (income, other) = (moved(Flow::Income), moved(Flow::Other));
            let (expense, fee) = (nothing - moved(Flow::Expense), nothing - moved(Flow::Fee));
            FundMonth {
                closing: opening + income - expense - fee + other,
                expense,
                fee,
                income,
                opening,
                other,
            }
        };
        MonthTotals { funds: funds.into_iter().map(|fund| (fund.clone(), of_fund(fund))).collect(), period }
    }
}
