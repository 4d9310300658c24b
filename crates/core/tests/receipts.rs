//! Receipts: what an honest one shows, and what no forger can make it say.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod common;

use serde_json::json;
use xinyi_core::{
    Claimed, Disclosure, Hash, Index, Kind, Receipt, Received, Shown, Sizes as _, Trust, Verified,
};
use xinyi_testkit::{Seal, TestKey};

use common::{anchor_at, hand_over, identity, payer, size, story};

fn verified(receipt: &Receipt) -> Result<Verified<Received>, &'static str> {
    let read: Receipt =
        receipt.to_string().parse().map_err(|error: xinyi_core::ReceiptError| error.code())?;
    assert_eq!(read, *receipt, "what is written is what is read");
    read.verify(None, &[]).map_err(|error| error.code())
}

#[test]
fn a_receipt_shows_its_entry_under_a_close_by_both_and_opens_only_what_was_handed_out() {
    let community = story();
    let closed = verified(&community.receipt(1, size(4), &[payer().encoded().to_owned()])).unwrap();
    let covered = closed.covered.as_ref().unwrap();
    assert_eq!((covered.close.period.to_string(), covered.approvers.len()), ("2026-03".to_owned(), 2));
    assert_eq!(closed.disclosed[0].value().as_str(), "3-2-501");
    assert_eq!(closed.checkpoint.checkpoint.size, size(4));
    let bare = community.receipt(1, size(4), &[]);
    assert!(verified(&bare).unwrap().disclosed.is_empty());
    let extra = serde_json::to_string(&bare.extra).unwrap();
    assert!(!extra.contains("3-2-501") && !extra.contains(payer().encoded()));
    // A month that is still open: no close covers the entry.
    assert!(verified(&community.receipt(4, size(5), &[])).unwrap().covered.is_none());
}

/// What a forger does to a receipt.
type Change = Box<dyn Fn(&mut Receipt)>;

#[test]
fn a_receipt_with_anything_else_in_its_place_is_refused() {
    let community = story();
    let honest = community.receipt(1, size(4), &[payer().encoded().to_owned()]);
    let other = community.receipt(2, size(4), &[]);
    let spoiled = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = honest.clone();
        change(&mut receipt);
        verified(&receipt).err().unwrap_or("accepted")
    };
    let stranger = Disclosure::new([8; 16], "payer", "9-9-999".parse().unwrap());
    let renamed = Disclosure::new([7; 16], "memo", "3-2-501".parse().unwrap());
    let cases: Vec<(&str, &str, Change)> = vec![
        (
            "another's payer",
            "receipt-disclosed",
            Box::new(move |r| r.extra.disclosures = vec![stranger.encoded().to_owned()]),
        ),
        (
            "the payer under another name",
            "receipt-disclosed",
            Box::new(move |r| r.extra.disclosures = vec![renamed.encoded().to_owned()]),
        ),
        (
            "a disclosure that is none",
            "disclosure-form",
            Box::new(|r| r.extra.disclosures = vec!["x".to_owned()]),
        ),
        (
            "another line",
            "receipt-other",
            Box::new({
                let line = other.extra.line.clone();
                move |r| r.extra.line = line.clone()
            }),
        ),
        ("another index", "receipt-other", Box::new(|r| r.index = Index::new(2).unwrap())),
        ("a path too long", "proof-length", Box::new(|r| r.path.push(Hash::digest(b"x")))),
        ("a path too short", "proof-length", Box::new(|r| r.path.truncate(1))),
        ("another path", "proof-root", Box::new(|r| r.path[0] = Hash::digest(b"x"))),
        ("no authority", "path-order", Box::new(|r| r.extra.authority.clear())),
        (
            "the close's path spoiled",
            "proof-root",
            Box::new(|r| r.extra.close.as_mut().unwrap().path[0] = Hash::digest(b"x")),
        ),
        (
            "the entry not under the close's root",
            "proof-root",
            Box::new(|r| r.extra.close.as_mut().unwrap().entry[0] = Hash::digest(b"x")),
        ),
        (
            "another line for the close",
            "proof-root",
            Box::new({
                let line = other.extra.line.clone();
                move |r| r.extra.close.as_mut().unwrap().line = line.clone()
            }),
        ),
        (
            "a checkpoint nobody signed",
            "note-malformed",
            Box::new(|r| r.checkpoint = "example.org/made-up-compound\n4\nAAAA\n".to_owned()),
        ),
        ("another mark", "receipt-form", Box::new(|r| r.extra.xinyi = "receipt-v2".to_owned())),
    ];
    for (what, code, change) in cases {
        assert_eq!(spoiled(&*change), code, "{what}");
    }
}

#[test]
fn a_receipt_is_of_its_ledger_signed_by_its_log_key_and_as_good_as_before_when_its_entry_is_reversed() {
    let mut community = story();
    let mut honest = community.receipt(1, size(4), &[]);
    assert_eq!(honest.verify(Some(Hash::digest(b"other")), &[]).unwrap_err().code(), "identity-other");
    let target = community.entries[1].link();
    community.record("2026-04-04", Kind::Reversal, Seal::Both, json!({"reason": "wrong", "target": target}));
    assert_eq!(verified(&community.receipt(1, size(4), &[])).unwrap().checkpoint.checkpoint.size, size(4));
    // Signed by a key that is no log key of this ledger.
    let root = community.archive().root(size(4)).unwrap();
    let origin = community.replay.founding().unwrap().origin.clone();
    let forged = xinyi_core::Checkpoint { origin, root, size: size(4) };
    honest.checkpoint = forged.sign(&TestKey::named("thief")).unwrap();
    assert_eq!(verified(&honest).unwrap_err(), "note-unsigned");
}

#[test]
fn every_changed_byte_of_a_receipt_is_refused() {
    let community = story();
    let text = community.receipt(1, size(4), &[payer().encoded().to_owned()]).to_string();
    let known = identity(&community);
    for byte in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[byte] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else { continue };
        let read =
            changed.parse::<Receipt>().and_then(|receipt| receipt.verify(Some(known), &[]).map(|_| ()));
        assert!(read.is_err(), "byte {byte}: {}", &text[byte.saturating_sub(30)..byte]);
    }
}

/// Nothing binds a receipt's lines of authority above the close: one left out must accuse nobody and prove nothing.
#[test]
fn a_line_of_authority_left_out_of_a_receipt_moves_no_anchor_and_accuses_nobody() {
    let mut community = story();
    hand_over(&mut community);
    let last = community.replay.size();
    let mut receipt = community.receipt(1, last, &[]);
    receipt.extra.authority.pop();
    let stripped = verified(&receipt).unwrap();
    assert_eq!(stripped.root(last), community.root(last));
    assert_eq!(stripped.register(last), None);
    let covered = stripped.covered.as_ref().unwrap().close.size;
    assert_eq!(stripped.register(covered), community.register(covered));
    let claimed = Claimed {
        approvers: None,
        founding: stripped.authority.founding(),
        register: stripped.authority.register(),
    };
    let shown =
        Shown { checkpoint: Some(&stripped.checkpoint), claimed, from: covered, size: last, whole: false };
    let by_anchor = Trust { anchor: Some(anchor_at(&community, last.get())), ..Trust::default() };
    let grounds = by_anchor.judge(&shown, &*stripped).unwrap();
    assert_eq!((grounds.anchor, grounds.unique), (Some(Some(last)), None));
}
