//! The entries behind a fee: every line that moved a taker's base up to a period (spec: M-4…M-7, M-9).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use xinyi_core::{Date, Index, Kind, Label, Period, Rate};

use super::{Books, Effect, Entitlement};
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
    /// The rate of the amount, not rounded.
    pub share: Decimal,
    /// The line it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Index>,
}

/// A taker's base up to a period, line by line: what was carried and what moved add up to the formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BaseList {
    /// The base at each rate that no line of the file moved: opening figures, or the document of the month before.
    pub carried: Vec<Term>,
    /// Σ rate × base, rounded once.
    pub earned: Decimal,
    /// The base at each rate.
    pub formula: Vec<Term>,
    /// The lines, in order.
    pub moves: Vec<BaseMove>,
    /// The taker.
    pub taker: Label,
    /// Up to this period.
    pub upto: Period,
}

impl Books {
    /// What every line taken in did to a taker's base up to a period.
    #[must_use]
    pub fn base_list(&self, taker: &Label, upto: Period) -> BaseList {
        let all = self.base_moves(taker);
        let mut carried: BTreeMap<Rate, Decimal> = BTreeMap::new();
        for figures in self.months.values().chain([&self.carried]) {
            let of_taker = figures.bases.iter().filter(|((of, _), _)| of == taker);
            of_taker.for_each(|((_, rate), base)| *carried.entry(*rate).or_default() += *base);
        }
        for moved in &all {
            *carried.entry(moved.rate).or_default() -= moved.amount;
        }
        let moves: Vec<_> = all.into_iter().filter(|moved| moved.date.period() <= upto).collect();
        let mut formula = carried.clone();
        for moved in &moves {
            *formula.entry(moved.rate).or_default() += moved.amount;
        }
        let Entitlement { earned, .. } = self.entitlement(taker, upto);
        let carried = terms(carried);
        BaseList { carried, earned, formula: terms(formula), moves, taker: taker.clone(), upto }
    }

    /// Every taker that a deed names or that took something.
    #[must_use]
    pub fn fee_takers(&self) -> Vec<Label> {
        self.takers().into_iter().collect()
    }

    fn base_moves(&self, taker: &Label) -> Vec<BaseMove> {
        let lines = self.lines.iter().filter(|(_, line)| !line.older && self.is_counted(line.date.period()));
        let mut moves: Vec<BaseMove> = lines
            .flat_map(|(index, line)| {
                line.effects.iter().filter_map(|(effect, amount)| match effect {
                    Effect::Base { taker: of, rate, .. } if of == taker => Some(BaseMove {
                        amount: *amount,
                        category: self.category_behind(*index).cloned(),
                        date: line.date,
                        index: *index,
                        kind: line.kind,
                        rate: *rate,
                        share: share(*amount, *rate),
                        target: line.target,
                    }),
                    _ => None,
                })
            })
            .collect();
        moves.sort_by_key(|moved| (moved.index, moved.rate));
        moves
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

fn share(amount: Decimal, rate: Rate) -> Decimal {
    (amount * Decimal::from(rate.num()) / Decimal::from(rate.den())).normalize()
}

fn terms(bases: BTreeMap<Rate, Decimal>) -> Vec<Term> {
    let moved = bases.into_iter().filter(|(_, amount)| !amount.is_zero());
    moved.map(|(rate, amount)| Term { amount, rate }).collect()
}
