//! The trustee's fee: agreed, worked out on the right base, taken at the right time.

pub(crate) mod agreed;
pub(crate) mod base;
pub(crate) mod change;
pub(crate) mod claw_back;
pub(crate) mod deficit;
pub(crate) mod hidden_pay;
pub(crate) mod linked_cost;
pub(crate) mod open_loss;
pub(crate) mod over_taken;
pub(crate) mod timing;
