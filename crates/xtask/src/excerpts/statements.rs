//! Vectors for statements: a month in one file, and what a dishonest maker puts in its place.

use serde_json::{Value, json};
use xinyi_core::{Approval, Content, Kind, Sign as _, StatementHeader};
use xinyi_testkit::{Community, TestKey};

use super::Excerpt;
use super::story::{
    admission, another_ledger, closes_in_a_run, digit_changed, identity, income, line, nobody_s, origin,
    raw_line, replaced, signed, size, story_to, two_months,
};

const MONTH: &str = "2026-04";

fn with() -> Value {
    json!({"identity": identity(two_months())})
}

fn bad(id: &'static str, clause: &'static str, file: impl Into<Vec<u8>>, code: &'static str) -> Excerpt {
    Excerpt::bad(id, clause, file, &with(), code)
}

fn header() -> StatementHeader {
    two_months().statement_header(MONTH, Some(size(2)))
}

fn honest() -> String {
    String::from_utf8(two_months().statement_file(&header())).expect("text")
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let run = closes_in_a_run();
    let mut cases = vec![
        Excerpt::good("later-month-with-a-bridge", &["Q-1", "Q-3", "Q-5", "Q-9"], honest(), with()),
        Excerpt::good("first-month", &["Q-1"], two_months().statement("2026-03"), with()),
        Excerpt::good(
            "closes-in-a-run",
            &["Q-6"],
            run.statement("2026-05"),
            json!({"identity": identity(&run)}),
        ),
    ];
    cases.extend(text_faults());
    cases.extend(header_faults());
    cases.extend(carried_faults());
    cases.extend(path_faults());
    cases.extend(line_faults());
    cases.extend(forged_closes());
    cases.extend(checkpoint_faults());
    cases
}

fn text_faults() -> Vec<Excerpt> {
    let text = honest();
    let cut_at_last = text.trim_end().rfind('\n').expect("lines") + 1;
    let first = header().encode();
    let changed = |id, from: &str, to: &str, code| bad(id, "Q-1", replaced(&text, from, to), code);
    vec![
        bad("empty-file", "Q-1", String::new(), "statement-header"),
        bad("first-line-alone-without-line-feed", "Q-1", first.clone(), "statement-header"),
        bad("cut-before-its-close", "Q-7", text[..cut_at_last].to_owned(), "file-cut"),
        bad("cut-inside-a-line", "Q-7", text[..text.len() - 9].to_owned(), "file-cut"),
        bad("last-line-feed-missing", "Q-7", text.trim_end().to_owned(), "file-cut"),
        bad("line-after-the-close", "Q-7", format!("{text}{}\n", line(two_months(), 11)), "statement-end"),
        bad("blank-line-after-the-close", "Q-7", format!("{text}\n"), "statement-end"),
        bad(
            "converted-crlf",
            "E-2",
            format!("{first}\n{}", text[first.len() + 1..].replace('\n', "\r\n")),
            "file-converted",
        ),
        changed("another-mark", "statement-v1", "statement-v2", "statement-header"),
        changed("first-line-with-a-blank", "\"from\":5", "\"from\": 5", "not-canonical"),
        changed("first-line-with-another-field", "{", "{\"a\":1,", "field-unknown"),
        changed("first-line-without-its-size", "\"from\":5,", "", "field-missing"),
        changed("first-line-with-a-field-twice", "\"from\":5", "\"from\":5,\"from\":5", "field-duplicate"),
        changed("size-as-text", "\"from\":5", "\"from\":\"5\"", "type-wrong"),
        Excerpt {
            file: vec![(vec![b'{', 0xFF, b'\n'], 1)],
            ..bad("not-utf8", "Q-1", String::new(), "not-utf8")
        },
        Excerpt {
            file: vec![(first.into_bytes(), 1), (b" ".to_vec(), StatementHeader::MAX), (b"\n".to_vec(), 1)],
            ..bad("first-line-longer-than-16777216-bytes", "Q-1", String::new(), "line-too-long")
        },
    ]
}

