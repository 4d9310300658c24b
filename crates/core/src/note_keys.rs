//! The keys by which a ledger's checkpoints are judged: each size by the register and the recorder of that size
//! (spec: P-2, P-5).

use crate::checkpoint::{Checkpoint, OpenCheckpoint};
use crate::kind::authority::Use;
use crate::note::{Note, NoteError, VerifierKey};
use crate::number::Size;
use crate::register::Register;
use crate::replay::{Ledger, Replay};
use crate::text::Label;
use crate::verified::Verified;

/// The keys that may sign and cosign a ledger's checkpoints, at whatever size.
#[derive(Clone, Debug)]
pub struct NoteKeys {
    origin: String,
    recorders: Vec<(Size, Label)>,
    register: Register,
}

impl NoteKeys {
    pub(crate) fn of(ledger: &Ledger) -> Self {
        Self {
            origin: ledger.founding.origin.clone(),
            recorders: ledger.recorders.clone(),
            register: ledger.register.clone(),
        }
    }

    /// The party that recorded at this size: a later one's keys sign no older checkpoint.
    fn recorder(&self, size: Size) -> Option<&Label> {
        self.recorders.iter().rev().find(|(from, _)| *from <= size).map(|(_, recorder)| recorder)
    }

    /// The keys that may sign a checkpoint of this size (spec: P-2).
    #[must_use]
    pub fn logs(&self, size: Size) -> Vec<VerifierKey> {
        let recorder = self.recorder(size);
        let logs = self.register.active_for(Use::Log, size.next_index());
        let own = logs.filter(|key| Some(&key.grant.party) == recorder);
        // A genesis has only origins that are note names, and labels are always.
        own.filter_map(|key| VerifierKey::new(&self.origin, key.grant.key).ok()).collect()
    }

    /// The keys of the register that may cosign a checkpoint of this size, under the names it gives them (spec: P-5).
    #[must_use]
    pub fn cosigners(&self, size: Size) -> Vec<VerifierKey> {
        let cosigners = self.register.active_for(Use::Cosign, size.next_index()).map(|key| &key.grant);
        let named = cosigners.map(|grant| {
            VerifierKey::cosigner(&format!("{}/{}/{}", self.origin, grant.party, grant.holder), grant.key)
        });
        named.flatten().collect()
    }

    /// Opens a signed checkpoint by the keys of the size that it claims, and by witnesses known from elsewhere.
    ///
    /// That it was signed for this origin is the fact; whether its root is that of any lines is for the caller to
    /// compare.
    ///
    /// # Errors
    /// [`NoteError`], as for [`OpenCheckpoint::open`]; a checkpoint of another origin is signed by no known key.
    pub fn open(&self, note: &str, witnesses: &[VerifierKey]) -> Result<Verified<OpenCheckpoint>, NoteError> {
        let claim: Checkpoint = note.parse::<Note>()?.text().parse()?;
        let keys = [self.logs(claim.size), self.cosigners(claim.size), witnesses.to_vec()].concat();
        let open = OpenCheckpoint::open(note, &keys)?;
        if open.checkpoint.origin == self.origin { Ok(open) } else { Err(NoteError::NoKnownSignature) }
    }
}

impl Replay {
    /// The keys that may sign a checkpoint of this size, under the ledger's origin (spec: P-2).
    #[must_use]
    pub fn log_keys(&self, size: Size) -> Vec<VerifierKey> {
        self.note_keys().map(|keys| keys.logs(size)).unwrap_or_default()
    }

    /// The checkpoint in a note that one of this ledger's log keys has signed under its origin (spec: P-2).
    ///
    /// # Errors
    /// [`NoteError`], as for [`NoteKeys::open`].
    pub fn signed_checkpoint(&self, note: &str) -> Result<Verified<Checkpoint>, NoteError> {
        let keys = self.note_keys().ok_or(NoteError::NoKnownSignature)?;
        Ok(Verified::assert(keys.open(note, &[])?.into_inner().checkpoint))
    }
}
