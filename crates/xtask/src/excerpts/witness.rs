//! Vectors for what a witness is asked, with the checkpoint it cosigned last.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use xinyi_core::{AddCheckpoint, Checkpoint, Hash, Note, Sign as _, Subtrees as _, Tree, VerifierKey};
use xinyi_testkit::TestKey;

use super::Excerpt;
use super::story::{nobody_s, replaced, size};

const ORIGIN: &str = "example.org/a";

/// A tree whose leaves from `forked` on are those of another history.
fn tree(leaves: u64, forked: u64) -> Tree {
    let mut tree = Tree::new();
    tree.extend((0..leaves).map(|n| Hash::leaf(format!("{n} {}", n >= forked).as_bytes())));
    tree
}

fn honest_tree() -> Tree {
    tree(9, 9)
}

fn at(tree: &Tree, number: u64) -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), root: tree.root(size(number)).expect("a root"), size: size(number) }
}

fn signed_by(checkpoint: &Checkpoint, key: &str) -> Note {
    checkpoint.sign(&TestKey::named(key)).expect("a note").parse().expect("a note")
}

fn asked(old: u64, proof: Vec<Hash>, note: Note) -> String {
    AddCheckpoint::new(size(old), proof, note).expect("a request").to_string()
}

/// The honest request from `old` to `new`.
fn request(tree: &Tree, old: u64, new: u64) -> String {
    let proof = tree.consistency(size(old), size(new)).expect("a proof");
    asked(old, proof, signed_by(&at(tree, new), "log"))
}

/// Two watched logs, and what was cosigned last of the first.
fn with(latest: u64, status: u16) -> Value {
    let vkey = |origin: &str, key: &str| {
        VerifierKey::new(origin, TestKey::named(key).public_key()).expect("a name").to_string()
    };
    let mut with = json!({"logs": [vkey(ORIGIN, "log"), vkey("example.org/b", "other")], "status": status});
    if latest > 0 {
        with["latest"] = json!(at(&honest_tree(), latest).body());
    }
    with
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let good = |id, clauses: &[&'static str], file: String, latest| {
        Excerpt::good(id, clauses, file, with(latest, 200))
    };
    let mut cases = vec![
        good("first-checkpoint", &["W-5"], request(&honest_tree(), 0, 5), 0),
        good("later-checkpoint", &["W-5", "T-8"], request(&honest_tree(), 5, 9), 5),
        good("same-checkpoint-again", &["W-5"], request(&honest_tree(), 5, 5), 5),
    ];
    cases.extend(malformed());
    cases.extend(unsigned());
    cases.extend(conflicts());
    cases.extend(inconsistent());
    cases
}

fn malformed() -> Vec<Excerpt> {
    let good = request(&honest_tree(), 5, 9);
    let (head, note) = good.split_once("\n\n").expect("a blank line");
    let proof = head.lines().nth(1).expect("a proof").to_owned();
    let loose = format!("{}{}=", &proof[..42], char::from(proof.as_bytes()[42] + 1));
    let bad = |id, file: String| Excerpt::bad(id, "W-2", file, &with(5, 400), "witness-malformed");
    let of_old = |id, old: &str| bad(id, replaced(&good, "old 5", old));
    let many = format!("old 5\n{}\n{note}", format!("{proof}\n").repeat(64));
    let text = |text: &str| {
        let note = Note::sign(text, ORIGIN, &TestKey::named("log")).expect("a note");
        format!("old 0\n\n{note}")
    };
    vec![
        of_old("old-size-with-a-leading-zero", "old 05"),
        of_old("old-size-with-a-sign", "old +5"),
        of_old("old-size-missing", "old"),
        of_old("old-size-with-two-blanks", "old  5"),
        of_old("old-in-capitals", "OLD 5"),
        of_old("old-size-too-large", "old 9007199254740992"),
        of_old("old-size-larger-than-the-checkpoint-s", "old 10"),
        bad("hash-in-loose-base64", replaced(&good, &proof, &loose)),
        bad("hash-too-short", replaced(&good, &proof, &BASE64.encode([0; 31]))),
        bad("64-hashes", many),
        bad("no-note", head.to_owned()),
        bad("note-without-a-signature", format!("{head}\n\n")),
        bad("note-s-last-line-feed-missing", good.trim_end().to_owned()),
        bad("note-signed-twice-by-one-key", format!("{good}{}\n", good.lines().last().expect("lines"))),
        bad("note-that-is-no-checkpoint", text("no\ncheckpoint\n")),
        Excerpt { file: vec![(b"old 0\n\n\xff".to_vec(), 1)], ..bad("not-utf8", String::new()) },
        Excerpt {
            file: vec![(good.clone().into_bytes(), 1), (b"x".to_vec(), AddCheckpoint::MAX)],
            ..bad("larger-than-65536-bytes", String::new())
        },
    ]
}

