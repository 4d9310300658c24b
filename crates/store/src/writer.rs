//! The one way to add a line: locked, verified, synced, read back, and only then acknowledged (O-2…O-8).

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use xinyi_core::{
    Approval, Checkpoint, CloseError, Content, Data, Entry, Frontier, Hash, Index, LineError, NoteError,
    Places, Replay, ReplayError, Sign, Size, StateDocument, Timestamp, Verified,
};

use crate::anchor::{AnchorFileError, Guard};
use crate::cache::Cache;
use crate::dir::LedgerDir;
use crate::disk::{self, DiskError};
use crate::line_index::LineIndex;
use crate::reader::{RawLine, RawLines};
use crate::resumed::Resumed;

/// How far a ledger's `recorded` may lie from this computer's clock, in seconds (spec: O-7).
const CLOCK_TOLERANCE: i64 = 300;

/// Why a line was not added, or a directory not opened for writing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A checkpoint of this size lies there that is not one of this ledger (spec: P-4).
    #[error("the checkpoint of size {0} that lies there is not one of this ledger")]
    CheckpointOther(Size),
    /// `recorded` would lie far from this computer's clock (spec: O-7).
    #[error("the time to record lies {seconds} seconds from this computer's clock")]
    ClockFar {
        /// The distance.
        seconds: i64,
    },
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The guard outside the directory holds a longer or another history (spec: O-13).
    #[error("the guard outside the directory: {0}")]
    Guard(#[from] AnchorFileError),
    /// The ledger is not the one the caller expects to extend (spec: O-6).
    #[error("the ledger has {size} entries and head {head}, not the head expected")]
    HeadOther {
        /// Its size.
        size: Size,
        /// Its head.
        head: Hash,
    },
    /// The content is too large for a line.
    #[error(transparent)]
    Line(#[from] LineError),
    /// Another program writes to this ledger (spec: O-5).
    #[error("another program is writing to this ledger")]
    Locked,
    /// The ledger has no log key that this writer holds.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The key may not sign checkpoints of this ledger (spec: P-2).
    #[error("the key may not sign checkpoints of this ledger")]
    LogKeyOther,
    /// An earlier write failed; what lies on the disk must be looked at first (spec: O-4).
    #[error("an earlier write failed, so nothing more is written before the ledger is opened again")]
    Poisoned,
    /// What was written does not read back (spec: O-3).
    #[error("what was written does not read back")]
    ReadBack,
    /// The reference is taken by another content (spec: C-4).
    #[error("the reference is taken by entry {0}, which says something else")]
    ReferenceOther(Index),
    /// The ledger on disk is not authentic.
    #[error("entry {index} on disk, at byte {byte}: {cause}")]
    Refused {
        /// Where.
        byte: u64,
        /// Why.
        cause: ReplayError,
        /// The first entry that is not good.
        index: Index,
    },
    /// The new line would not be authentic.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A close whose state document does not have the digest that it names.
    #[error("the state document is not the one that the close names")]
    StateOther,
}

impl StoreError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CheckpointOther(_) => "checkpoint-other",
            Self::ClockFar { .. } => "clock-far",
            Self::Disk(error) => error.code(),
            Self::Guard(AnchorFileError::Anchor(_)) => "guard-other",
            Self::Guard(error) => error.code(),
            Self::HeadOther { .. } => "head-other",
            Self::Line(error) => error.code(),
            Self::Locked => "locked",
            Self::LogKeyOther => "log-key-other",
            Self::Note(error) => error.code(),
            Self::Poisoned => "writer-poisoned",
            Self::ReadBack => "read-back",
            Self::ReferenceOther(_) => "reference-other",
            Self::Refused { cause, .. } | Self::Replay(cause) => cause.code(),
            Self::StateOther => "state-other",
        }
    }
}

/// The keys of a writer; as a rule the trustee's one key does both.
#[derive(Clone, Copy)]
pub struct Keys<'k> {
    /// Signs checkpoints.
    pub log: &'k dyn Sign,
    /// Signs lines.
    pub recorder: &'k dyn Sign,
}

impl std::fmt::Debug for Keys<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.recorder.public_key().id())
    }
}

