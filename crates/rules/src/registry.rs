//! The one list of rules, in order of their codes. A rule is added here and in its two files.

use crate::page::Page;
use crate::rule::Rule;
use crate::rules::{approvals, balances, chain, commission, deed};

/// Every rule, sorted by code.
pub const RULES: &[Rule] = &[
    balances::BK_01,
    chain::CH_01,
    chain::CH_03,
    chain::CH_04,
    chain::CH_05,
    chain::CH_06,
    deed::DD_01,
    deed::DD_02,
    commission::EX_01,
    commission::EX_02,
    commission::EX_03,
    commission::EX_04,
    commission::EX_05,
    commission::EX_06,
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
