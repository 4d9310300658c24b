//! What a witness is asked, and every way in which it may not cosign (spec: W-2…W-5).

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use proptest::prelude::*;
use xinyi_core::{
    AddCheckpoint, Checkpoint, Hash, NotCosigned, Note, ProofError, RequestFault, Sign as _, Size,
    Subtrees as _, Tree, VerifierKey, WatchedLogs,
};
use xinyi_testkit::TestKey;

const ORIGIN: &str = "example.org/a";

fn size(number: u64) -> Size {
    Size::new(number).unwrap()
}

/// A tree whose leaves from `forked` on are those of another history.
fn tree(leaves: u64, forked: u64) -> Tree {
    let mut tree = Tree::new();
    tree.extend((0..leaves).map(|n| Hash::leaf(format!("{n} {}", n >= forked).as_bytes())));
    tree
}

fn checkpoint(tree: &Tree, at: u64) -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), root: tree.root(size(at)).unwrap(), size: size(at) }
}

fn signed(checkpoint: &Checkpoint) -> Note {
    checkpoint.sign(&TestKey::named("log")).unwrap().parse().unwrap()
}

fn logs() -> WatchedLogs {
    let other = VerifierKey::new("example.org/b", TestKey::named("other").public_key()).unwrap();
    WatchedLogs::new(vec![VerifierKey::new(ORIGIN, TestKey::named("log").public_key()).unwrap(), other])
        .unwrap()
}

/// The honest request from `old` to `new`, as bytes.
fn request(tree: &Tree, old: u64, new: u64) -> String {
    let proof = tree.consistency(size(old), size(new)).unwrap();
    AddCheckpoint::new(size(old), proof, signed(&checkpoint(tree, new))).unwrap().to_string()
}

/// All that a witness does but remember.
fn judge(body: &str, latest: Option<&Checkpoint>) -> Result<Note, NotCosigned> {
    let submission = AddCheckpoint::parse(body.as_bytes())?.verify(&logs())?;
    Ok(submission.after(latest)?.note().clone())
}

fn fault(body: &str) -> RequestFault {
    match judge(body, None) {
        Err(refusal @ NotCosigned::Malformed(_)) => {
            assert_eq!((refusal.status(), refusal.code()), (400, "witness-malformed"));
            AddCheckpoint::parse(body.as_bytes()).unwrap_err()
        }
        other => panic!("{other:?}: {body}"),
    }
}

#[test]
fn the_example_of_the_c2sp_document_reads_and_writes_back_byte_for_byte() {
    let body = "old 20852014\n\
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n\
        example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    let read = AddCheckpoint::parse(body.as_bytes()).unwrap();
    assert_eq!((read.to_string().as_str(), read.checkpoint().size.get()), (body, 20_852_163));
}

#[test]
fn a_first_checkpoint_a_later_one_and_the_same_again_are_accepted() {
    let tree = tree(9, 9);
    let latest = checkpoint(&tree, 5);
    assert!(judge(&request(&tree, 0, 5), None).is_ok());
    assert!(judge(&request(&tree, 5, 9), Some(&latest)).is_ok());
    assert!(judge(&request(&tree, 5, 5), Some(&latest)).is_ok());
    assert!(judge(&request(&tree, 0, 0), None).is_ok());
}

#[test]
fn a_request_that_is_not_in_its_form_is_malformed() {
    let good = request(&tree(9, 9), 5, 9);
    let with_old = |old: &str| good.replacen("old 5", old, 1);
    for old in [
        "old 05",
        "old +5",
        "old -1",
        "old",
        "old ",
        "old  5",
        "Old 5",
        "5",
        "old 5\r",
        "old 9007199254740992",
        "",
    ] {
        assert_eq!(fault(&with_old(old)), RequestFault::Old, "{old:?}");
    }
    assert_eq!(fault(&with_old("old 10")), RequestFault::OldBeyond);
    let (head, note) = good.split_once("\n\n").unwrap();
    let proof = head.lines().nth(1).unwrap();
    // The last two bits of a hash's base64 mean nothing, so a tolerant reader takes four spellings for one.
    let loose = format!("{}{}=", &proof[..42], char::from(proof.as_bytes()[42] + 1));
    for line in [&loose, &proof[..43], "", "AAAA", &proof.replace('=', "%"), &format!("{proof} ")] {
        let found = fault(&good.replacen(proof, line, 1));
        // An empty line ends the proof early; then what follows is no note of a checkpoint.
        let expected = if line.is_empty() { RequestFault::Checkpoint } else { RequestFault::Proof };
        assert_eq!(found, expected, "{line:?}");
    }
    let many = |lines: usize| format!("old 5\n{}\n{note}", format!("{proof}\n").repeat(lines));
    assert_eq!(fault(&many(64)), RequestFault::ProofLong);
    assert!(AddCheckpoint::parse(many(63).as_bytes()).is_ok());
    assert_eq!(fault(head), RequestFault::Form);
    assert_eq!(fault(&format!("{head}\n\n")), RequestFault::Note(xinyi_core::NoteError::Malformed));
    assert_eq!(fault(&good.replacen("\n\n", "\n", 1)), RequestFault::Proof);
    assert_eq!(fault(good.trim_end()), RequestFault::Note(xinyi_core::NoteError::Malformed));
    let huge = format!("{good}{}", "x".repeat(AddCheckpoint::MAX));
    assert_eq!(fault(&huge), RequestFault::Form);
    assert_eq!(AddCheckpoint::parse(b"old 0\n\n\xff"), Err(RequestFault::Form));
    let other = Note::sign("no\ncheckpoint\n", ORIGIN, &TestKey::named("log")).unwrap();
    assert_eq!(fault(&format!("old 0\n\n{other}")), RequestFault::Checkpoint);
}