/// The honest statement with its first line changed, still of the right shape.
fn changed(
    id: &'static str,
    clause: &'static str,
    code: &'static str,
    change: impl Fn(&mut Value),
) -> Excerpt {
    let mut value = serde_json::to_value(header()).expect("JSON");
    change(&mut value);
    let header: StatementHeader = serde_json::from_value(value).expect("still of the right shape");
    bad(id, clause, two_months_after(&header), code)
}

/// The lines of April after another first line.
fn two_months_after(header: &StatementHeader) -> String {
    let text = honest();
    let lines = text.find('\n').expect("lines");
    header.encode() + &text[lines..]
}

/// A later month as if the ledger began with it: every line, and no state carried.
fn from_genesis() -> String {
    let mut header = serde_json::to_value(two_months().statement_header("2026-03", None)).expect("JSON");
    header["period"] = json!(MONTH);
    let lines = honest().lines().count() - 1 + 5;
    let lines: String = (0..lines).map(|index| line(two_months(), index) + "\n").collect();
    format!("{header}\n{lines}")
}

fn header_faults() -> Vec<Excerpt> {
    let first_month = {
        let mut header = serde_json::to_value(two_months().statement_header("2026-03", None)).expect("JSON");
        header["frontier"] = json!([nobody_s()]);
        let text = String::from_utf8(two_months().statement("2026-03")).expect("text");
        format!("{header}{}", &text[text.find('\n').expect("lines")..])
    };
    vec![
        Excerpt {
            with: json!({"identity": nobody_s()}),
            ..bad("of-another-ledger-than-asked-for", "I-2", honest(), "identity-other")
        },
        bad("frontier-in-a-first-month", "Q-1", first_month, "statement-header"),
        bad("later-month-without-what-it-carries", "Q-6", from_genesis(), "statement-previous"),
        changed("frontier-too-short", "T-3", "statement-header", |h| h["frontier"] = json!([])),
        changed("frontier-of-another-history", "Q-1", "proof-root", |h| {
            h["bridge"] = Value::Null;
            h["frontier"][0] = json!(nobody_s());
        }),
        changed("first-index-one-too-high", "Q-6", "statement-header", |h| {
            h["from"] = json!(6);
            h["frontier"].as_array_mut().expect("a list").truncate(2);
        }),
        changed("carried-state-missing", "Q-1", "statement-header", |h| h["previous"] = Value::Null),
        changed("carried-state-of-another-month", "Q-1", "statement-header", |h| {
            h["previous"]["period"] = json!("2026-02");
        }),
        changed("carried-state-of-another-ledger", "Q-1", "statement-header", |h| {
            h["previous"]["identity"] = json!(nobody_s());
        }),
        changed("month-skipped", "Q-6", "statement-header", |h| h["period"] = json!("2026-05")),
        changed("bridge-from-nowhere", "Q-9", "proof-root", |h| h["bridge"]["root"] = json!(nobody_s())),
        changed("bridge-too-short", "Q-9", "proof-length", |h| h["bridge"]["path"] = json!([])),
        changed("bridge-from-a-later-size", "Q-9", "proof-range", |h| h["bridge"]["size"] = json!(6)),
    ]
}

fn carried_faults() -> Vec<Excerpt> {
    vec![
        changed("carried-figures-changed", "Q-6", "statement-previous", |h| {
            h["previous"]["holdings"] =
                json!([{"account": "bank", "balance": "1.00", "fund": "shared", "held": "0.00"}]);
        }),
        changed("older-lines-left-out", "Q-5", "link-mismatch", |h| h["evidence"] = json!([])),
        changed("older-line-without-its-proof", "Q-2", "proof-length", |h| {
            h["evidence"][0]["path"] = json!([])
        }),
        changed("older-line-twice", "Q-2", "path-order", |h| {
            let twice = h["evidence"][0].clone();
            h["evidence"].as_array_mut().expect("a list").push(twice);
        }),
        changed("older-line-with-another-amount", "Q-5", "proof-root", |h| {
            let changed =
                replaced(h["evidence"][0]["line"].as_str().expect("a line"), "\"3.00\"", "\"9.00\"");
            h["evidence"][0]["line"] = json!(changed);
        }),
        changed("older-line-from-the-statement-itself", "Q-2", "path-order", |h| {
            h["evidence"]
                .as_array_mut()
                .expect("a list")
                .push(json!({"line": line(two_months(), 7), "path": []}));
        }),
    ]
}

