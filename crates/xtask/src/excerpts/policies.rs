//! Vectors for trust policies: their form, and what a ledger with a checkpoint must have to meet them.

use serde_json::{Value, json};
use xinyi_core::{Note, Sign as _};
use xinyi_testkit::{Community, TestKey};

use super::Excerpt;
use super::story::{cosigner, identity, log_key, nobody_s, replaced, size, two_months};

fn log() -> String {
    log_key(two_months(), &Community::trustee()).to_string()
}

fn chair() -> String {
    log_key(two_months(), &Community::committee()).to_string()
}

fn witness(name: &str) -> String {
    format!("witness {name} {}\n", cosigner(name))
}

/// Two of three witnesses, of whom two stand in a group of their own; trustee and committee by their keys.
fn honest() -> String {
    let (log, chair) = (log(), chair());
    let witnesses: String = ["w1", "w2", "w3"].map(witness).concat();
    format!(
        "# street office and two neighbours\nlog {log} https://example.org/\n{witnesses}\tgroup neighbours any w2 w3\n\
         group enough all w1 neighbours\nquorum enough\nledger {}\nparty trustee 1 {log}\nparty committee 1 {chair}\n",
        identity(two_months())
    )
}

/// The checkpoint of the whole ledger, cosigned by these.
fn cosigned(names: &[&str]) -> String {
    let note: Note = two_months().checkpoint(size(12)).parse().expect("a note");
    let lines = names.iter().map(|name| note.cosignature(name, &TestKey::named(name), 9).expect("a line"));
    let lines: String = lines.collect();
    if lines.is_empty() { note.to_string() } else { note.with_lines(&lines).expect("a note").to_string() }
}

fn with(names: &[&str]) -> Value {
    json!({"checkpoint": cosigned(names), "ledger": "two-months"})
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let mut cases = vec![
        Excerpt::good(
            "met-by-two-groups-and-both-parties",
            &["G-4", "G-5", "G-6"],
            honest(),
            with(&["w1", "w3"]),
        ),
        Excerpt::good("no-witness-asked-for", &["G-4"], " # 业委会\n\n  quorum\tnone", with(&[])),
    ];
    cases.extend(form_faults());
    cases.extend(name_faults());
    cases.extend(party_faults());
    cases.extend(unmet());
    cases
}

fn bad(id: &'static str, file: String, code: &'static str) -> Excerpt {
    Excerpt::bad(id, "G-4", file, &json!({}), code)
}

fn form_faults() -> Vec<Excerpt> {
    let (a, log) = (witness("a"), log());
    let line = |id, file: String| bad(id, file, "policy-line");
    vec![
        line("group-of-more-than-it-has", format!("{a}group g 2 a\nquorum g\n")),
        line("group-of-none-needed", format!("{a}group g 0 a\nquorum g\n")),
        line("group-number-with-a-leading-zero", format!("{a}group g 01 a\nquorum g\n")),
        line("group-without-members", format!("{a}group g any\nquorum g\n")),
        line("log-key-for-a-witness", format!("witness a {log}\nquorum a\n")),
        line("witness-key-for-a-log", format!("log {}\nquorum none\n", cosigner("a"))),
        line("witness-without-a-key", "witness a\nquorum a\n".to_owned()),
        line("identity-too-short", "ledger 12\nquorum none\n".to_owned()),
        line("unknown-word", "witnes x\nquorum none\n".to_owned()),
        line("word-after-the-quorum", "quorum none none\n".to_owned()),
        line("converted-crlf", "quorum none\r\n".to_owned()),
        line("control-character-in-a-comment", "# \u{1}\nquorum none\n".to_owned()),
        Excerpt {
            file: vec![(b"quorum none\n#".to_vec(), 1), (b" ".to_vec(), 65_524)],
            ..line("larger-than-65536-bytes", String::new())
        },
    ]
}

fn name_faults() -> Vec<Excerpt> {
    let (a, log) = (witness("a"), log());
    let twice = |id, file: String| bad(id, file, "policy-twice");
    let unknown = |id, file: String| bad(id, file, "policy-unknown");
    let quorum = |id, file: String| bad(id, file, "policy-quorum");
    vec![
        quorum("empty-file", String::new()),
        quorum("no-quorum", a.clone()),
        quorum("two-quorums", "quorum none\nquorum none\n".to_owned()),
        unknown("quorum-of-nobody", "quorum w1\n".to_owned()),
        unknown("group-of-a-later-witness", format!("group g any a\n{a}quorum g\n")),
        twice("witness-twice", format!("{a}{a}quorum a\n")),
        twice("one-key-under-two-names", format!("{a}{}quorum a\n", a.replacen("witness a", "witness b", 1))),
        twice(
            "one-name-for-two-keys",
            format!("{a}{}quorum a\n", replaced(&witness("b"), "witness b", "witness a")),
        ),
        twice("witness-named-none", format!("{}quorum none\n", witness("none"))),
        twice("member-of-two-groups", format!("{a}group g any a\ngroup h any a\nquorum h\n")),
        twice("member-twice", format!("{a}group g any a a\nquorum g\n")),
        twice("log-twice", format!("log {log}\nlog {log}\nquorum none\n")),
        twice("ledger-twice", format!("ledger {0}\nledger {0}\nquorum none\n", nobody_s())),
    ]
}

