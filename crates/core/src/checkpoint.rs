//! C2SP checkpoints: the signed size and root of a ledger (spec: P-1…P-4).

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::hash::Hash;
use crate::key::Sign;
use crate::kind::authority::Use;
use crate::note::{Note, NoteError, VerifierKey};
use crate::number::Size;
use crate::replay::Replay;
use crate::verified::Verified;

/// What a log key signs after each close: origin, size and root. As parsed it is a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The ledger's origin, also the log key's note name.
    pub origin: String,
    /// Tree root at `size`.
    pub root: Hash,
    /// Number of entries.
    pub size: Size,
}

impl Checkpoint {
    /// The three lines that are signed (spec: P-1).
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.as_bytes()))
    }

    /// The signed note, by the ledger's log key under its origin (spec: P-2).
    ///
    /// # Errors
    /// [`NoteError`] if the origin is no note name.
    pub fn sign(&self, log_key: &dyn Sign) -> Result<String, NoteError> {
        Note::sign(&self.body(), &self.origin, log_key)
    }
}

impl FromStr for Checkpoint {
    type Err = NoteError;

    /// Reads a body, ignoring extension lines (spec: P-3).
    fn from_str(body: &str) -> Result<Self, NoteError> {
        let parse = || {
            let mut lines = body.strip_suffix('\n')?.split('\n');
            let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
            let number: u64 = size.parse().ok()?;
            let raw: [u8; 32] = BASE64.decode(root).ok()?.try_into().ok()?;
            let canonical =
                number.to_string() == size && !origin.is_empty() && lines.all(|line| !line.is_empty());
            let size = Size::new(number)?;
            canonical.then(|| Self { origin: origin.to_owned(), root: Hash::from_bytes(raw), size })
        };
        parse().ok_or(NoteError::Malformed)
    }
}

impl Replay {
    /// The keys that may sign a checkpoint of this size, under the ledger's origin (spec: P-2).
    #[must_use]
    pub fn log_keys(&self, size: Size) -> Vec<VerifierKey> {
        let Some((register, founding)) = self.register().zip(self.founding()) else { return Vec::new() };
        let active = register.active_for(Use::Log, size.next_index());
        active.filter_map(|key| VerifierKey::new(&founding.origin, key.grant.key).ok()).collect()
    }

    /// The checkpoint in a note that one of this ledger's log keys has signed under its origin (spec: P-2).
    ///
    /// That it was signed is the fact; whether its root is that of these lines is for the caller to compare.
    ///
    /// # Errors
    /// [`NoteError`], as for [`Note::verify`].
    pub fn signed_checkpoint(&self, note: &str) -> Result<Verified<Checkpoint>, NoteError> {
        let note: Note = note.parse()?;
        let claim: Checkpoint = note.text().parse()?;
        note.verify(&self.log_keys(claim.size))?;
        let is_own = self.founding().is_some_and(|founding| founding.origin == claim.origin);
        if is_own { Ok(Verified::assert(claim)) } else { Err(NoteError::NoKnownSignature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_one_spelling() {
        let root = Hash::digest(b"");
        let checkpoint = Checkpoint { origin: "example.org/a".into(), root, size: Size::new(7).unwrap() };
        let body = checkpoint.body();
        assert_eq!(body.parse(), Ok(checkpoint));
        for bad in [
            body.replace("\n7\n", "\n07\n"),
            body.replace("\n7\n", "\n+7\n"),
            body.trim_end().to_owned(),
            body + "\n",
        ] {
            assert_eq!(bad.parse::<Checkpoint>(), Err(NoteError::Malformed), "{bad:?}");
        }
    }
}
