//! A twin of a fund's year breaks one rule once, and gets exactly that finding.

use std::collections::BTreeSet;

use xinyi_rules::{Finding, Report};

use crate::ledger::Ledger;

/// What is done otherwise, and what it must give: a finding each, as code, case and figures; none for the twin
/// just inside the limit.
pub(crate) struct Twin {
    pub(crate) name: &'static str,
    pub(crate) findings: &'static [&'static str],
    pub(crate) act: fn(&mut Ledger),
}

impl Twin {
    pub(crate) const fn new(
        name: &'static str,
        findings: &'static [&'static str],
        act: fn(&mut Ledger),
    ) -> Self {
        Self { name, findings, act }
    }
}

/// A finding in a line: its code, the word that says what is wrong, expected and actual.
pub(crate) fn told(finding: &Finding) -> String {
    let word = ["case", "fault"].into_iter().find_map(|name| finding.args.get(name));
    let word = word.map(|word| format!(" {word}")).unwrap_or_default();
    let figures = finding.discrepancy.map(|found| format!(" {} {}", found.expected, found.actual));
    format!("{}{word}{}", finding.code, figures.unwrap_or_default())
}

/// The findings of a report, each in a line.
pub(crate) fn findings(report: &Report) -> Vec<String> {
    report.findings.iter().map(told).collect()
}

/// Tells each twin on from the year, ends it as the fund does, and compares what that adds to the clean one's findings.
pub(crate) fn compare(year: &Ledger, rest: fn(&mut Ledger), twins: &[Twin]) {
    let mut clean = year.twin();
    rest(&mut clean);
    let before: BTreeSet<String> = findings(&clean.report()).into_iter().collect();
    for twin in twins {
        let mut ledger = year.twin();
        let last = ledger.due();
        (twin.act)(&mut ledger);
        if ledger.due() == last {
            rest(&mut ledger);
        }
        let mut found: Vec<_> =
            findings(&ledger.report()).into_iter().filter(|finding| !before.contains(finding)).collect();
        let mut expected = twin.findings.to_vec();
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", twin.name);
    }
}
