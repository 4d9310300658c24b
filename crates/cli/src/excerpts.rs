//! A ledger directory from which excerpts are made: verified to its end, with its tree and the places of its lines.

use std::path::Path;

use xinyi_core::{Archive, Checkpoint, Index, Lines as _, Period, Sign as _, Size, Subtrees as _, Trust};
use xinyi_store::{LedgerDir, LineIndex};

use crate::context::Context;
use crate::failure::Failure;
use crate::keys;
use crate::reading::Reading;
use crate::sealed::not_sealed;

/// A ledger that is good to its end, and what excerpts need of it.
pub(crate) struct Excerpts {
    pub(crate) archive: Archive,
    pub(crate) dir: LedgerDir,
    pub(crate) lines: LineIndex,
    reading: Reading,
}

impl Excerpts {
    /// Reads and verifies a ledger directory.
    pub(crate) fn of(path: &Path, context: &Context) -> Result<Self, Failure> {
        let dir = LedgerDir::open(path)?;
        let mut archive = Archive::new();
        let reading = Reading::archived(path, &Trust::default(), &mut archive, context)?;
        reading.must_be_good()?;
        let lines = LineIndex::open(&dir.entries())?;
        Ok(Self { archive, dir, lines, reading })
    }

    /// The entry that a person means: its index, or `PERIOD/REFERENCE`.
    pub(crate) fn index(&self, entry: &str) -> Result<Index, Failure> {
        if let Ok(number) = entry.parse() {
            return crate::reading::index(number);
        }
        let named = entry.split_once('/').and_then(|(period, reference)| {
            let name =
                xinyi_store::RefLink { period: period.parse().ok()?, reference: reference.parse().ok()? };
            self.reading.references.get(&name).map(|link| link.index)
        });
        named.ok_or_else(|| Failure::usage("entry-missing", entry))
    }

    /// The signed checkpoint of a size, read back and compared with the tree (spec: P-4).
    pub(crate) fn checkpoint(&self, size: Size) -> Result<String, Failure> {
        let note = self.dir.checkpoint(size).ok_or_else(|| Failure::usage("checkpoint-missing", size))?;
        let agrees = self.reading.replay.signed_checkpoint(&note).is_ok_and(|checkpoint| {
            checkpoint.size == size && Some(checkpoint.root) == self.archive.root(size)
        });
        if agrees { Ok(note) } else { Err(Failure::not_authentic("checkpoint-other", size)) }
    }

    /// The checkpoint after the close that covers an entry; while its month is open, one of the present size that
    /// the log key, read from this file with the passphrase in that one, signs now.
    pub(crate) fn checkpoint_over(
        &self,
        index: Index,
        signer: Option<(&Path, Option<&Path>)>,
    ) -> Result<(Size, String), Failure> {
        if !self.archive.tree().size().covers(index) {
            return Err(Failure::usage("entry-missing", index));
        }
        let covering = self.archive.closes().find(|closed| closed.close.size.covers(index));
        if let Some(closed) = covering {
            let size = closed.index.size_after();
            return Ok((size, self.checkpoint(size)?));
        }
        let (key, passphrase_file) = signer.ok_or_else(|| Failure::usage("receipt-open-month", index))?;
        let key = keys::open(key, passphrase_file)?;
        let (size, replay) = (self.archive.tree().size(), &self.reading.replay);
        let founding = replay.founding().ok_or_else(|| Failure::new("genesis-place", ""))?;
        if !replay.log_keys(size).iter().any(|known| known.key() == key.public_key()) {
            return Err(Failure::usage("log-key-other", ""));
        }
        let root = self.archive.tree().root(size).ok_or_else(|| Failure::new("checkpoint-missing", size))?;
        let checkpoint = Checkpoint { origin: founding.origin.clone(), root, size };
        let note = checkpoint.sign(&key).map_err(|error| Failure::told(error.code(), &error))?;
        Ok((size, note))
    }

    /// The disclosures of the fields asked for by name, of one entry.
    pub(crate) fn disclosures(&self, index: Index, fields: &[String]) -> Result<Vec<String>, Failure> {
        let line = self.lines.line(index).ok_or_else(|| Failure::usage("entry-missing", index))?;
        let line = xinyi_core::Line::decode(line.as_bytes())?;
        let sealed = line.content_claimed().sealed();
        let disclosure = |field: &String| {
            let (_, value) = sealed
                .iter()
                .find(|(name, _)| name == field)
                .ok_or_else(|| not_sealed(field, index, &sealed))?;
            let found =
                self.dir.disclosure(*value)?.ok_or_else(|| Failure::usage("disclosure-missing", field))?;
            Ok(found.encoded().to_owned())
        };
        fields.iter().map(disclosure).collect()
    }

    /// The state document that the close of a month named.
    pub(crate) fn document(&self, period: Period) -> Option<xinyi_core::StateDocument> {
        self.dir.state(self.archive.closed(period)?.close.state)
    }
}