/// An end of the file that a crash tore; it was set aside and was never acknowledged (spec: O-8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornLine {
    /// Where it began.
    pub byte: u64,
    /// How many bytes it has.
    pub length: usize,
    /// Where it lies now.
    pub set_aside: PathBuf,
}

/// What opening for writing found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The checkpoint that a crash had left unsigned was signed now.
    pub checkpoint: Option<Size>,
    /// The checkpoint after the last close is missing, and the key at hand may not sign it.
    pub unsigned: Option<Size>,
    /// A torn end was set aside.
    pub torn: Option<TornLine>,
    /// Entries verified on opening; the others rest on this recorder's own earlier verification.
    pub verified: u64,
}

/// What became of a content.
#[derive(Debug)]
pub enum Outcome {
    /// The very same content stands there already.
    AlreadyThere(Index),
    /// It was added, synced and read back.
    Recorded(Box<Verified<Entry>>),
}

/// A ledger open for writing. Only one exists for a directory at a time.
#[derive(Debug)]
pub struct Writer<'k> {
    cache: Arc<Cache>,
    dir: LedgerDir,
    /// The byte after the last good line.
    end: u64,
    file: File,
    guard: Option<Guard>,
    keys: Keys<'k>,
    _lock: File,
    places: Places,
    poisoned: bool,
    replay: Replay,
}

