//! Vectors for anchors, before the first lines of a ledger.

use serde_json::{Value, json};
use xinyi_core::{Anchor, Anchored, Hash};
use xinyi_testkit::Community;

use super::Excerpt;
use super::story::{identity, nobody_s, origin, replaced, size, two_months};

const LEDGER: &str = "two-months";

fn with() -> Value {
    json!({"ledger": LEDGER})
}

/// The anchor of a reader who accepted these sizes and roots.
fn accepted(community: &Community, checkpoints: &[(u64, Hash)], identity: Hash) -> String {
    let register = community.replay.register().expect("a register").digest();
    let mut anchor = Anchor::new(identity, origin(community).parse().expect("text"), register);
    for (at, root) in checkpoints {
        anchor.accept(Anchored { root: *root, size: size(*at) }, register).expect("in order");
    }
    anchor.encode()
}

fn root(at: u64) -> Hash {
    two_months().archive().root(size(at)).expect("a root")
}

fn honest() -> String {
    accepted(two_months(), &[(7, root(7)), (11, root(11))], identity(two_months()))
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let community = two_months();
    let known = identity(community);
    let text = honest();
    let register = community.replay.register().expect("a register").digest();
    let bad = |id, clause, file: String, code| Excerpt::bad(id, clause, file, &with(), code);
    let form = |id, file: String| bad(id, "G-7", file, "anchor-form");
    let one = format!("{{\"root\":\"{}\",\"size\":7}}", root(7));
    let two = format!("{{\"root\":\"{}\",\"size\":11}}", root(11));
    vec![
        Excerpt::good("the-history-passes-through-it", &["G-7", "G-8"], text.clone(), with()),
        form("another-mark", replaced(&text, "anchor-v1", "anchor-v2")),
        form("line-feed-missing", text.trim_end().to_owned()),
        form("not-in-order-of-size", replaced(&text, &format!("{one},{two}"), &format!("{two},{one}"))),
        form("one-size-twice", replaced(&text, &one, &format!("{one},{one}"))),
        Excerpt { file: vec![(vec![0xFF, b'\n'], 1)], ..form("not-utf8", String::new()) },
        bad("not-json", "G-7", "anchor\n".to_owned(), "json-malformed"),
        bad("blank-between", "G-7", replaced(&text, "\"size\":7", "\"size\": 7"), "not-canonical"),
        bad("line-feed-twice", "G-7", format!("{text}\n"), "not-canonical"),
        bad(
            "fields-unsorted",
            "G-7",
            replaced(&text, &one, &format!("{{\"size\":7,\"root\":\"{}\"}}", root(7))),
            "not-canonical",
        ),
        bad("field-unknown", "G-7", replaced(&text, "{", "{\"a\":1,"), "field-unknown"),
        bad(
            "field-twice",
            "G-7",
            replaced(&text, "\"xinyi\":", "\"xinyi\":\"anchor-v1\",\"xinyi\":"),
            "field-duplicate",
        ),
        bad("no-object", "G-7", "{}\n".to_owned(), "field-missing"),
        bad("size-as-text", "G-7", replaced(&text, "\"size\":7", "\"size\":\"7\""), "type-wrong"),
        bad(
            "root-in-upper-case",
            "G-7",
            replaced(&text, &root(7).to_string(), &root(7).to_string().to_uppercase()),
            "hex-invalid",
        ),
        bad(
            "size-too-large",
            "G-7",
            replaced(&text, "\"size\":11", "\"size\":9007199254740992"),
            "integer-too-large",
        ),
        bad("another-root", "G-8", accepted(community, &[(7, nobody_s())], known), "anchor-fork"),
        bad(
            "another-root-at-the-largest-size",
            "G-8",
            accepted(community, &[(7, root(7)), (11, nobody_s())], known),
            "anchor-fork",
        ),
        bad("ledger-ends-before", "G-8", accepted(community, &[(13, root(12))], known), "anchor-shorter"),
        Excerpt {
            with: json!({"ledger": LEDGER, "size": 9}),
            ..bad("ledger-cut", "G-8", text.clone(), "anchor-shorter")
        },
        Excerpt {
            with: json!({"ledger": "recovered"}),
            ..bad("recovery-below-an-anchored-size", "G-8", above_the_recovery(), "anchor-fork")
        },
        bad("of-another-ledger", "G-8", accepted(community, &[(7, root(7))], nobody_s()), "anchor-other"),
        Excerpt {
            with: json!({"identity": known, "ledger": LEDGER}),
            ..bad(
                "of-another-ledger-than-the-identity-given",
                "G-13",
                accepted(community, &[(7, root(7))], nobody_s()),
                "anchor-other",
            )
        },
        bad(
            "other-keys-in-office-at-its-size",
            "G-8",
            replaced(
                &text,
                &format!("\"register\":\"{register}\""),
                &format!("\"register\":\"{}\"", nobody_s()),
            ),
            "anchor-fork",
        ),
        bad(
            "of-another-origin",
            "G-8",
            replaced(&text, &origin(community), "example.org/other"),
            "anchor-other",
        ),
    ]
}

/// An anchor of the history in which the old recorder went on.
fn above_the_recovery() -> String {
    let old = super::ledgers::recovery(false);
    let root = old.archive().root(size(13)).expect("a root");
    accepted(&old, &[(13, root)], identity(&old))
}
