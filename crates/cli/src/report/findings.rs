//! The findings of a report, one by one: the fact first, then clause, formula, figures, entries, what to do.

use xinyi_core::Severity;
use xinyi_rules::{Finding, Proof, Report, grouped, page};

use super::figures::{formula_of, terms_of};
use crate::lang::{fl, language};
use crate::output::answer;

/// So many findings of one rule are shown one by one; JSON and CSV have them all.
const SHOWN: usize = 5;

/// Errors first, then warnings, then notes; hints last, for they accuse nobody. Of one rule the first few.
pub(crate) fn print(report: &Report) {
    let is_hint = |finding: &Finding| finding.proof() == Proof::Heuristic;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        print_those(report, &|finding| finding.severity == severity && !is_hint(finding));
    }
    if report.evidence.hint > 0 {
        answer(&fl!("findings-hints"));
        print_those(report, &is_hint);
    }
    if !report.findings.is_empty() {
        print_evidence(report);
        answer("");
    }
}

fn print_those(report: &Report, asked: &dyn Fn(&Finding) -> bool) {
    for rule in &report.rules {
        let of_rule = report.findings.iter().filter(|found| found.code == rule.code && asked(found));
        let of_rule: Vec<_> = of_rule.collect();
        of_rule.iter().take(SHOWN).for_each(|finding| print_finding(finding));
        let more = of_rule.len().saturating_sub(SHOWN);
        if more > 0 {
            answer(&fl!("findings-more", code = rule.code.to_owned(), count = more.to_string()));
        }
    }
}

/// What the findings rest on.
fn print_evidence(report: &Report) {
    let parts = [
        (report.evidence.proved > 0)
            .then(|| fl!("evidence-proved", count = report.evidence.proved.to_string())),
        (report.evidence.file > 0).then(|| fl!("evidence-file", count = report.evidence.file.to_string())),
        (report.evidence.hint > 0).then(|| fl!("evidence-hint", count = report.evidence.hint.to_string())),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    answer(&fl!("evidence", parts = parts.join(&fl!("list-comma"))));
}

/// The word for how heavy a finding is; a hint is one whatever it weighs.
pub(super) fn word_of(finding: &Finding) -> String {
    match finding.proof() {
        Proof::Heuristic => fl!("severity-hint"),
        Proof::File(_) | Proof::Ledger => severity_word(finding.severity),
    }
}

pub(crate) fn severity_word(severity: Severity) -> String {
    match severity {
        Severity::Error => fl!("severity-error"),
        Severity::Warning => fl!("severity-warning"),
        Severity::Note => fl!("severity-note"),
    }
}

pub(crate) fn print_finding(finding: &Finding) {
    let Some(page) = page(finding.code) else { return };
    let at = finding.at.map(|index| fl!("finding-at", index = index.to_string())).unwrap_or_default();
    answer(&format!("{}[{}] {}{at}", word_of(finding), finding.code, page.fact(finding, language())));
    for line in amended(finding) {
        answer(&format!("  {line}"));
    }
    if let Some(clause) = &finding.clause {
        answer(&format!("  {}: {clause}", fl!("word-clause")));
    }
    if !finding.formula.is_empty() {
        answer(&format!("  {}: {}", fl!("word-formula"), formula_of(terms_of(&finding.formula))));
    }
    if let Some(found) = finding.discrepancy {
        let [expected, actual, difference] =
            [found.expected, found.actual, found.difference].map(|figure| grouped(&figure.to_string()));
        let figures = fl!("finding-figures", expected = expected, actual = actual, difference = difference);
        answer(&format!("  {figures}"));
    }
    if !finding.entries.is_empty() {
        let entries: Vec<_> = finding.entries.iter().map(ToString::to_string).collect();
        answer(&format!("  {}: {}", fl!("word-entries"), entries.join(", ")));
    }
    answer(&format!("  {}: {}", fl!("word-help"), page.next(finding, language())));
}

/// What later lines did about it, and when.
fn amended(finding: &Finding) -> impl Iterator<Item = String> {
    let day = |name| finding.args.get(name).cloned();
    let lines = [
        day("evidenced").map(|date| fl!("finding-evidenced", date = date)),
        day("ratified").map(|date| fl!("finding-ratified", date = date)),
        day("reversed").map(|date| fl!("finding-reversed", date = date)),
    ];
    lines.into_iter().flatten()
}
