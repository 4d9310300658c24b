//! A process killed at any moment while it appends loses nothing that it acknowledged.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod desk;

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use desk::Compound;
use serde_json::json;

/// How often the writer is killed; each time after a little longer.
const KILLS: u64 = 25;

#[test]
fn nothing_acknowledged_is_lost_when_the_writer_is_killed() {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        let lines: Vec<String> = (0..400)
            .map(|number| {
                let data = json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
                json!({"data": data, "date": "2026-03-05", "kind": "income", "ref": format!("{kill}-{number}")}).to_string()
            })
            .collect();
        let file = compound.path("run.jsonl");
        std::fs::write(&file, lines.join("\n")).unwrap();
        let mut add = desk::xinyi();
        add.arg("add").arg(compound.ledger()).args(["--clock", "2026-03-05T08:00:00Z", "--key"]);
        add.arg(compound.path("trustee.pem"))
            .arg("--json")
            .arg(&file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = add.spawn().unwrap();
        let told = BufReader::new(child.stdout.take().unwrap());
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(40 + 7 * kill));
            let _ = child.kill();
            let _ = child.wait();
        });
        // What was told before the kill was synced and read back before it was told.
        acknowledged
            .extend(told.lines().map_while(Result::ok).filter(|line| line.contains("recorded as entry")));
        killer.join().unwrap();
    }
    assert!(acknowledged.len() > 20, "only {} acknowledged: nothing was tried", acknowledged.len());
    // The next writer recovers the ledger; then every acknowledged line is there.
    compound.good("trustee", "2026-03-05T08:00:00Z", &["record"]);
    let text = std::fs::read_to_string(compound.ledger().join("entries.jsonl")).unwrap();
    for line in &acknowledged {
        let (reference, index) = line.split_once(": recorded as entry ").unwrap();
        let entry = text.lines().nth(index.parse().unwrap()).unwrap_or_else(|| panic!("{line} is lost"));
        assert!(entry.contains(&format!("\"ref\":\"{reference}\"")), "{line} is another entry now");
    }
    let (status, report) = compound.check(&compound.ledger());
    assert_eq!((status, &report["verdict"]["consistent"]), (0, &json!(true)), "{report}");
}
