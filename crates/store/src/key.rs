//! A private key and its file: PKCS#8 PEM, encrypted by default, readable and writable by `openssl` (O-9).

use std::fmt;
use std::path::Path;

use ed25519_dalek::pkcs8::KeypairBytes;
use ed25519_dalek::{Signer as _, SigningKey};
use pkcs8::der::pem::PemLabel as _;
use pkcs8::pkcs5::pbes2;
use pkcs8::pkcs5::scrypt;
use pkcs8::{
    DecodePrivateKey as _, EncodePrivateKey as _, EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef,
    SecretDocument,
};
use xinyi_core::{PublicKey, Sign, Signature, ValueError};
use zeroize::Zeroizing;

use crate::disk::{self, DiskError};

/// A key file holds a few hundred bytes; more is no key.
const MAX_FILE: u64 = 16_384;

/// The costliest scrypt that a file may ask for, N = 2^20 at r = 8: one gibibyte.
const MAX_MEMORY: u64 = 1 << 30;

/// Fewest characters of a passphrase.
const MIN_PASSPHRASE: usize = 8;

/// An Ed25519 private key. It is wiped from memory when dropped and never shown.
pub struct SecretKey {
    /// Admitted once: that costs more than a signature.
    public: PublicKey,
    signing: SigningKey,
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(…{})", self.public)
    }
}

impl Sign for SecretKey {
    fn public_key(&self) -> PublicKey {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.signing.sign(message).to_bytes())
    }
}

/// How much work it costs to try one passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// scrypt N = 2^14, r = 8, p = 1: the most that `openssl` opens.
    Portable,
    /// scrypt N = 2^17, r = 8, p = 1: eight times the work; `openssl` refuses it at its default limit.
    Strong,
}

/// What a person types to open a key. Wiped from memory when dropped.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// A passphrase of at least 8 characters.
    ///
    /// # Errors
    /// [`KeyFileError::PassphraseShort`].
    pub fn new(text: String) -> Result<Self, KeyFileError> {
        let text = Zeroizing::new(text);
        if text.chars().count() < MIN_PASSPHRASE {
            Err(KeyFileError::PassphraseShort)
        } else {
            Ok(Self(text))
        }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The file asks for more memory than a key may cost.
    #[error("the key file asks for more than 1 GiB of memory to open")]
    Greedy,
    /// Not an Ed25519 private key in PKCS#8 PEM.
    #[error("not an Ed25519 private key in PKCS#8 PEM form")]
    Malformed,
    /// The file is encrypted and no passphrase was given.
    #[error("the key is encrypted and no passphrase was given")]
    PassphraseMissing,
    /// Fewer than 8 characters.
    #[error("a passphrase needs at least 8 characters")]
    PassphraseShort,
    /// The passphrase does not open the file.
    #[error("the passphrase does not open the key")]
    PassphraseWrong,
    /// The operating system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random,
    /// Other users of the machine may read the file.
    #[error("other users of this computer may read the key file")]
    Readable,
}

impl KeyFileError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disk(error) => error.code(),
            Self::Greedy => "key-file-greedy",
            Self::Malformed => "key-file-malformed",
            Self::PassphraseMissing => "passphrase-missing",
            Self::PassphraseShort => "passphrase-short",
            Self::PassphraseWrong => "passphrase-wrong",
            Self::Random => "random-missing",
            Self::Readable => "key-file-readable",
        }
    }
}

impl From<ValueError> for KeyFileError {
    fn from(_: ValueError) -> Self {
        Self::Malformed
    }
}

