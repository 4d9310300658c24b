//! What happened, as parties approve it: the content of an entry (spec: C-1…C-5).
//!
//! A content has no place yet. Its canonical bytes are what approvals sign and what its digest names.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::hash::Hash;
use crate::json::{self, LineError, OrEmpty};
use crate::key::{CONTENT_TYPE, pre_authentication};
use crate::kind::parts::Sealed;
use crate::kind::shape::Visit;
use crate::kind::{Data, Kind};
use crate::text::Reference;
use crate::time::Date;

/// A content in its one canonical form. It is a claim: who approves it is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub(crate) bytes: Box<str>,
    pub(crate) data: Data,
    pub(crate) date: Date,
    pub(crate) ledger: Option<Hash>,
    pub(crate) reference: Reference,
}

#[derive(Serialize)]
pub(crate) struct ContentOut<'a> {
    data: &'a Data,
    date: Date,
    kind: Kind,
    ledger: OrEmpty,
    r#ref: &'a Reference,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContentIn<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
    date: Date,
    kind: Kind,
    ledger: OrEmpty,
    r#ref: Reference,
}

impl Content {
    /// A content for the ledger `ledger`; only a genesis has none (spec: C-2).
    ///
    /// # Errors
    /// [`LineError::Unwritable`] if the data cannot be written as JSON, which no value of these types causes.
    pub fn new(
        ledger: Option<Hash>,
        date: Date,
        reference: Reference,
        data: Data,
    ) -> Result<Self, LineError> {
        let out =
            ContentOut { data: &data, date, kind: data.kind(), ledger: OrEmpty(ledger), r#ref: &reference };
        let bytes = json::write(&out)?.into();
        Ok(Self { bytes, data, date, ledger, reference })
    }

    /// Reads a content from its canonical bytes, accepting no other form (spec: C-1).
    ///
    /// # Errors
    /// See [`LineError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, LineError> {
        let text = json::text(bytes)?;
        let content = Self::parse(text)?;
        json::same(&content.out(), text)?;
        Ok(content)
    }

    /// Reads a content without comparing it with its canonical form; a line compares itself as a whole.
    pub(crate) fn parse(text: &str) -> Result<Self, LineError> {
        let parsed: ContentIn<'_> = json::read(text)?;
        let mut data = serde_json::Deserializer::from_str(parsed.data.get());
        let data = Data::decode(parsed.kind, &mut data).map_err(|error| json::error(&error))?;
        Ok(Self {
            bytes: text.into(),
            data,
            date: parsed.date,
            ledger: parsed.ledger.0,
            reference: parsed.r#ref,
        })
    }

    pub(crate) fn out(&self) -> ContentOut<'_> {
        ContentOut {
            data: &self.data,
            date: self.date,
            kind: self.data.kind(),
            ledger: OrEmpty(self.ledger),
            r#ref: &self.reference,
        }
    }

    /// The canonical bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// What happened.
    #[must_use]
    pub const fn data(&self) -> &Data {
        &self.data
    }

    /// The booking day.
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// SHA-256 of the canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Hash {
        Hash::digest(self.bytes())
    }

    /// The kind of what happened.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.data.kind()
    }

    /// The identity of the ledger it is for, absent in a genesis.
    #[must_use]
    pub const fn ledger(&self) -> Option<Hash> {
        self.ledger
    }

    /// The name its writer gave it, unique in its period.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// Its sealed values, each with its field; none for `forget`, which names those of other lines
    /// (spec: ).
    #[must_use]
    pub fn sealed(&self) -> Vec<(&'static str, Sealed)> {
        struct Fields {
            found: Vec<(&'static str, Sealed)>,
            name: &'static str,
        }
        impl Visit for Fields {
            fn field(&mut self, name: &'static str) {
                self.name = name;
            }
            fn sealed(&mut self, sealed: Sealed) {
                self.found.push((self.name, sealed));
            }
        }
        let mut fields = Fields { found: Vec::new(), name: "" };
        if !matches!(self.data, Data::Forget(_)) {
            self.data.walk(&mut fields);
        }
        fields.found
    }

    /// The bytes that an approval signs (spec: S-1).
    #[must_use]
    pub fn approval_message(&self) -> Vec<u8> {
        pre_authentication(CONTENT_TYPE, &[self.bytes()])
    }

    /// The identity of the ledger that begins with this content (spec: I-1).
    #[must_use]
    pub fn identity(&self) -> Hash {
        Hash::labelled("xinyi/identity/v1\n", self.bytes())
    }
}
