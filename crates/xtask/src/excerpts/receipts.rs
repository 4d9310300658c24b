//! Vectors for receipts: one entry with its proof.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use xinyi_core::{Approval, Disclosure, Hash, Kind, Receipt, Sign as _, Subtrees as _, Tree};
use xinyi_testkit::{Community, TestKey};

use super::Excerpt;
use super::story::{
    admission, another_ledger, digit_changed, identity, line, nobody_s, origin, payer, raw_line, replaced,
    signed, size, story_to, two_months,
};

fn honest() -> Receipt {
    two_months().receipt(1, size(11), &[payer().encoded().to_owned()])
}

fn with() -> Value {
    json!({"identity": identity(two_months())})
}

fn bad(id: &'static str, clause: &'static str, file: String, code: &'static str) -> Excerpt {
    Excerpt::bad(id, clause, file, &with(), code)
}

/// The honest receipt with one part exchanged.
fn changed(
    id: &'static str,
    clause: &'static str,
    code: &'static str,
    change: impl Fn(&mut Receipt),
) -> Excerpt {
    let mut receipt = honest();
    change(&mut receipt);
    bad(id, clause, receipt.to_string(), code)
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let open = two_months().receipt(11, size(12), &[]);
    let mut cases = vec![
        Excerpt::good(
            "covered-with-the-payer-disclosed",
            &["H-1", "H-5", "H-6"],
            honest().to_string(),
            with(),
        ),
        Excerpt::good("of-an-open-month", &["H-1"], open.to_string(), json!({})),
    ];
    cases.extend(form_faults());
    cases.extend(place_faults());
    cases.extend(authority_faults());
    cases.extend(close_faults());
    cases.extend(disclosure_faults());
    cases.extend(checkpoint_faults());
    cases
}

/// The honest receipt with its extra exchanged for this text.
fn with_extra(extra: &str) -> String {
    let text = honest().to_string();
    let old = text.lines().nth(1).expect("extra");
    replaced(&text, old, &format!("extra {}", BASE64.encode(extra)))
}

fn form_faults() -> Vec<Excerpt> {
    let text = honest().to_string();
    let form = |id, file: String| bad(id, "H-1", file, "receipt-form");
    let extra = serde_json::to_string(&honest().extra).expect("JSON");
    let encoded = BASE64.encode(&extra);
    let hash = text.lines().nth(3).expect("a hash").to_owned();
    vec![
        form("another-first-line", replaced(&text, "tlog-proof@v1", "tlog-proof@v2")),
        form("no-extra", replaced(&text, &format!("extra {encoded}\n"), "")),
        form("extra-that-is-no-base64", replaced(&text, &encoded, "*")),
        form("index-with-a-leading-zero", replaced(&text, "index 1\n", "index 01\n")),
        form("index-missing", replaced(&text, "index 1\n", "")),
        form("hash-that-is-none", replaced(&text, &hash, "AAAA")),
        form("more-than-63-hashes", replaced(&text, &hash, format!("{hash}\n").repeat(64).trim_end())),
        form("no-blank-line", text.replace("\n\n", "\n")),
        form("another-mark", with_extra(&replaced(&extra, "receipt-v1", "receipt-v2"))),
        bad("extra-with-a-blank", "H-1", with_extra(&replaced(&extra, ",", ", ")), "not-canonical"),
        bad(
            "extra-with-another-field",
            "H-1",
            with_extra(&replaced(&extra, "{", "{\"a\":1,")),
            "field-unknown",
        ),
        bad(
            "extra-without-its-line",
            "H-1",
            with_extra(&replaced(&extra, "\"line\":", "\"lime\":")),
            "field-unknown",
        ),
        bad("extra-cut", "H-1", with_extra(&extra[..extra.len() - 1]), "json-malformed"),
        bad("close-of-null", "E-7", with_extra(&null_close(&extra)), "not-canonical"),
        bad(
            "mark-missing",
            "H-1",
            with_extra(&replaced(&extra, ",\"xinyi\":\"receipt-v1\"", "")),
            "field-missing",
        ),
    ]
}

/// The extra with `null` for the absent close.
fn null_close(extra: &str) -> String {
    let mut value: Value = serde_json::from_str(extra).expect("JSON");
    value["close"] = Value::Null;
    value.to_string()
}

