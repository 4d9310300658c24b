//! What a report counts, weighs, leaves out and says in which order.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]
#![allow(dead_code, reason = "each test file uses its part of the story")]

mod story;

use story::Story;
use xinyi_core::{Period, Severity};
use xinyi_rules::{LoweredBy, Paper, RULES, Report, Selection, Severities, Status};

/// Too much fee, a late line, an expense that lacked approval and was ratified.
const STORY: &str = r#"2026-03-10 income {"amount":"98889.00","category":"property-fee"}
2026-03-12 expense {"amount":"20000.00","category":"repair","payee":"builder","unapproved":"burst pipe"}
2026-03-20 ratification both {"reason":"it could not wait","targets":["@2"]}
close 2026-03 2026-04-02
2026-04-05 fee both {"amount":"14833.36","periods":["2026-03"]}"#;

fn told(changes: &str, only: &[&str], skip: &[&str]) -> Report {
    let words = |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let selection = Selection::of(&words(only), &words(skip)).unwrap();
    Story::tell(&format!("{changes}{STORY}")).checker().with_selection(selection).finish()
}

#[test]
fn every_rule_is_counted_once_and_every_finding_once() {
    let report = told("", &[], &[]);
    let counted = report.outcomes;
    let sum = [
        counted.file,
        counted.found,
        counted.history,
        counted.in_part,
        counted.left_out,
        counted.no_case,
        counted.off,
        counted.older,
        counted.passed,
    ];
    assert_eq!(sum.iter().sum::<usize>(), RULES.len());
    assert_eq!(
        report.evidence.file + report.evidence.hint + report.evidence.proved,
        report.findings.len(),
        "{:?}",
        report.findings
    );
    assert!(counted.found >= 2 && report.partial.is_none());
}

#[test]
fn a_partial_check_says_so_and_is_a_note() {
    let all = told("", &[], &[]);
    let some = told("", &["ex"], &["EX-03"]);
    assert!(some.findings.iter().all(|finding| finding.code.starts_with("EX")));
    let of_family = |report: &Report| -> Vec<_> {
        report.findings.iter().filter(|finding| finding.code.starts_with("EX")).cloned().collect()
    };
    assert_eq!(of_family(&some), of_family(&all), "what is asked for is found as in a whole check");
    let partial = some.partial.clone().unwrap();
    assert_eq!((partial.only, partial.skip), (vec!["EX".to_owned()], vec!["EX-03".to_owned()]));
    let left_out = some.rules.iter().filter(|rule| rule.status == Status::LeftOut).count();
    assert!(left_out == some.outcomes.left_out && left_out > 0);
    assert_eq!(told("", &["CH-01"], &[]).worst(), Some(Severity::Note));
}

#[test]
fn a_deed_raises_and_lowers_and_what_it_lowers_is_told() {
    let lowered =
        told("genesis {\"deed\":{\"severities\":[{\"rule\":\"EX-02\",\"severity\":\"note\"}]}}\n", &[], &[]);
    assert!(lowered.findings.iter().all(|found| found.code != "EX-02" || found.severity == Severity::Note));
    let told_of: Vec<_> = lowered.lowered.iter().map(|one| (one.code, one.from, one.to)).collect();
    assert_eq!(told_of, [("EX-02", Severity::Error, Severity::Note)]);
    let raised =
        told("genesis {\"deed\":{\"severities\":[{\"rule\":\"SG-02\",\"severity\":\"error\"}]}}\n", &[], &[]);
    let ratified = raised.findings.iter().find(|found| found.args.contains_key("ratified")).unwrap();
    assert_eq!(ratified.severity, Severity::Note, "a payment ratified since stays a note");
    assert!(raised.lowered.is_empty());
}

/// The story's report with severities that the caller asks for, under a deed that may have its own.
fn weighed(deed: &str, code: &str, severity: Severity) -> Report {
    let severities = Severities::of(&[(code.to_owned(), severity)]).unwrap();
    let genesis = format!("genesis {{\"deed\":{{\"severities\":[{deed}]}}}}\n");
    Story::tell(&format!("{genesis}{STORY}")).checker().with_severities(severities).finish()
}

fn severity_of(report: &Report, code: &str) -> Severity {
    report.findings.iter().find(|found| found.code == code).unwrap().severity
}

#[test]
fn a_caller_s_severity_goes_before_the_deed_s_and_what_it_lowers_is_told() {
    let lowered = weighed("", "ex-02", Severity::Note);
    assert_eq!((severity_of(&lowered, "EX-02"), lowered.worst()), (Severity::Note, Some(Severity::Note)));
    let told: Vec<_> = lowered.lowered.iter().map(|one| (one.by, one.code, one.from, one.to)).collect();
    assert_eq!(told, [(LoweredBy::Caller, "EX-02", Severity::Error, Severity::Note)]);
    let by_deed = r#"{"rule":"EX-02","severity":"note"}"#;
    let raised = weighed(by_deed, "EX-02", Severity::Error);
    assert_eq!((severity_of(&raised, "EX-02"), raised.lowered.len()), (Severity::Error, 0));
    // A rule that the deed made heavier is lowered by whoever asks for less, though not below its page.
    let heavier = r#"{"rule":"CH-04","severity":"error"}"#;
    let back = weighed(heavier, "CH-04", Severity::Warning);
    let told: Vec<_> = back.lowered.iter().map(|one| (one.code, one.from, one.to)).collect();
    assert_eq!(told, [("CH-04", Severity::Error, Severity::Warning)]);
    let unknown = Severities::of(&[("EX-2".to_owned(), Severity::Note)]).unwrap_err();
    assert_eq!(unknown.nearest, "EX-02");
}

