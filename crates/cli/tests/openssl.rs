//! From the spec's description alone: `openssl` verifies our approvals, and we record what it signed.

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

use std::path::Path;
use std::process::Command;

use desk::Compound;
use serde_json::{Value, json};

/// DSSE as docs/spec/line.md puts it (S-1, S-3).
fn message(content: &str) -> String {
    let kind = "application/vnd.xinyi.content+json;version=1";
    format!("DSSEv1 {} {kind} {} {content}", kind.len(), content.len())
}

fn openssl(dir: &Path, arguments: &[&str]) -> bool {
    Command::new("openssl").args(arguments).current_dir(dir).output().unwrap().status.success()
}

/// The one draft that waits, as its file says.
fn draft(compound: &Compound) -> (std::path::PathBuf, Value) {
    let file = std::fs::read_dir(compound.ledger().join("drafts")).unwrap().next().unwrap().unwrap().path();
    let json = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    (file, json)
}

#[test]
fn openssl_and_xinyi_understand_each_other_s_approvals() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("skipped: openssl is not installed");
        return;
    }
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let time = "2026-03-05T08:00:00Z";
    let spend = |reference: &str| {
        let data = json!({"account": "bank", "amount": "10000.00", "category": "repair", "fund": "shared", "payee": "lift"});
        json!({"data": data, "date": "2026-03-05", "kind": "expense", "ref": reference})
    };
    compound.add(time, &[spend("ours")]);
    compound.good("committee", time, &["approve", "--yes"]);
    let (_, ours) = draft(&compound);
    let dir = compound.dir.path();
    std::fs::write(dir.join("message"), message(ours["content"].as_str().unwrap())).unwrap();
    std::fs::write(
        dir.join("signature"),
        hex::decode(ours["approvals"][0]["sig"].as_str().unwrap()).unwrap(),
    )
    .unwrap();
    assert!(openssl(dir, &["pkey", "-in", "committee.pem", "-pubout", "-out", "committee.pub"]));
    let verify = [
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        "committee.pub",
        "-in",
        "message",
        "-sigfile",
        "signature",
    ];
    assert!(openssl(dir, &verify), "openssl verifies an approval by xinyi");
    compound.good("trustee", time, &["record"]);

    compound.add(time, &[spend("theirs")]);
    let (file, mut theirs) = draft(&compound);
    std::fs::write(dir.join("message"), message(theirs["content"].as_str().unwrap())).unwrap();
    assert!(openssl(
        dir,
        &["pkeyutl", "-sign", "-rawin", "-inkey", "committee.pem", "-in", "message", "-out", "signature"]
    ));
    let signature = hex::encode(std::fs::read(dir.join("signature")).unwrap());
    theirs["approvals"] = json!([{"key": ours["approvals"][0]["key"], "sig": signature}]);
    std::fs::write(file, theirs.to_string()).unwrap();
    let recorded = compound.good("trustee", time, &["record"]);
    assert!(recorded.stdout.contains("theirs: recorded"), "{}{}", recorded.stdout, recorded.stderr);
    assert_eq!(
        compound.check(&compound.ledger()).0,
        1,
        "the account is overdrawn, but both are approved and authentic"
    );
}
