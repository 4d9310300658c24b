//! Reading a ledger on from where an earlier run of the reader's ended: the bookmark beside the reader's anchor tells
//! where, and what had been verified until there (spec: G-15).

use std::path::{Path, PathBuf};

use xinyi_core::{Anchored, Entry, Index, Places, Replay, Signer, Size, Trust, Verified};
use xinyi_rules::Checker;
use xinyi_store::{Bookmark, DiskError, LedgerDir, RawLine, RawLines, ReadBefore};

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
        let Reader { purpose, trust, .. } = reader;
        let mut reading = Self { purpose, ..Self::new(trust.identity()) };
        reading.roots = Roots::for_anchor(trust);
        let Some((bookmark, file)) = reader.bookmark(path)? else { return reading.read(path, context, each) };
        let Some(before) = bookmark.resume() else {
            reading.unfit = bookmark.size();
            return reading.read(path, context, each);
        };
        let upto = bookmark.lines().size()?;
        match Taken::up(&bookmark, before, reader, (LedgerDir::open(path).ok(), upto)) {
            None => reading.read(path, context, each),
            Some((taken, end)) => {
                // Lines that come while this run reads are left to the next: what they name was not looked for.
                let bound = bookmark.lines().bound(upto)?;
                let is_known = |line: &Result<RawLine, DiskError>| {
                    line.as_ref().map_or(true, |line| line.byte < bound || !line.complete)
                };
                let (lines, bar) = (RawLines::open(&file, end)?, progress::bar(context, length_of(&file)));
                let mut reading = taken.into_reading(reading);
                reading.lines(lines.take_while(is_known), None, &bar, context.threads, each)?;
                Ok(reading)
            }
        }
    }
}

impl Reader<'_> {
    /// The bookmark beside the reader's anchor, if this reading may go on from it, and the ledger file.
    fn bookmark(&self, path: &Path) -> Result<Option<(Bookmark, PathBuf)>, Failure> {
        let may_go_on = self.purpose != Purpose::EveryLine;
        let anchor = self.anchor.zip(self.trust.anchor.as_ref()).filter(|_| may_go_on);
        let (Some((at, anchor)), Source::File(file)) = (anchor, Source::of(path)) else { return Ok(None) };
        Ok(Bookmark::open(at, anchor, &file)?.map(|bookmark| (bookmark, file)))
    }
}

/// What an earlier run leaves for this one.
struct Taken {
    checker: Checker,
    close: Option<(Vec<Signer>, Anchored)>,
    places: Places,
    recorder: Signer,
    replay: Replay,
    roots: Roots,
}

impl Taken {
    /// What the bookmark stands for, and the byte from which lines are new; `None` if it does not suffice.
    fn up(
        bookmark: &Bookmark,
        before: ReadBefore,
        reader: Reader<'_>,
        (dir, upto): (Option<LedgerDir>, Size),
    ) -> Option<(Self, u64)> {
        let ReadBefore { end, places, replay } = before;
        let identity = replay.founding()?.identity;
        if reader.trust.identity().is_some_and(|asked| asked != identity) {
            return None;
        }
        let checker = match reader.purpose {
            Purpose::EveryLine | Purpose::Verdict => Checker::new(),
            Purpose::Rules => {
                let (dir, lines) = (dir.filter(|_| bookmark.is_judged())?, bookmark.lines());
                let recalled =
                    Recalled { dir: &dir, lines: lines.as_ref(), places: &places, replay: &replay };
                recalled.since_close(upto, Vec::new())?.checker
            }
        };
        let close = match replay.months()?.closed() {
            None => None,
            Some(closed) => {
                let size = closed.index.size_after();
                let anchored = Anchored { root: bookmark.root_at(size, &replay)?, size };
                Some((replay.recall(closed.index)?.approvers().to_vec(), anchored))
            }
        };
        let last = Index::new(replay.size().get().checked_sub(1)?)?;
        let recorder = replay.recall(last)?.recorder().clone();
        let mut roots = Roots::for_anchor(reader.trust);
        let is_whole = roots.look_up(replay.size(), |size| bookmark.root_at(size, &replay));
        is_whole.then_some((Self { checker, close, places, recorder, replay, roots }, end))
    }

    fn into_reading(self, reading: Reading) -> Reading {
        let (approvers, closed) = self.close.unzip();
        Reading {
            approvers,
            checker: self.checker,
            closed,
            earlier: Some(self.replay.size()),
            places: self.places,
            recorder: Some(self.recorder),
            replay: self.replay,
            roots: self.roots,
            ..reading
        }
    }
}