impl<'k> Writer<'k> {
    /// Locks the ledger, sets a torn end aside, verifies what this recorder has not verified before, and signs
    /// a checkpoint that a crash left out if its key may.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open(dir: &LedgerDir, keys: Keys<'k>) -> Result<(Self, Recovered), StoreError> {
        let lock = lock(dir)?;
        let mut recovered = Recovered::default();
        let cache = Cache::open(dir)?;
        let Resumed { mut end, mut places, replay } = Resumed::of(dir, keys.recorder, &cache)?;
        let lines: Arc<LineIndex> = Arc::clone(cache.lines());
        let mut replay = replay.with_lines(lines);
        for line in RawLines::open(&dir.entries(), end)? {
            let line = line?;
            // A line that is too long is no torn end: what follows it must not be cut off.
            if line.is_cut() {
                recovered.torn = Some(set_aside(dir, &line)?);
                break;
            }
            let index = replay.size().next_index();
            let refused = |cause| StoreError::Refused { byte: line.byte, cause, index };
            let entry = replay.push(&line.bytes).map_err(refused)?;
            places.take(entry.content(), index);
            recovered.verified = recovered.verified.saturating_add(1);
            end = line.end();
        }
        let entries = dir.entries();
        let file = OpenOptions::new().read(true).append(true).open(&entries);
        let file = file.map_err(|source| DiskError::new("open", &entries, source))?;
        let guard = dir.guard()?;
        if let Some(guard) = &guard {
            guard.check(dir, &replay)?;
        }
        let mut writer = Self {
            cache,
            dir: dir.clone(),
            end,
            file,
            guard,
            keys,
            _lock: lock,
            places,
            poisoned: false,
            replay,
        };
        recovered.checkpoint = writer.sign_missing_checkpoint()?;
        recovered.unsigned = writer.unsigned_checkpoint();
        Ok((writer, recovered))
    }

    /// The state that the next line is judged by.
    #[must_use]
    pub const fn replay(&self) -> &Replay {
        &self.replay
    }

    /// Where the lines lie that months later are still needed.
    #[must_use]
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// The ledger's lines by index.
    #[must_use]
    pub fn lines(&self) -> &Arc<LineIndex> {
        self.cache.lines()
    }

    /// The directory.
    #[must_use]
    pub const fn dir(&self) -> &LedgerDir {
        &self.dir
    }

    /// Refuses to go on unless the ledger has this size and head (spec: O-6).
    ///
    /// # Errors
    /// [`StoreError::HeadOther`].
    pub fn expect_head(&self, size: Size, head: Hash) -> Result<(), StoreError> {
        let found = self.replay.head().unwrap_or_else(|| Hash::digest(b""));
        if (self.replay.size(), found) == (size, head) {
            Ok(())
        } else {
            Err(StoreError::HeadOther { size: self.replay.size(), head: found })
        }
    }

    /// Adds a content with these approvals, recorded at `now`.
    ///
    /// # Errors
    /// See [`StoreError`]. Nothing was acknowledged; after a failed write the writer refuses further work.
    pub fn append(
        &mut self,
        content: Content,
        approvals: Vec<Approval>,
        now: Timestamp,
    ) -> Result<Outcome, StoreError> {
        if self.poisoned {
            return Err(StoreError::Poisoned);
        }
        self.check_clock(now)?;
        let digest = content.digest();
        let line = self.replay.prepare(content, approvals).record(now, self.keys.recorder)?;
        // The replay takes the line before the disk does, so that nothing unverified is ever written.
        let entry = match self.replay.push(&line) {
            Ok(entry) => entry,
            Err(ReplayError::Close(CloseError::ReferenceTaken { index })) => {
                return if self.has(index, digest)? {
                    Ok(Outcome::AlreadyThere(index))
                } else {
                    Err(StoreError::ReferenceOther(index))
                };
            }
            Err(refused) => return Err(refused.into()),
        };
        // From here the replay is ahead of the disk: any failure ends this writer.
        self.poisoned = true;
        self.write(&line)?;
        self.poisoned = false;
        self.places.take(entry.content(), entry.index());
        Ok(Outcome::Recorded(Box::new(entry)))
    }

    /// Whether the entry at `index` has the content with this digest.
    fn has(&self, index: Index, digest: Hash) -> Result<bool, StoreError> {
        let has = || self.replay.recall(index).map(|entry| entry.content().digest() == digest);
        if let Some(same) = has() {
            return Ok(same);
        }
        // The fault may be the cache's: lines may begin elsewhere than it says.
        self.cache.rebuild()?;
        Ok(has().unwrap_or(false))
    }

    /// Adds a close, keeps its state document first and signs the checkpoint after it (spec: B-10, O-8).
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn close(
        &mut self,
        content: Content,
        approvals: Vec<Approval>,
        document: &StateDocument,
        now: Timestamp,
    ) -> Result<Outcome, StoreError> {
        match content.data() {
            Data::Close(close) if close.state == document.digest() => {}
            _ => return Err(StoreError::StateOther),
        }
        self.dir.keep_state(document)?;
        let outcome = self.append(content, approvals, now)?;
        self.sign_missing_checkpoint()?;
        Ok(outcome)
    }

    /// Writes down what was verified and what is at hand of older lines, so that the next opening need not verify or
    /// read them again (spec: O-7, O-14).
    ///
    /// # Errors
    /// [`DiskError`]. Losing any of it loses nothing but time.
    pub fn remember(&self) -> Result<(), StoreError> {
        let Some(snapshot) = self.replay.snapshot(&self.places) else { return Ok(()) };
        self.cache.catch_up()?;
        self.cache.tree_or_rebuild(self.replay.size(), self.replay.root())?;
        // What cannot be kept is made again: the lines are safe without it.
        let _ = self.cache.keep();
        let sealed = snapshot.seal(self.keys.recorder)?;
        Ok(disk::replace(&self.dir.path("cache", "snapshot"), sealed.as_bytes())?)
    }

    fn check_clock(&self, now: Timestamp) -> Result<(), StoreError> {
        if self.replay.founding().is_some_and(|founding| founding.sample) {
            return Ok(());
        }
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let clock = i64::try_from(clock).unwrap_or(i64::MAX);
        let seconds = now.unix().saturating_sub(clock);
        if seconds.abs() > CLOCK_TOLERANCE { Err(StoreError::ClockFar { seconds }) } else { Ok(()) }
    }

    /// Appends, syncs, reads back and compares.
    fn write(&mut self, line: &[u8]) -> Result<(), StoreError> {
        let entries = self.dir.entries();
        let failed = |action| {
            let path = &entries;
            move |source| DiskError::new(action, path, source)
        };
        let written = [line, b"\n"].concat();
        self.file.write_all(&written).map_err(failed("write"))?;
        self.file.sync_data().map_err(failed("sync"))?;
        let mut back = vec![0; written.len()];
        self.file.seek(SeekFrom::Start(self.end)).map_err(failed("read"))?;
        self.file.read_exact(&mut back).map_err(failed("read"))?;
        if back != written {
            return Err(StoreError::ReadBack);
        }
        self.end = self.end.saturating_add(u64::try_from(written.len()).unwrap_or(u64::MAX));
        // The line is safe before the guard moves: a crash between leaves the guard behind, never ahead.
        self.guard.as_ref().map_or(Ok(()), |guard| Ok(guard.moved(&self.replay)?))
    }

    /// The size after the last close, if its checkpoint is missing and can still be signed: as long as the register
    /// is the one that a checkpoint of that size is judged by (spec: O-8).
    #[must_use]
    pub fn unsigned_checkpoint(&self) -> Option<Size> {
        let months = self.replay.months()?;
        let size = months.closed()?.index.size_after();
        let same_register = months.register_at(size) == months.register_at(self.replay.size());
        (same_register && self.dir.checkpoint(size).is_none()).then_some(size)
    }

    /// Signs the checkpoint after the last close if it is not there yet and the log key may (spec: O-8, P-2).
    fn sign_missing_checkpoint(&mut self) -> Result<Option<Size>, StoreError> {
        let missing = self.unsigned_checkpoint().filter(|size| self.may_log(*size));
        missing.map(|size| self.sign_root(size)).transpose()
    }

    /// Signs the checkpoint of the present size, unless one lies there already (spec: P-2, P-4).
    ///
    /// # Errors
    /// [`StoreError::LogKeyOther`] for a key that may not, [`StoreError::CheckpointOther`] if the one that lies
    /// there has another root, [`StoreError::ReadBack`] if the lines on disk have.
    pub fn sign_checkpoint(&self) -> Result<Size, StoreError> {
        let size = self.replay.size();
        if !self.may_log(size) {
            return Err(StoreError::LogKeyOther);
        }
        let Some(note) = self.dir.checkpoint(size) else { return self.sign_root(size) };
        match self.replay.signed_checkpoint(&note) {
            Ok(known) if (known.size, known.root) == (size, self.replay.root()) => Ok(size),
            _ => Err(StoreError::CheckpointOther(size)),
        }
    }

    /// Whether the log key may sign the checkpoint of this size: no other signature would count (spec: P-2).
    fn may_log(&self, size: Size) -> bool {
        let own = self.keys.log.public_key();
        self.replay.log_keys(size).iter().any(|key| key.key() == own)
    }

    /// Signs a size and its root, once the whole file was hashed again: a line that changed on the disk since it
    /// was verified must not be signed (spec: P-4).
    fn sign_root(&self, size: Size) -> Result<Size, StoreError> {
        let founding = self.replay.founding().ok_or(ReplayError::GenesisPlace)?;
        let mut frontier = Frontier::new();
        let mut root = None;
        for line in self.dir.lines()? {
            frontier.push(Hash::leaf(&line?.bytes));
            root = root.or_else(|| (frontier.size() == size.get()).then(|| frontier.root()));
        }
        let root = root.filter(|_| frontier == *self.replay.frontier()).ok_or(StoreError::ReadBack)?;
        let checkpoint = Checkpoint { origin: founding.origin.clone(), root, size };
        self.dir.keep_checkpoint(size, &checkpoint.sign(self.keys.log)?)?;
        Ok(size)
    }
}

/// Keeps other writers out for as long as the file lives (spec: O-5).
pub(crate) fn lock(dir: &LedgerDir) -> Result<File, StoreError> {
    disk::lock(&dir.root().join("lock"))?.ok_or(StoreError::Locked)
}

/// Moves a torn end out of the ledger file without losing it (spec: O-8).
fn set_aside(dir: &LedgerDir, line: &RawLine) -> Result<TornLine, StoreError> {
    let path = dir.path("set-aside", &format!("at-byte-{}-{}", line.byte, Hash::digest(&line.bytes)));
    disk::replace(&path, &line.bytes)?;
    let entries = dir.entries();
    let failed = |source| DiskError::new("shorten", &entries, source);
    let file = OpenOptions::new().write(true).open(&entries).map_err(failed)?;
    file.set_len(line.byte).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(TornLine { byte: line.byte, length: line.bytes.len(), set_aside: path })
}
