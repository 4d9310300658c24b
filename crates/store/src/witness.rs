//! A witness's memory: the last checkpoint it cosigned of every log, and the one way to cosign (spec: W-6…W-8).
//!
//! ```text
//! cosigner     the witness's verifier key: one key cosigns under one name
//! lock         held while a witness runs
//! HEX          by SHA-256 of the origin: the checkpoint cosigned last, with the signatures of its log and the witness
//! ```

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use xinyi_core::{Checkpoint, Hash, NotCosigned, Note, NoteError, Sign, Submission, Verified, VerifierKey};

use crate::disk::{self, DiskError};

/// A remembered note was once a request of 64 KiB; it has gained one line since.
const MAX_NOTE: u64 = 1 << 17;

/// Why nothing was cosigned.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// This computer's clock lies before the last cosignature (spec: W-6).
    #[error("the clock says {now}, but the last cosignature was made at {last}, in seconds since 1970")]
    ClockBack {
        /// The time of the last cosignature.
        last: u64,
        /// The time that the clock shows.
        now: u64,
    },
    /// What is remembered of a log is not what this witness wrote; it is not taken for nothing (spec: W-7).
    #[error("`{}` is not a checkpoint that this witness has cosigned", .0.display())]
    Corrupt(PathBuf),
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Another witness runs on this memory (spec: W-7).
    #[error("another witness uses this memory")]
    Locked,
    /// The name is no note name.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The memory belongs to another key, or to another name of this key (spec: W-8).
    #[error("this memory belongs to the cosigner `{0}`")]
    OtherCosigner(String),
    /// What was written does not read back (spec: W-6).
    #[error("what was written does not read back")]
    ReadBack,
    /// The checkpoint may not be cosigned.
    #[error(transparent)]
    Refused(#[from] NotCosigned),
}

impl WitnessError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ClockBack { .. } => "witness-clock-back",
            Self::Corrupt(_) => "witness-memory-corrupt",
            Self::Disk(error) => error.code(),
            Self::Locked => "witness-locked",
            Self::Note(error) => error.code(),
            Self::OtherCosigner(_) => "witness-other-cosigner",
            Self::ReadBack => "read-back",
            Self::Refused(refusal) => refusal.code(),
        }
    }
}

/// A cosigner with its memory. Only one exists for a memory at a time.
#[derive(Debug)]
pub struct Witness<K> {
    dir: PathBuf,
    key: K,
    _lock: File,
    /// Held from reading what was cosigned last until the next is on the disk.
    turn: Mutex<()>,
    vkey: VerifierKey,
}

/// What a witness knows of one log.
struct Remembered {
    checkpoint: Checkpoint,
    note: String,
    time: u64,
}

impl<K: Sign> Witness<K> {
    /// Opens a memory, or begins one in a directory that is empty or missing, for `key` under `name`.
    ///
    /// # Errors
    /// [`WitnessError::Locked`], [`WitnessError::OtherCosigner`], [`WitnessError::Corrupt`] if checkpoints lie
    /// there but nothing says whose they are, [`WitnessError::Note`] or [`WitnessError::Disk`].
    pub fn open(dir: &Path, key: K, name: &str) -> Result<Self, WitnessError> {
        let vkey = VerifierKey::cosigner(name, key.public_key())?;
        disk::make_private_dir(dir)?;
        let lock = disk::lock(&dir.join("lock"))?.ok_or(WitnessError::Locked)?;
        let owner = dir.join("cosigner");
        match disk::read(&owner, MAX_NOTE) {
            Ok(bytes) if bytes == format!("{vkey}\n").as_bytes() => {}
            Ok(bytes) => {
                let known = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                return Err(WitnessError::OtherCosigner(known));
            }
            Err(error) if error.is_missing() => {
                if disk::names(dir)?.iter().any(|name| name.parse::<Hash>().is_ok()) {
                    return Err(WitnessError::Corrupt(owner));
                }
                disk::replace(&owner, format!("{vkey}\n").as_bytes())?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Self { dir: dir.to_owned(), key, _lock: lock, turn: Mutex::new(()), vkey })
    }

    /// The key and name by which others verify the cosignatures.
    #[must_use]
    pub const fn verifier_key(&self) -> &VerifierKey {
        &self.vkey
    }

    /// The checkpoint cosigned last of the log with this origin.
    ///
    /// # Errors
    /// [`WitnessError::Corrupt`] or [`WitnessError::Disk`]; `None` only if there is no file.
    pub fn latest(&self, origin: &str) -> Result<Option<Checkpoint>, WitnessError> {
        Ok(self.recall(Hash::digest(origin.as_bytes()))?.map(|known| known.checkpoint))
    }

    /// The note cosigned last of the log whose origin has this SHA-256, with the signatures of the log and of this
    /// witness (spec: W-9).
    ///
    /// # Errors
    /// As for [`Witness::latest`].
    pub fn latest_note(&self, origin: Hash) -> Result<Option<String>, WitnessError> {
        Ok(self.recall(origin)?.map(|known| known.note))
    }

    /// Judges a submission by what was cosigned last, remembers it for good, and only then gives the signature line
    /// out; `now` is this computer's clock in seconds since 1970 (spec: W-4…W-6).
    ///
    /// # Errors
    /// See [`WitnessError`]. Nothing was given out, so nothing was said.
    pub fn cosign(&self, submission: Verified<Submission>, now: u64) -> Result<String, WitnessError> {
        let origin = Hash::digest(submission.checkpoint().origin.as_bytes());
        let _turn = self.take_turn();
        let latest = self.recall(origin)?;
        let successor = submission.after(latest.as_ref().map(|known| &known.checkpoint))?;
        // A time of 0 would say that no time is meant.
        let last = latest.map_or(1, |known| known.time);
        if now < last {
            return Err(WitnessError::ClockBack { last, now });
        }
        let line = successor.note().cosignature(self.vkey.name(), &self.key, now)?;
        let note = successor.note().clone().with_lines(&line)?.to_string();
        let path = self.path(origin);
        disk::replace(&path, note.as_bytes())?;
        if disk::read(&path, MAX_NOTE)? == note.as_bytes() { Ok(line) } else { Err(WitnessError::ReadBack) }
    }

    /// A thread that died in its turn left the old file or the new one: both are true.
    fn take_turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, origin: Hash) -> PathBuf {
        self.dir.join(origin.to_string())
    }

    /// What was cosigned last, verified by the witness's own key: the disk is not trusted.
    fn recall(&self, origin: Hash) -> Result<Option<Remembered>, WitnessError> {
        let path = self.path(origin);
        let bytes = match disk::read(&path, MAX_NOTE) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let remembered = || {
            let note = String::from_utf8(bytes).ok()?;
            let open = note.parse::<Note>().ok()?.verify(std::slice::from_ref(&self.vkey)).ok()?;
            let checkpoint: Checkpoint = open.text.parse().ok()?;
            let time = open.signers.first()?.time?;
            let same = Hash::digest(checkpoint.origin.as_bytes()) == origin;
            same.then_some(Remembered { checkpoint, note, time })
        };
        remembered().map(Some).ok_or(WitnessError::Corrupt(path))
    }
}
