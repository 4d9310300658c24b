//! Opening a signer's key: its file, and its passphrase from a file, the environment or a prompt.

use std::path::{Path, PathBuf};

use xinyi_store::{KeyFileError, Passphrase, SecretKey};

use crate::failure::Failure;
use crate::lang::fl;

/// Whose key signs.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct KeyOptions {
    /// The key file that signs.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// A file whose first line is the passphrase; else `XINYI_PASSPHRASE`, else a prompt.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

impl KeyOptions {
    /// Opens the key.
    pub(crate) fn open(&self) -> Result<SecretKey, Failure> {
        open(&self.key, self.passphrase_file.as_deref())
    }
}

/// Opens a key file.
pub(crate) fn open(path: &Path, passphrase_file: Option<&Path>) -> Result<SecretKey, Failure> {
    Ok(SecretKey::read(path, || passphrase(passphrase_file))?)
}

/// The passphrase: from a file, the environment, or a person.
pub(crate) fn passphrase(file: Option<&Path>) -> Result<Passphrase, KeyFileError> {
    if let Some(file) = file {
        let mut text = std::fs::read_to_string(file).map_err(|_| KeyFileError::PassphraseMissing)?;
        let first = text.lines().next().map_or(0, str::len);
        let passphrase = Passphrase::new(text.get(..first).unwrap_or_default().to_owned());
        zeroize::Zeroize::zeroize(&mut text);
        return passphrase;
    }
    if let Ok(text) = std::env::var("XINYI_PASSPHRASE") {
        return Passphrase::new(text);
    }
    let typed =
        rpassword::prompt_password(fl!("prompt-passphrase")).map_err(|_| KeyFileError::PassphraseMissing)?;
    Passphrase::new(typed)
}
