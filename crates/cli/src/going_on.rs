//! Reading a ledger on from where an earlier run of the reader's ended: the bookmark beside the reader's anchor tells
//! where, and what had been verified until there (spec: G-15).

use std::path::Path;

use xinyi_core::{Anchored, Entry, Index, Trust, Verified};
use xinyi_rules::Checker;
use xinyi_store::{Bookmark, LedgerDir, RawLines, ReadBefore};

use crate::context::Context;
use crate::failure::Failure;
use crate::progress;
use crate::reading::{Purpose, Reading, Source, length_of};
use crate::recalled::Recalled;
use crate::roots::Roots;

/// What a reader brings to a reading.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// Where the reader's anchor lies, unless everything is to be read.
    pub(crate) anchor: Option<&'a Path>,
    pub(crate) purpose: Purpose,
    pub(crate) trust: &'a Trust,
}

impl Reading {
    /// As [`Reading::trusting`]; it goes on from where an earlier run ended, if a bookmark tells and the file fits. Then
    /// `each` sees the facts that are new.
    pub(crate) fn going_on(
        path: &Path,
        reader: Reader<'_>,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<Self, Failure> {
        let Reader { anchor, purpose, trust } = reader;
        let roots = Roots::for_anchor(trust);
        let anchor = anchor.filter(|_| purpose != Purpose::EveryLine);
        let mut reading = Self { purpose, roots, ..Self::new(trust.identity()) };
        let (Some(anchor), Source::File(file)) = (anchor, Source::of(path)) else {
            return reading.read(path, context, each);
        };
        let Some(bookmark) = Bookmark::open(anchor, &file)? else { return reading.read(path, context, each) };
        match reading.take_up(&bookmark, trust, LedgerDir::open(path).ok()) {
            None => reading.read(path, context, each),
            Some(end) => {
                let bar = progress::bar(context, length_of(&file));
                reading.lines(RawLines::open(&file, end)?, None, &bar, context.threads, each)?;
                Ok(reading)
            }
        }
    }

    /// Takes up what the bookmark stands for; gives the byte from which lines are new. `None`, and nothing is taken, if
    /// it does not fit or does not suffice.
    fn take_up(&mut self, bookmark: &Bookmark, trust: &Trust, dir: Option<LedgerDir>) -> Option<u64> {
        let ReadBefore { end, places, replay } = bookmark.resume()?;
        let identity = replay.founding()?.identity;
        if trust.identity().is_some_and(|asked| asked != identity) {
            return None;
        }
        let checker = match self.purpose {
            Purpose::EveryLine | Purpose::Verdict => Checker::new(),
            Purpose::Rules => {
                let (dir, lines) = (dir?, bookmark.lines());
                let upto = lines.size().ok()?;
                let recalled =
                    Recalled { dir: &dir, lines: lines.as_ref(), places: &places, replay: &replay };
                recalled.since_close(upto, Vec::new())?.checker
            }
        };
        let closed = replay.months()?.closed().map(|closed| closed.index);
        let close = closed.map(|index| replay.recall(index).map(|close| (close, index.size_after())));
        if let Some(found) = close {
            let (close, size) = found?;
            let root = bookmark.root_at(size, &replay)?;
            (self.approvers, self.closed) = (Some(close.approvers().to_vec()), Some(Anchored { root, size }));
        }
        let last = Index::new(replay.size().get().checked_sub(1)?)?;
        self.recorder = Some(replay.recall(last)?.recorder().clone());
        self.roots.look_up(|size| bookmark.root_at(size, &replay));
        (self.checker, self.earlier) = (checker, Some(replay.size()));
        (self.places, self.replay) = (places, replay);
        Some(end)
    }
}
