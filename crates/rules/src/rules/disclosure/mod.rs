//! What owners get to see: posted in time, in lines that say something, without private data, and handed over whole.

mod handover;
mod other;
mod personal;
mod private;
mod published;

pub(crate) use handover::RULE as HO_01;
pub(crate) use other::RULE as ST_03;
pub(crate) use private::RULE as PV_01;
pub(crate) use published::RULE as ST_02;
