//! What statements, receipts and comparisons are cut out of a ledger with: its tree, and where its closes, lines of
//! authority and links lie. Gathered in one pass over the facts; the lines themselves stay where they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::at_hand::Lines;
use crate::authority_path::{AuthorityPath, ProvenLine};
use crate::compare::View;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::kind::figures::Close;
use crate::kind::parts::Link;
use crate::kind::shape::Visit;
use crate::kind::{Data, Kind};
use crate::number::{Index, Size};
use crate::proof::{Subtrees as _, Tree};
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

/// Where a month's close lies and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedMonth {
    /// What the close says.
    pub close: Close,
    /// Its index.
    pub index: Index,
}

/// The places in a ledger that excerpts are made from.
#[derive(Clone, Debug, Default)]
pub struct Archive {
    authority: Vec<Index>,
    closes: BTreeMap<Period, ClosedMonth>,
    founding: Option<Founding>,
    /// Older lines that a line names, for lines that name any.
    links: BTreeMap<Index, Vec<Index>>,
    /// Ratifications of a line, by the line ratified: what it lacked is met only if these come along.
    ratified: BTreeMap<Index, Vec<Index>>,
    recoveries: Vec<Index>,
    tree: Tree,
}

impl Archive {
    /// The archive of no lines.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next entry in.
    pub fn take(&mut self, entry: &Verified<Entry>) {
        let (index, content) = (entry.index(), entry.content());
        self.tree.push(entry.leaf());
        if AuthorityPath::holds(content.kind()) {
            self.authority.push(index);
        }
        if let Some(founding) = Founding::of_entry(entry) {
            self.founding = Some(founding);
        }
        if content.kind() == Kind::Recovery {
            self.recoveries.push(index);
        }
        if let Data::Close(close) = content.data() {
            self.closes.insert(close.period, ClosedMonth { close: close.clone(), index });
        }
        let named = named_by(content.data());
        if content.kind() == Kind::Ratification {
            named.iter().for_each(|target| self.ratified.entry(*target).or_default().push(index));
        }
        if !named.is_empty() {
            self.links.insert(index, named);
        }
    }

    /// The tree of all lines.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// What genesis fixed; `None` before it.
    #[must_use]
    pub const fn founding(&self) -> Option<&Founding> {
        self.founding.as_ref()
    }

    /// The close of a month, if it is closed.
    #[must_use]
    pub fn closed(&self, period: Period) -> Option<&ClosedMonth> {
        self.closes.get(&period)
    }

    /// Every close, in order.
    pub fn closes(&self) -> impl Iterator<Item = &ClosedMonth> {
        self.closes.values()
    }

    /// The first line of a month's statement: the `next` of the close before, or 0.
    fn first_of(&self, period: Period) -> Size {
        self.closes.get(&period.previous()).map(|before| before.close.next).unwrap_or_default()
    }

    /// The first line of a month's statement, and the size that ends with its close (spec: ).
    ///
    /// # Errors
    /// [`ExcerptError::NotClosed`].
    pub fn range(&self, period: Period) -> Result<(Size, Size), ExcerptError> {
        let closed = self.closed(period).ok_or(ExcerptError::NotClosed(period))?;
        Ok((self.first_of(period), closed.index.size_after()))
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
        lines: &impl Lines,
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
        let evidence = self.older_than(from, to);
        let proven = |index: Index| self.proven(index, from, lines);
        let of_authority = self.authority.iter().copied().filter(|index| from.covers(*index));
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

    fn proven(&self, index: Index, size: Size, lines: &impl Lines) -> Result<ProvenLine, ExcerptError> {
        let line = lines.line(index).ok_or(ExcerptError::LineMissing)?;
        let path = self.tree.inclusion(index, size).ok_or(ExcerptError::EntryMissing)?;
        Ok(ProvenLine { line, path })
    }

    /// Lines below `from` that lines `from` to `to` name, those that these name in turn, and what ratified them.
    /// Lines of the authority path are there already. How many they are only the ledger's length bounds; what a
    /// statement may carry, [`Archive::statement`] bounds.
    fn older_than(&self, from: Size, to: Size) -> BTreeSet<Index> {
        let range = from.next_index()..to.next_index();
        let mut waiting: Vec<Index> = self.links.range(range).flat_map(|(_, named)| named).copied().collect();
        let mut older = BTreeSet::new();
        while let Some(index) = waiting.pop() {
            let is_new =
                from.covers(index) && self.authority.binary_search(&index).is_err() && older.insert(index);
            if is_new {
                let further = [self.links.get(&index), self.ratified.get(&index)];
                waiting.extend(further.into_iter().flatten().flatten());
            }
        }
        older
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
        lines: &impl Lines,
    ) -> Result<Receipt, ExcerptError> {
        let line = self.proven(index, size, lines)?;
        let of_authority = self.authority.iter().filter(|index| size.covers(**index));
        let authority = of_authority.map(|index| self.proven(*index, size, lines));
        let authority = authority.collect::<Result<_, _>>()?;
        let covering = self.closes.values().find(|closed| closed.close.size.covers(index));
        let covering = covering.filter(|closed| size.covers(closed.index));
        let close = covering.map(|closed| self.covering(closed, index, size, lines)).transpose()?;
        let extra =
            ReceiptExtra { authority, close, disclosures, line: line.line, xinyi: ReceiptExtra::mark() };
        Ok(Receipt { checkpoint, extra, index, path: line.path })
    }

    fn covering(
        &self,
        closed: &ClosedMonth,
        index: Index,
        size: Size,
        lines: &impl Lines,
    ) -> Result<CoveringClose, ExcerptError> {
        let ProvenLine { line, path } = self.proven(closed.index, size, lines)?;
        let entry = self.tree.inclusion(index, closed.close.size).ok_or(ExcerptError::EntryMissing)?;
        Ok(CoveringClose { entry, line, path })
    }

    /// The lines of authority below `size`, as evidence names them (spec: J-2).
    ///
    /// # Errors
    /// [`ExcerptError::LineMissing`].
    pub fn authority(&self, size: Size, lines: &impl Lines) -> Result<Vec<String>, ExcerptError> {
        let below = self.authority.iter().filter(|index| size.covers(**index));
        below.map(|index| lines.line(*index).ok_or(ExcerptError::LineMissing)).collect()
    }

    /// What a whole ledger shows, for comparing it; `None` before genesis.
    #[must_use]
    pub fn view(&self) -> Option<View> {
        let founding = self.founding.as_ref()?;
        Some(View {
            closes: self.closes.values().map(|closed| (closed.index, closed.close.size)).collect(),
            identity: Some(founding.identity),
            leaves: BTreeMap::new(),
            origin: founding.origin.clone(),
            recoveries: self.recoveries.clone(),
            roots: BTreeMap::new(),
            size: self.tree.size(),
            tree: Some(self.tree.clone()),
        })
    }

    /// The root of the first `size` lines.
    #[must_use]
    pub fn root(&self, size: Size) -> Option<Hash> {
        self.tree.root(size)
    }
}

/// The older lines that a line names.
fn named_by(data: &Data) -> Vec<Index> {
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
