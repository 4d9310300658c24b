//! CH-02: the ledger agrees with every checkpoint of it; an older one is a prefix of a newer one. Readers refuse it
//! otherwise.

use xinyi_core::Severity;

use crate::rule::{Check, Kinds, Proof, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "CH-02",
    severity: Severity::Error,
    page: include_str!("checkpoint.md"),
    check: Check::Integrity,
    kinds: Kinds::NONE,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};
