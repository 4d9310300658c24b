//! The first lines of a report: is anything broken, and was everything asked for.

use xinyi_core::Severity;
use xinyi_rules::{LoweredBy, Report, Selection, Status, weight};

use super::findings::severity_word;
use crate::lang::fl;
use crate::output::answer;

pub(crate) fn print(report: &Report) {
    if let Some(selection) = &report.partial {
        print_partial(selection, report);
    }
    answer(&result(report));
    if report.evidence.hint > 0 {
        answer(&format!("  {}", fl!("headline-hints", count = report.evidence.hint.to_string())));
    }
    for one in &report.lowered {
        let [from, to] = [one.from, one.to].map(severity_word);
        answer(&match one.by {
            LoweredBy::Caller => fl!("lowered-asked", code = one.code, from = from, to = to),
            LoweredBy::Deed => fl!("lowered", code = one.code, from = from, to = to),
        });
    }
}

/// What the heaviest finding means for whoever has to answer for the books.
fn result(report: &Report) -> String {
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| report.count(severity).to_string());
    let severities = report.findings.iter().map(|finding| finding.severity);
    match severities.max_by_key(|severity| weight(*severity)) {
        Some(Severity::Error) => fl!("headline-error", errors = errors, warnings = warnings, notes = notes),
        Some(Severity::Warning) => {
            fl!("headline-warning", errors = errors, warnings = warnings, notes = notes)
        }
        Some(Severity::Note) => fl!("headline-note", errors = errors, warnings = warnings, notes = notes),
        None => fl!("headline-clean"),
    }
}

fn print_partial(selection: &Selection, report: &Report) {
    let left_out = report.outcomes.left_out.to_string();
    answer(&fl!("headline-partial", count = left_out));
    if !selection.only.is_empty() {
        answer(&format!("  {}", fl!("partial-only", codes = selection.only.join(", "))));
    }
    if !selection.skip.is_empty() {
        answer(&format!("  {}", fl!("partial-skip", codes = selection.skip.join(", "))));
    }
    let asked = report.rules.iter().filter(|rule| rule.status != Status::LeftOut);
    if asked.count() == 0 {
        answer(&format!("  {}", fl!("partial-none")));
    }
}
