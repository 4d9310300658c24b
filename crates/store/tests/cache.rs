//! What is kept beside a ledger: missing, torn, older, another ledger's or changed, it costs time and no verdict.

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
use std::path::Path;

use compound::Compound;
use xinyi_core::{Hash, Index, Lines as _, Places, Size, Subtrees as _, verify_inclusion};
use xinyi_store::{Cache, Writer};

/// Something that happens to the directory `cache`.
type Damage = (&'static str, fn(&Path));

const DAMAGES: &[Damage] = &[
    ("nothing", |_| {}),
    ("all gone", |cache| fs::remove_dir_all(cache).unwrap()),
    ("bounds gone", |cache| fs::remove_file(cache.join("lines")).unwrap()),
    ("bounds torn", |cache| change(&cache.join("lines"), |bytes| bytes.truncate(bytes.len() - 3))),
    ("bounds cut", |cache| change(&cache.join("lines"), |bytes| bytes.truncate(800))),
    ("one bound left out", |cache| change(&cache.join("lines"), |bytes| drop(bytes.drain(80..88)))),
    ("a bound moved", |cache| change(&cache.join("lines"), |bytes| bytes[1_601] ^= 1)),
    ("a bound beyond the end", |cache| change(&cache.join("lines"), |bytes| bytes[1_607] = 0x7f)),
    ("the last bound moved", |cache| {
        change(&cache.join("lines"), |bytes| {
            let last = bytes.len() - 8;
            bytes[last] ^= 1;
        });
    }),
    ("bounds of nothing but zeros", |cache| change(&cache.join("lines"), |bytes| bytes.fill(0))),
    ("tiles gone", |cache| fs::remove_dir_all(cache.join("tile")).unwrap()),
    ("a full tile changed", |cache| change(&cache.join("tile/0/000"), |bytes| bytes[40] ^= 1)),
    ("a full tile torn", |cache| change(&cache.join("tile/0/000"), |bytes| bytes.truncate(100))),
    ("the edge changed", |cache| change(&cache.join("tile/0/002"), |bytes| bytes[3] ^= 1)),
    ("the edge torn", |cache| change(&cache.join("tile/0/002"), |bytes| bytes.truncate(33))),
    ("the level above changed", |cache| change(&cache.join("tile/1/000"), |bytes| bytes[33] ^= 1)),
    ("a directory for a file", |cache| {
        fs::remove_file(cache.join("lines")).unwrap();
        fs::create_dir(cache.join("lines")).unwrap();
    }),
];

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// A ledger of two months and some lines of a third: more than two tiles.
fn ledger() -> Compound {
    let mut compound = Compound::new();
    compound.month(300);
    compound.month(250);
    compound.incomes(30);
    compound.write();
    remember(&compound);
    compound
}

fn remember(compound: &Compound) {
    let (writer, _) = Writer::open(&compound.dir, compound.keys()).unwrap();
    writer.remember().unwrap();
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in compound::files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Everything that a cache gives is what the ledger has.
fn check(compound: &Compound, what: &str) {
    let community = &compound.community;
    let (size, root) = (community.replay.size(), community.replay.root());
    let cache = Cache::open(&compound.dir).unwrap();
    let tree = cache.tree_or_rebuild(size, root).unwrap().unwrap();
    for (number, line) in community.lines.iter().enumerate() {
        let index = Index::new(number as u64).unwrap();
        assert_eq!(cache.lines().line(index).unwrap().as_bytes(), line, "{what}: line {index}");
        if let Some(path) = tree.inclusion(index, size) {
            verify_inclusion(Hash::leaf(line), index, &path, size, root).unwrap();
        } else {
            // Tiles are read when they are needed: the fault shows only then.
            cache.rebuild().unwrap();
            let path = cache.tree(size, root).unwrap().inclusion(index, size).unwrap();
            verify_inclusion(Hash::leaf(line), index, &path, size, root).unwrap();
        }
    }
    let mut places = Places::default();
    community.entries.iter().for_each(|entry| places.take(entry.content(), entry.index()));
    assert_eq!(cache.places().unwrap(), places, "{what}");
    assert!(cache.tree(size, Hash::digest(b"another root")).is_none());
}

#[test]
fn a_damaged_cache_costs_time_and_no_verdict() {
    let compound = ledger();
    let cache = compound.dir.root().join("cache");
    let whole = compound.path("whole");
    copy(&cache, &whole);
    for (what, damage) in DAMAGES {
        fs::remove_dir_all(&cache).ok();
        copy(&whole, &cache);
        damage(&cache);
        check(&compound, what);
        let (writer, recovered) = Writer::open(&compound.dir, compound.keys()).unwrap();
        // Only the snapshot saves verification: without it every line is verified again.
        let expected = if *what == "all gone" { compound.community.lines.len() as u64 } else { 0 };
        assert_eq!(recovered.verified, expected, "{what}");
        assert_eq!(writer.replay().root(), compound.community.replay.root(), "{what}");
        for entry in &compound.community.entries {
            let recalled = writer.replay().recall(entry.index()).expect(what);
            assert_eq!(format!("{recalled:?}"), format!("{entry:?}"), "{what}");
        }
        writer.remember().unwrap();
    }
}

#[test]
fn an_older_cache_and_that_of_another_ledger_are_caught_up_with_or_made_again() {
    let mut compound = ledger();
    let cache = compound.dir.root().join("cache");
    let older = compound.path("older");
    copy(&cache, &older);
    compound.incomes(300);
    compound.write();
    remember(&compound);
    check(&compound, "grown");
    fs::remove_dir_all(&cache).unwrap();
    copy(&older, &cache);
    check(&compound, "older");

    let mut other = Compound::new();
    other.month(700);
    remember(&other);
    for name in ["lines", "tile", "snapshot"] {
        let (from, to) = (other.dir.root().join("cache").join(name), cache.join(name));
        let _ = fs::remove_dir_all(&to);
        let _ = fs::remove_file(&to);
        if from.is_dir() {
            copy(&from, &to)
        } else {
            fs::copy(&from, &to).unwrap();
        }
        check(&compound, name);
    }
    let (_, recovered) = Writer::open(&compound.dir, compound.keys()).unwrap();
    assert_eq!(recovered.verified, compound.community.lines.len() as u64, "no snapshot of its own");
}

#[test]
fn what_a_reader_made_is_kept_for_the_next_if_it_may_be_written() {
    let compound = ledger();
    let cache = compound.dir.root().join("cache");
    fs::remove_dir_all(&cache).unwrap();
    let (first, second) = (Cache::open(&compound.dir).unwrap(), Cache::open(&compound.dir).unwrap());
    fs::create_dir(&cache).unwrap();
    let lock = fs::File::create(cache.join("lock")).unwrap();
    lock.lock().unwrap();
    first.keep().unwrap();
    assert!(!cache.join("lines").exists(), "another holds the lock");
    drop(lock);
    let writer = Writer::open(&compound.dir, compound.keys());
    first.keep().unwrap();
    drop(writer);
    second.keep().unwrap();
    let bounds = fs::read(cache.join("lines")).unwrap();
    assert_eq!(bounds.len(), compound.community.lines.len() * 8);
    check(&compound, "kept by a reader");
}

#[test]
fn places_that_no_recorder_signed_are_not_used() {
    let compound = ledger();
    let snapshot = compound.dir.root().join("cache/snapshot");
    let text = fs::read_to_string(&snapshot).unwrap();
    // A close that nobody would miss, were the places believed.
    let start = text.find("\"closes\":[").unwrap() + "\"closes\":[".len();
    let end = text[start..].find("},").unwrap() + start + 2;
    let forged = format!("{}{}", &text[..start], &text[end..]);
    assert_ne!(forged, text);
    fs::write(&snapshot, forged).unwrap();
    check(&compound, "forged places");
}

#[test]
fn a_ledger_that_only_its_first_lines_are_left_of_has_no_later_ones() {
    let compound = ledger();
    let cut: usize = compound.community.lines.iter().take(400).map(|line| line.len() + 1).sum();
    let file = fs::read(compound.dir.entries()).unwrap();
    fs::write(compound.dir.entries(), &file[..cut]).unwrap();
    let cache = Cache::open(&compound.dir).unwrap();
    assert_eq!(cache.lines().size().unwrap(), Size::new(400).unwrap());
    assert!(cache.lines().line(Index::new(400).unwrap()).is_none());
    let (size, root) = (compound.community.replay.size(), compound.community.replay.root());
    assert!(cache.tree_or_rebuild(size, root).unwrap().is_none());
}
