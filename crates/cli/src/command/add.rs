//! `xinyi add`: draft entries; what the deed lets the recorder enter alone is recorded at once.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use xinyi_core::{Field, Kind, Value};
use xinyi_store::{Draft, LedgerDir, Proposal};

use crate::args::AddArguments;
use crate::context::Context;
use crate::desk::{Desk, Entered};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::{bytes_of, index};

pub(crate) fn run(arguments: &AddArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let mut desk = Desk::open(&dir, &key, context)?;
    if let Some(head) = arguments.expect_head {
        desk.writer().expect_head(head.size, head.hash)?;
    }
    let proposals = match (&arguments.json, arguments.kind) {
        (Some(file), _) => from_lines(&bytes_of(file)?)?,
        (None, Some(kind)) => vec![from_fields(kind, &arguments.fields, &desk)?],
        (None, None) => return Err(Failure::usage("kind-missing", "")),
    };
    let mut told = Vec::new();
    for proposal in proposals {
        let content = desk.content(&proposal)?;
        let entered = desk.enter(Draft { approvals: Vec::new(), content })?;
        told.push(tell(&entered, proposal.reference.as_str(), context));
    }
    desk.done()?;
    if context.is_json() {
        show(&json!({ "entered": told }));
    }
    Ok(Exit::Clean)
}

/// Says what became of a content; as JSON gives it back.
pub(crate) fn tell(entered: &Entered, reference: &str, context: &Context) -> Json {
    let (line, json) = match entered {
        Entered::Recorded(at) => {
            let line = fl!("entered-recorded", reference = reference.to_owned(), index = at.to_string());
            (line, json!({"index": at, "ref": reference, "status": "recorded"}))
        }
        Entered::Forgotten(at, destroyed) => {
            let count = destroyed.to_string();
            let line = fl!(
                "entered-forgotten",
                reference = reference.to_owned(),
                index = at.to_string(),
                count = count
            );
            (line, json!({"destroyed": destroyed, "index": at, "ref": reference, "status": "recorded"}))
        }
        Entered::Already(at) => {
            let line = fl!("entered-already", reference = reference.to_owned(), index = at.to_string());
            (line, json!({"index": at, "ref": reference, "status": "already-there"}))
        }
        Entered::Waits(needs) => {
            let parties: Vec<_> = needs.iter().map(|need| need.party.to_string()).collect();
            let line = fl!("entered-waits", reference = reference.to_owned(), parties = parties.join(", "));
            (line, json!({"lacks": parties, "ref": reference, "status": "waits"}))
        }
    };
    if !context.is_json() {
        answer(&line);
    }
    json
}

fn from_lines(bytes: &[u8]) -> Result<Vec<Proposal>, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| Failure::usage("proposal-invalid", error))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| {
            Failure::usage("proposal-invalid", format!("line {}: {}", number + 1, unquoted(&error)))
        })
    };
    lines.map(read).collect()
}

/// What a parser says without the value it quotes, which may be private.
fn unquoted(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(", expected ") {
        Some((said, expected)) if said.starts_with("invalid ") => format!("expected {expected}"),
        _ => message,
    }
}

/// Fields given as `--name value`, each read as its kind's table says.
fn from_fields(kind: Kind, words: &[String], desk: &Desk<'_>) -> Result<Proposal, Failure> {
    let mut given = BTreeMap::new();
    let mut words = words.iter();
    let mut last = String::new();
    while let Some(name) = words.next() {
        // A word out of place may be part of a private value: where it stands is said, not what it is.
        let name = name.strip_prefix("--").ok_or_else(|| Failure::usage("field-form", &last))?;
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => {
                (name, words.next().ok_or_else(|| Failure::usage("field-form", format!("--{name}")))?.clone())
            }
        };
        last = format!("--{name} … ?");
        given.insert(name.replace('-', "_"), value);
    }
    let date = match given.remove("date") {
        Some(date) => date.parse()?,
        None => desk.now().day_at(desk.books().offset()),
    };
    let reference =
        given.remove("ref").unwrap_or_else(|| format!("{kind}-{}", desk.writer().replay().size()));
    let mut data = Map::new();
    let mut disclose = BTreeMap::new();
    for (name, text) in given {
        let field = kind.info().fields.iter().find(|field| field.name == name);
        match field.map(|field| field.value) {
            Some(Value::Single("sealed value")) => {
                disclose.insert(name, text);
            }
            _ => {
                data.insert(name, value_of(field, &text, desk)?);
            }
        }
    }
    Ok(Proposal { data, date, disclose, kind, links: BTreeMap::new(), reference: reference.parse()? })
}

/// A typed word as the field's JSON: numbers, truths, links by index and lists in JSON; all else is text.
fn value_of(field: Option<&Field>, text: &str, desk: &Desk<'_>) -> Result<Json, Failure> {
    let as_json = || {
        serde_json::from_str(text).map_err(|error| Failure::usage("field-form", format!("`{text}`: {error}")))
    };
    match field.map(|field| field.value) {
        Some(Value::Single("link")) => {
            let number = text.parse().map_err(|_| Failure::usage("field-form", text))?;
            let link = desk.link(index(number)?).ok_or_else(|| Failure::usage("entry-missing", text))?;
            serde_json::to_value(link).map_err(|error| Failure::usage("field-form", error))
        }
        Some(Value::List(Value::Single(_))) if !text.starts_with('[') => {
            Ok(text.split(',').map(|word| Json::String(word.to_owned())).collect())
        }
        Some(Value::List(_) | Value::Part(..) | Value::Truth) => as_json(),
        Some(Value::Single("count" | "index" | "size" | "small number")) => as_json(),
        _ => Ok(Json::String(text.to_owned())),
    }
}