fn place_faults() -> Vec<Excerpt> {
    let other = line(two_months(), 2);
    let edited = replaced(&honest().extra.line, "\"3.00\"", "\"9.00\"");
    vec![
        changed("another-line", "H-3", "receipt-other", |r| r.extra.line.clone_from(&other)),
        changed("another-index", "H-3", "receipt-other", |r| {
            r.index = xinyi_core::Index::new(2).expect("small")
        }),
        changed("amount-changed", "H-3", "proof-root", |r| r.extra.line.clone_from(&edited)),
        changed("line-that-is-none", "H-3", "json-malformed", |r| r.extra.line = "no line".to_owned()),
        changed("path-too-long", "T-7", "proof-length", |r| r.path.push(nobody_s())),
        changed("path-too-short", "T-7", "proof-length", |r| r.path.truncate(2)),
        changed("path-of-another-place", "T-7", "proof-root", |r| r.path.swap(0, 1)),
        Excerpt {
            with: json!({"identity": nobody_s()}),
            ..bad("of-another-ledger-than-asked-for", "I-2", honest().to_string(), "identity-other")
        },
        bad(
            "checkpoint-older-than-the-entry",
            "T-7",
            {
                let mut receipt = two_months().receipt(11, size(12), &[]);
                receipt.checkpoint = two_months().checkpoint(size(11));
                receipt.to_string()
            },
            "proof-range",
        ),
        bad(
            "forger-s-own-register-and-close",
            "I-2",
            another_ledger().receipt(1, size(6), &[]).to_string(),
            "identity-other",
        ),
    ]
}

fn authority_faults() -> Vec<Excerpt> {
    let income = two_months().receipt(1, size(11), &[]).extra.line;
    let place = two_months().receipt(1, size(11), &[]).path;
    vec![
        changed("no-authority", "H-4", "path-order", |r| r.extra.authority.clear()),
        changed("genesis-left-out-of-the-path", "Q-3", "index-wrong", |r| drop(r.extra.authority.remove(0))),
        changed("authority-line-twice", "Q-2", "path-order", |r| {
            r.extra.authority.push(r.extra.authority.last().expect("lines").clone());
        }),
        changed("authority-line-without-proof", "Q-2", "proof-length", |r| r.extra.authority[1].path.clear()),
        changed("authority-line-of-another-kind", "Q-3", "path-kind", |r| {
            let proven = xinyi_core::ProvenLine { line: income.clone(), path: place.clone() };
            r.extra.authority.insert(1, proven);
        }),
        changed("earlier-change-of-keys-left-out", "Q-3", "register-stale", |r| {
            drop(r.extra.authority.remove(1));
        }),
        bad("authority-line-beyond-the-checkpoint", "Q-2", beyond(), "path-order"),
        bad("entry-signed-by-a-stranger", "H-4", forged_entry(), "recorder-key"),
    ]
}

/// A receipt of size 9 with the change of keys at 9 in its path.
fn beyond() -> String {
    let mut receipt = two_months().receipt(1, size(9), &[]);
    let later = two_months().receipt(1, size(11), &[]).extra.authority.pop().expect("lines");
    receipt.extra.authority.push(later);
    receipt.to_string()
}

/// The tree of some lines.
fn tree_of(lines: &[String]) -> Tree {
    let mut tree = Tree::new();
    tree.extend(lines.iter().map(|line| Hash::leaf(line.as_bytes())));
    tree
}

/// An entry that a stranger recorded, in a tree whose checkpoint the log key signed all the same.
fn forged_entry() -> String {
    let mut community = story_to(2);
    let content = community.content("2026-03-02", Kind::Income, super::story::income("9.00"));
    let forged = raw_line(&community, content, Vec::new(), &TestKey::named("stranger"));
    with_last(&community, &forged, false)
}

