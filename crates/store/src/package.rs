//! One file that goes out to an approver and comes back (spec: O-11): drafts, the lines and state documents that
//! the approver's own copy may lack, and private values only if they were asked for by name.

use std::path::Path;

use serde::{Deserialize, Serialize};
use xinyi_core::{Disclosure, DisclosureError, Hash, Size, StateDocument};

use crate::disk::{self, DiskError};
use crate::drafts::{Draft, DraftError, DraftForm};

/// Largest package: a year of lines and as many drafts.
const MAX_PACKAGE: u64 = 64 << 20;

/// Drafts on their way to an approver or back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What opens the drafts' sealed fields; empty unless it was asked for by name.
    pub disclosures: Vec<Disclosure>,
    /// The ledger.
    pub identity: Hash,
    /// Lines from `since` on, as they lie in the ledger.
    pub lines: Vec<String>,
    /// The drafts.
    pub drafts: Vec<Draft>,
    /// The size from which on lines are included.
    pub since: Size,
    /// State documents that drafted closes name.
    pub states: Vec<StateDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageForm {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    disclosures: Vec<String>,
    drafts: Vec<DraftForm>,
    identity: Hash,
    lines: Vec<String>,
    since: Size,
    states: Vec<StateDocument>,
    xinyi: String,
}

/// The mark by which a package is told from other files.
const MARK: &str = "drafts-v1";

/// Why a file is not a package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A disclosure in it cannot be read.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A draft in it cannot be used.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// Not a package of drafts.
    #[error("not a file of drafts")]
    Malformed,
}

impl PackageError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disclosure(error) => error.code(),
            Self::Disk(error) => error.code(),
            Self::Draft(error) => error.code(),
            Self::Malformed => "package-malformed",
        }
    }
}

impl Package {
    /// Reads a package from a file.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn read(path: &Path) -> Result<Self, PackageError> {
        Self::decode(&disk::read(path, MAX_PACKAGE)?)
    }

    /// Reads a package.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, PackageError> {
        let form: PackageForm = serde_json::from_slice(bytes).map_err(|_| PackageError::Malformed)?;
        if form.xinyi != MARK {
            return Err(PackageError::Malformed);
        }
        let disclosures =
            form.disclosures.iter().map(|text| Disclosure::decode(text)).collect::<Result<_, _>>()?;
        let drafts = form.drafts.into_iter().map(Draft::from_form).collect::<Result<_, _>>()?;
        Ok(Self {
            disclosures,
            identity: form.identity,
            lines: form.lines,
            drafts,
            since: form.since,
            states: form.states,
        })
    }

    /// Writes the package to a file, replacing it.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn write(&self, path: &Path) -> Result<(), PackageError> {
        Ok(disk::replace(path, &self.encode()?)?)
    }

    /// The package's bytes.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn encode(&self) -> Result<Vec<u8>, PackageError> {
        let form = PackageForm {
            disclosures: self.disclosures.iter().map(|known| known.encoded().to_owned()).collect(),
            drafts: self.drafts.iter().map(Draft::form).collect(),
            identity: self.identity,
            lines: self.lines.clone(),
            since: self.since,
            states: self.states.clone(),
            xinyi: MARK.to_owned(),
        };
        serde_json::to_vec(&form).map_err(|_| PackageError::Malformed)
    }
}
