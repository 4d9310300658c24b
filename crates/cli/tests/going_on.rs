//! Reading on from an earlier run: what is new is verified and checked as a full reading does it, and what does not fit is
//! read from the first line.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod desk;

use std::fs;
use std::path::{Path, PathBuf};

use desk::{Answer, Compound, answer, xinyi};
use serde_json::{Value, json};

fn income(date: &str, reference: &str) -> Value {
    let data = json!({"account": "bank", "amount": "100.00", "category": "property-fee", "fund": "shared"});
    json!({"data": data, "date": date, "kind": "income", "ref": reference})
}

fn close(compound: &Compound, period: &str, time: &str) {
    compound.good("trustee", time, &["close", period]);
    compound.approve_and_record(time);
}

/// Two closed months and an open one.
fn story() -> Compound {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    compound.add("2026-03-05T08:00:00Z", &[income("2026-03-05", "a"), income("2026-03-05", "b")]);
    compound.add("2026-04-01T08:00:00Z", &[income("2026-04-01", "early")]);
    close(&compound, "2026-03", "2026-04-02T08:00:00Z");
    close(&compound, "2026-04", "2026-05-02T08:00:00Z");
    compound.add("2026-05-03T08:00:00Z", &[income("2026-05-03", "c")]);
    compound
}

/// What comes after it: a line that names one of the first month, and a close.
fn goes_on(compound: &Compound) {
    let refund = json!({"account": "bank", "amount": "50.00", "fund": "shared", "reason": "paid twice"});
    let refund = json!({"data": refund, "date": "2026-05-04", "kind": "refund", "ref": "back",
        "links": {"target": {"period": "2026-03", "ref": "a"}}});
    compound.add("2026-05-04T08:00:00Z", &[refund]);
    close(compound, "2026-05", "2026-06-02T08:00:00Z");
    compound.add("2026-06-03T08:00:00Z", &[income("2026-06-03", "d")]);
}

/// More than was earned is taken.
fn over_take(compound: &Compound) {
    let fee = json!({"account": "bank", "amount": "400.00", "fund": "shared", "invoice": {"amount": "400.00",
        "number": "f", "total": "400.00"}, "periods": ["2026-05"], "taker": "trustee"});
    let fee = json!({"data": fee, "date": "2026-06-05", "kind": "fee", "ref": "fee"});
    compound.add("2026-06-05T08:00:00Z", &[fee]);
}

fn run(command: &str, paths: &[&Path], options: &[&str]) -> Answer {
    let mut program = xinyi();
    program.arg(command).args(paths).args(options);
    answer(&mut program)
}

fn anchored(compound: &Compound) -> PathBuf {
    let anchor = compound.path("anchor.json");
    let made = run("anchor", &[&anchor, &compound.ledger()], &["--no-trust"]);
    assert_eq!(made.status, 0, "{}{}", made.stdout, made.stderr);
    anchor
}

fn size(ledger: &Path) -> usize {
    fs::read_to_string(ledger.join("entries.jsonl")).unwrap().lines().count()
}

/// The answer of a command with the anchor, as JSON with its exit status.
fn told(command: &str, path: &Path, anchor: &Path, options: &[&str]) -> (i32, Value) {
    let options = [&["--format", "json", "--trust", anchor.to_str().unwrap()], options].concat();
    let told = run(command, &[path], &options);
    (told.status, told.json())
}

/// The verdict of a run that goes on and of a full one, which must say the same but for what each has read.
fn verdict(path: &Path, anchor: &Path) -> Value {
    let (status, mut going_on) = told("verify", path, anchor, &[]);
    let (full_status, mut full) = told("verify", path, anchor, &["--full"]);
    let earlier = going_on["verdict"]["earlier"].take();
    going_on["verdict"]["unfit"].take();
    assert_eq!(
        (full["verdict"]["earlier"].take(), full["verdict"]["unfit"].take()),
        (Value::Null, Value::Null)
    );
    assert_eq!((status, &going_on), (full_status, &full));
    earlier
}

