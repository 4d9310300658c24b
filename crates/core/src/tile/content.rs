//! What tiles hold: hashes one after the other, or entries with their lengths before them (spec: L-3, L-4).

use super::{TileError, TileLevel, TilePath};
use crate::hash::Hash;

/// The longest line of the format, which is also the most that two bytes of length can say (spec: E-1).
const MAX_ENTRY: u64 = 65_535;

impl TilePath {
    /// The most bytes that a file with this name may have: 32 a hash, 65,537 an entry.
    #[must_use]
    pub fn max_bytes(self) -> u64 {
        let each = match self.level() {
            TileLevel::Entries => MAX_ENTRY + 2,
            TileLevel::Hashes(_) => 32,
        };
        each * u64::from(self.width())
    }

    /// The hashes in a tile's bytes, exactly as many as its name says (spec: L-3). They are claims.
    ///
    /// # Errors
    /// [`TileError::Malformed`].
    pub fn hashes(self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let (hashes, rest) = bytes.as_chunks::<{ Hash::LEN }>();
        let is_whole = rest.is_empty()
            && hashes.len() == usize::from(self.width())
            && self.level() != TileLevel::Entries;
        let hashes = hashes.iter().map(|hash| Hash::from_bytes(*hash));
        if is_whole { Ok(hashes.collect()) } else { Err(TileError::Malformed(self)) }
    }

    /// The entries in a bundle's bytes, exactly as many as its name says and nothing after them (spec: L-4).
    /// They are claims.
    ///
    /// # Errors
    /// [`TileError::Malformed`].
    pub fn entries(self, bytes: &[u8]) -> Result<Vec<&[u8]>, TileError> {
        let malformed = TileError::Malformed(self);
        let mut entries = Vec::new();
        let mut rest = bytes;
        while let Some((length, after)) = rest.split_first_chunk::<2>() {
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, after) = after.split_at_checked(length).ok_or(malformed)?;
            entries.push(entry);
            rest = after;
        }
        let is_whole = rest.is_empty()
            && entries.len() == usize::from(self.width())
            && self.level() == TileLevel::Entries;
        if is_whole { Ok(entries) } else { Err(malformed) }
    }
}

/// Appends an entry with its length before it; `None` if it is longer than a line may be (spec: L-4).
pub(super) fn append_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Option<()> {
    let length = u16::try_from(entry.len()).ok()?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Some(())
}