#[test]
fn a_log_that_is_not_watched_is_not_found() {
    let tree = tree(5, 5);
    let stranger = Checkpoint { origin: "example.org/c".into(), ..checkpoint(&tree, 5) };
    let body = AddCheckpoint::new(size(0), Vec::new(), signed(&stranger)).unwrap().to_string();
    let refused = judge(&body, None).unwrap_err();
    assert_eq!((refused.status(), refused.code()), (404, "witness-log-unknown"));
}

#[test]
fn what_no_trusted_key_has_signed_is_forbidden_and_so_is_a_wrong_signature_of_a_trusted_one() {
    let tree = tree(5, 5);
    let honest = checkpoint(&tree, 5);
    let by = |key: &str| honest.sign(&TestKey::named(key)).unwrap();
    let unknown_only = format!("old 0\n\n{}", by("stranger"));
    // The key of another watched log is no key of this one.
    let of_other_log = format!("old 0\n\n{}", by("other"));
    let other = Checkpoint { size: size(4), ..honest.clone() };
    let line_of_other = signed(&other).to_string().lines().last().unwrap().to_owned();
    let bad = format!("old 0\n\n{}\n{line_of_other}\n", honest.body());
    let bad_beside_good = format!("old 0\n\n{}{line_of_other}\n", by("stranger"));
    for body in [unknown_only, of_other_log, bad, bad_beside_good] {
        let refused = judge(&body, None).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (403, "witness-unsigned"), "{body}");
    }
    // A line of an unknown key beside a good one is no harm, and is not kept.
    let stranger = by("stranger").lines().last().unwrap().to_owned() + "\n";
    let beside = signed(&honest).with_lines(&stranger).unwrap();
    let kept = judge(&format!("old 0\n\n{beside}"), None).unwrap();
    assert_eq!(kept.to_string(), signed(&honest).to_string());
}

#[test]
fn an_old_size_that_is_not_the_latest_is_a_conflict_that_names_the_latest() {
    let tree = tree(9, 9);
    for (old, new, latest) in [(0, 5, 3), (3, 9, 5), (5, 9, 0), (5, 5, 9), (0, 9, 9), (4, 4, 5)] {
        let known = (latest > 0).then(|| checkpoint(&tree, latest));
        let refused = judge(&request(&tree, old, new), known.as_ref()).unwrap_err();
        assert_eq!(refused, NotCosigned::Conflict { latest: size(latest) }, "{old} {new} {latest}");
        assert_eq!((refused.status(), refused.code()), (409, "witness-conflict"));
    }
}

