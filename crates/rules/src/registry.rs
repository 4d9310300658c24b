//! The one list of rules, in order of their codes. A rule is added here and in its two files.

use crate::page::Page;
use crate::rule::Rule;
use crate::rules::{
    approvals, balances, chain, decisions, deed, disclosure, fees, funds, income, payments, timebank,
};

/// Every rule, sorted by code.
pub const RULES: &[Rule] = &[
    balances::BK_01,
    balances::BK_02,
    balances::BK_03,
    balances::BK_04,
    balances::BK_05,
    chain::CH_01,
    chain::CH_02,
    chain::CH_03,
    chain::CH_04,
    chain::CH_05,
    chain::CH_06,
    deed::DD_01,
    deed::DD_02,
    fees::EX_01,
    fees::EX_02,
    fees::EX_03,
    fees::EX_04,
    fees::EX_05,
    fees::EX_06,
    fees::EX_07,
    fees::EX_08,
    fees::EX_09,
    fees::EX_10,
    funds::FD_01,
    funds::FD_02,
    funds::FD_03,
    funds::FD_04,
    disclosure::HO_01,
    funds::HS_01,
    income::IN_01,
    income::IN_02,
    income::IN_03,
    income::IN_04,
    income::IN_05,
    income::IN_06,
    approvals::KY_01,
    funds::MA_01,
    decisions::PR_01,
    decisions::PR_02,
    disclosure::PV_01,
    payments::PY_01,
    payments::PY_02,
    payments::PY_03,
    payments::PY_04,
    payments::PY_05,
    payments::PY_06,
    payments::PY_07,
    payments::PY_08,
    payments::PY_09,
    payments::PY_10,
    funds::SE_01,
    approvals::SG_01,
    approvals::SG_02,
    approvals::SG_03,
    approvals::SG_04,
    approvals::SG_05,
    approvals::SG_07,
    approvals::SG_08,
    balances::ST_01,
    disclosure::ST_02,
    disclosure::ST_03,
    timebank::TB_01,
    chain::TX_01,
    decisions::VT_01,
    decisions::VT_02,
];

/// The page of a rule, by its code.
#[must_use]
pub fn page(code: &str) -> Option<Page> {
    RULES.iter().find(|rule| rule.code == code).map(|rule| Page(rule.page))
}
