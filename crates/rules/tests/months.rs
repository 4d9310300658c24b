//! Closed figures never change, whatever comes between and after, however late closes are recorded.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use proptest::prelude::*;
use serde_json::json;
use xinyi_core::{Kind, Period};
use xinyi_rules::Checker;
use xinyi_testkit::{Community, Seal};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_a_close_hands_on_is_what_the_lines_of_its_month_give(acts in proptest::collection::vec((0_u8..6, 0_u8..3, 1_u32..500), 1..50)) {
        let mut community = Community::property_trust("2026-01");
        community.clock("2027-12-31T04:00:00Z");
        let mut checker = Checker::new();
        let mut waiting: Option<(Period, xinyi_core::Close)> = None;
        let mut closes = 0;
        checker.take(community.entries.last().unwrap(), community.replay.register().unwrap());
        for (act, ahead, amount) in acts {
            let due = community.replay.months().unwrap().due();
            let month = (0..ahead).fold(due, |month, _| month.next());
            let amount = format!("{amount}.00");
            let day = month.first_day().to_string();
            let before = community.entries.len();
            match act {
                0..=2 => {
                    let data = json!({"account": "bank", "amount": amount, "category": "parking", "fund": "shared"});
                    community.record(&day, Kind::Income, Seal::Trustee, data);
                }
                3 => {
                    let data = json!({"account": "bank", "amount": amount, "fund": "shared", "held_for": "deposit"});
                    community.record(&day, Kind::HeldIn, Seal::Trustee, data);
                }
                4 => {
                    let mut close = community.close_at(due, community.replay.size(), xinyi_core::Hash::digest(b""));
                    let document = checker.books().draft_state(due, close.size, close.next, close.previous).unwrap();
                    close.state = document.digest();
                    waiting = Some((due, close));
                }
                _ => {
                    if let Some((_, close)) = waiting.take() {
                        let data = serde_json::to_value(close).unwrap();
                        closes += u32::from(community.try_record("2027-12-31", Kind::Close, Seal::Both, data).is_ok());
                    }
                }
            }
            for entry in &community.entries[before..] {
                checker.take(entry, community.replay.register().unwrap());
            }
            let funds: rust_decimal::Decimal = checker.books().funds().values().map(|(own, held)| own + held).sum();
            let accounts: rust_decimal::Decimal = checker.books().accounts().values().sum();
            prop_assert_eq!(funds, accounts);
        }
        let report = checker.finish();
        prop_assert!(report.findings.iter().all(|finding| finding.code != "ST-01"), "{:?}", report.findings);
        let examined = report.rules.iter().find(|rule| rule.code == "ST-01").unwrap().examined;
        prop_assert_eq!(examined, u64::from(closes));
    }
}
