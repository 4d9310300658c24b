//! Private values beside the ledger: kept, opened, destroyed (spec: O-1, X-4…X-6).

use xinyi_core::{Disclosure, DisclosureError, Sealed};

use crate::dir::LedgerDir;
use crate::disk::{self, DiskError};

/// Largest disclosure: a salt, a name and a text of 4,096 bytes, escaped and encoded.
const MAX_DISCLOSURE: u64 = 65_536;

/// Why a private value that lies here cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// The file is not the disclosure that its name says (spec: X-5).
    #[error("the private value of commitment {sealed}: {error}")]
    Disclosure {
        /// Why.
        error: DisclosureError,
        /// The commitment.
        sealed: Sealed,
    },
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl PrivateError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disclosure { error, .. } => error.code(),
            Self::Disk(error) => error.code(),
        }
    }
}

impl LedgerDir {
    /// Keeps a private value; its file is named by its commitment.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn keep_disclosure(&self, disclosure: &Disclosure) -> Result<(), DiskError> {
        let path = self.path("private", &disclosure.commitment().to_string());
        disk::replace(&path, disclosure.encoded().as_bytes())
    }

    /// The disclosure behind a commitment; `None` if it does not lie here.
    ///
    /// # Errors
    /// See [`PrivateError`]: a file of that name which is another disclosure, or none, is never passed over.
    pub fn disclosure(&self, sealed: Sealed) -> Result<Option<Disclosure>, PrivateError> {
        let bytes = match disk::read(&self.path("private", &sealed.to_string()), MAX_DISCLOSURE) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let wrong = |error| PrivateError::Disclosure { error, sealed };
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong(DisclosureError::Form))?;
        let disclosure = Disclosure::decode(text).map_err(wrong)?;
        if disclosure.commitment() == sealed {
            Ok(Some(disclosure))
        } else {
            Err(wrong(DisclosureError::Other))
        }
    }

    /// Destroys the private value behind a commitment, with what a crash may have left of writing it; whether there
    /// was any (spec: X-6).
    ///
    /// The file is removed and its directory synced. It is not overwritten first: disks and file systems of today
    /// write elsewhere, and copies are not reached at all.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn destroy_disclosure(&self, sealed: Sealed) -> Result<bool, DiskError> {
        let commitment = sealed.to_string();
        let names = disk::names(&self.root().join("private"))?;
        let mut found = false;
        for name in names.iter().filter(|name| name.starts_with(&commitment)) {
            disk::remove(&self.path("private", name))?;
            found = true;
        }
        Ok(found)
    }
}
