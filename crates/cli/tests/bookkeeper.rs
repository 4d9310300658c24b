//! A bookkeeper's two months, through the command line, to the fen.

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

use desk::Compound;
use serde_json::{Value, json};

fn entry(date: &str, kind: &str, reference: &str, data: Value) -> Value {
    json!({"data": data, "date": date, "kind": kind, "ref": reference})
}

fn linked(mut entry: Value, field: &str, period: &str, reference: &str) -> Value {
    entry["links"] = json!({field: {"period": period, "ref": reference}});
    entry
}

fn spend(date: &str, reference: &str, amount: &str, payee: &str, account: &str) -> Value {
    let vouchers =
        json!([{"class": "receipt", "digest": "5f".repeat(32), "media": "application/pdf", "size": 48_213}]);
    let data = json!({"account": account, "amount": amount, "category": "repair", "fund": "shared", "payee": payee,
                      "vouchers": vouchers});
    entry(date, "expense", reference, data)
}

fn come(date: &str, reference: &str, amount: &str, category: &str, account: &str) -> Value {
    let data = json!({"account": account, "amount": amount, "category": category, "fund": "shared"});
    entry(date, "income", reference, data)
}

fn payee(date: &str, label: &str) -> Value {
    let data = json!({"class": "organisation", "name": "made up", "payee": label, "related": false});
    entry(date, "payee", &format!("payee-{label}"), data)
}

fn figure(report: &Value, path: &str) -> String {
    report.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path} in {report}")).to_owned()
}

fn march() -> Compound {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let day = |day: u8| format!("2026-03-{day:02}T08:00:00Z");
    let payees = ["gate", "lift", "shop", "staff", "wechat-pay"].map(|label| payee("2026-03-01", label));
    compound.add(&day(1), &payees);
    let opening =
        json!({"holdings": [{"account": "bank", "balance": "50000.00", "fund": "shared", "held": "0.00"}]});
    compound.add(&day(1), &[entry("2026-03-01", "opening", "opening", opening)]);
    compound.approve_and_record(&day(1));

    compound.add(&day(5), &[come("2026-03-05", "charges", "60000.00", "property-fee", "bank")]);
    compound.add(&day(6), &[come("2026-03-06", "parking", "20000.00", "parking", "bank")]);
    let cost = spend("2026-03-06", "gate", "6000.00", "gate", "bank");
    compound.add(&day(6), &[linked(cost, "cost_of", "2026-03", "parking")]);
    let deposit = json!({"account": "bank", "amount": "2000.00", "fund": "shared", "held_for": "deposit"});
    compound.add(&day(7), &[entry("2026-03-07", "held-in", "deposit", deposit)]);
    let refund = json!({"account": "bank", "amount": "300.00", "fund": "shared", "reason": "paid twice"});
    compound.add(
        &day(8),
        &[linked(entry("2026-03-08", "refund", "refund", refund), "target", "2026-03", "charges")],
    );

    let mut burst = spend("2026-03-12", "burst-pipe", "12000.00", "lift", "bank");
    burst["data"]["emergency"] = json!("burst pipe");
    let waits = compound.add(&day(12), &[burst]);
    assert_eq!(waits.json()["entered"][0]["lacks"], json!(["committee"]));
    // A draft that waits holds nobody up.
    let mut part = spend("2026-03-12", "lamps-1", "5000.00", "shop", "bank");
    part["data"]["invoices"] = json!([{"amount": "5000.00", "number": "inv-8000", "total": "8000.00"}]);
    compound.add(&day(12), &[part]);
    compound.good(
        "trustee",
        &day(12),
        &["record", "--only", "burst-pipe", "--unapproved", "paid the same night"],
    );

    compound.add(&day(25), &[spend("2026-03-25", "wages", "25000.00", "staff", "bank")]);
    compound.approve_and_record(&day(25));
    compound.add(&day(26), &[spend("2026-03-26", "bulbs", "1000.00", "shop", "bank")]);
    compound.add(&day(31), &[come("2026-03-31", "wechat", "1000.00", "property-fee", "wechat")]);
    compound.add(&day(31), &[spend("2026-03-31", "wechat-cost", "6.00", "wechat-pay", "wechat")]);
    compound.good("trustee", "2026-04-02T08:00:00Z", &["close", "2026-03"]);
    compound.approve_and_record("2026-04-02T09:00:00Z");
    compound
}

