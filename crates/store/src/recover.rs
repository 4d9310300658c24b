//! Rebuilding a ledger from whatever is left of it: tiles, ledger files whole or cut, statements, receipts
//! (spec: L-13…L-16).
//!
//! Lines are put at the index that they name; only what a replay takes in from 0 on is the ledger. What the
//! sources hold is kept in memory, each line once.

mod rebuilt;
mod void;

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read as _};
use std::path::{Path, PathBuf};

use xinyi_core::{
    Data, Hash, Index, Line, Period, Receipt, Replay, Size, StateDocument, StatementHeader, TilePath,
};

use crate::disk::DiskError;
use crate::public::{FileError, PublicDir};
use crate::reader::RawLines;

pub use rebuilt::{Rebuilt, Stretch};
pub use void::VoidLines;

/// Largest first line read: that of a statement, or the whole of a receipt.
const MAX_FIRST: u64 = 16 << 20;

/// Why nothing was rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A file of a published directory cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Two files show two histories of one ledger (spec: L-14).
    #[error("`{}` and `{}` show two histories from entry {index} on", files.0.display(), files.1.display())]
    Fork {
        /// The two files.
        files: (PathBuf, PathBuf),
        /// The first entry known to differ, or the last one that a checkpoint of another root covers.
        index: Index,
    },
    /// The files are of two ledgers (spec: L-14).
    #[error("`{}` and `{}` are of two ledgers", .0.display(), .1.display())]
    Ledgers(PathBuf, PathBuf),
    /// No file holds the first line of the ledger.
    #[error("no file given holds the first line of the ledger")]
    Nothing,
}

impl RecoverError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disk(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Fork { .. } => "recover-fork",
            Self::Ledgers(..) => "recover-ledgers",
            Self::Nothing => "recover-nothing",
        }
    }
}

/// A line that some file holds: a claim.
#[derive(Debug)]
struct Found {
    bytes: Vec<u8>,
    leaf: Hash,
    period: Period,
    source: PathBuf,
}

/// Everything that the sources hold. All of it are claims.
#[derive(Debug, Default)]
pub struct Remains {
    lines: BTreeMap<Index, Vec<Found>>,
    notes: Vec<(PathBuf, String)>,
    /// Files of which a part could not be used.
    spoilt: Vec<PathBuf>,
    states: HashMap<Hash, StateDocument>,
}

impl Remains {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a published directory, a ledger directory, a ledger file, a statement or a receipt.
    ///
    /// # Errors
    /// [`RecoverError`] if it cannot be read. A part that is damaged is left out and noted.
    pub fn add(&mut self, path: &Path) -> Result<(), RecoverError> {
        if path.join("tile").is_dir() {
            return self.add_tiles(path);
        }
        let file = if path.is_dir() { path.join("entries.jsonl") } else { path.to_owned() };
        self.add_file(&file)?;
        if path.is_dir() {
            self.add_beside(path, "states")?;
            self.add_beside(path, "checkpoints")?;
        }
        Ok(())
    }

    /// Takes every bundle that is there, whatever the checkpoint says: it may be what was lost.
    fn add_tiles(&mut self, root: &Path) -> Result<(), RecoverError> {
        let files = PublicDir::new(root);
        for name in files.files("tile/entries")? {
            let Ok(path) = name.parse::<TilePath>() else { continue };
            let source = root.join(&name);
            let Some(bytes) = self.read(&files, &name, path.max_bytes())? else { continue };
            match path.entries(&bytes) {
                Ok(entries) => entries.into_iter().for_each(|entry| self.take(&source, entry)),
                Err(_) => self.spoil(&source),
            }
        }
        self.add_beside(root, "state")?;
        self.add_beside(root, "checkpoint")
    }

    fn add_file(&mut self, path: &Path) -> Result<(), RecoverError> {
        let failed = |source| DiskError::new("read", path, source);
        let mut file = BufReader::new(File::open(path).map_err(failed)?);
        let mut first = Vec::new();
        (&mut file).take(MAX_FIRST).read_until(b'\n', &mut first).map_err(failed)?;
        if first == b"c2sp.org/tlog-proof@v1\n" {
            (&mut file).take(MAX_FIRST).read_to_end(&mut first).map_err(failed)?;
            self.take_receipt(path, &first);
            return Ok(());
        }
        let header = first.strip_suffix(b"\n").and_then(|line| StatementHeader::decode(line).ok());
        let again = if header.is_some() { Vec::new() } else { first };
        if let Some(header) = header {
            self.take_header(path, header);
        }
        for line in RawLines::from_source(Cursor::new(again).chain(file), path) {
            let line = line?;
            if line.complete {
                self.take(path, &line.bytes);
            } else {
                self.spoil(path);
            }
        }
        Ok(())
    }

