//! C2SP checkpoints: the signed size and root of a ledger (spec: P-1…P-5).

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::hash::Hash;
use crate::key::Sign;
use crate::note::{Note, NoteError, NoteKeyType, NoteSigner, VerifierKey};
use crate::number::{Size, decimal};
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

/// A checkpoint that a log key of its origin has signed, with those who cosigned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCheckpoint {
    /// The size and root.
    pub checkpoint: Checkpoint,
    /// Known cosigners, each with the time it names.
    pub cosigners: Vec<NoteSigner>,
    /// The log keys that signed, at least one.
    pub logs: Vec<VerifierKey>,
    /// How many signature lines were of keys not asked for.
    pub unknown: usize,
}

impl OpenCheckpoint {
    /// Opens a signed note by the keys asked for; a log key under the note's own origin must be among its signers
    /// (spec: P-2, N-7).
    ///
    /// # Errors
    /// See [`NoteError`].
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Verified<Self>, NoteError> {
        let open = note.parse::<Note>()?.verify(keys)?.into_inner();
        let checkpoint: Checkpoint = open.text.parse()?;
        let is_log = |signer: &NoteSigner| {
            signer.key.signs() == NoteKeyType::Log && signer.key.name() == checkpoint.origin
        };
        let logs: Vec<_> =
            open.signers.iter().filter(|signer| is_log(signer)).map(|signer| signer.key.clone()).collect();
        if logs.is_empty() {
            return Err(NoteError::NoKnownSignature);
        }
        let cosigners = open.signers.into_iter().filter(|signer| signer.time.is_some()).collect();
        Ok(Verified::assert(Self { checkpoint, cosigners, logs, unknown: open.unknown }))
    }
}

impl FromStr for Checkpoint {
    type Err = NoteError;

    /// Reads a body, ignoring extension lines (spec: P-3).
    fn from_str(body: &str) -> Result<Self, NoteError> {
        let parse = || {
            let mut lines = body.strip_suffix('\n')?.split('\n');
            let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
            let size = Size::new(decimal(size)?)?;
            let raw: [u8; 32] = BASE64.decode(root).ok()?.try_into().ok()?;
            let canonical = !origin.is_empty() && lines.all(|line| !line.is_empty());
            canonical.then(|| Self { origin: origin.to_owned(), root: Hash::from_bytes(raw), size })
        };
        parse().ok_or(NoteError::Malformed)
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
