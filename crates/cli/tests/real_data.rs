//! Real transactions of a public fund whose host takes 10 % of gross contributions.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod desk;

use std::path::PathBuf;

use desk::Compound;
use serde_json::Value;

/// The export, if it is at hand.
fn export() -> Option<PathBuf> {
    let shared = std::env::var("XINYI_SHARED").unwrap_or_else(|_| "../../../shared".into());
    let file = PathBuf::from(shared).join("data/open-collective-astro.csv");
    if !file.is_file() {
        println!("skipped: the real transactions are not at hand");
    }
    file.is_file().then_some(file)
}

const TAKEN_OVER: &str = "2026-11-24T08:00:00Z";

/// The whole history, taken over on one day, closed month by month.
fn taken_over(file: &std::path::Path, deed: &str) -> Value {
    let deed = format!("history_until = 2026-11-24\n{deed}")
        .replace("history_until = 2026-11-24", "history_until = \"2026-11-24\"");
    let compound = Compound::new("2021-05", "usd", &deed, "+00:00");
    let committee = compound.path("committee.pem");
    let words = [
        "import",
        file.to_str().unwrap(),
        "--map",
        "open-collective",
        "--close-months",
        "--approve-key",
        committee.to_str().unwrap(),
    ];
    let imported = compound.good("trustee", TAKEN_OVER, &words);
    assert!(imported.stdout.contains("0 rows left out"), "{}", imported.stdout);
    compound.check(&compound.ledger()).1
}

/// Month and excess of every finding that too much was taken.
/// Months that ended with too much taken: an error where a fee of the month made it so or more, a warning while it
/// lasts.
fn over_taken(report: &Value) -> Vec<(String, String)> {
    let findings = report["report"]["findings"].as_array().unwrap().iter();
    let of_fee = findings.filter(|found| ["EX-02", "EX-05"].contains(&found["code"].as_str().unwrap()));
    let arg = |found: &Value, name: &str| found["args"][name].as_str().unwrap().to_owned();
    let mut over: Vec<_> = of_fee.map(|found| (arg(found, "period"), arg(found, "difference"))).collect();
    over.sort();
    over
}

fn template() -> String {
    let printed = desk::answer(desk::xinyi().args(["deed", "template", "fiscal-host"]));
    printed.stdout
}

#[test]
fn the_host_was_up_to_four_cents_over_for_eleven_months_and_never_after() {
    let Some(file) = export() else { return };
    let report = taken_over(&file, &template());
    assert_eq!(report["verdict"]["consistent"], true);
    let fee = &report["report"]["fees"][0];
    assert_eq!(fee["formula"][0]["amount"], "777895.01");
    assert_eq!(fee["taken"], "75170.33");
    assert_eq!(fee["left"], "2619.17");
    assert_eq!(report["report"]["accounts"]["host"], "123410.95");
    let expected = [
        ("2021-09", "0.01"),
        ("2021-10", "0.01"),
        ("2021-11", "0.01"),
        ("2021-12", "0.01"),
        ("2022-01", "0.02"),
        ("2022-02", "0.02"),
        ("2022-03", "0.02"),
        ("2022-04", "0.03"),
        ("2022-05", "0.03"),
        ("2022-06", "0.03"),
        ("2022-07", "0.04"),
    ];
    let expected: Vec<_> = expected.map(|(month, over)| (month.to_owned(), over.to_owned())).to_vec();
    assert_eq!(over_taken(&report), expected);
    let grew: Vec<_> = report["report"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| found["code"] == "EX-02")
        .collect();
    assert_eq!(grew.len(), 4, "a cent more in each of four months: {grew:?}");
    let off: Vec<_> =
        report["report"]["rules"].as_array().unwrap().iter().filter(|rule| rule["status"] == "off").collect();
    assert_eq!(off.len(), 1, "what the agreement switches off is listed: {off:?}");
    let late =
        report["report"]["rules"].as_array().unwrap().iter().find(|rule| rule["code"] == "CH-04").unwrap();
    assert_eq!(late["status"], "not-checked");
}

#[test]
fn rounded_per_contribution_nothing_is_over() {
    let Some(file) = export() else { return };
    let report = taken_over(&file, &template().replace("day = 1\n", "day = 1\nrounding = \"entry\"\n"));
    assert_eq!(over_taken(&report), vec![]);
}

#[test]
fn on_the_net_base_most_looks_wrong() {
    let Some(file) = export() else { return };
    let report = taken_over(&file, &template().replace("measure = \"gross\"", "measure = \"net\""));
    let over = over_taken(&report);
    assert_eq!(over.first(), Some(&("2021-08".to_owned(), "1.28".to_owned())));
    assert_eq!(over.last(), Some(&("2022-07".to_owned(), "157.50".to_owned())));
}
