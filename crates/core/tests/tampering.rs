//! Every byte of a ledger is covered: whichever is changed, reading stops where it first went wrong.

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
use xinyi_core::{Approval, Hash, Kind, Replay, replay_bytes};
use xinyi_testkit::{Community, Seal};

/// 200 entries: incomes, approved expenses, a refund, two closes.
fn ledger() -> Community {
    let mut community = Community::property_trust("2026-03");
    for number in 0..197 {
        let date = if number < 120 { "2026-03-10" } else { "2026-04-10" };
        if number == 120 {
            community.close("2026-03", "2026-04-02", Hash::digest(b"made up"));
        }
        let amount = format!("{}.{:02}", 100 + number, number % 100);
        let (kind, seal, data) = if number % 9 == 0 {
            let data = json!({"account": "bank", "amount": amount, "category": "repair", "fund": "shared", "payee": "lift"});
            (Kind::Expense, Seal::Both, data)
        } else {
            let data =
                json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"});
            (Kind::Income, Seal::Trustee, data)
        };
        community.record(date, kind, seal, data);
    }
    community.close("2026-04", "2026-05-02", Hash::digest(b"made up"));
    assert_eq!(community.lines.len(), 200);
    community
}

/// A changed line is judged by the state that the lines before it led to; that state is the same for every byte
/// of the line, so it is built once a line.
#[test]
fn every_changed_byte_is_refused_at_its_own_entry() {
    let lines = ledger().lines;
    let mut replay = Replay::new();
    let mut tried = 0_u64;
    for (index, line) in lines.iter().enumerate() {
        let mut changed = line.clone();
        for byte in 0..line.len() {
            // Which bits are flipped moves with the byte, so that all eight are tried along a line.
            for flip in [1 << (byte % 8), 1 << ((byte + 3) % 8)] {
                changed[byte] ^= flip;
                assert!(replay.push(&changed).is_err(), "entry {index}, byte {byte}");
                assert_eq!(replay.size().get(), index as u64, "a refused line changes nothing");
                changed[byte] = line[byte];
                tried += 1;
            }
        }
        replay.push(line).unwrap();
    }
    assert!(tried > 220_000, "only {tried} bytes were tried");
}

#[test]
fn dropped_repeated_and_swapped_lines_are_refused_where_they_begin() {
    let community = ledger();
    let whole: Vec<&Vec<u8>> = community.lines.iter().collect();
    let stops = |lines: &[&Vec<u8>]| {
        let file: Vec<u8> = lines.iter().flat_map(|line| line.iter().copied().chain([b'\n'])).collect();
        replay_bytes(&file, None).stopped.map(|stopped| stopped.index.get())
    };
    for at in (0..199).step_by(13) {
        let mut dropped = whole.clone();
        dropped.remove(at);
        assert_eq!(stops(&dropped), Some(at as u64), "dropped {at}");
        let mut repeated = whole.clone();
        repeated.insert(at, whole[at]);
        assert_eq!(stops(&repeated), Some(at as u64 + 1), "repeated {at}");
        let mut swapped = whole.clone();
        swapped.swap(at, at + 1);
        assert_eq!(stops(&swapped), Some(at as u64), "swapped {at}");
    }
    assert_eq!(stops(&whole[..150]), None, "that the end is missing, a file cannot show");
}

#[test]
fn a_changed_line_feed_is_refused_at_its_line() {
    let community = ledger();
    let file = community.file();
    let ends = file.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    for (index, at) in ends.enumerate().step_by(17) {
        let mut changed = file.clone();
        changed[at] = b' ';
        let stopped = replay_bytes(&changed, None).stopped.unwrap();
        assert_eq!(stopped.index.get(), index as u64);
    }
}

#[test]
fn a_cut_inside_any_line_is_told_from_a_change() {
    let community = ledger();
    let file = community.file();
    let last = community.lines.last().unwrap().len();
    for cut in [1, 2, 100, last] {
        let replayed = replay_bytes(&file[..file.len() - cut], None);
        assert_eq!(replayed.stopped.unwrap().cause.code(), "file-cut", "{cut}");
        assert_eq!(replayed.entries.len(), 199);
    }
}

#[test]
fn a_whole_second_history_needs_the_keys() {
    // The trustee rewrites a closed month alone: without the committee there is no close.
    let mut forged = Community::property_trust("2026-03");
    let data = json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
    forged.record("2026-03-10", Kind::Income, Seal::Trustee, data);
    let close = serde_json::to_value(forged.close_data("2026-03", Hash::digest(b""))).unwrap();
    forged.clock("2026-04-02T04:00:00Z");
    let content = forged.content("2026-04-02", Kind::Close, close);
    let own = Approval::sign(&content, &Community::supervisor());
    assert_eq!(forged.put(content, vec![own]).unwrap_err().code(), "approvals-missing");
}
