//! Every mistake in a deed file is refused with its line, and what is right is filled in and explained to the cent.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::path::Path;

use xinyi_core::{Date, Deed, Unit};
use xinyi_rules::deed::{Problem, Said, Setup, TEMPLATES, Told, explain, irreplaceable, read, read_for};

/// A deed without a mistake; each mistake is a change of one text in it.
const GOOD: &str = r#"name = "made up"
budget_required = true

[approvals]
alone = ["fee", "income"]
below_limit = ["expense"]
limit = "10000.00"
committee = 1

[[approvals.terms]]
kinds = ["expense"]
from = "50000.00"
needs = [{ party = "committee", holders = 2 }, { party = "trustee" }]

[deadlines]
close_days = 10
late_hours = 48
late_days = 30
publish_days = 15

[parameters]
outside-base = ["interest", "subsidy"]

[[fees]]
taker = "trustee"
base = [
    { category = "property-fee", measure = "gross" },
    { category = "parking", measure = "net" },
]
rates = [
    { rate = "15/100" },
    { from = "2026-07-01", rate = "12/100" },
]
performance = [
    { points = 90, share = "1/1" },
    { points = 75, share = "9/10" },
    { points = 0, share = "7/10" },
]
day = 5
invoice = true

[[reimbursable]]
category = "payroll"
budget = "staff"

[[severities]]
rule = "EX-03"
severity = "error"

[[off]]
rule = "EX-04"
reason = "made up"
"#;

const SETUP: &str = r#"
first = "2026-01"
recorder = "trustee"
unit = { code = "cny", scale = 2 }
recovery = { needed = 2, parties = ["committee", "supervisor", "trustee"] }
parties = [
    { name = "made up", party = "committee", role = "agent", threshold = 1 },
    { name = "made up", party = "supervisor", role = "supervisor", threshold = 1 },
    { name = "made up", party = "trustee", role = "trustee", threshold = 1 },
]
keys = [
    { holder = "chair", party = "committee", uses = ["approve"] },
    { holder = "member", party = "committee", uses = ["approve"] },
    { holder = "office", party = "supervisor", uses = ["approve"] },
    { holder = "manager", party = "trustee", uses = ["approve", "log", "record"] },
]
"#;

/// Code, a text on the line at fault, and one change of the good deed: what stands there and what it becomes.
type Mistake = (&'static str, &'static str, &'static str, &'static str);

