//! Notes and cosignatures: types of keys, times, foreign lines, and agreement with another library.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use xinyi_core::{Hash, Note, NoteError, NoteKeyType, Sign as _, VerifierKey};
use xinyi_testkit::TestKey;

fn cosigned_note() -> (String, [VerifierKey; 2]) {
    let (log, witness) = (TestKey::named("log"), TestKey::named("witness"));
    let note: Note = Note::sign("example.org/a\n7\nAAAA\n", "example.org/a", &log).unwrap().parse().unwrap();
    let line = note.cosignature("witness.example/w1", &witness, 1_700_000_000).unwrap();
    let keys = [
        VerifierKey::new("example.org/a", log.public_key()).unwrap(),
        VerifierKey::cosigner("witness.example/w1", witness.public_key()).unwrap(),
    ];
    (note.with_lines(&line).unwrap().to_string(), keys)
}

#[test]
fn a_cosignature_verifies_with_its_time_and_not_under_another_time_or_type() {
    let (note, keys) = cosigned_note();
    let open = note.parse::<Note>().unwrap().verify(&keys).unwrap();
    let times: Vec<_> = open.signers.iter().map(|signer| signer.time).collect();
    assert_eq!(times, [None, Some(1_700_000_000)]);
    // The same raw key as a log's key has another id: its line is unknown, not good.
    let as_log = VerifierKey::new("witness.example/w1", keys[1].key()).unwrap();
    assert_eq!(note.parse::<Note>().unwrap().verify(&[keys[0].clone(), as_log]).unwrap().unknown, 1);
    for byte in 0..note.len() {
        let mut bytes = note.clone().into_bytes();
        bytes[byte] ^= 1;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let opened = text.parse::<Note>().and_then(|note| note.verify(&keys));
        assert!(opened.map_or(true, |open| open.signers.len() < 2), "byte {byte}");
    }
}

#[test]
fn a_witness_that_signs_again_replaces_its_line_and_large_unknown_signatures_fit() {
    let (note, keys) = cosigned_note();
    let note: Note = note.parse().unwrap();
    let later = note.cosignature("witness.example/w1", &TestKey::named("witness"), 1_700_000_009).unwrap();
    let note = note.with_lines(&later).unwrap();
    assert_eq!(note.to_string().matches('\u{2014}').count(), 2);
    let large = format!("\u{2014} pq.example {}\n", BASE64.encode([7_u8; 4 + 8 + 2420]));
    let many: String = (0..14).map(|n| format!("\u{2014} w{n} AAAAAAA=\n")).collect();
    let note = note.with_lines(&(large + &many)).unwrap().to_string();
    let open = note.parse::<Note>().unwrap().verify(&keys).unwrap();
    assert_eq!((open.signers.len(), open.unknown, open.signers[1].time), (2, 15, Some(1_700_000_009)));
}

#[test]
fn a_verifier_key_says_its_type_and_others_are_refused() {
    let key = TestKey::named("witness").public_key();
    let vkey = VerifierKey::cosigner("witness.example/w1", key).unwrap();
    assert_eq!(vkey.to_string().parse(), Ok(vkey.clone()));
    assert_eq!(vkey.signs(), NoteKeyType::Cosigner);
    let typed = [[0x02].as_slice(), key.as_bytes()].concat();
    let id = Hash::digest(&[b"witness.example/w1\n".as_slice(), &typed].concat()).to_string();
    let text = format!("witness.example/w1+{}+{}", &id[..8], BASE64.encode(typed));
    assert_eq!(text.parse::<VerifierKey>(), Err(NoteError::VerifierKey));
}

#[test]
fn another_library_opens_our_notes_and_refuses_what_we_refuse() {
    use signed_note::{Note as TheirNote, StandardVerifier, VerifierList};
    let (note, keys) = cosigned_note();
    let theirs = |text: &str| {
        let verifier = StandardVerifier::new(&keys[0].to_string()).unwrap();
        let list = VerifierList::new(vec![Box::new(verifier)]);
        TheirNote::from_bytes(text.as_bytes())
            .is_ok_and(|note| note.verify(&list).is_ok_and(|(ok, _)| !ok.is_empty()))
    };
    let ours = |text: &str| text.parse::<Note>().is_ok_and(|note| note.verify(&keys[..1]).is_ok());
    assert!(theirs(&note) && ours(&note));
    for byte in 0..note.len() {
        let mut bytes = note.clone().into_bytes();
        bytes[byte] ^= 4;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(!ours(&text) || theirs(&text), "we accept what they refuse at byte {byte}: {text}");
    }
}
