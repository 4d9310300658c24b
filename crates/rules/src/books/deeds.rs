//! The deeds of a ledger, and which of them is in force for a day (spec: A-8).

use std::sync::Arc;

use xinyi_core::{Date, Deed, DeedVersion, Index};

use super::Books;

impl Books {
    pub(super) fn add_deed(&mut self, deed: &Deed, index: Index) {
        let version = DeedVersion { digest: deed.digest(), first: deed.first, index };
        // A later deed goes before all that begin when it does or after.
        self.in_force.split_off(&deed.first);
        self.in_force.insert(deed.first, self.deeds.len());
        self.fee_takers.extend(deed.fees.iter().map(|term| term.taker.clone()));
        self.deeds.push((version, Arc::new(deed.clone())));
    }

    /// The deed in force for a date: the last whose first day is not after it (spec: A-8).
    #[must_use]
    pub fn deed_on(&self, date: Date) -> Option<Arc<Deed>> {
        self.deed_at(date).map(Arc::clone)
    }

    /// The same, where it lies.
    pub(crate) fn deed_at(&self, date: Date) -> Option<&Arc<Deed>> {
        let (_, place) = self.in_force.range(..=date).next_back()?;
        self.deeds.get(*place).map(|(_, deed)| deed)
    }

    /// The deed in force for an earlier line: later deeds change nothing of it (spec: A-8).
    #[must_use]
    pub fn deed_for(&self, index: Index, date: Date) -> Option<Arc<Deed>> {
        self.deed_then(index, date).map(Arc::clone)
    }

    /// The same, where it lies.
    pub(super) fn deed_then(&self, index: Index, date: Date) -> Option<&Arc<Deed>> {
        if self.deeds.last().is_none_or(|(version, _)| version.index < index) {
            return self.deed_at(date);
        }
        let known = self.deeds.partition_point(|(version, _)| version.index < index);
        let mut known = self.deeds.iter().take(known).rev();
        known.find(|(version, _)| version.first <= date).map(|(_, deed)| deed)
    }

    /// The last deed, whether in force yet or not.
    #[must_use]
    pub fn last_deed(&self) -> Option<&Deed> {
        self.deeds.last().map(|(_, deed)| deed.as_ref())
    }
}
