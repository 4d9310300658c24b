//! Verify a ledger held in memory, and say where a forged copy goes wrong.

use serde_json::json;
use xinyi_core::{Kind, replay_bytes};
use xinyi_testkit::{Community, Seal};

fn main() {
    let mut community = Community::property_trust("2026-03");
    let data = json!({"account": "bank", "amount": "100.00", "category": "property-fee", "fund": "shared"});
    community.record("2026-03-10", Kind::Income, Seal::Trustee, data);
    let file = community.file();

    let replayed = replay_bytes(&file, None);
    assert!(replayed.stopped.is_none());
    println!("authentic: {} entries, root {}", replayed.entries.len(), replayed.replay.root());

    let forged = String::from_utf8(file).expect("a ledger is text").replace("100.00", "900.00");
    let stopped = replay_bytes(forged.as_bytes(), None).stopped.expect("the forgery is found");
    println!("forged: entry {}, byte {}: {}", stopped.index, stopped.byte, stopped.cause);
}
