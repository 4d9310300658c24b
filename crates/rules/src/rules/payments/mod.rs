//! Money paid: for what, to whom, against which paper, within budget and contract.

mod budget;
mod contract;
mod forbidden;
mod invoice_once;
mod near_limit;
mod offers;
mod related;
mod repair_fund;
mod spending;
mod split;
mod voucher;

pub(crate) use budget::RULE as PY_07;
pub(crate) use contract::RULE as PY_08;
pub(crate) use forbidden::RULE as PY_10;
pub(crate) use invoice_once::RULE as PY_02;
pub(crate) use near_limit::RULE as PY_04;
pub(crate) use offers::RULE as PY_05;
pub(crate) use related::RULE as PY_06;
pub(crate) use repair_fund::{REPAIR_FUND, RULE as PY_09};
pub(crate) use split::RULE as PY_03;
pub(crate) use voucher::RULE as PY_01;
