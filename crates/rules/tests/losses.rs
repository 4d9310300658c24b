//! Losses and what makes them good (spec: M-2, M-6).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use rust_decimal::Decimal;
use serde_json::json;
use xinyi_core::Kind;
use xinyi_rules::Books;
use xinyi_testkit::{Community, Seal};

/// The shared fund's own money after a loss of 40 and its restoration by `data`.
fn after_restoration(account: Option<&str>) -> Decimal {
    let mut community = Community::property_trust("2026-03");
    let lost = json!({"amount": "40.00", "cause": "cash box", "debtor": "trustee", "fund": "shared"});
    let loss = community.record("2026-03-02", Kind::Loss, Seal::Both, lost).link();
    let mut data = json!({"amount": "40.00", "target": loss});
    if let Some(account) = account {
        data["account"] = json!(account);
    }
    community.record("2026-03-03", Kind::Restoration, Seal::Both, data);
    let mut books = Books::new();
    let register = community.replay.register().unwrap();
    community.entries.iter().for_each(|entry| drop(books.take(entry, register)));
    books.funds().get(&"shared".parse().unwrap()).map_or(Decimal::ZERO, |(own, _)| *own)
}

#[test]
fn a_restoration_into_an_account_is_money_of_the_fund_that_lost_it() {
    assert_eq!(after_restoration(Some("bank")), Decimal::from(40));
}

#[test]
fn a_restoration_into_no_account_brings_no_money() {
    assert_eq!(after_restoration(None), Decimal::ZERO);
}
