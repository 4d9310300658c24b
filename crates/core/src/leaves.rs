//! The leaf hashes that later links may name: all of them, or where lines can be read again only the latest, and for
//! each run of 64 older lines the root of their tree (spec: C-6, R-10).
//!
//! What is read again is believed only if its run has the root that was remembered when its lines were verified.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::at_hand::AtHand;
use crate::hash::Hash;
use crate::number::Index;
use crate::tree::Frontier;

/// Lines of a run: half a byte is remembered of each, and reading one again costs 64 hashes.
pub(crate) const RUN: usize = 64;

/// Runs whose leaf hashes stay at hand once they were read again, for links that lie close together.
const RECENT: usize = 16;

/// A run of more bytes is read again once and never forgotten then, so that links to long lines cannot make a ledger
/// cost much more than its length.
const HEAVY: usize = 128 << 10;

/// Leaf hashes of the lines from `base` on.
#[derive(Debug, Default)]
pub(crate) struct Leaves {
    at_hand: Option<AtHand>,
    base: u64,
    /// Those of the latest lines, after the runs.
    held: Vec<Hash>,
    /// Of runs that were read again.
    again: Mutex<Again>,
    /// The roots of the runs that begin at `base`.
    runs: Vec<Hash>,
}

/// Leaf hashes of runs that were read again, by the run's number.
#[derive(Debug, Default)]
struct Again {
    heavy: BTreeMap<usize, Vec<Hash>>,
    recent: VecDeque<(usize, Vec<Hash>)>,
}

impl Again {
    fn run(&self, number: usize) -> Option<&[Hash]> {
        let recent = || self.recent.iter().find(|(recent, _)| *recent == number).map(|(_, leaves)| leaves);
        self.heavy.get(&number).or_else(recent).map(Vec::as_slice)
    }

    fn keep(&mut self, number: usize, bytes: usize, leaves: Vec<Hash>) {
        if bytes > HEAVY {
            self.heavy.insert(number, leaves);
        } else {
            self.recent.truncate(RECENT - 1);
            self.recent.push_front((number, leaves));
        }
    }
}

impl Leaves {
    /// No leaves yet; the first will be that of the line at `base`.
    pub(crate) fn from_base(base: u64) -> Self {
        Self { base, ..Self::default() }
    }

    /// From here on older lines are read again instead of remembered.
    pub(crate) fn read_again(&mut self, at_hand: AtHand) {
        self.at_hand = Some(at_hand);
    }

    pub(crate) const fn at_hand(&self) -> Option<&AtHand> {
        self.at_hand.as_ref()
    }

    pub(crate) fn push(&mut self, leaf: Hash) {
        self.held.push(leaf);
    }

    pub(crate) fn last(&self) -> Option<Hash> {
        self.held.last().copied()
    }

    /// Forgets the leaf hashes of whole runs below `size`, if their lines can be read again.
    pub(crate) fn forget_below(&mut self, size: u64) {
        if self.at_hand.is_none() {
            return;
        }
        let runs = self.place(size).unwrap_or_default() / RUN;
        let forgotten = runs.saturating_sub(self.runs.len()).saturating_mul(RUN).min(self.held.len());
        let forgotten: Vec<Hash> = self.held.drain(..forgotten).collect();
        self.runs.extend(forgotten.chunks(RUN).map(root));
    }

    /// How many leaves from the base on come before `size`.
    fn place(&self, size: u64) -> Option<usize> {
        usize::try_from(size.checked_sub(self.base)?).ok()
    }

    /// Whether the line at `index` lies before the base.
    pub(crate) const fn is_before(&self, index: Index) -> bool {
        index.get() < self.base
    }

    /// The leaf hash of the line at `index`; `None` if the line is not here or cannot be vouched for.
    pub(crate) fn leaf(&self, index: Index) -> Option<Hash> {
        let place = self.place(index.get())?;
        match place.checked_sub(self.first_held()) {
            Some(held) => self.held.get(held).copied(),
            None => self.of_run(place / RUN, place % RUN),
        }
    }

    /// The leaf hashes from size `from` up to size `to`, if all are held.
    pub(crate) fn between(&self, from: u64, to: u64) -> Option<&[Hash]> {
        let held = |size| self.place(size)?.checked_sub(self.first_held());
        self.held.get(held(from)?..held(to)?)
    }

