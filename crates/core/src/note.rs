//! C2SP signed notes: a text and the signatures of named keys under it (spec: N-1…N-7).
//!
//! A [`Note`] is a claim; [`Note::verify`] gives a [`Verified`] text. Only Ed25519 log keys (type 0x01) are
//! known here; lines of other keys and types are counted and ignored, so that cosignatures can stand beside.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::hash::Hash;
use crate::key::{PublicKey, Sign, Signature};
use crate::verified::Verified;

/// Most signature lines read, so that a hostile note cannot cost for ever (Go's and azul's limit).
const MAX_SIGNATURES: usize = 100;

/// The signature type of Ed25519 in C2SP signed-note.
const ED25519: u8 = 0x01;

/// Why a note or a verifier key is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A known key's signature that does not verify (spec: N-6).
    #[error("the signature of `{0}` does not verify")]
    BadSignature(String),
    /// The same key signs twice (spec: N-5).
    #[error("`{0}` signs twice")]
    DuplicateSignature(String),
    /// Not a text, a blank line and signature lines (spec: N-1, N-2).
    #[error("not a signed note")]
    Malformed,
    /// None of the keys asked for has signed (spec: N-7).
    #[error("no known key has signed")]
    NoKnownSignature,
    /// Not `name+hash+base64` of an Ed25519 key (spec: N-3).
    #[error("not a verifier key")]
    VerifierKey,
}

impl NoteError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadSignature(_) => "note-signature-bad",
            Self::DuplicateSignature(_) => "note-signature-twice",
            Self::Malformed => "note-malformed",
            Self::NoKnownSignature => "note-unsigned",
            Self::VerifierKey => "vkey-invalid",
        }
    }
}

/// A named public key, as handed to those who verify: `example.org/compound+9da5e6b1+AZ…` (spec: N-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    key: PublicKey,
    name: String,
}

impl VerifierKey {
    /// A key under a name.
    ///
    /// # Errors
    /// [`NoteError::VerifierKey`] if the name is empty or holds a blank or `+`.
    pub fn new(name: &str, key: PublicKey) -> Result<Self, NoteError> {
        if is_name(name) { Ok(Self { key, name: name.to_owned() }) } else { Err(NoteError::VerifierKey) }
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> PublicKey {
        self.key
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn typed(&self) -> [u8; 33] {
        let mut typed = [ED25519; 33];
        typed.iter_mut().skip(1).zip(self.key.as_bytes()).for_each(|(to, from)| *to = *from);
        typed
    }

    /// The first four bytes of SHA-256(name ‖ LF ‖ type ‖ key).
    fn note_id(&self) -> [u8; 4] {
        let digest = Hash::labelled(&format!("{}\n", self.name), &self.typed());
        let [a, b, c, d, ..] = *digest.as_bytes();
        [a, b, c, d]
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, hex::encode(self.note_id()), BASE64.encode(self.typed()))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let parse = || {
            let (name, rest) = text.split_once('+')?;
            let (_, encoded) = rest.split_once('+')?;
            let typed = BASE64.decode(encoded).ok()?;
            let raw: [u8; 32] = typed.strip_prefix(&[ED25519])?.try_into().ok()?;
            let parsed = Self::new(name, PublicKey::from_bytes(&raw).ok()?).ok()?;
            // One spelling: the id in the middle is the key's own.
            (parsed.to_string() == text).then_some(parsed)
        };
        parse().ok_or(NoteError::VerifierKey)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

/// A text with signature lines nobody has verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    signatures: Vec<SignatureLine>,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct SignatureLine {
    id: [u8; 4],
    name: String,
    signature: Vec<u8>,
}

/// A text that at least one known key has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenNote {
    /// The keys that signed it.
    pub signers: Vec<VerifierKey>,
    /// The text, ending in a line feed.
    pub text: String,
    /// How many signature lines were of keys not asked for.
    pub unknown: usize,
}

impl Note {
    /// Signs `text`, which must end in a line feed, and gives the whole note (spec: N-1, N-4).
    ///
    /// # Errors
    /// [`NoteError::Malformed`] for a text that is empty or has control characters.
    pub fn sign(text: &str, name: &str, signer: &dyn Sign) -> Result<String, NoteError> {
        if !text.ends_with('\n') || !is_plain(text) {
            return Err(NoteError::Malformed);
        }
        let key = VerifierKey::new(name, signer.public_key())?;
        let signature = signer.sign(text.as_bytes());
        let payload = [key.note_id().as_slice(), signature.as_bytes().as_slice()].concat();
        Ok(format!("{text}\n\u{2014} {name} {}\n", BASE64.encode(payload)))
    }

