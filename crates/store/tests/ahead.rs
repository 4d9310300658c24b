//! Threads and blocks change no verdict: the same facts, the same first error at the same place, the same failure of the
//! source. And lines read again are the ones that passed, or none.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use serde_json::json;
use xinyi_core::{Hash, Index, Kind, Lines, Replay, ReplayError};
use xinyi_store::{DiskError, Halt, LinesAgain, RawLine, RawLines, take_lines};
use xinyi_testkit::{Community, Seal};

/// More lines than the first, small block and several blocks after it have.
const LINES: usize = 700;

fn community() -> Community {
    let mut community = Community::property_trust("2026-01");
    let income = json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
    for number in 1..LINES {
        let seal = if number % 3 == 0 { Seal::Both } else { Seal::Trustee };
        community.record("2026-01-20", Kind::Income, seal, income.clone());
    }
    community
}

/// Its file, made once.
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| community().file());

/// What a reading came to.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    ends: Vec<u64>,
    failed: Option<String>,
    halt: Option<Halt<ReplayError>>,
    leaves: Vec<Hash>,
    root: Hash,
}

fn outcome<E: ToString>(
    lines: impl Iterator<Item = Result<RawLine, E>>,
    mut replay: Replay,
    threads: usize,
) -> Outcome {
    let (mut ends, mut leaves) = (Vec::new(), Vec::new());
    let read =
        take_lines(lines, &mut replay, NonZeroUsize::new(threads).unwrap(), &mut |line, entry, replay| {
            assert_eq!(replay.size(), entry.index().size_after());
            ends.push(line.end());
            leaves.push(entry.leaf());
        });
    let (failed, halt) = match read {
        Ok(halt) => (None, halt),
        Err(error) => (Some(error.to_string()), None),
    };
    Outcome { ends, failed, halt, leaves, root: replay.root() }
}

fn raw(file: &[u8]) -> impl Iterator<Item = Result<RawLine, DiskError>> + '_ {
    RawLines::from_source(file, Path::new("ledger"))
}

#[test]
fn a_good_ledger_is_the_same_ledger_for_any_number_of_threads() {
    let community = community();
    let file = community.file();
    for threads in 1..=5 {
        let read = outcome(raw(&file), Replay::new(), threads);
        assert_eq!((read.root, read.leaves.len(), &read.halt), (community.replay.root(), LINES, &None));
        assert_eq!(read.ends.last().copied(), u64::try_from(file.len()).ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_changed_byte_or_a_cut_stops_every_reading_at_the_same_place(place in 0.0..1.0_f64, bit in 0_u8..8, cut: bool) {
        let mut file = FILE.clone();
        let byte = (0..file.len()).nth(placed(place, file.len())).unwrap();
        if cut { file.truncate(byte) } else { file[byte] ^= 1_u8 << bit }
        let one = outcome(raw(&file), Replay::new(), 1);
        for threads in 2..=4 {
            prop_assert_eq!(&outcome(raw(&file), Replay::new(), threads), &one);
        }
    }

    #[test]
    fn a_source_that_fails_does_so_after_every_line_before_it(place in 0..LINES) {
        let failing = || {
            let good = raw(&FILE).take(place).map(|line| line.map_err(|error| error.to_string()));
            good.chain([Err("the disk is gone".to_owned())])
        };
        for threads in 1..=3 {
            let read = outcome(failing(), Replay::new(), threads);
            prop_assert_eq!((read.leaves.len(), read.failed.as_deref()), (place, Some("the disk is gone")));
        }
    }
}

fn placed(part: f64, length: usize) -> usize {
    let length = u32::try_from(length).unwrap();
    let found = (0..length).find(|byte| f64::from(*byte) >= part * f64::from(length));
    usize::try_from(found.unwrap_or(length - 1)).unwrap()
}

#[test]
fn lines_that_passed_are_read_again_and_no_others() {
    let (community, temporary) = (community(), tempfile::tempdir().unwrap());
    let path = temporary.path().join("entries.jsonl");
    fs::write(&path, community.file()).unwrap();
    let again = LinesAgain::open(&path).unwrap();
    let index = |place: usize| Index::new(u64::try_from(place).unwrap()).unwrap();
    assert_eq!(again.line(index(0)), None, "none has passed");
    for (place, line) in RawLines::open(&path, 0).unwrap().enumerate() {
        again.pass(line.unwrap().end());
        assert_eq!(again.line(index(place + 1)), None);
        for back in [0, place / 2, place] {
            assert_eq!(again.line(index(back)).unwrap().as_bytes(), community.lines[back]);
        }
    }
}

#[test]
fn a_file_that_changed_behind_the_reader_is_not_believed() {
    let (community, temporary) = (community(), tempfile::tempdir().unwrap());
    let path = temporary.path().join("entries.jsonl");
    fs::write(&path, community.file()).unwrap();
    let again = Arc::new(LinesAgain::open(&path).unwrap());
    let at_hand: Arc<dyn Lines + Send + Sync> = again.clone();
    let mut replay = Replay::new().with_lines(at_hand);
    let lines = RawLines::open(&path, 0).unwrap();
    take_lines(lines, &mut replay, NonZeroUsize::MIN, &mut |line, _, _| again.pass(line.end())).unwrap();
    let income = Index::new(100).unwrap();
    assert_eq!(replay.recall(income).as_deref(), Some(&*community.entries[100]));
    let changed = String::from_utf8(community.file()).unwrap().replace(r#""1.00""#, r#""2.00""#);
    fs::write(&path, changed).unwrap();
    // Another line of the same run was asked for last: what was read then is no longer at hand.
    assert!(replay.recall(Index::new(500).unwrap()).is_none());
    assert!(replay.recall(income).is_none());
}