#[test]
fn a_rule_without_the_list_that_it_compares_passes_in_part_only() {
    let rent = r#"2026-03-02 contract both {"contract":"shop","counterparty":"baker","instalments":[{"amount":"12000.00","due":"2026-03-10"}],"price":"12000.00","side":"income","start":"2026-03-02","subject":"shop"}
2026-03-10 income {"amount":"12000.00","category":"parking","contract":"shop"}
close 2026-03 2026-04-02
close 2026-04 2026-05-02"#;
    let tally = |block: &str| {
        let report = Story::tell(block).report();
        let rule = report.rules.iter().find(|rule| rule.code == "IN-04").unwrap();
        (rule.status.clone(), rule.lacks, rule.examined, report.outcomes.in_part)
    };
    assert_eq!(tally(rent), (Status::PassedInPart, Some(Paper::Contracts), 1, 1));
    let register = r#"{"contract":"shop","side":"income","due":"2026-03-10","amount":"12000.00","line":2}"#;
    let with_list = format!("{rent}\noutside {{\"contracts\":[{register}]}}");
    let (status, lacks, ..) = tally(&with_list);
    assert_eq!((status, lacks), (Status::Passed, None));
    let none = tally(STORY);
    assert_eq!((none.0, none.1), (Status::NotChecked { reason: "file" }, Some(Paper::Contracts)));
}

#[test]
fn a_rule_switched_off_is_a_note() {
    let off =
        told("genesis {\"deed\":{\"off\":[{\"rule\":\"EX-02\",\"reason\":\"made up\"}]}}\n", &["EX-02"], &[]);
    assert_eq!((off.outcomes.off, off.worst()), (1, Some(Severity::Note)));
}

#[test]
fn findings_stand_by_entry_then_code() {
    let places: Vec<_> = told("", &[], &[])
        .findings
        .iter()
        .map(|finding| (finding.at.map_or(u64::MAX, |at| at.get()), finding.code, finding.period))
        .collect();
    assert!(places.is_sorted() && places.len() > 2, "{places:?}");
}

#[test]
fn the_base_of_a_fee_is_listed_line_by_line_and_adds_up_to_the_formula() {
    let story = Story::tell(
        r#"genesis {"deed":{"fees":[{"rates":[{"from":"2026-03-01","rate":"15/100"},{"from":"2026-04-01","rate":"12/100"}]}]}}
2026-03-10 income {"amount":"60500.00","category":"property-fee"}
2026-03-12 income {"amount":"2000.00","category":"parking"}
2026-03-13 held-in {"amount":"2000.00","held_for":"deposit"}
2026-03-14 expense {"amount":"2000.00","category":"upkeep","payee":"gate","cost_of":"@2"}
2026-03-20 refund both {"amount":"500.00","reason":"paid twice","target":"@1"}
close 2026-03 2026-04-02
2026-04-10 income {"amount":"50000.00","category":"property-fee"}
2026-05-10 income {"amount":"1.00","category":"property-fee"}"#,
    );
    let checker = story.checker();
    let april: Period = "2026-04".parse().unwrap();
    let list = checker.books().base_list(&"trustee".parse().unwrap(), april);
    let moves: Vec<_> = list
        .moves
        .iter()
        .map(|moved| {
            (moved.index.get(), moved.amount.to_string(), moved.rate.to_string(), moved.share.to_string())
        })
        .collect();
    let expected = [
        (1, "60500.00", "15/100", "9075"),
        (2, "2000.00", "15/100", "300"),
        (4, "-2000.00", "15/100", "-300"),
        (5, "-500.00", "15/100", "-75"),
        (7, "50000.00", "12/100", "6000"),
    ];
    let expected = expected
        .map(|(index, amount, rate, share)| (index, amount.to_owned(), rate.to_owned(), share.to_owned()));
    assert_eq!(moves, expected);
    assert_eq!(list.earned.to_string(), "15000.00");
    assert!(list.carried.is_empty());
    assert_eq!(list.moves[3].category.as_ref().unwrap().as_str(), "property-fee");
    let formula: Vec<_> =
        list.formula.iter().map(|term| (term.amount.to_string(), term.rate.to_string())).collect();
    assert_eq!(formula, [("50000.00".into(), "12/100".into()), ("60000.00".into(), "15/100".to_owned())]);
}
