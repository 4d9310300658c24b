//! A published directory of tiles, as anyone may find one: its lines in order, and whether its tiles are those of
//! its lines (spec: L-5, L-11, L-12).

use std::path::Path;

use xinyi_core::{
    Checkpoint, Hash, HashTileBuilder, Index, Lines, Note, NoteError, Replay, Size, StateDocument, Tile,
    TileError, TileLevel, TilePath, Verified,
};

use crate::public::{FileError, PublicDir};
use crate::reader::RawLine;

/// A checkpoint is three lines and some signatures; more is no checkpoint.
const MAX_CHECKPOINT: u64 = 1 << 20;

/// Why a published directory cannot be read, or is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum TilesError {
    /// The checkpoint is of another origin, size or root than the lines (spec: L-11).
    #[error("`checkpoint` is not one of these lines")]
    CheckpointOther,
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The checkpoint is no note, or not signed by a log key of the ledger (spec: L-11).
    #[error("`checkpoint`: {0}")]
    Note(#[from] NoteError),
    /// A tile is missing, malformed, or another tree's.
    #[error(transparent)]
    Tile(#[from] TileError),
}

impl TilesError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CheckpointOther => "checkpoint-other",
            Self::File(error) => error.code(),
            Self::Note(error) => error.code(),
            Self::Tile(error) => error.code(),
        }
    }

    /// Whether the directory contradicts itself, as opposed to not being readable.
    #[must_use]
    pub const fn is_disagreement(&self) -> bool {
        !matches!(self, Self::File(_) | Self::Tile(TileError::Missing(_)))
    }
}

/// A published directory. Everything in it is a claim.
#[derive(Clone, Debug)]
pub struct TilesDir {
    pub(crate) files: PublicDir,
}

impl TilesDir {
    /// The directory, if it has a `checkpoint` and a `tile`.
    #[must_use]
    pub fn open(root: &Path) -> Option<Self> {
        let lies_there = ["checkpoint", "tile"].iter().all(|name| root.join(name).symlink_metadata().is_ok());
        lies_there.then(|| Self::at(root))
    }

    pub(crate) fn at(root: &Path) -> Self {
        Self { files: PublicDir::new(root) }
    }