#[test]
fn what_is_new_is_verified_and_the_rest_rests_on_the_earlier_run() {
    let compound = story();
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    let before = size(&ledger);
    assert_eq!(verdict(&ledger, &anchor), json!(before), "nothing is new");
    goes_on(&compound);
    assert_eq!(verdict(&ledger, &anchor), json!(before));
    assert_eq!(verdict(&ledger.join("entries.jsonl"), &anchor), json!(before), "the file alone");
    let said = run("verify", &[&ledger], &["--trust", anchor.to_str().unwrap()]).stdout;
    assert!(said.contains(&format!("first {before} entries were verified in an earlier run")), "{said}");
    // The anchor moves on, and with it the place.
    let moved = run("anchor", &[&anchor, &ledger], &[]);
    assert_eq!(moved.status, 0, "{}{}", moved.stdout, moved.stderr);
    assert_eq!(verdict(&ledger, &anchor), json!(size(&ledger)));
    let again = run("anchor", &[&anchor, &ledger], &[]);
    assert_eq!(again.status, 0, "nothing is new, and nothing is wrong: {}", again.stderr);
}

#[test]
fn what_is_new_is_checked_as_in_a_full_check() {
    let compound = story();
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    goes_on(&compound);
    over_take(&compound);
    let (status, short) = told("check", &ledger, &anchor, &[]);
    let (full_status, full) = told("check", &ledger, &anchor, &["--full"]);
    assert_eq!(status, full_status);
    assert!(short["verdict"]["earlier"].is_u64());
    let findings = |report: &Value| report["report"]["findings"].as_array().unwrap().clone();
    let new = |finding: &&Value| {
        finding["at"].as_u64().is_none_or(|at| at >= short["verdict"]["earlier"].as_u64().unwrap())
    };
    let of_full = findings(&full);
    let new_of_full: Vec<_> = of_full.iter().filter(new).collect();
    assert!(new_of_full.iter().any(|finding| finding["code"] == "EX-02"), "{full:#}");
    assert_eq!(findings(&short).iter().filter(new).collect::<Vec<_>>(), new_of_full);
    for figure in ["accounts", "funds"] {
        assert!(full["report"][figure].as_object().is_some_and(|figures| !figures.is_empty()), "{full:#}");
        assert_eq!(short["report"][figure], full["report"][figure]);
    }
    assert_eq!((&short["report"]["from"], &full["report"]["from"]), (&json!("2026-05"), &Value::Null));
}

#[test]
fn a_line_that_is_refused_is_refused_at_its_place() {
    let compound = story();
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    goes_on(&compound);
    let file = ledger.join("entries.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"50.00\"", "\"51.00\"")).unwrap();
    let earlier = verdict(&ledger, &anchor);
    assert!(earlier.is_u64());
    let refused = told("verify", &ledger, &anchor, &[]);
    assert_eq!((refused.0, &refused.1["verdict"]["stopped"]["index"]), (3, &earlier), "{:#}", refused.1);
}

