//! Keys through time, as people do it: rotate, retire, revoke, recover, hand over, replace the recorder.

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

use desk::{Answer, Compound, answer, xinyi};
use serde_json::{Value, json};

const TIME: &str = "2026-03-05T08:00:00Z";

/// A ledger with some entries, to see that nothing that follows touches them.
struct Story {
    before: Vec<Value>,
    compound: Compound,
}

fn entry(date: &str, kind: &str, reference: &str, data: Value) -> Value {
    json!({"data": data, "date": date, "kind": kind, "ref": reference})
}

fn income(reference: &str) -> Value {
    let data = json!({"account": "bank", "amount": "40000.00", "category": "property-fee", "fund": "shared"});
    entry("2026-03-05", "income", reference, data)
}

/// An expense that needs both parties.
fn lift(reference: &str) -> Value {
    let vouchers =
        json!([{"class": "invoice", "digest": "5f".repeat(32), "media": "application/pdf", "size": 48_213}]);
    let data = json!({"account": "bank", "amount": "10000.00", "category": "repair", "fund": "shared", "payee": "lift",
                      "vouchers": vouchers});
    entry("2026-03-05", "expense", reference, data)
}

impl Story {
    fn new() -> Self {
        let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
        compound.add(TIME, &[income("first")]);
        let payee = json!({"payee": "lift", "name": "made up", "class": "organisation", "related": false});
        compound.add(TIME, &[entry("2026-03-05", "payee", "lift", payee)]);
        // A payment that nobody approved: its finding must stay as it is, whatever happens to keys.
        compound.add(TIME, &[lift("unapproved")]);
        compound.good("trustee", TIME, &["record", "--unapproved", "paid the same night"]);
        let before = findings(&compound);
        assert_eq!(before.len(), 1, "{before:?}");
        Self { before, compound }
    }

    /// A new key file beside the ledger, as `key change --admit` wants it.
    fn key(&self, holder: &str) -> String {
        let file = self.compound.path(&format!("{holder}.pem"));
        let made = answer(xinyi().args(["key", "new", "--plain", "--format", "json"]).arg(file)).json();
        format!("{holder}={}", made["public"].as_str().unwrap())
    }

    fn draft(&self, key: &str, action: &str, words: &[&str]) -> Answer {
        let mut run = xinyi();
        run.args(["key", action]).arg(self.compound.ledger()).args(["--clock", TIME, "--key"]);
        answer(run.arg(self.compound.path(&format!("{key}.pem"))).args(words))
    }

    /// Drafts a change, lets these keys approve it and no other draft, and records it by the last key named.
    fn change(&self, action: &str, words: &[&str], approvers: &[&str], recorder: &str) -> String {
        let drafted = self.draft(recorder, action, words);
        assert_eq!(drafted.status, 0, "{}{}", drafted.stdout, drafted.stderr);
        let reference =
            drafted.stdout.lines().find_map(|line| line.split_once(": waits")).unwrap().0.to_owned();
        for key in approvers {
            self.compound.good(key, TIME, &["approve", "--yes", "--only", &reference]);
        }
        let recorded = self.compound.good(recorder, TIME, &["record", "--only", &reference]);
        assert!(recorded.stdout.contains(": recorded as entry"), "{}{}", recorded.stdout, recorded.stderr);
        self.whole();
        reference
    }

    /// Every line still verifies from the first on, and the lines before the change keep their verdict.
    fn whole(&self) {
        let verified = answer(xinyi().arg("verify").arg(self.compound.ledger()).args([
            "--no-trust",
            "--format",
            "json",
        ]));
        assert_eq!(
            (verified.status, &verified.json()["verdict"]["consistent"]),
            (0, &json!(true)),
            "{}",
            verified.stdout
        );
        let now = findings(&self.compound);
        for finding in &self.before {
            assert!(now.contains(finding), "{finding} is not in {now:?}");
        }
    }

    fn keys(&self) -> Vec<Value> {
        let list = answer(xinyi().args(["key", "list", "--format", "json"]).arg(self.compound.ledger()));
        list.json()["keys"].as_array().unwrap().clone()
    }

