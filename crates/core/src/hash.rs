//! SHA-256 and its domain separation, and the SHA-512 of Ed25519: the one place that names the hash functions
//! (spec: T-1, T-2, I-1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256, Sha512};

use crate::lower_hex::{self, LowerHex};
use crate::value::{Unjudged, ValueError};

/// A SHA-256 digest: a leaf hash, a tree node, a root, an identity or the digest of a document.
///
/// Its one spelling in lines is 64 lower-case hexadecimal digits (spec: V-4). Upper case is refused: a
/// tolerant decoder would let a file change without its verdict changing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Length of a digest in bytes.
    pub const LEN: usize = 32;

    /// A digest made elsewhere, for example read from a proof file.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The RFC 6962 leaf hash of a line, its signatures included: SHA-256(0x00 ‖ line) (spec: T-1).
    #[must_use]
    pub fn leaf(line: &[u8]) -> Self {
        Self(Sha256::new().chain_update([0x00]).chain_update(line).finalize().into())
    }

    /// The RFC 6962 inner node: SHA-256(0x01 ‖ left ‖ right) (spec: T-1).
    #[must_use]
    pub fn node(left: &Self, right: &Self) -> Self {
        Self(Sha256::new().chain_update([0x01]).chain_update(left.0).chain_update(right.0).finalize().into())
    }

    /// The digest of plain bytes: a document, a voucher, an empty tree (spec: T-1, E-9).
    #[must_use]
    pub fn digest(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// SHA-256(label ‖ bytes), where `label` ends in a newline and names what is hashed (spec: I-1).
    #[must_use]
    pub(crate) fn labelled(label: &str, bytes: &[u8]) -> Self {
        Self(Sha256::new().chain_update(label).chain_update(bytes).finalize().into())
    }
}

/// SHA-512 of the parts one after another, for the challenge of a signature (RFC 8032).
pub(crate) fn sha512(parts: [&[u8]; 3]) -> [u8; 64] {
    parts.iter().fold(Sha512::new(), |hash, part| hash.chain_update(part)).finalize().into()
}

/// Bytes hashed one after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hashing(Sha256);

impl Hashing {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes so far and these.
    pub(crate) fn and(&self, bytes: &[u8]) -> Hash {
        Hash(self.0.clone().chain_update(bytes).finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(LowerHex::of(&self.0).as_str())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// A text that is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is written as 64 lower-case hexadecimal digits")]
pub struct ParseHashError;

impl FromStr for Hash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        lower_hex::decode(text).map(Self).ok_or(ParseHashError)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(LowerHex::of(&self.0).as_str())
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let hash = from.deserialize_str(Unjudged(|text: &str| text.parse()))?;
        hash.map_err(|ParseHashError| de::Error::custom(ValueError::Hex))
    }
}
