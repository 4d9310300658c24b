//! What a clerk or an import wants entered: friendlier than a content, and not one yet (spec: O-10).
//!
//! Links may name another proposal by period and reference; private values stand in clear and are sealed
//! when the proposal becomes a content.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use xinyi_core::{
    Content, Data, Date, Disclosure, Hash, Kind, LineError, Link, Period, Reference, Text, ValueError,
};

/// An entry as a person or a program writes it down, one JSON object a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The fields of the kind, but for links and private values.
    #[serde(default)]
    pub data: Map<String, Value>,
    /// The booking day.
    pub date: Date,
    /// Private values in clear, by field; sealed when entered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub disclose: BTreeMap<String, String>,
    /// The kind.
    pub kind: Kind,
    /// Links to other entries by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, RefLink>,
    /// The reference, unique in its month.
    #[serde(rename = "ref")]
    pub reference: Reference,
}

/// Another entry, named by what its writer called it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefLink {
    /// The month of its date.
    pub period: Period,
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: Reference,
}

/// Why a proposal is not a content.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// Required fields are missing: all of them, so that one round of questions is enough.
    #[error("kind `{kind}` lacks: {}", fields.join(", "))]
    FieldsMissing {
        /// The kind.
        kind: Kind,
        /// The fields.
        fields: Vec<String>,
    },
    /// A field that the kind does not have.
    #[error("kind `{kind}` has no field {}; it has {}", fields.join(", "), names(*kind))]
    FieldsUnknown {
        /// The kind.
        kind: Kind,
        /// The fields.
        fields: Vec<String>,
    },
    /// A private value for a field that lines hold in clear (spec: X-3).
    #[error("kind `{kind}` does not seal {}", fields.join(", "))]
    FieldsClear {
        /// The kind.
        kind: Kind,
        /// The fields.
        fields: Vec<String>,
    },
    /// A value is misspelled or a field unknown.
    #[error(transparent)]
    Line(#[from] LineError),
    /// A link names an entry that is not recorded yet.
    #[error("entry `{}` of {} is not recorded yet", .0.reference, .0.period)]
    LinkOpen(RefLink),
    /// The operating system gave no random bytes for a salt.
    #[error("the system gives no random bytes")]
    Random,
    /// A private value that is no text.
    #[error("the private value of `{field}`: {error}")]
    Private {
        /// The field.
        field: String,
        /// Why.
        error: ValueError,
    },
}

impl ProposalError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FieldsClear { .. } => "fields-clear",
            Self::FieldsMissing { .. } => "fields-missing",
            Self::FieldsUnknown { .. } => "fields-unknown",
            Self::Line(error) => error.code(),
            Self::LinkOpen(_) => "link-open",
            Self::Random => "random-missing",
            Self::Private { error, .. } => error.code(),
        }
    }
}

impl Proposal {
    /// Makes the content for the ledger `identity`, with the disclosures that open its sealed fields.
    ///
    /// # Errors
    /// See [`ProposalError`]; [`ProposalError::LinkOpen`] means: try again when that entry is recorded.
    pub fn resolve(
        &self,
        identity: Hash,
        find: impl Fn(&RefLink) -> Option<Link>,
    ) -> Result<(Content, Vec<Disclosure>), ProposalError> {
        self.check_fields()?;
        let mut data = self.data.clone();
        for (field, target) in &self.links {
            let link = find(target).ok_or_else(|| ProposalError::LinkOpen(target.clone()))?;
            let link = serde_json::to_value(link).map_err(|_| LineError::Unwritable)?;
            let is_list = self
                .kind
                .info()
                .fields
                .iter()
                .any(|known| known.name == field && matches!(known.value, xinyi_core::Value::List(_)));
            data.insert(field.clone(), if is_list { Value::Array(vec![link]) } else { link });
        }
        let mut disclosures = Vec::new();
        for (field, value) in &self.disclose {
            let disclosure = seal(field, value)?;
            data.insert(field.clone(), Value::String(disclosure.commitment().to_string()));
            disclosures.push(disclosure);
        }
        let data = Data::from_json(self.kind, &Value::Object(data).to_string())?;
        Ok((Content::new(Some(identity), self.date, self.reference.clone(), data)?, disclosures))
    }

    fn check_fields(&self) -> Result<(), ProposalError> {
        let kind = self.kind;
        let given = || self.data.keys().chain(self.links.keys()).chain(self.disclose.keys());
        let fields = kind.info().fields;
        let unknown: Vec<_> =
            given().filter(|name| !fields.iter().any(|field| field.name == *name)).cloned().collect();
        if !unknown.is_empty() {
            return Err(ProposalError::FieldsUnknown { kind, fields: unknown });
        }
        let is_sealed = |name: &str| {
            let named = fields.iter().filter(|field| field.name == name);
            named
                .map(|field| field.value)
                .any(|value| matches!(value, xinyi_core::Value::Single("sealed value")))
        };
        let clear: Vec<_> = self.disclose.keys().filter(|name| !is_sealed(name)).cloned().collect();
        if !clear.is_empty() {
            return Err(ProposalError::FieldsClear { kind, fields: clear });
        }
        let missing =
            fields.iter().filter(|field| !field.optional && !given().any(|name| name == field.name));
        let missing: Vec<_> = missing.map(|field| field.name.to_owned()).collect();
        if missing.is_empty() { Ok(()) } else { Err(ProposalError::FieldsMissing { kind, fields: missing }) }
    }
}

fn names(kind: Kind) -> String {
    let names: Vec<&str> = kind.info().fields.iter().map(|field| field.name).collect();
    names.join(", ")
}

fn seal(field: &str, value: &str) -> Result<Disclosure, ProposalError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| ProposalError::Random)?;
    let private = |error| ProposalError::Private { field: field.to_owned(), error };
    Ok(Disclosure::new(salt, field, Text::normalised(value).map_err(private)?))
}
