//! PV-01: what stands in clear names no person (PIPL art. 25, 28, 51).

use xinyi_core::{Data, Label, PayeeClass, Severity, Text, Visit};

use super::personal::Personal;
use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "PV-01",
    severity: Severity::Error,
    page: include_str!("private.md"),
    check: Check::Each(check),
    kinds: Kinds::All,
    older: false,
    proof: Proof::Heuristic,
    parameters: &[],
};

/// Numbers that documents have of their own look like anything.
const OF_DOCUMENTS: &str = "number";

/// What the texts and labels of an entry hold, each with its field.
#[derive(Default)]
struct Found {
    examined: bool,
    field: &'static str,
    found: Vec<(&'static str, Personal)>,
}

impl Found {
    fn see(&mut self, text: &str) {
        if self.field == OF_DOCUMENTS {
            return;
        }
        self.examined = true;
        let found = Personal::found_in(text).map(|what| (self.field, what));
        self.found.extend(found.filter(|found| !self.found.contains(found)));
    }
}

impl Visit for Found {
    fn field(&mut self, name: &'static str) {
        self.field = name;
    }

    fn label(&mut self, label: &Label) {
        self.see(label.as_str());
    }

    fn text(&mut self, text: &Text) {
        self.see(text.as_str());
    }
}

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let mut found = Found::default();
    step.entry.content().data().walk(&mut found);
    if found.examined {
        sink.examine();
    }
    let at = |field, what: &str| Finding::at(step.entry.index()).with("field", field).with("what", what);
    for (field, what) in found.found {
        let severity = if what.is_plain() { sink.rule.severity } else { Severity::Warning };
        sink.report_as(severity, at(field, what.as_str()));
    }
    if let Data::Payee(payee) = step.entry.content().data()
        && payee.class == PayeeClass::Person
        && payee.name.is_some()
    {
        sink.report(at("name", "person"));
    }
}