#[test]
fn another_history_is_found_by_reading_it_whole() {
    let compound = story();
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    let file = ledger.join("entries.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    // A changed byte in what was verified, and an end cut off.
    fs::write(&file, text.replacen("\"100.00\"", "\"900.00\"", 1)).unwrap();
    assert_eq!(verdict(&ledger, &anchor), Value::Null);
    fs::write(&file, text.split_inclusive('\n').take(3).collect::<String>()).unwrap();
    let short = run("verify", &[&ledger], &["--trust", anchor.to_str().unwrap()]);
    assert_eq!(short.status, 3);
    assert!(short.stderr.contains("anchor-shorter"), "{}", short.stderr);
}

#[test]
fn an_open_month_that_was_rewritten_is_told_and_not_kept() {
    let compound = story();
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    // The last line, which no close covers yet, is taken back, and another is recorded in its place.
    let file = ledger.join("entries.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let before = size(&ledger);
    fs::write(&file, text.split_inclusive('\n').take(before - 1).collect::<String>()).unwrap();
    fs::remove_dir_all(ledger.join("cache")).unwrap();
    compound.add("2026-05-03T09:00:00Z", &[income("2026-05-03", "another")]);
    let (status, told) = told("verify", &ledger, &anchor, &[]);
    assert_eq!((status, &told["verdict"]["unfit"]), (0, &json!(before)), "{told:#}");
    let said = run("verify", &[&ledger], &["--trust", anchor.to_str().unwrap()]).stdout;
    assert!(said.contains("CAUTION"), "{said}");
    let kept = fs::read(&anchor).unwrap();
    let refused = run("anchor", &[&anchor, &ledger], &[]);
    assert_eq!(refused.status, 3, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("bookmark-other"), "{}", refused.stderr);
    assert_eq!(fs::read(&anchor).unwrap(), kept);
    assert_eq!(run("anchor", &[&anchor, &ledger], &["--full"]).status, 0);
    assert_eq!(verdict(&ledger, &anchor), json!(before));
}

#[test]
fn a_bookmark_without_the_anchor_it_was_kept_with_is_nobody_s() {
    let compound = story();
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    let older = fs::read(&anchor).unwrap();
    goes_on(&compound);
    assert_eq!(run("anchor", &[&anchor, &ledger], &[]).status, 0);
    // An older anchor put back: what it lacks is read again and kept.
    fs::write(&anchor, &older).unwrap();
    assert_eq!(verdict(&ledger, &anchor), Value::Null);
    let moved = run("anchor", &[&anchor, &ledger], &["--format", "json"]).json();
    assert_eq!(
        (&moved["anchor"]["added"], &moved["anchor"]["earlier"]),
        (&json!(1), &Value::Null),
        "{moved:#}"
    );
    // No anchor at all: the folder beside where it would lie says nothing.
    fs::remove_file(&anchor).unwrap();
    let made = run("anchor", &[&anchor, &ledger], &["--no-trust", "--format", "json"]).json();
    assert_eq!((&made["anchor"]["added"], &made["anchor"]["earlier"]), (&json!(3), &Value::Null), "{made:#}");
}

#[test]
fn what_an_anchored_ledger_breaks_is_told_when_it_is_anchored() {
    let compound = story();
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    goes_on(&compound);
    over_take(&compound);
    let first = run("anchor", &[&anchor, &ledger], &["--format", "json"]).json();
    assert!(first["anchor"]["found"][0].as_u64().is_some_and(|errors| errors > 0), "{first:#}");
    // A close follows; what was told is not told again, and not lost.
    close(&compound, "2026-06", "2026-07-02T08:00:00Z");
    let again = run("anchor", &[&anchor, &ledger], &[]);
    assert_eq!(again.status, 0, "{}{}", again.stdout, again.stderr);
    assert!(run("check", &[&ledger], &["--trust", anchor.to_str().unwrap(), "--full"]).status == 1);
    // The file alone has no documents: rules did not see it, and a check reads the whole.
    let file = ledger.join("entries.jsonl");
    let alone = compound.path("alone.json");
    assert_eq!(run("anchor", &[&alone, &file], &["--no-trust"]).status, 0);
    let (status, checked) = told("check", &ledger, &alone, &[]);
    assert_eq!((status, &checked["verdict"]["earlier"]), (1, &Value::Null));
}

#[test]
fn a_bookmark_that_does_not_fit_costs_time_and_nothing_else() {
    let (compound, other) = (story(), story());
    goes_on(&compound);
    let (ledger, anchor) = (compound.ledger(), anchored(&compound));
    anchored(&other);
    let (own, foreign) = (compound.path("anchor.json.read"), other.path("anchor.json.read"));
    for name in ["snapshot", "lines", "tile/0/000"] {
        let good = fs::read(own.join(name)).unwrap();
        let bad = [Some(Vec::new()), fs::read(foreign.join(name)).ok(), Some(vec![b'x'; good.len()])];
        for bad in bad.into_iter().flatten() {
            fs::write(own.join(name), bad).unwrap();
            verdict(&ledger, &anchor);
            assert_eq!(
                told("check", &ledger, &anchor, &[]).0,
                told("check", &ledger, &anchor, &["--full"]).0
            );
        }
        fs::write(own.join(name), good).unwrap();
    }
    assert_eq!(verdict(&ledger, &anchor), json!(size(&ledger)), "put right again");
    fs::remove_dir_all(&own).unwrap();
    assert_eq!(verdict(&ledger, &anchor), Value::Null);
}
