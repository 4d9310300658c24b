//! The check of a ledger whose lines were verified before: it begins with the state document of the last close, where that
//! and what is kept suffice, and sees the lines after it once more as the facts they were.

use std::collections::BTreeSet;

use xinyi_core::{Hash, Index, Lines, Places, Register, Replay, Size, StateDocument};
use xinyi_rules::Checker;
use xinyi_store::LedgerDir;

/// A ledger's lines as a replay knows them.
#[derive(Clone, Copy)]
pub(crate) struct Recalled<'a> {
    /// Where state documents lie.
    pub(crate) dir: &'a LedgerDir,
    pub(crate) lines: &'a dyn Lines,
    pub(crate) places: &'a Places,
    pub(crate) replay: &'a Replay,
}

/// A check that begins with a close, and what it knows of the lines before.
pub(crate) struct SinceClose {
    pub(crate) checker: Checker,
    /// The first line that it saw.
    pub(crate) from: Size,
    /// Older lines that it was given.
    pub(crate) older: BTreeSet<Index>,
}

impl Recalled<'_> {
    /// A check of every line; `None` if a line is no longer what was verified.
    pub(crate) fn whole(&self) -> Option<Checker> {
        self.check(None, &BTreeSet::new())
    }

    /// A check that begins with the last close, and knows what the lines up to `upto` and `named` name; `None` if there is
    /// no close, or its document or a line is not at hand.
    pub(crate) fn since_close(&self, upto: Size, named: Vec<Index>) -> Option<SinceClose> {
        let closed = self.replay.months()?.closed()?;
        let document = self.dir.state(closed.state)?;
        let fits = document.period == closed.period
            && document.next == closed.next
            && Some(document.identity) == self.identity();
        let from = closed.next;
        let mut older = self.places.older(from, upto, self.lines).filter(|_| fits)?;
        older.extend(self.places.with_named(named, from, self.lines)?);
        let checker = self.check(Some((from, &document)), &older)?;
        Some(SinceClose { checker, from, older })
    }

    fn identity(&self) -> Option<Hash> {
        self.replay.founding().map(|founding| founding.identity)
    }

    fn check(&self, start: Option<(Size, &StateDocument)>, older: &BTreeSet<Index>) -> Option<Checker> {
        let (replay, dir) = (self.replay, self.dir.clone());
        let (from, document) = start.map(|(from, document)| (from, Some(document))).unwrap_or_default();
        let mut authority = replay.recall_authority(self.places, replay.size())?;
        let later = authority.split_off(authority.partition_point(|(entry, _)| from.covers(entry.index())));
        let recalled: Vec<_> = older.iter().map(|index| replay.recall(*index)).collect::<Option<_>>()?;
        let checker = Checker::resume(&authority, document, &recalled);
        let mut checker = checker.with_documents(move |digest| dir.state(digest));
        let mut register: Option<&Register> = authority.last().map(|(_, register)| register);
        let mut later = later.iter().peekable();
        for index in (from.get()..replay.size().get()).map_while(Index::new) {
            let entry = replay.recall(index)?;
            if let Some((_, after)) = later.next_if(|(entry, _)| entry.index() == index) {
                register = Some(after);
            }
            checker.take(&entry, register?);
        }
        Some(checker)
    }
}
