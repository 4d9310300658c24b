//! Ledgers at the limits of the register: the last key and the last party are good, one more is refused
//! (spec: A-10).

use serde_json::{Value, json};
use xinyi_core::{Approval, Kind, Sign as _};
use xinyi_testkit::{Community, Seal, TestKey};

use super::authority::{grant, keys};
use super::{Case, case, with_line};

/// Keys beside the three of the genesis, with which a ledger has all that it may have.
const KEYS: usize = 1_021;

/// So many new keys, each with the signature that proves it, find room in a line.
const KEYS_A_LINE: usize = 190;

pub(super) fn faults() -> Vec<Case> {
    vec![keys_too_many(), parties_too_many()]
}

/// Parties of a genesis: the three of the community and witnesses, `count` in all.
pub(super) fn crowd(count: usize) -> Value {
    let mut parties = Community::genesis_json("2026-03")["parties"].clone();
    let list = parties.as_array_mut().expect("a list");
    list.extend((list.len()..count).map(|number| witness(&format!("witness-{number:02}"))));
    parties
}

fn witness(label: &str) -> Value {
    json!({"name": "made up", "party": label, "role": "witness", "threshold": 1})
}

/// Committee keys that are admitted, and whose signatures go under the content.
fn admission(community: &mut Community, added: &[TestKey]) -> (xinyi_core::Content, Vec<Approval>) {
    let grants = added.iter().map(|key| grant(key, "committee", "chair")).collect();
    let data = keys(community, grants, &[]);
    let content = community.content("2026-03-02", Kind::Keys, data);
    let signers = [&[Community::committee()], added].concat();
    let approvals = signers.iter().map(|key| Approval::sign(&content, key)).collect();
    (content, approvals)
}

fn keys_too_many() -> Case {
    let mut community = Community::property_trust("2026-03");
    community.clock("2026-03-02T04:00:00Z");
    let mut added: Vec<_> = (0..KEYS).map(|number| TestKey::named(&format!("key {number}"))).collect();
    added.sort_by_key(|key| key.public_key().id());
    for line in added.chunks(KEYS_A_LINE) {
        let (content, approvals) = admission(&mut community, line);
        community.put(content, approvals).expect("still within the limit");
    }
    let next = community.replay.size().get();
    let (content, approvals) = admission(&mut community, &[TestKey::named("one key more")]);
    let file = with_line(&community, content, approvals, &Community::trustee());
    case("one-key-too-many", "A-10", file, next, "keys-too-many")
}

fn parties_too_many() -> Case {
    let mut genesis = Community::genesis_json("2026-03");
    genesis["parties"] = crowd(63);
    let mut community = Community::with_genesis(genesis);
    let change = |community: &Community, label| {
        let register = community.replay.register().expect("a register").digest();
        json!({"party": witness(label), "register": register})
    };
    let data = change(&community, "last");
    community.record("2026-03-02", Kind::Party, Seal::Both, data);
    let data = change(&community, "one-more");
    let content = community.content("2026-03-02", Kind::Party, data);
    let approvals = vec![Approval::sign(&content, &Community::committee())];
    let file = with_line(&community, content, approvals, &Community::trustee());
    case("one-party-too-many", "A-10", file, 2, "parties-too-many")
}
