//! What holds of every report: it does not depend on how its input is cut up, an unrelated entry takes no finding
//! away, and expected + difference = actual. Over honest ledgers with random damage.

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

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};
use std::path::Path;

use damage::{compared, damaged, tell_what_stands};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;
use xinyi_core::{Kind, Replay, replay_bytes};
use xinyi_rules::{Checker, Report};
use xinyi_store::RawLines;
use xinyi_testkit::honest::{Act, Teller};

use kept::Kept;

/// A source that gives a few bytes at a time.
struct Trickle<'f> {
    chunk: usize,
    file: &'f [u8],
}

impl Read for Trickle<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let length = self.chunk.min(to.len()).min(self.file.len());
        to[..length].copy_from_slice(&self.file[..length]);
        self.file = &self.file[length..];
        Ok(length)
    }
}

/// The report of a file, read in chunks; state documents are not at hand.
fn report_in_chunks(file: &[u8], chunk: usize, buffer: usize) -> Report {
    let source = BufReader::with_capacity(buffer, Trickle { chunk, file });
    let (mut replay, mut checker) = (Replay::new(), Checker::new());
    for line in RawLines::from_source(source, Path::new("trickle")) {
        let entry = replay.push(&line.unwrap().bytes).unwrap();
        checker.take(&entry, replay.register().unwrap());
    }
    checker.finish()
}

fn report_at_once(file: &[u8]) -> Report {
    let read = replay_bytes(file, None);
    assert_eq!(read.stopped, None);
    let (mut replay, mut checker) = (Replay::new(), Checker::new());
    for line in file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let entry = replay.push(line).unwrap();
        checker.take(&entry, replay.register().unwrap());
    }
    checker.finish()
}

/// Findings by code, entry and month, with figures: how often each was made.
fn found(told: &Teller<Kept>, seed: u64) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for finding in compared(told, seed).findings {
        let at = finding.at.map(|index| &told.names[index.get() as usize]);
        let figures = finding.discrepancy.map(|found| (found.expected, found.actual));
        let text = format!("{} {at:?} {:?} {figures:?} {:?}", finding.code, finding.period, finding.severity);
        *found.entry(text).or_default() += 1;
    }
    found
}

/// An entry that has nothing to do with what is judged.
fn unrelated(like: &Act, which: u8) -> Act {
    let interest = json!({"account": "repair-bank", "amount": "1.00", "category": "interest", "channel": "bank",
        "fund": "repair", "vouchers": [{"class": "bank", "digest": "44".repeat(32), "media": "application/pdf", "size": 9}]});
    let payee =
        json!({"class": "organisation", "name": "路人（样例）", "payee": "passer-by", "related": false});
    let question = json!({"party": "committee", "text": "何时清洗水箱？"});
    let (kind, data) = match which % 3 {
        0 => (Kind::Income, interest),
        1 => (Kind::Payee, payee),
        _ => (Kind::Objection, question),
    };
    let mut act = Act::new(like.recorded.day_at("+08:00".parse().unwrap()), kind, data);
    act = act.named("nothing to do with it").recorded(like.recorded);
    if kind == Kind::Objection { act.both() } else { act }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_report_does_not_depend_on_how_its_input_is_cut_up(
        seed in 0_u64..1_000,
        chunk in 1_usize..3_000,
        buffer in 1_usize..9_000,
    ) {
        let told = tell_what_stands(&damaged(seed, 8));
        let file = told.community.file();
        prop_assert_eq!(report_in_chunks(&file, chunk, buffer).to_json(), report_at_once(&file).to_json());
    }

    #[test]
    fn an_unrelated_entry_takes_no_finding_away(seed in 0_u64..1_000, place in any::<u16>(), which in any::<u8>()) {
        let plan = damaged(seed, 8);
        let before = found(&tell_what_stands(&plan), seed);
        let mut more = plan.clone();
        more.insert(unrelated(&plan.acts[usize::from(place) % plan.acts.len()], which));
        let after = found(&tell_what_stands(&more), seed);
        for (finding, count) in before {
            prop_assert!(after.get(&finding).is_some_and(|now| *now >= count), "{finding} is gone from {after:#?}");
        }
    }
}

#[test]
fn expected_and_difference_are_actual() {
    let (mut figures, mut codes) = (0, BTreeSet::new());
    for seed in 0..12 {
        for finding in compared(&tell_what_stands(&damaged(seed, 30)), seed).findings {
            let Some(found) = finding.discrepancy else { continue };
            figures += 1;
            codes.insert(finding.code);
            let said = |name: &str| finding.args[name].parse::<Decimal>().unwrap();
            assert_eq!(found.expected + found.difference, found.actual, "{}", finding.code);
            assert_eq!(said("expected"), found.expected, "{}", finding.code);
            assert_eq!(said("actual"), found.actual, "{}", finding.code);
            assert_eq!(said("difference"), found.difference.abs(), "{}", finding.code);
        }
    }
    assert!(figures > 100 && codes.len() >= 12, "{figures} findings with figures, by {codes:?}");
}
