//! Vectors for checkpoints: signed notes, by keys that the reader names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use xinyi_core::{Note, Sign as _, VerifierKey};
use xinyi_testkit::TestKey;

use super::Excerpt;
use super::story::{cosigner, digit_changed, replaced, signed};

const ORIGIN: &str = "example.org/made-up-compound";
const WITNESS: &str = "witness.example/w1";

fn log() -> TestKey {
    TestKey::named("trustee")
}

fn log_vkey() -> String {
    VerifierKey::new(ORIGIN, log().public_key()).expect("a name").to_string()
}

fn keys() -> Value {
    json!({"keys": [log_vkey(), cosigner(WITNESS).to_string()]})
}

fn plain() -> String {
    signed(ORIGIN, super::story::nobody_s(), 12, &log())
}

/// The signature line of a key over the note's text, without its line feed.
fn last_line(note: &str) -> String {
    note.lines().last().expect("lines").to_owned()
}

fn body() -> String {
    plain().split("\n\n").next().expect("a text").to_owned() + "\n"
}

/// A note of any text, signed by the log key.
fn of_text(text: &str) -> String {
    Note::sign(text, ORIGIN, &log()).expect("a note")
}

fn cosigned(at: u64) -> String {
    let note: Note = plain().parse().expect("a note");
    let line = note.cosignature(WITNESS, &TestKey::named(WITNESS), at).expect("a line");
    note.with_lines(&line).expect("a note").to_string()
}

/// A signature line with its payload changed.
pub(crate) fn repacked(line: &str, change: impl Fn(&mut Vec<u8>)) -> String {
    let (head, payload) = line.rsplit_once(' ').expect("a line");
    let mut payload = BASE64.decode(payload).expect("base64");
    change(&mut payload);
    format!("{head} {}", BASE64.encode(payload))
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let mut cases = vec![
        Excerpt::good("signed-by-its-log", &["N-1", "P-1"], plain(), keys()),
        Excerpt::good(
            "cosigned-with-an-extension-line-and-a-stranger-beside",
            &["N-7", "N-8", "P-3"],
            with_extension(),
            keys(),
        ),
    ];
    cases.extend(form_faults());
    cases.extend(body_faults());
    cases.extend(signature_faults());
    cases.extend(cosignature_faults());
    cases.extend(key_faults());
    cases
}

fn with_extension() -> String {
    let note: Note = of_text(&format!("{}extension\n", body())).parse().expect("a note");
    let line = note.cosignature(WITNESS, &TestKey::named(WITNESS), 1_775_000_000).expect("a line");
    let stranger = note.cosignature("stranger", &TestKey::named("stranger"), 1).expect("a line");
    note.with_lines(&(line + &stranger)).expect("a note").to_string()
}

fn form_faults() -> Vec<Excerpt> {
    let malformed = |id, clause, file: String| Excerpt::bad(id, clause, file, &keys(), "note-malformed");
    let line = last_line(&plain());
    let payload = line.rsplit_once(' ').expect("a line").1.to_owned();
    // The last digit of the base64 holds bits that mean nothing: a tolerant reader takes many spellings for one.
    let loose = format!("{}{}=", &payload[..payload.len() - 2], next(&payload[payload.len() - 2..]));
    let many = format!("{}{}", plain(), format!("{line}\n").repeat(100));
    vec![
        malformed("empty-file", "N-1", String::new()),
        malformed("no-blank-line", "N-1", replaced(&plain(), "\n\n", "\n")),
        malformed("no-signature-line", "N-1", format!("{}\n", body())),
        malformed("last-line-feed-missing", "N-1", plain().trim_end().to_owned()),
        malformed("blank-line-after-the-signatures", "N-2", plain() + "\n"),
        malformed("hyphen-for-the-dash", "N-1", replaced(&plain(), "\u{2014} ", "- ")),
        malformed("two-blanks-in-a-signature-line", "N-1", replaced(&plain(), "\u{2014} ", "\u{2014}  ")),
        malformed("name-with-a-plus", "N-3", replaced(&plain(), "\u{2014} example", "\u{2014} ex+ample")),
        malformed("converted-crlf", "N-2", plain().replace('\n', "\r\n")),
        malformed("tab-in-the-text", "N-2", replaced(&plain(), "12\n", "12\t\n")),
        malformed("signature-in-loose-base64", "N-4", replaced(&plain(), &payload, &loose)),
        malformed(
            "signature-without-padding",
            "N-4",
            replaced(&plain(), &payload, payload.trim_end_matches('=')),
        ),
        malformed(
            "signature-of-no-bytes",
            "N-4",
            replaced(&plain(), &line, &repacked(&line, |p| p.truncate(4))),
        ),
        malformed("more-than-100-signature-lines", "N-2", many),
        Excerpt {
            file: vec![([plain().as_bytes(), b"\xff\n"].concat(), 1)],
            ..malformed("not-utf8", "N-2", String::new())
        },
    ]
}

/// The base64 digit after the first of `digits`.
fn next(digits: &str) -> char {
    let digits: Vec<u8> = digits.bytes().collect();
    char::from(digits[0] + 1)
}

