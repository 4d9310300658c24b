//! Shares add up to what is shared out, whatever the order, and stay within one smallest unit of the exact share.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;
use xinyi_core::Unit;
use xinyi_rules::share_out;

fn yuan() -> Unit {
    Unit::new("cny".parse().unwrap(), 2).unwrap()
}

fn shared(total: &str, weights: &[(&str, u64)]) -> Option<Vec<String>> {
    let weights: BTreeMap<&str, u64> = weights.iter().copied().collect();
    let shares = share_out(total.parse().unwrap(), &weights, &yuan())?;
    Some(shares.values().map(ToString::to_string).collect())
}

fn shares(total: &str, weights: &[(&str, u64)]) -> Vec<String> {
    shared(total, weights).unwrap()
}

#[test]
fn equal_shares_differ_by_one_fen_and_the_first_by_name_has_it() {
    assert_eq!(shares("1000.00", &[("c", 1), ("a", 1), ("b", 1)]), ["333.34", "333.33", "333.33"]);
    assert_eq!(shares("0.02", &[("a", 1), ("b", 1), ("c", 1)]), ["0.01", "0.01", "0.00"]);
}

#[test]
fn the_largest_remainder_comes_first() {
    // 50.00, 33.33…, 16.66…: the last has the largest remainder.
    assert_eq!(shares("100.00", &[("a", 3), ("b", 2), ("c", 1)]), ["50.00", "33.33", "16.67"]);
}

#[test]
fn what_cannot_be_shared_is_not() {
    assert_eq!(shared("1.00", &[]), None);
    assert_eq!(shared("1.00", &[("a", 0)]), None);
    assert_eq!(shared("-1.00", &[("a", 1)]), None);
    assert_eq!(shared("0.005", &[("a", 1)]), None);
}

proptest! {
    #[test]
    fn shares_add_up_and_are_never_a_unit_away(
        fen in 0_i64..1_000_000_000_000_000,
        weights in proptest::collection::btree_map(0_u32..1000, 0_u64..10_000_000, 1..60),
    ) {
        let all: u64 = weights.values().sum();
        prop_assume!(all > 0);
        let total = Decimal::new(fen, 2);
        let shares = share_out(total, &weights, &yuan()).unwrap();
        prop_assert_eq!(shares.values().sum::<Decimal>(), total);
        for (name, share) in &shares {
            let exact = total * Decimal::from(weights[name]);
            let off = (*share * Decimal::from(all) - exact).abs();
            prop_assert!(off < Decimal::new(1, 2) * Decimal::from(all), "{} {} {}", name, share, exact);
        }
    }
}
