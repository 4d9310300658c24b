//! A rule says which kinds of entry it looks at: asked about all the others too, it finds and counts the same.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod damage;
mod kept;
mod lists;
mod story;

use std::collections::BTreeSet;

use damage::{damaged, tell_what_stands};
use story::Story;
use xinyi_core::{Entry, Register, Verified};
use xinyi_rules::{Checker, RULES, Report, page};

fn report<'r>(
    checker: Checker,
    entries: &[Verified<Entry>],
    registers: impl IntoIterator<Item = &'r Register>,
) -> Report {
    let mut checker = checker;
    entries.iter().zip(registers).for_each(|(entry, register)| checker.take(entry, register));
    checker.finish()
}

#[test]
fn asked_about_every_kind_the_rules_of_every_page_say_the_same() {
    let mut kinds = BTreeSet::new();
    for rule in RULES {
        for block in page(rule.code).unwrap().examples() {
            let told = Story::tell(block);
            let entries = &told.community.entries;
            kinds.extend(entries.iter().map(|entry| entry.content().kind()));
            let asked = report(Checker::new(), entries, &told.registers);
            let asked_all = report(Checker::new().with_every_rule_asked(), entries, &told.registers);
            assert_eq!(asked.to_json(), asked_all.to_json(), "{}:\n{block}", rule.code);
        }
    }
    assert!(kinds.len() > 30, "{} kinds in the pages", kinds.len());
}

#[test]
fn asked_about_every_kind_they_say_the_same_of_damaged_ledgers() {
    for seed in 0..4 {
        let told = tell_what_stands(&damaged(seed, 20));
        let entries = &told.community.entries;
        let registers = || told.keeper.registers.iter().map(AsRef::as_ref);
        let asked = report(Checker::new(), entries, registers());
        let asked_all = report(Checker::new().with_every_rule_asked(), entries, registers());
        assert_eq!(asked.to_json(), asked_all.to_json(), "{seed}");
    }
}