#[test]
fn what_does_not_follow_from_the_latest_root_is_inconsistent() {
    let (tree, fork) = (tree(9, 9), tree(9, 2));
    let inconsistent = |body: &str, latest: Option<&Checkpoint>| match judge(body, latest) {
        Err(refused @ NotCosigned::Inconsistent(why)) => {
            assert_eq!((refused.status(), refused.code()), (422, "witness-inconsistent"));
            why
        }
        other => panic!("{other:?}"),
    };
    let latest = checkpoint(&tree, 5);
    let raw = |old: u64, proof: Vec<Hash>, checkpoint: &Checkpoint| {
        AddCheckpoint::new(size(old), proof, signed(checkpoint)).unwrap().to_string()
    };
    let (hash, good) = (Hash::leaf(b"x"), tree.consistency(size(5), size(9)).unwrap());
    // Another history: of the same size, and of a larger one with its own honest proof.
    assert_eq!(inconsistent(&request(&fork, 5, 5), Some(&latest)), ProofError::Root);
    assert_eq!(inconsistent(&request(&fork, 5, 9), Some(&latest)), ProofError::Root);
    // A wrong, a short and a long proof.
    let next = checkpoint(&tree, 9);
    let mut wrong = good.clone();
    wrong[0] = hash;
    assert_eq!(inconsistent(&raw(5, wrong, &next), Some(&latest)), ProofError::Root);
    assert_eq!(inconsistent(&raw(5, good[1..].to_vec(), &next), Some(&latest)), ProofError::Length);
    assert_eq!(inconsistent(&raw(5, [good, vec![hash]].concat(), &next), Some(&latest)), ProofError::Length);
    assert_eq!(inconsistent(&raw(5, Vec::new(), &next), Some(&latest)), ProofError::Length);
    // A proof where there is nothing to prove.
    assert_eq!(inconsistent(&raw(0, vec![hash], &next), None), ProofError::Length);
    assert_eq!(inconsistent(&raw(5, vec![hash], &latest), Some(&latest)), ProofError::Length);
    // The empty tree has one root.
    let nothing = Checkpoint { root: hash, ..checkpoint(&tree, 0) };
    assert_eq!(inconsistent(&raw(0, Vec::new(), &nothing), None), ProofError::Root);
}

#[test]
fn a_cosigner_s_key_is_no_log_s_key() {
    let cosigner = VerifierKey::cosigner(ORIGIN, TestKey::named("log").public_key()).unwrap();
    assert!(WatchedLogs::new(vec![cosigner]).is_err());
}

#[test]
fn of_a_witness_s_answer_only_its_own_good_line_is_taken() {
    let note = signed(&checkpoint(&tree(5, 5), 5));
    let witness = TestKey::named("witness");
    let vkey = VerifierKey::cosigner("w.example/1", witness.public_key()).unwrap();
    let good = note.cosignature("w.example/1", &witness, 7).unwrap();
    let stranger = note.cosignature("w.example/2", &TestKey::named("stranger"), 7).unwrap();
    assert_eq!(note.cosignature_in(&(stranger.clone() + &good), &vkey), Ok(good.clone()));
    let of_other_text = signed(&checkpoint(&tree(4, 4), 4)).cosignature("w.example/1", &witness, 7).unwrap();
    // An answer that carries its own text with a good signature over it must not stand in for ours.
    let longer: Note = format!("{}\nmore\n\n{good}", note.text()).parse().unwrap();
    let smuggled = format!("more\n\n{}", longer.cosignature("w.example/1", &witness, 7).unwrap());
    for answer in [&stranger, &of_other_text, &smuggled, "", "\n", "OK", good.trim_end()] {
        assert!(note.cosignature_in(answer, &vkey).is_err(), "{answer:?}");
    }
}

proptest! {
    /// Whatever is submitted in whatever order, and accepted, is one history that never grows shorter.
    #[test]
    fn accepted_checkpoints_are_of_one_history_and_never_go_back(
        requests in prop::collection::vec((0_u64..40, 0_u64..6, 0_u64..41, any::<bool>()), 1..60)
    ) {
        let mut latest: Option<Checkpoint> = None;
        let mut accepted_ones = 0;
        for (stale, more, forked, honest) in requests {
            let known = latest.as_ref().map_or(0, |latest| latest.size.get());
            let old = if stale % 4 == 0 { stale } else { known };
            let new = (old + more).min(40);
            let tree = tree(40, if honest { 40 } else { forked });
            let Ok(note) = judge(&request(&tree, old, new), latest.as_ref()) else { continue };
            let accepted: Checkpoint = note.text().parse().unwrap();
            if let Some(latest) = &latest {
                prop_assert!(accepted.size >= latest.size);
                prop_assert_eq!(tree.root(latest.size), Some(latest.root));
            }
            latest = Some(accepted);
            accepted_ones += 1;
        }
        prop_assume!(accepted_ones > 0);
    }

    /// A request has one spelling, and no change of one byte gets another checkpoint accepted.
    #[test]
    fn a_changed_byte_changes_nothing_that_is_accepted(at in 0_usize..400, bit in 0_u8..8) {
        let tree = tree(9, 9);
        let good = request(&tree, 5, 9);
        let mut bytes = good.clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(read) = AddCheckpoint::parse(&bytes) {
            prop_assert_eq!(read.to_string().into_bytes(), bytes.clone());
        }
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(judge(&text, Some(&checkpoint(&tree, 5))).is_err());
        }
    }
}
