//! What is behind a fee: every line, month and fixed amount that its base is made of, up to a period (spec: M-4…M-7,
//! M-9, M-12).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use xinyi_core::{Date, Index, Kind, Label, Period, Rate};

use super::{Books, Effect};
use crate::finding::Term;

/// What one line did to a taker's base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BaseMove {
    /// By how much the base grew; below zero where it shrank.
    pub amount: Decimal,
    /// The category of the line, or of the line it undoes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// The booking day.
    pub date: Date,
    /// The line.
    pub index: Index,
    /// Its kind.
    #[serde(serialize_with = "crate::finding::as_text")]
    pub kind: Kind,
    /// The rate.
    #[serde(serialize_with = "crate::finding::as_text")]
    pub rate: Rate,
    /// The rate of the amount; rounded only where the deed rounds entry by entry.
    pub share: Decimal,
    /// The line it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Index>,
}

/// What a month added to a taker's base by passing: a twelfth of the budget, which no line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BaseMonth {
    /// By how much the base grew.
    pub amount: Decimal,
    /// The month.
    pub month: Period,
    /// The rate.
    #[serde(serialize_with = "crate::finding::as_text")]
    pub rate: Rate,
    /// The rate of the amount; rounded only where the deed rounds entry by entry.
    pub share: Decimal,
}

/// A taker's base up to a period, line by line: what was carried, lines, months and fixed amounts add up to the formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BaseList {
    /// The base at each rate that nothing in the file moved: the document of the month before says it.
    pub carried: Vec<Term>,
    /// Σ rate × base, rounded once unless the deed rounds entry by entry, and the fixed amounts.
    pub earned: Decimal,
    /// Fixed amounts of all months.
    pub fixed: Decimal,
    /// The base at each rate, and the fixed amounts as the whole of themselves.
    pub formula: Vec<Term>,
    /// What months added by passing.
    pub months: Vec<BaseMonth>,
    /// The lines, in order.
    pub moves: Vec<BaseMove>,
    /// Whether the deed rounds the share of each entry.
    pub rounded_each: bool,
    /// The taker.
    pub taker: Label,
    /// Up to this period.
    pub upto: Period,
}

/// A line before it is known what it moved.
#[derive(Clone, Debug)]
struct Line<'a> {
    category: Option<&'a Label>,
    date: Date,
    index: Index,
    kind: Kind,
    target: Option<Index>,
}

/// Amount and share at each rate.
type Moved = BTreeMap<Rate, (Decimal, Decimal)>;

impl Books {
    /// What a taker's base is made of up to a period, line by line: in books that forget no line, those of
    /// [`crate::Checker::take`].
    #[must_use]
    pub fn base_list(&self, taker: &Label, upto: Period) -> BaseList {
        let (moves, months) = (self.base_moves(taker, upto), self.base_months(taker, upto));
        let entitlement = self.entitlement(taker, upto);
        let mut carried: BTreeMap<Rate, Decimal> = entitlement.bases.iter().copied().collect();
        let by_line = moves.iter().map(|moved| (moved.rate, moved.amount));
        for (rate, amount) in by_line.chain(months.iter().map(|month| (month.rate, month.amount))) {
            *carried.entry(rate).or_default() -= amount;
        }
        let terms = carried.into_iter().map(|(rate, amount)| Term { amount, rate });
        let is_something = |term: &Term| !term.amount.is_zero();
        BaseList {
            carried: terms.filter(is_something).collect(),
            earned: entitlement.earned,
            fixed: entitlement.fixed,
            formula: entitlement.formula().into_iter().filter(is_something).collect(),
            months,
            moves,
            rounded_each: self.rounds_each(taker),
            taker: taker.clone(),
            upto,
        }
    }

    /// Every taker that a deed names or that took something.
    #[must_use]
    pub fn fee_takers(&self) -> Vec<Label> {
        self.takers().into_iter().collect()
    }