fn path_faults() -> Vec<Excerpt> {
    let of_kind = |kind: &str| format!("\"kind\":\"{kind}\"");
    let without = |header: &mut Value, kind: &str| {
        let lines = header["authority"].as_array_mut().expect("a list");
        let before = lines.len();
        lines.retain(|line| !line["line"].as_str().expect("a line").contains(&of_kind(kind)));
        assert_ne!(before, lines.len(), "no line of kind {kind}");
    };
    let forged = another_ledger();
    let forged_path = serde_json::to_value(forged.statement_header(MONTH, None)).expect("JSON");
    vec![
        changed("genesis-left-out", "Q-3", "index-wrong", |h| without(h, "genesis")),
        changed("no-authority-path", "Q-3", "path-order", |h| h["authority"] = json!([])),
        changed("keys-left-out-of-the-path", "Q-4", "close-register", |h| without(h, "keys")),
        changed("stale-deed", "Q-4", "close-deeds", |h| without(h, "deed")),
        changed("authority-line-twice", "Q-2", "path-order", |h| {
            let twice = h["authority"][1].clone();
            h["authority"].as_array_mut().expect("a list").insert(1, twice);
        }),
        changed("older-line-in-the-path", "Q-3", "path-kind", |h| {
            let older = h["evidence"][0].clone();
            h["authority"].as_array_mut().expect("a list").insert(1, older);
        }),
        changed("path-of-another-ledger", "Q-4", "proof-length", |h| {
            h["authority"] = forged_path["authority"].clone()
        }),
        bad("forger-s-own-register-and-closes", "I-2", forged.statement(MONTH), "identity-other"),
        bad("forger-s-own-ledger-under-this-name", "Q-3", under_this_name(), "proof-length"),
    ]
}

/// Another ledger's statement with this one's identity and authority path in its first line.
fn under_this_name() -> String {
    let forged = another_ledger();
    let mut value = serde_json::to_value(forged.statement_header(MONTH, None)).expect("JSON");
    let genuine = serde_json::to_value(header()).expect("JSON");
    value["identity"] = genuine["identity"].clone();
    value["authority"] = genuine["authority"].clone();
    value["previous"]["identity"] = genuine["identity"].clone();
    let header: StatementHeader = serde_json::from_value(value).expect("still of the right shape");
    String::from_utf8(forged.statement_file(&header)).expect("text")
}

/// The first line, then these.
fn of_lines(lines: &[String]) -> String {
    std::iter::once(header().encode()).chain(lines.iter().cloned()).map(|line| line + "\n").collect()
}

/// The lines of the story from the statement's first one on, up to `end`.
fn honest_to(end: usize) -> Vec<String> {
    (5..end).map(|index| line(two_months(), index)).collect()
}

fn line_faults() -> Vec<Excerpt> {
    let without = |place: usize| {
        let mut lines = honest_to(11);
        lines.remove(place);
        of_lines(&lines)
    };
    let swapped = |place: usize, with: String| {
        let mut lines = honest_to(11);
        lines[place] = with;
        of_lines(&lines)
    };
    let lines = honest_to(11);
    vec![
        bad("first-line-left-out", "T-10", without(0), "index-wrong"),
        bad("previous-close-left-out", "Q-6", without(1), "index-wrong"),
        bad("change-of-keys-hidden-between-next-and-size", "T-10", without(4), "index-wrong"),
        bad(
            "amount-changed",
            "S-6",
            swapped(0, replaced(&lines[0], "\"5.00\"", "\"6.00\"")),
            "recorder-signature",
        ),
        bad(
            "signature-changed",
            "S-6",
            swapped(3, digit_changed(&lines[3], "\"sig\":\"")),
            "recorder-signature",
        ),
        bad("line-with-a-blank", "E-4", swapped(3, replaced(&lines[3], ",", ", ")), "not-canonical"),
        bad("line-that-is-none", "E-3", swapped(3, "no line".to_owned()), "json-malformed"),
        bad(
            "line-with-another-prev",
            "E-9",
            swapped(3, digit_changed(&lines[3], "\"prev\":\"")),
            "prev-wrong",
        ),
        bad("line-recorded-by-a-stranger", "S-6", swapped(3, by_a_stranger()), "recorder-key"),
        bad("lines-of-another-month", "T-10", of_lines(&honest_to(12)[6..]), "index-wrong"),
    ]
}

