//! How heavy findings are: the rule's own severity, the deed's where it names one (spec: D-4), or the caller's, which
//! goes before both.

use std::collections::BTreeMap;

use serde::Serialize;
use xinyi_core::{Deed, Severity};

use crate::finding::Finding;
use crate::registry::RULES;
use crate::rule::Rule;
use crate::selection::{UnknownRule, nearest};

/// Who makes a rule lighter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoweredBy {
    /// Whoever asked for the check.
    Caller,
    /// The deed.
    Deed,
}

/// A rule whose findings weigh less than by its page or by the deed: that is itself worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lowered {
    /// Who lowers it.
    pub by: LoweredBy,
    /// The rule.
    pub code: &'static str,
    /// The severity it would have.
    pub from: Severity,
    /// The severity it has.
    pub to: Severity,
}

/// The severities that the caller asks for, by rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities(BTreeMap<&'static str, Severity>);

impl Severities {
    /// Reads codes with their severities; of two for one rule the last counts.
    ///
    /// # Errors
    /// [`UnknownRule`] for the first code that is no rule's.
    pub fn of(asked: &[(String, Severity)]) -> Result<Self, UnknownRule> {
        let known = |(word, severity): &(String, Severity)| {
            let code = word.trim().to_uppercase();
            match RULES.iter().find(|rule| rule.code == code) {
                Some(rule) => Ok((rule.code, *severity)),
                None => Err(UnknownRule { nearest: nearest(&code), word: code }),
            }
        };
        asked.iter().map(known).collect::<Result<_, _>>().map(Self)
    }
}

/// A severity's place among the others: a note is 0.
#[must_use]
pub const fn weight(severity: Severity) -> u8 {
    match severity {
        Severity::Note => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    }
}

/// The severity that a rule's findings have as a rule.
pub(crate) fn severity_under(deed: Option<&Deed>, asked: &Severities, rule: &Rule) -> Severity {
    asked.0.get(rule.code).copied().unwrap_or_else(|| severity_by_deed(deed, rule))
}

fn severity_by_deed(deed: Option<&Deed>, rule: &Rule) -> Severity {
    deed.and_then(|deed| severity_in(deed, rule)).unwrap_or(rule.severity)
}

/// The severity that a deed gives a rule.
pub(crate) fn severity_in(deed: &Deed, rule: &Rule) -> Option<Severity> {
    let mut terms = deed.severities.iter().rev();
    terms.find(|term| term.rule.as_str() == rule.code).map(|term| term.severity)
}

/// Weighs findings as the caller does, else each as the deed that it was judged under, and says which rules the caller
/// or the last deed makes lighter.
///
/// What a rule itself judged lighter than usual, such as a payment ratified since, is not made heavier.
pub(crate) fn weigh(deed: Option<&Deed>, asked: &Severities, findings: &mut [Finding]) -> Vec<Lowered> {
    let mut lowered = Vec::new();
    for rule in RULES {
        let own = rule.severity;
        for finding in findings.iter_mut().filter(|finding| finding.code == rule.code) {
            let to = asked.0.get(rule.code).copied().or(finding.by_deed).unwrap_or(own);
            let exceeds = weight(to) < weight(own) && weight(finding.severity) > weight(to);
            if finding.severity == own || exceeds {
                finding.severity = to;
            }
        }
        lowered.extend(lowering(deed, asked, rule));
    }
    lowered
}

/// A caller may lower what the deed raised.
fn lowering(deed: Option<&Deed>, asked: &Severities, rule: &Rule) -> Option<Lowered> {
    let (own, by_deed) = (rule.severity, severity_by_deed(deed, rule));
    let to = severity_under(deed, asked, rule);
    let from = if weight(by_deed) > weight(own) { by_deed } else { own };
    let by = if asked.0.contains_key(rule.code) { LoweredBy::Caller } else { LoweredBy::Deed };
    (weight(to) < weight(from)).then_some(Lowered { by, code: rule.code, from, to })
}
