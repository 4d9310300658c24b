//! What owners decided, and what follows from it: votes, prices, shares of public revenue.

pub(crate) mod vote;

pub(crate) use vote::RULE as VT_01;
