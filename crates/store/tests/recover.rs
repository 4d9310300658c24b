//! Rebuilding a ledger from what is left: statements, tiles, cut files, gaps, and two histories.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod compound;

use std::fs;
use std::path::{Path, PathBuf};

use compound::{Compound, files};
use serde_json::json;
use xinyi_core::{Approval, Hash, Index, Kind, Sign as _, Size};
use xinyi_store::{RecoverError, Remains, Stretch, Writer};
use xinyi_testkit::{Community, TestKey};

fn remains(sources: &[&Path]) -> Remains {
    let mut remains = Remains::new();
    sources.iter().for_each(|source| remains.add(source).unwrap());
    remains
}

/// Three months: closes at 14, 27 and 40 lines.
fn three_months() -> (Compound, [Size; 3]) {
    let mut compound = Compound::new();
    let sizes = [12, 12, 12].map(|lines| compound.month(lines));
    assert_eq!(sizes.map(Size::get), [14, 27, 40]);
    (compound, sizes)
}

/// Requires that what was rebuilt is the ledger as it was, and that its recorder can go on.
fn assert_whole(compound: &Compound, remains: &Remains, name: &str) {
    let rebuilt = remains.rebuild(None).unwrap();
    assert_eq!((rebuilt.replay.size(), &rebuilt.unlinked[..]), (compound.community.replay.size(), &[][..]));
    let dir = rebuilt.write(&compound.path(name)).unwrap();
    assert_eq!(fs::read(dir.entries()).unwrap(), compound.community.file());
    let (writer, _) = Writer::open(&dir, compound.keys()).unwrap();
    assert_eq!(writer.replay().root(), compound.community.replay.root());
}

#[test]
fn all_statements_make_the_ledger_whatever_their_order() {
    let (compound, _) = three_months();
    let states = fs::read_dir(compound.dir.root().join("states")).unwrap();
    let states: Vec<Hash> = states
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().parse().unwrap())
        .collect();
    let of = |period: &str| {
        let documents = states.iter().filter_map(|digest| compound.dir.state(*digest));
        documents.into_iter().find(|document| document.period.to_string() == period)
    };
    let january = compound.statement("january", 0, 14, None);
    let february = compound.statement("february", 13, 27, of("2026-01").as_ref());
    let march = compound.statement("march", 26, 40, of("2026-02").as_ref());
    let remains = remains(&[&march, &january, &february]);
    assert_whole(&compound, &remains, "again");
    let rebuilt = remains.rebuild(None).unwrap();
    // A statement carries the document of the month before, so the last one is nowhere.
    assert_eq!((rebuilt.states(), rebuilt.missing_states.len(), rebuilt.checkpoints()), (2, 1, 0));
    assert_eq!(rebuilt.missing_states, [of("2026-03").unwrap().digest()]);
}

#[test]
fn tiles_make_the_ledger_with_states_and_checkpoint_even_if_their_checkpoint_is_lost() {
    let (compound, sizes) = three_months();
    let out = compound.path("out");
    compound.dir.publish_tiles(&out).unwrap();
    let remains_of_tiles = remains(&[&out]);
    let rebuilt = remains_of_tiles.rebuild(None).unwrap();
    assert_eq!((rebuilt.states(), rebuilt.checkpoints(), rebuilt.missing_states.len()), (3, 1, 0));
    assert_eq!(rebuilt.newest.as_ref().map(|newest| newest.size), Some(sizes[2]));
    assert_whole(&compound, &remains_of_tiles, "again");
    fs::remove_file(out.join("checkpoint")).unwrap();
    assert_whole(&compound, &remains(&[&out]), "and-again");
    // What was rebuilt can be published over what was published.
    let (writer, _) = Writer::open(&compound.dir, compound.keys()).unwrap();
    assert_eq!(writer.sign_checkpoint().unwrap(), sizes[2]);
}

