//! KY-01: lines signed by a key that was later revoked from an earlier index.

use xinyi_core::{Data, Kind, Range, Severity};

use crate::books::Books;
use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "KY-01",
    severity: Severity::Error,
    page: include_str!("doubtful_key.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Keys]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
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

/// Turns the finding into a note once a ratification names a run that holds all the lines in doubt.
pub(crate) fn settle(books: &Books, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.code == RULE.code) {
        let ends = finding.entries.first().zip(finding.at);
        let Some((first, revoked)) = ends else { continue };
        // The line before the revocation is the last in doubt.
        let covers = |run: &Range| run.from <= *first && run.size.get() >= revoked.get();
        if let Some((_, date)) = books.ratified_runs.iter().find(|(run, _)| covers(run)) {
            finding.severity = Severity::Note;
            finding.args.insert("ratified", date.to_string());
        }
    }
}
