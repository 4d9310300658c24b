//! Ledgers signed by few and by many keys in turn: what tables of a key save, and what it costs where they cannot.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use xinyi_core::{Approval, KeyId, Kind, PublicKey, Sign as _};
use xinyi_testkit::{Community, TestKey};

use super::Bench;
use super::child::Cost;
use super::ledger::as_f64;
use super::table::{Table, figure, median};

/// Lines of each ledger, besides those that admit keys.
const LINES: usize = 20_000;
/// How many committee members sign in turn.
const MEMBERS: [usize; 4] = [2, 10, 100, 1_000];
/// Members that a line can admit with their signatures.
const MEMBERS_OF_A_LINE: usize = 100;

/// A ledger and what its verifications cost.
struct Signed {
    costs: Vec<Cost>,
    entries: f64,
    members: usize,
    path: PathBuf,
}

pub(super) fn run(bench: &Bench) {
    let mut ledgers = MEMBERS.map(|members| ready(&bench.place, members));
    for _ in 0..bench.asked.runs {
        for ledger in &mut ledgers {
            let arguments = ["verify", &ledger.path.to_string_lossy(), "--no-trust"];
            ledger.costs.push(bench.xinyi(&arguments, Some(1)).run());
        }
    }
    let mut table =
        Table::new(&["second keys in turn", "entries", "CPU µs/entry", "peak MB", "× the first row"]);
    for ledger in &ledgers {
        let of = |figure: &dyn Fn(&Cost) -> f64| median(ledger.costs.iter().map(figure));
        let pairs = ledger.costs.iter().zip(&ledgers[0].costs);
        table.row([
            ledger.members.to_string(),
            figure(ledger.entries, 0),
            figure(of(&|cost| cost.cpu) / ledger.entries * 1e6, 2),
            figure(of(&|cost| cost.peak) / 1e6, 1),
            figure(median(pairs.map(|(cost, first)| cost.cpu / first.cpu)), 2),
        ]);
    }
    table.print("By the keys that sign: `verify`, one thread, two signatures an entry");
}

/// The ledger with so many members, made now if it does not lie there.
fn ready(place: &Path, members: usize) -> Signed {
    let path = place.join(format!("keys-{members}-lines-{LINES}.jsonl"));
    if !path.exists() {
        eprintln!("making {}", path.display());
        // Only a whole file has the name.
        let part = path.with_extension("part");
        fs::write(&part, made(members).file())
            .and_then(|()| fs::rename(&part, &path))
            .expect("a file to write");
    }
    let lines = fs::read(&path).expect("a ledger").iter().filter(|byte| **byte == b'\n').count();
    Signed { costs: Vec::new(), entries: as_f64(u64::try_from(lines).expect("a count")), members, path }
}

fn made(members: usize) -> Community {
    let mut community = Community::property_trust("2026-01");
    let members: Vec<TestKey> =
        (0..members).map(|number| TestKey::named(&format!("member {number}"))).collect();
    for some in members.chunks(MEMBERS_OF_A_LINE) {
        admit(&mut community, some);
    }
    let income = json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
    for member in members.iter().cycle().take(LINES) {
        let content = community.content("2026-01-31", Kind::Income, income.clone());
        community.clock("2026-01-31T04:00:00Z");
        let approval = Approval::sign(&content, member);
        community.put(content, vec![approval]).expect("a good line");
    }
    community
}

fn admit(community: &mut Community, members: &[TestKey]) {
    let register = community.replay.register().expect("a genesis").digest();
    let mut add: Vec<Value> = members.iter().map(grant).collect();
    add.sort_by_key(id_of);
    let data = json!({"add": add, "party": "committee", "register": register, "retire": [], "revoke": []});
    let content = community.content("2026-01-02", Kind::Keys, data);
    community.clock("2026-01-02T04:00:00Z");
    let committee = Community::committee();
    let approvals = members.iter().chain([&committee]).map(|key| Approval::sign(&content, key)).collect();
    community.put(content, approvals).expect("a good line");
}

fn grant(key: &TestKey) -> Value {
    let id = key.public_key().id();
    json!({
        "holder": format!("member-{id}"), "key": key.public_key(), "party": "committee",
        "term": {"from": "2026-01-01"}, "uses": ["approve"],
    })
}

fn id_of(grant: &Value) -> KeyId {
    grant["key"].as_str().expect("a key").parse::<PublicKey>().expect("a key").id()
}
