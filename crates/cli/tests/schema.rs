//! The JSON answers are what docs/report.schema.json says.

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

use desk::{answer, xinyi};

#[test]
fn checks_of_honest_and_forged_ledgers_fit_the_published_schema() {
    let schema = include_str!("../../../docs/report.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let place = tempfile::tempdir().unwrap();
    answer(xinyi().arg("demo").arg(place.path()));
    for name in ["ledger", "over-taken", "2020-06.statement", "forged.jsonl"] {
        let json = answer(xinyi().arg("check").arg(place.path().join(name)).args([
            "--no-trust",
            "--format",
            "json",
        ]))
        .json();
        let errors: Vec<_> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert_eq!(
            json.get("report").is_some(),
            name != "forged.jsonl",
            "no figure of a forged ledger is shown"
        );
    }
}
