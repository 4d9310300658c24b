//! What owners get to see: posted in time, in lines that say something, without private data, and handed over whole.

pub(crate) mod handover;
pub(crate) mod other;
mod personal;
pub(crate) mod private;
pub(crate) mod published;