    fn holder(&self, holder: &str) -> Value {
        self.keys().into_iter().find(|key| key["holder"] == holder).unwrap()
    }

    fn id(&self, holder: &str) -> String {
        self.holder(holder)["id"].as_str().unwrap().to_owned()
    }

    fn size(&self) -> u64 {
        verdict(&self.compound)["size"].as_u64().unwrap()
    }

    /// The key may no longer approve what the trustee drafts.
    fn cannot_approve(&self, key: &str, reference: &str) {
        self.cannot_approve_with("trustee", key, reference);
    }

    /// As `cannot_approve`, where another key records.
    fn cannot_approve_with(&self, recorder: &str, key: &str, reference: &str) {
        let file = self.compound.path("lift.jsonl");
        std::fs::write(&file, lift(reference).to_string()).unwrap();
        self.compound.good(recorder, TIME, &["add", "--json", file.to_str().unwrap()]);
        let refused = self.compound.run(key, TIME, &["approve", "--yes", "--only", reference]);
        assert!(refused.status == 2 && refused.stderr.contains("[approval-key]"), "{}", refused.stderr);
    }

    /// The key may no longer record: what it drafts waits for another, and recording is refused.
    fn cannot_record(&self, key: &str) {
        let size = self.size();
        let file = self.compound.path("late.jsonl");
        std::fs::write(&file, income("late").to_string()).unwrap();
        let added = self.compound.good(key, TIME, &["add", "--json", file.to_str().unwrap()]);
        assert!(added.stdout.contains("late: waits for"), "{}", added.stdout);
        let refused = self.compound.run(key, TIME, &["record"]);
        assert!(refused.status == 2 && refused.stderr.contains("[recorder-key]"), "{}", refused.stderr);
        assert_eq!(self.size(), size, "{}{}", refused.stdout, refused.stderr);
    }

    fn records(&self, key: &str, reference: &str) {
        let file = self.compound.path("next.jsonl");
        std::fs::write(&file, income(reference).to_string()).unwrap();
        let added = self.compound.good(key, TIME, &["add", "--json", file.to_str().unwrap()]);
        assert!(added.stdout.contains("recorded as entry"), "{}{}", added.stdout, added.stderr);
    }
}

fn verdict(compound: &Compound) -> Value {
    let verified =
        answer(xinyi().arg("verify").arg(compound.ledger()).args(["--no-trust", "--format", "json"]));
    verified.json()["verdict"].clone()
}

fn findings(compound: &Compound) -> Vec<Value> {
    compound.check(&compound.ledger()).1["report"]["findings"].as_array().unwrap().clone()
}

fn of_code(compound: &Compound, code: &str) -> Vec<Value> {
    findings(compound).into_iter().filter(|finding| finding["code"] == code).collect()
}

#[test]
fn a_committee_rotates_its_key_and_the_old_one_is_done() {
    let story = Story::new();
    let (new, old) = (story.key("next"), story.id("committee"));
    let words = ["--party", "committee", "--admit", &new, "--retire", &old];
    let drafted = story.draft("trustee", "change", &words);
    let reference = drafted.stdout.split(':').next().unwrap();
    // Without the old key there is no change; without the new one no proof that somebody holds it.
    story.compound.good("next", TIME, &["approve", "--yes"]);
    let waits = story.compound.good("trustee", TIME, &["record"]);
    assert!(waits.stdout.contains("waits for the approval of committee"), "{}", waits.stdout);
    story.compound.good("committee", TIME, &["approve", "--yes", "--only", reference]);
    let recorded = story.compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("recorded as entry 4"), "{}{}", recorded.stdout, recorded.stderr);
    story.whole();
    let (was, is) = (story.holder("committee"), story.holder("next"));
    assert_eq!((&was["from"], &was["until"], &was["ended"]), (&json!(0), &json!(5), &json!("retired")));
    assert_eq!(
        (&is["from"], &is["until"], &is["uses"]),
        (&json!(5), &Value::Null, &json!(["approve", "cosign"]))
    );
    story.cannot_approve("committee", "after");
    story.compound.good("next", TIME, &["approve", "--yes"]);
    let recorded = story.compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("after: recorded"), "{}", recorded.stdout);
    story.whole();
}