fn party_faults() -> Vec<Excerpt> {
    let (log, chair) = (log(), chair());
    vec![
        bad("party-without-keys", "party trustee 1\nquorum none\n".to_owned(), "policy-line"),
        bad("party-of-no-key-needed", format!("party trustee 0 {log}\nquorum none\n"), "policy-line"),
        bad("party-of-more-keys-than-given", format!("party trustee 2 {log}\nquorum none\n"), "policy-line"),
        bad("party-with-a-bad-label", format!("party Trustee 1 {log}\nquorum none\n"), "policy-line"),
        bad(
            "party-with-a-raw-key",
            format!("party trustee 1 {}\nquorum none\n", Community::trustee().public_key()),
            "policy-line",
        ),
        bad(
            "party-twice",
            format!("party trustee 1 {log}\nparty trustee 1 {chair}\nquorum none\n"),
            "policy-twice",
        ),
        bad(
            "key-of-two-parties",
            format!("party trustee 1 {log}\nparty committee 1 {log}\nquorum none\n"),
            "policy-twice",
        ),
    ]
}

fn unmet() -> Vec<Excerpt> {
    let unmet = |id, clause, file: String, with: Value, code| Excerpt::bad(id, clause, file, &with, code);
    let both = || with(&["w1", "w3"]);
    let thief = log_key(two_months(), &TestKey::named("thief")).to_string();
    let deputy = log_key(two_months(), &TestKey::named("deputy")).to_string();
    let with_party = |keys: &str| format!("quorum none\nparty {keys}\n");
    vec![
        unmet("nobody-cosigned", "G-5", honest(), with(&[]), "policy-unmet"),
        unmet("one-member-of-all-missing", "G-5", honest(), with(&["w2", "w3"]), "policy-unmet"),
        unmet("no-member-of-a-group", "G-5", honest(), with(&["w1"]), "policy-unmet"),
        unmet("cosigned-by-a-stranger", "G-5", honest(), with(&["w1", "w4"]), "policy-unmet"),
        unmet("no-checkpoint", "G-5", honest(), json!({"ledger": "two-months"}), "policy-unmet"),
        unmet(
            "log-without-a-checkpoint",
            "G-5",
            format!("log {}\nquorum none\n", log()),
            json!({"ledger": "two-months"}),
            "policy-unmet",
        ),
        unmet(
            "another-log",
            "G-5",
            replaced(&honest(), &format!("log {}", log()), &format!("log {thief}")),
            both(),
            "policy-log",
        ),
        unmet(
            "committee-by-another-key",
            "G-6",
            replaced(&honest(), &format!("committee 1 {}", chair()), &format!("committee 1 {thief}")),
            both(),
            "policy-party",
        ),
        unmet(
            "key-of-another-party",
            "G-6",
            with_party(&format!("supervisor 1 {}", chair())),
            with(&[]),
            "policy-party",
        ),
        unmet(
            "one-of-two-keys-unknown",
            "G-6",
            with_party(&format!("committee 2 {} {thief}", chair())),
            with(&[]),
            "policy-party",
        ),
        unmet(
            "key-that-did-not-approve-the-close",
            "G-6",
            with_party(&format!("committee 1 {deputy}")),
            with(&[]),
            "policy-party",
        ),
        unmet(
            "another-ledger",
            "I-2",
            replaced(&honest(), &identity(two_months()).to_string(), &nobody_s().to_string()),
            both(),
            "identity-other",
        ),
        unmet("cosignature-of-a-named-witness-bad", "N-6", honest(), spoiled(), "note-signature-bad"),
    ]
}

/// The checkpoint with one witness's cosignature taken from another time.
fn spoiled() -> Value {
    let note = cosigned(&["w1"]);
    let line = note.lines().last().expect("lines").to_owned();
    let changed = super::checkpoints::repacked(&line, |payload| payload[11] ^= 1);
    json!({"checkpoint": replaced(&note, &line, &changed), "ledger": "two-months"})
}