fn april(compound: &Compound) {
    let day = |day: u8| format!("2026-04-{day:02}T08:00:00Z");
    let settled = json!({"amount": "994.00", "from": {"account": "wechat", "fund": "shared"}, "to": {"account": "bank", "fund": "shared"}});
    compound.add("2026-04-02T10:00:00Z", &[entry("2026-04-01", "transfer", "settle", settled)]);
    let fee = compound.good("trustee", &day(5), &["fee", "2026-03", "--invoice", "fee-0326"]);
    assert!(fee.stdout.contains("74,700.00 × 15% = 11,205.00 earned"), "{}", fee.stdout);
    let mut part = spend("2026-04-07", "lamps-2", "3000.00", "shop", "bank");
    part["data"]["invoices"] = json!([{"amount": "3000.00", "number": "inv-8000", "total": "8000.00"}]);
    compound.add(&day(7), &[part]);
    let reversal = entry("2026-04-08", "reversal", "bulbs-wrong", json!({"reason": "it was 1,080.00"}));
    compound.add(&day(8), &[linked(reversal, "target", "2026-03", "bulbs")]);
    compound.approve_and_record(&day(8));
    let again = spend("2026-04-08", "bulbs-right", "1080.00", "shop", "bank");
    compound.add(&day(8), &[linked(again, "replaces", "2026-04", "bulbs-wrong")]);
    let ratified = entry("2026-04-10", "ratification", "burst-ratified", json!({"reason": "seen on site"}));
    compound.add(&day(10), &[linked(ratified, "targets", "2026-03", "burst-pipe")]);
    compound.approve_and_record(&day(10));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    let done = std::process::Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

#[test]
fn two_months_come_out_to_the_fen() {
    let compound = march();
    let (status, march) = compound.check(&compound.ledger());
    let report = &march["report"];
    assert_eq!(figure(report, "/funds/shared/own"), "81694.00");
    assert_eq!(figure(report, "/funds/shared/held"), "2000.00");
    assert_eq!(figure(report, "/accounts/wechat"), "994.00");
    assert_eq!(figure(report, "/accounts/bank"), "82700.00");
    assert_eq!(figure(report, "/fees/0/formula/0/amount"), "74700.00");
    assert_eq!(figure(report, "/fees/0/earned"), "11205.00");
    assert_eq!(
        (status, report["findings"][0]["code"].as_str()),
        (1, Some("SG-02")),
        "the emergency is not ratified yet"
    );

    april(&compound);
    let (status, april) = compound.check(&compound.ledger());
    let report = &april["report"];
    assert_eq!(figure(report, "/funds/shared/own"), "67409.00");
    assert_eq!(figure(report, "/accounts/bank"), "69409.00");
    let findings: Vec<_> = report["findings"].as_array().unwrap().iter().collect();
    assert_eq!(status, 0, "{findings:?}");
    assert_eq!((findings.len(), &findings[0]["severity"]), (1, &json!("note")), "{findings:?}");
    assert_eq!(findings[0]["args"]["ratified"], "2026-04-10");

    // An order approved on 6 April, after March's close, is recorded and paid in April with no finding.
    let order = json!({"amount": "15000.00", "fund": "shared", "payee": "lift", "purpose": "lift", "until": "2026-04-30"});
    compound.add("2026-04-11T08:00:00Z", &[entry("2026-04-06", "order", "order", order)]);
    compound.approve_and_record("2026-04-11T08:00:00Z");
    let paid = spend("2026-04-12", "lift", "15000.00", "lift", "bank");
    let paid = compound.add("2026-04-12T08:00:00Z", &[linked(paid, "order", "2026-04", "order")]);
    assert_eq!(paid.json()["entered"][0]["status"], "recorded");
    assert_eq!(compound.check(&compound.ledger()).0, 0);
    compound.good("trustee", "2026-05-02T08:00:00Z", &["close", "2026-04"]);
    compound.approve_and_record("2026-05-02T09:00:00Z");
    assert_eq!(compound.check(&compound.ledger()).0, 0);
}

#[test]
fn a_payment_slipped_in_between_approval_and_close_makes_the_close_an_error() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    compound
        .add("2026-03-05T08:00:00Z", &[come("2026-03-05", "charges", "60000.00", "property-fee", "bank")]);
    compound.good("trustee", "2026-04-02T08:00:00Z", &["close", "2026-03"]);
    compound.good("committee", "2026-04-02T08:00:00Z", &["approve", "--yes"]);
    compound.add("2026-04-02T08:30:00Z", &[spend("2026-03-31", "slipped", "9999.99", "lift", "bank")]);
    let refused = compound.run("trustee", "2026-04-02T09:00:00Z", &["record"]);
    assert!(refused.stderr.contains("close-late-entry"), "{}", refused.stderr);
    assert!(refused.stderr.contains("draft the close again"), "{}", refused.stderr);
    compound.good("trustee", "2026-04-02T10:00:00Z", &["close", "2026-03"]);
    compound.approve_and_record("2026-04-02T11:00:00Z");
    let late = compound.path("late.jsonl");
    std::fs::write(&late, spend("2026-03-31", "later", "9999.99", "lift", "bank").to_string()).unwrap();
    let refused = compound.run("trustee", "2026-04-03T08:00:00Z", &["add", "--json", late.to_str().unwrap()]);
    assert!(refused.status != 0 && refused.stderr.contains("period-closed"), "{}", refused.stderr);
    // Booked honestly in April, as what it is: late.
    let mut honest = spend("2026-04-03", "honest", "9999.99", "lift", "bank");
    honest["data"]["occurred"] = json!("2026-03-31");
    compound.add("2026-04-05T08:00:00Z", &[honest]);
    let (_, report) = compound.check(&compound.ledger());
    let codes: Vec<_> =
        report["report"]["findings"].as_array().unwrap().iter().map(|found| found["code"].clone()).collect();
    assert!(codes.contains(&json!("CH-04")), "{codes:?}");
}

