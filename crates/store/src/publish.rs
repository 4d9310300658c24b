//! Publishing a ledger: as C2SP tiles for everyone, or as its plain lines for an auditor (spec: L-7…L-10).
//!
//! Nothing is written before the ledger on disk was replayed up to what is published, and no second history is
//! ever written over a first.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use xinyi_core::{BundleBuilder, Data, Hash, HashTileBuilder, Index, Replay, ReplayError, Size, Tile};

use crate::dir::LedgerDir;
use crate::disk::DiskError;
use crate::public::{FileError, PublicDir};
use crate::reader::RawLine;
use crate::tiles::{TilesDir, TilesError, state_name};

/// Why nothing, or not everything, was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is no signed checkpoint up to which to publish.
    #[error("no checkpoint has been signed yet")]
    CheckpointMissing,
    /// The checkpoint's signature is none of the ledger's log keys', or its root not the ledger's (spec: L-7).
    #[error("the checkpoint of size {0} is not one of this ledger")]
    CheckpointOther(Size),
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A file below the published directory cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// What is published does not lie in, or together with, what is not (spec: L-10).
    #[error("`{}` holds a ledger or lies in one", .0.display())]
    Inside(PathBuf),
    /// What is published there goes further (spec: L-8).
    #[error("what is published there has {published} entries, this ledger's last checkpoint has {size}")]
    PublishedFurther {
        /// The size published.
        published: Size,
        /// The size of the last checkpoint.
        size: Size,
    },
    /// What is published there is another history (spec: L-8).
    #[error("`{}` is of another history than this ledger", .0.display())]
    PublishedOther(PathBuf),
    /// The disk gave other bytes than a moment before.
    #[error("entry {0} does not read back as it was verified")]
    ReadBack(Index),
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
    /// The ledger is shorter than its own checkpoint.
    #[error("the ledger has {found} entries, but a checkpoint of size {size} was signed")]
    Shortened {
        /// Its size.
        found: Size,
        /// The size signed.
        size: Size,
    },
    /// What lies there cannot be read.
    #[error(transparent)]
    Tiles(#[from] TilesError),
}

impl PublishError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CheckpointMissing => "checkpoint-missing",
            Self::CheckpointOther(_) => "checkpoint-other",
            Self::Disk(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Inside(_) => "export-inside",
            Self::PublishedFurther { .. } => "published-further",
            Self::PublishedOther(_) => "published-other",
            Self::ReadBack(_) => "read-back",
            Self::Refused { cause, .. } => cause.code(),
            Self::Shortened { .. } => "ledger-shortened",
            Self::Tiles(error) => error.code(),
        }
    }
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// State documents that closes name and that do not lie beside the ledger.
    pub missing_states: Vec<Hash>,
    /// The root at `size`.
    pub root: Hash,
    /// Up to which size.
    pub size: Size,
    /// How many files were written; the others were there already.
    pub written: usize,
}

/// A ledger read again from its disk and verified.
struct Reread {
    replay: Replay,
    /// The root at every size asked for.
    roots: BTreeMap<Size, Hash>,
    /// The state documents that closes name.
    states: Vec<Hash>,
}

