//! Canonical JSON: how a line is read strictly and compared with its one form (spec: E-3…E-8, RFC 8785).
//!
//! Typed structs refuse unknown and duplicate fields; the byte comparison refuses everything else that a
//! lenient parser lets pass: blanks, other escapes, other number forms, arrays for objects, null for absent.

use std::io::{self, Write};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::hash::Hash;
use crate::value::{Unjudged, ValueError};

/// Why bytes are not a line or content of the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// A byte order mark or a carriage return: the file was converted on its way (spec: E-2).
    #[error("the file was converted on its way: it has a byte order mark or carriage returns")]
    Converted,
    /// A field stands twice (spec: E-5).
    #[error("a field stands twice: {0}")]
    DuplicateField(String),
    /// More than 65,535 bytes (spec: E-1).
    #[error("a line has {length} bytes, at most 65535 are allowed")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Not JSON (spec: E-3).
    #[error("not JSON near byte {column} of the line")]
    Malformed {
        /// Where reading stopped, in bytes from 1.
        column: usize,
    },
    /// A field is missing (spec: E-5).
    #[error("a field is missing: {0}")]
    MissingField(String),
    /// JSON, but not in its canonical form (spec: E-4).
    #[error("not in canonical form from byte {byte} of the line")]
    NotCanonical {
        /// The first byte that differs, from 0.
        byte: usize,
    },
    /// Not UTF-8 (spec: E-1).
    #[error("not UTF-8 from byte {byte} of the line")]
    NotUtf8 {
        /// The first byte that is not.
        byte: usize,
    },
    /// A field that the format does not have (spec: E-5).
    #[error("a field is unknown: {0}")]
    UnknownField(String),
    /// A value has the wrong JSON type (spec: E-6).
    #[error("a value has the wrong type: {0}")]
    WrongType(String),
    /// A value that cannot be written; no value of the format's types is (spec: E-4).
    #[error("the data cannot be written as JSON")]
    Unwritable,
    /// A value is misspelled or out of bounds (spec: V-1).
    #[error("{error}, near byte {column} of the line")]
    Value {
        /// Which value rule it breaks.
        error: ValueError,
        /// Where reading stopped, in bytes from 1.
        column: usize,
    },
}

impl LineError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Converted => "file-converted",
            Self::DuplicateField(_) => "field-duplicate",
            Self::TooLong { .. } => "line-too-long",
            Self::Malformed { .. } => "json-malformed",
            Self::MissingField(_) => "field-missing",
            Self::NotCanonical { .. } => "not-canonical",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::UnknownField(_) => "field-unknown",
            Self::WrongType(_) => "type-wrong",
            Self::Unwritable => "unwritable",
            Self::Value { error, .. } => error.code(),
        }
    }
}

/// Longest line in bytes, the limit of a tlog-tiles entry bundle (spec: E-1).
pub(crate) const MAX_LINE: usize = 65_535;

/// Checks length, encoding and signs of conversion, and gives the text.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, LineError> {
    let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
    if marks.iter().any(|mark| bytes.starts_with(mark)) || bytes.ends_with(b"\r") {
        return Err(LineError::Converted);
    }
    if bytes.len() > MAX_LINE {
        return Err(LineError::TooLong { length: bytes.len() });
    }
    std::str::from_utf8(bytes).map_err(|error| LineError::NotUtf8 { byte: error.valid_up_to() })
}

/// Parses one JSON value that is the whole of `text`.
pub(crate) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, LineError> {
    serde_json::from_str(text).map_err(|cause| error(&cause))
}

/// Writes the canonical form; struct fields are declared in sorted order.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<String, LineError> {
    serde_json::to_string(value).map_err(|_| LineError::Unwritable)
}

/// The digest of a value's canonical form. Values of the format's types are always writable.
pub(crate) fn digest<T: Serialize>(value: &T) -> Hash {
    Hash::digest(write(value).unwrap_or_default().as_bytes())
}

/// Requires that `given` is the canonical form of `value`.
pub(crate) fn same<T: Serialize>(value: &T, given: &str) -> Result<(), LineError> {
    let mut compared = Compared { differs: false, given: given.as_bytes(), same: 0 };
    let written = serde_json::to_writer(&mut compared, value);
    if compared.differs || compared.same < compared.given.len() {
        return Err(LineError::NotCanonical { byte: compared.same });
    }
    written.map_err(|_| LineError::Unwritable)
}

/// Takes what is written and compares it with what was given, byte by byte.
struct Compared<'g> {
    differs: bool,
    given: &'g [u8],
    /// How many bytes were written that were given.
    same: usize,
}

impl Write for Compared<'_> {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        let rest = self.given.get(self.same..).unwrap_or_default();
        if rest.starts_with(written) {
            self.same = self.same.saturating_add(written.len());
            return Ok(written.len());
        }
        let common = rest.iter().zip(written).take_while(|(given, written)| given == written).count();
        self.same = self.same.saturating_add(common);
        self.differs = true;
        Err(io::ErrorKind::InvalidData.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sorts a parser's message into the format's errors. serde carries errors as text and nothing else.
pub(crate) fn error(cause: &serde_json::Error) -> LineError {
    let message = cause.to_string();
    let column = cause.column();
    if let Some(error) = ValueError::in_message(&message) {
        return LineError::Value { error, column };
    }
    let named =
        |prefix: &str| message.strip_prefix(prefix).map(|rest| rest.split(", ").next().unwrap_or(rest));
    let field = |text: &str| text.split(" at line").next().unwrap_or(text).to_owned();
    if let Some(name) = named("unknown field ") {
        LineError::UnknownField(field(name))
    } else if let Some(name) = named("duplicate field ") {
        LineError::DuplicateField(field(name))
    } else if let Some(name) = named("missing field ") {
        LineError::MissingField(field(name))
    } else if cause.is_data() {
        LineError::WrongType(field(&message))
    } else {
        LineError::Malformed { column }
    }
}

/// A digest, or the empty string where there is none yet: `ledger` and `prev` of a genesis (spec: E-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OrEmpty(pub(crate) Option<Hash>);

impl Serialize for OrEmpty {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(hash) => hash.serialize(to),
            None => to.serialize_str(""),
        }
    }
}

impl<'de> Deserialize<'de> for OrEmpty {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        let hash = from.deserialize_str(Unjudged(read))?;
        hash.map(Self).map_err(|_| de::Error::custom(ValueError::Hex))
    }
}
