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

use std::sync::LazyLock;

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
pub fn excerpts() -> &'static [ExcerptKind] {
    static KINDS: LazyLock<Vec<ExcerptKind>> = LazyLock::new(kinds);
    &KINDS
}

fn kinds() -> Vec<ExcerptKind> {
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

    fn written(&self, good: &[Self]) -> Value {
        let mut json = Map::new();
        json.insert("clauses".into(), json!(self.clauses));
        json.extend(self.error.map(|code| ("error".to_owned(), json!(code))));
        let (name, file) = self.written_file(good);
        json.insert(name.into(), file);
        json.insert("id".into(), json!(self.id));
        json.insert("valid".into(), json!(self.error.is_none()));
        json.insert("with".into(), self.with.clone());
        Value::Object(json)
    }

    /// A bad file is written as what differs from a good one where that is short.
    fn written_file(&self, good: &[Self]) -> (&'static str, Value) {
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).ok();
        let [(file, 1)] = self.file.as_slice() else {
            let parts = self.file.iter().map(|(part, times)| json!([text(part).expect("text"), times]));
            return ("file_parts", parts.collect());
        };
        let others = good.iter().filter(|_| self.error.is_some());
        let beside =
            others.filter_map(|other| difference(file, &other.bytes()).map(|found| (other.id, found)));
        let shortest = beside.min_by_key(|(_, (_, middle, _))| middle.len());
        match (shortest, text(file)) {
            (Some((id, (head, middle, tail))), _) if 2 * middle.len() < file.len() => {
                ("file_like", json!({"good": id, "head": head, "middle": middle, "tail": tail}))
            }
            (_, Some(text)) => ("file", json!(text)),
            _ => ("file_hex", json!(hex::encode(file))),
        }
    }
}

/// How many bytes both files begin with, what stands in `file` then, and how many bytes both end with.
fn difference(file: &[u8], good: &[u8]) -> Option<(usize, String, usize)> {
    let common = file.iter().zip(good).take_while(|(a, b)| a == b).count();
    // A character is never parted.
    let head = (0..=common).rev().find(|head| std::str::from_utf8(&file[*head..]).is_ok())?;
    let (rest, of_good) = (&file[head..], &good[head..]);
    let common = rest.iter().rev().zip(of_good.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = (0..=common).rev().find(|tail| std::str::from_utf8(&rest[..rest.len() - tail]).is_ok())?;
    Some((head, String::from_utf8(rest[..rest.len() - tail].to_vec()).ok()?, tail))
}

/// The files of vectors.
pub(crate) fn documents() -> Vec<(&'static str, String)> {
    let written = |kind: &ExcerptKind| {
        let good: Vec<_> = kind.cases.iter().filter(|case| case.error.is_none()).cloned().collect();
        let cases: Vec<Value> = kind.cases.iter().map(|case| case.written(&good)).collect();
        (kind.path, serde_json::to_string_pretty(&cases).expect("JSON") + "\n")
    };
    let mut documents: Vec<_> = excerpts().iter().map(written).collect();
    documents.push(("docs/spec/vectors/ledgers.json", ledgers::document()));
    documents
}
