//! A witness's memory: it holds through races and restarts, and what cannot be read is never taken for nothing.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};

use tempfile::TempDir;
use xinyi_core::{
    AddCheckpoint, Checkpoint, Hash, NotCosigned, Note, Sign as _, Size, Submission, Subtrees as _, Tree,
    Verified, VerifierKey, WatchedLogs,
};
use xinyi_store::{Witness, WitnessError};
use xinyi_testkit::TestKey;

const ORIGIN: &str = "example.org/a";
const NAME: &str = "witness.example/w1";
const NOON: u64 = 1_700_000_000;

fn size(number: u64) -> Size {
    Size::new(number).unwrap()
}

/// A tree whose leaves from `forked` on are those of another history.
fn tree(leaves: u64, forked: u64) -> Tree {
    let mut tree = Tree::new();
    tree.extend((0..leaves).map(|n| Hash::leaf(format!("{n} {}", n >= forked).as_bytes())));
    tree
}

fn submission(tree: &Tree, old: u64, new: u64) -> Verified<Submission> {
    let log = TestKey::named("log");
    let checkpoint =
        Checkpoint { origin: ORIGIN.into(), root: tree.root(size(new)).unwrap(), size: size(new) };
    let note = checkpoint.sign(&log).unwrap().parse().unwrap();
    let request =
        AddCheckpoint::new(size(old), tree.consistency(size(old), size(new)).unwrap(), note).unwrap();
    let logs = WatchedLogs::new(vec![VerifierKey::new(ORIGIN, log.public_key()).unwrap()]).unwrap();
    request.verify(&logs).unwrap()
}

fn open(dir: &TempDir) -> Result<Witness<TestKey>, WitnessError> {
    Witness::open(dir.path(), TestKey::named("witness"), NAME)
}

fn file(dir: &TempDir) -> PathBuf {
    dir.path().join(Hash::digest(ORIGIN.as_bytes()).to_string())
}

#[test]
fn a_cosignature_is_remembered_with_its_log_s_line_and_verifies_by_another_library() {
    use signed_note::{Note as TheirNote, StandardVerifier, VerifierList};
    let dir = tempfile::tempdir().unwrap();
    let witness = open(&dir).unwrap();
    let tree = tree(9, 9);
    let line = witness.cosign(submission(&tree, 0, 5), NOON).unwrap();
    let kept = witness.latest_note(Hash::digest(ORIGIN.as_bytes())).unwrap().unwrap();
    assert!(kept.ends_with(&line), "{kept}");
    let log = VerifierKey::new(ORIGIN, TestKey::named("log").public_key()).unwrap();
    let both = [log.clone(), witness.verifier_key().clone()];
    let open = kept.parse::<Note>().unwrap().verify(&both).unwrap();
    assert_eq!((open.signers.len(), open.unknown, open.signers[1].time), (2, 0, Some(NOON)));
    let theirs = VerifierList::new(vec![Box::new(StandardVerifier::new(&log.to_string()).unwrap())]);
    assert_eq!(TheirNote::from_bytes(kept.as_bytes()).unwrap().verify(&theirs).unwrap().0.len(), 1);
    // Another log is another matter.
    assert!(witness.latest("example.org/b").unwrap().is_none());
}

#[test]
fn after_a_restart_the_memory_holds() {
    let dir = tempfile::tempdir().unwrap();
    let (honest, fork) = (tree(9, 9), tree(9, 2));
    open(&dir).unwrap().cosign(submission(&honest, 0, 5), NOON).unwrap();
    let witness = open(&dir).unwrap();
    assert_eq!(witness.latest(ORIGIN).unwrap().unwrap().size, size(5));
    for (submission, code) in [
        (submission(&honest, 0, 3), "witness-conflict"),
        (submission(&honest, 3, 4), "witness-conflict"),
        (submission(&fork, 5, 5), "witness-inconsistent"),
        (submission(&fork, 5, 9), "witness-inconsistent"),
    ] {
        assert_eq!(witness.cosign(submission, NOON).unwrap_err().code(), code);
    }
    assert!(witness.cosign(submission(&honest, 5, 5), NOON).is_ok());
    assert!(witness.cosign(submission(&honest, 5, 9), NOON).is_ok());
}

