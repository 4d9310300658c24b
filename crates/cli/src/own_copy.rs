//! One's own copy of a ledger with a checkpoint that it agrees with: the grounds on which one may cosign.

use xinyi_core::{
    AddCheckpoint, Checkpoint, NotCosigned, Note, PublicKey, Size, Submission, Subtrees as _, Tree, Trust,
    Verified, WatchedLogs,
};
use xinyi_store::LedgerDir;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reading::{Reading, describe, exit_of};

/// The caller's copy of a ledger, verified line by line, and the checkpoint in it that is to be cosigned.
pub(crate) struct OwnCopy {
    pub(crate) checkpoint: Checkpoint,
    logs: WatchedLogs,
    pub(crate) note: Note,
    reading: Reading,
    tree: Tree,
}

impl OwnCopy {
    /// Reads the ledger and its checkpoint for `size`, else the latest; what does not agree is refused.
    pub(crate) fn read(
        dir: &LedgerDir,
        size: Option<u64>,
        trust: &Trust,
        context: &Context,
    ) -> Result<Self, Failure> {
        let mut tree = Tree::new();
        let reading = Reading::trusting(dir.root(), trust, context, &mut |entry| tree.push(entry.leaf()))?;
        if let Some(stopped) = &reading.stopped {
            let (code, detail) = (stopped.cause.code(), describe(stopped));
            return Err(match exit_of(stopped) {
                Exit::NotAuthentic => Failure::told(code, detail).with(Exit::NotAuthentic),
                _ => Failure::told(code, detail),
            });
        }
        let size = wanted(dir, size)?;
        let missing = || Failure::usage("checkpoint-missing", size);
        let note: Note = dir.checkpoint(size).ok_or_else(missing)?.parse()?;
        let checkpoint: Checkpoint = note.text().parse()?;
        let founding = reading.replay.founding().ok_or_else(|| Failure::new("genesis-place", ""))?;
        let is_of_copy = founding.origin == checkpoint.origin
            && checkpoint.size == size
            && tree.root(size) == Some(checkpoint.root);
        if !is_of_copy {
            return Err(Failure::not_authentic("checkpoint-other", ""));
        }
        let logs = WatchedLogs::new(reading.replay.log_keys(size))?;
        Ok(Self { checkpoint, logs, note, reading, tree })
    }

    /// The request that the checkpoint be cosigned by one who has cosigned size `old` last.
    ///
    /// A size that this copy does not reach means that the other has seen more of the ledger.
    pub(crate) fn request(&self, old: Size) -> Result<AddCheckpoint, Failure> {
        let (own, size) = (self.tree.size(), self.checkpoint.size);
        if old > own {
            let detail = format!("{own} < {old}");
            return Err(Failure::not_authentic("cosigned-longer", detail));
        }
        if old > size {
            let detail = format!("{old} > {size}");
            return Err(Failure::usage("cosigned-later", detail));
        }
        let proof = self.tree.consistency(old, size).unwrap_or_default();
        Ok(AddCheckpoint::new(old, proof, self.note.clone()).map_err(NotCosigned::from)?)
    }

    /// The same request to oneself, judged by the keys that the register has for the log.
    pub(crate) fn submission(&self, old: Size) -> Result<Verified<Submission>, Failure> {
        Ok(self.request(old)?.verify(&self.logs)?)
    }

    /// The verified ledger.
    pub(crate) const fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Whether the key signs the ledger's checkpoints.
    pub(crate) fn is_log(&self, key: PublicKey) -> bool {
        self.logs.keys().iter().any(|log| log.key() == key)
    }

    /// The name of a key that the register knows as a cosigner's (spec: P-5).
    pub(crate) fn registered_name(&self, key: PublicKey) -> Option<String> {
        let cosigners = self.reading.replay.note_keys()?.cosigners(self.checkpoint.size);
        cosigners.into_iter().find(|known| known.key() == key).map(|known| known.name().to_owned())
    }
}

/// The size asked for, else that of the latest checkpoint.
fn wanted(dir: &LedgerDir, asked: Option<u64>) -> Result<Size, Failure> {
    match asked {
        Some(number) => Size::new(number).ok_or_else(|| Failure::usage("integer-too-large", number)),
        None => dir.checkpoint_sizes()?.pop().ok_or_else(|| Failure::usage("checkpoint-missing", "")),
    }
}