#[test]
fn a_new_key_that_nobody_proves_to_hold_is_not_admitted() {
    let story = Story::new();
    let (new, old) = (story.key("next"), story.id("committee"));
    story.draft("trustee", "change", &["--party", "committee", "--admit", &new, "--retire", &old]);
    story.compound.good("committee", TIME, &["approve", "--yes"]);
    let list = answer(xinyi().args(["drafts", "list"]).arg(story.compound.ledger()).args(["--clock", TIME]));
    assert!(list.stdout.contains("next:"), "the list says whose proof is missing: {}", list.stdout);
    let refused = story.compound.run("trustee", TIME, &["record"]);
    assert!(refused.stderr.contains("key-unproven"), "{}{}", refused.stdout, refused.stderr);
    assert_eq!(story.size(), 4);
}

#[test]
fn an_approval_whose_key_ended_before_the_recording_is_left_out_and_asked_for_again() {
    let story = Story::new();
    story.compound.add(TIME, &[lift("slow")]);
    story.compound.good("committee", TIME, &["approve", "--yes"]);
    let (new, old) = (story.key("next"), story.id("committee"));
    let words = ["--party", "committee", "--admit", &new, "--retire", &old];
    story.change("change", &words, &["committee", "next"], "trustee");
    let waits = story.compound.good("trustee", TIME, &["record"]);
    assert!(waits.stdout.contains("slow: waits for the approval of committee"), "{}", waits.stdout);
    assert!(
        waits.stderr.contains(&format!("the approval by key {old} no longer counts")),
        "{}",
        waits.stderr
    );
    story.compound.good("next", TIME, &["approve", "--yes"]);
    let recorded = story.compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("slow: recorded"), "{}{}", recorded.stdout, recorded.stderr);
    story.whole();
}

#[test]
fn what_the_old_keys_approved_is_recorded_before_they_end() {
    let story = Story::new();
    story.compound.add(TIME, &[lift("both")]);
    let (new, old) = (story.key("next"), story.id("committee"));
    story.draft("trustee", "change", &["--party", "committee", "--admit", &new, "--retire", &old]);
    story.compound.good("committee", TIME, &["approve", "--yes"]);
    story.compound.good("next", TIME, &["approve", "--yes"]);
    let recorded = story.compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("both: recorded as entry 4"), "{}{}", recorded.stdout, recorded.stderr);
    assert_eq!(story.holder("next")["from"], 6);
}

#[test]
fn a_key_is_retired_without_another_in_its_place_as_long_as_enough_are_left() {
    let story = Story::new();
    let second = story.key("second");
    story.change(
        "change",
        &["--party", "committee", "--admit", &second],
        &["committee", "second"],
        "trustee",
    );
    let old = story.id("committee");
    story.change("change", &["--party", "committee", "--retire", &old], &["second"], "trustee");
    assert_eq!(story.holder("committee")["ended"], "retired");
    let last = story.id("second");
    story.draft("trustee", "change", &["--party", "committee", "--retire", &last]);
    story.compound.good("second", TIME, &["approve", "--yes"]);
    let refused = story.compound.run("trustee", TIME, &["record"]);
    assert!(refused.stderr.contains("threshold-out-of-reach"), "{}", refused.stderr);
    assert_eq!(story.holder("second")["ended"], Value::Null);
}

#[test]
fn a_whole_committee_hands_over() {
    let story = Story::new();
    let second = story.key("second");
    story.change(
        "change",
        &["--party", "committee", "--admit", &second],
        &["committee", "second"],
        "trustee",
    );
    let (chair, treasurer) = (story.key("chair"), story.key("treasurer"));
    let (one, two) = (story.id("committee"), story.id("second"));
    let words = [
        "--party",
        "committee",
        "--admit",
        &chair,
        "--admit",
        &treasurer,
        "--retire",
        &one,
        "--retire",
        &two,
        "--until",
        "2031-03-04",
    ];
    story.change("change", &words, &["second", "chair", "treasurer"], "trustee");
    assert_eq!(story.holder("chair")["term"], json!({"from": "2026-03-05", "to": "2031-03-04"}));
    story.cannot_approve("committee", "one");
    story.cannot_approve("second", "two");
    story.compound.good("treasurer", TIME, &["approve", "--yes"]);
    let recorded = story.compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("two: recorded"), "{}{}", recorded.stdout, recorded.stderr);
    story.whole();
}

