//! An appender's memory of its own last run, so that appending costs a window and not a ledger (spec: R-9).
//!
//! A snapshot is not trusted because it lies on the disk: it counts only under the signature of the recorder
//! who made it, and only if the lines after its base hash to its root.

use serde::{Deserialize, Serialize};

use crate::archive::Archive;
use crate::at_hand::Lines;
use crate::authority_path::AuthorityPath;
use crate::chain::Chain;
use crate::close::Months;
use crate::hash::Hash;
use crate::json::{self, LineError};
use crate::key::{PublicKey, SNAPSHOT_TYPE, Sign, Signature, pre_authentication};
use crate::kind::authority::Use;
use crate::number::Size;
use crate::places::Places;
use crate::proof::Subtrees;
use crate::register::Register;
use crate::replay::{Founding, Ledger, Replay};
use crate::text::Label;
use crate::tree::Frontier;

/// The state of a replay, written down.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    base: Base,
    founding: Founding,
    head: Hash,
    months: Months,
    places: Places,
    recorders: Vec<(Size, Label)>,
    register: Register,
    root: Hash,
    size: Size,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    hashes: Vec<Hash>,
    size: Size,
}

/// Why a snapshot is not used; the ledger is then verified from its first line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not a snapshot.
    #[error(transparent)]
    Form(#[from] LineError),
    /// The lines after its base are not those it was made from.
    #[error("the snapshot does not fit the lines")]
    Lines,
    /// Not signed by the recorder who would use it.
    #[error("the snapshot's signature does not verify")]
    Signature,
}

/// A snapshot's text and the signature below it.
struct Sealed<'t> {
    body: &'t str,
    signature: Signature,
}

impl<'t> Sealed<'t> {
    fn of(text: &'t str) -> Result<Self, SnapshotError> {
        let lines = text.strip_suffix('\n').and_then(|text| text.rsplit_once('\n'));
        let (body, signature) = lines.ok_or(SnapshotError::Signature)?;
        let signature = signature.parse().map_err(|_| SnapshotError::Signature)?;
        Ok(Self { body, signature })
    }

    fn is_by(&self, key: &PublicKey) -> bool {
        key.verifies(&pre_authentication(SNAPSHOT_TYPE, &[self.body.as_bytes()]), &self.signature)
    }
}

impl Replay {
    /// Writes the state down, with the places that its appender gathered of the same lines; `None` before genesis.
    #[must_use]
    pub fn snapshot(&self, places: &Places) -> Option<Snapshot> {
        let ledger = self.ledger.as_ref()?;
        let trailing = self.chain.trailing();
        Some(Snapshot {
            base: Base { hashes: trailing.hashes().to_vec(), size: Size::new(trailing.size())? },
            founding: ledger.founding.clone(),
            head: self.head()?,
            months: ledger.months.clone(),
            places: places.clone(),
            recorders: ledger.recorders.clone(),
            register: ledger.register.clone(),
            root: self.root(),
            size: self.size(),
        })
    }
}

impl Snapshot {
    /// The snapshot alone, for a reader who keeps it where nobody else writes: one line of text.
    ///
    /// # Errors
    /// [`LineError::Unwritable`], which no state causes.
    pub fn write(&self) -> Result<String, LineError> {
        Ok(json::write(self)? + "\n")
    }

    /// Reads what [`Snapshot::write`] wrote. Only who wrote it may believe it.
    ///
    /// # Errors
    /// [`SnapshotError::Form`].
    pub fn read(text: &str) -> Result<Self, SnapshotError> {
        Ok(json::read(text)?)
    }

    /// The snapshot and its recorder's signature: two lines of text.
    ///
    /// # Errors
    /// [`LineError::Unwritable`], which no state causes.
    pub fn seal(&self, recorder: &dyn Sign) -> Result<String, LineError> {
        let body = json::write(self)?;
        let signature = recorder.sign(&pre_authentication(SNAPSHOT_TYPE, &[body.as_bytes()]));
        Ok(format!("{body}\n{signature}\n"))
    }

    /// Reads a sealed snapshot that `recorder` signed.
    ///
    /// # Errors
    /// See [`SnapshotError`].
    pub fn open(text: &str, recorder: &PublicKey) -> Result<Self, SnapshotError> {
        let sealed = Sealed::of(text)?;
        if sealed.is_by(recorder) { Ok(json::read(sealed.body)?) } else { Err(SnapshotError::Signature) }
    }

    /// Reads a sealed snapshot for whoever has no key: one that a recorder of its own ledger signed, whom the lines of
    /// authority that it names give, each proven in its tree (spec: O-14). `tree` gives the tree of a size and root.
    ///
    /// # Errors
    /// See [`SnapshotError`].
    pub fn of_ledger<T: Subtrees>(
        text: &str,
        tree: impl FnOnce(Size, Hash) -> Option<T>,
        lines: &dyn Lines,
    ) -> Result<Self, SnapshotError> {
        let sealed = Sealed::of(text)?;
        let snapshot: Self = json::read(sealed.body)?;
        let (size, root) = (snapshot.size, snapshot.root);
        let tree = tree(size, root).ok_or(SnapshotError::Lines)?;
        let archive = Archive::of(snapshot.founding.clone(), snapshot.places.clone(), tree);
        let proven: Result<Vec<_>, _> =
            snapshot.places.authority(size).map(|index| archive.proven(index, size, lines)).collect();
        let proven = proven.map_err(|_| SnapshotError::Lines)?;
        let path = AuthorityPath::in_tree(&proven, snapshot.founding.identity, size, root);
        let path = path.map_err(|_| SnapshotError::Lines)?;
        let register = path.register();
        let keys = register.active_for(Use::Record, size.next_index());
        let mut recorders = keys.filter(|key| key.grant.party == *register.recorder());
        if recorders.any(|key| sealed.is_by(&key.grant.key)) {
            Ok(snapshot)
        } else {
            Err(SnapshotError::Signature)
        }
    }

    /// The size from which the lines are needed to resume.
    #[must_use]
    pub const fn base(&self) -> Size {
        self.base.size
    }

    /// The size of the ledger when the snapshot was made.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The places of the lines up to [`Snapshot::size`].
    #[must_use]
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// The tree's right edge at [`Snapshot::base`], by which older leaf hashes are vouched for.
    #[must_use]
    pub fn frontier(&self) -> Option<Frontier> {
        Frontier::from_parts(self.base.size.get(), self.base.hashes.clone())
    }

    /// The replay as it was, given the raw lines from the base up to the snapshot's size.
    ///
    /// # Errors
    /// [`SnapshotError::Lines`] if those lines do not lead to the snapshot's root and head.
    pub fn resume<'a>(self, lines: impl IntoIterator<Item = &'a [u8]>) -> Result<Replay, SnapshotError> {
        let mut chain = Chain::resume(self.frontier().ok_or(SnapshotError::Lines)?);
        lines.into_iter().for_each(|line| chain.push(Hash::leaf(line)));
        let fits = chain.size() == self.size
            && chain.frontier().root() == self.root
            && chain.head() == Some(self.head);
        if !fits {
            return Err(SnapshotError::Lines);
        }
        let ledger = Ledger {
            founding: self.founding,
            months: self.months,
            recorders: self.recorders,
            register: self.register,
        };
        Ok(Replay { chain, ledger: Some(ledger), ..Replay::default() })
    }
}
