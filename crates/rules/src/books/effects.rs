//! Which effects a line has, kind by kind (spec: M-2…M-8).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{
    BaseMeasure, Data, Date, Entry, Expense, Income, Index, Label, NetFloor, Opening, Place, Refund,
};

use super::bases::measure;
use super::facts;
use super::{Books, Effect, Effects, Remainder};

impl Books {
    /// What the entry does to the figures.
    pub(crate) fn effects_of(&self, entry: &Entry) -> Effects {
        let index = entry.index();
        let date = entry.content().date();
        match entry.content().data() {
            Data::Income(income) => self.income(income, date, index),
            Data::Expense(expense) => self.expense(expense, date, index),
            Data::Fee(fee) => {
                let amount = fee.amount.decimal();
                let mut effects = vec![own(&fee.account, &fee.fund, -amount)];
                if let Some(upto) = fee.periods.last() {
                    effects.push((Effect::Taken { taker: fee.taker.clone(), upto: *upto }, amount));
                }
                effects
            }
            Data::Refund(refund) => self.refund(refund, index),
            Data::Reversal(reversal) => self.reversal(reversal.target.index, index),
            Data::Transfer(transfer) => {
                let amount = transfer.amount.decimal();
                vec![move_own(&transfer.from, -amount), move_own(&transfer.to, amount)]
            }
            Data::HeldIn(money) => vec![
                held(&money.account, &money.fund, money.amount.decimal()),
                (Effect::Left(Remainder::Held, index), money.amount.decimal()),
            ],
            Data::HeldOut(money) => {
                let target =
                    money.target.map(|target| left(Remainder::Held, target.index, -money.amount.decimal()));
                let moved = held(&money.account, &money.fund, -money.amount.decimal());
                target.into_iter().chain([moved]).collect()
            }
            Data::Forfeit(forfeit) => self.forfeit(forfeit, date, index),
            Data::Distribution(money) => vec![own(&money.account, &money.fund, -money.amount.decimal())],
            Data::Advance(money) => vec![
                held(&money.account, &money.fund, money.amount.decimal()),
                (Effect::Left(Remainder::Advance, index), money.amount.decimal()),
            ],
            Data::Repayment(money) => vec![
                held(&money.account, &money.fund, -money.amount.decimal()),
                left(Remainder::Advance, money.target.index, -money.amount.decimal()),
            ],
            Data::Opening(opening) => self.opening(opening),
            Data::Order(order) => vec![left(Remainder::Order, index, order.amount.decimal())],
            Data::Loss(loss) => vec![left(Remainder::Loss, index, loss.amount.decimal())],
            Data::Restoration(money) => self.restoration(money),
            Data::Assessment(assessment) => self.assessed(assessment, index),
            Data::Billing(billing) => self.billed(billing, date, index),
            Data::Waiver(waiver) => self.waived(waiver, date, index),
            Data::Service(service) => facts::service_effects(service),
            _ => Vec::new(),
        }
    }

    fn income(&self, income: &Income, date: Date, index: Index) -> Effects {
        let amount = income.amount.decimal();
        let mut effects = vec![own(&income.account, &income.fund, amount)];
        effects.extend(income.contract.clone().map(|contract| (Effect::Contract(contract), amount)));
        let (date, occurred) = self.rate_dates(income.replaces.map(|link| link.index), date, income.occurred);
        let bases = self.cash_bases(&income.category, date, occurred, index);
        let is_source = bases.iter().any(|(term, _)| {
            term.net_floor == NetFloor::Source && measure(term, &income.category) == Some(BaseMeasure::Net)
        });
        effects.extend(bases.into_iter().map(|(_, base)| (base, amount)));
        if is_source {
            effects.push(left(Remainder::Source, index, amount));
        }
        effects
    }

    /// The date and day that rates and budget year go by: those of the line replaced, if there is one (M-7).
    fn rate_dates(&self, replaced: Option<Index>, date: Date, occurred: Option<Date>) -> (Date, Date) {
        self.original(replaced).map_or((date, occurred.unwrap_or(date)), |line| (line.date, line.occurred))
    }

    fn expense(&self, expense: &Expense, date: Date, index: Index) -> Effects {
        let amount = expense.amount.decimal();
        let mut effects = vec![own(&expense.account, &expense.fund, -amount)];
        let (budget_day, occurred) =
            self.rate_dates(expense.replaces.map(|link| link.index), date, expense.occurred);
        let bases = self.cost_bases(&expense.category, budget_day, occurred, index);
        effects.extend(bases.into_iter().map(|(_, base)| (base, amount)));
        effects.extend(expense.budget.clone().map(|line| {
            (Effect::Budget { fund: expense.fund.clone(), line, year: budget_day.year() }, amount)
        }));
        effects.extend(expense.contract.clone().map(|contract| (Effect::Contract(contract), amount)));
        effects.extend(expense.order.map(|order| left(Remainder::Order, order.index, -amount)));
        if let Some(source) = expense.cost_of {
            effects.extend(self.linked_cost(source.index, amount, index));
        }
        effects
    }

