//! Reading a ledger from a directory, a file or standard input: every line verified, then seen by every rule.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use xinyi_core::{
    Anchored, Archive, Data, Entry, Hash, Index, Replay, ReplayError, Signer, Size, StopCause, Stopped,
    TilePath, Trust, Verified,
};
use xinyi_rules::Checker;
use xinyi_store::{DiskError, LedgerDir, RawLine, RawLines, TilesDir};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress;
use crate::roots::Roots;

/// What lies at a path that a ledger can be read from.
enum Source {
    /// A ledger file, alone or in its directory.
    File(PathBuf),
    /// Standard input.
    Input,
    /// A published directory of tiles.
    Tiles(TilesDir),
}

impl Source {
    fn of(path: &Path) -> Self {
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
    pub(crate) roots: Roots,
    pub(crate) stopped: Option<Stopped>,
    /// Of a published directory.
    pub(crate) tiles: Option<Tiles>,
}

impl Reading {
    fn new(identity: Option<Hash>) -> Self {
        let replay = identity.map_or_else(Replay::new, Replay::expecting);
        Self {
            approvers: None,
            checker: Checker::new(),
            closed: None,
            recorder: None,
            replay,
            roots: Roots::default(),
            stopped: None,
            tiles: None,
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

    fn read(
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
                let length = std::fs::metadata(&file).map_or(0, |metadata| metadata.len());
                reading.lines(RawLines::open(&file, 0)?, length, context, each)?;
            }
            Source::Input => {
                let source = BufReader::new(std::io::stdin().lock());
                reading.lines(RawLines::from_source(source, path), 0, context, each)?;
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
        let read = self.lines(tiles.lines(claim.size), 0, context, each);
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

    fn lines<E>(
        &mut self,
        lines: impl Iterator<Item = Result<RawLine, E>>,
        length: u64,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<(), Failure>
    where
        Failure: From<E>,
    {
        let bar = progress::bar(context, length);
        for line in lines {
            let line = line?;
            match self.push(&line) {
                Ok(entry) => {
                    self.take(&entry);
                    self.roots.see(self.replay.size(), || self.replay.root());
                    if let Data::Close(_) = entry.content().data() {
                        self.closed = Some(Anchored { root: self.replay.root(), size: self.replay.size() });
                    }
                    each(&entry);
                }
                Err(cause) => {
                    self.stopped =
                        Some(Stopped { byte: line.byte, cause, index: self.replay.size().next_index() });
                    break;
                }
            }
            bar.set_position(line.end());
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn push(&mut self, line: &RawLine) -> Result<Verified<Entry>, StopCause> {
        if line.is_cut() {
            return Err(StopCause::Cut);
        }
        Ok(self.replay.push(&line.bytes)?)
    }

    /// Notes a fact.
    pub(crate) fn take(&mut self, entry: &Entry) {
        if let Some(register) = self.replay.register() {
            self.checker.take(entry, register);
        }
        if let Data::Close(_) = entry.content().data() {
            self.approvers = Some(entry.approvers().to_vec());
        }
        self.recorder = Some(entry.recorder().clone());
    }
}

/// The ledger file behind a path.
pub(crate) fn ledger_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("entries.jsonl") } else { path.to_owned() }
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
