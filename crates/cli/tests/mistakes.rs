//! What a person does wrong with files, through the real binary: each mistake has an exit status, words and a next
//! step in both languages.

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

use desk::{Compound, answer, xinyi};
use serde_json::json;

/// A ledger with a closed March, in which a payer is sealed, and an entry of April.
struct Files {
    compound: Compound,
}

impl Files {
    fn new() -> Self {
        let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
        let income = |date: &str, reference: &str, disclose| {
            let data =
                json!({"account": "bank", "amount": "3.00", "category": "property-fee", "fund": "shared"});
            json!({"data": data, "date": date, "disclose": disclose, "kind": "income", "ref": reference})
        };
        let march = income("2026-03-05", "flat", json!({"payer": "3-2-501"}));
        compound.add("2026-03-05T08:00:00Z", &[march]);
        compound.good("trustee", "2026-04-02T08:00:00Z", &["close", "2026-03"]);
        compound.approve_and_record("2026-04-02T08:00:00Z");
        compound.add("2026-04-03T08:00:00Z", &[income("2026-04-03", "open", json!({}))]);
        let files = Self { compound };
        let keys = ["trustee", "committee"].map(|name| {
            let key = files.path(&format!("{name}.pem"));
            let origin = ["--origin", "example.org/made-up", "--format", "json"];
            let shown = answer(xinyi().args(["key", "show", "--key", &key]).args(origin)).json();
            shown["vkey"].as_str().unwrap().to_owned() + "\n"
        });
        files.file("keys.txt", keys.concat());
        files.good(&["statement", &files.ledger(), "2026-03", "-o", &files.path("march.statement")]);
        files.good(&["receipt", &files.ledger(), "2026-03/flat", "-o", &files.path("flat.receipt")]);
        files
    }

    fn path(&self, name: &str) -> String {
        self.compound.path(name).to_str().unwrap().to_owned()
    }

