//! What statements, receipts and comparisons are cut out of a ledger with: its tree and the places of a few lines.
//! Gathered in one pass over the facts, or kept from an earlier one; the lines themselves stay where they are.

use std::collections::BTreeMap;

use crate::at_hand::Lines;
use crate::authority_path::ProvenLine;
use crate::close::Closed;
use crate::compare::View;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::number::{Index, Size};
use crate::places::Places;
use crate::proof::{Subtrees, Tree};
use crate::receipt::{CoveringClose, Receipt, ReceiptExtra};
use crate::replay::Founding;
use crate::state::StateDocument;
use crate::statement::{Bridge, StatementHeader};
use crate::time::Period;
use crate::verified::Verified;

/// Why an excerpt cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExcerptError {
    /// The size to bridge from lies after the statement's first line (spec: Q-9).
    #[error("the size to go on from lies after the first line of the statement")]
    BridgeBeyond,
    /// A size to bridge from is given for the month that begins the ledger (spec: Q-9).
    #[error("the month begins the ledger: there is nothing before it to go on from")]
    BridgeNeedless,
    /// There is no such entry, or none below the checkpoint's size.
    #[error("there is no such entry under the checkpoint")]
    EntryMissing,
    /// The statement's first line would be longer than any reader takes (spec: ).
    #[error("the statement's first line would be longer than {} bytes", StatementHeader::MAX)]
    HeaderTooLong,
    /// A line that the archive knows of cannot be read.
    #[error("a line of the ledger cannot be read")]
    LineMissing,
    /// The month is not closed.
    #[error("the month {0} is not closed")]
    NotClosed(Period),
    /// The previous close's state document is not at hand.
    #[error("the state document of the month before is not beside the ledger")]
    StateMissing,
}

impl ExcerptError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BridgeBeyond => "bridge-beyond",
            Self::BridgeNeedless => "bridge-needless",
            Self::EntryMissing => "entry-missing",
            Self::HeaderTooLong => "statement-too-long",
            Self::LineMissing => "line-missing",
            Self::NotClosed(_) => "month-open",
            Self::StateMissing => "state-missing",
        }
    }
}

/// What excerpts of a ledger are made from, apart from its lines: its tree, in memory or in tiles, and its places.
#[derive(Clone, Debug, Default)]
pub struct Archive<T = Tree> {
    founding: Option<Founding>,
    places: Places,
    tree: T,
}

impl Archive {
    /// The archive of no lines.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next entry in.
    pub fn take(&mut self, entry: &Verified<Entry>) {
        self.tree.push(entry.leaf());
        self.places.take(entry.content(), entry.index());
        if let Some(founding) = Founding::of_entry(entry) {
            self.founding = Some(founding);
        }
    }

    /// The tree of all lines.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// What a whole ledger shows, for comparing it; `None` before genesis.
    #[must_use]
    pub fn view(&self) -> Option<View> {
        let founding = self.founding.as_ref()?;
        Some(View {
            closes: self.places.closes().map(|closed| (closed.index, closed.size)).collect(),
            identity: Some(founding.identity),
            leaves: BTreeMap::new(),
            origin: founding.origin.clone(),
            recoveries: self.places.recoveries().to_vec(),
            roots: BTreeMap::new(),
            size: self.tree.size(),
            tree: Some(self.tree.clone()),
        })
    }
}

impl<T: Subtrees> Archive<T> {
    /// An archive of what was gathered before, such as a cache holds: whoever uses it verifies what it gives.
    #[must_use]
    pub const fn of(founding: Founding, places: Places, tree: T) -> Self {
        Self { founding: Some(founding), places, tree }
    }

    /// What genesis fixed; `None` before it.
    #[must_use]
    pub const fn founding(&self) -> Option<&Founding> {
        self.founding.as_ref()
    }

    /// Where the lines lie that excerpts need.
    #[must_use]
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// The first line of a month's statement, and the size that ends with its close (spec: ).
    ///
    /// # Errors
    /// [`ExcerptError::NotClosed`].
    pub fn range(&self, period: Period) -> Result<(Size, Size), ExcerptError> {
        let closed = self.places.closed(period).ok_or(ExcerptError::NotClosed(period))?;
        Ok((self.places.first_of(period), closed.index.size_after()))
    }