    /// Verifies the note by the keys asked for (spec: N-5…N-7).
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] if a known key's signature is wrong, [`NoteError::NoKnownSignature`] if none
    /// of `keys` has signed.
    pub fn verify(self, keys: &[VerifierKey]) -> Result<Verified<OpenNote>, NoteError> {
        let mut signers = Vec::new();
        for line in &self.signatures {
            let known = keys.iter().find(|key| key.name == line.name && key.note_id() == line.id);
            let Some(known) = known else { continue };
            let signature = line.signature.as_slice().try_into().ok().map(Signature::from_bytes);
            if !signature.is_some_and(|signature| known.key.verifies(self.text.as_bytes(), &signature)) {
                return Err(NoteError::BadSignature(line.name.clone()));
            }
            signers.push(known.clone());
        }
        if signers.is_empty() {
            return Err(NoteError::NoKnownSignature);
        }
        let unknown = self.signatures.len().saturating_sub(signers.len());
        Ok(Verified::assert(OpenNote { signers, text: self.text, unknown }))
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        // The text may hold blank lines, so the last one parts it from the signatures.
        let at = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, rest) = note.split_at_checked(at.saturating_add(1)).ok_or(NoteError::Malformed)?;
        let lines =
            rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n')).ok_or(NoteError::Malformed)?;
        if !is_plain(note) || lines.lines().count() > MAX_SIGNATURES {
            return Err(NoteError::Malformed);
        }
        let signatures: Vec<SignatureLine> = lines.split('\n').map(str::parse).collect::<Result<_, _>>()?;
        for (place, line) in signatures.iter().enumerate() {
            if signatures.iter().skip(place + 1).any(|other| other.name == line.name && other.id == line.id) {
                return Err(NoteError::DuplicateSignature(line.name.clone()));
            }
        }
        Ok(Self { signatures, text: text.to_owned() })
    }
}

impl FromStr for SignatureLine {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        let parse = || {
            let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let payload = BASE64.decode(encoded).ok()?;
            let (id, signature) = payload.split_first_chunk::<4>()?;
            let whole = is_name(name) && !signature.is_empty();
            whole.then(|| Self { id: *id, name: name.to_owned(), signature: signature.to_vec() })
        };
        parse().ok_or(NoteError::Malformed)
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b >= 0x20 || b == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The note in the package documentation of Go's `sumdb/note`.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_published_example_verifies() {
        let key: VerifierKey = KEY.parse().unwrap();
        let open = NOTE.parse::<Note>().unwrap().verify(std::slice::from_ref(&key)).unwrap();
        assert!(open.text.ends_with("problem is.\n"));
        assert_eq!((open.signers.len(), open.unknown), (1, 0));
    }

    #[test]
    fn every_flipped_bit_is_refused_or_makes_the_signer_unknown() {
        let key: VerifierKey = KEY.parse().unwrap();
        for byte in 0..NOTE.len() {
            for bit in 0..8 {
                let mut bytes = NOTE.as_bytes().to_vec();
                bytes[byte] ^= 1 << bit;
                let Ok(text) = String::from_utf8(bytes) else { continue };
                let opened = text.parse::<Note>().and_then(|note| note.verify(std::slice::from_ref(&key)));
                assert!(opened.is_err(), "byte {byte} bit {bit}");
            }
        }
    }

    #[test]
    fn unknown_signers_are_counted_and_a_second_line_of_one_key_is_refused() {
        let key: VerifierKey = KEY.parse().unwrap();
        let other = format!("{NOTE}\u{2014} someone AAAAAAA=\n");
        assert_eq!(other.parse::<Note>().unwrap().verify(std::slice::from_ref(&key)).unwrap().unknown, 1);
        let line = NOTE.lines().last().unwrap();
        let twice = format!("{NOTE}{line}\n");
        assert_eq!(twice.parse::<Note>().unwrap_err().code(), "note-signature-twice");
    }
}
