//! The rules, by family. Each is a code file and a page of the same name.

pub(crate) mod approvals;
pub(crate) mod balances;
pub(crate) mod chain;
pub(crate) mod decisions;
pub(crate) mod deed;
pub(crate) mod disclosure;
pub(crate) mod fees;
pub(crate) mod funds;
pub(crate) mod income;
pub(crate) mod payments;
pub(crate) mod timebank;
