//! Comparing files, and evidence of a fork: what proves one, and what frames nobody.

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

use serde_json::{Value, json};
use xinyi_core::{
    Approval, Archive, Comparison, Contradiction, ForkAt, ForkEvidence, Hash, Index, Kind, Lines as _, Side,
    Sign as _, Size, Trust,
};
use xinyi_testkit::{Community, Seal, TestKey};

use common::{anchor_at, elsewhere, identity, income, refusal, size, story};

fn compare(one: &Archive, other: &Archive) -> Comparison {
    one.view().unwrap().compare(&other.view().unwrap())
}

fn forked() -> (Community, Community) {
    let (mut one, mut other) = (story(), story());
    one.record("2026-04-04", Kind::Income, Seal::Trustee, income("6.00"));
    other.record("2026-04-04", Kind::Income, Seal::Trustee, income("7.00"));
    one.record("2026-04-05", Kind::Income, Seal::Trustee, income("8.00"));
    (one, other)
}

#[test]
fn two_files_are_the_same_one_goes_on_from_the_other_or_they_fork() {
    let (one, other) = forked();
    let whole = one.archive();
    assert_eq!(compare(&whole, &whole), Comparison::Same);
    assert_eq!(compare(&whole, &story().archive()), Comparison::Prefix { shorter: Side::Second });
    assert_eq!(compare(&story().archive(), &whole), Comparison::Prefix { shorter: Side::First });
    assert_eq!(compare(&whole, &other.archive()), Comparison::Fork(ForkAt::Index(Index::new(5).unwrap())));
    assert_eq!(compare(&whole, &elsewhere().archive()), Comparison::OtherLedgers);
}

fn lines_evidence(one: &Community, other: &Community, index: u64) -> ForkEvidence {
    let index = Index::new(index).unwrap();
    let authority = one.archive().authority(Size::new(index.get()).unwrap(), one).unwrap();
    let sides = [one, other].map(|community| community.line(index).unwrap());
    ForkEvidence::new(identity(one), authority, Contradiction::Lines(sides))
}

#[test]
fn two_lines_at_one_index_prove_the_fork_and_name_who_signed() {
    let (one, other) = forked();
    let evidence = lines_evidence(&one, &other, 5);
    let read = ForkEvidence::decode(evidence.encode().as_bytes()).unwrap();
    let fork = read.verify(Some(identity(&one))).unwrap();
    assert_eq!(fork.at, ForkAt::Index(Index::new(5).unwrap()));
    assert_eq!(fork.by.key, Community::trustee().public_key().id());
    assert!(fork.signers.iter().all(Vec::is_empty));
    let refused =
        |evidence: &ForkEvidence| evidence.verify(None).err().map_or("accepted", |error| error.code());
    assert_eq!(refused(&lines_evidence(&one, &one, 5)), "evidence-compatible");
    let Contradiction::Lines([a, b]) = evidence.contradiction.clone() else { unreachable!() };
    let with = |contradiction| ForkEvidence::new(identity(&one), evidence.authority.clone(), contradiction);
    let sixth = one.line(Index::new(6).unwrap()).unwrap();
    assert_eq!(refused(&with(Contradiction::Lines([a.clone(), sixth]))), "evidence-compatible");
    let edited = b.replace("\"7.00\"", "\"9.00\"");
    assert_eq!(refused(&with(Contradiction::Lines([a.clone(), edited]))), "recorder-signature");
    assert_eq!(
        refused(&ForkEvidence::new(identity(&one), Vec::new(), Contradiction::Lines([a.clone(), b.clone()]))),
        "path-order"
    );
    assert_eq!(
        refused(&ForkEvidence::new(
            Hash::digest(b"x"),
            evidence.authority.clone(),
            Contradiction::Lines([a, b])
        )),
        "identity-other"
    );
}

#[test]
fn two_roots_of_one_size_and_two_proven_leaves_prove_the_fork_too() {
    let (one, other) = forked();
    let authority = one.archive().authority(size(5), &one).unwrap();
    let with = |contradiction| ForkEvidence::new(identity(&one), authority.clone(), contradiction);
    let notes = [&one, &other].map(|community| community.checkpoint(size(6)));
    let fork = with(Contradiction::Checkpoints(notes.clone())).verify(None).unwrap();
    assert_eq!(fork.at, ForkAt::Size(size(6)));
    let same = [notes[0].clone(), notes[0].clone()];
    assert_eq!(
        with(Contradiction::Checkpoints(same)).verify(None).unwrap_err().code(),
        "evidence-compatible"
    );
    let sizes = [one.checkpoint(size(5)), notes[1].clone()];
    assert_eq!(
        with(Contradiction::Checkpoints(sizes)).verify(None).unwrap_err().code(),
        "evidence-compatible"
    );
    let leaf = |community: &Community, at: u64| {
        let receipt = community.receipt(5, size(at), &[]);
        xinyi_core::ProvenLeaf {
            checkpoint: receipt.checkpoint,
            leaf: community.entries[5].leaf(),
            path: receipt.path,
        }
    };
    let index = Index::new(5).unwrap();
    let leaves = [leaf(&one, 7), leaf(&other, 6)];
    let fork = with(Contradiction::Leaves { index, leaves: leaves.clone() }).verify(None).unwrap();
    assert_eq!(fork.at, ForkAt::Index(index));
    let mut spoiled = leaves;
    spoiled[0].path[0] = Hash::digest(b"x");
    assert_eq!(
        with(Contradiction::Leaves { index, leaves: spoiled }).verify(None).unwrap_err().code(),
        "proof-root"
    );
}