/// A committee key, stolen, has approved an expense at the index given back, and was revoked from there on.
fn stolen() -> (Story, u64) {
    let story = Story::new();
    let thief = story.key("thief");
    story.change("change", &["--party", "committee", "--admit", &thief], &["committee", "thief"], "trustee");
    let from = story.size();
    story.compound.add(TIME, &[lift("by-thief")]);
    story.compound.good("thief", TIME, &["approve", "--yes"]);
    story.compound.good("trustee", TIME, &["record"]);
    let (id, doubt) = (story.id("thief"), from.to_string());
    let words = [
        "--party",
        "committee",
        "--revoke",
        &id,
        "--doubt-from",
        &doubt,
        "--reason",
        "the computer was stolen",
    ];
    story.change("change", &words, &["committee"], "trustee");
    (story, from)
}

#[test]
fn a_key_is_revoked_from_an_earlier_entry_and_what_it_signed_is_ratified_later() {
    let (story, from) = stolen();
    let thief = story.holder("thief");
    assert_eq!((&thief["ended"], &thief["doubt_from"]), (&json!("revoked"), &json!(from)));
    let listed = answer(xinyi().args(["key", "list"]).arg(story.compound.ledger()));
    assert!(listed.stdout.contains(&format!("revoked, in doubt from entry {from}")), "{}", listed.stdout);
    let doubts = of_code(&story.compound, "KY-01");
    assert_eq!((doubts.len(), &doubts[0]["severity"]), (1, &json!("error")), "{doubts:?}");
    story.cannot_approve("thief", "again");

    let data = json!({"range": {"from": from}, "reason": "seen one by one", "targets": []});
    story.compound.add(TIME, &[entry("2026-03-05", "ratification", "seen", data)]);
    story.compound.good("committee", TIME, &["approve", "--yes", "--only", "seen"]);
    story.compound.good("trustee", TIME, &["record", "--only", "seen"]);
    let settled = of_code(&story.compound, "KY-01");
    assert_eq!((settled.len(), &settled[0]["severity"]), (1, &json!("note")), "{settled:?}");
    story.whole();
}

#[test]
fn a_ratification_of_a_part_of_the_run_leaves_the_doubt() {
    let (story, from) = stolen();
    let range = json!({"from": from, "root": "00".repeat(32), "size": from});
    let data = json!({"range": range, "reason": "too short", "targets": []});
    story.compound.add(TIME, &[entry("2026-03-05", "ratification", "seen", data)]);
    story.compound.good("committee", TIME, &["approve", "--yes", "--only", "seen"]);
    story.compound.good("trustee", TIME, &["record", "--only", "seen"]);
    assert_eq!(of_code(&story.compound, "KY-01")[0]["severity"], "error");
}

#[test]
fn a_lost_committee_key_is_recovered_by_trustee_and_supervisor() {
    let story = Story::new();
    let (new, old) = (story.key("next"), story.id("committee"));
    let words = ["--party", "committee", "--admit", &new, "--retire", &old, "--reason", "the key was lost"];
    let drafted = story.draft("trustee", "recover", &words);
    let reference = drafted.stdout.split(':').next().unwrap();
    story.compound.good("next", TIME, &["approve", "--yes"]);
    let waits = story.compound.good("trustee", TIME, &["record"]);
    assert!(waits.stdout.contains("waits for the approval of supervisor"), "{}", waits.stdout);
    story.compound.good("supervisor", TIME, &["approve", "--yes", "--only", reference]);
    let recorded = story.compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("recorded as entry 4"), "{}{}", recorded.stdout, recorded.stderr);
    story.whole();
    story.cannot_approve("committee", "after");
    story.compound.good("next", TIME, &["approve", "--yes"]);
    story.compound.good("trustee", TIME, &["record"]);
    story.whole();
}