    /// The first line of a month's statement; the ledger's lines of [`Archive::range`] follow it (spec: Q-1).
    ///
    /// `checkpoint` is the signed note of the size that ends with the close, `document` the previous close's state
    /// document, `since` a size that the reader has a checkpoint of.
    ///
    /// # Errors
    /// See [`ExcerptError`].
    pub fn statement(
        &self,
        period: Period,
        checkpoint: String,
        document: Option<StateDocument>,
        since: Option<Size>,
        lines: &dyn Lines,
    ) -> Result<StatementHeader, ExcerptError> {
        let (from, to) = self.range(period)?;
        let founding = self.founding.as_ref().ok_or(ExcerptError::EntryMissing)?;
        let previous = document.filter(|_| from > Size::default());
        if from > Size::default() && previous.is_none() {
            return Err(ExcerptError::StateMissing);
        }
        if since.is_some() && from == Size::default() {
            return Err(ExcerptError::BridgeNeedless);
        }
        let evidence = self.places.older(from, to, lines).ok_or(ExcerptError::LineMissing)?;
        let proven = |index: Index| self.proven(index, from, lines);
        let of_authority = self.places.authority(from);
        let header = StatementHeader {
            authority: of_authority.map(proven).collect::<Result<_, _>>()?,
            bridge: since.map(|since| self.bridge(since, from)).transpose()?,
            checkpoint,
            evidence: evidence.into_iter().map(proven).collect::<Result<_, _>>()?,
            from,
            frontier: self.tree.frontier(from).ok_or(ExcerptError::EntryMissing)?.hashes().to_vec(),
            identity: founding.identity,
            origin: founding.origin.parse().map_err(|_| ExcerptError::EntryMissing)?,
            period,
            previous,
            xinyi: StatementHeader::mark(),
        };
        if header.encode().len() > StatementHeader::MAX {
            Err(ExcerptError::HeaderTooLong)
        } else {
            Ok(header)
        }
    }

    fn bridge(&self, since: Size, from: Size) -> Result<Bridge, ExcerptError> {
        let path = self.tree.consistency(since, from).ok_or(ExcerptError::BridgeBeyond)?;
        let root = self.tree.root(since).ok_or(ExcerptError::BridgeBeyond)?;
        Ok(Bridge { path, root, size: since })
    }

    pub(crate) fn proven(
        &self,
        index: Index,
        size: Size,
        lines: &dyn Lines,
    ) -> Result<ProvenLine, ExcerptError> {
        let line = lines.line(index).ok_or(ExcerptError::LineMissing)?;
        let path = self.tree.inclusion(index, size).ok_or(ExcerptError::EntryMissing)?;
        Ok(ProvenLine { line, path })
    }

    /// The receipt of one entry under a signed checkpoint of `size`, with these disclosures in it (spec: H-1).
    ///
    /// # Errors
    /// See [`ExcerptError`].
    pub fn receipt(
        &self,
        index: Index,
        (size, checkpoint): (Size, String),
        disclosures: Vec<String>,
        lines: &dyn Lines,
    ) -> Result<Receipt, ExcerptError> {
        let line = self.proven(index, size, lines)?;
        let authority = self.places.authority(size).map(|index| self.proven(index, size, lines));
        let authority = authority.collect::<Result<_, _>>()?;
        let covering = self.places.covering(index);
        let covering = covering.filter(|closed| size.covers(closed.index));
        let close = covering.map(|closed| self.covering(closed, index, size, lines)).transpose()?;
        let extra =
            ReceiptExtra { authority, close, disclosures, line: line.line, xinyi: ReceiptExtra::mark() };
        Ok(Receipt { checkpoint, extra, index, path: line.path })
    }

    fn covering(
        &self,
        closed: &Closed,
        index: Index,
        size: Size,
        lines: &dyn Lines,
    ) -> Result<CoveringClose, ExcerptError> {
        let ProvenLine { line, path } = self.proven(closed.index, size, lines)?;
        let entry = self.tree.inclusion(index, closed.size).ok_or(ExcerptError::EntryMissing)?;
        Ok(CoveringClose { entry, line, path })
    }

    /// The lines of authority below `size`, as evidence names them (spec: J-2).
    ///
    /// # Errors
    /// [`ExcerptError::LineMissing`].
    pub fn authority(&self, size: Size, lines: &dyn Lines) -> Result<Vec<String>, ExcerptError> {
        let below = self.places.authority(size);
        below.map(|index| lines.line(index).ok_or(ExcerptError::LineMissing)).collect()
    }

    /// The root of the first `size` lines.
    #[must_use]
    pub fn root(&self, size: Size) -> Option<Hash> {
        self.tree.root(size)
    }
}