    fn ledger(&self) -> String {
        self.path("ledger")
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn good(&self, words: &[&str]) {
        let done = answer(xinyi().args(words).current_dir(self.compound.dir.path()));
        assert_eq!(done.status, 0, "{words:?}: {}{}", done.stdout, done.stderr);
    }

    /// The mistake ends with this status and code; its message says more than its bare argument, and Chinese has
    /// words of its own. Gives the English message.
    fn mistake(&self, words: &[&str], status: i32, code: &str) -> String {
        let said = |lang: &str| {
            let run = answer(
                xinyi()
                    .args(words)
                    .args(["--format", "json", "--lang", lang])
                    .current_dir(self.compound.dir.path()),
            );
            assert_eq!(run.status, status, "{words:?}: {}{}", run.stdout, run.stderr);
            let error = run.json()["error"].clone();
            assert_eq!(error["code"], code, "{words:?}: {error:#}");
            for text in ["help", "message"] {
                assert!(error[text].as_str().unwrap().len() > 10, "{words:?}: {error:#}");
            }
            assert_ne!(error["message"], error["code"], "{words:?}");
            (error["message"].as_str().unwrap().to_owned(), error["help"].as_str().unwrap().to_owned())
        };
        let (english, chinese) = (said("en"), said("zh"));
        assert!(english.0 != chinese.0 && english.1 != chinese.1, "{words:?}: {english:?} {chinese:?}");
        assert!(words.iter().all(|word| english.0 != *word), "{words:?}: {english:?}");
        english.0
    }
}

#[test]
fn a_bare_name_or_number_is_never_the_whole_message() {
    let files = Files::new();
    let ledger = files.ledger();
    let note = fs::read_dir(Path::new(&ledger).join("checkpoints")).unwrap().next().unwrap().unwrap().path();
    files.good(&["anchor", "my.json", "march.statement", "--trust", "keys.txt"]);
    files.file("bad.txt", "no key\n");
    files.mistake(&["compare", "my.json", &ledger], 2, "compare-kind");
    files.mistake(&["verify", note.to_str().unwrap()], 4, "checkpoint-keys");
    files.mistake(&["verify", "march.statement", "--trust", "bad.txt"], 2, "trust-line");
    files.mistake(&["receipt", &ledger, "2026-04/open", "-o", "r"], 2, "receipt-open-month");
    files.mistake(&["check", "flat.receipt"], 2, "check-kind");
    files.mistake(&["explain", "XX-99"], 2, "rule-unknown");
}

#[test]
fn swapped_arguments_are_named_and_keep_the_file() {
    let files = Files::new();
    files.good(&["anchor", "my.json", "march.statement", "--trust", "keys.txt"]);
    let before = fs::read(files.path("march.statement")).unwrap();
    let said = files.mistake(&["anchor", "march.statement", "my.json"], 2, "anchor-kind");
    assert!(said.contains("march.statement: a statement"), "{said}");
    assert_eq!(fs::read(files.path("march.statement")).unwrap(), before);
    let ledger = files.path("ledger/entries.jsonl");
    for (file, name) in
        [("march.statement", "a statement"), ("flat.receipt", "a receipt"), (&ledger, "a ledger")]
    {
        let said = files.mistake(&["verify", "march.statement", "--trust", file], 2, "trust-kind");
        assert!(said.contains(name), "{said}");
    }
    // A file without a key, such as an empty one, is nothing to trust.
    for (name, text) in [("empty.txt", ""), ("remarks.txt", "# the keys come later\n")] {
        files.file(name, text);
        files.mistake(&["verify", "march.statement", "--trust", name], 2, "trust-kind");
    }
    // An anchor that was damaged is still an anchor, and not authentic.
    let anchor = fs::read_to_string(files.path("my.json")).unwrap();
    files.file("damaged.json", anchor.replace("\"origin\"", "\"orjgin\""));
    let damaged =
        answer(xinyi().args(["anchor", &files.path("damaged.json"), &files.path("march.statement")]));
    assert_eq!(damaged.status, 3, "{}", damaged.stderr);
}

#[test]
fn a_file_of_something_else_is_not_called_a_forgery() {
    let files = Files::new();
    let foreign = [
        files.path("keys.txt"),
        files.file("bank.csv", "date,amount\r\n2026-03-01,1.00\r\n"),
        files.file("excel.csv", "\u{feff}date,amount\r\n2026-03-01,1.00\r\n"),
        files.file("empty", ""),
        files.file("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        files.file("drafts.json", "{\"drafts\":[]}"),
    ];
    for file in &foreign {
        for words in [vec!["verify", file], vec!["check", file], vec!["compare", file, "march.statement"]] {
            let said = files.mistake(&words, 4, "file-foreign");
            assert!(said.contains("not a file of xinyi"), "{said}");
        }
    }
    // A broken ledger is one all the same, and a converted file is told as such.
    let text = fs::read_to_string(files.path("ledger/entries.jsonl")).unwrap();
    let receipt = fs::read_to_string(files.path("flat.receipt")).unwrap();
    let broken = files.file("broken.jsonl", text.replacen("\"content\"", "\"c\"", 1));
    let changed = answer(xinyi().args(["verify", "--no-trust", &broken]));
    assert_eq!(changed.status, 3, "{}{}", changed.stdout, changed.stderr);
    for (name, converted) in [
        ("mark.jsonl", format!("\u{feff}{text}")),
        ("ends.jsonl", text.replace('\n', "\r\n")),
        ("ends.receipt", receipt.replace('\n', "\r\n")),
    ] {
        let told = answer(xinyi().args(["verify", "--no-trust", &files.file(name, converted)]));
        let said = told.stdout + &told.stderr;
        assert!(told.status == 3 && said.contains("file-converted"), "{name}: {said}");
    }
}

#[test]
fn an_entry_beyond_the_end_is_missing_and_not_waiting_for_a_close() {
    let files = Files::new();
    let said = files.mistake(&["receipt", &files.ledger(), "999999", "-o", "r"], 2, "entry-missing");
    assert!(said.contains("999999"), "{said}");
}

#[test]
fn the_sealed_fields_of_an_entry_are_named_where_another_was_asked_for() {
    let files = Files::new();
    let ledger = files.ledger();
    let wanted = ["receipt", &ledger, "2026-03/flat", "--disclose", "foo", "-o", "r"];
    let said = files.mistake(&wanted, 2, "field-not-sealed");
    assert!(said.contains("foo") && said.contains("seals payer"), "{said}");
    let none =
        files.mistake(&["receipt", &ledger, "0", "--disclose", "foo", "-o", "r"], 2, "field-not-sealed");
    assert!(none.contains("entry 0 seals no field"), "{none}");
}

#[test]
fn a_file_for_a_directory_and_a_directory_for_a_file_are_told() {
    let files = Files::new();
    let (ledger, statement) = (files.ledger(), files.path("march.statement"));
    let said = files.mistake(&["statement", &statement, "2026-03", "-o", "s"], 4, "directory-needed");
    assert!(said.contains("a directory is needed"), "{said}");
    let said = files.mistake(&["verify", &statement, "--trust", &ledger], 4, "file-needed");
    assert!(said.contains("a file is needed"), "{said}");
    files.mistake(&["anchor", &ledger, &statement], 4, "file-needed");
}

#[test]
fn a_month_that_is_not_closed_tells_recorder_and_reader_what_to_do() {
    let files = Files::new();
    let said = files.mistake(&["statement", &files.ledger(), "2031-01", "-o", "s"], 2, "month-open");
    assert!(said.contains("2031-01"), "{said}");
    let told = answer(xinyi().args(["statement", &files.ledger(), "2031-01", "-o", "s"])).stderr;
    assert!(told.contains("if you keep the ledger") && told.contains("if you read it"), "{told}");
}

#[test]
fn a_policy_without_its_quorum_line_is_still_a_policy() {
    let files = Files::new();
    let key = fs::read_to_string(files.path("keys.txt")).unwrap().lines().next().unwrap().to_owned();
    for (name, text) in
        [("log.pol", format!("# ours\n\n  log {key}\n")), ("party.pol", format!("party trustee 1 {key}\n"))]
    {
        files.file(name, text);
        files.mistake(&["verify", "march.statement", "--trust", name], 2, "policy-quorum");
    }
}

#[test]
fn a_second_anchor_or_policy_does_not_take_the_first_one_s_place() {
    let files = Files::new();
    files.file("one.pol", "quorum none\n");
    files.file("two.pol", "quorum none\n");
    files.good(&["anchor", "my.json", "march.statement", "--trust", "keys.txt"]);
    fs::copy(files.path("my.json"), files.path("old.json")).unwrap();
    for [first, second] in [["one.pol", "two.pol"], ["my.json", "old.json"]] {
        let words = ["verify", "march.statement", "--trust", first, "--trust", second];
        assert!(files.mistake(&words, 2, "trust-twice").contains(second));
    }
    files.good(&[
        "verify",
        "march.statement",
        "--trust",
        "keys.txt",
        "--trust",
        "keys.txt",
        "--trust",
        "my.json",
    ]);
}

#[test]
fn the_first_month_has_nothing_to_go_on_from() {
    let files = Files::new();
    let words = ["statement", &files.ledger(), "2026-03", "--since", "1", "-o", "s"];
    files.mistake(&words, 2, "bridge-needless");
    assert!(!PathBuf::from(files.path("s")).exists());
}

#[test]
fn a_signer_s_name_that_is_no_text_refuses_a_checkpoint_and_a_receipt() {
    let files = Files::new();
    let notes = fs::read_dir(Path::new(&files.ledger()).join("checkpoints")).unwrap();
    let note = fs::read(notes.map(|note| note.unwrap().path()).next().unwrap()).unwrap();
    let receipt = fs::read(files.path("flat.receipt")).unwrap();
    for (bytes, code) in [(note, "note-malformed"), (receipt, "receipt-form")] {
        let signed_by =
            |name: &[u8]| [bytes.as_slice(), "\u{2014} ".as_bytes(), name, b" AAAAAAA=\n"].concat();
        files.file("known", signed_by("街道".as_bytes()));
        files.good(&["verify", "known", "--trust", "keys.txt"]);
        files.file("spoilt", signed_by(b"str\xffet"));
        files.mistake(&["verify", "spoilt", "--trust", "keys.txt"], 3, code);
    }
}
