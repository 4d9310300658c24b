//! What the list behind a fee must know of lines that no later line can name, of months that pass and of assessments
//! (spec: M-5, M-12): only what moved a base is kept.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Date, Entry, Index, Kind, Label, Period, Rate};

use super::{Books, Effect, Effects, facts};

/// What moved bases beside the lines that books remember anyway.
#[derive(Clone, Debug, Default)]
pub(crate) struct BaseLines {
    /// Lines that no later line can name: billings, waivers, opening figures.
    pub(crate) lines: BTreeMap<Index, BaseLine>,
    /// What closed months earned by passing, which no line says.
    pub(crate) passed: BTreeMap<Period, Effects>,
    pub(crate) regraded: Vec<Regraded>,
}

/// A line that moved bases.
#[derive(Clone, Debug)]
pub(crate) struct BaseLine {
    pub(crate) category: Option<Label>,
    pub(crate) date: Date,
    pub(crate) effects: Effects,
    pub(crate) kind: Kind,
}

/// How an assessment moved what a month had earned.
#[derive(Clone, Debug)]
pub(crate) struct Regraded {
    /// The last month that was closed by then: of it and earlier ones, what they had earned changed afterwards.
    pub(crate) closed: Option<Period>,
    pub(crate) date: Date,
    pub(crate) index: Index,
    pub(crate) month: Period,
    pub(crate) moved: Vec<(Rate, Decimal)>,
    pub(crate) taker: Label,
}

impl Regraded {
    /// Whether it is in what was earned up to a month.
    pub(crate) fn counts_upto(&self, upto: Period) -> bool {
        let was_closed = self.closed.is_some_and(|closed| upto <= closed);
        self.date.period() <= upto || (self.month <= upto && was_closed)
    }
}

impl Books {
    /// Keeps what a line that no later one can name does to bases, as long as the books keep the others; an assessment is
    /// kept month by month.
    pub(super) fn note_base_line(&mut self, entry: &Entry, effects: &Effects) {
        let (content, kind) = (entry.content(), entry.content().kind());
        if self.forgets() || kind == Kind::Assessment || facts::is_named_later(kind) {
            return;
        }
        let bases = effects.iter().filter(|(effect, _)| matches!(effect, Effect::Base { .. }));
        let bases: Effects = bases.cloned().collect();
        if bases.is_empty() {
            return;
        }
        let category = facts::category_of(content.data()).cloned();
        let line = BaseLine { category, date: content.date(), effects: bases, kind };
        self.base_lines.lines.insert(entry.index(), line);
    }
}
