//! Vectors for evidence of a fork.

use serde_json::{Value, json};
use xinyi_core::{Approval, Contradiction, ForkEvidence, Hash, Index, Kind, ProvenLeaf, Sign as _};
use xinyi_testkit::{Community, Seal, TestKey};

use super::Excerpt;
use super::ledgers::{recovery, recovery_content};
use super::story::{
    admission, digit_changed, identity, income, line, nobody_s, origin, raw_line, replaced, signed, size,
    story_to,
};

/// One history that goes on with two incomes after the first three lines, and another that goes on otherwise.
fn forked() -> (Community, Community) {
    let (mut one, mut other) = (story_to(3), story_to(3));
    one.record("2026-03-22", Kind::Income, Seal::Trustee, income("6.00"));
    other.record("2026-03-22", Kind::Income, Seal::Trustee, income("7.00"));
    one.record("2026-03-23", Kind::Income, Seal::Trustee, income("8.00"));
    (one, other)
}

fn authority() -> Vec<String> {
    vec![line(&story_to(3), 0)]
}

fn of(contradiction: Contradiction) -> String {
    ForkEvidence::new(identity(&story_to(3)), authority(), contradiction).encode()
}

fn two_lines() -> String {
    let (one, other) = forked();
    of(Contradiction::Lines([line(&one, 3), line(&other, 3)]))
}

fn two_notes() -> [String; 2] {
    let (one, other) = forked();
    [one.checkpoint(size(4)), other.checkpoint(size(4))]
}

fn leaf(community: &Community, at: u64) -> ProvenLeaf {
    let receipt = community.receipt(3, size(at), &[]);
    ProvenLeaf { checkpoint: receipt.checkpoint, leaf: community.entries[3].leaf(), path: receipt.path }
}

fn leaves() -> [ProvenLeaf; 2] {
    let (one, other) = forked();
    [leaf(&one, 5), leaf(&other, 4)]
}

fn place(index: u64) -> Index {
    Index::new(index).expect("small")
}

fn with() -> Value {
    json!({"identity": identity(&story_to(3))})
}

fn bad(id: &'static str, clause: &'static str, file: String, code: &'static str) -> Excerpt {
    Excerpt::bad(id, clause, file, &with(), code)
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let leaves = of(Contradiction::Leaves { index: place(3), leaves: leaves() });
    let mut cases = vec![
        Excerpt::good("two-lines-of-one-index", &["J-1", "J-3"], two_lines(), with()),
        Excerpt::good("two-roots-of-one-size", &["J-1"], of(Contradiction::Checkpoints(two_notes())), with()),
        Excerpt::good("two-leaves-under-signed-roots", &["J-1"], leaves, json!({})),
        Excerpt::good("a-recovery-that-no-quorum-approved", &["J-4"], claimed_recovery(), json!({})),
    ];
    cases.extend(form_faults());
    cases.extend(line_faults());
    cases.extend(authority_faults());
    cases.extend(later_faults());
    cases.extend(checkpoint_faults());
    cases.extend(leaf_faults());
    cases
}

fn form_faults() -> Vec<Excerpt> {
    let text = two_lines();
    let j = |id, file: String, code| bad(id, "J-2", file, code);
    vec![
        j("another-mark", replaced(&text, "evidence-v1", "evidence-v2"), "evidence-form"),
        j("line-feed-missing", text.trim_end().to_owned(), "evidence-form"),
        Excerpt { file: vec![(vec![0xFF, b'\n'], 1)], ..j("not-utf8", String::new(), "evidence-form") },
        j("not-json", "evidence\n".to_owned(), "json-malformed"),
        j("blank-between", replaced(&text, "\"contradiction\":", "\"contradiction\": "), "not-canonical"),
        j("field-unknown", replaced(&text, "{", "{\"a\":1,"), "field-unknown"),
        j("authority-missing", replaced(&text, "\"authority\":", "\"authorities\":"), "field-unknown"),
        j(
            "identity-missing",
            replaced(&text, &format!(",\"identity\":\"{}\"", identity(&story_to(3))), ""),
            "field-missing",
        ),
        j("identity-too-short", replaced(&text, &identity(&story_to(3)).to_string(), "12"), "hex-invalid"),
        j(
            "authority-as-text",
            replaced(&text, "\"authority\":[", "\"authority\":\"\",\"b\":["),
            "type-wrong",
        ),
    ]
}