fn body_faults() -> Vec<Excerpt> {
    let malformed =
        |id, clause, text: String| Excerpt::bad(id, clause, of_text(&text), &keys(), "note-malformed");
    let root = body().lines().nth(2).expect("a root").to_owned();
    let loose = format!("{}{}=", &root[..42], next(&root[42..]));
    vec![
        malformed("size-with-a-leading-zero", "P-1", replaced(&body(), "\n12\n", "\n012\n")),
        malformed("size-with-a-sign", "P-1", replaced(&body(), "\n12\n", "\n+12\n")),
        malformed("size-too-large", "P-1", replaced(&body(), "\n12\n", "\n9007199254740992\n")),
        malformed("size-that-is-no-number", "P-1", replaced(&body(), "\n12\n", "\ntwelve\n")),
        malformed(
            "root-of-31-bytes",
            "P-1",
            replaced(&body(), &root, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="),
        ),
        malformed("root-in-loose-base64", "P-1", replaced(&body(), &root, &loose)),
        malformed("root-missing", "P-1", replaced(&body(), &format!("{root}\n"), "")),
        malformed("empty-extension-line", "P-3", body() + "\nextension\n"),
        malformed("origin-empty", "P-1", replaced(&body(), ORIGIN, "")),
    ]
}

fn signature_faults() -> Vec<Excerpt> {
    let bad = |id, clause, file: String, code| Excerpt::bad(id, clause, file, &keys(), code);
    let line = last_line(&plain());
    let other = signed(ORIGIN, super::story::nobody_s(), 11, &log());
    let flipped = repacked(&line, |payload| payload[10] ^= 1);
    let by = |name: &str, key: &str| Note::sign(&body(), name, &TestKey::named(key)).expect("a note");
    vec![
        bad("signature-flipped", "N-6", replaced(&plain(), &line, &flipped), "note-signature-bad"),
        bad(
            "signature-of-another-text",
            "N-6",
            replaced(&plain(), &line, &last_line(&other)),
            "note-signature-bad",
        ),
        bad("size-changed", "N-6", replaced(&plain(), "\n12\n", "\n13\n"), "note-signature-bad"),
        bad(
            "signature-of-63-bytes",
            "N-6",
            replaced(&plain(), &line, &repacked(&line, |payload| payload.truncate(67))),
            "note-signature-bad",
        ),
        bad(
            "signature-malleable",
            "K-5",
            replaced(
                &plain(),
                &line,
                &repacked(&line, |payload| {
                    let other = crate::vectors::malleated(&hex::encode(&payload[4..]));
                    payload.splice(4.., hex::decode(other).expect("hex"));
                }),
            ),
            "note-signature-bad",
        ),
        bad("signed-twice", "N-5", format!("{}{line}\n", plain()), "note-signature-twice"),
        bad("signed-by-a-stranger", "N-7", by(ORIGIN, "stranger"), "note-unsigned"),
        bad("signed-under-another-name", "N-7", by("example.org/other", "trustee"), "note-unsigned"),
        bad(
            "id-of-another-key",
            "N-7",
            replaced(&plain(), &line, &repacked(&line, |payload| payload[0] ^= 1)),
            "note-unsigned",
        ),
        bad("another-origin", "N-6", replaced(&plain(), ORIGIN, "example.org/other"), "note-signature-bad"),
        Excerpt::bad(
            "another-origin-under-the-log-s-name",
            "P-2",
            Note::sign(&replaced(&body(), ORIGIN, "example.org/other"), ORIGIN, &log()).expect("a note"),
            &keys(),
            "note-unsigned",
        ),
    ]
}

fn cosignature_faults() -> Vec<Excerpt> {
    let bad = |id, clause, file: String, code| Excerpt::bad(id, clause, file, &keys(), code);
    let note = cosigned(1_775_000_000);
    let line = last_line(&note);
    let alone = format!("{}\n{line}\n", body());
    vec![
        bad("cosigned-but-not-signed", "P-2", alone, "note-unsigned"),
        bad(
            "cosigned-at-another-time",
            "N-8",
            replaced(&note, &line, &repacked(&line, |payload| payload[11] ^= 1)),
            "note-signature-bad",
        ),
        bad("cosigned-after-2-63-seconds", "N-8", cosigned(1 << 63), "note-signature-bad"),
        bad(
            "cosigned-without-a-time",
            "N-8",
            replaced(&note, &line, &repacked(&line, |payload| drop(payload.drain(4..12)))),
            "note-signature-bad",
        ),
        bad("cosigned-twice", "N-5", format!("{note}{line}\n"), "note-signature-twice"),
    ]
}

fn key_faults() -> Vec<Excerpt> {
    let good = log_vkey();
    let encoded = good.rsplit_once('+').expect("a key").1.to_owned();
    let of_type = |typed: &[u8]| replaced(&good, &encoded, &BASE64.encode(typed));
    let raw = log().public_key().as_bytes().to_vec();
    let bad =
        |id, clause, key: String| Excerpt::bad(id, clause, plain(), &json!({"keys": [key]}), "vkey-invalid");
    let id = format!("{ORIGIN}+");
    vec![
        bad("key-with-another-id", "N-3", digit_changed(&good, &id)),
        bad("key-with-its-id-in-upper-case", "N-3", {
            let digits = &good[id.len()..id.len() + 8];
            replaced(&good, digits, &digits.to_uppercase())
        }),
        bad("key-without-a-name", "N-3", replaced(&good, ORIGIN, "")),
        bad("key-of-an-unknown-type", "N-3", of_type(&[&[2], raw.as_slice()].concat())),
        bad("key-of-31-bytes", "N-3", of_type(&[&[1], &raw[..31]].concat())),
        bad("key-of-small-order", "K-2", of_type(&[&[1_u8, 1], [0_u8; 31].as_slice()].concat())),
        bad("key-with-padding-it-has-not", "N-3", format!("{good}=")),
        bad("key-with-a-blank-in-its-name", "N-3", replaced(&good, "example", "exam ple")),
    ]
}
