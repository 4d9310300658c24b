//! Reading a ledger from a directory, a file or standard input: every line verified, then seen by every rule.

use std::io::{BufReader, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::ProgressBar;
use xinyi_core::{
    Anchored, Archive, Data, Entry, Hash, Index, Places, Replay, ReplayError, Signer, Size, StopCause,
    Stopped, TilePath, Trust, Verified,
};
use xinyi_rules::Checker;
use xinyi_store::{DiskError, Halt, LedgerDir, LinesAgain, RawLine, RawLines, TilesDir, take_lines};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress;
use crate::roots::Roots;

/// What lies at a path that a ledger can be read from.
pub(crate) enum Source {
    /// A ledger file, alone or in its directory.
    File(PathBuf),
    /// Standard input.
    Input,
    /// A published directory of tiles.
    Tiles(TilesDir),
}

impl Source {
    pub(crate) fn of(path: &Path) -> Self {
        if path == Path::new("-") {
            return Self::Input;
        }
        match TilesDir::open(path) {
            Some(tiles) => Self::Tiles(tiles),
            None => Self::File(ledger_file(path)),
        }
    }
}

/// What a published directory showed besides its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tiles {
    /// Checkpoint and every tile are those of the lines.
    Agree(Size),
    /// The bundle that holds the refused line.
    Refused(TilePath),
}

/// What a ledger is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// For what its rules find and what is asked of single lines, whichever they are.
    EveryLine,
    /// For what its rules find: lines that no rule needs are forgotten.
    Rules,
    /// To know whether it is authentic, and no more.
    Verdict,
}

/// A ledger as far as it is authentic, with what the rules saw of it.
pub(crate) struct Reading {
    /// Those who approved the last close.
    pub(crate) approvers: Option<Vec<Signer>>,
    pub(crate) checker: Checker,
    /// The tree after the last close.
    pub(crate) closed: Option<Anchored>,
    pub(crate) replay: Replay,
    /// The recorder of the last line.
    pub(crate) recorder: Option<Signer>,
    /// How many of the lines an earlier run of the reader's has verified.
    pub(crate) earlier: Option<Size>,
    /// Where those lines lie that later months still need.
    pub(crate) places: Places,
    pub(crate) purpose: Purpose,
    pub(crate) roots: Roots,
    pub(crate) stopped: Option<Stopped>,
    /// Of a published directory.
    pub(crate) tiles: Option<Tiles>,
    /// How many lines an earlier run had verified with which this file does not begin.
    pub(crate) unfit: Option<Size>,
}

impl Reading {
    pub(crate) fn new(identity: Option<Hash>) -> Self {
        let replay = identity.map_or_else(Replay::new, Replay::expecting);
        Self {
            approvers: None,
            checker: Checker::new(),
            closed: None,
            earlier: None,
            places: Places::default(),
            purpose: Purpose::EveryLine,
            recorder: None,
            replay,
            roots: Roots::default(),
            stopped: None,
            tiles: None,
            unfit: None,
        }
    }

    /// A reading before the first line, of the ledger with this identity.
    pub(crate) fn empty(identity: Hash) -> Self {
        Self::new(Some(identity))
    }

