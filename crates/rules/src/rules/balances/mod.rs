//! Balances, where they lie, and the document that carries them from month to month.

mod accounts;
mod bank;
mod cash;
pub(crate) mod compared;
mod overdrawn;
mod pairs;
mod separate;
mod state;

pub(crate) use accounts::RULE as BK_03;
pub(crate) use bank::RULE as BK_02;
pub(crate) use cash::RULE as BK_04;
pub(crate) use overdrawn::RULE as BK_01;
pub(crate) use separate::RULE as BK_05;
pub(crate) use state::RULE as ST_01;