/// Line 8 as a stranger would record it.
fn by_a_stranger() -> String {
    let community = story_to(8);
    let content = community.named("2026-04-20", "forged", Kind::Income, income("6.00"));
    raw_line(&community, content, Vec::new(), &TestKey::named("stranger"))
}

/// The statement with a close that both sides or one have signed in place of April's, with one figure changed.
fn closing(
    id: &'static str,
    clause: &'static str,
    code: &'static str,
    date: &str,
    change: impl Fn(&mut Value),
) -> Excerpt {
    let mut community = story_to(10);
    community.clock("2026-05-04T04:00:00Z");
    let data = community.close_data(MONTH, nobody_s());
    let mut close = serde_json::to_value(data).expect("a close");
    change(&mut close);
    let content = community.content(date, Kind::Close, close);
    let approvals = vec![Approval::sign(&content, &Community::committee())];
    bad(id, clause, closed_by(&community, content, approvals), code)
}

fn closed_by(community: &Community, content: Content, approvals: Vec<Approval>) -> String {
    let mut lines = honest_to(10);
    lines.push(raw_line(community, content, approvals, &Community::trustee()));
    of_lines(&lines)
}

fn forged_closes() -> Vec<Excerpt> {
    let day = "2026-05-04";
    let figure = |id, clause, code, name: &'static str, to: Value| {
        closing(id, clause, code, day, move |close| close[name] = to.clone())
    };
    vec![
        bad("close-by-one-side-only", "A-4", by_one_side(), "approvals-missing"),
        bad("previous-close-absent", "Q-6", without_previous(), "close-order"),
        bad("line-exchanged-under-the-close", "B-3", exchanged(), "close-root"),
        figure("next-one-too-high", "B-5", "close-next", "next", json!(9)),
        figure("close-of-another-root", "B-3", "close-root", "root", json!(nobody_s())),
        figure("close-of-a-size-to-come", "B-3", "close-size", "size", json!(11)),
        figure("close-of-another-previous-state", "B-6", "close-previous", "previous", json!(nobody_s())),
        figure("close-of-another-register", "B-7", "close-register", "register", json!(nobody_s())),
        figure("close-of-other-deeds", "B-7", "close-deeds", "deeds", json!(nobody_s())),
        figure("close-of-a-later-month", "B-1", "close-order", "period", json!("2026-05")),
        closing("close-dated-in-its-month", "B-2", "close-date", "2026-04-30", |_| {}),
        closing("close-before-the-last-entry-of-its-month", "B-4", "close-late-entry", day, |close| {
            let root = two_months().archive().root(size(7)).expect("a root");
            close["size"] = json!(7);
            close["root"] = json!(root);
            close["next"] = json!(7);
        }),
    ]
}

fn by_one_side() -> String {
    let mut community = story_to(10);
    community.clock("2026-05-04T04:00:00Z");
    let data = serde_json::to_value(community.close_data(MONTH, nobody_s())).expect("a close");
    let content = community.content("2026-05-04", Kind::Close, data);
    closed_by(&community, content, Vec::new())
}

/// April's close right after the first line, where March's should stand.
fn without_previous() -> String {
    let mut community = story_to(6);
    community.clock("2026-05-04T04:00:00Z");
    let mut data = serde_json::to_value(community.close_data("2026-03", nobody_s())).expect("a close");
    data["period"] = json!(MONTH);
    let content = community.content("2026-05-04", Kind::Close, data);
    let approval = Approval::sign(&content, &Community::committee());
    of_lines(&[line(&community, 5), raw_line(&community, content, vec![approval], &Community::trustee())])
}

