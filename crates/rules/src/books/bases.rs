//! What a fee is worked out on: which lines enter a base, by the deed's basis, and at which rate (spec: M-4, M-5,
//! M-12).

use rust_decimal::Decimal;
use xinyi_core::{
    Assessment, BaseMeasure, Basis, Billing, Date, Deed, Entry, FeeTerm, Index, Label, MonthRun, NetFloor,
    PerformanceStep, Period, Rate, Waiver,
};

use super::base_lines::Regraded;
use super::{Books, Effect, Effects, Figures, Remainder};

/// The months and the rate before any performance table that a graded base rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grade {
    pub(crate) full: Rate,
    pub(crate) month: Period,
}

impl Books {
    /// The bases that money received in a category enters, with the terms behind them.
    pub(super) fn cash_bases(
        &self,
        category: &Label,
        date: Date,
        occurred: Date,
        at: Index,
    ) -> Vec<(&FeeTerm, Effect)> {
        self.bases_on(Basis::Cash, category, (date, occurred), at)
    }

    /// The bases that money spent in a category enters: a fee on cost.
    pub(super) fn cost_bases(
        &self,
        category: &Label,
        date: Date,
        occurred: Date,
        at: Index,
    ) -> Vec<(&FeeTerm, Effect)> {
        self.bases_on(Basis::CostPlus, category, (date, occurred), at)
    }

    fn bases_on(
        &self,
        basis: Basis,
        category: &Label,
        (date, day): (Date, Date),
        at: Index,
    ) -> Vec<(&FeeTerm, Effect)> {
        let Some(deed) = self.deed_then(at, date) else { return Vec::new() };
        let on_basis = |term: &&FeeTerm| term.basis == basis && measure(term, category).is_some();
        let terms = deed.fees.iter().filter(on_basis);
        let with_rate = terms.filter_map(|term| Some((term, self.base(term, day, date.period(), at)?)));
        with_rate.collect()
    }

    /// The base of a term at the rate of a day; months count by the table once they are assessed.
    fn base(&self, term: &FeeTerm, day: Date, month: Period, at: Index) -> Option<Effect> {
        let full = term.rates.iter().rev().find(|rate| rate.from <= day)?.rate;
        let taker = term.taker.clone();
        let grade = term.performance.as_ref().map(|_| Grade { full, month });
        Some(self.graded(&Effect::Base { taker, rate: full, grade }, at))
    }

    /// The same base at the share that its month has for a line at this index.
    pub(super) fn graded(&self, effect: &Effect, at: Index) -> Effect {
        let Effect::Base { taker, grade: Some(grade), .. } = effect else { return effect.clone() };
        let rate =
            self.share_of_month(taker, grade.month, at).map_or(grade.full, |share| scaled(grade.full, share));
        Effect::Base { taker: taker.clone(), rate, grade: Some(*grade) }
    }

    /// The share that a month was assessed to earn; the lowest of the table until then.
    fn share_of_month(&self, taker: &Label, month: Period, at: Index) -> Option<Rate> {
        let mut shares = self.grades.get(&(taker.clone(), month)).into_iter().flatten().rev();
        let assessed = shares.find(|(assessment, _)| *assessment < at).map(|(_, share)| *share);
        assessed.or_else(|| lowest(self.table(taker, month, at)?))
    }

    fn table(&self, taker: &Label, month: Period, at: Index) -> Option<&[PerformanceStep]> {
        let deed = self.deed_then(at, month.last_day())?;
        deed.fees.iter().find(|term| term.taker == *taker)?.performance.as_deref()
    }

    /// What months earn by billing: each month of the run up to that of the line its part, later ones nothing.
    pub(super) fn billed(&self, billing: &Billing, date: Date, at: Index) -> Effects {
        self.accrued(&billing.category, billing.amount.decimal(), &billing.months, (date, at))
    }

    /// What is waived is not earned.
    pub(super) fn waived(&self, waiver: &Waiver, date: Date, at: Index) -> Effects {
        self.accrued(&waiver.category, -waiver.amount.decimal(), &waiver.months, (date, at))
    }

    fn accrued(
        &self,
        category: &Label,
        amount: Decimal,
        run: &MonthRun,
        (date, at): (Date, Index),
    ) -> Effects {
        let (Some(deed), Some(unit)) = (self.deed_then(at, date), &self.unit) else { return Vec::new() };
        let months: Vec<Period> = months_of(run).collect();
        let part =
            |count: usize| unit.round(amount * Decimal::from(count) / Decimal::from(months.len().max(1)));
        let mut effects = Vec::new();
        let on_basis = |term: &&FeeTerm| term.basis == Basis::Accrual && measure(term, category).is_some();
        for term in deed.fees.iter().filter(on_basis) {
            for (place, month) in months.iter().enumerate().take_while(|(_, month)| **month <= date.period())
            {
                let base = self.base(term, month.first_day(), *month, at);
                effects.extend(base.map(|base| (base, part(place.saturating_add(1)) - part(place))));
            }
        }
        effects
    }

