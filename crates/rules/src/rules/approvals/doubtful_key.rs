//! KY-01: lines signed by a key that was later revoked from an earlier index.

use xinyi_core::{Data, Index, Severity};

use crate::books::Books;
use crate::finding::Finding;
use crate::rule::{Check, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "KY-01",
    severity: Severity::Error,
    page: include_str!("doubtful_key.md"),
    check: Check::Each(check),
    older: false,
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Keys(change) = step.entry.content().data() else { return };
    for revocation in &change.revoke {
        sink.examine();
        if let Some(from) = revocation.from.filter(|from| *from < step.entry.index()) {
            let finding = Finding { entries: vec![from], ..Finding::at(step.entry.index()) };
            let last = step.entry.index().get().saturating_sub(1);
            sink.report(finding.with("key", revocation.key).with("from", from).with("to", last));
        }
    }
}

/// Turns the finding into a note once a ratification, made since, names a run that begins no later.
pub(crate) fn settle(books: &Books, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.code == RULE.code) {
        let covers = |from: &Index| finding.entries.first().is_some_and(|first| from <= first);
        let is_since = |index: &Index| finding.at.is_some_and(|at| *index > at);
        let mut runs = books.ratified_runs.iter();
        if let Some((_, _, date)) = runs.find(|(from, index, _)| covers(from) && is_since(index)) {
            finding.severity = Severity::Note;
            finding.args.insert("ratified", date.to_string());
        }
    }
}
