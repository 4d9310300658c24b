//! Funds besides the compound's own: grants, foundations, social enterprises, mutual aid, home services.

pub(crate) mod aid;
pub(crate) mod grant;
pub(crate) mod in_kind;
pub(crate) mod profit_share;
pub(crate) mod ratios;
pub(crate) mod restricted;
mod uses;
pub(crate) mod visits;
mod years;
