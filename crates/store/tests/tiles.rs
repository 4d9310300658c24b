//! Publishing as tiles: incremental, crash-safe, never a second history, and readable by another library.

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

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use compound::{Compound, files, verify};
use tlog_tiles::{Tile as TheirTile, TileHashReader, TileReader};
use xinyi_core::{Disclosure, Hash, Index, Lines as _, Size, Subtrees as _, TilePath, Tree};
use xinyi_store::{TilesDir, Writer};

/// Three months that pass 256 lines.
fn three_months() -> (Compound, PathBuf) {
    let mut compound = Compound::new();
    let out = compound.path("out");
    for lines in [200, 60, 10] {
        compound.month(lines);
    }
    compound.dir.publish_tiles(&out).unwrap();
    (compound, out)
}

#[test]
fn every_close_adds_what_is_new_and_leaves_full_tiles_untouched() {
    let mut compound = Compound::new();
    let out = compound.path("out");
    let mut before: Option<std::collections::BTreeMap<String, Vec<u8>>> = None;
    let mut old = Size::default();
    for lines in [3, 252, 1, 40, 300] {
        let size = compound.month(lines);
        let published = compound.dir.publish_tiles(&out).unwrap();
        assert_eq!((published.size, verify(&out)), (size, Ok(size)));
        assert_eq!(published.missing_states, vec![]);
        let now = files(&out);
        // Every tile that the size adds was written, one state document, the checkpoint; nothing else changed.
        let added: Vec<_> = TilePath::between(old, size).map(|path| path.to_string()).collect();
        assert_eq!(published.written, added.len() + 2);
        for (name, bytes) in before.iter().flatten().filter(|(name, _)| *name != "checkpoint") {
            assert_eq!(now.get(name), Some(bytes), "{name} was touched");
        }
        assert!(added.iter().all(|path| now.contains_key(path)));
        assert_eq!(compound.dir.publish_tiles(&out).unwrap().written, 0, "a second run has nothing to do");
        before = Some(now);
        old = size;
    }
    // An old client's partial tiles may go; the full ones begin with them.
    fs::remove_dir_all(out.join("tile/0/000.p")).unwrap();
    verify(&out).unwrap();
}

#[test]
fn whatever_a_crash_leaves_the_old_checkpoint_stands_and_the_next_run_completes() {
    let mut compound = Compound::new();
    let out = compound.path("out");
    let first = compound.month(250);
    compound.dir.publish_tiles(&out).unwrap();
    let before = files(&out);
    let second = compound.month(10);
    compound.dir.publish_tiles(&out).unwrap();
    let after = files(&out);
    // Files are written in this order, the checkpoint last; a crash leaves a beginning of it, and perhaps the next
    // one torn under its temporary name, or, where the disk keeps no promise, under its own.
    let mut written: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    written.sort_by_key(|name| (name.starts_with("state"), !name.starts_with("tile/entries")));
    for reversed in [false, true] {
        // Not every disk keeps the order either, so the same backwards.
        if reversed {
            written.reverse();
        }
        for kept in 0..=written.len() {
            for torn in ["", ".new"] {
                let copy = compound.path("copy");
                let _ = fs::remove_dir_all(&copy);
                let put = |name: &str, bytes: &[u8]| {
                    let path = copy.join(name);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, bytes).unwrap();
                };
                before.iter().for_each(|(name, bytes)| put(name, bytes));
                written[..kept].iter().for_each(|name| put(name, &after[*name]));
                if let Some(name) = written.get(kept) {
                    let bytes = &after[*name];
                    put(&format!("{name}{torn}"), &bytes[..bytes.len() / 2]);
                } else {
                    put("checkpoint.new", b"torn");
                }
                assert_eq!(verify(&copy), Ok(first), "{kept} files kept");
                compound.dir.publish_tiles(&copy).unwrap();
                assert_eq!(verify(&copy), Ok(second));
                assert!(after.iter().all(|(name, bytes)| fs::read(copy.join(name)).unwrap() == *bytes));
            }
        }
    }
}

