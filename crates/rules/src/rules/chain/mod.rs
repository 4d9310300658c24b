//! Order, time, corrections and text.

pub(crate) mod checkpoint;
pub(crate) mod clock;
pub(crate) mod closed_month;
pub(crate) mod correction;
pub(crate) mod late;
pub(crate) mod sequence;
pub(crate) mod text;
