//! The one list of rules, in order of their codes. A rule is added here and in its two files.

use crate::page::Page;
use crate::rule::Rule;
use crate::rules::{approvals, balances, chain, commission, income};

/// Every rule, sorted by code.
pub const RULES: &[Rule] = &[
    balances::BK_01,
    balances::BK_02,
    balances::BK_03,
    balances::BK_04,
    balances::BK_05,
    chain::CH_01,
    chain::CH_03,
    chain::CH_04,
    chain::CH_05,
    chain::CH_06,
    commission::EX_01,
    commission::EX_02,
    commission::EX_03,
    commission::EX_04,
    commission::EX_05,
    commission::EX_06,
    income::IN_01,
    income::IN_02,
    income::IN_03,
    income::IN_04,
    income::IN_05,
    income::IN_06,
    approvals::KY_01,
    approvals::SG_01,
    approvals::SG_02,
    approvals::SG_05,
    approvals::SG_07,
    approvals::SG_08,
    balances::ST_01,
    chain::TX_01,
];

/// The page of a rule, by its code.
#[must_use]
pub fn page(code: &str) -> Option<Page> {
    RULES.iter().find(|rule| rule.code == code).map(|rule| Page(rule.page))
}
