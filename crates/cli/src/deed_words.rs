//! The words of a deed: what it says, sentence by sentence, and what is wrong with a deed file.

use std::collections::HashMap;

use xinyi_core::{Label, Need};
use xinyi_rules::deed::{Problem, Said, Setup, Told};
use xinyi_rules::{Language, Page, grouped, page, percent};

use crate::command::show::kind_name;
use crate::lang::{filled, fl, language, text};

/// A sentence of an explanation; parties go by the names that a setup gives them.
pub(crate) fn sentence(said: &Said, setup: Option<&Setup>) -> String {
    let mut args: HashMap<&str, String> = HashMap::new();
    for (name, value) in &said.args {
        args.insert(name, told(value, setup));
    }
    if language() == Language::En {
        args.entry("day").and_modify(|day| *day = ordinal(day));
    }
    for name in ["was", "becomes"] {
        args.entry(name).and_modify(|word| *word = text(&format!("severity-{word}")).unwrap_or_default());
    }
    filled(&format!("deed-says-{}", said.says), args)
}

/// What is wrong with a deed file, with its line and code.
pub(crate) fn refusal(problem: &Problem) -> String {
    let (message, code) = (message(problem), problem.code);
    match problem.line {
        Some(line) => fl!("deed-problem", line = line.to_string(), message = message, code = code),
        None => fl!("deed-problem-nowhere", message = message, code = code),
    }
}

/// The same for programs: code, line, names and figures, and the sentence.
pub(crate) fn refusal_json(problem: &Problem) -> serde_json::Value {
    let mut json = serde_json::to_value(problem).unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        fields.insert("message".to_owned(), message(problem).into());
    }
    json
}

fn message(problem: &Problem) -> String {
    let args = problem.args.iter().map(|(name, value)| {
        let value = if *name == "kind" { kind_name(value) } else { grouped(value) };
        (*name, value)
    });
    filled(&format!("err-{}", problem.code), args.collect())
}

fn told(value: &Told, setup: Option<&Setup>) -> String {
    match value {
        Told::Amount(amount) => grouped(&amount.to_string()),
        Told::Codes(codes) => list(codes.iter().map(|code| titled(code))),
        Told::Kinds(kinds) => list(kinds.iter().map(|kind| kind_name(kind))),
        Told::Needs(needs) => {
            let mut needs: Vec<String> = needs.iter().map(|need| needed(need, setup)).collect();
            let last = needs.pop().unwrap_or_default();
            let before = list(needs.into_iter());
            if before.is_empty() { last } else { fl!("deed-needs", before = before, last = last) }
        }
        Told::Party(label) => party(label, setup),
        Told::Rate(rate) => percent(*rate),
        Told::Text(text) => text.clone(),
        Told::Texts(texts) => list(texts.iter().map(|text| grouped(text))),
    }
}

fn list(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(&fl!("deed-list-separator"))
}

fn titled(code: &str) -> String {
    let title = page(code).map(|page: Page| page.title(language())).unwrap_or_default();
    format!("{code} {title}")
}

fn needed(need: &Need, setup: Option<&Setup>) -> String {
    let party = party(&need.party, setup);
    match need.holders {
        1 => party,
        holders => fl!("deed-needs-holders", party = party, holders = holders.to_string()),
    }
}

/// A party's name in the setup, else what its label usually stands for, else the label.
fn party(label: &Label, setup: Option<&Setup>) -> String {
    let named = setup.and_then(|setup| setup.party(label)).map(|party| party.name.to_string());
    let usual = || setup.is_none().then(|| text(&format!("deed-party-{label}"))).flatten();
    named.or_else(usual).unwrap_or_else(|| label.to_string())
}

/// A day as English counts it: 5th.
fn ordinal(day: &str) -> String {
    let ending = match day {
        "11" | "12" | "13" => "th",
        _ if day.ends_with('1') => "st",
        _ if day.ends_with('2') => "nd",
        _ if day.ends_with('3') => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_are_counted_as_in_english() {
        for (day, nth) in
            [("1", "1st"), ("2", "2nd"), ("3", "3rd"), ("5", "5th"), ("11", "11th"), ("22", "22nd")]
        {
            assert_eq!(super::ordinal(day), nth);
        }
    }
}