impl LedgerDir {
    /// Publishes the ledger up to its newest signed checkpoint as tiles in `to`, adding what is not there yet.
    ///
    /// # Errors
    /// See [`PublishError`]. The checkpoint that lay there still stands then, with all that it covers.
    pub fn publish_tiles(&self, to: &Path) -> Result<Published, PublishError> {
        self.refuse_inside(to)?;
        let size = *self.checkpoint_sizes()?.last().ok_or(PublishError::CheckpointMissing)?;
        let there = TilesDir::at(to);
        let published = match there.checkpoint() {
            Err(TilesError::Note(_)) => return Err(PublishError::PublishedOther(to.join("checkpoint"))),
            published => published?,
        };
        if let Some((_, claim)) = published.as_ref().filter(|(_, claim)| claim.size > size) {
            return Err(PublishError::PublishedFurther { published: claim.size, size });
        }
        let asked = published.iter().map(|(_, claim)| claim.size).chain([size]);
        let ledger = self.reread(Some(size), asked)?;
        let (note, root) = self.own_checkpoint(&ledger, size)?;
        if let Some((_, claim)) = &published {
            let is_ours = ledger.roots.get(&claim.size) == Some(&claim.root)
                && ledger.replay.founding().is_some_and(|founding| founding.origin == claim.origin);
            if !is_ours {
                return Err(PublishError::PublishedOther(to.join("checkpoint")));
            }
        }
        let mut written = self.write_tiles(&ledger, &there)?;
        let missing_states = self.write_states(&ledger, &there.files, state_name, &mut written)?;
        // A good note of this size stays: witnesses may have cosigned it.
        let stands = published.is_some_and(|(note, claim)| {
            claim.size == size && ledger.replay.signed_checkpoint(&note).is_ok()
        });
        if !stands {
            there.files.put("checkpoint", note.as_bytes())?;
            written += 1;
        }
        Ok(Published { missing_states, root, size, written })
    }

    /// Copies the whole ledger to a new directory for an auditor: its lines, the state documents that closes name
    /// and its checkpoints, and nothing else.
    ///
    /// # Errors
    /// See [`PublishError`]; also if there is a ledger in `to`.
    pub fn publish_lines(&self, to: &Path) -> Result<Published, PublishError> {
        self.refuse_inside(to)?;
        let sizes = self.checkpoint_sizes()?;
        let ledger = self.reread(None, sizes.iter().copied())?;
        let size = ledger.replay.size();
        let files = PublicDir::new(to);
        let state_name = |digest| format!("states/{digest}.json");
        let mut written = 0;
        let missing_states = self.write_states(&ledger, &files, state_name, &mut written)?;
        for size in sizes {
            let (note, _) = self.own_checkpoint(&ledger, size)?;
            files.put(&format!("checkpoints/{size}"), note.as_bytes())?;
            written += 1;
        }
        // The lines come last: before them the directory holds no ledger, and a crashed run can be repeated.
        files.put_with("entries.jsonl", |out: &mut dyn Write| {
            self.each_line(&ledger, |line, _| {
                let failed = |source| DiskError::new("write", &to.join("entries.jsonl"), source);
                Ok(out.write_all(&[line, b"\n"].concat()).map_err(failed)?)
            })
        })?;
        Ok(Published { missing_states, root: ledger.replay.root(), size, written: written + 1 })
    }

    /// Refuses a directory that lies in a ledger's or holds one: whoever serves it whole would serve what is private.
    fn refuse_inside(&self, to: &Path) -> Result<(), PublishError> {
        let failed = |source| DiskError::new("find", to, source);
        let own = self.root().canonicalize().map_err(failed)?;
        let absolute = std::path::absolute(to).map_err(failed)?;
        // What is not there yet lies in the first of its parents that is.
        let lies_in = absolute.ancestors().find_map(|above| above.canonicalize().ok());
        let is_inside = lies_in.is_some_and(|above| above.starts_with(&own));
        let is_around = to.canonicalize().is_ok_and(|to| own.starts_with(to));
        let holds = ["entries.jsonl", "private"].iter().any(|name| to.join(name).symlink_metadata().is_ok());
        if is_inside || is_around || holds { Err(PublishError::Inside(to.to_owned())) } else { Ok(()) }
    }

    /// Replays the lines on disk, up to a size or to the last whole line, noting the roots at `sizes`.
    fn reread(&self, upto: Option<Size>, sizes: impl Iterator<Item = Size>) -> Result<Reread, PublishError> {
        let mut wanted: Vec<Size> = sizes.collect();
        wanted.sort_unstable();
        let mut ledger = Reread { replay: Replay::new(), roots: BTreeMap::new(), states: Vec::new() };
        for line in self.lines()? {
            let line: RawLine = line?;
            if !line.complete || Some(ledger.replay.size()) == upto {
                break;
            }
            let index = ledger.replay.size().next_index();
            let refused = |cause| PublishError::Refused { byte: line.byte, cause, index };
            let entry = ledger.replay.push(&line.bytes).map_err(refused)?;
            if let Data::Close(close) = entry.content().data() {
                ledger.states.push(close.state);
            }
            let size = ledger.replay.size();
            if wanted.binary_search(&size).is_ok() {
                ledger.roots.insert(size, ledger.replay.root());
            }
        }
        let found = ledger.replay.size();
        match wanted.last() {
            Some(size) if found < *size => Err(PublishError::Shortened { found, size: *size }),
            _ => Ok(ledger),
        }
    }