#[test]
fn at_the_limit_both_must_approve_and_below_it_one() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let time = "2026-03-05T08:00:00Z";
    compound.add(
        time,
        &[payee("2026-03-05", "lift"), come("2026-03-05", "charges", "60000.00", "property-fee", "bank")],
    );
    let below = compound.add(time, &[spend("2026-03-05", "below", "9999.99", "lift", "bank")]);
    let at = compound.add(time, &[spend("2026-03-05", "at", "10000.00", "lift", "bank")]);
    assert_eq!(below.json()["entered"][0]["status"], "recorded");
    assert_eq!(at.json()["entered"][0]["status"], "waits");
    compound.good("trustee", time, &["record", "--unapproved", "paid already"]);
    let (status, report) = compound.check(&compound.ledger());
    let findings = report["report"]["findings"].as_array().unwrap();
    let codes: Vec<_> = findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert_eq!(
        (status, codes),
        (1, vec!["PY-04", "SG-02"]),
        "just below is noted, at the limit it is an error"
    );
}

#[test]
fn drafts_go_out_in_a_file_and_come_back_approved() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let time = "2026-03-05T08:00:00Z";
    compound.add(
        time,
        &[payee("2026-03-05", "lift"), come("2026-03-05", "charges", "60000.00", "property-fee", "bank")],
    );
    compound.add(time, &[spend("2026-03-05", "lift", "10000.00", "lift", "bank")]);
    let file = compound.path("for-the-committee.json");
    let out =
        desk::answer(desk::xinyi().args(["drafts", "export"]).arg(compound.ledger()).arg("-o").arg(&file));
    assert_eq!(out.status, 0, "{}", out.stderr);
    // The committee's machine has the file and its own key, and nothing else.
    let elsewhere = compound.run_on(&file, "committee", time, &["approve", "--yes"]);
    assert_eq!(elsewhere.status, 0, "{}", elsewhere.stderr);
    assert!(elsewhere.stdout.contains("10,000.00"), "{}", elsewhere.stdout);
    let back = desk::answer(desk::xinyi().args(["drafts", "import"]).arg(compound.ledger()).arg(&file));
    assert!(back.stdout.contains("1 drafts"), "{}{}", back.stdout, back.stderr);
    compound.good("trustee", time, &["record"]);
    assert_eq!(compound.check(&compound.ledger()).0, 0);
}

#[test]
fn what_the_committee_approved_and_the_recorder_left_out_is_a_finding() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let time = "2026-03-05T08:00:00Z";
    compound.add(time, &[spend("2026-03-05", "lift", "10000.00", "lift", "bank")]);
    compound.good("committee", time, &["approve", "--yes"]);
    let file = compound.path("approved.json");
    desk::answer(desk::xinyi().args(["drafts", "export"]).arg(compound.ledger()).arg("-o").arg(&file));
    let check = || {
        let mut check = desk::xinyi();
        check
            .arg("check")
            .arg(compound.ledger())
            .args(["--no-trust", "--format", "json", "--filed"])
            .arg(&file);
        desk::answer(&mut check).json()["report"]["findings"].to_string()
    };
    assert!(check().contains("SG-08"), "{}", check());
    compound.good("trustee", time, &["record"]);
    assert!(!check().contains("SG-08"), "{}", check());
}

#[test]
fn a_refusal_is_recorded_with_its_reason() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let time = "2026-03-05T08:00:00Z";
    compound.add(time, &[spend("2026-03-05", "lift", "10000.00", "lift", "bank")]);
    compound.good("committee", time, &["refuse", "lift", "--reason", "three offers first"]);
    compound.good("trustee", time, &["record"]);
    let shown = desk::answer(desk::xinyi().arg("show").arg(compound.ledger()).args(["1", "--no-trust"]));
    assert!(
        shown.stdout.contains("refusal") && shown.stdout.contains("three offers first"),
        "{}",
        shown.stdout
    );
}

