//! Keys made from their names, so that every run of a test signs the same bytes.

use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest, Sha256};
use xinyi_core::{PublicKey, Sign, Signature};

/// A key whose secret is the SHA-256 of its name. Worth nothing as a secret.
#[derive(Clone, Debug)]
pub struct TestKey(SigningKey);

impl TestKey {
    /// The key with this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(SigningKey::from_bytes(&Sha256::digest(name).into()))
    }

    /// The raw secret, for tests of key files.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

impl Sign for TestKey {
    fn public_key(&self) -> PublicKey {
        PublicKey::from_bytes(self.0.verifying_key().as_bytes()).expect("a generated key is admissible")
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.0.sign(message).to_bytes())
    }
}