fn unsigned() -> Vec<Excerpt> {
    let honest = at(&honest_tree(), 5);
    let bad = |id, file: String| Excerpt::bad(id, "W-3", file, &with(0, 403), "witness-unsigned");
    let line =
        |checkpoint: &Checkpoint| signed_by(checkpoint, "log").to_string().lines().last().map(str::to_owned);
    let of_another = line(&Checkpoint { size: size(4), ..honest.clone() }).expect("lines");
    let stranger = Checkpoint { origin: "example.org/c".into(), ..honest.clone() };
    vec![
        bad("signed-by-a-stranger", asked(0, vec![], signed_by(&honest, "stranger"))),
        bad("signed-by-another-log-s-key", asked(0, vec![], signed_by(&honest, "other"))),
        bad("line-of-another-checkpoint", format!("old 0\n\n{}\n{of_another}\n", honest.body())),
        bad(
            "bad-line-beside-a-stranger-s",
            format!("old 0\n\n{}{of_another}\n", signed_by(&honest, "stranger")),
        ),
        Excerpt::bad(
            "log-that-is-not-watched",
            "W-3",
            asked(0, vec![], signed_by(&stranger, "log")),
            &with(0, 404),
            "witness-log-unknown",
        ),
    ]
}

fn conflicts() -> Vec<Excerpt> {
    let tree = honest_tree();
    let bad = |id, old, new, latest| {
        Excerpt::bad(id, "W-4", request(&tree, old, new), &with(latest, 409), "witness-conflict")
    };
    vec![
        bad("first-of-a-log-already-known", 0, 5, 3),
        bad("from-an-older-size", 3, 9, 5),
        bad("from-a-size-never-cosigned", 5, 9, 0),
        bad("older-checkpoint-again", 5, 5, 9),
    ]
}

fn inconsistent() -> Vec<Excerpt> {
    let (tree, fork) = (honest_tree(), tree(9, 2));
    let good = tree.consistency(size(5), size(9)).expect("a proof");
    let next = signed_by(&at(&tree, 9), "log");
    let bad =
        |id, file: String, latest| Excerpt::bad(id, "W-5", file, &with(latest, 422), "witness-inconsistent");
    let wrong = [vec![nobody_s()], good[1..].to_vec()].concat();
    let nothing = Checkpoint { root: nobody_s(), ..at(&tree, 0) };
    vec![
        bad("another-history-of-the-same-size", request(&fork, 5, 5), 5),
        bad("another-history-with-its-own-proof", request(&fork, 5, 9), 5),
        bad("wrong-proof", asked(5, wrong, next.clone()), 5),
        bad("proof-too-short", asked(5, good[1..].to_vec(), next.clone()), 5),
        bad("proof-too-long", asked(5, [good.clone(), vec![nobody_s()]].concat(), next.clone()), 5),
        bad("proof-missing", asked(5, vec![], next.clone()), 5),
        bad("proof-from-nothing", asked(0, vec![nobody_s()], next), 0),
        bad("proof-of-the-same-size", asked(5, vec![nobody_s()], signed_by(&at(&tree, 5), "log")), 5),
        bad("empty-tree-with-another-root", asked(0, vec![], signed_by(&nothing, "log")), 0),
    ]
}
