//! What is kept beside a ledger may be gone, torn, changed or another ledger's: every command says and makes the same.

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

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use desk::{Answer, Compound, answer, xinyi};
use serde_json::{Value, json};

fn income(date: &str, reference: &str, amount: &str) -> Value {
    let data = json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"});
    json!({"data": data, "date": date, "kind": "income", "ref": reference})
}

fn refund(date: &str, reference: &str, of: (&str, &str)) -> Value {
    let data = json!({"account": "bank", "amount": "5.00", "fund": "shared", "reason": "paid twice"});
    json!({"data": data, "date": date, "kind": "refund", "ref": reference,
        "links": {"target": {"period": of.0, "ref": of.1}}})
}

fn close(compound: &Compound, period: &str, time: &str) {
    compound.good("trustee", time, &["close", period]);
    compound.approve_and_record(time);
}

/// Three closed months and an open one; each names lines of the month before.
fn story() -> Compound {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    compound.add("2026-03-05T08:00:00Z", &[income("2026-03-05", "flat", "300.00")]);
    compound.add("2026-04-01T08:00:00Z", &[income("2026-04-01", "early", "10.00")]);
    close(&compound, "2026-03", "2026-04-02T08:00:00Z");
    compound.good("trustee", "2026-04-05T08:00:00Z", &["fee", "2026-03", "--invoice", "f3"]);
    compound.add("2026-04-20T08:00:00Z", &[refund("2026-04-20", "back", ("2026-03", "flat"))]);
    close(&compound, "2026-04", "2026-05-02T08:00:00Z");
    compound.add("2026-05-02T09:00:00Z", &[refund("2026-05-02", "again", ("2026-03", "flat"))]);
    close(&compound, "2026-05", "2026-06-02T08:00:00Z");
    compound.add("2026-06-03T08:00:00Z", &[income("2026-06-03", "open", "30.00")]);
    compound
}

