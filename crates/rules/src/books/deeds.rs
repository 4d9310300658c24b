//! The deeds of a ledger, and which of them is in force for a day (spec: A-8).

use std::sync::Arc;

use xinyi_core::{Date, Deed, DeedVersion, Index};

use super::Books;

impl Books {
    pub(super) fn add_deed(&mut self, deed: &Deed, index: Index) {
        let version = DeedVersion { digest: deed.digest(), first: deed.first, index };
        self.deeds.push((version, Arc::new(deed.clone())));
    }

    /// The deed in force for a date: the last whose first day is not after it (spec: A-8).
    #[must_use]
    pub fn deed_on(&self, date: Date) -> Option<Arc<Deed>> {
        self.deeds.iter().rev().find(|(version, _)| version.first <= date).map(|(_, deed)| Arc::clone(deed))
    }

    /// The deed in force for an earlier line: later deeds change nothing of it (spec: A-8).
    #[must_use]
    pub fn deed_for(&self, index: Index, date: Date) -> Option<Arc<Deed>> {
        let held = |(version, _): &&(DeedVersion, Arc<Deed>)| version.index < index && version.first <= date;
        self.deeds.iter().rev().find(held).map(|(_, deed)| Arc::clone(deed))
    }

    /// The last deed, whether in force yet or not.
    #[must_use]
    pub fn last_deed(&self) -> Option<&Deed> {
        self.deeds.last().map(|(_, deed)| deed.as_ref())
    }
}
