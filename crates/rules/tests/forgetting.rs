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

use damage::{damaged, tell_what_stands};
use kept::Kept;
use recalled::agree;
use story::Story;
use xinyi_rules::{RULES, page};
use xinyi_testkit::honest::{Compound, Scale, Teller};

#[test]
fn of_an_honest_ledger_most_lines_are_forgotten() {
    let compound = Compound::new(Scale { first: "2027-09", households: 20, months: 30, seed: 3 });
    let mut told = Teller::new(compound.genesis(), Kept::new());
    compound.for_each(|month| told.tell(&month));
    let forgotten = agree(&told.community, told.keeper.named.values().cloned()).unwrap();
    let lines = told.community.lines.len();
    assert!(forgotten * 10 > lines * 7, "{forgotten} of {lines}");
}

#[test]
fn damaged_ledgers_are_judged_the_same() {
    for seed in 0..12 {
        let told = tell_what_stands(&damaged(seed, 25));
        let forgotten = agree(&told.community, told.keeper.named.values().cloned());
        assert!(forgotten.unwrap_or_else(|wrong| panic!("{seed}: {wrong}")) > 20, "{seed}");
    }
}

#[test]
fn the_examples_of_every_page_are_judged_the_same() {
    let mut forgotten = 0;
    for rule in RULES {
        for block in page(rule.code).unwrap().examples() {
            let told = Story::tell(block);
            let agreed = agree(&told.community, told.documents.values().cloned());
            forgotten += agreed.unwrap_or_else(|wrong| panic!("{}:\n{block}\n{wrong}", rule.code));
        }
    }
    assert!(forgotten > 100, "{forgotten}");
}
