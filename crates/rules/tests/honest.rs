//! Honest ledgers give no finding: one of 100,000 entries, whose every rule has subjects; months of it checked alone
//! agree with the whole.

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
mod told;

use std::collections::BTreeMap;

use kept::Kept;
use told::{Told, agree};
use xinyi_core::{Period, Register};
use xinyi_rules::{Checker, Paper, Proof, Report, Status};
use xinyi_testkit::honest::{Compound, Scale, Teller};

/// Nine years of 970 households: with two days of 29 February, three committees and five keys of the trustee.
const LARGE: Scale = Scale { first: "2023-01", households: 970, months: 108, seed: 7 };

/// Rules with fewer than a hundred subjects by nature, and how many the large ledger has.
const FEW: &[(&str, u64)] = &[
    // The first deed and those of two new rates.
    ("DD-01", 3),
    ("DD-02", 3),
    // Two new rates.
    ("EX-08", 2),
    // Three committees hand over, and each change of keys is asked for its hand-over.
    ("HO-01", 6),
    // Keys are lost once in a committee's term of three years.
    ("KY-01", 4),
    // Quarters whose share was due before the last close.
    ("PR-01", 35),
    // A distribution every eighth month, with its list.
    ("PR-02", 14),
    // Each year's cleaning contract and one large repair.
    ("PY-05", 19),
];

/// Families that ask of other funds than a property trust: no case here, tested in `funds`.
const OTHER_FUNDS: [&str; 5] = ["FD-", "HS-", "MA-", "SE-", "TB-"];

fn tell(scale: Scale) -> Teller<Kept> {
    let compound = Compound::new(scale);
    let (areas, mut acts) = (compound.areas(), Vec::new());
    let mut teller = Teller::new(compound.genesis(), Kept::new());
    compound.for_each(|month| {
        teller.tell(&month);
        acts.extend(month);
    });
    let until = acts.last().unwrap().recorded.day_at("+08:00".parse().unwrap());
    let outside = lists::lists(&acts, &areas, &teller.names, until);
    teller.keeper.checker = teller.keeper.checker.with_outside(outside);
    teller
}

/// Findings by code and severity.
fn counted(report: &Report) -> BTreeMap<(&'static str, &'static str), usize> {
    let mut counts = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry((finding.code, finding.severity.as_str())).or_default() += 1;
    }
    counts
}

/// All that an honest ledger may be told: emergencies were ratified.
fn assert_honest(report: &Report, months: u32) {
    let ratified = usize::try_from((months + 3) / 6).unwrap();
    assert_eq!(counted(report), BTreeMap::from([(("SG-02", "note"), ratified)]), "{:?}", report.findings);
}

#[test]
fn a_hundred_thousand_honest_entries_give_no_finding_and_every_rule_its_subjects() {
    let teller = tell(LARGE);
    let entries = teller.community.entries.len();
    assert!(entries >= 100_000, "{entries}");
    let report = teller.keeper.checker.clone().finish();
    assert_honest(&report, LARGE.months);
    assert_subjects(&report);
    assert_months_agree(teller, &["2024-02", "2026-01"]);
}

/// Every rule has examined a hundred subjects, or all there are; those of other funds have no case.
fn assert_subjects(report: &Report) {
    let examined = |rule: &xinyi_rules::Tally| match FEW.iter().find(|(code, _)| *code == rule.code) {
        Some((_, few)) => rule.examined == *few,
        None => rule.examined >= 100,
    };
    let is_elsewhere = |rule: &xinyi_rules::Tally| match rule.status {
        Status::Integrity => true,
        Status::NotChecked { .. } => matches!(rule.proof, Proof::File(Paper::Filed)),
        Status::NoCase => OTHER_FUNDS.iter().any(|family| rule.code.starts_with(family)),
        _ => false,
    };
    let lacking: Vec<_> = report.rules.iter().filter(|rule| !is_elsewhere(rule) && !examined(rule)).collect();
    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn honest_ledgers_of_every_size_and_seed_give_no_finding() {
    for (seed, households, months) in [(1, 1, 3), (2, 2, 14), (3, 20, 30), (4, 60, 13), (5, 5, 40)] {
        let teller = tell(Scale { first: "2027-09", households, months, seed });
        assert_honest(&teller.keeper.checker.finish(), months);
    }
}

#[test]
fn a_month_of_an_honest_ledger_checked_alone_agrees_with_the_whole() {
    let teller = tell(Scale { first: "2027-01", households: 12, months: 26, seed: 3 });
    let months = ["2027-02", "2027-07", "2027-10", "2027-12", "2028-01", "2028-02", "2028-09", "2029-01"];
    assert_months_agree(teller, &months);
}

fn assert_months_agree(teller: Teller<Kept>, months: &[&str]) {
    let Teller { community, keeper, .. } = teller;
    let Kept { closes, named, registers, .. } = keeper;
    let registers = registers.iter().map(|register| Register::clone(register)).collect();
    let (checker, worked_out) = (Checker::new(), named.clone());
    let told = Told { community, checker, closes, documents: named, worked_out, registers };
    for month in months {
        let period: Period = month.parse().unwrap();
        agree(&told, period).unwrap_or_else(|error| panic!("{month}: {error}"));
    }
}
