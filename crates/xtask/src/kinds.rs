//! The tables of kinds, from the declarations that the code itself reads and writes by.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use xinyi_core::{Field, Kind, StateDocument, Value};

/// docs/spec/kinds.md.
pub(crate) fn document() -> String {
    let mut text = "# Kinds\n\nWritten by `cargo xtask write` from the declarations in `crates/core/src/kind`. Fields stand in the \
        order of their canonical form. *Value* is a type of line.md, a list of one, a part below, or one of a few words. A field \
        marked `?` is optional: absent, never null (E-7).\n\n"
        .to_owned();
    let mut parts = BTreeMap::new();
    for kind in Kind::ALL {
        let info = kind.info();
        text += &format!("## {kind}\n\n{} *({:?})*\n\n", info.about.trim(), info.family);
        text += &table_of(info.fields, &mut parts);
    }
    text += "# Parts\n\n";
    let mut done = BTreeMap::new();
    parts.insert("StateDocument", StateDocument::FIELDS);
    while let Some((name, fields)) = parts.pop_first() {
        if done.insert(name, ()).is_none() {
            text += &format!("## {name}\n\n{}", table_of(fields, &mut parts));
        }
    }
    text
}

fn table_of(fields: &'static [Field], parts: &mut BTreeMap<&'static str, &'static [Field]>) -> String {
    let mut text = "| field | value | what it says |\n|---|---|---|\n".to_owned();
    for field in fields {
        let mark = if field.optional { "?" } else { "" };
        text +=
            &format!("| `{}`{mark} | {} | {} |\n", field.name, words(&field.value, parts), field.doc.trim());
    }
    text + "\n"
}

fn words(value: &'static Value, parts: &mut BTreeMap<&'static str, &'static [Field]>) -> String {
    match value {
        Value::List(inner) => format!("list of {}", words(inner, parts)),
        Value::Part(name, fields) => {
            parts.insert(name, fields);
            (*name).to_owned()
        }
        Value::Single(name) => (*name).to_owned(),
        Value::Truth => "true or false".to_owned(),
        Value::Word(_, words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
    }
}

/// docs/spec/vectors/kinds.json: the same for programs.
pub(crate) fn table() -> String {
    let kinds: serde_json::Map<String, Json> =
        Kind::ALL.iter().map(|kind| (kind.to_string(), fields(kind.info().fields))).collect();
    serde_json::to_string_pretty(&Json::Object(kinds)).expect("JSON") + "\n"
}

fn fields(fields: &[Field]) -> Json {
    let field = |field: &Field| {
        (field.name.to_owned(), json!({"optional": field.optional, "value": shape(&field.value)}))
    };
    Json::Object(fields.iter().map(field).collect())
}

fn shape(value: &Value) -> Json {
    match value {
        Value::List(inner) => json!({"list": shape(inner)}),
        Value::Part(_, inner) => json!({"part": fields(inner)}),
        Value::Single(name) => json!(name),
        Value::Truth => json!("truth"),
        Value::Word(_, words) => json!({"words": words}),
    }
}