#[test]
fn whichever_write_fails_the_old_checkpoint_stands() {
    let mut compound = Compound::new();
    let out = compound.path("out");
    let first = compound.month(250);
    compound.dir.publish_tiles(&out).unwrap();
    let before = files(&out);
    let second = compound.month(10);
    let sample = compound.path("sample");
    compound.dir.publish_tiles(&sample).unwrap();
    for name in files(&sample).keys().filter(|name| !before.contains_key(*name)) {
        let copy = compound.path("copy");
        let _ = fs::remove_dir_all(&copy);
        for (name, bytes) in &before {
            let path = copy.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        // A directory in its place: this one write cannot succeed.
        fs::create_dir_all(copy.join(name)).unwrap();
        compound.dir.publish_tiles(&copy).expect_err(name);
        assert_eq!(verify(&copy), Ok(first), "{name}");
        fs::remove_dir(copy.join(name)).unwrap();
        compound.dir.publish_tiles(&copy).unwrap();
        assert_eq!(verify(&copy), Ok(second), "{name}");
    }
}

#[test]
fn a_changed_byte_anywhere_is_found_and_its_file_named() {
    let (compound, out) = three_months();
    let size = compound.community.replay.size();
    for (name, bytes) in files(&out) {
        if name.starts_with("state/") {
            continue;
        }
        let step = if name.starts_with("tile/entries") { bytes.len() / 7 } else { bytes.len() / 19 };
        let places = (0..bytes.len()).step_by(step.max(1)).chain([bytes.len() - 1]);
        for place in places {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            fs::write(out.join(&name), &changed).unwrap();
            let found = verify(&out).expect_err(&name);
            assert!(found.contains(&name), "{name} at {place}: {found}");
        }
        for length in [0, bytes.len() - 1] {
            fs::write(out.join(&name), &bytes[..length]).unwrap();
            let found = verify(&out).expect_err(&name);
            assert!(found.contains(&name), "{name} of {length}: {found}");
        }
        fs::write(out.join(&name), [bytes.as_slice(), b"\0"].concat()).unwrap();
        assert!(verify(&out).is_err(), "{name} with a byte more");
        fs::write(out.join(&name), &bytes).unwrap();
    }
    assert_eq!(verify(&out), Ok(size));
    fs::remove_file(out.join("tile/0/000")).unwrap();
    assert_eq!(verify(&out), Err("`tile/0/000` is missing".into()));
}

#[test]
fn older_partial_tiles_are_compared_too() {
    let mut compound = Compound::new();
    let out = compound.path("out");
    let first = compound.month(20);
    compound.dir.publish_tiles(&out).unwrap();
    compound.month(20);
    compound.dir.publish_tiles(&out).unwrap();
    for name in [format!("tile/0/000.p/{first}"), format!("tile/entries/000.p/{first}")] {
        let good = fs::read(out.join(&name)).unwrap();
        let mut bytes = good.clone();
        bytes[40] ^= 1;
        fs::write(out.join(&name), bytes).unwrap();
        assert!(verify(&out).unwrap_err().contains(&name));
        fs::write(out.join(&name), good).unwrap();
    }
    verify(&out).unwrap();
}

#[test]
fn another_history_is_never_published_over_the_first() {
    let (compound, out) = three_months();
    let before = files(&out);
    // The same founders, other entries: as a ledger restored from an old backup and gone on with would be.
    let mut other = Compound::new();
    other.community = xinyi_testkit::Community::property_trust("2026-01");
    other.month(201);
    assert_eq!(other.dir.publish_tiles(&out).unwrap_err().code(), "published-further");
    for lines in [100, 10] {
        other.month(lines);
    }
    assert_eq!(other.dir.publish_tiles(&out).unwrap_err().code(), "published-other");
    // Without its checkpoint the tiles still tell.
    fs::remove_file(out.join("checkpoint")).unwrap();
    let refused = other.dir.publish_tiles(&out).unwrap_err();
    assert_eq!(refused.code(), "published-other", "{refused}");
    assert!(refused.to_string().contains("tile/"), "{refused}");
    for (name, bytes) in before.iter().filter(|(name, _)| *name != "checkpoint") {
        assert_eq!(&fs::read(out.join(name)).unwrap(), bytes, "{name} was touched");
    }
    compound.dir.publish_tiles(&out).unwrap();
    assert_eq!(files(&out).len(), before.len());
    verify(&out).unwrap();
}

#[test]
fn what_changed_on_disk_after_it_was_signed_is_not_published() {
    let (compound, _) = three_months();
    let out = compound.path("fresh");
    let mut file = fs::read(compound.dir.entries()).unwrap();
    let at = file.windows(6).position(|window| window == b"\"1.00\"").unwrap();
    file[at + 1] = b'2';
    fs::write(compound.dir.entries(), &file).unwrap();
    assert_eq!(compound.dir.publish_tiles(&out).unwrap_err().code(), "recorder-signature");
    assert!(!out.exists(), "nothing is written before all is verified");
    // A ledger cut back below what was signed is not published either.
    let cut = compound.community.file();
    let end = cut[..cut.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    fs::write(compound.dir.entries(), &cut[..end]).unwrap();
    assert_eq!(compound.dir.publish_tiles(&out).unwrap_err().code(), "ledger-shortened");
}

#[test]
fn a_checkpoint_of_a_stranger_s_key_or_another_root_is_not_published() {
    let (compound, _) = three_months();
    let size = compound.community.replay.size();
    let path = compound.dir.root().join(format!("checkpoints/{size}"));
    let replay = &compound.community.replay;
    let origin = replay.founding().unwrap().origin.clone();
    let signed = |root, key: &str| {
        let checkpoint = xinyi_core::Checkpoint { origin: origin.clone(), root, size };
        checkpoint.sign(&xinyi_testkit::TestKey::named(key)).unwrap()
    };
    for note in [signed(replay.root(), "committee"), signed(Hash::digest(b"other"), "trustee"), "x".into()] {
        fs::write(&path, note).unwrap();
        let refused = compound.dir.publish_tiles(&compound.path("fresh")).unwrap_err();
        assert_eq!(refused.code(), "checkpoint-other");
        // Nor is a second root signed for the size, nor the good one over a bad one.
        let writer = Writer::open(&compound.dir, compound.keys()).unwrap().0;
        assert_eq!(writer.sign_checkpoint().unwrap_err().code(), "checkpoint-other");
    }
}

#[test]
fn a_checkpoint_of_the_present_size_is_signed_by_the_log_key_alone() {
    let (mut compound, out) = three_months();
    compound.incomes(7);
    compound.write();
    let size = compound.community.replay.size();
    let committee = xinyi_testkit::Community::committee();
    let keys = xinyi_store::Keys { log: &committee, recorder: &compound.key };
    let writer = Writer::open(&compound.dir, keys).unwrap().0;
    assert_eq!(writer.sign_checkpoint().unwrap_err().code(), "log-key-other");
    drop(writer);
    let writer = Writer::open(&compound.dir, compound.keys()).unwrap().0;
    assert_eq!(writer.sign_checkpoint().unwrap(), size);
    assert_eq!(writer.sign_checkpoint().unwrap(), size, "once is enough");
    assert_eq!(compound.dir.publish_tiles(&out).unwrap().size, size);
    assert_eq!(verify(&out), Ok(size));
}

#[test]
fn a_key_that_may_not_sign_leaves_a_missing_checkpoint_to_the_one_that_may() {
    let (compound, _) = three_months();
    let size = compound.community.replay.size();
    fs::remove_file(compound.dir.root().join(format!("checkpoints/{size}"))).unwrap();
    let committee = xinyi_testkit::Community::committee();
    let keys = xinyi_store::Keys { log: &committee, recorder: &compound.key };
    assert_eq!(Writer::open(&compound.dir, keys).unwrap().1.checkpoint, None);
    assert_eq!(compound.dir.checkpoint(size), None);
    assert_eq!(Writer::open(&compound.dir, compound.keys()).unwrap().1.checkpoint, Some(size));
}

#[test]
fn a_changed_line_is_not_signed_although_an_honest_snapshot_covers_it() {
    let (mut compound, _) = three_months();
    compound.incomes(7);
    compound.write();
    let (writer, _) = Writer::open(&compound.dir, compound.keys()).unwrap();
    writer.remember().unwrap();
    let mut file = fs::read(compound.dir.entries()).unwrap();
    let at = file.windows(6).rposition(|window| window == b"\"1.00\"").unwrap();
    file[at + 1] = b'2';
    fs::write(compound.dir.entries(), file).unwrap();
    assert_eq!(writer.sign_checkpoint().unwrap_err().code(), "read-back");
}

#[test]
fn a_cosigned_checkpoint_of_the_same_size_stays() {
    let (compound, out) = three_months();
    let note: xinyi_core::Note = fs::read_to_string(out.join("checkpoint")).unwrap().parse().unwrap();
    let line = note.cosignature("witness.example/w", &xinyi_testkit::TestKey::named("w"), 7).unwrap();
    let cosigned = note.with_lines(&line).unwrap().to_string();
    fs::write(out.join("checkpoint"), &cosigned).unwrap();
    compound.dir.publish_tiles(&out).unwrap();
    assert_eq!(fs::read_to_string(out.join("checkpoint")).unwrap(), cosigned);
}

#[cfg(unix)]
#[test]
fn a_link_in_a_published_directory_is_refused_read_or_written() {
    let (compound, out) = three_months();
    let outside = compound.path("outside");
    for name in ["tile/0/000", "tile/entries/000", "checkpoint", "tile/0", "tile"] {
        let path = out.join(name);
        let _ = (fs::remove_dir_all(&outside), fs::remove_file(&outside));
        fs::rename(&path, &outside).unwrap();
        std::os::unix::fs::symlink(&outside, &path).unwrap();
        assert!(verify(&out).unwrap_err().contains("symbolic link"), "{name}");
        assert_eq!(compound.dir.publish_tiles(&out).unwrap_err().code(), "file-not-plain", "{name}");
        fs::remove_file(&path).unwrap();
        fs::rename(&outside, &path).unwrap();
    }
    verify(&out).unwrap();
    // A temporary file's name that leads elsewhere is not written through.
    fs::write(&outside, "precious").unwrap();
    fs::remove_file(out.join("checkpoint")).unwrap();
    std::os::unix::fs::symlink(&outside, out.join("checkpoint.new")).unwrap();
    compound.dir.publish_tiles(&out).unwrap();
    assert_eq!(fs::read_to_string(&outside).unwrap(), "precious");
}

#[test]
fn a_file_larger_than_a_tile_may_be_is_not_read() {
    let (_compound, out) = three_months();
    fs::write(out.join("tile/0/000"), vec![0; 8_193]).unwrap();
    assert_eq!(verify(&out), Err("`tile/0/000` does not hold what its name says".into()));
}

#[test]
fn nothing_private_and_no_draft_is_published() {
    let (compound, out) = three_months();
    let disclosure = Disclosure::new([7; 16], "payer", "3-501 Zhang".parse().unwrap());
    compound.dir.keep_disclosure(&disclosure).unwrap();
    for part in ["drafts/x.json", "cache/snapshot", "set-aside/y"] {
        fs::write(compound.dir.root().join(part), "3-501 Zhang").unwrap();
    }
    let lines = compound.path("lines");
    compound.dir.publish_tiles(&out).unwrap();
    compound.dir.publish_lines(&lines).unwrap();
    for (name, bytes) in files(&out).into_iter().chain(files(&lines)) {
        assert!(!String::from_utf8_lossy(&bytes).contains("Zhang"), "{name}");
        let known = ["tile/", "state/", "states/", "checkpoint", "checkpoints/", "entries.jsonl"];
        assert!(known.iter().any(|known| name.starts_with(known)), "{name}");
    }
    // Nor is anything published where a ledger lies.
    for inside in [compound.dir.root().to_owned(), compound.dir.root().join("public"), lines] {
        assert_eq!(compound.dir.publish_tiles(&inside).unwrap_err().code(), "export-inside");
        assert_eq!(compound.dir.publish_lines(&inside).unwrap_err().code(), "export-inside");
    }
}

#[test]
fn a_plain_export_is_the_ledger_file_with_its_state_documents_and_checkpoints() {
    let (mut compound, _) = three_months();
    compound.incomes(2);
    // The cut end of a running append is not the ledger's yet.
    fs::write(compound.dir.entries(), [compound.community.file().as_slice(), b"{\"appr"].concat()).unwrap();
    let lines = compound.path("lines");
    let published = compound.dir.publish_lines(&lines).unwrap();
    assert_eq!(published.size, compound.community.replay.size());
    let found = files(&lines);
    assert_eq!(found["entries.jsonl"], compound.community.file());
    let count = |folder: &str| found.keys().filter(|name| name.starts_with(folder)).count();
    assert_eq!((count("states/"), count("checkpoints/"), found.len()), (3, 3, 7));
}

/// Reads tiles from the disk for the other library.
struct FromDisk<'p> {
    root: &'p Path,
    read: RefCell<usize>,
}

impl TileReader for FromDisk<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[TheirTile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        *self.read.borrow_mut() += tiles.len();
        // Its paths carry the height, ours do not.
        let path = |tile: &TheirTile| tile.path().replacen("tile/8/", "tile/", 1);
        Ok(tiles.iter().map(|tile| fs::read(self.root.join(path(tile))).unwrap()).collect())
    }

    fn save_tiles(&self, _: &[TheirTile], _: &[Vec<u8>]) {}
}