/// An income in place of the change of keys, under the close that both parties approved.
fn exchanged() -> String {
    let mut community = story_to(9);
    let honest = two_months();
    community.record("2026-05-02", Kind::Income, xinyi_testkit::Seal::Trustee, income("1.00"));
    community.clock("2026-05-04T04:00:00Z");
    let close = honest.entries[10].content().clone();
    let approval = Approval::sign(&close, &Community::committee());
    let forged = raw_line(&community, close, vec![approval], &Community::trustee());
    let mut lines = honest_to(9);
    lines.extend([line(&community, 9), forged]);
    of_lines(&lines)
}

fn checkpoint_faults() -> Vec<Excerpt> {
    let community = two_months();
    let root = community.archive().root(size(11)).expect("a root");
    let name = origin(community);
    let with =
        |id, clause, code, note: String| changed(id, clause, code, move |h| h["checkpoint"] = json!(note));
    let note = community.checkpoint(size(11));
    let signature = note.lines().last().expect("lines").to_owned();
    let spoiled = super::checkpoints::repacked(&signature, |payload| payload[9] ^= 1);
    vec![
        with("older-checkpoint", "Q-8", "checkpoint-other", community.checkpoint(size(7))),
        with("later-checkpoint", "Q-8", "checkpoint-other", community.checkpoint(size(12))),
        with("another-ledger-s-checkpoint", "Q-8", "checkpoint-other", another_ledger().checkpoint(size(6))),
        with(
            "checkpoint-of-another-root",
            "Q-8",
            "checkpoint-other",
            signed(&name, nobody_s(), 11, &Community::trustee()),
        ),
        with(
            "checkpoint-signed-by-a-stranger",
            "Q-8",
            "note-unsigned",
            signed(&name, root, 11, &TestKey::named("stranger")),
        ),
        with(
            "checkpoint-signed-by-the-committee",
            "P-2",
            "note-unsigned",
            signed(&name, root, 11, &Community::committee()),
        ),
        with(
            "checkpoint-of-another-origin",
            "Q-8",
            "note-unsigned",
            signed("example.org/other", root, 11, &Community::trustee()),
        ),
        with(
            "checkpoint-s-signature-flipped",
            "N-6",
            "note-signature-bad",
            replaced(&note, &signature, &spoiled),
        ),
        with("checkpoint-signed-twice", "N-5", "note-signature-twice", format!("{note}{signature}\n")),
        with("checkpoint-that-is-none", "N-1", "note-malformed", "no note".to_owned()),
        with("cosignature-of-the-committee-bad", "P-5", "note-signature-bad", badly_cosigned(&note)),
        changed("another-origin", "Q-8", "checkpoint-other", |h| h["origin"] = json!("example.org/other")),
        bad("change-of-keys-of-an-older-register", "A-6", stale_keys(), "register-stale"),
    ]
}

/// The checkpoint with the committee's cosignature of another time.
fn badly_cosigned(note: &str) -> String {
    let parsed: xinyi_core::Note = note.parse().expect("a note");
    let name = format!("{}/committee/chair", origin(two_months()));
    let line = parsed.cosignature(&name, &Community::committee(), 9).expect("a line");
    let spoiled = super::checkpoints::repacked(line.trim_end(), |payload| payload[11] ^= 1);
    parsed.with_lines(&(spoiled + "\n")).expect("a note").to_string()
}

/// A change of keys drafted before the one at 3 and recorded at 8.
fn stale_keys() -> String {
    let mut old = story_to(3);
    let key = TestKey::named("third-deputy");
    let (content, approvals) = admission(&mut old, "2026-04-21", &key);
    assert_ne!(key.public_key(), Community::committee().public_key());
    let mut community = story_to(8);
    community.clock("2026-04-21T05:00:00Z");
    let mut lines = honest_to(8);
    lines.push(raw_line(&community, content, approvals, &Community::trustee()));
    of_lines(&lines)
}