#[test]
fn a_recovery_that_something_was_recorded_before_is_drafted_again() {
    let story = Story::new();
    let (new, old) = (story.key("next"), story.id("committee"));
    let words = ["--party", "committee", "--admit", &new, "--retire", &old, "--reason", "the key was lost"];
    story.draft("trustee", "recover", &words);
    story.records("trustee", "between");
    for key in ["next", "supervisor"] {
        story.compound.good(key, TIME, &["approve", "--yes"]);
    }
    let refused = story.compound.run("trustee", TIME, &["record"]);
    assert!(refused.stderr.contains("recovery-tip"), "{}{}", refused.stdout, refused.stderr);
    story.change("recover", &words, &["next", "supervisor"], "trustee");
}

/// A month with its close, so that there is a checkpoint and a snapshot by the old recorder.
fn close(story: &Story) {
    story.compound.good("trustee", "2026-04-02T08:00:00Z", &["close", "2026-03"]);
    story.compound.good("committee", "2026-04-02T08:00:00Z", &["approve", "--yes"]);
    story.compound.good("trustee", "2026-04-02T08:00:00Z", &["record"]);
}

#[test]
fn the_trustee_rotates_its_recording_key() {
    let story = Story::new();
    let (new, old) = (story.key("manager2"), story.id("trustee"));
    let words = ["--party", "trustee", "--admit", &new, "--retire", &old];
    story.change("change", &words, &["committee", "manager2"], "trustee");
    assert_eq!(story.holder("manager2")["uses"], json!(["approve", "log", "record"]));
    story.cannot_record("trustee");
    story.records("manager2", "after");
    // The new key closes the month and signs its checkpoint.
    let time = "2026-04-02T08:00:00Z";
    story.compound.good("manager2", time, &["close", "2026-03"]);
    story.compound.good("committee", time, &["approve", "--yes", "--only", "close-2026-03-at-6"]);
    story.compound.good("manager2", time, &["record", "--only", "close-2026-03-at-6"]);
    let verified = answer(xinyi().arg("verify").arg(story.compound.ledger()).arg("--no-trust"));
    assert!(verified.stdout.contains("The signed checkpoint of"), "{}", verified.stdout);
    story.whole();
}

#[test]
fn a_trustee_that_is_gone_is_replaced_and_the_new_key_records_its_own_admission() {
    let story = Story::new();
    let (new, old) = (story.key("successor"), story.id("trustee"));
    let words =
        ["--party", "trustee", "--admit", &new, "--retire", &old, "--reason", "the company is bankrupt"];
    story.change("recover", &words, &["committee", "supervisor", "successor"], "successor");
    assert_eq!(story.holder("trustee")["ended"], "retired");
    story.cannot_record("trustee");
    story.records("successor", "after");
    story.whole();
}

#[test]
fn the_trustee_s_voice_does_not_count_where_its_own_keys_are_replaced() {
    let story = Story::new();
    let (new, old) = (story.key("successor"), story.id("trustee"));
    let words = ["--party", "trustee", "--admit", &new, "--retire", &old, "--reason", "lost"];
    story.draft("trustee", "recover", &words);
    for key in ["trustee", "supervisor", "successor"] {
        story.compound.good(key, TIME, &["approve", "--yes"]);
    }
    let waits = story.compound.good("successor", TIME, &["record"]);
    assert!(waits.stdout.contains("waits for the approval of committee"), "{}{}", waits.stdout, waits.stderr);
    assert_eq!(story.size(), 4);
}