fn line_faults() -> Vec<Excerpt> {
    let (one, other) = forked();
    let lines = |a: String, b: String| of(Contradiction::Lines([a, b]));
    let (a, b) = (line(&one, 3), line(&other, 3));
    let mut community = story_to(3);
    community.clock("2026-03-22T04:00:00Z");
    let content = community.named("2026-03-22", "forged", Kind::Income, income("9.00"));
    let forged = raw_line(&community, content, Vec::new(), &TestKey::named("stranger"));
    vec![
        bad("one-line-twice", "J-3", lines(a.clone(), a.clone()), "evidence-compatible"),
        bad("lines-of-two-places", "J-3", lines(a.clone(), line(&one, 4)), "evidence-compatible"),
        bad(
            "amount-changed",
            "J-3",
            lines(a.clone(), replaced(&b, "\"7.00\"", "\"9.00\"")),
            "recorder-signature",
        ),
        bad(
            "signature-changed",
            "J-3",
            lines(a.clone(), digit_changed(&b, "\"sig\":\"")),
            "recorder-signature",
        ),
        bad("recorded-by-a-stranger", "J-3", lines(a.clone(), forged), "recorder-key"),
        bad("line-that-is-none", "J-2", lines(a.clone(), "no line".to_owned()), "json-malformed"),
        bad("line-of-another-ledger", "J-3", lines(a, elsewhere()), "ledger-other"),
        bad("one-is-a-recovery", "J-4", recovered(), "evidence-recovered"),
        bad("lines-by-two-keys", "J-3", by_two_keys(), "evidence-keys"),
        Excerpt {
            with: json!({"identity": nobody_s()}),
            ..bad("of-another-ledger-than-asked-for", "I-2", two_lines(), "identity-other")
        },
    ]
}

/// Line 3 of a ledger with another genesis.
fn elsewhere() -> String {
    line(&super::story::another_ledger(), 4).replacen("\"index\":4", "\"index\":3", 1)
}

fn recovered() -> String {
    let (old, new) = (recovery(false), recovery(true));
    let authority = [0, 3, 4, 9].map(|index| line(&old, index)).to_vec();
    ForkEvidence::new(identity(&old), authority, Contradiction::Lines([line(&old, 12), line(&new, 12)]))
        .encode()
}

/// A second line that its recorder calls a recovery, with nobody's approval.
fn claimed_recovery() -> String {
    let (mut community, (one, _)) = (story_to(3), forked());
    let data = json!({
        "add": [], "party": "committee", "reason": "none", "register": community.replay.register().expect("a genesis").digest(),
        "retire": [], "root": community.replay.root(), "size": 3,
    });
    community.clock("2026-03-22T04:00:00Z");
    let content = community.content("2026-03-22", Kind::Recovery, data);
    let claimed = raw_line(&community, content, Vec::new(), &Community::trustee());
    of(Contradiction::Lines([line(&one, 3), claimed]))
}