#[test]
fn dropped_entries_are_refused_against_a_known_head_and_said_to_be_unknowable_without() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let time = "2026-03-05T08:00:00Z";
    for name in ["a", "b", "c"] {
        compound.add(time, &[come("2026-03-05", name, "1.00", "property-fee", "bank")]);
    }
    let verify = |path: &std::path::Path, more: &[&str]| {
        desk::answer(
            desk::xinyi().arg("verify").arg(path).args(["--no-trust", "--format", "json"]).args(more),
        )
    };
    let whole = verify(&compound.ledger(), &[]).json();
    let head = format!("{}:{}", whole["verdict"]["size"], whole["verdict"]["head"].as_str().unwrap());
    let text = std::fs::read_to_string(compound.ledger().join("entries.jsonl")).unwrap();
    let shorter: String = text.split_inclusive('\n').take(3).collect();
    let file = compound.path("shorter.jsonl");
    std::fs::write(&file, shorter).unwrap();
    let refused =
        desk::answer(desk::xinyi().arg("verify").arg(&file).args(["--no-trust", "--expect-head", &head]));
    assert_eq!(refused.status, 3, "{}{}", refused.stdout, refused.stderr);
    let unknowable = desk::answer(desk::xinyi().arg("verify").arg(&file).arg("--no-trust"));
    assert_eq!(unknowable.status, 0);
    assert!(unknowable.stdout.contains("cannot be known"), "{}", unknowable.stdout);
    assert_eq!(verify(&compound.ledger(), &["--expect-head", &head]).status, 0);
    // Nothing from outside: cannot tell, unless the reader says that this is known.
    assert_eq!(desk::answer(desk::xinyi().arg("verify").arg(compound.ledger())).status, 4);
    let card = compound.path("ledger.identity.txt");
    let trusted =
        desk::answer(desk::xinyi().arg("verify").arg(compound.ledger()).arg("--identity").arg(&card));
    assert_eq!(trusted.status, 0, "{}{}", trusted.stdout, trusted.stderr);
}

#[test]
fn a_copy_goes_on_separately_and_expect_head_keeps_it_out() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let time = "2026-03-05T08:00:00Z";
    copy(&compound.ledger(), &compound.path("copy"));
    let verdict = desk::answer(desk::xinyi().arg("verify").arg(compound.ledger()).args([
        "--no-trust",
        "--format",
        "json",
    ]))
    .json();
    let head = format!("{}:{}", verdict["verdict"]["size"], verdict["verdict"]["head"].as_str().unwrap());
    compound.add(time, &[come("2026-03-05", "a", "1.00", "property-fee", "bank")]);
    let refused = compound.run("trustee", time, &["record", "--expect-head", &head]);
    assert!(refused.stderr.contains("head-other"), "{}", refused.stderr);
    let accepted =
        compound.run_on(&compound.path("copy"), "trustee", time, &["record", "--expect-head", &head]);
    assert_eq!(accepted.status, 0, "{}", accepted.stderr);
}

#[test]
fn a_fee_from_flags_says_in_one_go_what_is_missing() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let refused = compound.run("trustee", "2026-03-05T08:00:00Z", &["add", "income", "--amount", "5.00"]);
    assert!(refused.stderr.contains("account, category, fund"), "{}", refused.stderr);
    assert!(refused.stderr.contains("next:"), "{}", refused.stderr);
    let words = [
        "add",
        "income",
        "--amount",
        "5.00",
        "--account",
        "bank",
        "--category",
        "parking",
        "--fund",
        "shared",
        "--payer",
        "3-501",
    ];
    let added = compound.good("trustee", "2026-03-05T08:00:00Z", &words);
    assert!(added.stdout.contains("recorded as entry 1"), "{}", added.stdout);
    let mut last = desk::xinyi();
    last.arg("add").arg(compound.ledger()).args([
        "income",
        "--amount",
        "6.00",
        "--account",
        "bank",
        "--category",
        "parking",
    ]);
    last.args(["--fund", "shared", "--clock", "2026-03-05T08:00:00Z", "--key"])
        .arg(compound.path("trustee.pem"));
    let last = desk::answer(&mut last);
    assert!(
        last.stdout.contains("recorded as entry 2"),
        "options may come last: {}{}",
        last.stdout,
        last.stderr
    );
    let text = std::fs::read_to_string(compound.ledger().join("entries.jsonl")).unwrap();
    assert!(!text.contains("3-501"), "private values stay out of the ledger");
}
