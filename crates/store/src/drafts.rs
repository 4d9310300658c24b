//! Contents that wait, each with the approvals it has so far (spec: O-10). Independent of each other.

use serde::{Deserialize, Serialize};
use xinyi_core::{Approval, Content, Hash, LineError};

use crate::dir::LedgerDir;
use crate::disk::{self, DiskError};

/// Largest draft file: a line's worth of content and its approvals.
const MAX_DRAFT: u64 = 262_144;

/// A content that waits, with its approvals so far: claims, until a replay verifies them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Approvals collected.
    pub approvals: Vec<Approval>,
    /// What is to be entered.
    pub content: Content,
}

/// The written form: the content as the string that approvals sign, so that not a byte of it can drift.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftForm {
    approvals: Vec<Approval>,
    content: String,
}

/// Why a draft cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Not a draft file.
    #[error("not a draft")]
    Malformed,
    /// Its content is not canonical.
    #[error(transparent)]
    Line(#[from] LineError),
}

impl DraftError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disk(error) => error.code(),
            Self::Malformed => "draft-malformed",
            Self::Line(error) => error.code(),
        }
    }
}

impl Draft {
    /// Adds approvals that it does not have yet; one key counts once.
    pub fn add(&mut self, approvals: impl IntoIterator<Item = Approval>) {
        for approval in approvals {
            if !self.approvals.iter().any(|known| known.key == approval.key) {
                self.approvals.push(approval);
            }
        }
    }

    pub(crate) fn form(&self) -> DraftForm {
        let content = String::from_utf8_lossy(self.content.bytes()).into_owned();
        DraftForm { approvals: self.approvals.clone(), content }
    }

    pub(crate) fn from_form(form: DraftForm) -> Result<Self, DraftError> {
        Ok(Self { approvals: form.approvals, content: Content::decode(form.content.as_bytes())? })
    }
}

/// The drafts of a ledger directory.
#[derive(Clone, Debug)]
pub struct Drafts<'d> {
    dir: &'d LedgerDir,
}

impl LedgerDir {
    /// The drafts beside the ledger.
    #[must_use]
    pub const fn drafts(&self) -> Drafts<'_> {
        Drafts { dir: self }
    }
}

impl Drafts<'_> {
    /// Every draft, in order of date and reference.
    ///
    /// # Errors
    /// See [`DraftError`].
    pub fn list(&self) -> Result<Vec<Draft>, DraftError> {
        let names = disk::names(&self.dir.root().join("drafts"))?;
        let drafts = names.iter().filter(|name| name.ends_with(".json")).map(|name| self.read(name));
        let mut drafts: Vec<Draft> = drafts.collect::<Result<_, _>>()?;
        drafts.sort_by(|a, b| {
            (a.content.date(), a.content.reference()).cmp(&(b.content.date(), b.content.reference()))
        });
        Ok(drafts)
    }

    /// The draft of the content with this digest, if it waits here.
    ///
    /// # Errors
    /// See [`DraftError`].
    pub fn get(&self, content: Hash) -> Result<Option<Draft>, DraftError> {
        match self.read(&Self::name(content)) {
            Ok(draft) => Ok(Some(draft)),
            Err(DraftError::Disk(error)) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, name: &str) -> Result<Draft, DraftError> {
        let bytes = disk::read(&self.dir.path("drafts", name), MAX_DRAFT)?;
        let form: DraftForm = serde_json::from_slice(&bytes).map_err(|_| DraftError::Malformed)?;
        Draft::from_form(form)
    }

    /// Keeps a draft; one with the same content is replaced.
    ///
    /// # Errors
    /// See [`DraftError`].
    pub fn keep(&self, draft: &Draft) -> Result<(), DraftError> {
        let bytes = serde_json::to_vec(&draft.form()).map_err(|_| DraftError::Malformed)?;
        Ok(disk::replace(&self.dir.path("drafts", &Self::name(draft.content.digest())), &bytes)?)
    }

    /// Removes the draft with this content digest, because it was recorded or refused.
    ///
    /// # Errors
    /// See [`DraftError`].
    pub fn remove(&self, content: Hash) -> Result<(), DraftError> {
        Ok(disk::remove(&self.dir.path("drafts", &Self::name(content)))?)
    }

    fn name(content: Hash) -> String {
        format!("{content}.json")
    }
}
