//! Tiles: names, which there are, and that a tree read from them is the tree they were made of.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use xinyi_core::{
    BundleBuilder, Hash, HashTileBuilder, Index, Size, Subtrees as _, Tile, TileError, TileLevel, TilePath,
    TileTree, Tree,
};

fn size(number: u64) -> Size {
    Size::new(number).unwrap()
}

fn leaf(number: u64) -> Hash {
    Hash::leaf(format!("leaf {number}").as_bytes())
}

/// The hash tiles of a tree of so many leaves, by path.
fn tiles(leaves: u64) -> BTreeMap<TilePath, Vec<u8>> {
    let mut builder = HashTileBuilder::new();
    let mut made: Vec<Tile> = (0..leaves).flat_map(|number| builder.push(leaf(number))).collect();
    made.extend(builder.partial());
    made.into_iter().map(|tile| (tile.path, tile.bytes)).collect()
}

#[test]
fn a_tile_path_has_one_spelling() {
    for good in [
        "tile/0/000",
        "tile/0/999",
        "tile/0/x001/000",
        "tile/0/x001/x234/067",
        "tile/0/x001/x234/067.p/112",
        "tile/1/000.p/1",
        "tile/63/000.p/255",
        "tile/entries/000",
        "tile/entries/x009/x007/x199/x254/x740/991",
    ] {
        assert_eq!(good.parse::<TilePath>().map(|path| path.to_string()), Ok(good.to_owned()));
    }
    for bad in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile//0/000",
        "tile/00/000",
        "tile/+1/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/256/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1000",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/X001/000",
        "tile/0/xx01/000",
        "tile/0/x001/x000",
        "tile/0/x001//000",
        "tile/0/+01",
        "tile/0/ 01",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001.p/+1",
        "tile/0/001.p/",
        "tile/0/001.p",
        "tile/0/001.p/1/",
        "tile/0/001.p/1.p/1",
        "tile/0/x001.p/001",
        "tile/8/0/000",
        "tile/data/000",
        "tile/entries/000.p/000",
        "tile/Entries/000",
        "tile/0/../000",
        "tile/0/\u{0660}\u{0660}\u{0660}",
        // 2^53, one beyond the last index.
        "tile/entries/x009/x007/x199/x254/x740/992",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert_eq!(bad.parse::<TilePath>(), Err(TileError::Path), "{bad}");
    }
}

