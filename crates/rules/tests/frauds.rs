//! Planted frauds: each, one cent or one day beyond its limit, is found by the intended code at the intended place,
//! at 20 random places of honest ledgers; its twin just inside the limit gives nothing.
//!
//! A fraud is an entry of a family's table in `planted/`; CONTRIBUTING says how to add one.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod kept;
mod lists;
mod planted;

use planted::{
    approvals, balances, chain, decisions, disclosure, fees, income, payments, plant,
    refused_in_a_closed_month,
};

#[test]
fn frauds_of_the_fee() {
    plant(fees::FRAUDS);
}

#[test]
fn frauds_of_order_and_time() {
    plant(chain::FRAUDS);
}

#[test]
fn frauds_of_approvals() {
    plant(approvals::FRAUDS);
}

#[test]
fn frauds_of_payments() {
    plant(payments::FRAUDS);
}

#[test]
fn frauds_of_income() {
    plant(income::FRAUDS);
}

#[test]
fn frauds_of_decisions() {
    plant(decisions::FRAUDS);
}

#[test]
fn frauds_of_disclosure() {
    plant(disclosure::FRAUDS);
}

#[test]
fn frauds_of_balances() {
    plant(balances::FRAUDS);
}

/// CH-05 has no finding: no authentic ledger holds such a line.
#[test]
fn a_line_of_a_closed_month_is_refused() {
    refused_in_a_closed_month();
}
