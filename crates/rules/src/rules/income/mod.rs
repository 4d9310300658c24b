//! Income: billed, receipted, collected, booked whole.

mod channel;
mod collection;
mod instalments;
mod prepaid;
mod receipts;
mod roll;
mod runs;

pub(crate) use channel::RULE as IN_06;
pub(crate) use collection::RULE as IN_03;
pub(crate) use instalments::RULE as IN_04;
pub(crate) use prepaid::RULE as IN_05;
pub(crate) use receipts::RULE as IN_01;
pub(crate) use roll::RULE as IN_02;