fn close_faults() -> Vec<Excerpt> {
    let whole = two_months();
    let of_april = whole.receipt(7, size(11), &[]).extra.close;
    let income = whole.receipt(2, size(11), &[]);
    vec![
        changed("close-s-path-spoiled", "H-5", "proof-root", |r| {
            r.extra.close.as_mut().expect("a close").path[0] = nobody_s();
        }),
        changed("entry-not-under-the-close-s-root", "H-5", "proof-root", |r| {
            r.extra.close.as_mut().expect("a close").entry[0] = nobody_s();
        }),
        changed("close-of-another-size", "H-5", "proof-length", |r| {
            r.extra.close.as_mut().expect("a close").line = of_april.clone().expect("a close").line;
            r.extra.close.as_mut().expect("a close").path = of_april.clone().expect("a close").path;
        }),
        changed("entry-in-place-of-the-close", "H-5", "receipt-close", |r| {
            let close = r.extra.close.as_mut().expect("a close");
            close.line.clone_from(&income.extra.line);
            close.path.clone_from(&income.path);
        }),
        bad("entry-after-the-close-s-size", "H-5", after_the_close(), "proof-range"),
        bad("deed-left-out-of-the-path", "Q-4", without_the_deed(), "receipt-close"),
        bad("close-by-one-side", "H-5", one_sided_close(&[]), "approvals-missing"),
        bad(
            "close-of-another-register",
            "H-5",
            one_sided_close(&[("register", json!(nobody_s()))]),
            "receipt-close",
        ),
        bad("close-of-other-deeds", "H-5", one_sided_close(&[("deeds", json!(nobody_s()))]), "receipt-close"),
        bad("close-of-a-size-to-come", "H-5", one_sided_close(&[("size", json!(7))]), "receipt-close"),
    ]
}

/// The receipt of a later entry with the close of March, which does not cover it.
fn after_the_close() -> String {
    let mut receipt = two_months().receipt(7, size(11), &[]);
    receipt.extra.close = honest().extra.close;
    receipt.to_string()
}

fn without_the_deed() -> String {
    let mut receipt = two_months().receipt(1, size(7), &[]);
    receipt.extra.authority.retain(|proven| !proven.line.contains("\"kind\":\"deed\""));
    receipt.to_string()
}

/// A close that a careless recorder put in place of March's: without the committee, or, if a field is changed,
/// with it. The log key signed the tree all the same.
fn one_sided_close(change: &[(&str, Value)]) -> String {
    let mut community = story_to(6);
    community.clock("2026-04-02T04:00:00Z");
    let mut close = serde_json::to_value(community.close_data("2026-03", nobody_s())).expect("a close");
    for (field, value) in change {
        close[field] = value.clone();
    }
    // A root at a size to come: that of the whole tree, which a forger cannot know, so any will do with its path.
    let content = community.content("2026-04-02", Kind::Close, close);
    let approvals =
        if change.is_empty() { vec![] } else { vec![Approval::sign(&content, &Community::committee())] };
    let forged = raw_line(&community, content, approvals, &Community::trustee());
    let lines: Vec<String> = (0..6).map(|index| line(&community, index)).chain([forged.clone()]).collect();
    let tree = tree_of(&lines);
    let path =
        |index, at| tree.inclusion(xinyi_core::Index::new(index).expect("small"), size(at)).expect("a path");
    let mut receipt = community.receipt(1, size(6), &[]);
    for (proven, index) in receipt.extra.authority.iter_mut().zip([0, 3, 4]) {
        proven.path = path(index, 7);
    }
    receipt.path = path(1, 7);
    let covered = xinyi_core::CoveringClose { entry: path(1, 6), line: forged, path: path(6, 7) };
    receipt.extra.close = Some(covered);
    receipt.checkpoint =
        signed(&origin(&community), tree.root(size(7)).expect("a root"), 7, &Community::trustee());
    receipt.to_string()
}

fn disclosure_faults() -> Vec<Excerpt> {
    let of = |salt, field, value: &str| Disclosure::new(salt, field, value.parse().expect("text"));
    let raw = |json: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string());
    let handed =
        |id, code, encoded: String| changed(id, "H-6", code, |r| r.extra.disclosures = vec![encoded.clone()]);
    vec![
        handed("another-s-payer", "receipt-disclosed", of([8; 16], "payer", "9-9-999").encoded().to_owned()),
        handed(
            "payer-under-another-name",
            "receipt-disclosed",
            of([7; 16], "memo", "3-2-501").encoded().to_owned(),
        ),
        handed("disclosure-that-is-none", "disclosure-form", "x".to_owned()),
        handed(
            "disclosure-of-two-parts",
            "disclosure-form",
            raw(&json!(["AAAAAAAAAAAAAAAAAAAAAA", "payer"])),
        ),
        handed("disclosure-with-a-short-salt", "disclosure-salt", raw(&json!(["AAAA", "payer", "3-2-501"]))),
        handed(
            "disclosure-of-no-text",
            "disclosure-value",
            raw(&json!(["AAAAAAAAAAAAAAAAAAAAAA", "payer", "two\nlines"])),
        ),
    ]
}

