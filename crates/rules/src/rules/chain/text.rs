//! TX-01: text is written in Unicode normal form C, so that two spellings of a name cannot pass for two names.

use xinyi_core::{Severity, Text, Visit};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "TX-01",
    severity: Severity::Warning,
    page: include_str!("text.md"),
    check: Check::Each(check),
    kinds: Kinds::All,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

struct Texts {
    abnormal: Option<Text>,
    found: bool,
}

impl Visit for Texts {
    fn text(&mut self, text: &Text) {
        self.found = true;
        if !text.as_str().is_ascii() && !text.is_normal() {
            self.abnormal.get_or_insert_with(|| text.clone());
        }
    }
}

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let mut texts = Texts { abnormal: None, found: false };
    step.entry.content().data().walk(&mut texts);
    if texts.found {
        sink.examine();
    }
    if let Some(text) = texts.abnormal {
        sink.report(Finding::at(step.entry.index()).with("text", text));
    }
}
