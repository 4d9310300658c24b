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
    let bank = place.path().join("bank.csv");
    std::fs::write(&bank, "日期,金额,余额,流水号\n2020-06-03,-1.00,9.00,a\n2020-07-01,2.00,11.00,b\n")
        .unwrap();
    for name in ["ledger", "over-taken", "2020-06.statement", "forged.jsonl"] {
        let mut check = xinyi();
        check.arg("check").arg(place.path().join(name)).args(["--no-trust", "--format", "json"]);
        check.args(["--skip", "CH", "--pack", "hangzhou", "--pack", "wuhou-38"]);
        let json = answer(check.arg("--bank").arg(format!("bank={}", bank.display()))).json();
        let errors: Vec<_> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert_eq!(
            json.get("report").is_some(),
            name != "forged.jsonl",
            "no figure of a forged ledger is shown"
        );
    }
}