/// A recovery of the trustee's keys at the end of a ledger, by a new recorder, with `more` in its data.
fn recovery(community: &mut Community, more: Value, approvers: &[TestKey]) -> Vec<u8> {
    let new = TestKey::named("new-recorder");
    let (at, root) = (community.replay.size(), community.replay.root());
    let mut data = json!({
        "add": [{"holder": "new-recorder", "key": new.public_key(), "party": "trustee", "term": {"from": "2000-01-01"}, "uses": ["approve", "log", "record"]}],
        "party": "trustee", "reason": "the recorder is silent", "register": community.replay.register().unwrap().digest(),
        "retire": [Community::trustee().public_key().id()], "root": root, "size": at,
    });
    for (name, value) in more.as_object().unwrap() {
        data[name] = value.clone();
    }
    let content = community.content("2026-04-05", Kind::Recovery, data);
    let approvals = approvers.iter().map(|key| Approval::sign(&content, key)).collect();
    let now = "2026-04-05T04:00:00Z".parse().unwrap();
    community.replay.prepare(content, approvals).record(now, &new).unwrap()
}

/// Whoever forges a second line may call it a recovery; without the quorum it is none, and proves the fork.
#[test]
fn a_recovery_that_no_quorum_approved_excuses_nobody() {
    let mut honest = story();
    honest.record("2026-04-05", Kind::Income, Seal::Trustee, income("6.00"));
    let index = Index::new(5).unwrap();
    let mut forger = story();
    let content = {
        let line = recovery(&mut forger, json!({"add": [], "retire": []}), &[]);
        xinyi_core::Line::decode(&line).unwrap().content_claimed().clone()
    };
    let now = "2026-04-05T04:00:00Z".parse().unwrap();
    let claimed = forger.replay.prepare(content, Vec::new()).record(now, &Community::trustee()).unwrap();
    let sides = [honest.line(index).unwrap(), String::from_utf8(claimed).unwrap()];
    let authority = honest.archive().authority(size(5), &honest).unwrap();
    let evidence = ForkEvidence::new(identity(&honest), authority, Contradiction::Lines(sides));
    let fork = evidence.verify(Some(identity(&honest))).unwrap();
    assert_eq!(fork.by.key, Community::trustee().public_key().id());
}

/// The trustee gets a second recording key, then the first is retired. Its holder signs a line of a later place, and
/// hands out "evidence" against the honest one that leaves the retirement out.
#[test]
fn a_retired_key_frames_nobody() {
    let second = TestKey::named("second");
    let keys = |community: &mut Community, add: Value, retire: Value| {
        let data = json!({
            "add": add, "party": "trustee", "register": community.replay.register().unwrap().digest(),
            "retire": retire, "revoke": [],
        });
        community.content("2026-04-05", Kind::Keys, data)
    };
    let mut community = story();
    community.clock("2026-04-05T04:00:00Z");
    let grant = json!([{"holder": "second", "key": second.public_key(), "party": "trustee", "term": {"from": "2000-01-01"}, "uses": ["approve", "log", "record"]}]);
    let content = keys(&mut community, grant, json!([]));
    let approvals = [&second, &Community::committee()].map(|key| Approval::sign(&content, key)).to_vec();
    community.put(content, approvals).unwrap();
    let mut framed = Community::replayed(&community.lines);
    let now = "2026-04-06T04:00:00Z".parse().unwrap();
    let content = keys(&mut community, json!([]), json!([Community::trustee().public_key().id()]));
    let line = {
        let approvals = vec![Approval::sign(&content, &Community::committee())];
        community.replay.prepare(content, approvals).record(now, &second).unwrap()
    };
    community.push(line).unwrap();
    let content = community.content("2026-04-06", Kind::Income, income("6.00"));
    let line = community.replay.prepare(content, Vec::new()).record(now, &second).unwrap();
    community.push(line).unwrap();
    framed.record("2026-04-06", Kind::Income, Seal::Trustee, income("0.01"));
    framed.record("2026-04-06", Kind::Income, Seal::Trustee, income("0.02"));
    let index = Index::new(7).unwrap();
    let sides = [&community, &framed].map(|side| side.line(index).unwrap());
    let authority = framed.archive().authority(size(7), &framed).unwrap();
    let evidence = ForkEvidence::new(identity(&community), authority, Contradiction::Lines(sides));
    assert_eq!(evidence.verify(None).unwrap_err().code(), "evidence-keys");
}

