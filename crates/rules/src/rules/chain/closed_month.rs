//! CH-05: nothing is dated in a closed month. A replay refuses a line that breaks it.

use xinyi_core::Severity;

use crate::rule::{Check, Kinds, Proof, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "CH-05",
    severity: Severity::Error,
    page: include_str!("closed_month.md"),
    check: Check::Integrity,
    kinds: Kinds::NONE,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};