    /// The stored checkpoint of a size, which must be signed by a log key and have the ledger's root.
    fn own_checkpoint(&self, ledger: &Reread, size: Size) -> Result<(String, Hash), PublishError> {
        let other = PublishError::CheckpointOther(size);
        let Some(note) = self.checkpoint(size) else { return Err(other) };
        let signed = ledger.replay.signed_checkpoint(&note).ok();
        match signed.filter(|signed| signed.size == size && ledger.roots.get(&size) == Some(&signed.root)) {
            Some(signed) => Ok((note, signed.root)),
            None => Err(other),
        }
    }

    /// Hands on every verified line with its leaf hash, read once more: what the disk gives must be what it gave.
    fn each_line(
        &self,
        ledger: &Reread,
        mut each: impl FnMut(&[u8], Hash) -> Result<(), PublishError>,
    ) -> Result<(), PublishError> {
        let mut lines = self.lines()?;
        for index in (0..ledger.replay.size().get()).map_while(Index::new) {
            let line = lines.next().transpose()?;
            let line = line.filter(|line| line.complete).ok_or(PublishError::ReadBack(index))?;
            let leaf = Hash::leaf(&line.bytes);
            if ledger.replay.leaf(index) != Some(leaf) {
                return Err(PublishError::ReadBack(index));
            }
            each(&line.bytes, leaf)?;
        }
        Ok(())
    }

    fn write_tiles(&self, ledger: &Reread, there: &TilesDir) -> Result<usize, PublishError> {
        let (mut bundles, mut hashes) = (BundleBuilder::new(), HashTileBuilder::new());
        let mut written = 0;
        self.each_line(ledger, |line, leaf| {
            let filled = bundles.push(line).into_iter().chain(hashes.push(leaf));
            filled.map(|tile| put_tile(there, &tile)).try_for_each(|put| {
                written += usize::from(put?);
                Ok(())
            })
        })?;
        for tile in bundles.partial().into_iter().chain(hashes.partial()) {
            written += usize::from(put_tile(there, &tile)?);
        }
        Ok(written)
    }

    /// Writes the state documents that closes name; gives those that do not lie beside the ledger.
    fn write_states(
        &self,
        ledger: &Reread,
        files: &PublicDir,
        name: impl Fn(Hash) -> String,
        written: &mut usize,
    ) -> Result<Vec<Hash>, PublishError> {
        let mut missing = Vec::new();
        for digest in &ledger.states {
            let Some(document) = self.state(*digest) else {
                missing.push(*digest);
                continue;
            };
            let (name, bytes) = (name(*digest), document.encode().into_bytes());
            if files.read(&name, u64::MAX)?.is_none_or(|there| there != bytes) {
                files.put(&name, &bytes)?;
                *written += 1;
            }
        }
        Ok(missing)
    }
}

/// Writes a tile unless it is there; whether it was written. Other bytes are another history, and stay.
fn put_tile(there: &TilesDir, tile: &Tile) -> Result<bool, PublishError> {
    match there.tile(tile.path)? {
        Some(bytes) if bytes == tile.bytes => return Ok(false),
        // A mere beginning of the right bytes is what a crash left.
        Some(bytes) if !tile.bytes.starts_with(&bytes) => {
            return Err(PublishError::PublishedOther(there.root().join(tile.path.to_string())));
        }
        _ => {}
    }
    there.files.put(&tile.path.to_string(), &tile.bytes)?;
    Ok(true)
}
