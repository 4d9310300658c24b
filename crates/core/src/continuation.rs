//! Lines from the middle of a ledger on: what must be brought so that they can be verified without those before them
//! (spec: Q-3…Q-6).
//!
//! All that is brought is a claim. Its parts hold together by the tree's right edge before the first line; whether that
//! edge is the ledger's, the root that a later close names tells.

use std::collections::HashMap;

use crate::authority_path::{AuthorityPath, PathError, ProvenLine};
use crate::chain::{Chain, Earlier};
use crate::entry::Entry;
use crate::hash::Hash;
use crate::kind::figures::Close;
use crate::line::Line;
use crate::number::{Index, Size};
use crate::register::Register;
use crate::replay::Replay;
use crate::state::StateDocument;
use crate::statement::StatementError;
use crate::tree::Frontier;
use crate::verified::Verified;

/// What is brought from before the first line, as it is claimed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brought<'a> {
    /// Genesis and every later line below `from` that changes register or deeds.
    pub(crate) authority: &'a [ProvenLine],
    /// The state document of the last close whose `next` is `from`.
    pub(crate) document: &'a StateDocument,
    /// Older lines that later ones name.
    pub(crate) evidence: &'a [ProvenLine],
    /// How many lines come before.
    pub(crate) from: Size,
    /// The frontier of those lines.
    pub(crate) frontier: &'a [Hash],
    /// The ledger.
    pub(crate) identity: Hash,
}

/// What is brought from before the first line, verified as far as that is possible before the close that names it.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The authority path, each line with the register after it; empty where the lines begin the ledger.
    pub authority: Vec<(Verified<Entry>, Register)>,
    /// The state that the previous close named.
    pub document: Option<StateDocument>,
    /// Older lines that the lines name.
    pub older: Vec<Verified<Entry>>,
}

impl Carried {
    /// Nothing: the lines begin the ledger.
    pub(crate) const fn nothing() -> Self {
        Self { authority: Vec::new(), document: None, older: Vec::new() }
    }

    /// Requires that a close of the period whose state was brought names that state, and the first line (spec: Q-6).
    pub(crate) fn check_close(&self, close: &Close, from: Size) -> Result<(), StatementError> {
        let carried = self.document.as_ref().filter(|document| document.period == close.period);
        let names = |document: &StateDocument| close.state == document.digest() && close.next == from;
        if carried.is_none_or(names) { Ok(()) } else { Err(StatementError::PreviousOther) }
    }
}

/// What a replay goes on from, until its first line comes.
#[derive(Debug)]
pub(crate) struct Waiting {
    frontier: Frontier,
    older: OlderLines,
}

/// Leaf hashes of older lines, for the links of later ones.
#[derive(Debug)]
struct OlderLines(HashMap<Index, Hash>);

impl Earlier for OlderLines {
    fn leaf(&self, index: Index) -> Option<Hash> {
        self.0.get(&index).copied()
    }
}

impl Brought<'_> {
    /// The tree's right edge before the first line, if that and the document are such as can be.
    pub(crate) fn edge(&self) -> Result<Frontier, StatementError> {
        if self.document.next != self.from || self.document.identity != self.identity {
            return Err(StatementError::Header);
        }
        Frontier::from_parts(self.from.get(), self.frontier.to_vec()).ok_or(StatementError::Header)
    }

    /// Verifies what was brought as far as its parts hold each other. The replay knows who may act; where it goes on
    /// it learns from [`Waiting::begin`].
    pub(crate) fn open(&self) -> Result<(Carried, Replay, Waiting), StatementError> {
        let frontier = self.edge()?;
        let root = frontier.root();
        let path = AuthorityPath::in_tree(self.authority, self.identity, self.from, root)?;
        let older = older_lines(self.evidence, &path, self.from, root)?;
        let (authority, mut ledger) = path.into_parts();
        ledger.months = ledger.months.going_on(self.from, self.document.period);
        let known = authority.iter().map(|(entry, _)| entry).chain(&older);
        let known = known.map(|entry| (entry.index(), entry.leaf())).collect();
        let carried = Carried { authority, document: Some(self.document.clone()), older };
        let replay = Replay { ledger: Some(ledger), ..Replay::default() };
        Ok((carried, replay, Waiting { frontier, older: OlderLines(known) }))
    }
}

impl Waiting {
    /// The root of the lines before the first one.
    pub(crate) fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The line before the first one is not here; the root binds what the first one says of it.
    pub(crate) fn begin(self, replay: &mut Replay, first: &Line) {
        replay.chain = Chain::after(self.frontier, first.prev, Box::new(self.older));
    }
}

/// Older lines in ascending order, each proven and verified by the register of its place (spec: Q-5).
fn older_lines(
    lines: &[ProvenLine],
    path: &AuthorityPath,
    size: Size,
    root: Hash,
) -> Result<Vec<Verified<Entry>>, PathError> {
    let mut older: Vec<Verified<Entry>> = Vec::with_capacity(lines.len());
    for line in lines {
        let line = line.open(size, root)?;
        if older.last().is_some_and(|last| line.index <= last.index()) {
            return Err(PathError::Order);
        }
        older.push(path.entry(&line)?);
    }
    Ok(older)
}
