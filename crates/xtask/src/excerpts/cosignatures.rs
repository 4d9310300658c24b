//! Vectors for a witness's answer, out of which its client takes one line.

use serde_json::{Value, json};
use xinyi_core::Note;
use xinyi_testkit::{Community, TestKey};

use super::Excerpt;
use super::checkpoints::repacked;
use super::story::{cosigner, nobody_s, replaced, signed};

const ORIGIN: &str = "example.org/made-up-compound";
const WITNESS: &str = "witness.example/w1";

fn note_of(at: u64) -> Note {
    signed(ORIGIN, nobody_s(), at, &Community::trustee()).parse().expect("a note")
}

fn with() -> Value {
    json!({"checkpoint": note_of(12).to_string(), "key": cosigner(WITNESS).to_string()})
}

fn by(name: &str, note: &Note, time: u64) -> String {
    note.cosignature(name, &TestKey::named(name), time).expect("a line")
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let note = note_of(12);
    let own = by(WITNESS, &note, 1_775_000_000);
    let stranger = by("stranger", &note, 1_775_000_000);
    let bad = |id, clause, file: String, code| Excerpt::bad(id, clause, file, &with(), code);
    let malformed = |id, clause, file: String| bad(id, clause, file, "note-malformed");
    let changed = |change: &dyn Fn(&mut Vec<u8>)| repacked(own.trim_end(), change) + "\n";
    // An answer with a text of its own and a good signature over that text.
    let longer: Note = format!("{}\nmore\n\n{own}", note.text()).parse().expect("a note");
    let smuggled = format!("more\n\n{}", by(WITNESS, &longer, 1_775_000_000));
    let as_log = Note::sign(note.text(), WITNESS, &TestKey::named(WITNESS)).expect("a note");
    let as_log = as_log.lines().last().expect("lines").to_owned() + "\n";
    vec![
        Excerpt::good("own-line-beside-a-stranger-s", &["W-10", "N-8"], stranger.clone() + &own, with()),
        bad("stranger-s-line-alone", "W-10", stranger, "note-unsigned"),
        bad("of-another-checkpoint", "W-10", by(WITNESS, &note_of(11), 1_775_000_000), "note-signature-bad"),
        bad("signed-as-a-log-signs", "N-8", as_log, "note-unsigned"),
        bad("under-another-name", "N-7", replaced(&own, WITNESS, "witness.example/w2"), "note-unsigned"),
        bad("at-another-time", "N-8", changed(&|payload| payload[11] ^= 1), "note-signature-bad"),
        bad("after-2-63-seconds", "N-8", by(WITNESS, &note, 1 << 63), "note-signature-bad"),
        bad("without-a-time", "N-8", changed(&|payload| drop(payload.drain(4..12))), "note-signature-bad"),
        bad("signature-flipped", "N-6", changed(&|payload| payload[20] ^= 1), "note-signature-bad"),
        bad("signature-too-long", "N-6", changed(&|payload| payload.push(0)), "note-signature-bad"),
        bad("line-twice", "N-5", format!("{own}{own}"), "note-signature-twice"),
        malformed("text-of-its-own", "W-10", smuggled),
        malformed("empty-answer", "N-1", String::new()),
        malformed("line-feed-alone", "N-1", "\n".to_owned()),
        malformed("words", "N-1", "OK\n".to_owned()),
        malformed("line-feed-missing", "N-1", own.trim_end().to_owned()),
        malformed("converted-crlf", "N-2", own.replace('\n', "\r\n")),
    ]
}