#[test]
fn a_cut_file_is_completed_by_older_tiles_and_the_other_way_round() {
    let (mut compound, sizes) = three_months();
    let out = compound.path("out");
    compound.dir.publish_tiles(&out).unwrap();
    compound.incomes(5);
    let file = compound.community.file();
    let cut = compound.path("cut.jsonl");
    // The file's end is newer than the tiles, but its beginning is gone and its last line torn.
    let from: usize = compound.community.lines[..20].iter().map(|line| line.len() + 1).sum();
    fs::write(&cut, &file[from..file.len() - 9]).unwrap();
    let remains_of_both = remains(&[&cut, &out]);
    let rebuilt = remains_of_both.rebuild(None).unwrap();
    assert_eq!(rebuilt.replay.size().get(), sizes[2].get() + 4);
    assert_eq!(rebuilt.spoilt, [cut.as_path()]);
    assert_eq!(fs::read(rebuilt.write(&compound.path("again")).unwrap().entries()).unwrap().len(), {
        file.len() - compound.community.lines.last().unwrap().len() - 1
    });
    // A damaged bundle is made good by the file.
    let whole = compound.path("whole.jsonl");
    fs::write(&whole, &file).unwrap();
    fs::write(out.join("tile/entries/000.p/40"), b"\0\x05short").unwrap();
    assert_whole(&compound, &remains(&[&out, &whole]), "third");
}

#[test]
fn a_gap_is_told_with_what_is_known_beyond_it() {
    let (compound, sizes) = three_months();
    let january = compound.statement("january", 0, 14, None);
    let march = compound.statement("march", 30, 40, None);
    let lone = compound.statement("lone", 20, 21, None);
    let checkpoint = compound.path("plain");
    compound.dir.publish_lines(&checkpoint).unwrap();
    fs::write(checkpoint.join("entries.jsonl"), "").unwrap();
    let remains = remains(&[&january, &march, &lone, &checkpoint]);
    let rebuilt = remains.rebuild(None).unwrap();
    assert_eq!(rebuilt.replay.size(), sizes[0]);
    let stretch = |from, end, first: &str, last: &str| Stretch {
        end: Size::new(end).unwrap(),
        from: Index::new(from).unwrap(),
        periods: (first.parse().unwrap(), last.parse().unwrap()),
    };
    assert_eq!(
        rebuilt.unlinked,
        [stretch(20, 21, "2026-02", "2026-02"), stretch(30, 40, "2026-03", "2026-04")]
    );
    // The checkpoint of the whole shows how much is lost, and only the one that agrees is kept.
    assert_eq!(rebuilt.newest.as_ref().map(|newest| newest.size), Some(sizes[2]));
    assert_eq!(rebuilt.checkpoints(), 1);
    let kept = files(rebuilt.write(&compound.path("again")).unwrap().root());
    assert!(kept.contains_key("checkpoints/14") && !kept.contains_key("checkpoints/40"));
    assert_eq!(kept.keys().filter(|name| name.starts_with("states/")).count(), 1);
}

#[test]
fn two_histories_are_refused_and_both_files_named() {
    let (compound, _) = three_months();
    let mut other = Compound::new();
    other.month(12);
    let (one, two) = (compound.path("one.jsonl"), other.path("two.jsonl"));
    fs::write(&one, compound.community.file()).unwrap();
    // The same up to the close of January, then another entry.
    other.incomes(3);
    let data = serde_json::json!({"account": "bank", "amount": "9.00", "category": "property-fee", "fund": "shared"});
    let mut forked = compound.community.lines[..14].to_vec();
    other.community.record("2026-02-20", xinyi_core::Kind::Income, xinyi_testkit::Seal::Trustee, data);
    forked.extend_from_slice(&other.community.lines[14..]);
    assert_eq!(other.community.lines[..14], compound.community.lines[..14], "keys and clocks are the same");
    fs::write(&two, forked.iter().flat_map(|line| [line.as_slice(), b"\n"]).collect::<Vec<_>>().concat())
        .unwrap();
    match remains(&[&one, &two]).rebuild(None).unwrap_err() {
        RecoverError::Fork { files, index } => {
            assert_eq!((files, index.get()), ((one.clone(), two.clone()), 17));
        }
        refused => panic!("{refused}"),
    }
    // A checkpoint signed for another root is as good a witness as a line.
    let tiles = other.path("tiles");
    fs::write(other.dir.entries(), other.community.file()).unwrap();
    Writer::open(&other.dir, other.keys()).unwrap().0.sign_checkpoint().unwrap();
    other.dir.publish_tiles(&tiles).unwrap();
    fs::remove_dir_all(tiles.join("tile/entries")).unwrap();
    let refused = remains(&[&one, &tiles]).rebuild(None).unwrap_err();
    assert_eq!(refused.code(), "recover-fork");
    assert!(
        refused.to_string().contains("one.jsonl") && refused.to_string().contains("checkpoint"),
        "{refused}"
    );
}

