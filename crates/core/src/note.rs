//! C2SP signed notes: a text and the signatures of named keys under it (spec: N-1…N-9).
//!
//! A [`Note`] is a claim; [`Note::verify`] gives a [`Verified`] text. Two types of key are known: those that sign
//! a log's checkpoints (0x01) and those that cosign them (0x04, `cosignature/v1`). Lines of other keys and types,
//! such as the larger ones of ML-DSA, are counted and ignored, so that they can stand beside.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::hash::Hash;
use crate::key::{PublicKey, Sign, Signature};
use crate::verified::Verified;

/// Most signature lines read, so that a hostile note cannot cost for ever (Go's and azul's limit).
const MAX_SIGNATURES: usize = 100;

/// What a key signs, by its C2SP signature type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKeyType {
    /// 0x04: a timestamped cosignature of a checkpoint (tlog-cosignature, `cosignature/v1`).
    Cosigner,
    /// 0x01: the text of the note, as a log signs its checkpoints.
    Log,
}

impl NoteKeyType {
    const fn byte(self) -> u8 {
        match self {
            Self::Cosigner => 0x04,
            Self::Log => 0x01,
        }
    }

    const fn of(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Log),
            0x04 => Some(Self::Cosigner),
            _ => None,
        }
    }
}

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
    signs: NoteKeyType,
}

impl VerifierKey {
    /// A log's key under a name.
    ///
    /// # Errors
    /// [`NoteError::VerifierKey`] if the name is empty or holds a blank or `+`.
    pub fn new(name: &str, key: PublicKey) -> Result<Self, NoteError> {
        Self::of_type(name, key, NoteKeyType::Log)
    }

    /// A cosigner's key under a name.
    ///
    /// # Errors
    /// As for [`VerifierKey::new`].
    pub fn cosigner(name: &str, key: PublicKey) -> Result<Self, NoteError> {
        Self::of_type(name, key, NoteKeyType::Cosigner)
    }

