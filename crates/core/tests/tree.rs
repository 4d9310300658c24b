//! The tree against published roots, a naive reference and an independent crate.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use xinyi_core::{Frontier, Hash, Index, Size, Subtrees as _, Tree, verify_consistency, verify_inclusion};

/// RFC 6962 §2.1 as it is written.
fn naive(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::digest(b""),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            Hash::node(&naive(&leaves[..split]), &naive(&leaves[split..]))
        }
    }
}

fn line(number: usize) -> Vec<u8> {
    format!("leaf {number}").into_bytes()
}

#[test]
fn every_tree_up_to_300_leaves_has_the_root_of_the_definition_and_of_another_library() {
    let mut frontier = Frontier::new();
    let mut other = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    let mut leaves = Vec::new();
    for size in 0..=300 {
        assert_eq!(frontier.root(), naive(&leaves), "size {size}");
        let theirs: [u8; 32] = (*other.root().as_bytes()).into();
        assert_eq!(frontier.root().as_bytes(), &theirs, "size {size}");
        let resumed = Frontier::from_parts(frontier.size(), frontier.hashes().to_vec()).unwrap();
        assert_eq!(resumed, frontier);
        assert_eq!(Frontier::from_parts(frontier.size() + 1, frontier.hashes().to_vec()).is_some(), {
            frontier.size().count_ones() == (frontier.size() + 1).count_ones()
        });
        let leaf = Hash::leaf(&line(size));
        leaves.push(leaf);
        frontier.push(leaf);
        other.push(line(size));
    }
}

#[test]
fn the_published_roots_of_certificate_transparency_come_out() {
    // transparency-dev/merkle, testonly/constants.go.
    let leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::new();
    for (leaf, root) in leaves.iter().zip(roots) {
        frontier.push(Hash::leaf(&hex::decode(leaf).unwrap()));
        assert_eq!(frontier.root().to_string(), root);
    }
}

fn size(number: usize) -> Size {
    Size::new(number as u64).unwrap()
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| Hash::leaf(&line(number))).collect()
}

fn tree(count: usize) -> Tree {
    let mut tree = Tree::new();
    tree.extend(leaves(count));
    tree
}

#[test]
fn every_path_up_to_130_leaves_verifies_at_its_place_and_is_that_of_another_library() {
    let mut other = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    let tree = tree(130);
    for count in 1..=130 {
        other.push(line(count - 1));
        let root = tree.root(size(count)).unwrap();
        for place in 0..count {
            let index = Index::new(place as u64).unwrap();
            let path = tree.inclusion(index, size(count)).unwrap();
            let theirs: Vec<u8> = other.prove_inclusion(place).as_bytes().to_vec();
            let ours: Vec<u8> = path.iter().flat_map(|hash| *hash.as_bytes()).collect();
            assert_eq!(ours, theirs, "{place} of {count}");
            let leaf = tree.leaf(index).unwrap();
            assert_eq!(verify_inclusion(leaf, index, &path, size(count), root), Ok(()));
            let wrong = |place: usize, path: &[Hash], count: usize| {
                verify_inclusion(leaf, Index::new(place as u64).unwrap(), path, size(count), root).is_err()
            };
            assert!(wrong(place ^ 1, &path, count));
            assert!(wrong(place, &[path.clone(), vec![root]].concat(), count));
            assert!(path.is_empty() || wrong(place, &path[1..], count));
            assert!(path.is_empty() || wrong(place, &path[..path.len() - 1], count));
            assert!(wrong(count, &path, count));
        }
    }
}

#[test]
fn every_consistency_proof_up_to_130_leaves_verifies_and_is_that_of_another_library() {
    let mut other = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    let tree = tree(130);
    for new in 1..=130 {
        other.push(line(new - 1));
        for old in 1..=new {
            let path = tree.consistency(size(old), size(new)).unwrap();
            if old < new {
                let theirs = other.prove_consistency(new - old).as_bytes().to_vec();
                let ours: Vec<u8> = path.iter().flat_map(|hash| *hash.as_bytes()).collect();
                assert_eq!(ours, theirs, "{old} to {new}");
            }
            let at = |count: usize| (size(count), tree.root(size(count)).unwrap());
            assert_eq!(verify_consistency(at(old), &path, at(new)), Ok(()), "{old} to {new}");
            let forged = (size(old), Hash::digest(b"another history"));
            assert!(verify_consistency(forged, &path, at(new)).is_err(), "{old} to {new}");
            assert!(verify_consistency(at(old), &[path.clone(), vec![at(old).1]].concat(), at(new)).is_err());
            assert!(path.is_empty() || verify_consistency(at(old), &path[1..], at(new)).is_err());
        }
    }
    assert!(tree.consistency(size(3), size(2)).is_none());
    assert_eq!(
        verify_consistency((size(0), Hash::digest(b"")), &[], (size(9), tree.root(size(9)).unwrap())),
        Ok(())
    );
}

/// The range proof of a statement: T-10.
#[test]
fn for_all_m_and_n_up_to_300_a_range_leads_from_one_root_to_the_other_and_no_other_range_does() {
    let tree = tree(300);
    let leaves = leaves(300);
    let roots: Vec<Hash> = (0..=300).map(|count| tree.root(size(count)).unwrap()).collect();
    let unique: std::collections::BTreeSet<_> = roots.iter().collect();
    assert_eq!(unique.len(), roots.len(), "no two sizes share a root, so a wrong end is seen");
    for from in 0..=300 {
        let mut frontier = tree.frontier(size(from)).unwrap();
        assert_eq!(frontier.root(), roots[from]);
        for to in from..300 {
            frontier.push(leaves[to]);
            assert_eq!(frontier.root(), roots[to + 1], "{from} to {to}");
        }
        // Lines put on another start, or with one left out, lead elsewhere.
        for other in (0..300).filter(|other| *other != from && from < 300) {
            let mut frontier = tree.frontier(size(other)).unwrap();
            frontier.push(leaves[from]);
            assert!(!unique.contains(&frontier.root()), "line {from} on a tree of {other}");
        }
    }
}
