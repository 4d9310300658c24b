//! Keys made from their names, so that every run of a test signs the same bytes.

use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest, Sha256};
use xinyi_core::{PublicKey, Sign, Signature};

/// A key whose secret is the SHA-256 of its name. Worth nothing as a secret.
#[derive(Clone, Debug)]
pub struct TestKey {
    /// Kept, because to admit a point costs more than to sign.
    public: PublicKey,
    secret: SigningKey,
}

impl TestKey {
    /// The key with this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let secret = SigningKey::from_bytes(&Sha256::digest(name).into());
        let public = PublicKey::from_bytes(secret.verifying_key().as_bytes());
        Self { public: public.expect("a generated key is admissible"), secret }
    }

    /// The raw secret, for tests of key files.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.secret.to_bytes()
    }
}

impl Sign for TestKey {
    fn public_key(&self) -> PublicKey {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.secret.sign(message).to_bytes())
    }
}
