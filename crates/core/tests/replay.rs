//! What a dishonest trustee, a careless clerk and a broken disk would do to a ledger.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use serde_json::json;
use xinyi_core::{Approval, Hash, Kind, replay_bytes};
use xinyi_testkit::{Community, Seal, TestKey};

fn income(amount: &str) -> serde_json::Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

fn small() -> Community {
    let mut community = Community::property_trust("2026-03");
    for day in 1..=9 {
        community.record(&format!("2026-03-0{day}"), Kind::Income, Seal::Trustee, income("100.00"));
    }
    community
}

#[test]
fn an_honest_ledger_replays_to_the_same_root() {
    let community = small();
    let replayed = replay_bytes(&community.file(), None);
    assert_eq!(replayed.stopped, None);
    assert_eq!(replayed.replay.root(), community.replay.root());
    assert_eq!(replayed.entries, community.entries);
}

#[test]
fn a_close_needs_both_parties_and_the_month_is_shut_after_it() {
    let mut community = small();
    let state = Hash::digest(b"");
    let close = serde_json::to_value(community.close_data("2026-03", state)).unwrap();
    let one_sided = community.try_record("2026-04-01", Kind::Close, Seal::Trustee, close);
    assert_eq!(one_sided.unwrap_err().code(), "approvals-missing");
    community.close("2026-03", "2026-04-01", state);
    let late = community.try_record("2026-03-31", Kind::Income, Seal::Trustee, income("1.00"));
    assert_eq!(late.unwrap_err().code(), "period-closed");
}

#[test]
fn a_late_entry_makes_the_waiting_close_an_error() {
    let mut community = small();
    let state = Hash::digest(b"");
    let close = serde_json::to_value(community.close_data("2026-03", state)).unwrap();
    community.record("2026-03-31", Kind::Income, Seal::Trustee, income("9999.99"));
    let refused = community.try_record("2026-04-02", Kind::Close, Seal::Both, close);
    assert_eq!(refused.unwrap_err().code(), "close-late-entry");
}

#[test]
fn two_months_closed_late_at_one_size_both_verify() {
    let mut community = small();
    community.record("2026-04-10", Kind::Income, Seal::Trustee, income("5.00"));
    let size = community.replay.size();
    for period in ["2026-03", "2026-04"] {
        let state = Hash::digest(period.as_bytes());
        let close = community.close_at(period.parse().unwrap(), size, state);
        community.record("2026-05-02", Kind::Close, Seal::Both, serde_json::to_value(close).unwrap());
    }
    assert_eq!(replay_bytes(&community.file(), None).stopped, None);
}

#[test]
fn an_approval_cannot_be_used_again_or_elsewhere() {
    let mut community = small();
    let content = community.named("2026-03-09", "twice", Kind::Income, income("7.00"));
    let approval = Approval::sign(&content, &Community::committee());
    community.put(content.clone(), vec![approval]).unwrap();
    assert_eq!(community.put(content.clone(), vec![approval]).unwrap_err().code(), "reference-taken");
    let mut genesis = Community::genesis_json("2026-03");
    genesis["nonce"] = json!("22".repeat(32));
    let mut other = Community::with_genesis(genesis);
    other.now = community.now;
    assert_eq!(other.put(content, vec![approval]).unwrap_err().code(), "ledger-other");
}

#[test]
fn a_stranger_cannot_approve_or_record() {
    let mut community = small();
    let content = community.content("2026-03-09", Kind::Income, income("7.00"));
    let stranger = TestKey::named("stranger");
    let refused = community.put(content.clone(), vec![Approval::sign(&content, &stranger)]);
    assert_eq!(refused.unwrap_err().code(), "approval-key");
    let line = community.replay.prepare(content.clone(), vec![]).record(community.now, &stranger).unwrap();
    assert_eq!(community.push(line).unwrap_err().code(), "recorder-key");
    let mut forged = Approval::sign(&content, &stranger);
    forged.key = Approval::sign(&content, &Community::committee()).key;
    assert_eq!(community.put(content, vec![forged]).unwrap_err().code(), "approval-signature");
}

/// A line's signatures are verified as one block; the error is still the first in the order of R-2.
#[test]
fn of_several_wrong_signatures_the_first_is_named() {
    let mut community = small();
    let content = community.content("2026-03-09", Kind::Income, income("7.00"));
    let committee = Approval::sign(&content, &Community::committee()).key;
    let wrong = Approval { key: committee, ..Approval::sign(&content, &TestKey::named("stranger")) };
    let mut found = std::collections::BTreeSet::new();
    for stranger in 0..16 {
        let stranger = Approval::sign(&content, &TestKey::named(&format!("stranger {stranger}")));
        let refused = community.put(content.clone(), vec![wrong, stranger]).unwrap_err();
        let expected = if stranger.key < committee { "approval-key" } else { "approval-signature" };
        assert_eq!(refused.code(), expected);
        found.insert(expected);
    }
    assert_eq!(found.len(), 2, "strangers before and after the committee");
    let by_stranger =
        community.replay.prepare(content, vec![wrong]).record(community.now, &TestKey::named("stranger"));
    assert_eq!(community.push(by_stranger.unwrap()).unwrap_err().code(), "approval-signature");
}

#[test]
fn a_converted_file_is_named_as_such() {
    let file = small().file();
    let lines = file.split_inclusive(|b| *b == b'\n');
    let crlf: Vec<u8> = lines.flat_map(|line| [&line[..line.len() - 1], b"\r\n"].concat()).collect();
    let bom = [b"\xEF\xBB\xBF".as_slice(), &file].concat();
    for converted in [crlf, bom] {
        let stopped = replay_bytes(&converted, None).stopped.unwrap();
        assert_eq!((stopped.index.get(), stopped.cause.code()), (0, "file-converted"));
    }
}

#[test]
fn a_file_cut_inside_a_line_says_up_to_where_it_is_good() {
    let community = small();
    let file = community.file();
    let replayed = replay_bytes(&file[..file.len() - 10], None);
    assert_eq!(replayed.entries.len(), 9);
    assert_eq!(replayed.stopped.unwrap().cause.code(), "file-cut");
}