#[test]
fn of_many_requests_at_once_one_is_cosigned_and_the_memory_never_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let witness = open(&dir).unwrap();
    let trees = [tree(200, 200), tree(200, 1)];
    let given = Mutex::new(HashMap::from([(0, trees[0].root(size(0)).unwrap())]));
    for round in 0..12 {
        let from = witness.latest(ORIGIN).unwrap().map_or(0, |latest| latest.size.get());
        let (start, done) = (Barrier::new(9), AtomicBool::new(false));
        let accepted = std::thread::scope(|scope| {
            let watcher = scope.spawn(|| {
                let mut highest = from;
                start.wait();
                while !done.load(Ordering::Relaxed) {
                    let seen = witness.latest(ORIGIN).unwrap().map_or(0, |latest| latest.size.get());
                    assert!(seen >= highest, "the memory went back from {highest} to {seen}");
                    highest = seen;
                }
            });
            let submit = |thread: u64| {
                // All from one size, to sizes N and N + K; half of them of another history.
                let (tree, to) = (&trees[(thread % 2) as usize], from + 1 + (thread * 7 + round) % 9);
                let submission = submission(tree, from, to);
                let root = submission.checkpoint().root;
                start.wait();
                match witness.cosign(submission, NOON) {
                    Ok(_) => Some((to, root)),
                    Err(WitnessError::Refused(
                        NotCosigned::Conflict { .. } | NotCosigned::Inconsistent(_),
                    )) => None,
                    Err(other) => panic!("{other}"),
                }
            };
            let threads: Vec<_> = (0..8).map(|thread| scope.spawn(move || submit(thread))).collect();
            let accepted: Vec<_> = threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect();
            done.store(true, Ordering::Relaxed);
            watcher.join().unwrap();
            accepted
        });
        assert_eq!(accepted.len(), 1, "two cosignatures went on from size {from}");
        for (size, root) in accepted {
            assert_eq!(*given.lock().unwrap().entry(size).or_insert(root), root, "two roots for size {size}");
            assert_eq!(witness.latest(ORIGIN).unwrap().unwrap().size.get(), size);
        }
    }
    let latest = witness.latest(ORIGIN).unwrap().unwrap();
    let mut histories = trees.iter().filter(|tree| tree.root(latest.size) == Some(latest.root));
    let history = histories.next_back().unwrap();
    assert!(given.lock().unwrap().iter().all(|(at, root)| history.root(size(*at)) == Some(*root)));
}

#[test]
fn a_memory_that_was_changed_cut_emptied_or_swapped_refuses_instead_of_forgetting() {
    let dir = tempfile::tempdir().unwrap();
    let honest = tree(9, 9);
    let witness = open(&dir).unwrap();
    witness.cosign(submission(&honest, 0, 5), NOON).unwrap();
    let kept = fs::read(file(&dir)).unwrap();
    let by_log_only = kept.split_inclusive(|b| *b == b'\n').count() - 1;
    let by_log_only: Vec<u8> =
        kept.split_inclusive(|b| *b == b'\n').take(by_log_only).flatten().copied().collect();
    let mut others = vec![Vec::new(), kept[..kept.len() - 1].to_vec(), b"\xff".to_vec(), by_log_only];
    // Every fifth byte changed; the log's line is not what the memory rests on.
    let text = String::from_utf8(kept.clone()).unwrap();
    let of_log = text.find('\u{2014}').unwrap()..text.rfind('\u{2014}').unwrap();
    others.extend((0..kept.len()).step_by(5).filter(|at| !of_log.contains(at)).map(|at| {
        let mut changed = kept.clone();
        changed[at] ^= 1;
        changed
    }));
    // The note of another log, cosigned by this very witness.
    let mut theirs =
        Checkpoint { origin: "example.org/b".into(), root: Hash::leaf(b""), size: size(5) }.body();
    theirs += "\n";
    let line = Note::sign("x\n", "x", &TestKey::named("log")).unwrap().replacen("x\n\n", &theirs, 1);
    let line = line.parse::<Note>().unwrap();
    let cosigned = line.cosignature(NAME, &TestKey::named("witness"), NOON).unwrap();
    others.push(line.with_lines(&cosigned).unwrap().to_string().into_bytes());
    for other in others {
        fs::write(file(&dir), &other).unwrap();
        for (old, new) in [(0, 5), (0, 6), (5, 9)] {
            let refused = witness.cosign(submission(&honest, old, new), NOON).map_err(|error| error.code());
            assert_eq!(refused, Err("witness-memory-corrupt"), "{}", String::from_utf8_lossy(&other));
        }
        assert!(witness.latest(ORIGIN).is_err());
        assert_eq!(fs::read(file(&dir)).unwrap(), other, "nothing was written over it");
    }
    fs::remove_file(file(&dir)).unwrap();
    fs::create_dir(file(&dir)).unwrap();
    assert!(witness.cosign(submission(&honest, 0, 6), NOON).is_err(), "unreadable is not unseen");
}

#[test]
fn one_memory_has_one_witness_one_key_and_one_name() {
    let dir = tempfile::tempdir().unwrap();
    let witness = open(&dir).unwrap();
    assert_eq!(open(&dir).unwrap_err().code(), "witness-locked");
    witness.cosign(submission(&tree(5, 5), 0, 5), NOON).unwrap();
    drop(witness);
    let other_key = Witness::open(dir.path(), TestKey::named("other"), NAME);
    let other_name = Witness::open(dir.path(), TestKey::named("witness"), "witness.example/w2");
    assert_eq!(other_key.unwrap_err().code(), "witness-other-cosigner");
    assert_eq!(other_name.unwrap_err().code(), "witness-other-cosigner");
    // Checkpoints without a word whose they are: not a new memory.
    fs::remove_file(dir.path().join("cosigner")).unwrap();
    assert_eq!(open(&dir).unwrap_err().code(), "witness-memory-corrupt");
}

#[test]
fn a_clock_that_went_back_cosigns_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let witness = open(&dir).unwrap();
    let tree = tree(9, 9);
    assert_eq!(witness.cosign(submission(&tree, 0, 5), 0).unwrap_err().code(), "witness-clock-back");
    witness.cosign(submission(&tree, 0, 5), NOON).unwrap();
    assert_eq!(witness.cosign(submission(&tree, 5, 9), NOON - 1).unwrap_err().code(), "witness-clock-back");
    assert_eq!(witness.latest(ORIGIN).unwrap().unwrap().size, size(5));
    assert!(witness.cosign(submission(&tree, 5, 9), NOON).is_ok());
}