/// Two lines by two recording keys of the trustee: whether one had ended, the lines of authority need not show.
fn by_two_keys() -> String {
    let mut community = story_to(3);
    let deputy = TestKey::named("second-recorder");
    let register = community.replay.register().expect("a genesis").digest();
    let grant = json!({
        "holder": "second-recorder", "key": deputy.public_key(), "party": "trustee",
        "term": {"from": "2026-01-01"}, "uses": ["approve", "log", "record"],
    });
    let data = json!({"add": [grant], "party": "trustee", "register": register, "retire": [], "revoke": []});
    community.clock("2026-03-22T04:00:00Z");
    let content = community.content("2026-03-22", Kind::Keys, data);
    let approvals = [&deputy, &Community::committee()].map(|key| Approval::sign(&content, key));
    community.put(content, approvals.to_vec()).expect("a change of keys");
    let side = |amount: &str, key: &TestKey| {
        let content = community.named("2026-03-22", "side", Kind::Income, income(amount));
        raw_line(&community, content, Vec::new(), key)
    };
    let lines = Contradiction::Lines([side("6.00", &Community::trustee()), side("7.00", &deputy)]);
    let authority = vec![line(&community, 0), line(&community, 3)];
    ForkEvidence::new(identity(&community), authority, lines).encode()
}

fn authority_faults() -> Vec<Excerpt> {
    let (one, other) = forked();
    let lines = || Contradiction::Lines([line(&one, 3), line(&other, 3)]);
    let by = |authority: Vec<String>| ForkEvidence::new(identity(&one), authority, lines()).encode();
    let genesis = line(&one, 0);
    vec![
        bad("no-authority", "J-2", by(vec![]), "path-order"),
        bad("authority-without-genesis", "Q-3", by(vec![line(&one, 1)]), "index-wrong"),
        bad("genesis-twice", "Q-2", by(vec![genesis.clone(), genesis.clone()]), "path-order"),
        bad("authority-line-of-another-kind", "Q-3", by(vec![genesis.clone(), line(&one, 1)]), "path-kind"),
        bad(
            "authority-line-that-is-none",
            "J-2",
            by(vec![genesis.clone(), "no line".to_owned()]),
            "json-malformed",
        ),
        bad(
            "another-ledger-s-genesis",
            "I-2",
            by(vec![line(&super::story::another_ledger(), 0)]),
            "identity-other",
        ),
        bad("authority-from-the-contested-place-on", "J-3", contested(), "evidence-compatible"),
        bad(
            "authority-line-of-the-future",
            "Q-3",
            by(vec![genesis.clone(), keys_line("2026-03-29")]),
            "date-in-future",
        ),
        bad(
            "authority-line-before-the-first-month",
            "Q-3",
            by(vec![genesis, keys_line("2026-02-27")]),
            "date-before-first",
        ),
    ]
}

/// Deeds and a recovery of which the line alone, with the path before it, tells that they are none.
fn later_faults() -> Vec<Excerpt> {
    let whole = story_to(12);
    let by = |indices: &[usize], last: String| {
        let authority = indices.iter().map(|index| line(&whole, *index)).chain([last]).collect();
        let (one, other) = forked();
        let lines = Contradiction::Lines([line(&one, 3), line(&other, 3)]);
        ForkEvidence::new(identity(&whole), authority, lines).encode()
    };
    let deed = |first: &str, previous: Value| {
        let mut community = story_to(4);
        let mut deed = Community::deed_json("2026-05");
        deed["first"] = json!(first);
        let content =
            community.content("2026-03-21", Kind::Deed, json!({"deed": deed, "previous": previous}));
        let approval = Approval::sign(&content, &Community::committee());
        raw_line(&community, content, vec![approval], &Community::trustee())
    };
    let last = whole.replay.months().expect("a genesis").deeds()[0].digest;
    let mut community = story_to(12);
    community.clock("2026-05-07T04:00:00Z");
    let (content, approvals, key) = recovery_content(&mut community, size(11));
    let older_tip = raw_line(&community, content, approvals, &key);
    vec![
        bad(
            "deed-that-changes-another",
            "A-8",
            by(&[0, 3], deed("2026-05-01", json!(nobody_s()))),
            "deed-stale",
        ),
        bad("deed-from-mid-month", "A-8", by(&[0, 3], deed("2026-05-02", json!(last))), "deed-start"),
        bad("recovery-of-an-older-tip", "Q-3", by(&[0, 3, 4, 9], older_tip), "recovery-tip"),
        bad("change-of-keys-left-out", "Q-3", by(&[0, 4], line(&whole, 9)), "register-stale"),
    ]
}

