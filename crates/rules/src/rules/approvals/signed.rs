//! SG-01: every signature in a line verifies. A replay refuses a line that breaks it.

use xinyi_core::Severity;

use crate::rule::{Check, Kinds, Proof, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "SG-01",
    severity: Severity::Error,
    page: include_str!("signed.md"),
    check: Check::Integrity,
    kinds: Kinds::NONE,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};