    /// What is left of an income from which the deed deducts no more than it brought; `None` for others.
    #[must_use]
    pub fn source_left(&self, income: Index) -> Option<Decimal> {
        let kept = |(effect, _): &(Effect, Decimal)| *effect == Effect::Left(Remainder::Source, income);
        let line = self.lines.get(&income)?;
        line.effects.iter().any(kept).then(|| self.left(Remainder::Source, income))
    }

    /// A remainder over all entries taken in.
    pub(crate) fn left(&self, what: Remainder, index: Index) -> Decimal {
        let figures = self.months.values().chain([&self.carried]);
        figures
            .filter_map(|figures| figures.left.get(&(what, index)))
            .fold(self.nothing(), |sum, left| sum + left)
    }

    /// Remainders of one kind that are not zero, over all entries taken in.
    pub(crate) fn open(&self, what: Remainder) -> BTreeMap<Index, Decimal> {
        let mut open = BTreeMap::new();
        for figures in self.months.values().chain([&self.carried]) {
            let of_kind = figures.left.range((what, Index::default())..);
            for ((_, index), left) in of_kind.take_while(|((of, _), _)| *of == what) {
                *open.entry(*index).or_insert_with(|| self.nothing()) += *left;
            }
        }
        open.retain(|_, left: &mut Decimal| !left.is_zero());
        open
    }

    /// Money moving back undoes the target's effects for its part; the account may be another (spec: M-6).
    fn refund(&self, refund: &Refund, index: Index) -> Effects {
        let amount = refund.amount.decimal();
        let Some(target) = self.lines.get(&refund.target.index) else { return Vec::new() };
        let mut effects = Vec::new();
        for (effect, before) in &target.effects {
            let back = if before.is_sign_negative() { amount } else { -amount };
            match effect {
                Effect::Own { .. } => effects.push(own(&refund.account, &refund.fund, back)),
                Effect::Held { .. } => effects.push(held(&refund.account, &refund.fund, back)),
                other => effects.push((self.graded(other, index), back)),
            }
        }
        effects
    }

    /// A reversal undoes every effect of its target; no money moves, the books are put right (spec: M-7).
    fn reversal(&self, target: Index, index: Index) -> Effects {
        let target = self.lines.get(&target);
        let undone = target
            .into_iter()
            .flat_map(|line| &line.effects)
            .map(|(effect, amount)| (self.graded(effect, index), -amount));
        undone.collect()
    }

    fn forfeit(&self, forfeit: &xinyi_core::Forfeit, date: Date, index: Index) -> Effects {
        let amount = forfeit.amount.decimal();
        let mut effects = vec![left(Remainder::Held, forfeit.target.index, -amount)];
        let target = self.lines.get(&forfeit.target.index);
        for (effect, _) in target.into_iter().flat_map(|line| &line.effects) {
            if let Effect::Held { account, fund } = effect {
                effects.push(held(account, fund, -amount));
                effects.push(own(account, fund, amount));
            }
        }
        let bases = self.cash_bases(&forfeit.category, date, date, index);
        effects.extend(bases.into_iter().map(|(_, base)| (base, amount)));
        effects
    }

    fn restoration(&self, money: &xinyi_core::Restoration) -> Effects {
        let amount = money.amount.decimal();
        let settled = left(Remainder::Loss, money.target.index, -amount);
        let fund = self.lines.get(&money.target.index).and_then(|line| line.lost_from.clone());
        let came = money.account.as_ref().zip(fund).map(|(account, fund)| own(account, &fund, amount));
        came.into_iter().chain([settled]).collect()
    }

    fn opening(&self, opening: &Opening) -> Effects {
        let mut effects = Vec::new();
        for holding in &opening.holdings {
            effects.push(own(&holding.account, &holding.fund, holding.balance.decimal()));
            effects.push(held(&holding.account, &holding.fund, holding.held.decimal()));
        }
        let upto = self.months.keys().next().or(self.closed.as_ref()).map(|period| period.previous());
        for fee in opening.fees.iter().flatten() {
            let base = Effect::Base { taker: fee.taker.clone(), rate: fee.rate, grade: None };
            effects.push((base, fee.base.decimal()));
            let taken = upto.map(|upto| Effect::Taken { taker: fee.taker.clone(), upto });
            effects.extend(taken.map(|taken| (taken, fee.taken.decimal())));
        }
        effects
    }
}

fn own(account: &Label, fund: &Label, amount: Decimal) -> (Effect, Decimal) {
    (Effect::Own { account: account.clone(), fund: fund.clone() }, amount)
}

fn held(account: &Label, fund: &Label, amount: Decimal) -> (Effect, Decimal) {
    (Effect::Held { account: account.clone(), fund: fund.clone() }, amount)
}

fn move_own(place: &Place, amount: Decimal) -> (Effect, Decimal) {
    own(&place.account, &place.fund, amount)
}

fn left(what: Remainder, index: Index, amount: Decimal) -> (Effect, Decimal) {
    (Effect::Left(what, index), amount)
}
