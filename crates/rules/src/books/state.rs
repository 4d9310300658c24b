//! The state document that a close binds (spec: B-8, M-10): figures up to the period, sorted.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use xinyi_core::{
    Amount, Balance, BudgetState, ContractState, Count, FeeState, Hash, Holding, InvoiceState, Label,
    OpenLine, Period, RateBase, SeriesState, Size, StateDocument, Unit,
};

use super::{Books, Figures, Remainder};

impl Books {
    /// The document of a close of `period` at `size`; its figures are those carried.
    pub(crate) fn state_document(
        &self,
        period: Period,
        size: Size,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument> {
        self.document_of(&self.carried, period, size, next, previous)
    }

    /// The document that a close of the next open period would name, for drafting it; `None` before genesis.
    #[must_use]
    pub fn draft_state(
        &self,
        period: Period,
        size: Size,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument> {
        let mut figures = self.carried.clone();
        if let Some(month) = self.months.get(&period) {
            figures.merge(month);
        }
        figures.merge(&self.accrual(&figures, period));
        self.document_of(&figures, period, size, next, previous)
    }

    fn document_of(
        &self,
        figures: &Figures,
        period: Period,
        size: Size,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument> {
        let write = Written { figures, unit: self.unit.as_ref(), year: period.year() };
        let (_, register) = self.registers.iter().rev().find(|(from, _)| *from <= size)?;
        Some(StateDocument {
            advances: write.left(Remainder::Advance),
            budgets: write.budgets(),
            contracts: write.contracts(),
            deeds: self
                .deeds
                .iter()
                .map(|(version, _)| version.clone())
                .filter(|deed| size.covers(deed.index))
                .collect(),
            fees: write.fees(),
            format: 1,
            held: write.left(Remainder::Held),
            holdings: write.holdings(),
            identity: self.identity?,
            invoices: write.invoices(),
            losses: write.left(Remainder::Loss),
            next,
            orders: write.left(Remainder::Order),
            period,
            previous,
            refunds: write.left(Remainder::Refund),
            register: register.as_ref().clone(),
            series: write.series(),
            size,
            sources: write.left(Remainder::Source),
            upto: period.last_day(),
        })
    }
}

/// Figures on their way into the format's types.
struct Written<'a> {
    figures: &'a Figures,
    unit: Option<&'a Unit>,
    year: i16,
}

impl Written<'_> {
    /// A figure in the ledger's unit. Sums of the ledger's amounts have its scale and stay within its bounds.
    fn balance(&self, figure: Decimal) -> Balance {
        self.unit.and_then(|unit| Balance::from_decimal(figure, unit)).unwrap_or_default()
    }

    fn left(&self, what: Remainder) -> Vec<OpenLine> {
        let open = self.figures.left.iter().filter(|((of, _), left)| *of == what && !left.is_zero());
        open.map(|((_, index), left)| OpenLine { left: self.balance(*left), index: *index }).collect()
    }

    fn holdings(&self) -> Vec<Holding> {
        let places: BTreeSet<_> = self.figures.own.keys().chain(self.figures.held.keys()).cloned().collect();
        let holding = |(account, fund): (Label, Label)| {
            let key = (account.clone(), fund.clone());
            let of = |figures: &std::collections::BTreeMap<_, Decimal>| {
                figures.get(&key).copied().unwrap_or_default()
            };
            let (own, held) = (of(&self.figures.own), of(&self.figures.held));
            Holding { account, balance: self.balance(own), fund, held: self.balance(held) }
        };
        places.into_iter().map(holding).collect()
    }

    /// Budget lines of the year before the period's and of later ones: budgets are decided ahead.
    fn budgets(&self) -> Vec<BudgetState> {
        let lines: BTreeSet<_> =
            self.figures.budgeted.keys().chain(self.figures.spent.keys()).cloned().collect();
        let recent = lines.into_iter().filter(|(_, year, _)| *year >= self.year - 1);
        let state = |key: (Label, i16, Label)| {
            let budgeted = self.figures.budgeted.get(&key).copied().unwrap_or_else(|| self.nothing());
            let spent = self.balance(self.figures.spent.get(&key).copied().unwrap_or_default());
            let (fund, year, line) = key;
            BudgetState { budgeted, fund, line, spent, year: count(i64::from(year)) }
        };
        recent.map(state).collect()
    }

    fn nothing(&self) -> Amount {
        self.unit.and_then(|unit| Amount::from_decimal(Decimal::ZERO, unit)).unwrap_or_default()
    }

    fn contracts(&self) -> Vec<ContractState> {
        let moved = self.figures.contracts.iter();
        moved
            .map(|(contract, moved)| ContractState {
                contract: contract.clone(),
                moved: self.balance(*moved),
            })
            .collect()
    }

    fn fees(&self) -> Vec<FeeState> {
        let (with_base, with_fee) = (self.figures.bases.keys(), self.figures.taken.keys());
        let takers: BTreeSet<_> =
            with_base.map(|(taker, _)| taker).chain(with_fee.map(|(taker, _)| taker)).cloned().collect();
        let state = |taker: Label| {
            let of_taker = self.figures.bases.iter().filter(|((of, _), _)| *of == taker);
            let bases = of_taker
                .map(|((_, rate), base)| RateBase { base: self.balance(*base), rate: *rate })
                .collect();
            let rounded = self.balance(self.figures.rounded.get(&taker).copied().unwrap_or_default());
            let of_taker = self.figures.taken.iter().filter(|((of, _), _)| *of == taker);
            let taken = self.balance(of_taker.map(|(_, amount)| amount).sum());
            FeeState { bases, rounded, taken, taker }
        };
        takers.into_iter().map(state).collect()
    }

    /// Invoices of which a part, but not the whole, is paid.
    fn invoices(&self) -> Vec<InvoiceState> {
        let open = self.figures.invoices.iter().filter(|((_, total), paid)| **paid != total.decimal());
        let state = |((number, total), paid): (&(xinyi_core::Text, Amount), &Decimal)| InvoiceState {
            number: number.clone(),
            paid: self.balance(*paid),
            total: *total,
        };
        open.map(state).collect()
    }

    fn series(&self) -> Vec<SeriesState> {
        let last = self.figures.series.iter();
        last.map(|(series, last)| SeriesState {
            last: Count::new(*last).unwrap_or_default(),
            series: series.clone(),
        })
        .collect()
    }
}

fn count(number: i64) -> Count {
    u64::try_from(number).ok().and_then(Count::new).unwrap_or_default()
}
