//! Every shipped pack is sound, and coverage says what a check makes of each clause.

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

use std::collections::BTreeSet;

use story::Story;
use xinyi_rules::{Outcome, PACKS, Pack, RULES, Reach, Status};

fn packs() -> Vec<Pack> {
    PACKS
        .iter()
        .map(|(name, text)| Pack::parse(text).unwrap_or_else(|error| panic!("{name}: {error}")))
        .collect()
}

#[test]
fn every_shipped_pack_is_sound_and_has_its_own_name() {
    for ((name, _), pack) in PACKS.iter().zip(packs()) {
        assert_eq!(pack.name.as_str(), *name);
        let clauses: Vec<_> = pack.standard.iter().flat_map(|standard| &standard.clause).collect();
        assert!(!clauses.is_empty(), "{name}");
        for standard in &pack.standard {
            let numbers: BTreeSet<_> = standard.clause.iter().map(|clause| &clause.clause).collect();
            assert_eq!(numbers.len(), standard.clause.len(), "{name}: a clause stands twice");
        }
    }
}

#[test]
fn packs_name_rules_and_parameters_that_exist() {
    let mut unknown = BTreeSet::new();
    for pack in packs() {
        for clause in pack.standard.iter().flat_map(|standard| &standard.clause) {
            let known = |code: &&String| RULES.iter().any(|rule| rule.code == code.as_str());
            unknown.extend(clause.rules.iter().filter(|code| !known(code)).cloned());
            for asked in clause.require.iter().filter(|asked| !asked.is_deadline()) {
                let mut parameters = RULES.iter().flat_map(|rule| rule.parameters);
                match parameters.find(|known| known.name == asked.parameter) {
                    Some(known) => {
                        assert!(known.form.accepts(asked.required()), "{}: {}", pack.name, asked.parameter);
                    }
                    None => drop(unknown.insert(asked.parameter.clone())),
                }
            }
        }
    }
    assert!(unknown.is_empty(), "no rule or parameter is called {unknown:?}");
}

#[test]
fn the_founding_district_s_standards_are_a_frame_of_38() {
    let pack = Pack::shipped("wuhou-38").unwrap();
    let clauses: Vec<_> = pack.standard.iter().flat_map(|standard| &standard.clause).collect();
    assert_eq!(clauses.len(), 38);
    assert!(clauses.iter().all(|clause| clause.status == Reach::TextMissing));
}

#[test]
fn a_pack_that_contradicts_itself_is_refused() {
    let pack = |clause: &str, dates: &str| {
        let text = format!(
            "name = \"a\"\ntitle = {{ en = \"a\", zh = \"a\" }}\n[[standard]]\ntitle = {{ en = \"S\", zh = \"S\" }}\n             source = \"s\"\n{dates}[[standard.clause]]\nclause = \"1\"\n{clause}"
        );
        Pack::parse(&text).map(|_| ()).map_err(|error| error.message)
    };
    let says = "says = { en = \"x\", zh = \"x\" }\n";
    let checked = format!("status = \"checked\"\nrules = [\"EX-02\"]\n{says}");
    assert_eq!(pack(&checked, ""), Ok(()));
    for (clause, dates, words) in [
        (checked.as_str(), "from = \"2026-01-01\"\nto = \"2025-01-01\"\n", "before its first"),
        (&format!("status = \"checked\"\n{says}"), "", "names no rule"),
        (
            &format!("status = \"not-machine-checkable\"\nrules = [\"EX-02\"]\n{says}"),
            "",
            "not said to be checked",
        ),
        ("status = \"not-machine-checkable\"\n", "", "must say"),
        (&format!("status = \"text-missing\"\n{says}"), "", "must say"),
        (&format!("status = \"checked\"\nrules = [\"fees\"]\n{says}"), "", "no code"),
        (&format!("{checked}require = [{{ parameter = \"a\" }}]\n"), "", "no figure"),
        (&format!("{checked}spelling = 1\n"), "", "unknown field"),
    ] {
        let refused = pack(clause, dates).unwrap_err();
        assert!(refused.contains(words), "{refused}, not {words}");
    }
}

/// One clause for each outcome; a deed that names 20 days where 10 are the most.
const PACK: &str = r#"
name = "made-up"
title = { en = "made up", zh = "样例" }
[[standard]]
title = { en = "Old", zh = "旧" }
source = "made up"
to = "2020-12-31"
clause = [{ clause = "1", status = "text-missing" }]
[[standard]]
title = { en = "New", zh = "新" }
source = "made up"
from = "2021-01-01"
clause = [
    { clause = "1", status = "checked", rules = ["EX-02"], says = { en = "a", zh = "a" } },
    { clause = "2", status = "checked", rules = ["CH-01", "EX-04"], says = { en = "a", zh = "a" } },
    { clause = "3", status = "checked", rules = ["CH-01"], says = { en = "a", zh = "a" }, require = [
        { parameter = "close-days", at_most = "10" }, { parameter = "close-days", at_most = "20" },
        { parameter = "posted-nowhere", at_least = "15" }, { parameter = "outside-base", lists = "rebate" } ] },
    { clause = "4", status = "checked", rules = ["ZZ-01"], says = { en = "a", zh = "a" } },
    { clause = "5", status = "not-machine-checkable", says = { en = "a", zh = "a" } },
    { clause = "6", status = "text-missing" },
]
"#;

#[test]
fn coverage_says_of_each_clause_what_a_check_made_of_it() {
    let story = Story::tell(
        r#"genesis {"deed":{"deadlines":{"close_days":20},"parameters":[{"name":"outside-base","value":"rebate"}]}}
2026-03-10 income {"amount":"98889.00","category":"property-fee"}
close 2026-03 2026-04-02
2026-04-05 fee both {"amount":"14833.36","periods":["2026-03"]}"#,
    );
    let checker = story.checker();
    let (deed, day) = (checker.books().last_deed().cloned(), checker.last_day());
    let report = checker.finish();
    let coverage = Pack::parse(PACK).unwrap().coverage(&report, deed.as_ref(), day);
    let outcomes: Vec<_> = coverage.clauses.iter().map(|clause| clause.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::NotInForce,
            Outcome::Found,
            Outcome::Partly,
            Outcome::Passed,
            Outcome::NotChecked,
            Outcome::NotMachineCheckable,
            Outcome::TextMissing
        ]
    );
    let found = &coverage.clauses[1].rules[0];
    assert!(found.code == "EX-02" && found.status == "found" && found.findings == 2);
    assert_eq!(coverage.clauses[4].rules[0].status, "unknown");
    let demands: Vec<_> =
        coverage.clauses[3].demands.iter().map(|demand| (demand.basis, demand.met)).collect();
    assert_eq!(demands, [("deed", false), ("deed", true), ("silent", false), ("deed", true)]);
    assert!(
        coverage.falls_short() && coverage.clauses[3].falls_short() && !coverage.clauses[2].falls_short()
    );
    assert!(report.rules.iter().any(|rule| rule.status == Status::Found));
}
