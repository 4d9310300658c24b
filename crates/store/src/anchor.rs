//! Anchors on disk: what a reader keeps, replaced in one step; and the guard, an anchor outside a ledger's directory
//! that tells when the directory was put back to an older copy (spec: G-9, O-6, O-13).

use std::path::{Path, PathBuf};

use xinyi_core::{Anchor, AnchorError, Anchored, Frontier, Hash, Replay, Size};

use crate::dir::LedgerDir;
use crate::disk::{self, DiskError};
use crate::reader::RawLines;

/// Largest anchor read: a century of months.
const MAX: u64 = 1 << 20;

/// Why an anchor or guard cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnchorFileError {
    /// Not an anchor, or not this history.
    #[error(transparent)]
    Anchor(#[from] AnchorError),
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The guard that the directory names is not where it was (spec: O-13).
    #[error("the guard `{}` is not there", .0.display())]
    GuardMissing(PathBuf),
}

impl AnchorFileError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Anchor(error) => error.code(),
            Self::Disk(error) => error.code(),
            Self::GuardMissing(_) => "guard-missing",
        }
    }
}

/// Reads an anchor; `None` if there is no such file yet.
///
/// # Errors
/// See [`AnchorFileError`].
pub fn read_anchor(path: &Path) -> Result<Option<Anchor>, AnchorFileError> {
    match disk::read(path, MAX) {
        Ok(bytes) => Ok(Some(Anchor::decode(&bytes)?)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Replaces an anchor in one step: a reader sees the old or the new, never a part.
///
/// # Errors
/// [`DiskError`].
pub fn write_anchor(path: &Path, anchor: &Anchor) -> Result<(), DiskError> {
    disk::replace(path, anchor.encode().as_bytes())
}

/// The guard of a ledger directory: its present size and root, kept at a place that a backup does not put back.
#[derive(Clone, Debug)]
pub struct Guard {
    path: PathBuf,
}

impl LedgerDir {
    /// The guard that this directory names, if it names one.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn guard(&self) -> Result<Option<Guard>, DiskError> {
        match disk::read(&self.root().join("guard"), 4096) {
            Ok(bytes) => {
                let path = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                Ok(Some(Guard { path: PathBuf::from(path) }))
            }
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes this directory name `path` as its guard and begins the guard at the present state: the one who calls
    /// this vouches that the ledger is the newest copy.
    ///
    /// # Errors
    /// See [`AnchorFileError`].
    pub fn set_guard(&self, path: &Path, replay: &Replay) -> Result<(), AnchorFileError> {
        let guard = Guard { path: path.to_owned() };
        guard.moved(replay)?;
        let name = path.display().to_string() + "\n";
        Ok(disk::replace(&self.root().join("guard"), name.as_bytes())?)
    }
}

impl Guard {
    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Requires that the ledger goes on from what the guard holds: a copy put back from a backup is shorter or has
    /// another root, and nothing may be appended to it (spec: O-13).
    ///
    /// # Errors
    /// See [`AnchorFileError`].
    pub(crate) fn check(&self, dir: &LedgerDir, replay: &Replay) -> Result<(), AnchorFileError> {
        let missing = || AnchorFileError::GuardMissing(self.path.clone());
        let anchor = read_anchor(&self.path)?.ok_or_else(missing)?;
        if replay.founding().is_none_or(|founding| founding.identity != anchor.identity()) {
            return Err(AnchorError::OtherLedger.into());
        }
        let (found, size) = (replay.size(), anchor.size());
        if size > found {
            return Err(AnchorError::Shorter { found, size }.into());
        }
        let root = |size| replay.root_at(size).or_else(|| root_on_disk(dir, size));
        anchor.check(Size::default(), found, root)?;
        Ok(())
    }

    /// Notes the present size and root; only the newest is kept.
    pub(crate) fn moved(&self, replay: &Replay) -> Result<(), AnchorFileError> {
        let Some((founding, register)) = replay.founding().zip(replay.register()) else { return Ok(()) };
        let origin = founding.origin.parse().map_err(|_| AnchorError::Form)?;
        let register = register.digest();
        let mut anchor = Anchor::new(founding.identity, origin, register);
        anchor.accept(Anchored { root: replay.root(), size: replay.size() }, register)?;
        Ok(write_anchor(&self.path, &anchor)?)
    }
}

/// The root of the first `size` lines as they lie on the disk.
fn root_on_disk(dir: &LedgerDir, size: Size) -> Option<Hash> {
    let mut frontier = Frontier::new();
    let mut lines = RawLines::open(&dir.entries(), 0).ok()?;
    while frontier.size() < size.get() {
        frontier.push(Hash::leaf(&lines.next()?.ok()?.bytes));
    }
    Some(frontier.root())
}
