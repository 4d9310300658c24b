//! Ed25519 keys and signatures, and what exactly is signed (spec: K-1…K-5, S-1…S-3).
//!
//! The verdict is that of `verify_strict` on an admissible key and of nothing else: no batch, no second
//! library, no randomness. Private keys never come here; a signer arrives as [`Sign`]. Many signatures are
//! verified by a [`crate::Verifier`], which has its last word here.

use std::fmt;
use std::str::FromStr;

use curve25519_dalek::EdwardsPoint;
use ed25519_dalek::VerifyingKey;

use crate::hash::Hash;
use crate::lower_hex::{self, LowerHex};
use crate::value::{ValueError, spelled};

/// A public key that may be admitted: canonical encoding, prime order, not the identity (spec: K-2).
///
/// On such keys `verify_strict` and stock verifiers agree, and one signature fits one message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Admits a raw 32-byte key.
    ///
    /// # Errors
    /// [`ValueError::PublicKey`] for an encoding that is not canonical, a point with a torsion component or
    /// the identity.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, ValueError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| ValueError::PublicKey)?;
        let point = key.to_edwards();
        let canonical = point.compress().as_bytes() == bytes;
        if canonical && point.is_torsion_free() && !key.is_weak() {
            Ok(Self(key))
        } else {
            Err(ValueError::PublicKey)
        }
    }

    /// The raw key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The short name that lines use for this key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let digest = Hash::labelled("ed25519\n", self.as_bytes());
        let mut id = [0; 8];
        id.iter_mut().zip(digest.as_bytes()).for_each(|(to, from)| *to = *from);
        KeyId(id)
    }

    /// Whether `signature` is this key's over exactly `message`, by `verify_strict`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(message, &signature).is_ok()
    }

    /// The point that the key encodes.
    pub(crate) fn point(&self) -> EdwardsPoint {
        self.0.to_edwards()
    }

    /// A key that may be of the kinds that are never admitted, to test the verdict on signatures by itself.
    #[cfg(test)]
    pub(crate) fn unchecked(bytes: &[u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes).ok().map(Self)
    }
}

/// The first 8 bytes of SHA-256(`ed25519\n` ‖ key), written as 16 hexadecimal digits (spec: K-1).
///
/// Within a ledger ids are unique: a key whose id was ever used is not admitted (spec: K-4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

/// A raw Ed25519 signature, written as 128 lower-case hexadecimal digits (spec: V-4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// A signature made elsewhere; it is a claim until a key verifies it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The raw signature.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    /// R and s (RFC 8032).
    pub(crate) fn halves(&self) -> ([u8; 32], [u8; 32]) {
        let ed25519 = ed25519_dalek::Signature::from_bytes(&self.0);
        (*ed25519.r_bytes(), *ed25519.s_bytes())
    }
}

/// That a key signed a message: a claim until it is verified.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'c> {
    /// Whose signature it is said to be.
    pub key: &'c PublicKey,
    /// What is said to be signed.
    pub message: &'c [u8],
    /// The signature.
    pub signature: &'c Signature,
}

impl Claim<'_> {
    /// The verdict of `verify_strict` (spec: K-5).
    pub(crate) fn holds(&self) -> bool {
        self.key.verifies(self.message, self.signature)
    }
}

/// Something that signs with one key: a key file, a token, a test.
pub trait Sign {
    /// The public half.
    fn public_key(&self) -> PublicKey;
    /// Signs `message` as it is; the result is verified before anything is written.
    fn sign(&self, message: &[u8]) -> Signature;
}

/// The payload type of an approval (spec: S-1).
pub(crate) const CONTENT_TYPE: &str = "application/vnd.xinyi.content+json;version=1";
/// The payload type of a record (spec: S-2).
pub(crate) const RECORD_TYPE: &str = "application/vnd.xinyi.record+json;version=1";
/// The payload type of an appender's own snapshot (spec: R-9).
pub(crate) const SNAPSHOT_TYPE: &str = "application/vnd.xinyi.snapshot+json;version=2";

/// DSSE pre-authentication encoding of a body in parts: the type and the lengths are signed with the body, so that a
/// signature made for one purpose cannot serve another (spec: S-3, DSSE v1).
#[must_use]
pub(crate) fn pre_authentication(payload_type: &str, body: &[&[u8]]) -> Vec<u8> {
    let length: usize = body.iter().map(|part| part.len()).sum();
    let length = length.to_string();
    let kind = payload_type.len().to_string();
    let head = ["DSSEv1 ", &kind, " ", payload_type, " ", &length, " "];
    let parts: Vec<&[u8]> = head.iter().map(|part| part.as_bytes()).chain(body.iter().copied()).collect();
    parts.concat()
}

impl FromStr for PublicKey {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::from_bytes(&lower_hex::decode(text).ok_or(ValueError::Hex)?)
    }
}

impl FromStr for KeyId {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        lower_hex::decode(text).map(Self).ok_or(ValueError::Hex)
    }
}

impl FromStr for Signature {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        lower_hex::decode(text).map(Self).ok_or(ValueError::Hex)
    }
}

macro_rules! debug_as_hex {
    ($($type:ident),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }
    )+};
}
debug_as_hex!(PublicKey, KeyId, Signature);
spelled!(
    PublicKey as |key, then| then(LowerHex::of(key.as_bytes()).as_str()),
    KeyId as |id, then| then(LowerHex::of(&id.0).as_str()),
    Signature as |signature, then| then(LowerHex::of(&signature.0).as_str()),
);
