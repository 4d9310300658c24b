//! SG-05: a key acts only within the term for which it was given.

use xinyi_core::{Severity, Signer};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "SG-05",
    severity: Severity::Error,
    page: include_str!("term.md"),
    check: Check::Each(check),
    kinds: Kinds::All,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let recorder = step.entry.recorder();
    let others = step.entry.approvers().iter().filter(|signer| signer.key != recorder.key);
    for signer in others.chain([recorder]) {
        sink.examine();
        if is_outside(signer, step) {
            let finding =
                Finding::at(step.entry.index()).with("party", &signer.party).with("holder", &signer.holder);
            sink.report(finding.with("day", step.recorded_day).with("key", signer.key));
        }
    }
}

fn is_outside(signer: &Signer, step: &Step<'_>) -> bool {
    let day = step.recorded_day;
    day < signer.term.from || signer.term.to.is_some_and(|to| day > to)
}
