//! Income: billed, receipted, collected, booked whole.

pub(crate) mod channel;
pub(crate) mod collection;
pub(crate) mod instalments;
pub(crate) mod prepaid;
pub(crate) mod receipts;
pub(crate) mod roll;
mod runs;
