//! What users read, in both languages: the first lines, the findings, the mistakes.

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

use desk::{Compound, answer, xinyi};

#[test]
fn the_demonstration_tells_its_story_in_the_reader_s_language() {
    let chinese = answer(xinyi().arg("demo").env("LANG", "zh_CN.UTF-8"));
    assert_eq!(chinese.status, 0, "{}", chinese.stderr);
    for words in [
        "样例：本账本为虚构",
        "关账后提取酬金",
        "错误 0 处",
        "多提取酬金 0.01",
        "该月已关账",
        "已于 2020-06-24 追认",
    ] {
        assert!(chinese.stdout.contains(words), "{words} is missing in\n{}", chinese.stdout);
    }
    let english = answer(xinyi().arg("demo"));
    for words in
        ["SAMPLE: this ledger is made up", "0 errors", "took 0.01 too much", "the month 2021-01 is closed"]
    {
        assert!(english.stdout.contains(words), "{words} is missing in\n{}", english.stdout);
    }
}

#[test]
fn every_rule_is_explained_in_both_languages() {
    for rule in xinyi_rules::RULES {
        let chinese = answer(xinyi().args(["explain", rule.code, "--lang", "zh"]));
        let english = answer(xinyi().args(["explain", rule.code, "--lang", "en"]));
        assert_eq!((chinese.status, english.status), (0, 0), "{}", rule.code);
        assert_ne!(chinese.stdout, english.stdout, "{}", rule.code);
    }
}

#[test]
fn a_mistake_ends_with_the_next_step() {
    for (language, family) in [("en", "The fee"), ("zh", "酬金")] {
        let all = answer(xinyi().args(["explain", "--lang", language])).stdout;
        let listed: Vec<_> = all.lines().filter(|line| line.contains(family)).collect();
        assert!(listed[0].ends_with(family), "the family stands over its rules: {all}");
        for rule in xinyi_rules::RULES {
            let of_rule = |line: &&str| line.trim_start().starts_with(rule.code);
            assert_eq!(all.lines().filter(of_rule).count(), 1, "{}", rule.code);
            let letters = rule.code.split('-').next().unwrap();
            assert!(
                !all.lines().any(|line| line.ends_with(&format!("  {letters}"))),
                "{letters} has no words"
            );
        }
    }
    let unknown = answer(xinyi().args(["explain", "XX-99", "--lang", "zh"]));
    assert_eq!(unknown.status, 2);
    assert!(
        unknown.stderr.contains("没有这条规则") && unknown.stderr.contains("怎么办"),
        "{}",
        unknown.stderr
    );
    let usage = answer(xinyi().args(["verify", "--lang", "zh"]));
    assert_eq!(usage.status, 2);
    assert!(usage.stderr.contains("用法见"), "{}", usage.stderr);
    let missing = answer(xinyi().args(["verify", "nowhere", "--no-trust"]));
    assert_eq!(missing.status, 4);
    assert!(missing.stderr.contains("next: "), "{}", missing.stderr);
}

#[test]
#[cfg(unix)]
fn a_file_name_that_is_no_text_is_a_mistake_and_not_a_crash() {
    use std::os::unix::ffi::OsStrExt as _;
    let name = std::ffi::OsStr::from_bytes(b"\xb1\xa8\xb1\xed.jsonl");
    let missing = answer(xinyi().arg("verify").arg(name).arg("--no-trust"));
    assert_eq!(missing.status, 4, "{}", missing.stderr);
}

#[test]
fn a_converted_file_says_so_and_shows_no_figures() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let text = std::fs::read_to_string(compound.ledger().join("entries.jsonl")).unwrap();
    let file = compound.path("windows.jsonl");
    std::fs::write(&file, text.replace('\n', "\r\n")).unwrap();
    let checked = answer(xinyi().arg("check").arg(&file).args(["--no-trust", "--lang", "zh"]));
    assert_eq!(checked.status, 3);
    assert!(checked.stdout.contains("被转换过") && checked.stdout.contains("索取原件"), "{}", checked.stdout);
    assert!(!checked.stdout.contains("余额"), "{}", checked.stdout);
}

#[test]
fn a_file_cut_inside_a_line_cannot_be_told() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let text = std::fs::read_to_string(compound.ledger().join("entries.jsonl")).unwrap();
    let file = compound.path("cut.jsonl");
    std::fs::write(&file, text.trim_end()).unwrap();
    let verified = answer(xinyi().arg("verify").arg(&file).arg("--no-trust"));
    assert_eq!(verified.status, 4);
    assert!(verified.stdout.contains("ends inside a line"), "{}", verified.stdout);
}

#[test]
fn a_deed_is_explained_with_a_worked_example() {
    let explained = answer(xinyi().args(["deed", "check", "property-trust"]));
    assert!(
        explained.stdout.contains(
            "of 100,000.00 collected you may take 15,000.00, from the 5th of the next month, after the close, \
             against an invoice"
        ),
        "{}",
        explained.stdout
    );
    let chinese = answer(xinyi().args(["deed", "check", "property-trust", "--lang", "zh"]));
    assert!(chinese.stdout.contains("实收 100,000.00，可提 15,000.00"), "{}", chinese.stdout);
}
