//! A ledger directory from which excerpts are cut, by what is kept beside it or else by reading it whole.
//!
//! Nothing kept is trusted: every excerpt is verified as its reader will verify it before it is written. If that
//! fails, the ledger is read and verified whole, and what is kept is made again (spec: O-14).

use std::path::Path;
use std::sync::Arc;

use xinyi_core::{
    Archive, Checkpoint, ExcerptError, Founding, Hash, Index, Lines as _, Note, Period, Places, Replay,
    Sign as _, Size, StateDocument,
};
use xinyi_store::{Cache, CachedTree, LedgerDir, LineIndex};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::keys;
use crate::names::{self, Names};
use crate::reading::Reading;
use crate::sealed::not_sealed;

/// What excerpts of a ledger need.
pub(crate) struct Excerpts {
    pub(crate) archive: Archive<CachedTree>,
    dir: LedgerDir,
    pub(crate) lines: Arc<LineIndex>,
    size: Size,
    /// The ledger verified to its end, where it was read whole.
    whole: Option<Replay>,
}

impl Excerpts {
    /// Makes an excerpt of a ledger; `make` fails with [`Exit::NotAuthentic`] or [`Exit::CannotTell`] if what it cut
    /// does not prove itself.
    pub(crate) fn cut<T>(
        path: &Path,
        context: &Context,
        make: impl Fn(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let dir = LedgerDir::open(path)?;
        let cache = Cache::open(&dir)?;
        let kept = Self::kept(&dir, &cache).and_then(|excerpts| make(&excerpts));
        match kept {
            Err(failure) if failure.exit() != Exit::Usage => {}
            made => {
                let _ = cache.keep();
                return made;
            }
        }
        let made = make(&Self::whole(&dir, &cache, context)?);
        let _ = cache.keep();
        made
    }

    /// By what is kept beside the ledger.
    fn kept(dir: &LedgerDir, cache: &Arc<Cache>) -> Result<Self, Failure> {
        let genesis = cache.lines().line(Index::default()).unwrap_or_default();
        let mut replay = Replay::new();
        replay.push(genesis.as_bytes()).map_err(|error| Failure::told(error.code(), &error))?;
        let founding = replay.founding().cloned();
        Self::of(dir, cache, founding, cache.places()?, None)
    }

    /// Reads and verifies the whole ledger, and makes again what is kept of it.
    pub(crate) fn whole(dir: &LedgerDir, cache: &Arc<Cache>, context: &Context) -> Result<Self, Failure> {
        let mut places = Places::default();
        let reading =
            Reading::good_to(dir, context, &mut |entry| places.take(entry.content(), entry.index()))?;
        cache.rebuild()?;
        let founding = reading.replay.founding().cloned();
        Self::of(dir, cache, founding, places, Some(reading.replay))
    }

    fn of(
        dir: &LedgerDir,
        cache: &Arc<Cache>,
        founding: Option<Founding>,
        places: Places,
        whole: Option<Replay>,
    ) -> Result<Self, Failure> {
        let founding = founding.ok_or_else(|| Failure::new("genesis-place", ""))?;
        let (size, tree) = cache.whole().ok_or_else(|| Failure::new("tile-root", ""))?;
        let (archive, lines) = (Archive::of(founding, places, tree), Arc::clone(cache.lines()));
        Ok(Self { archive, dir: dir.clone(), lines, size, whole })
    }

    /// The ledger's identity, by its genesis.
    pub(crate) fn identity(&self) -> Option<Hash> {
        self.archive.founding().map(|founding| founding.identity)
    }

    /// The entry that a person means: its index, or `PERIOD/REFERENCE`.
    pub(crate) fn index(&self, entry: &str) -> Result<Index, Failure> {
        if let Ok(number) = entry.parse() {
            return crate::reading::index(number);
        }
        let missing = || Failure::usage("entry-missing", entry);
        let name = names::parse(entry).ok_or_else(missing)?;
        let named = Names::new(Arc::clone(&self.lines)).find(&name, self.archive.places(), self.size)?;
        Ok(named.ok_or_else(missing)?.link.index)
    }

    /// The signed checkpoint of a size, read back and compared with the tree (spec: P-4). Whether a key of the ledger
    /// signed it, the excerpt's reader tells, or the ledger as it was read whole.
    pub(crate) fn checkpoint(&self, size: Size) -> Result<String, Failure> {
        let note = self.dir.checkpoint(size).ok_or_else(|| Failure::usage("checkpoint-missing", size))?;
        let claim = note.parse::<Note>().ok().and_then(|note| note.text().parse::<Checkpoint>().ok());
        let of_tree = |claim: Checkpoint| claim.size == size && Some(claim.root) == self.archive.root(size);
        let is_signed = self.whole.as_ref().is_none_or(|replay| replay.signed_checkpoint(&note).is_ok());
        let agrees = claim.is_some_and(of_tree) && is_signed;
        if agrees { Ok(note) } else { Err(Failure::not_authentic("checkpoint-other", size)) }
    }

    /// The checkpoint after the close that covers an entry; while its month is open, one of the present size that
    /// the log key, read from this file with the passphrase in that one, signs now. Only a ledger that was read whole
    /// is signed for (spec: P-4).
    pub(crate) fn checkpoint_over(
        &self,
        index: Index,
        signer: Option<(&Path, Option<&Path>)>,
    ) -> Result<(Size, String), Failure> {
        if !self.size.covers(index) {
            return Err(Failure::usage("entry-missing", index));
        }
        if let Some(closed) = self.archive.places().covering(index) {
            let size = closed.index.size_after();
            return Ok((size, self.checkpoint(size)?));
        }
        let (key, passphrase_file) = signer.ok_or_else(|| Failure::usage("receipt-open-month", index))?;
        let unread = || Failure::new("receipt-open-month", index);
        let replay = self.whole.as_ref().ok_or_else(unread)?;
        let key = keys::open(key, passphrase_file)?;
        let (size, founding) = (replay.size(), replay.founding());
        let founding = founding.ok_or_else(|| Failure::new("genesis-place", ""))?;
        if !replay.log_keys(size).iter().any(|known| known.key() == key.public_key()) {
            return Err(Failure::usage("log-key-other", ""));
        }
        let checkpoint = Checkpoint { origin: founding.origin.clone(), root: replay.root(), size };
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
    pub(crate) fn document(&self, period: Period) -> Option<StateDocument> {
        self.dir.state(self.archive.places().closed(period)?.state)
    }

    /// Why an excerpt cannot be: as a rule it is what was asked for, but what is not at hand may be the cache's fault.
    pub(crate) fn refused(&self, error: ExcerptError) -> Failure {
        let failure = Failure::told(error.code(), error);
        match error {
            ExcerptError::EntryMissing | ExcerptError::LineMissing if self.whole.is_none() => failure,
            _ => failure.with(Exit::Usage),
        }
    }
}
