//! A deed on the command line: the guide runs as it is printed, every sentence has words, mistakes are refused with
//! their lines, and `init` takes no deed that `deed check` refuses.

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
#[path = "guide/commands.rs"]
mod guide;

use desk::{Answer, Compound, answer, xinyi};
use serde_json::json;
use tempfile::TempDir;

const GUIDES: [&str; 2] =
    [include_str!("../../../docs/guide/deed.md"), include_str!("../../../docs/guide/deed.zh-CN.md")];
const SETUP: &str = include_str!("../../../examples/fenghua/setup.toml");

/// A folder with the files that a guide prints, and the setup that it speaks of.
fn desk_of(guide: &str) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("setup.toml"), SETUP).unwrap();
    for block in guide.split("```toml\n").skip(1) {
        let file = block.split("```").next().unwrap();
        let name = file.split_once(".toml").unwrap().0.trim_start_matches("# ");
        std::fs::write(place.path().join(format!("{name}.toml")), file).unwrap();
    }
    place
}

fn check(place: &TempDir, words: &[&str]) -> Answer {
    answer(xinyi().current_dir(place.path()).args(["deed", "check"]).args(words))
}

#[test]
fn every_command_of_the_guide_runs_as_shown() {
    let [en, zh] = GUIDES.map(guide::commands);
    assert_eq!(en, zh, "both guides show the same commands");
    assert!(en.len() >= 7, "{en:?}");
    for text in GUIDES {
        let place = desk_of(text);
        for (words, status) in guide::commands(text) {
            let told = answer(xinyi().current_dir(place.path()).args(&words));
            assert_eq!(told.status, status, "{words:?}: {}{}", told.stdout, told.stderr);
        }
    }
}

#[test]
fn every_sentence_and_every_refusal_has_words_in_both_languages() {
    let place = desk_of(GUIDES[0]);
    for language in ["en", "zh"] {
        let said = check(&place, &["deed.toml", "--lang", language]).stdout;
        assert!(!said.contains("deed-") && !said.contains('$') && !said.contains('{'), "{said}");
        let refused = check(&place, &["wrong.toml", "--lang", language]).stderr;
        assert!(!refused.contains("err-") && !refused.contains('$') && !refused.contains('{'), "{refused}");
    }
}

#[test]
fn the_worked_examples_are_those_of_the_agreement() {
    let place = desk_of(GUIDES[0]);
    let english = check(&place, &["deed.toml", "--setup", "setup.toml"]).stdout;
    let chinese = check(&place, &["deed.toml", "--lang", "zh"]).stdout;
    for words in [
        "of 100,000.00 collected you may take 15,000.00, from the 5th of the next month, after the close, against an",
        "20,000.00 less 6,000.00 of cost is 14,000.00; of that you may take 2,100.00",
        "15% of what came from 2026-01-01 to 2026-06-30",
        "60,000.00 before 2026-07-01 at 15% and 50,000.00 after at 12% give 15,000.00 together",
        "78 points give 90%: 13,500.00 of 15,000.00",
        "300.00 for each month, whatever comes in (3,600.00 a year)",
        "account-watch is no party of this ledger",
        "EX-04 is not checked at all",
    ] {
        assert!(english.contains(words), "{words} is missing in\n{english}");
    }
    for words in [
        "实收 100,000.00，可提 15,000.00，自次月 5 日起、关账之后、凭发票",
        "20,000.00 减成本 6,000.00 得 14,000.00，可提 2,100.00",
        "78 分得 90%，15,000.00 中可提 13,500.00",
        "须业委会、supervisor和受托人共同核准，不论金额：减免",
        "EX-04 完全不检查",
    ] {
        assert!(chinese.contains(words), "{words} is missing in\n{chinese}");
    }
}

