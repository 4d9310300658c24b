//! What owners decided, and what follows from it: votes, prices, shares of public revenue.

pub(crate) mod price;
pub(crate) mod revenue_split;
pub(crate) mod share_list;
pub(crate) mod vote;
