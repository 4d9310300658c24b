//! The figures that a state document states: what books go on from after a close (spec: B-8, M-13).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{FeeState, Index, OpenLine, StateDocument};

use super::{Figures, Remainder};

impl Figures {
    /// The figures of a document. Worked out into a document again, they give the same one.
    pub(crate) fn of(document: &StateDocument) -> Self {
        let mut figures = Self { left: remainders(document), ..Self::default() };
        for holding in &document.holdings {
            let place = (holding.account.clone(), holding.fund.clone());
            figures.own.insert(place.clone(), holding.balance.decimal());
            figures.held.insert(place, holding.held.decimal());
        }
        for budget in &document.budgets {
            let year = i16::try_from(budget.year.get()).unwrap_or(i16::MAX);
            let key = (budget.fund.clone(), year, budget.line.clone());
            // A budget of zero and none are the same in a document.
            if !budget.budgeted.decimal().is_zero() {
                figures.budgeted.insert(key.clone(), budget.budgeted);
            }
            figures.spent.insert(key, budget.spent.decimal());
        }
        for fee in &document.fees {
            figures.state_fee(fee, document);
        }
        let moved = document.contracts.iter();
        figures.contracts = moved.map(|state| (state.contract.clone(), state.moved.decimal())).collect();
        let paid = document.invoices.iter();
        figures.invoices =
            paid.map(|state| ((state.number.clone(), state.total), state.paid.decimal())).collect();
        let last = document.series.iter();
        figures.series = last.map(|state| (state.series.clone(), state.last.get())).collect();
        figures
    }

    /// Fees count as taken for the document's period, whatever periods they were for (spec: M-10).
    fn state_fee(&mut self, fee: &FeeState, document: &StateDocument) {
        let bases = fee.bases.iter();
        self.bases.extend(bases.map(|state| ((fee.taker.clone(), state.rate), state.base.decimal())));
        self.rounded.insert(fee.taker.clone(), fee.rounded.decimal());
        self.taken.insert((fee.taker.clone(), document.period), fee.taken.decimal());
    }
}

fn remainders(document: &StateDocument) -> BTreeMap<(Remainder, Index), Decimal> {
    let lists: [(Remainder, &[OpenLine]); 6] = [
        (Remainder::Advance, &document.advances),
        (Remainder::Held, &document.held),
        (Remainder::Loss, &document.losses),
        (Remainder::Order, &document.orders),
        (Remainder::Refund, &document.refunds),
        (Remainder::Source, &document.sources),
    ];
    let open = lists.into_iter().flat_map(|(what, lines)| lines.iter().map(move |line| (what, line)));
    open.map(|(what, line)| ((what, line.index), line.left.decimal())).collect()
}
