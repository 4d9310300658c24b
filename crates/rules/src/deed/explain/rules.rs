//! Figures that rules read, and rules that the deed switches off or weighs differently (spec: D-4…D-6).

use xinyi_core::{Deed, Severity};

use super::{Said, Section, Told};
use crate::registry::RULES;
use crate::weighing::weight;

pub(super) fn explain(deed: &Deed) -> Vec<Said> {
    let mut told = figures(deed);
    told.extend(deed.off.iter().map(|off| {
        Said::new(Section::Warnings, "rule-off").with("rule", &off.rule).with("reason", &off.reason)
    }));
    told.extend(deed.severities.iter().filter_map(|term| {
        let rule = RULES.iter().find(|rule| rule.code == term.rule.as_str())?;
        Some(weighed(rule.code, rule.severity, term.severity))
    }));
    if let Some(until) = deed.history_until {
        told.push(Said::new(Section::Warnings, "history").with("until", until));
    }
    told
}

/// Every figure that the deed gives, with the rules that read it.
fn figures(deed: &Deed) -> Vec<Said> {
    let mut names: Vec<&str> = deed.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    names.dedup();
    let mut told: Vec<Said> = names.into_iter().map(|name| figure(deed, name)).collect();
    told.push(Said::new(Section::Figures, "other-figures"));
    told
}

fn figure(deed: &Deed, name: &str) -> Said {
    let values = deed.parameters.iter().filter(|parameter| parameter.name.as_str() == name);
    let values = values.map(|parameter| parameter.value.to_string()).collect();
    let readers = RULES.iter().filter(|rule| rule.parameters.iter().any(|known| known.name == name));
    Said::new(Section::Figures, "figure")
        .with("name", name)
        .told("rules", Told::Codes(readers.map(|rule| rule.code).collect()))
        .told("values", Told::Texts(values))
}

/// A lighter weight is a warning, a heavier one a figure.
fn weighed(code: &'static str, was: Severity, becomes: Severity) -> Said {
    let (section, says) = if weight(becomes) < weight(was) {
        (Section::Warnings, "rule-lighter")
    } else {
        (Section::Figures, "rule-heavier")
    };
    Said::new(section, says).with("rule", code).with("was", was).with("becomes", becomes)
}
