//! A later deed rewrites no past: what was judged under the deed of its day stays as heavy as it was (spec: D-4).

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    dead_code,
    reason = "a test that cannot go on has failed; not every test uses every helper"
)]

mod story;

use story::Story;
use xinyi_core::Severity;

const POSTED: &str = r#"genesis {"deed":{"deadlines":{"publish_days":10}}}"#;
const OVER: &str = r#"
2026-03-10 income {"amount":"1000.00","category":"property-fee"}
close 2026-03 2026-04-02
2026-04-05 fee both {"amount":"150.01","periods":["2026-03"]}"#;

/// Severities of a rule's findings in a ledger told so.
fn found(block: &str, code: &str) -> Vec<Severity> {
    let report = Story::tell(block).report();
    report.findings.iter().filter(|finding| finding.code == code).map(|finding| finding.severity).collect()
}

#[test]
fn what_was_an_error_stays_one_though_a_later_deed_calls_it_a_note() {
    let later = r#"deed 2026-04-06 {"first":"2026-05-01","severities":[{"rule":"EX-02","severity":"note"}]}"#;
    assert_eq!(found(&format!("{}\n{later}", OVER.trim()), "EX-02"), [Severity::Error; 2]);
    let from_then_on = format!(
        "{}\n{later}\nclose 2026-04 2026-05-02\n2026-05-05 fee both {{\"amount\":\"1.00\",\"periods\":[\"2026-04\"]}}",
        OVER.trim()
    );
    let severities = found(&from_then_on, "EX-02");
    assert!(severities.contains(&Severity::Error) && severities.contains(&Severity::Note), "{severities:?}");
}

#[test]
fn a_month_not_posted_stays_found_though_a_later_deed_switches_the_rule_off() {
    let off = r#"deed 2026-05-06 {"first":"2026-06-01","off":[{"reason":"made up","rule":"ST-02"}]}"#;
    let months = "2026-03-10 income {\"amount\":\"1000.00\",\"category\":\"property-fee\"}\nclose 2026-03 2026-04-02\n\
        2026-04-10 income {\"amount\":\"1.00\",\"category\":\"property-fee\"}\nclose 2026-04 2026-05-02";
    let after =
        "close 2026-05 2026-06-02\n2026-06-20 income {\"amount\":\"1.00\",\"category\":\"property-fee\"}";
    let both = format!("{POSTED}\n{months}\n{off}\n{after}");
    assert_eq!(found(&both, "ST-02").len(), 3, "March, April and May, under the deed of their day");
}
