//! The trustee's fee: agreed, worked out on the right base, taken at the right time.

mod agreed;
mod base;
mod change;
mod claw_back;
mod deficit;
mod hidden_pay;
mod linked_cost;
mod open_loss;
mod over_taken;
mod timing;

pub(crate) use agreed::RULE as EX_01;
pub(crate) use base::{OUTSIDE_BASE, RULE as EX_03};
pub(crate) use change::RULE as EX_08;
pub(crate) use claw_back::RULE as EX_05;
pub(crate) use deficit::RULE as EX_09;
pub(crate) use hidden_pay::RULE as EX_10;
pub(crate) use linked_cost::RULE as EX_04;
pub(crate) use open_loss::RULE as EX_07;
pub(crate) use over_taken::RULE as EX_02;
pub(crate) use timing::RULE as EX_06;
