//! What owners decided, and what follows from it: votes, prices, shares of public revenue.

mod price;
mod revenue_split;
mod share_list;
pub(crate) mod vote;

pub(crate) use price::RULE as VT_02;
pub(crate) use revenue_split::RULE as PR_01;
pub(crate) use share_list::RULE as PR_02;
pub(crate) use vote::RULE as VT_01;
