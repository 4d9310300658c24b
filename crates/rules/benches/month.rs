//! A month costs a month: the same month's statement cut from a small and from a large ledger, verified and checked.
//!
//! `cargo bench -p xinyi-rules --bench month` builds ledgers of 1,000 and 1,000,000 entries before the month (some
//! minutes, most of it signing) and prints times and their ratio; `-- 1000 100000` takes other sizes.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

use std::time::{Duration, Instant};

use serde_json::json;
use xinyi_core::{Kind, read_statement};
use xinyi_rules::Checker;
use xinyi_testkit::{Community, Seal};

/// Entries of the month itself: a compound of some 440 households.
const MONTH: usize = 500;
/// Runs of which the median is taken.
const RUNS: usize = 31;

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![1_000, 1_000_000] } else { asked };
    let files: Vec<(usize, Vec<u8>)> = sizes.into_iter().map(|before| (before, statement(before))).collect();
    println!("{:>12} {:>12} {:>14} {:>10}", "entries", "bytes", "median, ms", "ratio");
    let mut first = None;
    // In turn, so that a machine whose speed drifts drifts for all of them.
    let mut times = vec![Vec::new(); files.len()];
    for _ in 0..RUNS {
        files.iter().zip(&mut times).for_each(|((_, file), times)| times.push(time(file)));
    }
    for ((before, file), times) in files.iter().zip(&mut times) {
        times.sort_unstable();
        let median = times.get(RUNS / 2).copied().unwrap_or_default();
        let base = *first.get_or_insert(median);
        let ratio = median.as_secs_f64() / base.as_secs_f64();
        println!("{before:>12} {:>12} {:>14.3} {ratio:>10.3}", file.len(), median.as_secs_f64() * 1000.0);
    }
}

/// The statement of a month that comes after so many entries.
fn statement(before: usize) -> Vec<u8> {
    let mut community = Community::property_trust("2026-01");
    let income = json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
    for _ in 0..before {
        community.record("2026-01-31", Kind::Income, Seal::Trustee, income.clone());
    }
    community.close_month("2026-01", "2026-02-02");
    for _ in 0..MONTH {
        community.record("2026-02-20", Kind::Income, Seal::Trustee, income.clone());
    }
    community.close_month("2026-02", "2026-03-02");
    community.statement("2026-02")
}

/// Reads, verifies and checks a statement once.
fn time(file: &[u8]) -> Duration {
    let start = Instant::now();
    let read = read_statement(file, None, &[]).expect("a good statement");
    let mut checker =
        Checker::resume(&read.carried.authority, read.carried.document.as_ref(), &read.carried.older);
    let register = read.replay.register().expect("a register");
    read.entries.iter().for_each(|entry| checker.take(entry, register));
    std::hint::black_box(checker.finish());
    start.elapsed()
}