/// A checkpoint is judged by the recorder of its size: one that was replaced has signed the older ones.
#[test]
fn checkpoints_of_a_replaced_recorder_stay_good_for_their_sizes() {
    let mut community = story();
    let old = community.checkpoint(size(5));
    let new = TestKey::named("new-recorder");
    let more = json!({
        "add": [{"holder": "new-recorder", "key": new.public_key(), "party": "committee", "term": {"from": "2000-01-01"}, "uses": ["log", "record"]}],
        "party": "committee", "recorder": "committee", "retire": [],
    });
    let parties = [Community::committee(), Community::supervisor(), Community::trustee()];
    let line = recovery(&mut community, more, &parties);
    community.push(line).unwrap();
    let keys = community.replay.note_keys().unwrap();
    assert_eq!(keys.open(&old, &[]).unwrap().checkpoint.size, size(5));
    let origin = community.replay.founding().unwrap().origin.clone();
    let present = xinyi_core::Checkpoint { origin, root: community.replay.root(), size: size(6) };
    assert!(keys.open(&present.sign(&new).unwrap(), &[]).is_ok());
    let by_old = present.sign(&Community::trustee()).unwrap();
    assert_eq!(keys.open(&by_old, &[]).unwrap_err().code(), "note-unsigned");
}

/// Notes of one tree by two log keys, in either order of their lines, still have a key in common.
#[test]
fn two_log_keys_of_one_recorder_hide_no_evidence_by_the_order_of_their_lines() {
    let second = TestKey::named("second");
    let mut community = story();
    community.clock("2026-04-05T04:00:00Z");
    let data = json!({
        "add": [{"holder": "second", "key": second.public_key(), "party": "trustee", "term": {"from": "2000-01-01"}, "uses": ["log"]}],
        "party": "trustee", "register": community.replay.register().unwrap().digest(), "retire": [], "revoke": [],
    });
    let content = community.content("2026-04-05", Kind::Keys, data);
    let approvals = [&second, &Community::committee()].map(|key| Approval::sign(&content, key)).to_vec();
    community.put(content, approvals).unwrap();
    let mut other = Community::replayed(&community.lines);
    community.record("2026-04-06", Kind::Income, Seal::Trustee, income("6.00"));
    other.record("2026-04-06", Kind::Income, Seal::Trustee, income("7.00"));
    let origin = community.replay.founding().unwrap().origin.clone();
    let note = |side: &Community, keys: [&TestKey; 2]| {
        let checkpoint =
            xinyi_core::Checkpoint { origin: origin.clone(), root: side.replay.root(), size: size(7) };
        let [first, other] = keys.map(|key| checkpoint.sign(key).unwrap());
        first + other.lines().last().unwrap() + "\n"
    };
    let trustee = Community::trustee();
    let notes = [note(&community, [&trustee, &second]), note(&other, [&second, &trustee])];
    let authority = community.archive().authority(size(7), &community).unwrap();
    let evidence = ForkEvidence::new(identity(&community), authority, Contradiction::Checkpoints(notes));
    assert_eq!(evidence.verify(None).unwrap().at, ForkAt::Size(size(7)));
}

/// The recorder does not record its own replacement and goes on; the quorum's line is the history all the same.
#[test]
fn a_recovery_is_the_history_where_the_old_recorder_went_on_unless_a_close_by_both_covers_the_place() {
    let (mut old, mut new) = (story(), story());
    let line = recovery(&mut new, json!({}), &[Community::committee(), Community::supervisor()]);
    new.push(line).unwrap();
    old.record("2026-04-05", Kind::Income, Seal::Trustee, income("6.00"));
    let index = Index::new(5).unwrap();
    assert_eq!(
        compare(&old.archive(), &new.archive()),
        Comparison::Recovered { history: Side::Second, index }
    );
    assert_eq!(
        compare(&new.archive(), &old.archive()),
        Comparison::Recovered { history: Side::First, index }
    );
    assert_eq!(lines_evidence(&old, &new, 5).verify(None).unwrap_err().code(), "evidence-recovered");
    // So is a file that shows only a later entry of the void side.
    old.record("2026-04-06", Kind::Income, Seal::Trustee, income("7.00"));
    let later = Index::new(6).unwrap();
    let mut shown = old.archive().view().unwrap();
    (shown.leaves, shown.tree) = ([(later, old.entries[6].leaf())].into(), None);
    let mut recovered = new.archive().view().unwrap();
    recovered.leaves.insert(later, Hash::digest(b"the new recorder's"));
    assert_eq!(shown.compare(&recovered), Comparison::Recovered { history: Side::Second, index });
    old.close_month("2026-04", "2026-05-02");
    assert_eq!(compare(&old.archive(), &new.archive()), Comparison::Fork(ForkAt::Index(index)));
    // And an anchor above the recovery refuses it.
    let anchored = Trust { anchor: Some(anchor_at(&old, 6)), ..Trust::default() };
    assert_eq!(refusal(&new, &anchored, None), "anchor-fork");
}
