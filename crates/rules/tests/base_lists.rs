//! The list behind a fee adds up to its formula, whatever the deed's basis (spec: M-4, M-5, M-9, M-12).

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]
#![allow(dead_code, reason = "each test file uses its part of the story")]

mod story;

use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;
use story::Story;
use xinyi_core::{Period, Rate};
use xinyi_rules::{BaseList, Books, RULES, page};

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn list(block: &str, upto: &str) -> BaseList {
    Story::tell(block).checker().books().base_list(&"trustee".parse().unwrap(), period(upto))
}

/// Index or month, amount and share of each row.
fn rows(list: &BaseList) -> Vec<(String, String, String)> {
    let lines = list.moves.iter().map(|row| (row.index.to_string(), row.amount, row.share));
    let months = list.months.iter().map(|row| (row.month.to_string(), row.amount, row.share));
    let rows = lines.chain(months);
    rows.map(|(what, amount, share)| (what, amount.normalize().to_string(), share.to_string())).collect()
}

fn assert_rows(list: &BaseList, expected: &[(&str, &str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
    assert_eq!(rows(list), expected);
}

/// What the list comes to, row by row.
fn assert_adds_up(list: &BaseList, what: &str) {
    let mut bases: BTreeMap<Rate, Decimal> = BTreeMap::new();
    let carried = list.carried.iter().map(|term| (term.rate, term.amount));
    let moved = list.moves.iter().map(|row| (row.rate, row.amount));
    let months = list.months.iter().map(|row| (row.rate, row.amount));
    for (rate, amount) in carried.chain(moved).chain(months) {
        *bases.entry(rate).or_default() += amount;
    }
    *bases.entry(Rate::new(1, 1).unwrap()).or_default() += list.fixed;
    bases.retain(|_, amount| !amount.is_zero());
    let mut formula: BTreeMap<Rate, Decimal> = BTreeMap::new();
    list.formula.iter().for_each(|term| *formula.entry(term.rate).or_default() += term.amount);
    assert_eq!(bases, formula, "{what}: {list:?}");
    if list.carried.is_empty() {
        let shares = list.moves.iter().map(|row| row.share).chain(list.months.iter().map(|row| row.share));
        let sum = shares.sum::<Decimal>() + list.fixed;
        let rounded = sum.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        assert_eq!(rounded, list.earned, "{what}: {list:?}");
    }
}

fn each_list(books: &Books, check: impl Fn(&BaseList)) {
    let months = books.open_months();
    let last = months.last().copied().or(books.closed());
    let first = books.from().unwrap_or(period("2026-03"));
    let all = std::iter::successors(Some(first), |month| Some(month.next()));
    for upto in all.take_while(|month| last.is_some_and(|last| *month <= last)) {
        books.fee_takers().iter().for_each(|taker| check(&books.base_list(taker, upto)));
    }
}

#[test]
fn every_example_of_every_rule_lists_what_its_fees_rest_on() {
    let mut lists = 0;
    for rule in RULES {
        for block in page(rule.code).unwrap().examples() {
            // Minutes have no places, and figures that both approved wrong are carried on as they are.
            let story = Story::tell(block);
            let checker = story.checker();
            if checker.books().unit().is_none_or(|unit| unit.scale != 2) {
                continue;
            }
            let is_carried = ["ST-01"].contains(&rule.code);
            each_list(checker.books(), |list| {
                assert_adds_up(list, block);
                assert!(list.carried.is_empty() || is_carried, "{block}\n{list:?}");
            });
            lists += 1;
        }
    }
    assert!(lists > 100, "{lists}");
}

#[test]
fn what_is_billed_and_waived_is_listed_on_accrual() {
    let block = r#"genesis {"deed":{"fees":[{"basis":"accrual"}]}}
2026-03-01 billing {"amount":"1200.00","category":"property-fee","months":{"from":"2026-03","to":"2027-02"},"units":1}
2026-03-02 waiver both {"amount":"20.00","category":"property-fee","months":{"from":"2026-03","to":"2026-03"},"reason":"made up"}
2026-03-10 income {"amount":"900.00","category":"property-fee"}"#;
    let list = list(block, "2026-03");
    assert_rows(&list, &[("1", "100", "15"), ("2", "-20", "-3")]);
    assert_eq!(list.earned.to_string(), "12.00");
}

#[test]
fn months_and_fixed_amounts_are_listed_though_no_line_says_them() {
    let block = r#"genesis {"deed":{"fees":[{"basis":"budget","fixed":"3000.00"}]}}
2026-03-01 budget both {"lines":[{"amount":"120000.00","line":"property-fee","name":"物业费"}],"year":2026}
close 2026-03 2026-04-02
2026-04-10 budget both {"lines":[{"amount":"240000.00","line":"property-fee","name":"物业费"}],"year":2026}"#;
    let list = list(block, "2026-04");
    assert_rows(&list, &[("2026-03", "10000", "1500"), ("2026-04", "20000", "3000")]);
    assert_eq!((list.fixed.to_string(), list.earned.to_string()), ("6000.00".into(), "10500.00".to_owned()));
}

const GRADED: &str = r#"genesis {"deed":{"fees":[{"performance":[{"points":0,"share":"1/2"},{"points":90,"share":"1/1"}]}]}}
2026-03-10 income {"amount":"1000.00","category":"property-fee"}
close 2026-03 2026-04-02
2026-04-05 income {"amount":"100.00","category":"property-fee"}
2026-04-20 assessment both {"months":{"from":"2026-03","to":"2026-03"},"points":95,"taker":"trustee"}"#;

#[test]
fn an_assessment_is_listed_at_its_line_also_for_the_closed_month_it_grades() {
    let march = list(GRADED, "2026-03");
    assert_rows(&march, &[("1", "1000", "75"), ("4", "1000", "150"), ("4", "-1000", "-75")]);
    assert_eq!((march.earned.to_string(), march.carried.len()), ("150.00".to_owned(), 0));
    let april = list(GRADED, "2026-04");
    assert_eq!((april.earned.to_string(), april.moves.len()), ("157.50".to_owned(), 4));
}

#[test]
fn shares_rounded_one_by_one_are_listed_so() {
    let block = r#"genesis {"deed":{"fees":[{"rounding":"entry"}]}}
2026-03-10 income {"amount":"0.10","category":"property-fee"}
2026-03-11 income {"amount":"0.10","category":"property-fee"}"#;
    let list = list(block, "2026-03");
    assert_rows(&list, &[("1", "0.1", "0.02"), ("2", "0.1", "0.02")]);
    assert!(list.rounded_each && list.earned.to_string() == "0.04");
}

#[test]
fn figures_taken_over_are_listed_at_the_opening() {
    let block = r#"2026-03-01 opening both {"fees":[{"base":"1000.00","rate":"15/100","taken":"100.00","taker":"trustee"}],"holdings":[{"account":"bank","balance":"900.00","fund":"shared","held":"0.00"}]}
2026-03-10 income {"amount":"100.00","category":"property-fee"}"#;
    let list = list(block, "2026-03");
    assert_rows(&list, &[("1", "1000", "150"), ("2", "100", "15")]);
    assert!(list.carried.is_empty());
}
