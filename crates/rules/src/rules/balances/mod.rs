//! Balances, and the document that carries them from month to month.

mod overdrawn;
mod state;

pub(crate) use overdrawn::RULE as BK_01;
pub(crate) use state::RULE as ST_01;