#[test]
fn a_recovery_names_another_recorder_and_the_old_one_can_record_no_more() {
    let story = Story::new();
    let new = story.key("scribe");
    let words = [
        "--party",
        "committee",
        "--admit",
        &new,
        "--recorder",
        "committee",
        "--uses",
        "approve,log,record",
        "--reason",
        "the trustee stopped keeping books",
    ];
    story.change("recover", &words, &["trustee", "supervisor"], "scribe");
    let list = answer(xinyi().args(["key", "list", "--format", "json"]).arg(story.compound.ledger())).json();
    assert_eq!(list["recorder"], "committee");
    story.cannot_record("trustee");
    assert_eq!(story.holder("trustee")["ended"], Value::Null, "its key still approves");
    // What the trustee could record alone still needs the trustee: it approves, the new recorder records.
    let file = story.compound.path("next.jsonl");
    std::fs::write(&file, income("after").to_string()).unwrap();
    let waits = story.compound.good("scribe", TIME, &["add", "--json", file.to_str().unwrap()]);
    assert!(waits.stdout.contains("waits for the approval of trustee"), "{}", waits.stdout);
    story.compound.good("trustee", TIME, &["approve", "--yes", "--only", "after"]);
    let recorded = story.compound.good("scribe", TIME, &["record", "--only", "after"]);
    assert!(recorded.stdout.contains("after: recorded"), "{}{}", recorded.stdout, recorded.stderr);
    story.whole();
}

#[test]
fn a_missing_checkpoint_is_signed_by_a_key_that_may_and_by_no_other() {
    let story = Story::new();
    close(&story);
    let checkpoint = story.compound.ledger().join("checkpoints/5");
    std::fs::remove_file(&checkpoint).unwrap();
    let time = "2026-04-03T08:00:00Z";
    let other = story.compound.good("committee", time, &["record"]);
    assert!(other.stderr.contains("this key may not sign it"), "{}", other.stderr);
    assert!(!checkpoint.exists());
    let own = story.compound.good("trustee", time, &["record"]);
    assert!(own.stderr.contains("was missing and has been signed"), "{}", own.stderr);
    let verified = answer(xinyi().arg("verify").arg(story.compound.ledger()).arg("--no-trust"));
    assert!(verified.stdout.contains("The signed checkpoint of"), "{}", verified.stdout);
}

#[test]
fn a_checkpoint_that_only_a_replaced_recorder_could_sign_stays_out() {
    let story = Story::new();
    close(&story);
    std::fs::remove_file(story.compound.ledger().join("checkpoints/5")).unwrap();
    let (new, old) = (story.key("successor"), story.id("trustee"));
    let time = "2026-04-03T08:00:00Z";
    let run = |key: &str, words: &[&str]| story.compound.good(key, time, words);
    let mut draft = xinyi();
    draft.args(["key", "recover"]).arg(story.compound.ledger()).args(["--clock", time, "--key"]);
    draft.arg(story.compound.path("supervisor.pem"));
    draft.args(["--party", "trustee", "--admit", &new, "--retire", &old, "--reason", "gone"]);
    assert_eq!(answer(&mut draft).status, 0);
    ["committee", "supervisor"].iter().for_each(|key| drop(run(key, &["approve", "--yes"])));
    run("successor", &["record"]);
    let later = run("successor", &["record"]);
    assert!(!later.stderr.contains("checkpoint"), "{}", later.stderr);
    assert!(!story.compound.ledger().join("checkpoints/5").exists());
    story.whole();
}

#[test]
fn a_key_that_has_ended_refuses_nothing() {
    let story = Story::new();
    let (new, old) = (story.key("next"), story.id("committee"));
    let words = ["--party", "committee", "--admit", &new, "--retire", &old];
    story.change("change", &words, &["committee", "next"], "trustee");
    story.compound.add(TIME, &[lift("declined")]);
    let refused = story.compound.run("committee", TIME, &["refuse", "declined", "--reason", "no"]);
    assert!(refused.status == 2 && refused.stderr.contains("key-not-active"), "{}", refused.stderr);
}

