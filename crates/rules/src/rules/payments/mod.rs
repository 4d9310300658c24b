//! Money paid: for what, to whom, against which paper, within budget and contract.

pub(crate) mod budget;
pub(crate) mod contract;
pub(crate) mod forbidden;
pub(crate) mod invoice_once;
pub(crate) mod near_limit;
pub(crate) mod offers;
pub(crate) mod related;
pub(crate) mod repair_fund;
mod spending;
pub(crate) mod split;
pub(crate) mod voucher;