    fn base_moves(&self, taker: &Label, upto: Period) -> Vec<BaseMove> {
        let counts = |date: Date| self.is_counted(date.period()) && date.period() <= upto;
        let named = self.lines.iter().filter(|(_, line)| !line.older && counts(line.date));
        let named = named.flat_map(|(index, line)| {
            let (date, kind, target) = (line.date, line.kind, line.target);
            let of = Line { category: self.category_behind(*index), date, index: *index, kind, target };
            of.moved(self.of_taker(taker, &line.effects))
        });
        let unnamed = self.base_lines.lines.iter().filter(|(_, line)| counts(line.date));
        let unnamed = unnamed.flat_map(|(index, line)| {
            let (category, date, kind) = (line.category.as_ref(), line.date, line.kind);
            let of = Line { category, date, index: *index, kind, target: None };
            of.moved(self.of_taker(taker, &line.effects))
        });
        let mut moves: Vec<BaseMove> = named.chain(unnamed).chain(self.assessed_moves(taker, upto)).collect();
        moves.sort_by_key(|moved| (moved.index, moved.rate));
        moves
    }

    /// How assessments moved what months had earned: from one rate to another.
    fn assessed_moves(&self, taker: &Label, upto: Period) -> Vec<BaseMove> {
        let mut assessed: BTreeMap<(Index, Date), Moved> = BTreeMap::new();
        let of_taker = self.base_lines.regraded.iter().filter(|line| line.taker == *taker);
        for line in of_taker.filter(|line| line.counts_upto(upto)) {
            let moved = assessed.entry((line.index, line.date)).or_default();
            line.moved.iter().for_each(|(rate, amount)| self.add(moved, taker, *rate, *amount));
        }
        let listed = assessed.into_iter().flat_map(|((index, date), moved)| {
            Line { category: None, date, index, kind: Kind::Assessment, target: None }.moved(moved)
        });
        listed.collect()
    }

    fn base_months(&self, taker: &Label, upto: Period) -> Vec<BaseMonth> {
        let passed = self.base_lines.passed.range(..=upto).map(|(month, effects)| (*month, effects.clone()));
        let months = passed.chain(self.passing_upto(upto)).flat_map(|(month, effects)| {
            let moved = self.of_taker(taker, &effects).into_iter();
            moved.map(move |(rate, (amount, share))| BaseMonth { amount, month, rate, share })
        });
        months.collect()
    }

    fn of_taker(&self, taker: &Label, effects: &[(Effect, Decimal)]) -> Moved {
        let mut moved = Moved::new();
        for (effect, amount) in effects {
            if let Effect::Base { taker: of, rate, .. } = effect
                && of == taker
            {
                self.add(&mut moved, taker, *rate, *amount);
            }
        }
        moved
    }

    fn add(&self, moved: &mut Moved, taker: &Label, rate: Rate, amount: Decimal) {
        let exact = amount * Decimal::from(rate.num()) / Decimal::from(rate.den());
        let unit = self.unit.as_ref().filter(|_| self.rounds_each(taker));
        let (sum, share) = moved.entry(rate).or_default();
        *sum += amount;
        *share += unit.map_or(exact, |unit| unit.round(exact)).normalize();
    }

    /// The category of a line, or of what it undoes: a reversal of a refund speaks of the income.
    fn category_behind(&self, index: Index) -> Option<&Label> {
        let line = self.lines.get(&index)?;
        match (&line.category, line.target) {
            (Some(category), _) => Some(category),
            (None, Some(target)) if target < index => self.category_behind(target),
            _ => None,
        }
    }
}

impl Line<'_> {
    /// One row for each rate at which the line moved the base.
    fn moved(self, moved: Moved) -> Vec<BaseMove> {
        let moved = moved.into_iter().filter(|(_, (amount, _))| !amount.is_zero());
        let row = |(rate, (amount, share))| BaseMove {
            amount,
            category: self.category.cloned(),
            date: self.date,
            index: self.index,
            kind: self.kind,
            rate,
            share,
            target: self.target,
        };
        moved.map(row).collect()
    }
}