const MISTAKES: &[Mistake] = &[
    ("deed-form", "budget_demanded = true", "budget_required", "budget_demanded"),
    ("deed-form", "close_days = \"ten\"", "close_days = 10", "close_days = \"ten\""),
    ("deed-form", "alone = [\"fee\", \"incom\"]", "\"income\"]", "\"incom\"]"),
    ("deed-limit-missing", "below_limit = [\"expense\"]", "limit = \"10000.00\"\n", "\n"),
    ("deed-limit-unused", "limit = \"10000.00\"", "below_limit = [\"expense\"]", "below_limit = []"),
    ("deed-limit-zero", "limit = \"0.00\"", "\"10000.00\"", "\"0.00\""),
    ("deed-committee-unused", "committee = 1", "below_limit = [\"expense\"]", "below_limit = []"),
    ("deed-approval-fixed", "alone = [\"close\", \"income\"]", "\"fee\"", "\"close\""),
    ("deed-approval-fixed", "alone = [\"reversal\", \"income\"]", "\"fee\"", "\"reversal\""),
    ("deed-approval-twice", "below_limit = [\"expense\"]", "\"income\"]", "\"income\", \"expense\"]"),
    (
        "deed-approval-twice",
        "alone = [\"fee\", \"income\", \"income\"]",
        "\"income\"]",
        "\"income\", \"income\"]",
    ),
    ("deed-approval-twice", "kinds = [\"expense\"]", "\"50000.00\"", "\"10000.00\""),
    ("deed-approval-no-kind", "kinds = []", "kinds = [\"expense\"]", "kinds = []"),
    (
        "deed-approval-nobody",
        "needs = []",
        "[{ party = \"committee\", holders = 2 }, { party = \"trustee\" }]",
        "[]",
    ),
    (
        "deed-approval-no-holder",
        "needs = [{ party = \"committee\", holders = 0 }, { party = \"trustee\" }]",
        "holders = 2",
        "holders = 0",
    ),
    (
        "deed-approval-party-twice",
        "needs = [{ party = \"committee\", holders = 2 }, { party = \"committee\" }]",
        "{ party = \"trustee\" }]",
        "{ party = \"committee\" }]",
    ),
    (
        "deed-approval-no-amount",
        "below_limit = [\"expense\", \"payee\"]",
        "below_limit = [\"expense\"]",
        "below_limit = [\"expense\", \"payee\"]",
    ),
    (
        "deed-approval-lighter-above",
        "needs = [{ party = \"trustee\" }]",
        "{ party = \"committee\", holders = 2 }, ",
        "",
    ),
    (
        "deed-approval-lighter-above",
        "needs = [{ party = \"trustee\" }]",
        "kinds = [\"expense\"]\nfrom = \"50000.00\"\nneeds = [{ party = \"committee\", holders = 2 }, ",
        "kinds = [\"refund\"]\nfrom = \"50000.00\"\nneeds = [",
    ),
    (
        "deed-order-lighter",
        "alone = [\"fee\", \"income\", \"order\"]",
        "\"income\"]",
        "\"income\", \"order\"]",
    ),
    (
        "deed-taker-twice",
        "taker = \"trustee\"",
        "invoice = true",
        "invoice = true\n\n[[fees]]\ntaker = \"trustee\"\nfixed = \"1.00\"",
    ),
    ("deed-fee-nothing", "[[fees]]", "invoice = true", "invoice = true\n[[fees]]\ntaker = \"platform\""),
    (
        "deed-fee-base-missing",
        "rates = [{ rate = \"1/100\" }]",
        "invoice = true",
        "[[fees]]\n\ntaker = \"platform\"\nrates = [{ rate = \"1/100\" }]",
    ),
    (
        "deed-fee-base-unused",
        "base = [{ category = \"parking\", measure = \"gross\" }]",
        "invoice = true",
        "[[fees]]\ntaker = \"platform\"\nfixed = \"1.00\"\nbase = [{ category = \"parking\", measure = \"gross\" }]",
    ),
    ("deed-fixed-zero", "fixed = \"0.00\"", "day = 5", "fixed = \"0.00\""),
    ("deed-day-range", "day = 29", "day = 5", "day = 29"),
    ("deed-day-range", "day = 0", "day = 5", "day = 0"),
    (
        "deed-rounding-without-entries",
        "rounding = \"entry\"",
        "invoice = true",
        "rounding = \"entry\"\nbasis = \"budget\"",
    ),
    (
        "deed-base-twice",
        "{ category = \"property-fee\", measure = \"net\" }",
        "\"parking\"",
        "\"property-fee\"",
    ),
    ("deed-base-outside", "{ category = \"parking\", measure = \"net\" }", "\"subsidy\"", "\"parking\""),
    (
        "deed-net-without-cost",
        "{ category = \"parking\", measure = \"net\" }",
        "day = 5",
        "day = 5\nbasis = \"accrual\"",
    ),
    (
        "deed-net-floor-unused",
        "net_floor = \"source\"",
        "measure = \"net\" },\n]",
        "measure = \"gross\" },\n]\nnet_floor = \"source\"",
    ),
    ("deed-rate-order", "{ from = \"2026-01-01\", rate = \"12/100\" }", "\"2026-07-01\"", "\"2026-01-01\""),
    ("deed-rate-order", "{ from = \"2025-07-01\", rate = \"12/100\" }", "\"2026-07-01\"", "\"2025-07-01\""),
    (
        "deed-rate-gap",
        "{ from = \"2026-02-01\", rate = \"15/100\" }",
        "{ rate = \"15/100\" }",
        "{ from = \"2026-02-01\", rate = \"15/100\" }",
    ),
    (
        "deed-rates-over-whole",
        "{ category = \"property-fee\", measure = \"gross\" }",
        "invoice = true",
        "invoice = true\n[[fees]]\ntaker = \"platform\"\nrates = [{ rate = \"86/100\" }]\nbase = [{ category = \"property-fee\", measure = \"gross\" }]",
    ),
    ("deed-performance-zero", "performance = [", "points = 0", "points = 1"),
    ("deed-performance-order", "{ points = 90, share = \"9/10\" }", "points = 75", "points = 90"),
    ("deed-performance-share", "{ points = 0, share = \"7/10\" }", "\"9/10\"", "\"1/2\""),
    ("deed-deadline-zero", "close_days = 0", "close_days = 10", "close_days = 0"),
    ("deed-deadline-late", "late_days = 1", "late_days = 30", "late_days = 1"),
    ("deed-deadline-publish", "publish_days = 9", "publish_days = 15", "publish_days = 9"),
    (
        "deed-history",
        "history_until = \"2026-01-01\"",
        "budget_required = true",
        "budget_required = true\nhistory_until = \"2026-01-01\"",
    ),
    (
        "deed-reimbursable-twice",
        "category = \"payroll\"",
        "budget = \"staff\"",
        "budget = \"staff\"\n[[reimbursable]]\ncategory = \"payroll\"",
    ),
    (
        "deed-parameter-several",
        "voucher-from = [\"1.00\", \"2.00\"]",
        "outside-base",
        "voucher-from = [\"1.00\", \"2.00\"]\noutside-base",
    ),
    ("deed-reimbursable-forbidden", "category = \"loan\"", "category = \"payroll\"", "category = \"loan\""),
    ("deed-reimbursable-budget", "budget = \"staff\"", "budget_required = true", "budget_required = false"),
    (
        "deed-related-twice",
        "related = [\"sister\", \"sister\"]",
        "budget_required = true",
        "budget_required = true\nrelated = [\"sister\", \"sister\"]",
    ),
    ("deed-parameter-empty", "outside-base = []", "[\"interest\", \"subsidy\"]", "[]"),
    ("deed-parameter-unknown", "outsid-base = [\"interest\", \"subsidy\"]", "outside-base", "outsid-base"),
    (
        "deed-parameter-form",
        "outside-base = [\"Interest on deposits\", \"subsidy\"]",
        "\"interest\"",
        "\"Interest on deposits\"",
    ),
    (
        "deed-parameter-twice",
        "outside-base = [\"interest\", \"interest\"]",
        "\"interest\", \"subsidy\"",
        "\"interest\", \"interest\"",
    ),
    ("deed-rule-unknown", "rule = \"EX-44\"", "\"EX-04\"", "\"EX-44\""),
    ("deed-rule-integrity", "rule = \"CH-01\"", "\"EX-04\"", "\"CH-01\""),
    ("deed-rule-twice", "rule = \"EX-03\"", "\"EX-04\"", "\"EX-03\""),
];

