//! What a dishonest trustee, an ousted committee or both would hand out: each is refused, or named in the right
//! words, in both languages.

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

use std::path::{Path, PathBuf};

use desk::{Answer, answer, xinyi};
use serde_json::{Value, json};
use tempfile::TempDir;
use xinyi_core::{
    Anchor, Anchored, Approval, Kind, Sign as _, Size, Sizes as _, StatementHeader, VerifierKey,
};
use xinyi_testkit::{Community, Seal, TestKey};

fn income(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

fn size(number: u64) -> Size {
    Size::new(number).unwrap()
}

/// March and April closed, a deputy's key admitted below April's first line, entries of the next month early.
fn story() -> Community {
    let mut community = Community::property_trust("2026-03");
    community.record("2026-03-02", Kind::Income, Seal::Trustee, income("3.00"));
    admit(&mut community, "2026-03-03", "deputy", &[]);
    community.record("2026-04-01", Kind::Income, Seal::Trustee, income("5.00"));
    community.close_month("2026-03", "2026-04-02");
    community.record("2026-04-20", Kind::Income, Seal::Trustee, income("6.00"));
    community.close_month("2026-04", "2026-05-02");
    community.record("2026-05-03", Kind::Income, Seal::Trustee, income("7.00"));
    community
}

/// A key of the committee comes, and these go.
fn admit(community: &mut Community, date: &str, name: &str, retired: &[TestKey]) {
    let key = TestKey::named(name);
    let mut retire: Vec<_> = retired.iter().map(|key| key.public_key().id()).collect();
    retire.sort_unstable();
    let data = json!({
        "add": [{"holder": name, "key": key.public_key(), "party": "committee", "term": {"from": "2000-01-01"}, "uses": ["approve"]}],
        "party": "committee", "register": community.replay.register().unwrap().digest(),
        "retire": retire, "revoke": [],
    });
    let content = community.content(date, Kind::Keys, data);
    community.now = community.now.max(format!("{date}T05:00:00Z").parse().unwrap());
    let approvals = [&Community::committee(), &key].map(|key| Approval::sign(&content, key));
    community.put(content, approvals.to_vec()).unwrap();
}

/// A place for the files that the reader of this test holds.
struct Reader {
    dir: TempDir,
}

impl Reader {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The identity that the reader was given.
    fn identity(&self, community: &Community) -> PathBuf {
        self.file("identity.txt", community.replay.founding().unwrap().identity.to_string())
    }

    /// What the reader kept after this size.
    fn anchor(&self, community: &Community, at: u64) -> PathBuf {
        let founding = community.replay.founding().unwrap();
        let register = community.register(size(at)).unwrap();
        let mut anchor = Anchor::new(founding.identity, founding.origin.parse().unwrap(), register);
        let root = community.root(size(at)).unwrap();
        anchor.accept(Anchored { root, size: size(at) }, register).unwrap();
        self.file("anchor.json", anchor.encode())
    }

    /// Verifier keys of these names for trustee and committee.
    fn keys(&self, community: &Community, committee: &str) -> PathBuf {
        let origin = &community.replay.founding().unwrap().origin;
        let line = |name: &str, key: &TestKey| VerifierKey::new(name, key.public_key()).unwrap().to_string();
        let trustee = line(origin, &Community::trustee());
        self.file("keys.txt", format!("{trustee}\n{}\n", line("committee", &TestKey::named(committee))))
    }
}

fn run(lang: &str, command: &str, paths: &[&Path], options: &[(&str, &Path)]) -> Answer {
    let mut program = xinyi();
    program.args([command, "--lang", lang]).args(paths);
    for (name, path) in options {
        program.arg(name).arg(path);
    }
    answer(&mut program)
}

/// A text of the product, by its id.
fn text(lang: &str, id: &str) -> String {
    let file = if lang == "en" { "en" } else { "zh-CN" };
    let path = format!("{}/i18n/{file}/xinyi-cli.ftl", env!("CARGO_MANIFEST_DIR"));
    let texts = std::fs::read_to_string(path).unwrap();
    let line = texts
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{id} = ")))
        .unwrap_or_else(|| panic!("{id}"));
    line.trim_start_matches("{ \"\" }").trim().split('{').next().unwrap().trim().to_owned()
}

/// The file is refused as not authentic, with this code, a sentence and a next step in both languages.
fn refused(what: &str, file: &Path, options: &[(&str, &Path)], code: &str) {
    for lang in ["en", "zh"] {
        let told = run(lang, "check", &[file], options);
        let said = told.stdout + &told.stderr;
        assert_eq!(told.status, 3, "{what}: {said}");
        assert!(said.contains(&format!("[{code}]")), "{what}: {said}");
        assert!(said.contains(&text(lang, "word-help")), "{what}: no next step: {said}");
        if lang == "zh" {
            assert!(said.contains(&text(lang, &format!("err-{code}"))), "{what}: {said}");
        }
        let figures = ["bank", &text(lang, "figures-closed")];
        assert!(figures.iter().all(|figure| !said.contains(figure)), "{what}: figures of a forgery: {said}");
    }
}

/// The file is accepted as authentic, and the answer holds this text in both languages.
fn named(what: &str, command: &str, paths: &[&Path], options: &[(&str, &Path)], status: i32, id: &str) {
    for lang in ["en", "zh"] {
        let told = run(lang, command, paths, options);
        let said = told.stdout + &told.stderr;
        assert_eq!(told.status, status, "{what}: {said}");
        assert!(said.contains(&text(lang, id)), "{what}: `{}` is not in {said}", text(lang, id));
    }
}

/// A statement with a changed first line.
fn changed(community: &Community, period: &str, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut header = serde_json::to_value(community.statement_header(period, None)).unwrap();
    change(&mut header);
    let header: StatementHeader = serde_json::from_value(header).unwrap();
    let honest = community.statement(period);
    let lines = honest.iter().position(|byte| *byte == b'\n').unwrap();
    [header.encode().as_bytes(), &honest[lines..]].concat()
}

#[test]
fn a_header_with_the_forger_s_own_register_and_closes() {
    let (reader, honest) = (Reader::new(), story());
    let mut genesis = Community::genesis_json("2026-03");
    genesis["nonce"] = json!("22".repeat(32));
    let mut forged = Community::with_genesis(genesis);
    forged.record("2026-04-01", Kind::Income, Seal::Trustee, income("0.05"));
    forged.close_month("2026-03", "2026-04-02");
    forged.close_month("2026-04", "2026-05-02");
    let file = reader.file("forged", forged.statement("2026-04"));
    let identity = reader.identity(&honest);
    refused("another ledger by all its own keys", &file, &[("--identity", &identity)], "identity-other");
    let keys = reader.keys(&honest, "deputy");
    refused("a ledger that never admitted the deputy", &file, &[("--trust", &keys)], "keys-other");
}

#[test]
fn authority_left_out_or_stale_and_a_change_of_keys_hidden_in_the_file() {
    let (reader, mut community) = (Reader::new(), story());
    let identity = reader.identity(&community);
    let options = [("--identity", identity.as_path())];
    let without = changed(&community, "2026-04", |header| {
        header["authority"].as_array_mut().unwrap().pop();
    });
    refused("a keys entry left out of the path", &reader.file("f", without), &options, "close-register");
    // Keys that come between `next` and `size`: the line is left out of the file.
    admit(&mut community, "2026-05-04", "second", &[]);
    community.close_month("2026-05", "2026-06-02");
    let may = community.statement("2026-05");
    let hidden: Vec<u8> = may
        .split_inclusive(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(place, line)| *place == 0 || !String::from_utf8_lossy(line).contains("\"kind\":\"keys\""))
        .flat_map(|(_, line)| line.to_vec())
        .collect();
    refused(
        "a register change hidden between next and size",
        &reader.file("f", hidden),
        &options,
        "index-wrong",
    );
    let mut deed = Community::deed_json("2026-06");
    deed["fees"][0]["rates"][0]["rate"] = json!("30/100");
    let previous = community.replay.months().unwrap().deeds().last().unwrap().digest;
    community.record("2026-06-04", Kind::Deed, Seal::Both, json!({"deed": deed, "previous": previous}));
    community.record("2026-07-01", Kind::Income, Seal::Trustee, income("1.00"));
    community.close_month("2026-06", "2026-07-02");
    community.close_month("2026-07", "2026-08-02");
    let stale = changed(&community, "2026-07", |header| {
        let path = header["authority"].as_array_mut().unwrap();
        path.retain(|line| !line["line"].as_str().unwrap().contains("\"kind\":\"deed\""));
    });
    refused("a stale deed", &reader.file("f", stale), &options, "close-deeds");
}

#[test]
fn a_first_line_set_one_too_high_other_figures_and_two_closes_of_one_month() {
    let (reader, mut community) = (Reader::new(), story());
    let identity = reader.identity(&community);
    let options = [("--identity", identity.as_path())];
    let high = |header: &mut Value| {
        let from = header["from"].as_u64().unwrap() + 1;
        header["from"] = json!(from);
        header["previous"]["next"] = json!(from);
        let frontier = story().archive();
        header["frontier"] =
            json!(xinyi_core::Subtrees::frontier(frontier.tree(), size(from)).unwrap().hashes());
        header["authority"] = json!([]);
    };
    refused(
        "next one too high",
        &reader.file("f", changed(&community, "2026-04", high)),
        &options,
        "path-order",
    );
    let figures = changed(&community, "2026-04", |header| {
        header["previous"]["holdings"] =
            json!([{"account": "bank", "balance": "9.00", "fund": "shared", "held": "0.00"}]);
    });
    refused("carried figures changed", &reader.file("f", figures), &options, "statement-previous");
    let again = community.close_at(
        "2026-04".parse().unwrap(),
        community.replay.size(),
        xinyi_core::Hash::digest(b"x"),
    );
    let content = community.content("2026-05-04", Kind::Close, serde_json::to_value(again).unwrap());
    let approvals = vec![Approval::sign(&content, &Community::committee())];
    let now = "2026-05-04T05:00:00Z".parse().unwrap();
    let line = community.replay.prepare(content, approvals).record(now, &Community::trustee()).unwrap();
    let ledger = [community.file(), line, b"\n".to_vec()].concat();
    refused("two closes of one month", &reader.file("f", ledger), &options, "close-order");
}

#[test]
fn a_skipped_month_is_not_linked_and_the_missing_statement_is_named() {
    let (reader, mut community) = (Reader::new(), story());
    community.close_month("2026-05", "2026-06-02");
    let (anchor, may) = (reader.anchor(&community, 4), reader.file("may", community.statement("2026-05")));
    let options = [("--trust", anchor.as_path())];
    named("April was skipped", "verify", &[&may], &options, 0, "trust-anchor-unlinked");
    let said = run("en", "verify", &[&may], &options).stdout;
    assert!(said.contains("the statement of 2026-04"), "{said}");
}

/// Both parties' former keys write another past from before the hand-over.
#[test]
fn the_ousted_committee_and_the_trustee_rewrite_the_past() {
    let reader = Reader::new();
    let mut honest = story();
    admit(&mut honest, "2026-05-05", "new-chair", &[Community::committee(), TestKey::named("deputy")]);
    let mut forged = story();
    forged.record("2026-05-06", Kind::Income, Seal::Trustee, income("0.01"));
    forged.close_month("2026-05", "2026-06-02");
    let file = reader.file("forged", forged.statement("2026-05"));
    let anchor = reader.anchor(&honest, 9);
    refused("against the anchor", &file, &[("--trust", &anchor)], "anchor-fork");
    let keys = reader.keys(&honest, "new-chair");
    refused("against the new committee's key", &file, &[("--trust", &keys)], "keys-other");
    let identity = reader.identity(&honest);
    named("by the identity alone", "verify", &[&file], &[("--identity", &identity)], 0, "unique-unknown");
}

/// The trustee alone keeps a second history for one resident.
/// Two histories of the same keys part in April. Whoever holds an anchor of one is handed May of the other, which
/// shows no size that the anchor has: it must not move the anchor, from either side.
#[test]
fn an_unlinked_month_of_a_fork_moves_no_anchor_in_either_direction() {
    let history = |amount: &str| {
        let mut community = story();
        community.record("2026-05-04", Kind::Income, Seal::Trustee, income(amount));
        community.close_month("2026-05", "2026-06-02");
        community.record("2026-06-03", Kind::Income, Seal::Trustee, income("1.00"));
        community.close_month("2026-06", "2026-07-02");
        community
    };
    let (one, other) = (history("8.00"), history("9.00"));
    for (honest, fork) in [(&one, &other), (&other, &one)] {
        let reader = Reader::new();
        let anchor = reader.anchor(honest, 4);
        let before = std::fs::read(&anchor).unwrap();
        let june = reader.file("june.statement", fork.statement("2026-06"));
        for lang in ["en", "zh"] {
            let told = run(lang, "anchor", &[&anchor, &june], &[]);
            assert!(told.status == 4 && told.stderr.contains("[anchor-unlinked]"), "{}", told.stderr);
            assert!(told.stderr.contains(&text(lang, "help-anchor-unlinked")), "{}", told.stderr);
        }
        assert_eq!(std::fs::read(&anchor).unwrap(), before, "nothing was kept");
        named("an unlinked month", "verify", &[&june], &[("--trust", &anchor)], 0, "verdict-unlinked");
        let april = reader.file("april.statement", honest.statement("2026-04"));
        let kept = run("en", "anchor", &[&anchor, &april], &[]);
        assert_eq!(kept.status, 0, "{}{}", kept.stdout, kept.stderr);
        let may = reader.file("may.statement", honest.statement("2026-05"));
        assert_eq!(run("en", "anchor", &[&anchor, &may], &[]).status, 0);
        let forked = reader.file("may-of-the-fork.statement", fork.statement("2026-05"));
        refused("May of the fork", &forked, &[("--trust", &anchor)], "anchor-fork");
        assert_eq!(run("en", "anchor", &[&anchor, &forked], &[]).status, 3);
    }
}

#[test]
fn a_private_fork_with_a_receipt_for_one_resident() {
    let reader = Reader::new();
    let mut honest = story();
    honest.close_month("2026-05", "2026-06-02");
    let mut private = story();
    private.record("2026-05-04", Kind::Income, Seal::Trustee, income("400.00"));
    let index = 8;
    let receipt = reader.file("receipt", private.receipt(index, size(9), &[]).to_string());
    let identity = reader.identity(&honest);
    let options = [("--identity", identity.as_path())];
    named("the resident's receipt", "verify", &[&receipt], &options, 0, "receipt-says-so");
    let may = reader.file("may", honest.statement("2026-05"));
    named("beside a neighbour's statement", "compare", &[&receipt, &may], &options, 1, "compare-fork");
    let anchor = reader.anchor(&honest, 9);
    for lang in ["en", "zh"] {
        let told = run(lang, "verify", &[&receipt], &[("--trust", &anchor)]);
        assert!(told.status == 3 && told.stderr.contains("anchor-fork"), "{}{}", told.stdout, told.stderr);
    }
}

/// An anchor of another size than the receipt shows says nothing of its history.
#[test]
fn a_receipt_that_connects_with_nothing_is_not_said_to_be_in_the_books() {
    let (reader, mut community) = (Reader::new(), story());
    community.close_month("2026-05", "2026-06-02");
    let anchor = reader.anchor(&community, 9);
    let receipt = reader.file("receipt", community.receipt(1, size(5), &[]).to_string());
    let options = [("--trust", anchor.as_path())];
    named("an unlinked receipt", "verify", &[&receipt], &options, 0, "verdict-unlinked");
    named("an unlinked receipt", "verify", &[&receipt], &options, 0, "link-missing-receipt");
    let told = run("en", "verify", &[&receipt], &[("--trust", &anchor), ("--format", Path::new("json"))]);
    assert_eq!(told.json()["receipt"]["in_the_books"], false, "{}", told.stdout);
    assert!(!told.stdout.contains("IN THE BOOKS:"), "{}", told.stdout);
}

/// More entries since the last close than the replay keeps roots of.
#[test]
fn a_long_open_month_leaves_the_checkpoint_before_it_good() {
    let (reader, mut community) = (Reader::new(), story());
    let size = community.entries[6].index().size_after();
    let note = community.checkpoint(size);
    for _ in 0..4_100 {
        community.record("2026-05-04", Kind::Income, Seal::Trustee, income("0.01"));
    }
    let ledger = reader.dir.path().join("ledger");
    std::fs::create_dir_all(ledger.join("checkpoints")).unwrap();
    std::fs::write(ledger.join("entries.jsonl"), community.file()).unwrap();
    std::fs::write(ledger.join("checkpoints").join(size.to_string()), note).unwrap();
    let identity = reader.identity(&community);
    let told = run("en", "verify", &[&ledger], &[("--identity", &identity)]);
    assert_eq!(told.status, 0, "{}{}", told.stdout, told.stderr);
    assert!(told.stdout.contains(&format!("The signed checkpoint of {size}")), "{}", told.stdout);
}

/// A checkpoint names an origin, and anyone may use any.
#[test]
fn an_identity_is_not_passed_over_where_it_cannot_be_judged() {
    let (reader, community) = (Reader::new(), story());
    let note = reader.file("note", community.checkpoint(size(5)));
    let (keys, identity) = (reader.keys(&community, "committee"), reader.identity(&community));
    let options = [("--trust", keys.as_path()), ("--identity", identity.as_path())];
    named("a bare checkpoint", "verify", &[&note], &options, 4, "checkpoint-identity");
    let anchor = reader.anchor(&community, 5);
    let options = [("--trust", keys.as_path()), ("--identity", &identity), ("--trust", &anchor)];
    named("with an anchor of that ledger", "verify", &[&note], &options, 0, "trust-anchor");
}

#[test]
fn a_receipt_whose_entry_was_reversed_the_next_day() {
    let (reader, mut community) = (Reader::new(), story());
    let receipt = reader.file("receipt", community.receipt(1, size(5), &[]).to_string());
    let target = community.entries[1].link();
    community.record("2026-05-04", Kind::Reversal, Seal::Both, json!({"reason": "wrong", "target": target}));
    let identity = reader.identity(&community);
    for lang in ["en", "zh"] {
        let said = run(lang, "verify", &[&receipt], &[("--identity", &identity)]).stdout;
        let limit = if lang == "en" {
            "a later reversal is not visible here"
        } else {
            "此后如被冲销，这里看不到"
        };
        assert!(said.contains(limit) && said.contains(&text(lang, "receipt-closed")), "{said}");
        assert!(said.contains(&text(lang, "receipt-not-shown-whose")), "{said}");
    }
}

/// The recorder does not record its own replacement, and goes on with lines of its own.
#[test]
fn a_recovery_blocked_by_a_line_of_the_old_recorder() {
    let reader = Reader::new();
    let (mut old, mut new) = (story(), story());
    let recorder = TestKey::named("new-recorder");
    let (at, root) = (new.replay.size(), new.replay.root());
    let data = json!({
        "add": [{"holder": "new-recorder", "key": recorder.public_key(), "party": "trustee", "term": {"from": "2000-01-01"}, "uses": ["approve", "log", "record"]}],
        "party": "trustee", "reason": "the recorder is silent", "register": new.replay.register().unwrap().digest(),
        "retire": [Community::trustee().public_key().id()], "root": root, "size": at,
    });
    let content = new.content("2026-05-05", Kind::Recovery, data);
    let approvals =
        [Community::committee(), Community::supervisor()].map(|key| Approval::sign(&content, &key));
    let now = "2026-05-05T04:00:00Z".parse().unwrap();
    let line = new.replay.prepare(content, approvals.to_vec()).record(now, &recorder).unwrap();
    new.push(line).unwrap();
    old.record("2026-05-05", Kind::Income, Seal::Trustee, income("6.00"));
    let identity = reader.identity(&old);
    let options = [("--identity", identity.as_path())];
    let (one, other) = (reader.file("old.jsonl", old.file()), reader.file("new.jsonl", new.file()));
    named("the recovery is the history", "compare", &[&one, &other], &options, 1, "compare-recovered");
    for lang in ["en", "zh"] {
        let dir = reader.dir.path().join(lang);
        let rebuilt = run(lang, "recover", &[&dir], &[("--from", &one), ("--from", &other), options[0]]);
        assert_eq!((rebuilt.status, std::fs::read(dir.join("entries.jsonl")).ok()), (1, Some(new.file())));
        assert!(rebuilt.stdout.contains(&text(lang, "recover-void")), "{}", rebuilt.stdout);
    }
    // After a close by both that covers the place, the recovery comes too late.
    old.close_month("2026-05", "2026-06-02");
    let one = reader.file("old.jsonl", old.file());
    let late =
        run("en", "recover", &[&reader.dir.path().join("late")], &[("--from", &one), ("--from", &other)]);
    assert!(late.status == 3 && late.stderr.contains("recover-fork"), "{}", late.stderr);
    named("a recovery below a close", "compare", &[&one, &other], &options, 1, "compare-fork");
    let anchor = reader.anchor(&old, 9);
    refused("a recovery below the reader's anchor", &other, &[("--trust", &anchor)], "anchor-fork");
}

#[test]
fn an_order_approved_in_march_and_paid_in_october_is_found_in_october_s_own_file() {
    let (reader, mut community) = (Reader::new(), Community::property_trust("2026-03"));
    let payee = json!({"class": "organisation", "name": "made up", "payee": "lift", "related": false});
    community.record("2026-03-02", Kind::Payee, Seal::Trustee, payee);
    let order = json!({"amount": "12000.00", "fund": "shared", "payee": "lift", "purpose": "new ropes", "until": "2026-04-30"});
    let order = community.record("2026-03-03", Kind::Order, Seal::Both, order);
    for month in 3..=9 {
        community.close_month(&format!("2026-{month:02}"), &format!("2026-{:02}-02", month + 1));
    }
    let paid = json!({"account": "bank", "amount": "12000.00", "category": "repair", "fund": "shared", "order": order.link(), "payee": "lift"});
    community.record("2026-10-05", Kind::Expense, Seal::Trustee, paid);
    community.close_month("2026-10", "2026-11-02");
    let file = reader.file("october", community.statement("2026-10"));
    let identity = reader.identity(&community);
    let told = run("en", "check", &[&file], &[("--identity", &identity)]);
    assert_eq!(told.status, 1, "{}{}", told.stdout, told.stderr);
    assert!(
        told.stdout.contains("error[SG-02]") && told.stdout.contains("lacks the approval of committee"),
        "{}",
        told.stdout
    );
}
