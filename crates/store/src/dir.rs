//! A ledger directory: what lies where (spec: O-1).
//!
//! ```text
//! entries.jsonl   the ledger, append-only        drafts/       contents that wait, with their approvals
//! checkpoints/    signed notes, by size          private/      disclosures, never exported
//! states/         state documents, by digest     cache/        the recorder's signed snapshot
//! lock            held while writing             set-aside/    torn ends found after a crash
//! ```

use std::path::{Path, PathBuf};

use xinyi_core::{Hash, Note, NoteError, Size, StateDocument};

use crate::disk::{self, DiskError};
use crate::reader::RawLines;
use crate::writer::{StoreError, lock};

/// A directory that holds a ledger.
#[derive(Clone, Debug)]
pub struct LedgerDir {
    root: PathBuf,
}

impl LedgerDir {
    /// Makes a new directory with the first line, a genesis that is already signed.
    ///
    /// # Errors
    /// [`DiskError`], also if there is a ledger already.
    pub fn create(root: &Path, genesis: &[u8]) -> Result<Self, DiskError> {
        Self::restore(root, &[genesis])
    }

    /// Makes a new directory with lines that a replay has taken in before.
    ///
    /// # Errors
    /// [`DiskError`], also if there is a ledger already.
    pub(crate) fn restore(root: &Path, lines: &[&[u8]]) -> Result<Self, DiskError> {
        let dir = Self { root: root.to_owned() };
        for part in ["", "cache", "checkpoints", "drafts", "private", "set-aside", "states"] {
            disk::make_private_dir(&dir.root.join(part))?;
        }
        let file = lines.iter().flat_map(|line| [*line, b"\n"]).collect::<Vec<_>>().concat();
        disk::create_private(&dir.entries(), &file)?;
        Ok(dir)
    }

    /// Opens a directory that holds a ledger.
    ///
    /// # Errors
    /// [`DiskError`] if it holds no `entries.jsonl`.
    pub fn open(root: &Path) -> Result<Self, DiskError> {
        let dir = Self { root: root.to_owned() };
        let entries = dir.entries();
        std::fs::metadata(&entries).map_err(|source| DiskError::new("open", &entries, source))?;
        Ok(dir)
    }

    /// The directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The ledger file.
    #[must_use]
    pub fn entries(&self) -> PathBuf {
        self.root.join("entries.jsonl")
    }

    pub(crate) fn path(&self, part: &str, name: &str) -> PathBuf {
        self.root.join(part).join(name)
    }

    /// The raw lines of the ledger file.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be opened.
    pub fn lines(&self) -> Result<RawLines, DiskError> {
        RawLines::open(&self.entries(), 0)
    }

    /// The state document with this digest, if it lies here and is what its name says.
    #[must_use]
    pub fn state(&self, digest: Hash) -> Option<StateDocument> {
        let path = self.path("states", &format!("{digest}.json"));
        let limit = u64::try_from(StateDocument::MAX).unwrap_or(u64::MAX);
        let bytes = disk::read(&path, limit).ok()?;
        StateDocument::decode(&bytes).ok().filter(|document| document.digest() == digest)
    }

    /// Keeps a state document beside the ledger.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn keep_state(&self, document: &StateDocument) -> Result<(), DiskError> {
        let path = self.path("states", &format!("{}.json", document.digest()));
        disk::replace(&path, document.encode().as_bytes())
    }

    /// The signed checkpoint for this size, if there is one.
    #[must_use]
    pub fn checkpoint(&self, size: Size) -> Option<String> {
        let bytes = disk::read(&self.path("checkpoints", &size.to_string()), 1 << 20).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The sizes of which checkpoints lie here, ascending.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn checkpoint_sizes(&self) -> Result<Vec<Size>, DiskError> {
        let names = disk::names(&self.root.join("checkpoints"))?;
        // Only a name with the one spelling of its number: temporary files of a crash have others.
        let size = |name: &String| Size::new(name.parse().ok()?).filter(|size| size.to_string() == *name);
        let mut sizes: Vec<Size> = names.iter().filter_map(size).collect();
        sizes.sort_unstable();
        Ok(sizes)
    }

    pub(crate) fn keep_checkpoint(&self, size: Size, note: &str) -> Result<(), DiskError> {
        disk::replace(&self.path("checkpoints", &size.to_string()), note.as_bytes())
    }

    /// Adds a cosigner's line to the checkpoint for this size; it must have been verified (spec: N-9).
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another program writes here, [`StoreError::Note`] if there is no checkpoint or
    /// `line` is no signature line, or [`StoreError::Disk`].
    pub fn add_cosignature(&self, size: Size, line: &str) -> Result<(), StoreError> {
        let _lock = lock(self)?;
        let note = self.checkpoint(size).ok_or(NoteError::Malformed)?;
        let note = note.parse::<Note>()?.with_lines(line)?;
        Ok(self.keep_checkpoint(size, &note.to_string())?)
    }

    /// Writes the identity card, by which others recognise this ledger, outside the directory.
    ///
    /// # Errors
    /// [`DiskError`], also if the file exists.
    pub fn write_card(path: &Path, text: &str) -> Result<(), DiskError> {
        disk::create_private(path, text.as_bytes())
    }
}
