//! What came in and what was spent in each calendar year, by fund and category, net.
//!
//! A refund counts in its own year, for money moves; a reversal, and what replaces the line it undid, in the
//! year of that line (spec: M-7).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Index, Kind, Label, Period};

use crate::books::facts::{amount_of, replaced_by};
use crate::books::{Effect, Remembered};
use crate::rule::Step;

/// Which way money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    In,
    Out,
}

/// What money moved for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    pub(super) category: Option<Label>,
    pub(super) fund: Label,
    pub(super) way: Way,
}

/// Sums by year, from the ledger's first period on.
#[derive(Clone, Debug, Default)]
pub(super) struct Years {
    /// The first period.
    pub(super) began: Option<Period>,
    /// Lines that count in another year than that of their date.
    elsewhere: BTreeMap<Index, i16>,
    sums: BTreeMap<(i16, Use), Decimal>,
}

impl Years {
    /// Takes in what a line moved.
    pub(super) fn take(&mut self, step: &Step<'_>) {
        let data = step.entry.content().data();
        if let Data::Genesis(genesis) = data {
            self.began = Some(genesis.first);
        }
        let year = self.year_of(step);
        if year != step.entry.content().date().year() {
            self.elsewhere.insert(step.entry.index(), year);
        }
        let sign = if matches!(data.kind(), Kind::Refund | Kind::Reversal) { -1 } else { 1 };
        if let Some((target, undone)) = use_of(step) {
            let amount = if data.kind() == Kind::Reversal { undone } else { amount_of(data) };
            *self.sums.entry((year, target)).or_default() += amount * Decimal::from(sign);
        }
    }

    /// The sum of a year over the uses that fit.
    pub(super) fn sum(&self, year: i16, fits: impl Fn(&Use) -> bool) -> Decimal {
        let of_year = self.sums.iter().filter(|((of, used), _)| *of == year && fits(used));
        of_year.map(|(_, amount)| amount).sum()
    }

    /// Whether the ledger has the whole of a year.
    pub(super) fn has_whole(&self, year: i16) -> bool {
        self.began.is_some_and(|began| began.year() < year || (began.year() == year && began.month() == 1))
    }

    fn year_of(&self, step: &Step<'_>) -> i16 {
        let data = step.entry.content().data();
        let reversed = match data {
            Data::Reversal(reversal) => Some(reversal.target.index),
            _ => replaced_by(data),
        };
        let line = reversed.and_then(|index| Some((index, step.books.line(index)?)));
        // What is replaced may be named by the reversal that undid it.
        let original = match line {
            Some((_, line)) if line.kind == Kind::Reversal && data.kind() != Kind::Reversal => {
                line.target.and_then(|index| Some((index, step.books.line(index)?)))
            }
            line => line,
        };
        let year = |(index, line): (Index, &Remembered)| {
            self.elsewhere.get(&index).copied().unwrap_or_else(|| line.date.year())
        };
        original.map_or_else(|| step.entry.content().date().year(), year)
    }
}

/// What a line moved money for, or what the line moved it for that it undoes, and the amount of that one.
fn use_of(step: &Step<'_>) -> Option<(Use, Decimal)> {
    let data = step.entry.content().data();
    let (category, fund, way) = match data {
        Data::Income(money) => (Some(money.category.clone()), money.fund.clone(), Way::In),
        Data::Expense(money) => (Some(money.category.clone()), money.fund.clone(), Way::Out),
        Data::Fee(money) => (None, money.fund.clone(), Way::Out),
        Data::Forfeit(forfeit) => (Some(forfeit.category.clone()), fund_of(step.target?)?, Way::In),
        Data::Refund(_) | Data::Reversal(_) => return undone(step, step.target?),
        _ => return None,
    };
    Some((Use { category, fund, way }, amount_of(data)))
}

/// What a remembered line moved money for, with its sign: a refund undoes what it names.
fn undone(step: &Step<'_>, line: &Remembered) -> Option<(Use, Decimal)> {
    let way = match line.kind {
        Kind::Income | Kind::Forfeit => Way::In,
        Kind::Expense | Kind::Fee => Way::Out,
        Kind::Refund => {
            let (used, _) = undone(step, step.books.line(line.refunds?)?)?;
            return Some((used, -line.amount));
        }
        _ => return None,
    };
    Some((Use { category: line.category.clone(), fund: fund_of(line)?, way }, line.amount))
}

fn fund_of(line: &Remembered) -> Option<Label> {
    line.effects.iter().find_map(|(effect, _)| match effect {
        Effect::Own { fund, .. } | Effect::Held { fund, .. } => Some(fund.clone()),
        _ => None,
    })
}