    /// How the figures grow with the passing of a month, which no line says; `figures` have the budgets by then.
    pub(super) fn accrual(&self, figures: &Figures, period: Period) -> Figures {
        let effects = self.budgeted(figures, period);
        let mut grown = Figures::default();
        for (taker, amount) in self.rounded(&effects) {
            *grown.rounded.entry(taker).or_default() += amount;
        }
        effects.iter().for_each(|(effect, amount)| grown.apply(effect, *amount));
        grown
    }

    /// What open periods up to `upto` earn so.
    pub(super) fn accruals_upto(&self, upto: Period) -> Figures {
        let mut grown = Figures::default();
        self.budgets_upto(upto)
            .iter()
            .for_each(|(period, figures)| grown.merge(&self.accrual(figures, *period)));
        grown
    }

    /// What open periods up to `upto` earn by the budget, each with its effects.
    pub(super) fn passing_upto(&self, upto: Period) -> Vec<(Period, Effects)> {
        let months = self.budgets_upto(upto).into_iter();
        months.map(|(period, figures)| (period, self.budgeted(&figures, period))).collect()
    }

    /// Open periods up to `upto` with the budgets that each has, where a fee goes by the budget.
    fn budgets_upto(&self, upto: Period) -> Vec<(Period, Figures)> {
        if !self.deeds.iter().flat_map(|(_, deed)| &deed.fees).any(|term| term.basis == Basis::Budget) {
            return Vec::new();
        }
        let first = self.closed.map(Period::next).or(self.first);
        let open = std::iter::successors(first, |period| Some(period.next()));
        // Budgets of the period itself and of those before it.
        let mut budgeted = self.carried.budgeted.clone();
        let open = open.take_while(|period| *period <= upto).filter(|period| self.is_counted(*period));
        let with_budgets = open.map(|period| {
            let month = self.months.get(&period);
            budgeted.extend(month.into_iter().flat_map(|month| month.budgeted.clone()));
            (period, Figures { budgeted: budgeted.clone(), ..Figures::default() })
        });
        with_budgets.collect()
    }

    /// What a month earns by the budget: a twelfth of the year's lines that a base names, rounded over the year.
    pub(super) fn budgeted(&self, figures: &Figures, period: Period) -> Effects {
        let (Some(deed), Some(unit)) = (self.deed_on(period.last_day()), &self.unit) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        for term in deed.fees.iter().filter(|term| term.basis == Basis::Budget) {
            let of_term = |(_, year, line): &(Label, i16, Label)| {
                *year == period.year() && measure(term, line).is_some()
            };
            let lines = figures.budgeted.iter().filter(|(key, _)| of_term(key));
            let year: Decimal = lines.map(|(_, amount)| amount.decimal()).sum();
            let upto = |month: i8| unit.round(year * Decimal::from(month) / Decimal::from(12));
            let share = upto(period.month()) - upto(period.month() - 1);
            let base = self.base(term, period.first_day(), period, self.next);
            effects.extend(base.filter(|_| !year.is_zero()).map(|base| (base, share)));
        }
        effects
    }

    /// An assessment moves what its months earned from the share they had to the one the table gives.
    pub(super) fn assessed(&self, assessment: &Assessment, at: Index) -> Effects {
        let taker = &assessment.taker;
        let base = |(rate, amount)| (Effect::Base { taker: taker.clone(), rate, grade: None }, amount);
        let months = self.shares_assessed(assessment, at).into_iter();
        months.flat_map(|(month, share)| self.moved(taker, month, share, at)).map(base).collect()
    }

    /// How a month's bases move when it is assessed at a share.
    fn moved(&self, taker: &Label, month: Period, share: Rate, at: Index) -> Vec<(Rate, Decimal)> {
        let bases = self.month_bases.get(&(taker.clone(), month));
        let before = self.share_of_month(taker, month, at).filter(|before| *before != share);
        let Some((bases, before)) = bases.zip(before) else { return Vec::new() };
        let moved = |(full, base): (&Rate, &Decimal)| {
            [(scaled(*full, before), -*base), (scaled(*full, share), *base)]
        };
        bases.iter().flat_map(moved).collect()
    }

    /// From an assessment on its months have their share, and closed periods have earned by it.
    pub(super) fn note_assessment(&mut self, assessment: &Assessment, entry: &Entry) {
        let taker = &assessment.taker;
        let at = entry.index();
        for (month, share) in self.shares_assessed(assessment, at) {
            let moved = self.moved(taker, month, share, at);
            self.regrade_closed(taker, month, &moved);
            let date = entry.content().date();
            if self.is_counted(date.period()) && !self.forgets() {
                let (closed, index, taker) = (self.closed, entry.index(), taker.clone());
                self.base_lines.regraded.push(Regraded { closed, date, index, month, moved, taker });
            }
            self.grades.entry((taker.clone(), month)).or_default().push((at, share));
        }
    }

    /// The share of the table that each month of an assessment reaches.
    pub(super) fn shares_assessed(&self, assessment: &Assessment, at: Index) -> Vec<(Period, Rate)> {
        let share = |month: Period| {
            let table = self.table(&assessment.taker, month, at)?;
            let reached = table.iter().filter(|step| step.points <= assessment.points);
            let step = reached.max_by_key(|step| step.points).map(|step| step.share);
            Some((month, step.or_else(|| lowest(table))?))
        };
        months_of(&assessment.months).filter_map(share).collect()
    }

