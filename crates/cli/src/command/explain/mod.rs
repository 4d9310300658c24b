//! `xinyi explain`: what a rule checks and why, in plain words; and the entries behind its figures.

mod base;
mod listed;
mod shared;

use serde_json::{Value, json};
use xinyi_rules::{Parameter, Proof, RULES, Rule, UnknownRule, nearest, page};

use crate::args::ExplainArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::{fl, language, text};
use crate::output::{answer, show};
use crate::report::severity_word;
use crate::table::Table;

pub(crate) fn run(arguments: &ExplainArguments, context: &Context) -> Result<Exit, Failure> {
    let Some(code) = &arguments.code else {
        all(context);
        return Ok(Exit::Clean);
    };
    let rule = named(&code.to_uppercase())?;
    match &arguments.path {
        Some(path) => listed::run(rule, path, arguments, context),
        None => {
            one(rule, context);
            Ok(Exit::Clean)
        }
    }
}

fn named(code: &str) -> Result<&'static Rule, Failure> {
    let unknown = || UnknownRule { nearest: nearest(code), word: code.to_owned() };
    let rule = RULES.iter().find(|rule| rule.code == code);
    rule.ok_or_else(|| Failure::told("rule-unknown", unknown()).with(Exit::Usage))
}

fn one(rule: &Rule, context: &Context) {
    let Some(page) = page(rule.code) else { return };
    if context.is_json() {
        let mut value = facts(rule);
        if let Some(value) = value.as_object_mut() {
            value.insert("body".to_owned(), page.body(language()).into());
        }
        show(&value);
        return;
    }
    answer(&format!("{}  {}", rule.code, page.title(language())));
    answer(&format!("{} · {}", severity_word(rule.severity), proof(rule.proof)));
    answer("");
    answer(page.body(language()));
    if !rule.parameters.is_empty() {
        answer("");
        let mut table = Table::new(&[fl!("word-parameter"), fl!("word-form"), fl!("word-default")]);
        rule.parameters.iter().for_each(|known| table.row(parameter(known)));
        table.print();
    }
}

/// What holds of a rule in every language, with its name in the reader's.
fn facts(rule: &Rule) -> Value {
    let parameters = rule.parameters.iter().map(|known| {
        let form = known.form.as_str();
        json!({"default": known.default, "form": form, "list": known.form.is_list(), "name": known.name})
    });
    let paper = match rule.proof {
        Proof::File(paper) => Some(paper.as_str()),
        Proof::Heuristic | Proof::Ledger => None,
    };
    json!({
        "code": rule.code,
        "paper": paper,
        "parameters": parameters.collect::<Vec<_>>(),
        "proof": rule.proof.as_str(),
        "severity": rule.severity,
        "title": page(rule.code).map(|page| page.title(language())),
    })
}

fn parameter(known: &Parameter) -> Vec<String> {
    let form = text(&format!("form-{}", known.form.as_str().replace('=', "-")));
    let form = form.unwrap_or_else(|| known.form.as_str().to_owned());
    let form = if known.form.is_list() { format!("{form}{}", fl!("form-several")) } else { form };
    let default = if known.default.is_empty() { fl!("word-none") } else { known.default.join(", ") };
    vec![known.name.to_owned(), form, default]
}

fn proof(proof: Proof) -> String {
    match proof {
        Proof::Ledger => fl!("proof-proved"),
        Proof::File(_) => fl!("proof-file"),
        Proof::Heuristic => fl!("proof-hint"),
    }
}

/// Every rule, one table a family; the family's name stands over its rules.
fn all(context: &Context) {
    if context.is_json() {
        show(&RULES.iter().map(facts).collect());
        return;
    }
    let mut families: Vec<(String, Table)> = Vec::new();
    for rule in RULES {
        let family = family(rule.code);
        let place = families.iter().position(|(known, _)| *known == family).unwrap_or(families.len());
        if place == families.len() {
            let table = Table::new(&[fl!("word-code"), fl!("word-weight"), family.clone()]);
            families.push((family, table));
        }
        let title = page(rule.code).map(|page| page.title(language())).unwrap_or_default();
        if let Some((_, table)) = families.get_mut(place) {
            table.row(vec![rule.code.to_owned(), severity_word(rule.severity), title.to_owned()]);
        }
    }
    for (_, table) in &families {
        table.print();
        answer("");
    }
    answer(&fl!("explain-count", rules = RULES.len().to_string()));
}

/// What the rules of a code's letters look after; some letters share it.
fn family(code: &str) -> String {
    let letters = code.split_once('-').map_or(code, |(letters, _)| letters);
    text(&format!("family-{}", letters.to_lowercase())).unwrap_or_else(|| letters.to_owned())
}
