//! Funds besides the compound's own: grants, foundations, social enterprises, mutual aid, home services.

mod aid;
mod grant;
mod in_kind;
mod profit_share;
mod ratios;
mod restricted;
mod visits;
mod years;

pub(crate) use aid::RULE as MA_01;
pub(crate) use grant::RULE as FD_01;
pub(crate) use in_kind::RULE as FD_03;
pub(crate) use profit_share::RULE as SE_01;
pub(crate) use ratios::RULE as FD_02;
pub(crate) use restricted::RULE as FD_04;
pub(crate) use visits::RULE as HS_01;