fn copied(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    let done = std::process::Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

/// Runs a command that writes a file; gives how it ended and the file.
fn made(compound: &Compound, ledger: &Path, words: &[&str]) -> (i32, Vec<u8>) {
    let out = compound.path("out");
    let _ = fs::remove_file(&out);
    let mut command = xinyi();
    command.arg(words[0]).arg(ledger).args(&words[1..]).arg("-o").arg(&out);
    let Answer { status, .. } = answer(&mut command);
    (status, fs::read(&out).unwrap_or_default())
}

/// Everything that is cut out of a ledger.
fn excerpts(compound: &Compound, ledger: &Path) -> Vec<(i32, Vec<u8>)> {
    let key = compound.path("trustee.pem");
    let key = key.to_str().unwrap();
    let asked: [&[&str]; 9] = [
        &["statement", "2026-03"],
        &["statement", "2026-04"],
        &["statement", "2026-05"],
        &["statement", "2026-05", "--since", "3"],
        &["statement", "2026-06"],
        &["receipt", "2026-03/flat"],
        &["receipt", "4"],
        &["receipt", "2026-06/open"],
        &["receipt", "2026-06/open", "--key", key],
    ];
    asked.map(|words| made(compound, ledger, words)).to_vec()
}

fn change(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn forge(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn damaged_caches_change_no_byte_of_a_statement_or_receipt() {
    type Damage = (&'static str, fn(&Path));
    let damages: [Damage; 9] = [
        ("all gone", |cache| fs::remove_dir_all(cache).unwrap()),
        ("bounds moved", |cache| change(&cache.join("lines"), 16)),
        ("bounds torn", |cache| fs::write(cache.join("lines"), [1, 2, 3]).unwrap()),
        ("tiles changed", |cache| change(&cache.join("tile/0/000"), 100)),
        ("tiles torn", |cache| fs::write(cache.join("tile/0/000"), [7; 32]).unwrap()),
        ("no snapshot", |cache| fs::remove_file(cache.join("snapshot")).unwrap()),
        ("a ratification made up", |cache| {
            forge(&cache.join("snapshot"), "\"ratified\":[]", "\"ratified\":[[1,2]]");
        }),
        ("a close left out", |cache| {
            forge(&cache.join("snapshot"), "\"period\":\"2026-05\"", "\"period\":\"2026-07\"");
        }),
        ("no authority", |cache| forge(&cache.join("snapshot"), "\"authority\":[0]", "\"authority\":[]")),
    ];
    let compound = story();
    let expected = excerpts(&compound, &compound.ledger());
    let statuses: Vec<i32> = expected.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [0, 0, 0, 0, 2, 0, 0, 2, 0]);
    let copy = compound.path("copy");
    for (what, damage) in damages {
        copied(&compound.ledger(), &copy);
        damage(&copy.join("cache"));
        assert!(excerpts(&compound, &copy) == expected, "{what}");
        // What the first command made again, the next one finds.
        assert!(excerpts(&compound, &copy) == expected, "{what}, once more");
    }
    let other = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    other.add("2026-03-05T08:00:00Z", &[income("2026-03-05", "other", "1.00")]);
    fs::remove_dir_all(copy.join("cache")).unwrap();
    copied(&other.ledger().join("cache"), &copy.join("cache"));
    assert!(excerpts(&compound, &copy) == expected, "another ledger's");
}

#[test]
fn a_line_changed_under_whole_caches_is_not_handed_out() {
    let compound = story();
    // The refund of May names this line of March.
    let entries = compound.ledger().join("entries.jsonl");
    let file = fs::read_to_string(&entries).unwrap();
    fs::write(&entries, file.replacen("300.00", "300.01", 1)).unwrap();
    for words in [&["statement", "2026-05"], &["statement", "2026-03"], &["receipt", "2026-03/flat"]] {
        assert_eq!(made(&compound, &compound.ledger(), words), (3, Vec::new()), "{words:?}");
    }
}

#[test]
fn a_desk_says_the_same_without_document_or_caches() {
    let compound = story();
    let copy = compound.path("copy");
    copied(&compound.ledger(), &copy);
    fs::remove_dir_all(copy.join("cache")).unwrap();
    fs::remove_dir_all(copy.join("states")).unwrap();
    fs::create_dir(copy.join("states")).unwrap();
    let file = compound.path("more.jsonl");
    let mut large = income("2026-06-05", "spent", "90000.00");
    large["kind"] = json!("expense");
    large["data"] = json!({"account": "bank", "amount": "90000.00", "category": "repair", "fund": "shared", "payee": "lift"});
    let lines = [refund("2026-06-05", "third", ("2026-03", "flat")), large];
    fs::write(&file, lines.map(|line| line.to_string()).join("\n")).unwrap();
    let asked: [&[&str]; 5] = [
        &["add", "--format", "json", "--json", file.to_str().unwrap()],
        &["fee", "2026-04"],
        &["fee", "2026-05"],
        &["fee", "2026-06"],
        &["record"],
    ];
    for words in asked {
        let [whole, short] = [&copy, &compound.ledger()]
            .map(|ledger| compound.run_on(ledger, "trustee", "2026-06-06T08:00:00Z", words));
        assert_eq!((whole.status, &whole.stdout), (short.status, &short.stdout), "{words:?}");
        let said = "worked out from the first entry";
        assert!(whole.stderr.contains(said), "{words:?}: {}", whole.stderr);
        // Of a month before the last close only the whole ledger knows what could be taken.
        assert_eq!(short.stderr.contains(said), words == ["fee", "2026-04"], "{words:?}: {}", short.stderr);
    }
    let closed = ["close", "2026-06"];
    let [whole, short] = [&copy, &compound.ledger()]
        .map(|ledger| compound.run_on(ledger, "trustee", "2026-07-02T08:00:00Z", &closed));
    assert_eq!((whole.status, whole.stdout), (short.status, short.stdout));
    // Drafts and documents are named by their digests.
    for part in ["drafts", "states"] {
        let names = |ledger: &Path| -> BTreeSet<_> {
            fs::read_dir(ledger.join(part)).unwrap().map(|file| file.unwrap().file_name()).collect()
        };
        let short = names(&compound.ledger());
        assert!(!short.is_empty() && names(&copy).is_subset(&short), "{part}");
    }
    assert!(!short.stderr.contains("worked out"), "{}", short.stderr);
}