    /// Where it lies.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.files.root()
    }

    /// The note at `checkpoint` and what it claims; `None` if there is none.
    ///
    /// # Errors
    /// [`TilesError`].
    pub fn checkpoint(&self) -> Result<Option<(String, Checkpoint)>, TilesError> {
        let Some(bytes) = self.files.read("checkpoint", MAX_CHECKPOINT)? else { return Ok(None) };
        let note = String::from_utf8(bytes).map_err(|_| NoteError::Malformed)?;
        let claim = note.parse::<Note>()?.text().parse()?;
        Ok(Some((note, claim)))
    }

    /// Requires that no signature under the checkpoint is a wrong one of a key that these lines admit: a checkpoint
    /// that was changed may ask for lines that never were.
    ///
    /// # Errors
    /// [`TilesError::Note`].
    pub fn check_signature(&self, replay: &Replay) -> Result<(), TilesError> {
        let Some((note, _)) = self.checkpoint()? else { return Err(NoteError::Malformed.into()) };
        match replay.signed_checkpoint(&note) {
            Err(error @ NoteError::BadSignature(_)) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Requires that the checkpoint is that of a replay of all its lines, and every tile that of their tree
    /// (spec: L-11).
    ///
    /// # Errors
    /// [`TilesError`], naming the file.
    pub fn verify(&self, replay: &Replay) -> Result<Verified<Checkpoint>, TilesError> {
        let Some((note, _)) = self.checkpoint()? else { return Err(NoteError::Malformed.into()) };
        let signed = replay.signed_checkpoint(&note)?;
        if (signed.size, signed.root) != (replay.size(), replay.root()) {
            return Err(TilesError::CheckpointOther);
        }
        self.compare(signed.size, |index| replay.leaf(index))?;
        Ok(signed)
    }

    /// A tile's bytes as they lie there.
    ///
    /// # Errors
    /// [`TilesError`].
    pub fn tile(&self, path: TilePath) -> Result<Option<Vec<u8>>, TilesError> {
        match self.files.read(&path.to_string(), path.max_bytes()) {
            Err(FileError::TooLarge(_)) => Err(TileError::Malformed(path).into()),
            read => Ok(read?),
        }
    }

    /// A tile, or the full one that it grew into, which begins with it (spec: L-5).
    fn tile_or_full(&self, path: TilePath) -> Result<(TilePath, Vec<u8>), TilesError> {
        if let Some(bytes) = self.tile(path)? {
            return Ok((path, bytes));
        }
        let bytes = if path.is_full() { None } else { self.tile(path.full())? };
        Ok((path.full(), bytes.ok_or(TileError::Missing(path))?))
    }

    /// The lines of the tree of this size, in order; one bundle is held at a time. As [`Lines`] they give one by its
    /// index.
    #[must_use]
    pub const fn lines(&self, size: Size) -> TileLines<'_> {
        TileLines { byte: 0, dir: self, failed: false, held: Vec::new(), next: 0, size }
    }

    /// The state document with this digest, if it lies here and is what its name says.
    #[must_use]
    pub fn state(&self, digest: Hash) -> Option<StateDocument> {
        let limit = u64::try_from(StateDocument::MAX).unwrap_or(u64::MAX);
        let bytes = self.files.read(&state_name(digest), limit).ok()??;
        StateDocument::decode(&bytes).ok().filter(|document| document.digest() == digest)
    }

    /// Compares every tile with the tree of these leaves, older partial ones included. The bundles of the size
    /// itself are what [`TilesDir::lines`] gave.
    fn compare(&self, size: Size, leaf: impl Fn(Index) -> Option<Hash>) -> Result<(), TilesError> {
        let mut builder = HashTileBuilder::new();
        for index in (0..size.get()).map_while(Index::new) {
            let leaf = leaf(index).ok_or(TileError::Root)?;
            builder.push(leaf).iter().try_for_each(|tile| self.require(tile))?;
        }
        builder.partial().iter().try_for_each(|tile| self.require(tile))?;
        self.compare_older(size)
    }

    fn require(&self, tile: &Tile) -> Result<(), TilesError> {
        let (path, bytes) = self.tile_or_full(tile.path)?;
        path.hashes(&bytes)?;
        if bytes.starts_with(&tile.bytes) { Ok(()) } else { Err(TileError::Other(path).into()) }
    }

    /// A partial tile left from a smaller tree is the beginning of the one that stands in its place now.
    fn compare_older(&self, size: Size) -> Result<(), TilesError> {
        let paths = self.files.files("tile")?;
        for path in paths.iter().filter_map(|name| name.parse::<TilePath>().ok()) {
            let now = TilePath::in_tree(path.level(), path.index(), size);
            let Some(now) = now.filter(|now| path.width() < now.width()) else { continue };
            let Some(older) = self.tile(path)? else { continue };
            match path.level() {
                TileLevel::Entries => drop(path.entries(&older)?),
                TileLevel::Hashes(_) => drop(path.hashes(&older)?),
            }
            if !self.tile_or_full(now)?.1.starts_with(&older) {
                return Err(TileError::Other(path).into());
            }
        }
        Ok(())
    }
}

/// Where a published directory keeps a state document.
pub(crate) fn state_name(digest: Hash) -> String {
    format!("state/{digest}.json")
}

/// The lines of a published directory. They are claims, with places as if they stood in a ledger file.
#[derive(Debug)]
pub struct TileLines<'d> {
    byte: u64,
    dir: &'d TilesDir,
    failed: bool,
    /// Lines of the bundle read last, the next one at the end.
    held: Vec<Vec<u8>>,
    next: u64,
    size: Size,
}

impl TileLines<'_> {
    /// Reads the next bundle; none after the last.
    fn fill(&mut self) -> Result<(), TilesError> {
        let Some(path) = TilePath::in_tree(TileLevel::Entries, self.next, self.size) else { return Ok(()) };
        let (found, bytes) = self.dir.tile_or_full(path)?;
        let entries = found.entries(&bytes)?.into_iter().take(path.width().into());
        self.held = entries.map(<[u8]>::to_vec).collect();
        self.held.reverse();
        self.next = self.next.saturating_add(1);
        Ok(())
    }
}

impl Lines for TileLines<'_> {
    fn line(&self, index: Index) -> Option<String> {
        let path = TilePath::bundle_of(index, self.size)?;
        let (found, bytes) = self.dir.tile_or_full(path).ok()?;
        let place = index.get() % u64::from(found.full().width());
        let entries = found.entries(&bytes).ok()?;
        let line = entries.get(usize::try_from(place).ok()?)?;
        String::from_utf8(line.to_vec()).ok()
    }
}

impl Iterator for TileLines<'_> {
    type Item = Result<RawLine, TilesError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if self.held.is_empty()
            && let Err(error) = self.fill()
        {
            self.failed = true;
            return Some(Err(error));
        }
        let line = RawLine { byte: self.byte, bytes: self.held.pop()?, complete: true };
        self.byte = line.end();
        Some(Ok(line))
    }
}
