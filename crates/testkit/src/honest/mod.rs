//! Honest ledgers of any length: a property trust that keeps every rule, planned month by month and then told.
//!
//! A plan is separate from its telling, so that a fraud can be planted by changing the plan. Everything is made up
//! and the same in every run.

mod act;
mod closing;
mod compound;
mod corrections;
mod decisions;
mod genesis;
mod held;
mod holdings;
mod households;
mod papers;
mod people;
mod plan;
mod public;
mod random;
mod shifts;
mod spending;
mod tell;
mod voices;
mod wallet;

pub use act::{Act, at, cents, yuan};
pub use compound::Compound;
pub use plan::Plan;
pub use random::Chance;
pub use tell::{Keeper, Teller};

/// How large an honest ledger is, and which one of that size.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Its first month.
    pub first: &'static str,
    /// How many households pay.
    pub households: u32,
    /// How many months it has, all but the last of them closed.
    pub months: u32,
    /// Which one.
    pub seed: u64,
}
