//! Vectors for the files that prove themselves: for each kind honest ones, and single faults with the code that a
//! reader must answer.

mod anchors;
mod checkpoints;
mod cosignatures;
mod evidence;
mod judge;
mod keys;
mod ledgers;
mod policies;
mod receipts;
mod statements;
mod states;
mod story;
mod witness;

use serde_json::{Map, Value, json};

pub use judge::Verdict;

/// A file of one kind, what its reader brings, and what the reader must say of it.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// The clauses that it is about.
    pub clauses: Vec<&'static str>,
    /// The code of what is wrong with it; `None` if it is good.
    pub error: Option<&'static str>,
    /// The file: its parts, each so many times.
    pub file: Vec<(Vec<u8>, usize)>,
    /// What is wrong with it, in kebab case.
    pub id: &'static str,
    /// What the reader brings.
    pub with: Value,
}

/// All vectors of one kind of file.
pub struct ExcerptKind {
    /// Its vectors, good ones first.
    pub cases: Vec<Excerpt>,
    /// What this repository's own reader says of one.
    pub judge: fn(&Excerpt) -> Verdict,
    /// The file of vectors, from the repository's root.
    pub path: &'static str,
}

/// Every kind of file that proves itself.
#[must_use]
pub fn excerpts() -> Vec<ExcerptKind> {
    let kind = |path, cases, judge| ExcerptKind { cases, judge, path };
    vec![
        kind("docs/spec/vectors/anchors.json", anchors::cases(), judge::anchor),
        kind("docs/spec/vectors/checkpoints.json", checkpoints::cases(), judge::checkpoint),
        kind("docs/spec/vectors/cosignatures.json", cosignatures::cases(), judge::cosignature),
        kind("docs/spec/vectors/evidence.json", evidence::cases(), judge::evidence),
        kind("docs/spec/vectors/keys.json", keys::cases(), judge::keys),
        kind("docs/spec/vectors/policies.json", policies::cases(), judge::policy),
        kind("docs/spec/vectors/receipts.json", receipts::cases(), judge::receipt),
        kind("docs/spec/vectors/statements.json", statements::cases(), judge::statement),
        kind("docs/spec/vectors/states.json", states::cases(), judge::state),
        kind("docs/spec/vectors/witness.json", witness::cases(), judge::witness),
    ]
}

impl Excerpt {
    fn good(id: &'static str, clauses: &[&'static str], file: impl Into<Vec<u8>>, with: Value) -> Self {
        Self { clauses: clauses.to_vec(), error: None, file: vec![(file.into(), 1)], id, with }
    }

    fn bad(
        id: &'static str,
        clause: &'static str,
        file: impl Into<Vec<u8>>,
        with: &Value,
        error: &'static str,
    ) -> Self {
        Self {
            clauses: vec![clause],
            error: Some(error),
            file: vec![(file.into(), 1)],
            id,
            with: with.clone(),
        }
    }

    /// The file's bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.file.iter().flat_map(|(part, times)| part.repeat(*times)).collect()
    }

    fn written(&self) -> Value {
        let mut json = Map::new();
        json.insert("clauses".into(), json!(self.clauses));
        json.extend(self.error.map(|code| ("error".to_owned(), json!(code))));
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).ok();
        let (name, file) = match self.file.as_slice() {
            [(part, 1)] => match text(part) {
                Some(text) => ("file", json!(text)),
                None => ("file_hex", json!(hex::encode(part))),
            },
            parts => {
                let parts = parts.iter().map(|(part, times)| json!([text(part).expect("text"), times]));
                ("file_parts", parts.collect())
            }
        };
        json.insert(name.into(), file);
        json.insert("id".into(), json!(self.id));
        json.insert("valid".into(), json!(self.error.is_none()));
        json.insert("with".into(), self.with.clone());
        Value::Object(json)
    }
}

/// The files of vectors.
pub(crate) fn documents() -> Vec<(&'static str, String)> {
    let written = |kind: ExcerptKind| {
        let cases: Vec<Value> = kind.cases.iter().map(Excerpt::written).collect();
        (kind.path, serde_json::to_string_pretty(&cases).expect("JSON") + "\n")
    };
    let mut documents: Vec<_> = excerpts().into_iter().map(written).collect();
    documents.push(("docs/spec/vectors/ledgers.json", ledgers::document()));
    documents
}
