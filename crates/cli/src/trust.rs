//! What a reader brings from outside the file: an identity, keys, a policy, an anchor (spec: G-1…G-10).

use std::path::{Path, PathBuf};

use xinyi_core::{Anchor, Grounds, Hash, Policy, PublicKey, Trust, Unique, VerifierKey};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Beginning;
use crate::lang::fl;
use crate::reading::bytes_of;
use crate::when::moment;

/// What to trust.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct TrustOptions {
    /// The ledger's identity: 64 hexadecimal digits, or a file that holds them, such as its card.
    #[arg(long, value_name = "HEX|FILE")]
    pub(crate) identity: Option<String>,
    /// A file of public keys, one a line, among them one of the trustee and one of the committee.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Accept that nothing from outside the file says whose ledger it is.
    #[arg(long)]
    pub(crate) no_trust: bool,
    /// What you keep: an anchor, a policy, or a file of keys; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Vec<PathBuf>,
}

impl TrustOptions {
    /// Everything given, read and told apart.
    pub(crate) fn load(&self) -> Result<Trust, Failure> {
        let mut trust = Trust::default();
        if let Some(text) = &self.identity {
            let found = if text.len() == 64 { text.parse().ok() } else { identity_in(Path::new(text)) };
            trust.identity = Some(found.ok_or_else(|| Failure::usage("identity-invalid", text))?);
        }
        if let Some(path) = &self.keys {
            add_keys(&mut trust, path, &bytes_of(path)?)?;
        }
        for path in &self.trust {
            add(&mut trust, path)?;
        }
        Ok(trust)
    }

    /// Where the anchor among what is given lies.
    pub(crate) fn anchor(&self) -> Option<&Path> {
        let is_anchor =
            |path: &&PathBuf| bytes_of(path).is_ok_and(|bytes| Beginning::of(&bytes) == Beginning::Anchor);
        self.trust.iter().find(is_anchor).map(PathBuf::as_path)
    }
}

/// A key as a C2SP verifier key or as raw hexadecimal.
pub(crate) fn public_key(text: &str) -> Option<PublicKey> {
    text.parse::<VerifierKey>().map(|vkey| vkey.key()).ok().or_else(|| text.parse().ok())
}

/// Reads an anchor, a policy or keys. One reader keeps one anchor and one policy: a second is refused, since it would
/// silently take the first one's place.
fn add(trust: &mut Trust, path: &Path) -> Result<(), Failure> {
    let bytes = bytes_of(path)?;
    let twice = || Err(Failure::usage("trust-twice", path.display()));
    match Beginning::of(&bytes) {
        Beginning::Anchor if trust.anchor.is_some() => return twice(),
        Beginning::Anchor => {
            let anchor = Anchor::decode(&bytes);
            trust.anchor =
                Some(anchor.map_err(|error| Failure::told(error.code(), &error).with(Exit::Usage))?);
        }
        Beginning::Foreign if is_policy(&bytes) && trust.policy.is_some() => return twice(),
        Beginning::Foreign if is_policy(&bytes) => {
            let policy = Policy::parse(&bytes);
            trust.policy =
                Some(policy.map_err(|error| Failure::told(error.code(), error).with(Exit::Usage))?);
        }
        Beginning::Foreign => add_keys(trust, path, &bytes)?,
        other => {
            return Err(Failure::usage("trust-kind", format!("{}: {}", path.display(), other.name())));
        }
    }
    Ok(())
}

/// A line of a policy begins with one of its words; a key is one word of another form (spec: G-3, G-4).
fn is_policy(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [b"group", b"ledger", b"log", b"party", b"quorum", b"witness"];
    let first =
        |line: &[u8]| line.split(u8::is_ascii_whitespace).find(|word| !word.is_empty()).map(<[u8]>::to_vec);
    bytes.split(|byte| *byte == b'\n').filter_map(first).any(|word| WORDS.contains(&word.as_slice()))
}

/// Keys as C2SP verifier keys or as raw hexadecimal, one a line (spec: G-3).
fn add_keys(trust: &mut Trust, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(bytes);
    let known = trust.keys.len() + trust.raw_keys.len();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match (line.parse::<VerifierKey>(), line.parse::<PublicKey>()) {
            (Ok(key), _) => trust.keys.push(key),
            (_, Ok(key)) => trust.raw_keys.push(key),
            _ => return Err(Failure::usage("trust-line", format!("{}:{number}", path.display()))),
        }
    }
    if trust.keys.len() + trust.raw_keys.len() == known {
        return Err(Failure::usage("trust-kind", path.display()));
    }
    Ok(())
}

/// The first 64 hexadecimal digits in a file.
fn identity_in(path: &Path) -> Option<Hash> {
    let text = std::fs::read_to_string(path).ok()?;
    text.split(|c: char| !c.is_ascii_hexdigit()).find(|word| word.len() == 64)?.parse().ok()
}

/// What a verdict rests on, in plain words, the strongest first.
pub(crate) fn sentences(grounds: &Grounds) -> Vec<String> {
    let mut said = Vec::new();
    match grounds.anchor {
        Some(Some(size)) => said.push(fl!("trust-anchor", size = size.to_string())),
        Some(None) => said.push(fl!("trust-anchor-unlinked")),
        None => {}
    }
    said.extend(grounds.policy.then(|| fl!("trust-policy")));
    said.extend(grounds.identity.then(|| fl!("trust-identity")));
    said.extend(grounds.keys.then(|| fl!("trust-keys")));
    if said.is_empty() {
        said.push(fl!("trust-none"));
    }
    said.push(match &grounds.unique {
        Some(Unique::Anchor(size)) => fl!("unique-anchor", size = size.to_string()),
        Some(Unique::Cosigner(signer, size)) => {
            fl!("unique-cosigner", name = signer.key.name().to_owned(), size = size.to_string())
        }
        None => fl!("unique-unknown"),
    });
    for signer in &grounds.cosigners {
        let time = signer.time.map(moment).unwrap_or_default();
        said.push(fl!("cosigned-by", name = signer.key.name().to_owned(), time = time));
    }
    said
}