#[test]
fn a_refusal_names_every_line_and_the_name_that_was_meant() {
    let place = desk_of(GUIDES[0]);
    let refused = check(&place, &["wrong.toml"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""));
    for words in ["line 5: ", "line 13: ", "did you mean `outside-base`?", "line 19: day 31", "next: "] {
        assert!(refused.stderr.contains(words), "{words} is missing in\n{}", refused.stderr);
    }
    let other = check(&place, &["deed.toml", "--setup", "setup.toml", "--first", "2027-01-01"]);
    assert!(other.status == 2 && other.stderr.contains("deed-first-other"), "{}", other.stderr);
}

#[test]
fn answers_for_programs_fit_the_published_schema() {
    let schema = serde_json::from_str(include_str!("../../../docs/deed.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let place = desk_of(GUIDES[0]);
    for file in ["deed.toml", "wrong.toml", "property-trust", "fiscal-host", "nowhere.toml"] {
        let json = check(&place, &[file, "--format", "json"]).json();
        let errors: Vec<_> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
    }
}

#[test]
fn one_lost_key_may_not_end_a_ledger() {
    let place = desk_of(GUIDES[0]);
    let setup =
        SETUP.replace("[\"committee\", \"supervisor\", \"trustee\"] }", "[\"committee\", \"trustee\"] }");
    std::fs::write(place.path().join("setup.toml"), setup).unwrap();
    let refused = check(&place, &["deed.toml", "--setup", "setup.toml"]);
    assert!(refused.status == 2 && refused.stderr.contains("key-irreplaceable"), "{}", refused.stderr);
}

#[test]
fn init_refuses_what_deed_check_refuses() {
    let place = desk_of(GUIDES[0]);
    let setup = SETUP.replace("\"property-trust\"", "\"wrong.toml\"");
    std::fs::write(place.path().join("setup.toml"), setup).unwrap();
    let run = |words: &[&str]| answer(xinyi().current_dir(place.path()).args(words));
    run(&["key", "new", "--plain", "trustee.pem"]);
    let begun = run(&["init", "ledger", "--setup", "setup.toml", "--key", "trustee.pem"]);
    assert!(begun.status == 2 && begun.stderr.contains("line 19: day 31"), "{}", begun.stderr);
    assert!(!place.path().join("ledger").exists());
}

/// A compound whose later deed, drafted from a file, holds from May on.
fn changed(from: &str, to: &str) -> (Compound, Answer) {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let template = answer(xinyi().args(["deed", "template", "property-trust"])).stdout;
    std::fs::write(compound.path("later.toml"), template.replace(from, to)).unwrap();
    let mut run = xinyi();
    run.args(["deed", "change"]).arg(compound.ledger()).arg(compound.path("later.toml"));
    run.args(["--from", "2026-05", "--clock", "2026-03-10T08:00:00Z", "--key"]);
    let drafted = answer(run.arg(compound.path("trustee.pem")));
    (compound, drafted)
}

#[test]
fn a_later_deed_is_drafted_from_its_file_and_waits_for_the_committee() {
    let (_, wrong) = changed("day = 5", "day = 31");
    assert!(wrong.status == 2 && wrong.stderr.contains("deed-day-range"), "{}", wrong.stderr);
    let (compound, drafted) = changed("close_days = 10", "close_days = 8");
    let told = format!("{}{}", drafted.stdout, drafted.stderr);
    assert!(drafted.status == 0 && drafted.stdout.contains("committee"), "{told}");
    compound.approve_and_record("2026-03-11T08:00:00Z");
    let (status, report) = compound.check(&compound.ledger());
    assert_eq!(
        (status, report["verdict"]["size"].as_u64()),
        (0, Some(2)),
        "{}",
        report["report"]["findings"]
    );
}

#[test]
fn another_rate_holds_from_the_later_deed_s_first_day_and_changes_no_day_before() {
    let (compound, _) = changed("15/100", "12/100");
    compound.approve_and_record("2026-03-11T08:00:00Z");
    let (_, report) = compound.check(&compound.ledger());
    let found = report["report"]["findings"].as_array().unwrap();
    let faults: Vec<_> = found.iter().map(|one| (&one["code"], &one["args"]["fault"])).collect();
    assert_eq!(faults, [(&json!("EX-08"), &json!("no-vote"))], "a vote is lacking, and nothing is backdated");
}
