//! A private value's life through the command line: sealed, seen by the approver, never elsewhere, destroyed.

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

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use desk::{Answer, Compound, answer, xinyi};
use serde_json::{Value, json};

const VALUE: &str = "3-2-501";
const TIME: &str = "2026-03-05T08:00:00Z";

fn entry(kind: &str, reference: &str, data: Value, disclose: Value) -> Value {
    json!({"data": data, "date": "2026-03-05", "disclose": disclose, "kind": kind, "ref": reference})
}

fn income(reference: &str, payer: &str) -> Value {
    let data = json!({"account": "bank", "amount": "20000.00", "category": "property-fee", "fund": "shared"});
    entry("income", reference, data, json!({"payer": payer}))
}

/// A refund that needs the committee, to a recipient under seal.
fn refund(reference: &str, recipient: &str) -> Value {
    let data = json!({"account": "bank", "amount": "12000.00", "fund": "shared", "reason": "paid twice"});
    let mut refund = entry("refund", reference, data, json!({"recipient": recipient}));
    refund["links"] = json!({"target": {"period": "2026-03", "ref": "paid"}});
    refund
}

/// A ledger with one income under seal and a refund that waits.
fn waiting() -> Compound {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    compound.add(TIME, &[income("paid", VALUE)]);
    let waits = compound.add(TIME, &[refund("back", VALUE)]);
    assert_eq!(waits.json()["entered"][0]["lacks"], json!(["committee"]));
    compound
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The value in clear, and every run of letters that base64url can hide it in, wherever it begins.
fn needles(value: &str) -> Vec<String> {
    let shifted = (0..3).map(|shift| {
        let text = URL_SAFE_NO_PAD.encode([vec![b'"'; shift], value.as_bytes().to_vec()].concat());
        let first = [0, 2, 3][shift];
        let whole = (shift + value.len()) / 3 * 4;
        text[first..whole].to_owned()
    });
    shifted.chain([value.to_owned()]).collect()
}

fn holds(text: &[u8], value: &str) -> bool {
    needles(value).iter().any(|needle| text.windows(needle.len()).any(|window| window == needle.as_bytes()))
}

fn tells(answer: &Answer) -> bool {
    holds(answer.stdout.as_bytes(), VALUE) || holds(answer.stderr.as_bytes(), VALUE)
}

fn private(compound: &Compound) -> PathBuf {
    compound.ledger().join("private")
}

/// The commitment that a field of a waiting draft or a recorded entry holds.
fn commitment(compound: &Compound, index: u64, field: &str) -> String {
    let mut show = xinyi();
    show.arg("show").arg(compound.ledger()).args([&index.to_string(), "--no-trust", "--format", "json"]);
    answer(&mut show).json()["content"]["data"][field].as_str().unwrap().to_owned()
}

fn show(compound: &Compound, words: &[&str]) -> Answer {
    answer(xinyi().arg("show").arg(compound.ledger()).args(["1", "--no-trust"]).args(words))
}

fn drafts(compound: &Compound, words: &[&str]) -> Answer {
    answer(
        xinyi().args(["drafts", words[0]]).arg(compound.ledger()).args(["--clock", TIME]).args(&words[1..]),
    )
}

fn approvals(compound: &Compound) -> usize {
    let list = drafts(compound, &["list", "--format", "json"]).json();
    list["drafts"].as_array().unwrap().iter().map(|draft| draft["approvals"].as_array().unwrap().len()).sum()
}

#[test]
fn a_private_value_is_found_where_base64_hides_it() {
    let hidden = |prefix: &str| URL_SAFE_NO_PAD.encode(format!("[\"{prefix}\",\"payer\",\"{VALUE}\"]"));
    for prefix in ["", "a", "ab", "abc"] {
        assert!(holds(hidden(prefix).as_bytes(), VALUE), "{prefix}");
    }
    assert!(!holds(URL_SAFE_NO_PAD.encode("[\"\",\"payer\",\"7-9-888\"]").as_bytes(), VALUE));
}

#[test]
fn nothing_outside_private_holds_a_private_value_unless_it_was_asked_for_by_name() {
    let compound = waiting();
    let file = compound.path("waiting.json");
    let path = file.to_str().unwrap();
    let ledger = compound.ledger();
    let quiet = [
        show(&compound, &[]),
        show(&compound, &["--format", "json"]),
        drafts(&compound, &["list"]),
        drafts(&compound, &["list", "--format", "json"]),
        drafts(&compound, &["export", "-o", path]),
        answer(xinyi().arg("check").arg(&ledger).args(["--no-trust", "--format", "json"])),
        answer(xinyi().arg("check").arg(&ledger).args(["--no-trust", "--filed", path])),
        answer(xinyi().arg("verify").arg(&ledger).args(["--no-trust", "--format", "json"])),
        answer(xinyi().arg("show").arg(ledger.join("entries.jsonl")).args(["1", "--no-trust", "--disclose"])),
    ];
    for said in &quiet {
        assert!(said.status < 2 && !tells(said), "{}{}", said.stdout, said.stderr);
    }
    for file in files(compound.dir.path()).iter().filter(|file| !file.starts_with(private(&compound))) {
        // The proposals are what the clerk typed.
        if !file.ends_with("proposals.jsonl") {
            assert!(!holds(&fs::read(file).unwrap(), VALUE), "{}", file.display());
        }
    }
    assert!(files(&private(&compound)).iter().all(|file| holds(&fs::read(file).unwrap(), VALUE)));
    assert!(show(&compound, &["--disclose"]).stdout.contains("payer: 3-2-501 (sealed in the ledger)"));
    assert_eq!(show(&compound, &["--disclose", "--format", "json"]).json()["disclosed"]["payer"], VALUE);
    drafts(&compound, &["export", "--disclose", "-o", path]);
    assert!(holds(&fs::read(&file).unwrap(), VALUE), "asked for by name");
}

#[test]
fn no_mistake_repeats_a_private_value() {
    let compound = waiting();
    let fields = ["add", "income", "--amount", "5.00", "--account", "bank", "--fund", "shared"];
    let typed = |more: &[&str]| compound.run("trustee", TIME, &[&fields, more].concat());
    let mut refused = vec![
        typed(&["--payer", "Li", VALUE]),
        typed(&["--payer", VALUE]),
        typed(&["--category", "parking", "--tenant", VALUE]),
        typed(&["--category", "parking", &format!("--tenant={VALUE}")]),
    ];
    let shape = |disclose: Value| json!({"data": {"account": "bank", "amount": "5.00", "category": "parking", "fund": "shared"}, "date": "2026-03-05", "disclose": disclose, "kind": "income", "ref": "x"});
    for disclose in [
        json!(VALUE),
        json!([VALUE]),
        json!({"payer": [VALUE]}),
        json!({"tenant": VALUE}),
        json!({"category": VALUE}),
    ] {
        let file = compound.path("wrong.jsonl");
        fs::write(&file, shape(disclose).to_string()).unwrap();
        refused.push(compound.run("trustee", TIME, &["add", "--json", file.to_str().unwrap()]));
    }
    for said in &refused {
        assert!(said.status != 0 && !tells(said), "{}{}", said.stdout, said.stderr);
    }
    assert!(refused.last().unwrap().stderr.contains("fields-clear"), "{}", refused.last().unwrap().stderr);
    let joined = typed(&["--category", "parking", &format!("--payer={VALUE}")]);
    assert_eq!(joined.status, 0, "{}", joined.stderr);
}

#[test]
fn the_committee_sees_the_recipient_before_it_signs() {
    let compound = waiting();
    let approved = compound.good("committee", TIME, &["approve", "--yes"]);
    assert!(approved.stdout.contains("back recipient: 3-2-501"), "{}", approved.stdout);
    compound.good("trustee", TIME, &["record"]);
    assert_eq!(compound.check(&compound.ledger()).0, 0);
}

#[test]
fn what_cannot_be_opened_is_not_signed_unless_that_is_decided() {
    let compound = waiting();
    let file = compound.path("waiting.json");
    let path = file.to_str().unwrap();
    drafts(&compound, &["export", "-o", path]);
    let on_file = |words: &[&str]| compound.run_on(&file, "committee", TIME, words);
    let refused = on_file(&["approve", "--yes"]);
    assert_eq!(refused.status, 2, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("sealed-unopened"), "{}", refused.stderr);
    assert!(refused.stdout.contains("nothing at hand opens it"), "{}", refused.stdout);
    drafts(&compound, &["import", path]);
    assert_eq!(approvals(&compound), 0);

    drafts(&compound, &["export", "--disclose", "-o", path]);
    let approved = on_file(&["approve", "--yes"]);
    assert!(approved.stdout.contains("back recipient: 3-2-501"), "{}", approved.stdout);
    drafts(&compound, &["import", path]);
    assert_eq!(approvals(&compound), 1);
    compound.good("trustee", TIME, &["record"]);

    // In the ledger directory too, once the value is gone; and one draft that is refused holds nobody else up.
    compound.add(TIME, &[refund("again", VALUE)]);
    for file in files(&private(&compound)) {
        fs::remove_file(file).unwrap();
    }
    let plain = json!({"payee": "lift", "name": "made up", "class": "organisation", "related": false});
    compound.add(TIME, &[entry("payee", "lift", plain, json!({}))]);
    let data = json!({"account": "bank", "amount": "10000.00", "category": "repair", "fund": "shared", "payee": "lift"});
    compound.add(TIME, &[entry("expense", "seen", data, json!({}))]);
    let refused = compound.run("committee", TIME, &["approve", "--yes"]);
    assert!(refused.status == 2 && refused.stderr.contains("again is not approved"), "{}", refused.stderr);
    assert_eq!(approvals(&compound), 1, "the other draft is");
    let decided = compound.good("committee", TIME, &["approve", "--yes", "--unopened"]);
    assert!(decided.stdout.contains("nothing at hand opens it"), "{}", decided.stdout);
    assert_eq!(approvals(&compound), 2);
}

#[test]
fn a_disclosure_swapped_with_another_s_is_refused() {
    let compound = waiting();
    compound.add(TIME, &[refund("other", "3-2-502")]);
    let names = files(&private(&compound));
    let [one, two] = ["back", "other"].map(|reference| {
        let list = drafts(&compound, &["list", "--format", "json"]).json();
        let found =
            list["drafts"].as_array().unwrap().iter().find(|d| d["content"]["ref"] == reference).cloned();
        private(&compound).join(found.unwrap()["content"]["data"]["recipient"].as_str().unwrap())
    });
    assert!(names.contains(&one) && names.contains(&two));
    let (first, second) = (fs::read(&one).unwrap(), fs::read(&two).unwrap());
    fs::write(&one, second).unwrap();
    fs::write(&two, first).unwrap();
    for words in [["approve", "--yes"].as_slice(), &["approve", "--yes", "--unopened"]] {
        let refused = compound.run("committee", TIME, words);
        assert!(refused.status == 2 && refused.stderr.contains("disclosure-other"), "{}", refused.stderr);
        assert!(!tells(&refused), "{}{}", refused.stdout, refused.stderr);
    }
    assert_eq!(approvals(&compound), 0);
}

#[test]
fn a_disclosure_of_another_field_is_refused() {
    let compound = waiting();
    let mut memo = refund("memo", VALUE);
    memo["data"]["recipient"] = json!(commitment(&compound, 1, "payer"));
    memo["disclose"] = json!({});
    compound.add(TIME, &[memo]);
    let refused = compound.run("committee", TIME, &["approve", "--yes", "--unopened", "--only", "memo"]);
    assert!(refused.status == 2 && refused.stderr.contains("disclosure-field"), "{}", refused.stderr);
    assert_eq!(approvals(&compound), 0);
}

fn forget(compound: &Compound) -> Answer {
    compound.run("trustee", TIME, &["forget", "1", "--field", "payer", "--reason", "asked on 4 March"])
}

#[test]
fn a_forgotten_value_is_destroyed_and_nothing_breaks() {
    let compound = waiting();
    let kept = private(&compound).join(commitment(&compound, 1, "payer"));
    let torn = kept.with_extension("new-4711");
    fs::copy(&kept, &torn).unwrap();
    let value = fs::read(&kept).unwrap();
    let before = compound.check(&compound.ledger());
    let waits = forget(&compound);
    assert!(waits.stdout.contains("waits for the approval of committee"), "{}{}", waits.stdout, waits.stderr);
    assert!(kept.exists(), "nothing is destroyed before it is recorded");
    let mut draft =
        fs::read_dir(compound.ledger().join("drafts")).unwrap().map(|entry| entry.unwrap().path());
    let draft = draft.find(|path| fs::read_to_string(path).unwrap().contains("forget")).unwrap();
    let approved = compound.good("committee", TIME, &["approve", "--yes", "--only", "forget-1-payer"]);
    assert!(approved.stdout.contains("destroys the payer of entry 1"), "{}", approved.stdout);
    let again = fs::read(&draft).unwrap();
    let recorded = compound.good("trustee", TIME, &["record"]);
    assert!(recorded.stdout.contains("private values destroyed here: 1"), "{}", recorded.stdout);
    assert!(recorded.stdout.contains("Copies in backups"), "{}", recorded.stdout);
    assert!(!kept.exists() && !torn.exists());

    let after = compound.check(&compound.ledger());
    assert_eq!((after.0, &after.1["report"]["findings"]), (before.0, &before.1["report"]["findings"]));
    assert_eq!(after.1["verdict"]["consistent"], true);
    for words in [[].as_slice(), &["--disclose"]] {
        let shown = show(&compound, words);
        assert!(shown.status == 0 && shown.stdout.contains("payer: sealed, commitment"), "{}", shown.stdout);
    }
    // A crash may have come between the line and the destruction: the next `record` makes up for it.
    fs::write(&kept, value).unwrap();
    fs::write(&draft, again).unwrap();
    let made_up = compound.good("trustee", TIME, &["record", "--only", "forget-1-payer", "--format", "json"]);
    assert_eq!(made_up.json()["drafts"][0]["destroyed"], 1, "{}", made_up.stdout);
    assert!(!kept.exists() && !draft.exists());
}

#[test]
fn only_a_sealed_field_can_be_forgotten_and_only_what_an_entry_holds_is_approved() {
    let compound = waiting();
    let wrong = compound.run("trustee", TIME, &["forget", "1", "--field", "fund", "--reason", "x"]);
    assert!(wrong.status == 2 && wrong.stderr.contains("field-not-sealed"), "{}", wrong.stderr);
    let none = compound.run("trustee", TIME, &["forget", "9", "--field", "payer", "--reason", "x"]);
    assert!(none.status == 2 && none.stderr.contains("entry-missing"), "{}", none.stderr);
    let data = json!({"commitments": ["ab".repeat(32)], "reason": "x"});
    compound.add(TIME, &[entry("forget", "nowhere", data, json!({}))]);
    let refused = compound.run("committee", TIME, &["approve", "--yes", "--only", "nowhere"]);
    assert!(refused.status == 2 && refused.stderr.contains("sealed-unopened"), "{}", refused.stderr);
}

#[test]
fn a_repeat_with_a_private_value_is_recognised_and_seals_nothing_anew() {
    let compound = waiting();
    let kept = files(&private(&compound)).len();
    compound.good("committee", TIME, &["approve", "--yes"]);
    let again = compound.add(TIME, &[income("paid", VALUE), refund("back", VALUE)]);
    assert_eq!(again.json()["entered"][0]["status"], "already-there", "{}", again.stdout);
    let back = again.json()["entered"][1]["status"].clone();
    assert_eq!(back, "recorded", "it had waited with its approval: {}", again.stdout);
    assert_eq!(drafts(&compound, &["list", "--format", "json"]).json()["drafts"], json!([]));
    assert_eq!(files(&private(&compound)).len(), kept);
    let file = compound.path("other.jsonl");
    fs::write(&file, income("paid", "3-2-502").to_string()).unwrap();
    let other = compound.run("trustee", TIME, &["add", "--json", file.to_str().unwrap()]);
    assert!(other.stderr.contains("reference-other"), "another payer is another content: {}", other.stderr);
}

#[test]
fn an_import_seals_its_column_shows_it_only_when_asked_and_may_be_repeated() {
    let compound = waiting();
    let map = r#"
date = { column = "day", format = "%Y-%m-%d" }
[[entry]]
kind = "income"
ref = "{number}"
amount = ["+amount"]
set = { account = "bank", fund = "shared", category = "property-fee" }
sealed = { payer = "name" }
"#;
    fs::write(compound.path("map.toml"), map).unwrap();
    fs::write(compound.path("bank.csv"), format!("number,day,amount,name\nn1,2026-03-05,71.00,{VALUE}\n"))
        .unwrap();
    let [file, map] = ["bank.csv", "map.toml"].map(|name| compound.path(name).to_string_lossy().into_owned());
    let words = ["import", &file, "--map", &map, "--format", "json"];
    let import = |more: &[&str]| compound.good("trustee", TIME, &[&words, more].concat());
    let plan = import(&["--dry-run"]);
    assert!(!tells(&plan) && plan.json()["proposals"][0]["disclose"]["payer"].is_null(), "{}", plan.stdout);
    assert_eq!(import(&["--dry-run", "--disclose"]).json()["proposals"][0]["disclose"]["payer"], VALUE);
    assert_eq!(import(&[]).json()["recorded"], 1);
    assert_eq!(import(&[]).json()["already"], 1);
}