    /// Fixed amounts of all periods up to `upto`, by the deed in force on each one's last day.
    pub(super) fn fixed_upto(&self, taker: &Label, upto: Period) -> Decimal {
        let Some((first, before)) = self.fixed_noted(taker, upto) else { return Decimal::ZERO };
        let periods = std::iter::successors(Some(first), |period| Some(period.next()));
        let fixed = |period: Period| {
            let deed = self.deed_on(period.last_day())?;
            deed.fees.iter().find(|term| term.taker == *taker)?.fixed.map(|amount| amount.decimal())
        };
        before + periods.take_while(|period| *period <= upto).filter_map(fixed).sum::<Decimal>()
    }

    /// What was noted of it at the last close, or the one before, and the first period that is not in it: no later deed
    /// changes a closed period (spec: A-8).
    fn fixed_noted(&self, taker: &Label, upto: Period) -> Option<(Period, Decimal)> {
        let last = self.closed.map(|closed| closed.min(upto));
        let noted = |period: Period| {
            let earned = self.earned.get(&(period, taker.clone()))?;
            Some((period.next(), earned.fixed))
        };
        let noted = last.and_then(|last| noted(last).or_else(|| noted(last.previous())));
        noted.or_else(|| self.first.map(|first| (first, Decimal::ZERO)))
    }

    /// What a linked cost takes from the net bases of its income (spec: M-5).
    pub(super) fn linked_cost(&self, source: Index, amount: Decimal, at: Index) -> Effects {
        let Some(income) = self.lines.get(&source) else { return Vec::new() };
        let Some(deed) = self.deed_then(at, income.date) else { return Vec::new() };
        let mut effects = Vec::new();
        for (effect, _) in &income.effects {
            let Some(term) = net_term(deed, effect, income.category.as_ref()) else { continue };
            let deducted = match term.net_floor {
                NetFloor::Total => amount,
                NetFloor::Source => amount.min(self.left(Remainder::Source, source).max(Decimal::ZERO)),
            };
            // Cost that takes nothing has no effect, so that a refund of it gives nothing back to the base.
            if deducted.is_zero() {
                continue;
            }
            effects.push((self.graded(effect, at), -deducted));
            if term.net_floor == NetFloor::Source {
                effects.push((Effect::Left(Remainder::Source, source), -deducted));
            }
        }
        effects
    }
}

/// The term behind a base effect, where it counts the category net of cost.
fn net_term<'a>(deed: &'a Deed, effect: &Effect, category: Option<&Label>) -> Option<&'a FeeTerm> {
    let Effect::Base { taker, .. } = effect else { return None };
    let term = deed.fees.iter().find(|term| term.taker == *taker)?;
    (measure(term, category?) == Some(BaseMeasure::Net)).then_some(term)
}

/// How a term counts a category, if it does.
pub(super) fn measure(term: &FeeTerm, category: &Label) -> Option<BaseMeasure> {
    term.base.iter().find(|item| item.category == *category).map(|item| item.measure)
}

/// The months of a run, both ends included; at most a century of them.
pub(crate) fn months_of(run: &MonthRun) -> impl Iterator<Item = Period> {
    let to = run.to;
    let months = std::iter::successors(Some(run.from), |month| Some(month.next()));
    months.take_while(move |month| *month <= to).take(1200)
}

fn lowest(table: &[PerformanceStep]) -> Option<Rate> {
    table.iter().min_by_key(|step| step.points).map(|step| step.share)
}

/// A share of a rate, in lowest terms; the largest millionth below it where those exceed the format's bounds.
fn scaled(rate: Rate, share: Rate) -> Rate {
    const MILLION: u64 = 1_000_000;
    let num = u64::from(rate.num()) * u64::from(share.num());
    let den = u64::from(rate.den()) * u64::from(share.den());
    let common = gcd(num, den);
    let lowest = |number: u64| number.checked_div(common).unwrap_or(number);
    let exact = small(lowest(num)).zip(small(lowest(den))).and_then(|(num, den)| Rate::new(num, den));
    let below = || {
        let millionths = (u128::from(num) * u128::from(MILLION)).checked_div(u128::from(den)).unwrap_or(0);
        u32::try_from(millionths).ok().and_then(|num| Rate::new(num, 1_000_000))
    };
    exact.or_else(below).unwrap_or(rate)
}

fn small(number: u64) -> Option<u32> {
    u32::try_from(number).ok()
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap_or_else(|_| unreachable!("{text}"))
    }

    #[test]
    fn a_share_of_a_rate_is_exact_where_the_format_has_it_and_never_more() {
        assert_eq!(scaled(rate("15/100"), rate("90/100")), rate("27/200"));
        assert_eq!(scaled(rate("15/100"), rate("1/1")), rate("3/20"));
        assert_eq!(scaled(rate("15/100"), rate("0/100")), rate("0/1"));
        assert_eq!(scaled(rate("999983/999999"), rate("999979/999998")), rate("999965/1000000"));
    }
}