/// A copy of the ledger in which committee and supervisor gave the recorder's party another key, and what it recorded.
fn recovered(compound: &Compound, retire: &[TestKey]) -> Community {
    let mut community = Community::replayed(&compound.community.lines);
    let new = TestKey::named("new-recorder");
    let data = json!({
        "add": [{
            "holder": "new-recorder", "key": new.public_key(), "party": "trustee",
            "term": {"from": "2000-01-01"}, "uses": ["approve", "log", "record"],
        }],
        "party": "trustee", "reason": "the recorder is silent",
        "register": community.replay.register().unwrap().digest(),
        "retire": retire.iter().map(|key| key.public_key().id()).collect::<Vec<_>>(),
        "root": community.replay.root(), "size": community.replay.size(),
    });
    let content = community.named("2026-04-02", "recovery", Kind::Recovery, data);
    let signers = [Community::committee(), Community::supervisor()];
    let mut approvals = signers.map(|key| Approval::sign(&content, &key)).to_vec();
    let mut next = content;
    for number in 0..4 {
        let line = community.replay.prepare(next, approvals).record(compound.community.now, &new).unwrap();
        community.push(line).unwrap();
        let data = json!({"account": "bank", "amount": "2.00", "category": "property-fee", "fund": "shared"});
        next = community.named("2026-04-02", &format!("after-{number}"), Kind::Income, data);
        approvals = Vec::new();
    }
    community
}

/// The old recorder goes on after the recovery: three lines, signed and published.
fn gone_on(compound: &mut Compound, name: &str) -> PathBuf {
    compound.incomes(3);
    fs::write(compound.dir.entries(), compound.community.file()).unwrap();
    Writer::open(&compound.dir, compound.keys()).unwrap().0.sign_checkpoint().unwrap();
    let out = compound.path(name);
    compound.dir.publish_tiles(&out).unwrap();
    out
}

#[test]
fn a_recovery_is_the_history_and_what_the_old_recorder_went_on_with_is_void() {
    for retire in [vec![Community::trustee()], vec![]] {
        let (mut compound, sizes) = three_months();
        let community = recovered(&compound, &retire);
        let history = compound.path("history.jsonl");
        fs::write(&history, community.file()).unwrap();
        let old = gone_on(&mut compound, "old");
        for sources in [[&*old, &*history], [&*history, &*old]] {
            let remains = remains(&sources);
            let rebuilt = remains.rebuild(None).unwrap();
            assert_eq!(rebuilt.replay.root(), community.replay.root());
            let [void] = &rebuilt.void[..] else { panic!("{:?}", rebuilt.void) };
            assert_eq!((void.from.get(), void.end.get()), (sizes[2].get(), sizes[2].get() + 3));
            assert!(void.source.starts_with(&old), "{}", void.source.display());
            assert_eq!((&rebuilt.unlinked[..], rebuilt.gaps().len()), (&[][..], 0));
            assert!(rebuilt.refused.is_none() && rebuilt.newest.is_none(), "{rebuilt:?}");
        }
        // Cut after the recovery, the void lines reach further than the history.
        fs::write(&history, [community.lines[..41].join(&b'\n'), b"\n".to_vec()].concat()).unwrap();
        let remains = remains(&[&old, &history]);
        let rebuilt = remains.rebuild(None).unwrap();
        assert_eq!((rebuilt.replay.size().get(), &rebuilt.unlinked[..]), (41, &[][..]));
        assert!(rebuilt.refused.is_none() && rebuilt.newest.is_none() && rebuilt.gaps().is_empty());
    }
}

