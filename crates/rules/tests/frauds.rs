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
mod recalled;

use std::collections::BTreeSet;
use std::path::Path;

use planted::{
    approvals, balances, chain, decisions, disclosure, fees, income, payments, plant,
    refused_in_a_closed_month,
};
use xinyi_rules::{Check, RULES};

/// Rules that no authentic ledger can break: a replay refuses the file, as the vectors of the spec show.
const REFUSED: [&str; 4] = ["CH-01", "CH-02", "CH-05", "SG-01"];

/// Families that ask of other funds than a property trust; `funds` breaks each of their rules once.
const OTHER_FUNDS: [&str; 5] = ["FD-", "HS-", "MA-", "SE-", "TB-"];

#[test]
fn every_rule_has_a_fraud() {
    let planted = [
        approvals::FRAUDS,
        balances::FRAUDS,
        chain::FRAUDS,
        decisions::FRAUDS,
        disclosure::FRAUDS,
        fees::FRAUDS,
        income::FRAUDS,
        payments::FRAUDS,
    ];
    let planted: BTreeSet<&str> = planted.into_iter().flatten().map(|fraud| fraud.code).collect();
    let twins = twins_of_other_funds();
    for rule in RULES {
        let is_integrity = matches!(rule.check, Check::Integrity);
        assert_eq!(is_integrity, REFUSED.contains(&rule.code), "{}", rule.code);
        let is_elsewhere = OTHER_FUNDS.iter().any(|family| rule.code.starts_with(family));
        let is_broken = is_elsewhere && twins.contains(&format!("[\"{}", rule.code));
        let is_planted = planted.contains(rule.code);
        assert!(is_planted || is_broken || is_integrity, "no fraud breaks {}", rule.code);
    }
}

/// The text of the tests that break the rules of other funds.
fn twins_of_other_funds() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/funds");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

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
