//! Reading a ledger from a directory, a file or standard input: every line verified, then seen by every rule.

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use xinyi_core::{Entry, Hash, Index, Link, Replay, ReplayError, Signer, StopCause, Stopped, Verified};
use xinyi_rules::Checker;
use xinyi_store::{LedgerDir, RawLine, RawLines, RefLink};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress;

/// A ledger as far as it is authentic, with what the rules saw of it.
pub(crate) struct Reading {
    pub(crate) checker: Checker,
    pub(crate) references: HashMap<RefLink, Link>,
    pub(crate) replay: Replay,
    /// The recorder of the last line.
    pub(crate) recorder: Option<Signer>,
    pub(crate) stopped: Option<Stopped>,
}

impl Reading {
    fn new(identity: Option<Hash>) -> Self {
        let replay = identity.map_or_else(Replay::new, Replay::expecting);
        Self { checker: Checker::new(), references: HashMap::new(), recorder: None, replay, stopped: None }
    }

    /// A reading before the first line, of the ledger with this identity.
    pub(crate) fn empty(identity: Hash) -> Self {
        Self::new(Some(identity))
    }

    /// Reads a directory, a file or `-`; `each` sees every fact.
    pub(crate) fn of(
        path: &Path,
        identity: Option<Hash>,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<Self, Failure> {
        let mut reading = Self::new(identity);
        if let Ok(dir) = LedgerDir::open(path) {
            reading.checker = reading.checker.with_documents(move |digest| dir.state(digest));
        }
        if path == Path::new("-") {
            let source = BufReader::new(std::io::stdin().lock());
            reading.lines(RawLines::from_source(source, path), 0, context, each)?;
        } else {
            let file = file_of(path);
            let length = std::fs::metadata(&file).map_or(0, |metadata| metadata.len());
            reading.lines(RawLines::open(&file, 0)?, length, context, each)?;
        }
        Ok(reading)
    }

    /// As [`Reading::of`] for a ledger that must be good to its end.
    pub(crate) fn good(dir: &LedgerDir, context: &Context) -> Result<Self, Failure> {
        let reading = Self::of(dir.root(), None, context, &mut |_| {})?;
        match &reading.stopped {
            None | Some(Stopped { cause: StopCause::Cut, .. }) => Ok(reading),
            Some(stopped) => Err(Failure::not_authentic(stopped.cause.code(), describe(stopped))),
        }
    }

    fn lines(
        &mut self,
        lines: impl Iterator<Item = Result<RawLine, xinyi_store::DiskError>>,
        length: u64,
        context: &Context,
        each: &mut dyn FnMut(&Verified<Entry>),
    ) -> Result<(), Failure> {
        let bar = progress::bar(context, length);
        for line in lines {
            let line = line?;
            match self.push(&line) {
                Ok(entry) => {
                    self.take(&entry);
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
        if !line.complete && line.bytes.len() <= 65_535 {
            return Err(StopCause::Cut);
        }
        Ok(self.replay.push(&line.bytes)?)
    }

    /// Notes a fact, read or just recorded.
    pub(crate) fn take(&mut self, entry: &Entry) {
        if let Some(register) = self.replay.register() {
            self.checker.take(entry, register);
        }
        self.note(entry);
    }

    /// Notes how a fact can be named.
    pub(crate) fn note(&mut self, entry: &Entry) {
        let content = entry.content();
        let name = RefLink { period: content.date().period(), reference: content.reference().clone() };
        self.references.insert(name, entry.link());
        self.recorder = Some(entry.recorder().clone());
    }
}

/// The ledger file behind a path.
pub(crate) fn file_of(path: &Path) -> PathBuf {
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
        Err(error) => Err(Failure::new("file-missing", format!("`{}`: {error}", path.display()))),
    }
}

/// The index a person means by a number.
pub(crate) fn index(number: u64) -> Result<Index, Failure> {
    Index::new(number).ok_or_else(|| Failure::usage("integer-too-large", number))
}
