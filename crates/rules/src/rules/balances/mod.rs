//! Balances, where they lie, and the document that carries them from month to month.

pub(crate) mod accounts;
pub(crate) mod bank;
pub(crate) mod cash;
pub(crate) mod compared;
pub(crate) mod overdrawn;
mod pairs;
pub(crate) mod separate;
pub(crate) mod state;