/// The same for what can be told only with a setup.
const MISFITS: &[Mistake] = &[
    ("deed-party-role", "agent = \"supervisor\"", "[approvals]", "[approvals]\nagent = \"supervisor\""),
    (
        "deed-party-unknown",
        "needs = [{ party = \"comittee\", holders = 2 }, { party = \"trustee\" }]",
        "party = \"committee\", holders = 2",
        "party = \"comittee\", holders = 2",
    ),
    (
        "deed-holders-too-many",
        "needs = [{ party = \"committee\", holders = 3 }, { party = \"trustee\" }]",
        "holders = 2",
        "holders = 3",
    ),
    ("deed-taker-slip", "taker = \"trustees\"", "taker = \"trustee\"", "taker = \"trustees\""),
    ("deed-amount-digits", "limit = \"10000\"", "\"10000.00\"", "\"10000\""),
];

fn first() -> Date {
    Date::new(2026, 1, 1).unwrap()
}

fn setup() -> Setup {
    toml::from_str(SETUP).unwrap()
}

fn changed((code, _, from, to): &Mistake) -> String {
    assert_eq!(GOOD.matches(from).count(), 1, "{code}: `{from}` stands once in the good deed");
    GOOD.replacen(from, to, 1)
}

#[test]
fn the_deed_without_a_mistake_is_taken() {
    read(GOOD, first()).unwrap();
    read_for(GOOD, &setup()).unwrap();
    for (name, text) in TEMPLATES {
        read(text, first()).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    }
}

