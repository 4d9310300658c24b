//! The one list of rules, in order of their codes. A rule is added here and in its two files.

use crate::page::Page;
use crate::rule::Rule;
use crate::rules::{
    approvals, balances, chain, decisions, deed, disclosure, fees, funds, income, payments, timebank,
};

/// Every rule, sorted by code.
pub const RULES: &[Rule] = &[
    balances::overdrawn::RULE,
    balances::bank::RULE,
    balances::accounts::RULE,
    balances::cash::RULE,
    balances::separate::RULE,
    chain::sequence::RULE,
    chain::checkpoint::RULE,
    chain::clock::RULE,
    chain::late::RULE,
    chain::closed_month::RULE,
    chain::correction::RULE,
    deed::understood::RULE,
    deed::lighter::RULE,
    fees::agreed::RULE,
    fees::over_taken::RULE,
    fees::base::RULE,
    fees::linked_cost::RULE,
    fees::claw_back::RULE,
    fees::timing::RULE,
    fees::open_loss::RULE,
    fees::change::RULE,
    fees::deficit::RULE,
    fees::hidden_pay::RULE,
    funds::grant::RULE,
    funds::ratios::RULE,
    funds::in_kind::RULE,
    funds::restricted::RULE,
    disclosure::handover::RULE,
    funds::visits::RULE,
    income::receipts::RULE,
    income::roll::RULE,
    income::collection::RULE,
    income::instalments::RULE,
    income::prepaid::RULE,
    income::channel::RULE,
    approvals::doubtful_key::RULE,
    funds::aid::RULE,
    decisions::revenue_split::RULE,
    decisions::share_list::RULE,
    disclosure::private::RULE,
    payments::voucher::RULE,
    payments::invoice_once::RULE,
    payments::split::RULE,
    payments::near_limit::RULE,
    payments::offers::RULE,
    payments::related::RULE,
    payments::budget::RULE,
    payments::contract::RULE,
    payments::repair_fund::RULE,
    payments::forbidden::RULE,
    funds::profit_share::RULE,
    approvals::signed::RULE,
    approvals::unapproved::RULE,
    approvals::successor::RULE,
    approvals::committee::RULE,
    approvals::term::RULE,
    approvals::closed_in_time::RULE,
    approvals::filed::RULE,
    balances::state::RULE,
    disclosure::published::RULE,
    disclosure::other::RULE,
    timebank::service::RULE,
    chain::text::RULE,
    decisions::vote::RULE,
    decisions::price::RULE,
];

/// The page of a rule, by its code.
#[must_use]
pub fn page(code: &str) -> Option<Page> {
    RULES.iter().find(|rule| rule.code == code).map(|rule| Page(rule.page))
}
