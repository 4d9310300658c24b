//! SG-02: an entry has the approvals that its deed asks for.

use xinyi_core::{Data, Severity};

use crate::amend::Amend;
use crate::books::facts::{amount_of, unapproved_reason};
use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

pub(crate) const RULE: Rule = Rule {
    code: "SG-02",
    severity: Severity::Error,
    page: include_str!("unapproved.md"),
    check: Check::Each(examine),
    kinds: Kinds::All,
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

fn examine(step: &Step<'_>, sink: &mut Sink<'_>) {
    let is_ratification = matches!(step.entry.content().data(), Data::Ratification(_));
    if (is_ratification || !step.missing.is_empty()) && step.books.needs_rest_on_older(step.entry) {
        sink.lack_older();
        return;
    }
    sink.examine();
    if !step.missing.is_empty() {
        let parties = step.missing.iter().map(|need| need.party.clone());
        let parties: Vec<_> = parties.map(|party| party.to_string()).collect();
        let data = step.entry.content().data();
        let reason = unapproved_reason(data).unwrap_or_else(|| "-".to_owned());
        let finding =
            Finding::at(step.entry.index()).with("parties", parties.join(", ")).with("reason", reason);
        sink.report(finding.with("amount", amount_of(data)).amended_by(&[Amend::Ratification]));
    }
}
