//! SG-04: an act of the committee has more than half of all its members behind it (Hangzhou art. 29).

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use xinyi_core::{Family, Label, Role, Severity, Signer};

use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::policy;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};

/// How many members the committee has.
const MEMBERS: Parameter = Parameter { name: "committee-members", form: Form::Count, default: &[] };

pub(crate) const RULE: Rule = Rule {
    code: "SG-04",
    severity: Severity::Error,
    page: include_str!("committee.md"),
    check: Check::Each(check),
    kinds: Kinds::All,
    older: false,
    proof: Proof::Ledger,
    parameters: &[MEMBERS],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Some(members) = MEMBERS.count(&step.deed) else { return };
    let approvers = step.entry.approvers();
    let committee = approvers.iter().find(|signer| is_committee(step, &signer.party));
    let Some(committee) = committee.map(|signer| &signer.party).filter(|party| is_act(step, party)) else {
        return;
    };
    sink.examine();
    let in_office = |signer: &&Signer| {
        let day = step.recorded_day;
        signer.party == *committee && day >= signer.term.from && signer.term.to.is_none_or(|to| day <= to)
    };
    let holders: BTreeSet<&Label> = approvers.iter().filter(in_office).map(|signer| &signer.holder).collect();
    let found = u64::try_from(holders.len()).unwrap_or(u64::MAX);
    let needed = members / 2 + 1;
    if found < needed {
        let finding = Finding::at(step.entry.index()).with("party", committee).with("members", members);
        sink.report(finding.differing(Decimal::from(needed), Decimal::from(found)));
    }
}

fn is_committee(step: &Step<'_>, party: &Label) -> bool {
    step.books.party(party).is_some_and(|party| party.role == Role::Agent)
}

/// Whether the entry needs the committee's approval: by its kind, or by the deed.
fn is_act(step: &Step<'_>, committee: &Label) -> bool {
    let content = step.entry.content();
    content.kind().info().family == Family::Authority
        || policy::needs(step.books, content).iter().any(|need| need.party == *committee)
}
