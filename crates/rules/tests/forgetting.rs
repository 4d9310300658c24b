//! A check that forgets the lines of closed months says the same as one that remembers every line, and what it fetches
//! again is what it forgot. Random ledgers and planted frauds are compared where they are told (`resume`, `frauds`).

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
mod recalled;
mod story;
mod told;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use damage::{damaged, tell_what_stands};
use kept::Kept;
use recalled::agree;
use serde_json::json;
use story::Story;
use told::Told;
use xinyi_core::{Index, Kind, Lines, Replay};
use xinyi_rules::{Checker, RULES, page};
use xinyi_testkit::honest::{Compound, Scale, Teller};
use xinyi_testkit::{Community, Seal};

#[test]
fn of_an_honest_ledger_most_lines_are_forgotten() {
    let compound = Compound::new(Scale { first: "2027-09", households: 20, months: 30, seed: 3 });
    let mut told = Teller::new(compound.genesis(), Kept::new());
    compound.for_each(|month| told.tell(&month));
    let forgotten = agree(&told.community, told.keeper.named.values().cloned()).unwrap().forgotten;
    let lines = told.community.lines.len();
    assert!(forgotten * 10 > lines * 7, "{forgotten} of {lines}");
}

#[test]
fn damaged_ledgers_are_judged_the_same() {
    for seed in 0..12 {
        let told = tell_what_stands(&damaged(seed, 25));
        let agreed = agree(&told.community, told.keeper.named.values().cloned());
        assert!(agreed.unwrap_or_else(|wrong| panic!("{seed}: {wrong}")).forgotten > 20, "{seed}");
    }
}

#[test]
fn the_examples_of_every_page_are_judged_the_same() {
    let mut forgotten = 0;
    for rule in RULES {
        for block in page(rule.code).unwrap().examples() {
            let told = Story::tell(block);
            let agreed = agree(&told.community, told.documents.values().cloned());
            forgotten += agreed.unwrap_or_else(|wrong| panic!("{}:\n{block}\n{wrong}", rule.code)).forgotten;
        }
    }
    assert!(forgotten > 100, "{forgotten}");
}

/// Each month reverses the income of the month before and enters it again: the last rests on all before it.
#[test]
fn a_long_row_of_corrections_is_not_read_again_each_month() {
    let mut told = Told::new(Community::genesis_json("2026-10"));
    let mut income = json!({"account": "bank", "amount": "5.00", "category": "parking", "fund": "shared"});
    let mut last = told.tell("2026-10-02", Kind::Income, Seal::Trustee, income.clone()).unwrap();
    for _ in 0..60 {
        let (day, next) = (told.due().first_day().plus_days(3), told.due().next().first_day());
        let reversal = json!({"reason": "made up", "target": last.link()});
        let reversal = told.tell(&day.to_string(), Kind::Reversal, Seal::Both, reversal).unwrap();
        income["replaces"] = json!(reversal.link());
        last = told.tell(&day.to_string(), Kind::Income, Seal::Trustee, income.clone()).unwrap();
        told.close(&next.to_string(), |_| {});
    }
    let agreed = agree(&told.community, told.documents.values().cloned()).unwrap();
    let lines = told.community.lines.len();
    // Each month once would be half the square of two lines a month, 7,200.
    assert!(agreed.read < 10 * lines, "{} lines were read {} times", lines, agreed.read);
}

/// Lines that are no longer there once `gone` is set: a disk that fails, a file that was replaced.
struct Failing {
    gone: AtomicBool,
    lines: Vec<Vec<u8>>,
}

impl Lines for Failing {
    fn line(&self, index: Index) -> Option<String> {
        let line = self.lines.get(index.get() as usize).filter(|_| !self.gone.load(Ordering::Relaxed))?;
        String::from_utf8(line.clone()).ok()
    }
}

#[test]
fn a_line_that_cannot_be_read_again_is_told_and_not_passed_over() {
    let mut told = Told::new(Community::genesis_json("2026-10"));
    let income = json!({"account": "bank", "amount": "5.00", "category": "parking", "fund": "shared"});
    let income = told.tell("2026-10-02", Kind::Income, Seal::Trustee, income).unwrap();
    told.close("2026-11-01", |_| {});
    let reversal = json!({"reason": "made up", "target": income.link()});
    told.tell("2026-11-02", Kind::Reversal, Seal::Both, reversal).unwrap();
    let lines = told.community.lines.clone();
    let source = Arc::new(Failing { gone: AtomicBool::new(false), lines: lines.clone() });
    let (mut replay, mut checker) = (Replay::new().with_lines(source.clone()), Checker::new());
    for (place, line) in lines.iter().enumerate() {
        // The link is judged by the leaf hashes at hand; what the line said is gone.
        source.gone.store(place + 1 == lines.len(), Ordering::Relaxed);
        let entry = replay.push(line).unwrap();
        checker.take_from(&entry, &replay);
        assert_eq!(checker.unread(), Some(income.index()).filter(|_| place + 1 == lines.len()));
    }
}