#[test]
fn every_mistake_is_refused_with_its_line() {
    let refused = |mistake: &Mistake, found: Result<Deed, _>| {
        let problems: Vec<Problem> = found.expect_err(mistake.0);
        let text = changed(mistake);
        let line = |problem: &Problem| text.lines().nth(problem.line? - 1).map(str::to_owned);
        let of_code = problems.iter().filter(|problem| problem.code == mistake.0);
        let lines: Vec<String> = of_code.filter_map(line).collect();
        assert!(lines.iter().any(|line| line.contains(mistake.1)), "{mistake:?}: {lines:?} {problems:?}");
    };
    for mistake in MISTAKES {
        refused(mistake, read(&changed(mistake), first()));
    }
    for mistake in MISFITS {
        refused(mistake, read_for(&changed(mistake), &setup()));
    }
    let middle = read(GOOD, Date::new(2026, 1, 15).unwrap()).unwrap_err();
    assert!(middle.iter().any(|problem| problem.code == "deed-first-day"), "{middle:?}");
}

/// Every code in the sources of the examination.
fn codes() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/deed");
    let mut found = BTreeSet::new();
    for file in [
        "file.rs",
        "faults/approvals.rs",
        "faults/fees.rs",
        "faults/names.rs",
        "faults/setup.rs",
        "faults/terms.rs",
    ] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        found.extend(
            text.split("\"deed-").skip(1).map(|rest| format!("deed-{}", rest.split('"').next().unwrap())),
        );
    }
    found
}

/// A code that no line causes.
const ELSEWHERE: &str = "deed-first-day";

#[test]
fn every_code_has_a_bad_deed_and_words_in_both_languages_and_both_guides() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shown: BTreeSet<&str> =
        MISTAKES.iter().chain(MISFITS).map(|mistake| mistake.0).chain([ELSEWHERE]).collect();
    let codes = codes();
    assert!(codes.len() > 45, "{codes:?}");
    for code in &codes {
        assert!(shown.contains(code.as_str()), "{code}: no bad deed shows it");
        for language in ["en", "zh-CN"] {
            let words = root.join(format!("crates/cli/i18n/{language}/xinyi-cli.ftl"));
            let words = std::fs::read_to_string(words).unwrap();
            assert!(words.contains(&format!("\nerr-{code} = ")), "{code} has no words in {language}");
        }
        for guide in ["deed.md", "deed.zh-CN.md"] {
            let guide_text = std::fs::read_to_string(root.join("docs/guide").join(guide)).unwrap();
            assert!(guide_text.contains(&format!("`{code}`")), "{code} is not in {guide}");
        }
    }
}

#[test]
fn a_slip_is_answered_with_the_name_that_was_meant() {
    let problems = read(&GOOD.replace("outside-base", "outsid-base"), first()).unwrap_err();
    assert_eq!(problems[0].args["nearest"], "outside-base");
}