fn checkpoint_faults() -> Vec<Excerpt> {
    let community = two_months();
    let root = community.archive().root(size(11)).expect("a root");
    let by = |name: &str, key: &TestKey| signed(name, root, 11, key);
    let other = by("example.org/other", &Community::trustee());
    vec![
        changed("checkpoint-nobody-signed", "N-1", "note-malformed", |r| {
            r.checkpoint = "example.org/made-up-compound\n11\nAAAA\n".to_owned();
        }),
        changed("checkpoint-signed-by-a-stranger", "H-4", "note-unsigned", |r| {
            r.checkpoint = by(&origin(community), &TestKey::named("stranger"));
        }),
        changed("checkpoint-signed-by-the-committee", "P-2", "note-unsigned", |r| {
            r.checkpoint = by(&origin(community), &Community::committee());
        }),
        changed("checkpoint-of-another-origin", "H-3", "note-unsigned", |r| r.checkpoint.clone_from(&other)),
        changed("checkpoint-s-signature-flipped", "N-6", "note-signature-bad", |r| {
            let signature = r.checkpoint.lines().last().expect("lines").to_owned();
            let spoiled = super::checkpoints::repacked(&signature, |payload| payload[9] ^= 1);
            r.checkpoint = replaced(&r.checkpoint, &signature, &spoiled);
        }),
        changed("checkpoint-of-another-root", "H-3", "proof-root", |r| {
            r.checkpoint = signed(&origin(community), nobody_s(), 11, &Community::trustee());
        }),
        Excerpt {
            with: json!({"identity": identity(community), "witnesses": [witness_of_another_origin()]}),
            ..changed("checkpoint-of-a-known-key-s-own-origin", "H-3", "note-unsigned", |r| {
                r.checkpoint.clone_from(&other);
            })
        },
        bad("authority-line-of-the-future", "Q-3", future_keys(), "date-in-future"),
        bad("entry-s-signature-changed", "H-4", spoiled_entry(), "recorder-signature"),
    ]
}

/// The trustee's key as a log key of another origin.
fn witness_of_another_origin() -> String {
    let key = Community::trustee().public_key();
    xinyi_core::VerifierKey::new("example.org/other", key).expect("a name").to_string()
}

/// A line as the only one after genesis and an income, all in a tree that the log key signed.
fn with_last(community: &Community, last: &str, of_authority: bool) -> String {
    let lines = [line(community, 0), line(community, 1), last.to_owned()];
    let tree = tree_of(&lines);
    let path =
        |index| tree.inclusion(xinyi_core::Index::new(index).expect("small"), size(3)).expect("a path");
    let mut receipt = community.receipt(1, size(2), &[]);
    receipt.path = path(1);
    receipt.extra.authority[0].path = path(0);
    if of_authority {
        receipt.extra.authority.push(xinyi_core::ProvenLine { line: last.to_owned(), path: path(2) });
    } else {
        receipt.index = xinyi_core::Index::new(2).expect("small");
        receipt.path = path(2);
        receipt.extra.line = last.to_owned();
    }
    let root = tree.root(size(3)).expect("a root");
    receipt.checkpoint = signed(&origin(community), root, 3, &Community::trustee());
    receipt.to_string()
}

/// A change of keys dated after the day of its record.
fn future_keys() -> String {
    let mut community = story_to(2);
    let (content, approvals) = admission(&mut community, "2026-03-09", &TestKey::named("deputy"));
    let last = raw_line(&community, content, approvals, &Community::trustee());
    with_last(&community, &last, true)
}

fn spoiled_entry() -> String {
    let mut community = story_to(2);
    let content = community.content("2026-03-02", Kind::Income, super::story::income("9.00"));
    let good = raw_line(&community, content, Vec::new(), &Community::trustee());
    with_last(&community, &digit_changed(&good, "\"sig\":\""), false)
}