proptest! {
    #[test]
    fn every_path_that_can_be_made_reads_back(level in 0_u8..=63, index in 0_u64..1 << 53, width in 1_u16..=256, entries: bool) {
        let level = if entries { TileLevel::Entries } else { TileLevel::Hashes(level) };
        let path = TilePath::new(level, index, width).unwrap();
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn no_text_has_a_second_spelling(text in "tile/(entries|[0-9+]{1,3})/[x0-9/.p+]{0,16}") {
        if let Ok(path) = text.parse::<TilePath>() {
            prop_assert_eq!(path.to_string(), text);
        }
    }
}

#[test]
fn the_example_of_the_specification_has_the_tiles_it_says() {
    let mut counted: BTreeMap<(TileLevel, u16), u64> = BTreeMap::new();
    for path in TilePath::of_tree(size(70_000)) {
        *counted.entry((path.level(), path.width())).or_default() += 1;
    }
    let expected = [
        ((TileLevel::Entries, 112), 1),
        ((TileLevel::Entries, 256), 273),
        ((TileLevel::Hashes(0), 112), 1),
        ((TileLevel::Hashes(0), 256), 273),
        ((TileLevel::Hashes(1), 17), 1),
        ((TileLevel::Hashes(1), 256), 1),
        ((TileLevel::Hashes(2), 1), 1),
    ];
    assert_eq!(counted, BTreeMap::from(expected));
    let of_256: Vec<_> = TilePath::of_tree(size(256)).map(|path| path.to_string()).collect();
    assert_eq!(of_256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(TilePath::of_tree(size(0)).count(), 0);
}

#[test]
fn every_size_to_70000_adds_the_tiles_that_the_definition_says_and_never_an_empty_one() {
    let mut published = BTreeSet::new();
    for number in 1..=70_000_u64 {
        let added: Vec<_> = TilePath::between(size(number - 1), size(number)).collect();
        // Only full tiles outlive a size, and each is added once.
        for path in &added {
            assert!((1..=256).contains(&path.width()));
            assert!(!path.is_full() || published.insert(*path), "{path} twice");
        }
        let partial = added.iter().filter(|path| !path.is_full());
        let of_levels: Vec<_> =
            partial.map(|path| (path.level(), path.index(), u64::from(path.width()))).collect();
        let changed = [TileLevel::Entries, TileLevel::Hashes(0), TileLevel::Hashes(1), TileLevel::Hashes(2)];
        let expected = changed.into_iter().filter_map(|level| {
            let each = match level {
                TileLevel::Entries => 1,
                TileLevel::Hashes(level) => 256_u64.pow(level.into()),
            };
            let (before, now) = ((number - 1) / each, number / each);
            (now > before && now % 256 != 0).then_some((level, now / 256, now % 256))
        });
        assert_eq!(of_levels, expected.collect::<Vec<_>>(), "size {number}");
    }
    let full = TilePath::of_tree(size(70_000)).filter(|path| path.is_full());
    assert_eq!(published, full.collect());
}

#[test]
fn builders_make_the_tiles_that_a_tree_of_the_size_has() {
    for number in [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000] {
        let mut bundles = BundleBuilder::new();
        let lines: Vec<Vec<u8>> = (0..number).map(|number| format!("leaf {number}").into_bytes()).collect();
        let mut made: Vec<Tile> = lines.iter().filter_map(|line| bundles.push(line)).collect();
        made.extend(bundles.partial());
        let hashes = tiles(number);
        let paths: BTreeSet<_> = made.iter().map(|tile| tile.path).chain(hashes.keys().copied()).collect();
        assert_eq!(paths, TilePath::of_tree(size(number)).collect(), "size {number}");
        let back: Vec<Vec<u8>> = made
            .iter()
            .flat_map(|tile| tile.path.entries(&tile.bytes).unwrap())
            .map(<[u8]>::to_vec)
            .collect();
        assert_eq!(back, lines);
    }
}

#[test]
fn a_builder_goes_on_from_the_tiles_of_a_smaller_tree() {
    for old in [0, 1, 2, 255, 256, 257, 700, 65_535, 65_536, 65_792] {
        let kept = tiles(old);
        let mut builder = HashTileBuilder::resume(size(old), |path| kept.get(&path).cloned()).unwrap();
        let mut tree = Tree::new();
        tree.extend((0..old).map(leaf));
        for number in old..old + 300 {
            assert_eq!(Some(builder.root()), tree.root(size(number)), "{old}, {number}");
            builder.push(leaf(number));
            tree.push(leaf(number));
        }
        let expected = tiles(old + 300);
        assert!(builder.partial().iter().all(|tile| expected.get(&tile.path) == Some(&tile.bytes)), "{old}");
        let edge = kept.keys().find(|path| !path.is_full()).copied();
        let without = HashTileBuilder::resume(size(old), |path| {
            kept.get(&path).filter(|_| Some(path) != edge).cloned()
        });
        assert_eq!(without.err(), edge.map(TileError::Missing), "{old}");
    }
}

#[test]
fn a_tree_read_from_tiles_is_the_tree() {
    let mut tree = Tree::new();
    tree.extend((0..70_000).map(leaf));
    for number in [1, 2, 3, 100, 255, 256, 257, 300, 4_000, 65_536, 70_000] {
        let stored = tiles(number);
        let root = tree.root(size(number)).unwrap();
        let read = TileTree::open(size(number), root, |path| stored.get(&path).cloned()).unwrap();
        for old in [1, 2, 255, 256, 257, 299, 65_536, 66_000].into_iter().filter(|old| *old <= number) {
            assert_eq!(read.root(size(old)), tree.root(size(old)), "{old} of {number}");
            assert_eq!(read.consistency(size(old), size(number)), tree.consistency(size(old), size(number)));
        }
        for index in (0..number).step_by(4_999).map(|index| Index::new(index).unwrap()) {
            assert_eq!(read.inclusion(index, size(number)), tree.inclusion(index, size(number)));
        }
        assert_eq!(read.root(size(number + 1)), None);
    }
}

#[test]
fn a_partial_tile_that_is_gone_is_the_beginning_of_the_full_one() {
    let later = tiles(70_000);
    let root = |number| {
        let mut tree = Tree::new();
        tree.extend((0..number).map(leaf));
        tree.root(size(number)).unwrap()
    };
    let read = TileTree::open(size(300), root(300), |path| later.get(&path).cloned());
    assert_eq!(read.unwrap().root(size(299)), Some(root(299)));
    let missing = TileTree::open(size(300), root(300), |_| None).err().unwrap();
    assert_eq!(missing.to_string(), "`tile/0/001.p/44` is missing");
}

#[test]
fn a_tree_of_the_largest_size_asks_for_one_tile_a_level_and_no_more() {
    let largest = size(9_007_199_254_740_991);
    let asked = std::cell::RefCell::new(Vec::new());
    let fetch = |path: TilePath| {
        asked.borrow_mut().push(path);
        Some(vec![0; usize::from(path.width()) * 32])
    };
    assert_eq!(TileTree::open(largest, Hash::digest(b""), fetch).err(), Some(TileError::Root));
    let names: Vec<_> = asked.into_inner().iter().map(TilePath::to_string).collect();
    assert_eq!((names.len(), names[0].as_str()), (7, "tile/0/x035/x184/x372/x088/831.p/255"));
    assert_eq!(names[6], "tile/6/000.p/31");
}

#[test]
fn a_changed_hash_in_any_tile_is_not_given_out() {
    let stored = tiles(66_000);
    let mut tree = Tree::new();
    tree.extend((0..66_000).map(leaf));
    let root = tree.root(size(66_000)).unwrap();
    for path in stored.keys() {
        for byte in [0, stored[path].len() - 1] {
            let fetch = |asked: TilePath| {
                let mut bytes = stored.get(&asked).cloned()?;
                if asked == *path {
                    bytes[byte] ^= 1;
                }
                Some(bytes)
            };
            match TileTree::open(size(66_000), root, fetch) {
                Err(error) => assert_eq!((error, path.is_full()), (TileError::Root, false)),
                Ok(read) => {
                    let TileLevel::Hashes(level) = path.level() else { panic!("a bundle") };
                    assert_eq!(read.hashes(level, path.index()), Err(TileError::Other(*path)));
                }
            }
        }
    }
}

#[test]
fn tiles_of_another_length_than_their_name_says_are_refused() {
    let path = TilePath::new(TileLevel::Hashes(0), 0, 2).unwrap();
    for length in [0, 1, 32, 63, 65, 96] {
        assert_eq!(path.hashes(&vec![0; length]), Err(TileError::Malformed(path)), "{length}");
    }
    let bundle = TilePath::new(TileLevel::Entries, 0, 2).unwrap();
    assert_eq!(bundle.entries(b"\0\x01a\0\0"), Ok(vec![b"a".as_slice(), b""]));
    for bad in
        [b"".as_slice(), b"\0\x01a", b"\0\x01a\0", b"\0\x01a\0\x01", b"\0\x01a\0\0\0", b"\0\x01a\0\0\0\0"]
    {
        assert_eq!(bundle.entries(bad), Err(TileError::Malformed(bundle)), "{bad:?}");
    }
    assert_eq!(bundle.hashes(&[0; 64]), Err(TileError::Malformed(bundle)));
    assert_eq!((path.max_bytes(), bundle.full().max_bytes()), (64, 256 * 65_537));
}
