//! What was rebuilt, and what is known of the rest (spec: L-14…L-16).

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use xinyi_core::{Checkpoint, Hash, Index, Period, Replay, ReplayError, Size, StateDocument, Verified};

use super::VoidLines;
use crate::dir::LedgerDir;
use crate::disk::DiskError;

/// Lines that are known, but do not link up with those before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The index after the last.
    pub end: Size,
    /// The first.
    pub from: Index,
    /// The earliest and the latest month among them.
    pub periods: (Period, Period),
}

/// A ledger as far as it links up, and what is known of the rest.
#[derive(Debug, Default)]
pub struct Rebuilt<'r> {
    pub(super) checkpoints: BTreeMap<Size, &'r str>,
    pub(super) lines: Vec<&'r [u8]>,
    /// State documents that closes name and no file holds.
    pub missing_states: Vec<Hash>,
    /// The largest checkpoint that the ledger's log key signed; it may lie beyond what links up.
    pub newest: Option<Verified<Checkpoint>>,
    /// A line that stands at the next index but was refused, and why.
    pub refused: Option<(&'r Path, ReplayError)>,
    /// The state after the last line that links up.
    pub replay: Replay,
    /// Files of which a part could not be used: cut, or no lines.
    pub spoilt: Vec<&'r Path>,
    pub(super) states: Vec<&'r StateDocument>,
    /// What is known beyond.
    pub unlinked: Vec<Stretch>,
    /// Lines of a recorder whom a recovery in the ledger replaced (spec: L-14).
    pub void: Vec<VoidLines<'r>>,
}

impl Rebuilt<'_> {
    /// Writes what links up to a new ledger directory, with its state documents and checkpoints (spec: L-15).
    ///
    /// # Errors
    /// [`DiskError`], also if there is a ledger already.
    pub fn write(&self, root: &Path) -> Result<LedgerDir, DiskError> {
        let dir = LedgerDir::restore(root, &self.lines)?;
        self.states.iter().try_for_each(|document| dir.keep_state(document))?;
        self.checkpoints.iter().try_for_each(|(size, note)| dir.keep_checkpoint(*size, note))?;
        Ok(dir)
    }

    /// The indices of entries that must have been but that no file holds.
    #[must_use]
    pub fn gaps(&self) -> Vec<Range<u64>> {
        let ends = self.unlinked.iter().map(|stretch| stretch.end);
        let known = std::iter::once(self.replay.size()).chain(ends).map(Size::get);
        let next = self.unlinked.iter().map(|stretch| stretch.from.get());
        let next = next.chain(self.newest.iter().map(|newest| newest.size.get()));
        known.zip(next).map(|(known, next)| known..next).filter(|gap| !gap.is_empty()).collect()
    }

    /// Whether a line is one that a recovery made void.
    pub(super) fn is_void(&self, index: Index, leaf: Hash) -> bool {
        self.void.iter().any(|void| void.holds(index, leaf))
    }

    /// How many checkpoints are kept.
    #[must_use]
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }

    /// How many state documents are kept.
    #[must_use]
    pub fn states(&self) -> usize {
        self.states.len()
    }
}