    /// Reads a directory, a file, published tiles or `-`; `each` sees every fact.
    pub(crate) fn of(
        path: &Path,
        identity: Option<Hash>,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<Self, Failure> {
        Self::new(identity).read(path, context, each)
    }

    /// As [`Reading::of`] for a reader with this trust: roots at the anchor's sizes are noted.
    pub(crate) fn trusting(
        path: &Path,
        trust: &Trust,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<Self, Failure> {
        let mut reading = Self::new(trust.identity());
        reading.roots = Roots::for_anchor(trust);
        reading.read(path, context, each)
    }

    /// Reads what lies at a path, from its first line.
    pub(crate) fn read(
        mut self,
        path: &Path,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<Self, Failure> {
        let reading = &mut self;
        if let Ok(dir) = LedgerDir::open(path) {
            let checker = std::mem::take(&mut reading.checker);
            reading.checker = checker.with_documents(move |digest| dir.state(digest));
        }
        match Source::of(path) {
            Source::File(file) => {
                let (lines, again) = (RawLines::open(&file, 0)?, Arc::new(LinesAgain::open(&file)?));
                let bar = progress::bar(context, length_of(&file));
                reading.lines(lines, Some(again), &bar, context.threads, each)?;
            }
            Source::Input => {
                let source = BufReader::new(std::io::stdin().lock());
                let (lines, bar) = (RawLines::from_source(source, path), progress::bar(context, 0));
                reading.lines(lines, None, &bar, context.threads, each)?;
            }
            Source::Tiles(tiles) => reading.published(&tiles, context, each)?,
        }
        Ok(self)
    }

    /// Reads the lines of a published directory, then requires that its checkpoint and all its tiles are theirs.
    fn published(
        &mut self,
        tiles: &TilesDir,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<(), Failure> {
        let missing = || Failure::new("file-missing", tiles.root().join("checkpoint").display());
        let (_, claim) = tiles.checkpoint()?.ok_or_else(missing)?;
        let bar = progress::bar(context, 0);
        // Every leaf hash is compared with the tiles at the end, so the replay remembers them all.
        let read = self.lines(tiles.lines(claim.size), None, &bar, context.threads, each);
        tiles.check_signature(&self.replay)?;
        read?;
        self.tiles = match &self.stopped {
            None => Some(Tiles::Agree(tiles.verify(&self.replay)?.size)),
            Some(stopped) => TilePath::bundle_of(stopped.index, claim.size).map(Tiles::Refused),
        };
        Ok(())
    }

    /// As [`Reading::of`] for a ledger that must be good to its end.
    pub(crate) fn good(dir: &LedgerDir, context: &Context) -> Result<Self, Failure> {
        Self::good_to(dir, context, &mut |_| {})
    }

    /// As [`Reading::good`]; `each` sees every fact.
    pub(crate) fn good_to(
        dir: &LedgerDir,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<Self, Failure> {
        let reading = Self::of(dir.root(), None, context, each)?;
        reading.must_be_good()?;
        Ok(reading)
    }

    /// As [`Reading::trusting`]; `archive` is filled with what excerpts of the ledger are made from.
    pub(crate) fn archived(
        path: &Path,
        trust: &Trust,
        archive: &mut Archive,
        context: &Context,
    ) -> Result<Self, Failure> {
        Self::trusting(path, trust, context, &mut |entry| archive.take(entry))
    }

    /// Refuses a ledger that is not good to its end; a torn last line was never acknowledged.
    pub(crate) fn must_be_good(&self) -> Result<(), Failure> {
        match &self.stopped {
            None | Some(Stopped { cause: StopCause::Cut, .. }) => Ok(()),
            Some(stopped) => {
                Err(Failure::told(stopped.cause.code(), describe(stopped)).with(Exit::NotAuthentic))
            }
        }
    }

    /// Takes in a line from elsewhere.
    ///
    /// # Errors
    /// As [`Replay::push`].
    pub(crate) fn push(&mut self, line: &[u8]) -> Result<Verified<Entry>, ReplayError> {
        let mut replay = std::mem::take(&mut self.replay);
        let pushed = replay.push(line);
        if let Ok(entry) = &pushed {
            self.note(entry, &replay);
        }
        self.replay = replay;
        pushed
    }

    /// Takes lines in on all threads. `again` is where a file's lines are read once more; without it the replay has its
    /// own way to older lines, or remembers what later ones may name.
    pub(crate) fn lines<E>(
        &mut self,
        lines: impl Iterator<Item = Result<RawLine, E>>,
        again: Option<Arc<LinesAgain>>,
        bar: &ProgressBar,
        threads: NonZeroUsize,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<(), Failure>
    where
        Failure: From<E>,
    {
        let mut replay = std::mem::take(&mut self.replay);
        if let Some(again) = again.clone() {
            replay = replay.with_lines(again);
        }
        let halt = take_lines(lines, &mut replay, threads, &mut |line, entry, replay| {
            again.iter().for_each(|again| again.pass(line.end()));
            self.note(entry, replay);
            each(entry);
            bar.set_position(line.end());
        });
        bar.finish_and_clear();
        self.replay = replay;
        self.stopped = halt?.map(|Halt { byte, cause, index }| {
            let cause = cause.map_or(StopCause::Cut, StopCause::Refused);
            Stopped { byte, cause, index }
        });
        match self.checker.unread() {
            Some(index) => Err(Failure::new("line-missing", index)),
            None => Ok(()),
        }
    }

    /// Notes a fact; `replay` has taken it in.
    fn note(&mut self, entry: &Verified<Entry>, replay: &Replay) {
        match (self.purpose, replay.register()) {
            (Purpose::EveryLine, Some(register)) => self.checker.take(entry, register),
            (Purpose::Rules, _) => self.checker.take_from(entry, replay),
            (Purpose::EveryLine | Purpose::Verdict, _) => {}
        }
        self.places.take(entry.content(), entry.index());
        self.roots.see(replay.size(), || replay.root());
        if let Data::Close(_) = entry.content().data() {
            self.approvers = Some(entry.approvers().to_vec());
            self.closed = Some(Anchored { root: replay.root(), size: replay.size() });
        }
        if self.recorder.as_ref() != Some(entry.recorder()) {
            self.recorder = Some(entry.recorder().clone());
        }
    }
}

/// The ledger file behind a path.
pub(crate) fn ledger_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("entries.jsonl") } else { path.to_owned() }
}

/// How many bytes a file has, for showing how far one has come.
pub(crate) fn length_of(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |metadata| metadata.len())
}

/// Where and why reading stopped, in English; translations go by the code.
pub(crate) fn describe(stopped: &Stopped) -> String {
    format!("entry {}, byte {}: {}", stopped.index, stopped.byte, stopped.cause)
}

/// What a stop means for the exit status.
pub(crate) fn exit_of(stopped: &Stopped) -> Exit {
    match &stopped.cause {
        StopCause::Cut | StopCause::Refused(ReplayError::Unsupported { .. }) => Exit::CannotTell,
        StopCause::Refused(_) => Exit::NotAuthentic,
    }
}

/// Reads all of standard input or a file, at most 64 MiB: what people hand in, not ledgers.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    const LIMIT: u64 = 64 << 20;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(LIMIT).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
    };
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(DiskError::reading(path, error).into()),
    }
}

/// The index a person means by a number.
pub(crate) fn index(number: u64) -> Result<Index, Failure> {
    Index::new(number).ok_or_else(|| Failure::usage("integer-too-large", number))
}
