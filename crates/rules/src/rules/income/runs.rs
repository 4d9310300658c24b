//! Sets of whole numbers that mostly run on, kept as runs: a book of a thousand receipts is one run.

use std::collections::BTreeMap;

/// A set of numbers; the last number of each run by its first.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs(BTreeMap<u64, u64>);

impl Runs {
    /// Whether the number is in the set.
    pub(super) fn has(&self, number: u64) -> bool {
        self.0.range(..=number).next_back().is_some_and(|(_, last)| number <= *last)
    }

    /// Puts a number in.
    pub(super) fn put(&mut self, number: u64) {
        if self.has(number) {
            return;
        }
        let before = self.0.range(..number).next_back().map(|(first, last)| (*first, *last));
        let first = before.filter(|(_, last)| last.checked_add(1) == Some(number)).map(|(first, _)| first);
        let after = number.checked_add(1).and_then(|next| self.0.remove(&next));
        self.0.insert(first.unwrap_or(number), after.unwrap_or(number));
    }

    /// The runs of numbers from `low` to `high` that are not in the set.
    pub(super) fn gaps(&self, low: u64, high: u64) -> Vec<(u64, u64)> {
        let mut gaps = Vec::new();
        let mut next = low;
        let reaching = self.0.range(..low).next_back().into_iter().chain(self.0.range(low..));
        for (first, last) in reaching {
            if *first > high {
                break;
            }
            if *first > next {
                gaps.push((next, first - 1));
            }
            next = next.max(last.saturating_add(1));
        }
        if next <= high {
            gaps.push((next, high));
        }
        gaps
    }

    /// The runs.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().map(|(first, last)| (*first, *last))
    }
}

impl FromIterator<u64> for Runs {
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> Self {
        let mut runs = Self::default();
        numbers.into_iter().for_each(|number| runs.put(number));
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::Runs;

    #[test]
    fn numbers_in_any_order_join_into_runs_and_leave_their_gaps() {
        let runs: Runs = [5, 3, 9, 4, 1, 4].into_iter().collect();
        assert_eq!(runs.iter().collect::<Vec<_>>(), [(1, 1), (3, 5), (9, 9)]);
        assert_eq!(runs.gaps(1, 10), [(2, 2), (6, 8), (10, 10)]);
        assert_eq!(runs.gaps(4, 8), [(6, 8)]);
        assert!(runs.gaps(3, 5).is_empty() && runs.has(4) && !runs.has(2));
        assert_eq!(runs.gaps(u64::MAX - 1, u64::MAX), [(u64::MAX - 1, u64::MAX)]);
    }
}