#[test]
fn a_recovery_under_a_close_by_both_parties_is_a_fork_and_so_is_one_beside_two_lines() {
    let (mut compound, _) = three_months();
    let community = recovered(&compound, &[Community::trustee()]);
    let history = compound.path("history.jsonl");
    fs::write(&history, community.file()).unwrap();
    let before = compound.community.lines.len();
    let old = gone_on(&mut compound, "old");
    // A second line of the old recorder at the same place: who signs two does not say which was meant.
    let mut second = Community::replayed(&compound.community.lines[..before]);
    second.now = compound.community.now;
    let data = json!({"account": "bank", "amount": "3.00", "category": "property-fee", "fund": "shared"});
    let content = second.named("2026-04-20", "second", Kind::Income, data);
    second.put(content, Vec::new()).unwrap();
    let twice = compound.path("twice.jsonl");
    fs::write(&twice, second.file()).unwrap();
    assert_eq!(remains(&[&history, &old, &twice]).rebuild(None).unwrap_err().code(), "recover-fork");
    // A close by both that covers the place comes first.
    compound.month(1);
    fs::write(&twice, compound.community.file()).unwrap();
    match remains(&[&twice, &history]).rebuild(None).unwrap_err() {
        RecoverError::Fork { files, index } => {
            assert_eq!((files, index.get()), ((history, twice), 40));
        }
        refused => panic!("{refused}"),
    }
}

#[test]
fn a_line_that_nobody_signed_is_no_fork_and_is_left_out() {
    let (compound, _) = three_months();
    let (good, forged) = (compound.path("good.jsonl"), compound.path("forged.jsonl"));
    fs::write(&good, compound.community.file()).unwrap();
    let text = String::from_utf8(compound.community.file()).unwrap();
    fs::write(&forged, text.replace("\"1.00\"", "\"2.00\"")).unwrap();
    assert_whole(&compound, &remains(&[&forged, &good]), "again");
    let remains_of_forged = remains(&[&forged]);
    let rebuilt = remains_of_forged.rebuild(None).unwrap();
    assert_eq!(rebuilt.replay.size().get(), 1);
    let (path, error) = rebuilt.refused.unwrap();
    assert_eq!((path, error.code()), (forged.as_path(), "recorder-signature"));
}

#[test]
fn of_two_ledgers_the_reader_names_one() {
    let (compound, _) = three_months();
    let mut genesis = xinyi_testkit::Community::genesis_json("2026-01");
    genesis["nonce"] = serde_json::json!("22".repeat(32));
    let other = xinyi_testkit::Community::with_genesis(genesis);
    let (one, two) = (compound.path("one.jsonl"), compound.path("two.jsonl"));
    fs::write(&one, compound.community.file()).unwrap();
    fs::write(&two, other.file()).unwrap();
    let remains = remains(&[&one, &two]);
    assert_eq!(remains.rebuild(None).unwrap_err().code(), "recover-ledgers");
    let identity = compound.community.replay.founding().unwrap().identity;
    let rebuilt = remains.rebuild(Some(identity)).unwrap();
    assert_eq!(rebuilt.replay.size().get(), 40);
    assert_eq!(remains.rebuild(Some(Hash::digest(b""))).unwrap_err().code(), "recover-nothing");
}

#[test]
fn nothing_is_written_over_a_ledger() {
    let (compound, _) = three_months();
    let file = compound.path("file.jsonl");
    fs::write(&file, compound.community.file()).unwrap();
    let remains = remains(&[&file]);
    let rebuilt = remains.rebuild(None).unwrap();
    assert_eq!(rebuilt.write(compound.dir.root()).unwrap_err().code(), "file-exists");
}