/// A change of keys at index 2, dated so, recorded in the night of 2026-03-02.
fn keys_line(date: &str) -> String {
    let mut community = story_to(2);
    let (content, approvals) = admission(&mut community, date, &TestKey::named("deputy"));
    raw_line(&community, content, approvals, &Community::trustee())
}

/// Two lines at 2, with a change of keys at 3 among the lines of authority.
fn contested() -> String {
    let whole = story_to(4);
    let other = {
        let mut other = story_to(2);
        other.record("2026-03-20", Kind::Income, Seal::Trustee, income("9.00"));
        line(&other, 2)
    };
    let authority = vec![line(&whole, 0), line(&whole, 3)];
    ForkEvidence::new(identity(&whole), authority, Contradiction::Lines([line(&whole, 2), other])).encode()
}

fn checkpoint_faults() -> Vec<Excerpt> {
    let [a, b] = two_notes();
    let notes = |a: &String, b: &String| of(Contradiction::Checkpoints([a.clone(), b.clone()]));
    let (one, other) = forked();
    let root = other.archive().root(size(4)).expect("a root");
    let by = |name: &str, key: &TestKey| signed(name, root, 4, key);
    let signature = b.lines().last().expect("lines").to_owned();
    let spoiled = super::checkpoints::repacked(&signature, |payload| payload[9] ^= 1);
    vec![
        bad("one-root-twice", "J-3", notes(&a, &a), "evidence-compatible"),
        bad("roots-of-two-sizes", "J-3", notes(&one.checkpoint(size(5)), &b), "evidence-compatible"),
        bad(
            "root-of-another-origin",
            "J-3",
            notes(&a, &by("example.org/other", &Community::trustee())),
            "note-unsigned",
        ),
        bad(
            "root-signed-by-a-stranger",
            "J-3",
            notes(&a, &by(&origin(&one), &TestKey::named("stranger"))),
            "note-unsigned",
        ),
        bad(
            "root-s-signature-flipped",
            "J-3",
            notes(&a, &replaced(&b, &signature, &spoiled)),
            "note-signature-bad",
        ),
        bad("checkpoint-that-is-none", "J-2", notes(&a, &"no note".to_owned()), "note-malformed"),
        bad(
            "checkpoint-signed-twice",
            "N-5",
            notes(&a, &format!("{b}{signature}\n")),
            "note-signature-twice",
        ),
    ]
}

fn leaf_faults() -> Vec<Excerpt> {
    let with = |index: u64, change: &dyn Fn(&mut [ProvenLeaf; 2])| {
        let mut leaves = leaves();
        change(&mut leaves);
        of(Contradiction::Leaves { index: place(index), leaves })
    };
    let (one, _) = forked();
    vec![
        bad("one-leaf-twice", "J-3", with(3, &|leaves| leaves[1] = leaves[0].clone()), "evidence-compatible"),
        bad("leaf-of-another-path", "J-3", with(3, &|leaves| leaves[0].path[0] = nobody_s()), "proof-root"),
        bad(
            "leaf-that-lies-nowhere",
            "J-3",
            with(3, &|leaves| leaves[1].leaf = Hash::leaf(b"x")),
            "proof-root",
        ),
        bad(
            "leaf-with-a-long-path",
            "J-3",
            with(3, &|leaves| leaves[1].path.push(nobody_s())),
            "proof-length",
        ),
        bad("leaf-beyond-its-tree", "J-3", with(5, &|_| {}), "proof-range"),
        bad(
            "leaf-under-a-root-nobody-signed",
            "J-3",
            with(3, &|leaves| {
                leaves[1].checkpoint = signed(&origin(&one), nobody_s(), 4, &TestKey::named("stranger"));
            }),
            "note-unsigned",
        ),
    ]
}
