//! A replay that reads older lines again instead of remembering them comes to the same.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::sync::Arc;

use common::changing::{acts, changing};
use common::{Shifting, income};
use proptest::prelude::*;
use serde_json::{Value, json};
use xinyi_core::{Entry, Index, Kind, Link, Replay, ReplayError, Verified};
use xinyi_testkit::{Community, Seal};

fn index(number: usize) -> Index {
    Index::new(number.try_into().unwrap()).unwrap()
}

/// What a replay says of these lines one by one, up to the first that it refuses.
fn said(mut replay: Replay, lines: &[Vec<u8>]) -> Vec<Result<Verified<Entry>, ReplayError>> {
    let mut said = Vec::new();
    for line in lines {
        said.push(replay.push(line));
        if said.last().is_some_and(Result::is_err) {
            break;
        }
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_entry_recalled_is_the_one_that_was_taken_in(acts in acts(40)) {
        let community = changing(&acts);
        let mut replay = Replay::new().with_lines(Arc::new(Shifting::of(&community.lines)));
        for (place, line) in community.lines.iter().enumerate() {
            prop_assert_eq!(replay.recall(index(place)), None, "it is not yet there");
            replay.push(line).unwrap();
            prop_assert_eq!(replay.recall(index(place)), Some(community.entries[place].clone()));
        }
        for (place, entry) in community.entries.iter().enumerate() {
            prop_assert_eq!(replay.recall(index(place)), Some(entry.clone()));
        }
    }
}

#[test]
fn every_vector_has_the_same_verdicts_with_lines_and_without() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/spec/vectors");
    for name in ["replay.json", "ledgers.json"] {
        let vectors: Value = serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        for vector in vectors.as_array().unwrap() {
            // A file that is no text, or too long to stand in full, is left out.
            let Some(file) = vector["file"].as_str() else { continue };
            let lines: Vec<Vec<u8>> = file.split('\n').map(|line| line.as_bytes().to_vec()).collect();
            let with_lines = Replay::new().with_lines(Arc::new(Shifting::of(&lines)));
            assert_eq!(said(with_lines, &lines), said(Replay::new(), &lines), "{}", vector["id"]);
        }
    }
}

/// So many lines that the first 256 are not remembered, their links to be followed later.
fn long() -> Community {
    let mut community = Community::property_trust("2026-03");
    for _ in 0..4_400 {
        community.record("2026-03-02", Kind::Income, Seal::Trustee, income("3.00"));
    }
    community
}

fn refund(target: Link) -> Value {
    json!({"account": "bank", "amount": "1.00", "fund": "shared", "reason": "twice", "target": target})
}

#[test]
fn a_link_far_back_holds_as_long_as_the_lines_around_it_are_those_that_were_read() {
    let mut community = long();
    let shifting = Shifting::of(&community.lines);
    let read = |mut replay: Replay| {
        community.lines.iter().for_each(|line| drop(replay.push(line).unwrap()));
        replay
    };
    let given_later = read(Replay::new()).with_lines(Arc::new(shifting.clone()));
    let mut replay = read(Replay::new().with_lines(Arc::new(shifting.clone())));
    for replay in [&replay, &given_later] {
        for place in [0, 70, 255, 256, 4_300] {
            assert_eq!(replay.leaf(index(place)), Some(community.entries[place].leaf()), "line {place}");
            assert_eq!(replay.recall(index(place)).as_ref(), Some(&community.entries[place]), "line {place}");
        }
    }
    // Line 140 changes before its run is read again: nothing of the run can be vouched for.
    shifting.set(140, community.lines[141].clone());
    assert_eq!((replay.leaf(index(139)), replay.recall(index(139))), (None, None));
    let line_of = |community: &mut Community, place: usize| {
        let target = community.entries[place].link();
        community.record("2026-03-03", Kind::Refund, Seal::Trustee, refund(target));
        community.lines.last().unwrap().clone()
    };
    let refund = line_of(&mut community, 139);
    assert_eq!(replay.push(&refund).unwrap_err().code(), "link-mismatch");
    shifting.set(140, community.lines[140].clone());
    replay.push(&refund).unwrap();
    // A line of the window is held against its own leaf hash, and so is one whose run was read before it changed.
    for place in [139, 4_300] {
        shifting.set(place, community.lines[141].clone());
        assert_eq!(replay.recall(index(place)), None);
        assert_eq!(replay.leaf(index(place)), Some(community.entries[place].leaf()));
    }
}