#[test]
fn several_mistakes_are_told_at_once_in_the_order_of_their_lines() {
    let bad = GOOD.replace("day = 5", "day = 31").replace("close_days = 10", "close_days = 0");
    let problems = read(&bad, first()).unwrap_err();
    let lines: Vec<_> = problems.iter().map(|problem| problem.line.unwrap()).collect();
    assert_eq!(lines, [16, 39]);
}

/// The sentences of a name, each with its figures in sorted order of their names.
fn told(said: &[Said], says: &str) -> Vec<String> {
    let figure = |value: &Told| serde_json::to_value(value).unwrap().to_string().replace('"', "");
    let found = said.iter().filter(|said| said.says == says);
    found.map(|said| said.args.values().map(figure).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn worked_examples_come_out_to_the_cent() {
    let deed = read(GOOD, first()).unwrap();
    let unit = Unit::new("cny".parse().unwrap(), 2).unwrap();
    let said = explain(&deed, &unit, Some(&setup()));
    for (says, expected) in [
        ("example-cash", vec!["100000.00 5 true 15/100 15000.00"]),
        ("example-net", vec!["6000.00 20000.00 14000.00 2100.00"]),
        ("example-split", vec!["12/100 15/100 60000.00 2026-07-01 50000.00 15000.00"]),
        ("performance-example", vec!["15000.00 15000.00 92 1/1", "13500.00 15000.00 78 9/10"]),
        ("performance-none", vec!["7/10"]),
        ("rate-to", vec!["2026-01-01 15/100 2026-06-30"]),
        ("rate-from", vec!["2026-07-01 12/100"]),
        ("below", vec!["[expense] 9999.99 [{holders:1,party:trustee}] 10000.00"]),
        ("figure", vec!["outside-base [EX-03] [interest,subsidy]"]),
        ("rule-off", vec!["made up EX-04"]),
        ("rule-heavier", vec!["error EX-03 warning"]),
    ] {
        assert_eq!(told(&said, says), expected, "{says}");
    }
    assert!(said.is_sorted_by_key(|said| said.section));
}

#[test]
fn a_fixed_fee_and_a_unit_without_digits_are_explained_too() {
    let text = GOOD.replace("10000.00", "10000").replace("50000.00", "50000");
    let text = text.replace("day = 5", "day = 5\nfixed = \"800\"");
    let minutes = Unit::new("minutes".parse().unwrap(), 0).unwrap();
    let said = explain(&read(&text, first()).unwrap(), &minutes, None);
    assert_eq!(told(&said, "fixed-besides"), ["800 9600"]);
    assert_eq!(told(&said, "below"), ["[expense] 9999 [{holders:1,party:trustee}] 10000"]);
    assert_eq!(told(&said, "performance-example")[1], "14220 15800 78 9/10");
}

#[test]
fn one_lost_key_may_not_end_a_ledger() {
    assert!(irreplaceable(&setup()).is_empty());
    let names = |setup: &Setup| irreplaceable(setup).iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut alone = setup();
    alone.recovery.parties.retain(|party| party.as_str() != "supervisor");
    assert_eq!(names(&alone), ["trustee"], "of the committee two holders are left");
    let mut spare = alone.clone();
    for (holder, party) in [("deputy", "trustee"), ("deputy-office", "supervisor")] {
        let mut seat = spare.keys.iter().find(|seat| seat.party.as_str() == party).unwrap().clone();
        seat.holder = holder.parse().unwrap();
        spare.keys.push(seat);
    }
    assert!(irreplaceable(&spare).is_empty());
    let mut silent = spare.clone();
    silent.parties[0].threshold = 2;
    assert_eq!(names(&silent), ["committee"]);
    let mut one_recorder = spare;
    one_recorder.keys.last_mut().unwrap().uses = vec![xinyi_core::Use::Approve];
    one_recorder.keys[4].uses = vec![xinyi_core::Use::Approve];
    assert_eq!(names(&one_recorder), ["trustee"], "nobody else can record");
}