#[test]
fn a_trustee_whose_recording_key_was_stolen_revokes_it() {
    let story = Story::new();
    let (new, old) = (story.key("manager"), story.id("trustee"));
    let words = [
        "--party",
        "trustee",
        "--admit",
        &new,
        "--revoke",
        &old,
        "--doubt-from",
        "2",
        "--reason",
        "stolen on 4 March",
    ];
    story.change("change", &words, &["committee", "manager"], "trustee");
    let doubts = of_code(&story.compound, "KY-01");
    assert_eq!(
        (&doubts[0]["args"]["from"], &doubts[0]["args"]["to"]),
        (&json!("2"), &json!("3")),
        "{doubts:?}"
    );
    story.cannot_record("trustee");
    story.cannot_approve_with("manager", "trustee", "after");
    story.records("manager", "own");
    story.whole();
}

#[test]
fn new_holders_prove_their_keys_on_their_own_computers() {
    let story = Story::new();
    let (new, old) = (story.key("next"), story.id("committee"));
    story.draft("trustee", "change", &["--party", "committee", "--admit", &new, "--retire", &old]);
    let file = story.compound.path("waiting.json");
    let mut export = xinyi();
    export.args(["drafts", "export"]).arg(story.compound.ledger()).arg("-o").arg(&file);
    assert_eq!(answer(&mut export).status, 0);
    for key in ["next", "committee"] {
        let approved = story.compound.run_on(&file, key, TIME, &["approve", "--yes"]);
        assert_eq!(approved.status, 0, "{}{}", approved.stdout, approved.stderr);
    }
    assert_eq!(answer(xinyi().args(["drafts", "import"]).arg(story.compound.ledger()).arg(&file)).status, 0);
    let recorded = story.compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("recorded as entry 4"), "{}{}", recorded.stdout, recorded.stderr);
    story.whole();
}

/// A command of the guide with what stands for keys filled in: `HOLDER=PUBLIC` is the key in HOLDER.pem, `ID` the
/// next oldest key of the party named that has not ended.
fn filled(story: &Story, command: &str) -> String {
    let words: Vec<_> = command.split(' ').collect();
    let party = words.iter().position(|word| *word == "--party").map(|place| words[place + 1]);
    let mut present = story.keys();
    present.retain(|key| key["party"].as_str() == party && key["ended"].is_null());
    present.sort_by_key(|key| key["from"].as_u64());
    let mut present = present.iter();
    let mut out = Vec::new();
    for word in words {
        out.push(match word.strip_suffix("=PUBLIC") {
            Some(holder) => {
                let key = story.compound.path(&format!("{holder}.pem"));
                let mut show = xinyi();
                show.args(["key", "show", "--format", "json", "--key"])
                    .arg(key)
                    .env("XINYI_PASSPHRASE", "a passphrase");
                format!("{holder}={}", answer(&mut show).json()["public"].as_str().unwrap())
            }
            None if word == "ID" => present.next().unwrap()["id"].as_str().unwrap().to_owned(),
            None => word.replace("INDEX", "2"),
        });
    }
    out.join(" ")
}

#[test]
#[cfg(unix)]
fn every_command_of_the_guide_runs_as_shown() {
    use std::io::Write as _;
    use std::process::Stdio;
    for guide in
        [include_str!("../../../docs/guide/keys.md"), include_str!("../../../docs/guide/keys.zh-CN.md")]
    {
        let story = Story::new();
        let binary = std::path::Path::new(env!("CARGO_BIN_EXE_xinyi")).parent().unwrap().to_owned();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let commands: Vec<_> = guide.split("```\n").skip(1).step_by(2).flat_map(str::lines).collect();
        assert!(commands.len() > 30, "{commands:?}");
        for command in commands {
            let filled = filled(&story, command);
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", &filled]).current_dir(story.compound.dir.path()).env("PATH", &path);
            shell.env("XINYI_PASSPHRASE", "a passphrase").env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
            let run = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            let mut run = run.unwrap();
            let _ = run.stdin.take().unwrap().write_all(b"y\n");
            let output = run.wait_with_output().unwrap();
            let (said, talk) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success(), "{command}: {said}{talk}");
            // What is recorded is recorded, and not only tried.
            let is_record = command.starts_with("xinyi record");
            assert!(!is_record || said.contains(": recorded as entry"), "{command}: {said}{talk}");
        }
        story.whole();
    }
}