#[test]
fn a_line_is_read_by_its_index_from_its_bundle_alone() {
    let mut compound = Compound::new();
    let size = compound.month(600);
    let out = compound.path("out");
    compound.dir.publish_tiles(&out).unwrap();
    let tiles = TilesDir::open(&out).unwrap();
    let line = |size: Size, index: usize| tiles.lines(size).line(Index::new(index as u64).unwrap());
    let there = |index: usize| String::from_utf8(compound.community.lines[index].clone()).ok();
    for index in [0, 255, 256, 511, 512, 601] {
        assert_eq!(line(size, index), there(index), "{index}");
    }
    assert_eq!(line(size, 602), None);
    // In a smaller tree, whose partial bundle has grown full since.
    let smaller = Size::new(300).unwrap();
    assert_eq!((line(smaller, 299), line(smaller, 300)), (there(299), None));
    // No other bundle is asked for; a damaged one gives nothing.
    fs::remove_file(out.join("tile/entries/000")).unwrap();
    fs::write(out.join("tile/entries/001"), b"\0\x05short").unwrap();
    assert_eq!((line(size, 600), line(size, 256), line(size, 0)), (there(600), None, None));
}

#[test]
fn another_library_reads_our_tiles_and_makes_the_same_proofs() {
    let mut compound = Compound::new();
    let out = compound.path("out");
    let mut sizes = Vec::new();
    for lines in [5, 250, 300] {
        sizes.push(compound.month(lines));
        compound.dir.publish_tiles(&out).unwrap();
    }
    let mut tree = Tree::new();
    tree.extend(compound.community.lines.iter().map(|line| Hash::leaf(line)));
    let bytes = |hashes: Vec<Hash>| hashes.iter().map(|hash| *hash.as_bytes()).collect::<Vec<_>>();
    for (place, size) in sizes.iter().enumerate() {
        let root = tree.root(*size).unwrap();
        let disk = FromDisk { root: &out, read: RefCell::new(0) };
        let theirs = TileHashReader::new(size.get(), tlog_tiles::Hash(*root.as_bytes()), &disk);
        assert_eq!(tlog_tiles::tree_hash(size.get(), &theirs).unwrap().0, *root.as_bytes());
        let tiles = TilesDir::open(&out).unwrap();
        let ours = xinyi_core::TileTree::open(*size, root, |path| tiles.tile(path).unwrap()).unwrap();
        for index in (0..size.get()).step_by(37) {
            let proof = tlog_tiles::prove_record(size.get(), index, &theirs).unwrap();
            let found = bytes(ours.inclusion(Index::new(index).unwrap(), *size).unwrap());
            assert_eq!(proof.iter().map(|hash| hash.0).collect::<Vec<_>>(), found, "{index} of {size}");
        }
        for old in &sizes[..place] {
            let proof = tlog_tiles::prove_tree(size.get(), old.get(), &theirs).unwrap();
            let found = bytes(ours.consistency(*old, *size).unwrap());
            assert_eq!(proof.iter().map(|hash| hash.0).collect::<Vec<_>>(), found, "{old} to {size}");
        }
        assert!(*disk.read.borrow() > 0, "it read from the disk");
    }
    // And for any two sizes it names the same new tiles.
    for (old, new) in [(0, 1), (1, 256), (255, 257), (300, 66_000), (65_536, 131_072)] {
        let theirs: Vec<_> =
            TheirTile::new_tiles(8, old, new).iter().map(|tile| tile.path().replacen("/8", "", 1)).collect();
        let ours = TilePath::between(Size::new(old).unwrap(), Size::new(new).unwrap());
        let ours: Vec<_> =
            ours.map(|path| path.to_string()).filter(|path| !path.contains("entries")).collect();
        assert_eq!(ours, theirs, "{old} to {new}");
    }
}
