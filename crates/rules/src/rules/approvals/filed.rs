//! SG-08: what a party has approved stands in the ledger. Needs the party's own file of what it approved.

use xinyi_core::{Content, Severity};

use crate::finding::Finding;
use crate::outside::Paper;
use crate::rule::{Check, Kinds, Proof, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "SG-08",
    severity: Severity::Error,
    page: include_str!("filed.md"),
    check: Check::Outside,
    kinds: Kinds::NONE,
    older: false,
    proof: Proof::File(Paper::Filed),
    parameters: &[],
};

/// The finding for a content that was approved and is not in the ledger.
pub(crate) fn left_out(content: &Content) -> Finding {
    let finding = Finding {
        code: RULE.code,
        severity: RULE.severity,
        ..Finding::of_period(Some(content.date().period()))
    };
    finding.with("reference", content.reference()).with("kind", content.kind()).with("day", content.date())
}