    /// What the first line of a statement brings: older lines, the state carried, the checkpoint at its end.
    fn take_header(&mut self, path: &Path, header: StatementHeader) {
        for proven in header.authority.iter().chain(&header.evidence) {
            self.take(path, proven.line.as_bytes());
        }
        self.states.extend(header.previous.map(|document| (document.digest(), document)));
        self.notes.push((path.to_owned(), header.checkpoint));
    }

    /// A receipt brings its entry, the lines of authority, its close and a checkpoint.
    fn take_receipt(&mut self, path: &Path, bytes: &[u8]) {
        let receipt = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<Receipt>().ok());
        let Some(receipt) = receipt else { return self.spoil(path) };
        self.take(path, receipt.extra.line.as_bytes());
        let others = receipt.extra.authority.iter().map(|proven| &proven.line);
        for line in others.chain(receipt.extra.close.iter().map(|close| &close.line)) {
            self.take(path, line.as_bytes());
        }
        self.notes.push((path.to_owned(), receipt.checkpoint));
    }

    /// Takes in state documents or notes that lie beside lines.
    fn add_beside(&mut self, root: &Path, name: &str) -> Result<(), RecoverError> {
        let files = PublicDir::new(root);
        let limit = u64::try_from(StateDocument::MAX).unwrap_or(u64::MAX);
        for name in files.files(name)? {
            let Some(bytes) = self.read(&files, &name, limit)? else { continue };
            if name.starts_with("checkpoint") {
                self.notes.extend(String::from_utf8(bytes).ok().map(|note| (root.join(&name), note)));
            } else {
                self.take_state(&bytes);
            }
        }
        Ok(())
    }

    /// A file's bytes; one that is too large is noted as spoilt.
    fn read(&mut self, files: &PublicDir, name: &str, limit: u64) -> Result<Option<Vec<u8>>, RecoverError> {
        match files.read(name, limit) {
            Err(FileError::TooLarge(path)) => {
                self.spoil(&path);
                Ok(None)
            }
            read => Ok(read?),
        }
    }

    fn take(&mut self, source: &Path, bytes: &[u8]) {
        let Ok(line) = Line::decode(bytes) else { return self.spoil(source) };
        let leaf = line.leaf();
        let there = self.lines.entry(line.index_claimed()).or_default();
        if there.iter().all(|known| known.leaf != leaf) {
            let period = line.content_claimed().date().period();
            there.push(Found { bytes: bytes.to_vec(), leaf, period, source: source.to_owned() });
        }
    }

    fn take_state(&mut self, bytes: &[u8]) {
        if let Ok(document) = StateDocument::decode(bytes) {
            self.states.insert(document.digest(), document);
        }
    }

    fn spoil(&mut self, source: &Path) {
        if self.spoilt.last().is_none_or(|last| last != source) {
            self.spoilt.push(source.to_owned());
        }
    }

    /// Replays what links up from the first line on; `identity` is the ledger asked for, if it is known.
    ///
    /// # Errors
    /// [`RecoverError`].
    pub fn rebuild(&self, identity: Option<Hash>) -> Result<Rebuilt<'_>, RecoverError> {
        let mut replay = identity.map_or_else(Replay::new, Replay::expecting);
        let mut rebuilt = Rebuilt::default();
        let mut closed = Vec::new();
        let mut roots = BTreeMap::new();
        loop {
            let index = replay.size().next_index();
            let Some(line) = self.next_line(&replay, index, &mut rebuilt)? else { break };
            if let Ok(entry) = replay.push(&line.bytes)
                && let Data::Close(close) = entry.content().data()
            {
                closed.push(close.state);
            }
            rebuilt.lines.push(&line.bytes);
            roots.insert(replay.size(), (replay.root(), line.source.as_path()));
        }
        if rebuilt.lines.is_empty() {
            return Err(RecoverError::Nothing);
        }
        self.take_checkpoints(&replay, &roots, &mut rebuilt)?;
        for digest in closed {
            match self.states.get(&digest) {
                Some(document) => rebuilt.states.push(document),
                None => rebuilt.missing_states.push(digest),
            }
        }
        rebuilt.unlinked = self.unlinked(replay.size(), &rebuilt);
        rebuilt.spoilt = self.spoilt.iter().map(PathBuf::as_path).collect();
        rebuilt.replay = replay;
        Ok(rebuilt)
    }

    /// The one line that a replay would take in at this index. Of two a recovery is the history, if the other is
    /// void; else they are a fork (spec: L-14).
    fn next_line<'r>(
        &'r self,
        replay: &Replay,
        index: Index,
        rebuilt: &mut Rebuilt<'r>,
    ) -> Result<Option<&'r Found>, RecoverError> {
        let mut good: Vec<&Found> = Vec::new();
        for found in self.lines.get(&index).into_iter().flatten() {
            match replay.judge(&found.bytes) {
                Ok(()) => good.push(found),
                Err(_) if rebuilt.is_void(index, found.leaf) => {}
                Err(error) => rebuilt.refused = Some((&found.source, error)),
            }
        }
        // A recovery stands before the others.
        good.sort_by_key(|found| !found.is_recovery());
        let Some((taken, others)) = good.split_first() else { return Ok(None) };
        for other in others {
            let is_recovered = others.len() == 1 && taken.is_recovery() && !other.is_recovery();
            let void = is_recovered.then(|| self.follow_void(&rebuilt.lines, other)).flatten();
            rebuilt.void.push(void.ok_or_else(|| apart(taken, other, index))?);
        }
        rebuilt.refused = None;
        Ok(Some(taken))
    }

    /// Keeps the checkpoints that agree; one that was signed for another root is evidence (spec: L-14, L-15).
    fn take_checkpoints<'r>(
        &'r self,
        replay: &Replay,
        roots: &BTreeMap<Size, (Hash, &Path)>,
        rebuilt: &mut Rebuilt<'r>,
    ) -> Result<(), RecoverError> {
        for (source, note) in &self.notes {
            let Ok(signed) = replay.signed_checkpoint(note) else { continue };
            if rebuilt.void.iter().any(|void| void.has_root(signed.size, signed.root)) {
                continue;
            }
            match (roots.get(&signed.size), signed.size.get().checked_sub(1).and_then(Index::new)) {
                (Some((root, file)), Some(index)) if *root != signed.root => {
                    let files = (source.clone(), (*file).to_owned());
                    return Err(RecoverError::Fork { files, index });
                }
                (Some(_), _) => {
                    rebuilt.checkpoints.entry(signed.size).or_insert(note);
                }
                _ => {}
            }
            if rebuilt.newest.as_ref().is_none_or(|newest| newest.size < signed.size) {
                rebuilt.newest = Some(signed);
            }
        }
        Ok(())
    }

    /// The stretches of lines from `size` on that are known but do not link up; void ones do, elsewhere.
    fn unlinked(&self, size: Size, rebuilt: &Rebuilt<'_>) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for (index, found) in self.lines.range(size.next_index()..) {
            let of_history = || found.iter().filter(|line| !rebuilt.is_void(*index, line.leaf));
            let periods = || of_history().map(|line| line.period);
            let Some((first, last)) = periods().min().zip(periods().max()) else { continue };
            match stretches.last_mut().filter(|stretch| stretch.end.next_index() == *index) {
                Some(stretch) => {
                    stretch.end = index.size_after();
                    stretch.periods = (stretch.periods.0.min(first), stretch.periods.1.max(last));
                }
                None => {
                    stretches.push(Stretch { end: index.size_after(), from: *index, periods: (first, last) })
                }
            }
        }
        stretches
    }
}

/// Two good lines at one index, neither of them void.
fn apart(one: &Found, other: &Found, index: Index) -> RecoverError {
    let files = (one.source.clone(), other.source.clone());
    if identity(one) == identity(other) {
        RecoverError::Fork { files, index }
    } else {
        RecoverError::Ledgers(files.0, files.1)
    }
}

/// The ledger that a good line is of; a genesis begins its own.
fn identity(found: &Found) -> Option<Hash> {
    let line = Line::decode(&found.bytes).ok()?;
    Some(line.content_claimed().ledger().unwrap_or_else(|| line.content_claimed().identity()))
}
