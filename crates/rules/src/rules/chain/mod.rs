//! Order, time, corrections and text.

mod checkpoint;
mod clock;
mod closed_month;
mod correction;
mod late;
mod sequence;
mod text;

pub(crate) use checkpoint::RULE as CH_02;
pub(crate) use clock::RULE as CH_03;
pub(crate) use closed_month::RULE as CH_05;
pub(crate) use correction::RULE as CH_06;
pub(crate) use late::RULE as CH_04;
pub(crate) use sequence::RULE as CH_01;
pub(crate) use text::RULE as TX_01;
