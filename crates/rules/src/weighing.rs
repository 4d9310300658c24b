//! How heavy findings are: the rule's own severity, or the deed's where it names one (spec: D-4).

use serde::Serialize;
use xinyi_core::{Deed, Severity};

use crate::finding::Finding;
use crate::registry::RULES;
use crate::rule::Rule;

/// A rule whose findings weigh less under the deed than by its page: that is itself worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lowered {
    /// The rule.
    pub code: &'static str,
    /// Its own severity.
    pub from: Severity,
    /// The deed's.
    pub to: Severity,
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
pub(crate) fn severity_under(deed: Option<&Deed>, rule: &Rule) -> Severity {
    let mut terms = deed.into_iter().flat_map(|deed| &deed.severities).rev();
    terms.find(|term| term.rule.as_str() == rule.code).map_or(rule.severity, |term| term.severity)
}

/// Weighs findings as the deed does, and says which rules it makes lighter.
///
/// What a rule itself judged lighter than usual, such as a payment ratified since, is not made heavier.
pub(crate) fn weigh(deed: Option<&Deed>, findings: &mut [Finding]) -> Vec<Lowered> {
    let mut lowered = Vec::new();
    for rule in RULES {
        let (from, to) = (rule.severity, severity_under(deed, rule));
        let is_lowered = weight(to) < weight(from);
        let of_rule = findings.iter_mut().filter(|finding| finding.code == rule.code);
        for finding in of_rule {
            let exceeds = is_lowered && weight(finding.severity) > weight(to);
            if finding.severity == from || exceeds {
                finding.severity = to;
            }
        }
        lowered.extend(is_lowered.then_some(Lowered { code: rule.code, from, to }));
    }
    lowered
}
