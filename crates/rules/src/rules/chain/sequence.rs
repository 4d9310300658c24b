//! CH-01: entries follow each other without gap. A replay refuses a line that breaks it.

use xinyi_core::Severity;

use crate::rule::{Check, Kinds, Proof, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "CH-01",
    severity: Severity::Error,
    page: include_str!("sequence.md"),
    check: Check::Integrity,
    kinds: Kinds::NONE,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};
