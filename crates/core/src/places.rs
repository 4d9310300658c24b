//! Where the few lines of a ledger lie that months later are still needed: those that say who may act, closes,
//! ratifications and recoveries. All other old lines are named by the lines that need them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::at_hand::Lines;
use crate::authority_path::AuthorityPath;
use crate::close::Closed;
use crate::content::Content;
use crate::kind::Data;
use crate::kind::parts::Link;
use crate::kind::shape::Visit;
use crate::line::Line;
use crate::number::{Index, Size};
use crate::time::Period;

/// The places of a ledger's first lines (spec: O-14).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    authority: Vec<Index>,
    /// In order of their months, which is the order of their lines.
    closes: Vec<Closed>,
    /// The last month that a fee was taken for before that month had begun.
    fees_ahead: Option<Period>,
    /// A line and one that ratifies it: what the line lacked is met only if these come along.
    ratified: BTreeSet<(Index, Index)>,
    recoveries: Vec<Index>,
}

impl Places {
    /// Takes the next line in.
    pub fn take(&mut self, content: &Content, index: Index) {
        if AuthorityPath::holds(content.kind()) {
            self.authority.push(index);
        }
        match content.data() {
            Data::Close(close) => self.closes.push(Closed::of(close, index)),
            Data::Fee(fee) => {
                let ahead = fee.periods.iter().copied().filter(|of| *of > content.date().period());
                self.fees_ahead = ahead.chain(self.fees_ahead).max();
            }
            Data::Ratification(_) => {
                let targets = named_by(content.data());
                self.ratified.extend(targets.into_iter().map(|target| (target, index)));
            }
            Data::Recovery(_) => self.recoveries.push(index),
            _ => {}
        }
    }

    /// Genesis and every later line below `size` that changes the register or the deeds (spec: Q-3).
    pub fn authority(&self, size: Size) -> impl Iterator<Item = Index> {
        self.authority.iter().copied().take_while(move |index| size.covers(*index))
    }

    /// Every close, in order.
    pub fn closes(&self) -> impl Iterator<Item = &Closed> {
        self.closes.iter()
    }

    /// The close of a month, if it is closed.
    #[must_use]
    pub fn closed(&self, period: Period) -> Option<&Closed> {
        let found = self.closes.binary_search_by_key(&period, |closed| closed.period).ok()?;
        self.closes.get(found)
    }

    /// The first close whose size covers the line at `index`.
    #[must_use]
    pub fn covering(&self, index: Index) -> Option<&Closed> {
        self.closes.iter().find(|closed| closed.size.covers(index))
    }

    /// The first line that may be dated in `period`: the `next` of the last close before it, or 0 (spec: B-5).
    #[must_use]
    pub fn first_of(&self, period: Period) -> Size {
        let before = self.closes.partition_point(|closed| closed.period < period);
        let last = before.checked_sub(1).and_then(|last| self.closes.get(last));
        last.map(|closed| closed.next).unwrap_or_default()
    }

    /// The last month that a fee was taken for before that month had begun.
    #[must_use]
    pub const fn fees_ahead(&self) -> Option<Period> {
        self.fees_ahead
    }

    /// The indices of recoveries.
    #[must_use]
    pub fn recoveries(&self) -> &[Index] {
        &self.recoveries
    }

    /// Lines below `from` that lines `from` to `to` name, those that these name in turn, and what ratified them;
    /// `None` if one cannot be read. Lines of authority are not among them.
    ///
    /// How many they are only the ledger's length bounds.
    pub fn older(&self, from: Size, to: Size, lines: &dyn Lines) -> Option<BTreeSet<Index>> {
        let mut named = Vec::new();
        for index in (from.get()..to.get()).map_while(Index::new) {
            named.extend(named_in(lines, index)?);
        }
        self.with_named(named, from, lines)
    }

    /// As [`Places::older`], for lines that are named by others than the ledger's own.
    pub fn with_named(&self, named: Vec<Index>, from: Size, lines: &dyn Lines) -> Option<BTreeSet<Index>> {
        let mut waiting = named;
        let mut older = BTreeSet::new();
        while let Some(index) = waiting.pop() {
            let is_new =
                from.covers(index) && self.authority.binary_search(&index).is_err() && older.insert(index);
            if is_new {
                waiting.extend(named_in(lines, index)?);
                waiting.extend(self.ratifying(index));
            }
        }
        Some(older)
    }

    fn ratifying(&self, index: Index) -> impl Iterator<Item = Index> {
        let from = (index, Index::default());
        self.ratified.range(from..).take_while(move |(target, _)| *target == index).map(|(_, by)| *by)
    }
}

/// The lines that the line at an index names.
fn named_in(lines: &dyn Lines, index: Index) -> Option<Vec<Index>> {
    let line = Line::decode(lines.line(index)?.as_bytes()).ok()?;
    Some(named_by(line.content.data()))
}

/// The lines that a content names.
#[must_use]
pub fn named_by(data: &Data) -> Vec<Index> {
    struct Named(Vec<Index>);
    impl Visit for Named {
        fn link(&mut self, link: Link) {
            self.0.push(link.index);
        }
    }
    let mut named = Named(Vec::new());
    data.walk(&mut named);
    named.0
}