impl SecretKey {
    /// A new key from the operating system's random bytes.
    ///
    /// # Errors
    /// [`KeyFileError::Random`].
    pub fn generate() -> Result<Self, KeyFileError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(|_| KeyFileError::Random)?;
        Self::checked(&seed)
    }

    fn checked(seed: &[u8; 32]) -> Result<Self, KeyFileError> {
        let signing = SigningKey::from_bytes(seed);
        let public = PublicKey::from_bytes(signing.verifying_key().as_bytes())?;
        Ok(Self { public, signing })
    }

    /// Writes the key to a new file that only its owner may read; never overwrites.
    ///
    /// Without a passphrase the key lies in clear: for machines whose disk is trusted.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn write(
        &self,
        path: &Path,
        passphrase: Option<&Passphrase>,
        strength: Strength,
    ) -> Result<(), KeyFileError> {
        let pem = self.to_pem(passphrase, strength)?;
        Ok(disk::create_private(path, pem.as_bytes())?)
    }

    /// The PEM text that [`SecretKey::write`] writes.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn to_pem(
        &self,
        passphrase: Option<&Passphrase>,
        strength: Strength,
    ) -> Result<Zeroizing<String>, KeyFileError> {
        // Without the public half: some openssl versions refuse the newer form that holds it.
        let pair = KeypairBytes { secret_key: self.signing.to_bytes(), public_key: None };
        let plain = pair.to_pkcs8_der().map_err(|_| KeyFileError::Malformed)?;
        let (document, label) = match passphrase {
            None => (plain, PrivateKeyInfoRef::PEM_LABEL),
            Some(passphrase) => {
                (encrypt(&plain, passphrase, strength)?, EncryptedPrivateKeyInfoRef::PEM_LABEL)
            }
        };
        document.to_pem(label, LineEnding::LF).map_err(|_| KeyFileError::Malformed)
    }

    /// Opens a key file. `ask` is called only if the file is encrypted.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn read(
        path: &Path,
        ask: impl FnOnce() -> Result<Passphrase, KeyFileError>,
    ) -> Result<Self, KeyFileError> {
        refuse_readable(path)?;
        let bytes = Zeroizing::new(disk::read(path, MAX_FILE)?);
        let pem = std::str::from_utf8(&bytes).map_err(|_| KeyFileError::Malformed)?;
        Self::from_pem(pem, ask)
    }

    /// Reads the PEM text of a key.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn from_pem(
        pem: &str,
        ask: impl FnOnce() -> Result<Passphrase, KeyFileError>,
    ) -> Result<Self, KeyFileError> {
        let (label, document) = SecretDocument::from_pem(pem).map_err(|_| KeyFileError::Malformed)?;
        let plain = if label == EncryptedPrivateKeyInfoRef::PEM_LABEL {
            decrypt(&document, &ask()?)?
        } else {
            document
        };
        let pair = KeypairBytes::from_pkcs8_der(plain.as_bytes()).map_err(|_| KeyFileError::Malformed)?;
        Self::checked(&pair.secret_key)
    }
}

fn encrypt(
    plain: &SecretDocument,
    passphrase: &Passphrase,
    strength: Strength,
) -> Result<SecretDocument, KeyFileError> {
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    getrandom::fill(&mut salt).and_then(|()| getrandom::fill(&mut iv)).map_err(|_| KeyFileError::Random)?;
    let log_n = match strength {
        Strength::Portable => 14,
        Strength::Strong => 17,
    };
    let cost = scrypt::Params::new(log_n, 8, 1).map_err(|_| KeyFileError::Malformed)?;
    let scheme = pbes2::Parameters::generate_scrypt_aes256cbc(cost, &salt, iv);
    let scheme = scheme.map_err(|_| KeyFileError::Malformed)?;
    let info = PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|_| KeyFileError::Malformed)?;
    info.encrypt_with_params(scheme, passphrase.0.as_bytes()).map_err(|_| KeyFileError::Malformed)
}

fn decrypt(document: &SecretDocument, passphrase: &Passphrase) -> Result<SecretDocument, KeyFileError> {
    let info =
        EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|_| KeyFileError::Malformed)?;
    let scrypt = info.encryption_algorithm.pbes2().and_then(|scheme| scheme.kdf.scrypt());
    let memory = scrypt
        .map_or(0, |cost| cost.cost_parameter.saturating_mul(128).saturating_mul(cost.block_size.into()));
    let lanes = scrypt.map_or(1, |cost| cost.parallelization);
    if memory > MAX_MEMORY || lanes > 16 {
        return Err(KeyFileError::Greedy);
    }
    info.decrypt(passphrase.0.as_bytes()).map_err(|_| KeyFileError::PassphraseWrong)
}

#[cfg(unix)]
fn refuse_readable(path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).map_err(|source| DiskError::new("read", path, source))?;
    if metadata.permissions().mode() & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Readable) }
}

#[cfg(not(unix))]
fn refuse_readable(_: &Path) -> Result<(), KeyFileError> {
    Ok(())
}