    const fn first_held(&self) -> usize {
        self.runs.len().saturating_mul(RUN)
    }

    fn of_run(&self, run: usize, place: usize) -> Option<Hash> {
        let mut again = self.again.lock().unwrap_or_else(PoisonError::into_inner);
        if again.run(run).is_none() {
            let (bytes, leaves) = self.read_run(run)?;
            again.keep(run, bytes, leaves);
        }
        again.run(run)?.get(place).copied()
    }

    /// How many bytes a run's lines have, and their leaf hashes, if together these have its root.
    fn read_run(&self, run: usize) -> Option<(usize, Vec<Hash>)> {
        let first = self.base.checked_add(u64::try_from(run.checked_mul(RUN)?).ok()?)?;
        let lines = &self.at_hand.as_ref()?.0;
        let mut bytes = 0_usize;
        let leaf = |index| {
            let line = lines.line(Index::new(index)?)?;
            bytes = bytes.saturating_add(line.len());
            Some(Hash::leaf(line.as_bytes()))
        };
        let leaves: Vec<Hash> = (first..).take(RUN).map(leaf).collect::<Option<_>>()?;
        (self.runs.get(run) == Some(&root(&leaves))).then_some((bytes, leaves))
    }
}

fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use std::sync::Arc;

    use super::*;
    use crate::at_hand::Lines;

    /// A line that is its own number, unless it is the one that was changed.
    struct Numbers {
        changed: Option<u64>,
    }

    impl Lines for Numbers {
        fn line(&self, index: Index) -> Option<String> {
            Some(if self.changed == Some(index.get()) { "changed".to_owned() } else { index.to_string() })
        }
    }

    fn leaf(number: u64) -> Hash {
        Hash::leaf(number.to_string().as_bytes())
    }

    fn index(number: u64) -> Index {
        Index::new(number).unwrap()
    }

    /// The leaves of `count` lines from `base` on, those below `forgotten` forgotten.
    fn leaves(base: u64, count: u64, forgotten: u64, changed: Option<u64>) -> Leaves {
        let mut leaves = Leaves::from_base(base);
        leaves.read_again(AtHand(Arc::new(Numbers { changed })));
        (base..base + count).for_each(|number| leaves.push(leaf(number)));
        leaves.forget_below(forgotten);
        leaves
    }

    #[test]
    fn what_is_forgotten_is_read_again() {
        for (base, count, forgotten) in
            [(0, 2_000, 1_999), (5, 300, 200), (3, 64, 67), (0, 63, 63), (7, 10, 0)]
        {
            let leaves = leaves(base, count, forgotten, None);
            let runs = usize::try_from(forgotten.saturating_sub(base)).unwrap() / RUN;
            assert_eq!(leaves.held.len(), usize::try_from(count).unwrap() - runs * RUN);
            for number in base..base + count {
                assert_eq!(leaves.leaf(index(number)), Some(leaf(number)), "{number} of {count} from {base}");
            }
            assert_eq!(leaves.leaf(index(base + count)), None);
            let again = leaves.again.lock().unwrap();
            assert_eq!((again.recent.len(), again.heavy.len()), (runs.min(RECENT), 0));
        }
    }

    #[test]
    fn a_run_that_holds_another_line_is_not_vouched_for() {
        let leaves = leaves(5, 300, 305, Some(70));
        let vouched = (5..305).filter(|number| leaves.leaf(index(*number)).is_some());
        assert_eq!(vouched.collect::<Vec<_>>(), (5..69).chain(133..305).collect::<Vec<_>>());
    }

    #[test]
    fn a_run_of_long_lines_is_read_again_once() {
        let mut again = Again::default();
        again.keep(7, HEAVY + 1, vec![leaf(7)]);
        (100..200).for_each(|run| again.keep(run, HEAVY, vec![leaf(0)]));
        assert_eq!(again.run(7), Some([leaf(7)].as_slice()));
        assert_eq!((again.run(183), again.run(184)), (None, Some([leaf(0)].as_slice())));
    }

    #[test]
    fn without_lines_nothing_is_forgotten() {
        let mut leaves = Leaves::from_base(0);
        (0..200).for_each(|number| leaves.push(leaf(number)));
        leaves.forget_below(200);
        assert_eq!((leaves.held.len(), leaves.between(0, 200).map(<[Hash]>::len)), (200, Some(200)));
    }
}