    fn of_type(name: &str, key: PublicKey, signs: NoteKeyType) -> Result<Self, NoteError> {
        let named = is_name(name).then(|| Self { key, name: name.to_owned(), signs });
        named.ok_or(NoteError::VerifierKey)
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

    /// What it signs.
    #[must_use]
    pub const fn signs(&self) -> NoteKeyType {
        self.signs
    }

    fn typed(&self) -> [u8; 33] {
        let mut typed = [self.signs.byte(); 33];
        typed.iter_mut().skip(1).zip(self.key.as_bytes()).for_each(|(to, from)| *to = *from);
        typed
    }

    /// The first four bytes of SHA-256(name ‖ LF ‖ type ‖ key).
    fn note_id(&self) -> [u8; 4] {
        let digest = Hash::labelled(&format!("{}\n", self.name), &self.typed());
        let [a, b, c, d, ..] = *digest.as_bytes();
        [a, b, c, d]
    }

    /// The time of the signature, if it is this key's over `text` (spec: N-4, N-8).
    fn verifies(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        let (time, signature) = match self.signs {
            NoteKeyType::Log => (None, signature),
            NoteKeyType::Cosigner => {
                let (time, rest) = signature.split_first_chunk::<8>()?;
                let time = u64::from_be_bytes(*time);
                (Some(time).filter(|time| i64::try_from(*time).is_ok()).map(Some)?, rest)
            }
        };
        let signature = Signature::from_bytes(signature.try_into().ok()?);
        let message = time.map_or_else(|| text.to_owned(), |time| cosigned(text, time));
        self.key.verifies(message.as_bytes(), &signature).then_some(time)
    }

    fn line(&self, signature: &[u8]) -> String {
        let payload = [self.note_id().as_slice(), signature].concat();
        format!("\u{2014} {} {}\n", self.name, BASE64.encode(payload))
    }
}

/// What a cosigner signs: a header, the time and the whole text (spec: N-8).
fn cosigned(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
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
            let (byte, raw) = typed.split_first()?;
            let raw: [u8; 32] = raw.try_into().ok()?;
            let key = PublicKey::from_bytes(&raw).ok()?;
            let parsed = Self::of_type(name, key, NoteKeyType::of(*byte)?).ok()?;
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

/// A signature that verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSigner {
    /// Whose it is.
    pub key: VerifierKey,
    /// When it was made, in seconds since 1970, by the word of a cosigner; a log's signature has no time.
    pub time: Option<u64>,
}

/// A text that at least one known key has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenNote {
    /// Who signed it.
    pub signers: Vec<NoteSigner>,
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
        Ok(format!("{text}\n{}", key.line(signer.sign(text.as_bytes()).as_bytes())))
    }

    /// A cosigner's signature line over this note's text, made at `time` (spec: N-8): the witness says that this is
    /// the largest consistent tree it has seen of the log. It must have verified that before.
    ///
    /// # Errors
    /// [`NoteError::VerifierKey`] if the name is no note name.
    pub fn cosignature(&self, name: &str, signer: &dyn Sign, time: u64) -> Result<String, NoteError> {
        let key = VerifierKey::cosigner(name, signer.public_key())?;
        let signature = signer.sign(cosigned(&self.text, time).as_bytes());
        Ok(key.line(&[time.to_be_bytes().as_slice(), signature.as_bytes()].concat()))
    }

    /// The note with further signature lines, such as witnesses answer with. A line of a name and key that has
    /// signed already takes the older one's place.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if `lines` are no signature lines or become too many.
    pub fn with_lines(mut self, lines: &str) -> Result<Self, NoteError> {
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        for line in lines.split('\n').map(str::parse) {
            let line: SignatureLine = line?;
            self.signatures.retain(|known| !known.is_of_same_key(&line));
            self.signatures.push(line);
        }
        if self.signatures.len() > MAX_SIGNATURES { Err(NoteError::Malformed) } else { Ok(self) }
    }

    /// One cosigner's signature line over this note's text out of a witness's answer, if it verifies; lines of
    /// other keys in the answer are ignored (spec: W-10).
    ///
    /// # Errors
    /// [`NoteError::Malformed`] if the answer holds other things than signature lines, else as [`Note::verify`].
    pub fn cosignature_in(&self, answer: &str, cosigner: &VerifierKey) -> Result<String, NoteError> {
        let known = std::slice::from_ref(cosigner);
        let answered: Self = format!("{}\n{answer}", self.text).parse()?;
        if answered.text != self.text {
            return Err(NoteError::Malformed);
        }
        answered.clone().verify(known)?;
        Ok(answered.with_lines_of(known).signatures.iter().map(ToString::to_string).collect())
    }

    /// The note without the lines of other keys than these.
    #[must_use]
    pub(crate) fn with_lines_of(mut self, keys: &[VerifierKey]) -> Self {
        self.signatures.retain(|line| keys.iter().any(|key| line.is_of(key)));
        self
    }

    /// The text that is signed, ending in a line feed: a claim.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Verifies the note by the keys asked for (spec: N-5…N-8).
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] if a known key's signature is wrong, [`NoteError::NoKnownSignature`] if none
    /// of `keys` has signed.
    pub fn verify(self, keys: &[VerifierKey]) -> Result<Verified<OpenNote>, NoteError> {
        let mut signers = Vec::new();
        for line in &self.signatures {
            let Some(known) = keys.iter().find(|key| line.is_of(key)) else { continue };
            let time = known.verifies(&self.text, &line.signature);
            let time = time.ok_or_else(|| NoteError::BadSignature(line.name.clone()))?;
            signers.push(NoteSigner { key: known.clone(), time });
        }
        if signers.is_empty() {
            return Err(NoteError::NoKnownSignature);
        }
        let unknown = self.signatures.len().saturating_sub(signers.len());
        Ok(Verified::assert(OpenNote { signers, text: self.text, unknown }))
    }
}

impl fmt::Display for Note {
    /// The note as it is written; parsing it gives the note back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| line.fmt(f))
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payload = [self.id.as_slice(), &self.signature].concat();
        writeln!(f, "\u{2014} {} {}", self.name, BASE64.encode(payload))
    }
}

impl SignatureLine {
    fn is_of(&self, key: &VerifierKey) -> bool {
        key.name == self.name && key.note_id() == self.id
    }

    fn is_of_same_key(&self, other: &Self) -> bool {
        self.name == other.name && self.id == other.id
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
            if signatures.iter().skip(place + 1).any(|other| other.is_of_same_key(line)) {
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

    /// The example of the C2SP tlog-cosignature document; its keys are not published, so only its form is tested.
    const COSIGNED: &str = "example.com/behind-the-sofa\n20852163\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    #[test]
    fn the_published_cosigned_checkpoint_reads_and_writes_back_byte_for_byte() {
        let note: Note = COSIGNED.parse().unwrap();
        assert_eq!(note.to_string(), COSIGNED);
        let time: [u8; 8] = note.signatures[1].signature[..8].try_into().unwrap();
        assert_eq!((u64::from_be_bytes(time), note.signatures[1].signature.len()), (1_679_315_147, 72));
        assert_eq!(cosigned(note.text(), 1_679_315_147).lines().nth(1), Some("time 1679315147"));
    }
}
