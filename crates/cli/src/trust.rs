//! What a reader brings from outside the file: an identity, or keys that the genesis must have admitted.

use std::path::{Path, PathBuf};

use xinyi_core::{Hash, PublicKey, Role, VerifierKey};

use crate::failure::Failure;
use crate::lang::fl;
use crate::reading::Reading;

/// What to trust.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct TrustOptions {
    /// The ledger's identity: 64 hexadecimal digits, or a file that holds them, such as its card.
    #[arg(long, value_name = "HEX|FILE")]
    pub(crate) identity: Option<String>,
    /// A file of public keys, one a line, that the genesis must have admitted for trustee and committee.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Accept that nothing from outside the file says whose ledger it is.
    #[arg(long)]
    pub(crate) no_trust: bool,
}

/// On what a verdict rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Identity,
    Keys,
    None,
}

impl TrustOptions {
    /// The identity asked for.
    pub(crate) fn identity(&self) -> Result<Option<Hash>, Failure> {
        let Some(text) = &self.identity else { return Ok(None) };
        let found = if text.len() == 64 { text.parse().ok() } else { identity_in(Path::new(text)) };
        found.map(Some).ok_or_else(|| Failure::usage("identity-invalid", text))
    }

    /// On what the verdict rests, once the ledger is read.
    pub(crate) fn judge(&self, reading: &Reading) -> Result<Trust, Failure> {
        if self.identity.is_some() {
            return Ok(Trust::Identity);
        }
        let Some(path) = &self.keys else { return Ok(Trust::None) };
        let text = std::fs::read_to_string(path).map_err(|error| Failure::new("file-missing", error))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Option<Vec<PublicKey>> = lines.map(public_key).collect();
        let keys = keys.ok_or_else(|| Failure::usage("key-inadmissible", path.display()))?;
        if admits(reading, &keys) { Ok(Trust::Keys) } else { Err(Failure::not_authentic("keys-other", "")) }
    }
}

/// A key as a C2SP verifier key or as raw hexadecimal.
pub(crate) fn public_key(text: &str) -> Option<PublicKey> {
    text.parse::<VerifierKey>().map(|vkey| vkey.key()).ok().or_else(|| text.parse().ok())
}

/// Whether genesis admitted all these keys, and among them one of the trustee and one of the committee.
fn admits(reading: &Reading, keys: &[PublicKey]) -> bool {
    let Some(register) = reading.replay.register() else { return false };
    let of_role = |role| {
        let party = register.with_role(role).map(|party| &party.party);
        keys.iter()
            .any(|key| register.key(key.id()).is_some_and(|(known, _)| Some(&known.grant.party) == party))
    };
    let founding = |key: &PublicKey| {
        register.key(key.id()).is_some_and(|(known, same)| known.from.get() == 0 && same == *key)
    };
    keys.iter().all(founding) && of_role(Role::Trustee) && of_role(Role::Agent)
}

/// The first 64 hexadecimal digits in a file.
fn identity_in(path: &Path) -> Option<Hash> {
    let text = std::fs::read_to_string(path).ok()?;
    text.split(|c: char| !c.is_ascii_hexdigit()).find(|word| word.len() == 64)?.parse().ok()
}

impl Trust {
    /// What is said of it.
    pub(crate) fn sentence(self) -> String {
        match self {
            Self::Identity => fl!("trust-identity"),
            Self::Keys => fl!("trust-keys"),
            Self::None => fl!("trust-none"),
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Keys => "keys",
            Self::None => "none",
        }
    }
}
