//! Private values outside the ledger: the disclosure that opens a sealed field (spec: X-1…X-5, RFC 9901).
//!
//! A line holds the commitment only. Who has the disclosure can open it; who destroys it forgets the value.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::hash::Hash;
use crate::kind::parts::Sealed;
use crate::text::Text;

/// A salted private value: RFC 9901 `[salt, field, value]` in base64url without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    encoded: String,
    field: String,
    value: Text,
}

/// Why a text is not a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// It opens a field of another name (spec: X-5).
    #[error("a disclosure opens the field that it names and no other")]
    Field,
    /// Not base64url without padding of a JSON array of three strings (spec: X-1).
    #[error("a disclosure is the base64url form of [salt, field, value]")]
    Form,
    /// It does not have the digest that the line holds (spec: X-5).
    #[error("the disclosure is not the one that the commitment was made of")]
    Other,
    /// A salt of fewer than 16 bytes (spec: X-2).
    #[error("a disclosure's salt holds at least 16 bytes")]
    Salt,
    /// A value that a line could not hold either (spec: V-12).
    #[error("a disclosed value is text as in a line")]
    Value,
}

impl DisclosureError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Field => "disclosure-field",
            Self::Form => "disclosure-form",
            Self::Other => "disclosure-other",
            Self::Salt => "disclosure-salt",
            Self::Value => "disclosure-value",
        }
    }
}

impl Disclosure {
    /// Seals `value` for the field of that name with 16 fresh random bytes (spec: X-2).
    #[must_use]
    pub fn new(salt: [u8; 16], field: &str, value: Text) -> Self {
        let array = serde_json::json!([URL_SAFE_NO_PAD.encode(salt), field, value.as_str()]);
        Self { encoded: URL_SAFE_NO_PAD.encode(array.to_string()), field: field.to_owned(), value }
    }

    /// Reads a disclosure.
    ///
    /// # Errors
    /// See [`DisclosureError`].
    pub fn decode(encoded: &str) -> Result<Self, DisclosureError> {
        let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| DisclosureError::Form)?;
        let (salt, field, value): (String, String, String) =
            serde_json::from_slice(&json).map_err(|_| DisclosureError::Form)?;
        let salt = URL_SAFE_NO_PAD.decode(salt).map_err(|_| DisclosureError::Form)?;
        if salt.len() < 16 {
            return Err(DisclosureError::Salt);
        }
        let value = value.parse().map_err(|_| DisclosureError::Value)?;
        Ok(Self { encoded: encoded.to_owned(), field, value })
    }

    /// The text to keep or hand out.
    #[must_use]
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// The name of the field it opens.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The private value.
    #[must_use]
    pub const fn value(&self) -> &Text {
        &self.value
    }

    /// Opens the field of that name which holds this commitment.
    ///
    /// # Errors
    /// [`DisclosureError::Other`] if it is the disclosure of another commitment, [`DisclosureError::Field`] if it
    /// was made for another field (spec: X-5).
    pub fn open(&self, field: &str, sealed: Sealed) -> Result<&Text, DisclosureError> {
        if self.commitment() != sealed {
            Err(DisclosureError::Other)
        } else if self.field != field {
            Err(DisclosureError::Field)
        } else {
            Ok(&self.value)
        }
    }

    /// What the line holds: SHA-256 of the encoded text (spec: X-1).
    #[must_use]
    pub fn commitment(&self) -> Sealed {
        Sealed::from_digest(Hash::digest(self.encoded.as_bytes()))
    }
}

impl std::fmt::Debug for Disclosure {
    /// Never shows the value: what is private stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Disclosure({})", self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disclosure_opens_its_commitment_and_no_other() {
        let sealed = Disclosure::new([7; 16], "payer", "3-2-501".parse().unwrap());
        let opened = Disclosure::decode(sealed.encoded()).unwrap();
        assert_eq!(opened.commitment(), sealed.commitment());
        assert_eq!((opened.field(), opened.value().as_str()), ("payer", "3-2-501"));
        let other = Disclosure::new([8; 16], "payer", "3-2-501".parse().unwrap());
        assert_ne!(other.commitment(), sealed.commitment());
        assert!(!format!("{sealed:?}").contains("501"));
    }

    #[test]
    fn a_disclosure_opens_the_field_that_it_names_and_no_other() {
        let payer = Disclosure::new([7; 16], "payer", "3-2-501".parse().unwrap());
        let memo = Disclosure::new([7; 16], "memo", "3-2-501".parse().unwrap());
        assert_eq!(payer.open("payer", payer.commitment()).unwrap().as_str(), "3-2-501");
        assert_eq!(memo.open("payer", payer.commitment()), Err(DisclosureError::Other));
        assert_eq!(memo.open("payer", memo.commitment()), Err(DisclosureError::Field));
    }

    #[test]
    fn the_example_of_rfc_9901_has_its_published_digest() {
        let encoded = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        let digest = Disclosure::decode(encoded).unwrap().commitment().digest();
        assert_eq!(URL_SAFE_NO_PAD.encode(digest.as_bytes()), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
    }
}
