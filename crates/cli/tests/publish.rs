//! Publishing, reading back what was published, and rebuilding after a loss, through the command line.

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

use std::fs;
use std::path::{Path, PathBuf};

use desk::{Answer, Compound, answer, xinyi};
use serde_json::{Value, json};

/// A ledger whose January is closed, with entries of February after it.
fn january() -> Compound {
    let compound = Compound::new("2026-01", "cny", "property-trust", "+08:00");
    let income = |date: &str, number: u32| {
        let data =
            json!({"account": "bank", "amount": "71.00", "category": "property-fee", "fund": "shared"});
        json!({"data": data, "date": date, "disclose": {"payer": "3-501 Zhang"}, "kind": "income", "ref": format!("r{number}")})
    };
    let lines: Vec<_> = (0..20).map(|number| income("2026-01-20", number)).collect();
    compound.add("2026-01-20T04:00:00Z", &lines);
    compound.good("trustee", "2026-02-02T04:00:00Z", &["close", "2026-01"]);
    compound.approve_and_record("2026-02-02T04:00:00Z");
    compound.add("2026-02-03T04:00:00Z", &[income("2026-02-03", 100), income("2026-02-03", 101)]);
    compound
}

fn export(compound: &Compound, words: &[&str]) -> Answer {
    let mut export = xinyi();
    export.current_dir(compound.dir.path()).arg("export").arg("ledger").args(words);
    answer(&mut export)
}

fn good_export(compound: &Compound, words: &[&str]) -> Value {
    let done = export(compound, &[words, &["--format", "json"]].concat());
    assert_eq!(done.status, 0, "{words:?}: {}{}", done.stdout, done.stderr);
    done.json()
}

fn verify(path: &Path, words: &[&str]) -> Answer {
    answer(xinyi().arg("verify").arg(path).arg("--no-trust").args(words))
}

fn recover(compound: &Compound, words: &[&str]) -> Answer {
    answer(xinyi().current_dir(compound.dir.path()).arg("recover").args(words))
}

fn files(root: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[test]
fn what_is_published_verifies_and_checks_like_the_ledger_itself() {
    let compound = january();
    let out = compound.path("public");
    let closed = good_export(&compound, &["--tiles", "public"]);
    assert_eq!(closed["size"], 22, "up to the close");
    assert_eq!(verify(&out, &["--format", "json"]).json()["verdict"]["published"], 22);
    // With the log key the open month goes out too.
    let now = good_export(&compound, &["--tiles", "public", "--key", "trustee.pem"]);
    assert_eq!((&now["size"], &now["missing_states"]), (&json!(24), &json!([])));
    let told = verify(&out, &[]);
    assert!(
        told.stdout.contains("(24 entries) is signed by the log key, and every tile agrees"),
        "{}",
        told.stdout
    );
    let card = compound.path("ledger.identity.txt");
    let known = answer(xinyi().arg("verify").arg(&out).arg("--identity").arg(&card));
    assert_eq!(known.status, 0, "{}", known.stdout);
    assert_eq!(compound.check(&out).1["report"], compound.check(&compound.ledger()).1["report"]);
    // Every byte that went out is free of what is private.
    good_export(&compound, &["--lines", "audit"]);
    assert_eq!(compound.check(&compound.path("audit")).1, compound.check(&compound.ledger()).1);
    for path in files(&out).into_iter().chain(files(&compound.path("audit"))) {
        assert!(!String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("Zhang"), "{}", path.display());
    }
}

#[test]
fn a_changed_file_is_not_authentic_and_named_and_a_missing_one_cannot_be_told() {
    let compound = january();
    let out = compound.path("public");
    good_export(&compound, &["--tiles", "public", "--key", "trustee.pem"]);
    for name in ["checkpoint", "tile/0/000.p/24", "tile/entries/000.p/24"] {
        let good = fs::read(out.join(name)).unwrap();
        let mut bytes = good.clone();
        let last = bytes.len() - 5;
        bytes[last] ^= 1;
        fs::write(out.join(name), bytes).unwrap();
        for command in ["verify", "check"] {
            for format in ["text", "json"] {
                let told = answer(xinyi().arg(command).arg(&out).args(["--no-trust", "--format", format]));
                let text = told.stdout.clone() + &told.stderr;
                assert_eq!(told.status, 3, "{name}: {text}");
                assert!(text.contains(name), "{name}: {text}");
            }
        }
        fs::remove_file(out.join(name)).unwrap();
        assert_eq!(verify(&out, &[]).status, 4, "{name}");
        fs::write(out.join(name), good).unwrap();
    }
    assert_eq!(verify(&out, &[]).status, 0);
}

#[test]
fn an_export_that_makes_no_sense_says_what_to_do() {
    let compound = january();
    for (words, code, status) in [
        (["--format", "text"].as_slice(), "export-form", 2),
        (&["--tiles", "ledger/public"], "export-inside", 4),
        (&["--lines", "ledger"], "export-inside", 4),
        (&["--tiles", "."], "export-inside", 4),
        (&["--tiles", "public", "--key", "committee.pem"], "log-key-other", 4),
    ] {
        let refused = export(&compound, words);
        assert_eq!(refused.status, status, "{}", refused.stderr);
        assert!(refused.stderr.contains(&format!("error[{code}]")), "{}", refused.stderr);
        assert!(refused.stderr.contains("next: "), "{}", refused.stderr);
    }
    let mut within = xinyi();
    within.current_dir(compound.ledger()).args(["export", ".", "--tiles", "public"]);
    assert!(answer(&mut within).stderr.contains("export-inside"));
    let fresh = Compound::new("2026-01", "cny", "property-trust", "+08:00");
    assert!(export(&fresh, &["--tiles", "public"]).stderr.contains("checkpoint-missing"));
    good_export(&fresh, &["--tiles", "public", "--key", "trustee.pem"]);
}

#[test]
fn a_ledger_restored_from_an_old_backup_is_not_published_over_the_newer_one() {
    let compound = january();
    good_export(&compound, &["--tiles", "public", "--key", "trustee.pem"]);
    let file = compound.ledger().join("entries.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let old: String = text.split_inclusive('\n').take(22).collect();
    fs::write(&file, old).unwrap();
    fs::remove_file(compound.ledger().join("checkpoints/24")).unwrap();
    let refused = export(&compound, &["--tiles", "public"]);
    assert!(refused.stderr.contains("error[published-further]"), "{}", refused.stderr);
    let zh = export(&compound, &["--tiles", "public", "--lang", "zh"]);
    assert!(zh.stderr.contains("[published-further]") && zh.stderr.contains("已丢失条目"), "{}", zh.stderr);
    // What was published brings the lost entries back, and the recorder goes on from the published head.
    let again = recover(&compound, &["again", "--from", "public", "ledger"]);
    assert_eq!(again.status, 0, "{}{}", again.stdout, again.stderr);
    assert_eq!(fs::read_to_string(compound.path("again/entries.jsonl")).unwrap(), text);
    let head = again.stdout.split("--expect-head ").nth(1).unwrap().split_whitespace().next().unwrap();
    let head = head.trim_end_matches('.');
    let words = [
        "income",
        "--expect-head",
        head,
        "--account",
        "bank",
        "--amount",
        "1.00",
        "--category",
        "x",
        "--fund",
        "shared",
    ];
    let words: Vec<&str> = std::iter::once("add").chain(words).collect();
    let added = compound.run_on(&compound.path("again"), "trustee", "2026-02-04T04:00:00Z", &words);
    assert_eq!(added.status, 0, "{}{}", added.stdout, added.stderr);
}

#[test]
fn a_gap_is_told_and_a_successor_names_what_was_lost() {
    let compound = january();
    good_export(&compound, &["--tiles", "public", "--key", "trustee.pem"]);
    let text = fs::read_to_string(compound.ledger().join("entries.jsonl")).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    fs::write(compound.path("february.jsonl"), lines[22..].concat()).unwrap();
    fs::write(compound.path("old.jsonl"), lines[..10].concat() + &lines[10][..40]).unwrap();
    let told = recover(&compound, &["again", "--from", "old.jsonl", "february.jsonl"]);
    assert_eq!(told.status, 1, "{}{}", told.stdout, told.stderr);
    for expected in [
        "10 entries link up",
        "old.jsonl is cut or damaged",
        "Missing: entries 10 to 21",
        "Known, but not linked: entries 22 to 23 (months 2026-02 to 2026-02)",
        "cannot be rebuilt",
        "append nothing here",
    ] {
        assert!(told.stdout.contains(expected), "{expected}: {}", told.stdout);
    }
    let json =
        recover(&compound, &["more", "--from", "old.jsonl", "february.jsonl", "--format", "json"]).json();
    assert_eq!((&json["size"], &json["gaps"]), (&json!(10), &json!([{"end": 22, "from": 10}])));
    assert_eq!(json["unlinked"][0]["periods"], json!(["2026-02", "2026-02"]));

    // The three lines go to the top of a setup file as they were printed.
    let named: Vec<&str> = told.stdout.lines().filter(|line| line.starts_with("continues.")).collect();
    assert_eq!(named.len(), 3, "{}", told.stdout);
    let setup = fs::read_to_string(compound.path("setup.toml")).unwrap();
    fs::write(compound.path("successor.toml"), named.join("\n") + "\n" + &setup).unwrap();
    let mut init = xinyi();
    init.current_dir(compound.dir.path()).args(["init", "successor", "--setup", "successor.toml"]);
    for key in ["trustee.pem", "committee.pem", "supervisor.pem"] {
        init.args(["--key", key]);
    }
    let begun = answer(init.args(["--clock", "2026-01-01T01:00:00Z"]));
    assert_eq!(begun.status, 0, "{}{}", begun.stdout, begun.stderr);
    let genesis = fs::read_to_string(compound.path("successor/entries.jsonl")).unwrap();
    let genesis: Value = serde_json::from_str(genesis.lines().next().unwrap()).unwrap();
    assert_eq!(genesis["content"]["data"]["continues"], json["continues"]);
    assert_eq!(json["continues"]["size"], 10);
}

#[test]
fn two_histories_are_evidence_and_nothing_is_written() {
    let compound = january();
    let old = compound.path("old");
    let copied =
        std::process::Command::new("cp").arg("-r").arg(compound.ledger()).arg(&old).status().unwrap();
    assert!(copied.success());
    let add = |ledger: &Path, amount: &str| {
        let words =
            ["add", "income", "--account", "bank", "--amount", amount, "--category", "x", "--fund", "shared"];
        assert_eq!(compound.run_on(ledger, "trustee", "2026-02-05T04:00:00Z", &words).status, 0);
    };
    add(&old, "1.00");
    add(&compound.ledger(), "2.00");
    let refused = recover(&compound, &["again", "--from", "ledger", "old"]);
    assert_eq!(refused.status, 3, "{}", refused.stderr);
    for expected in ["recover-fork", "ledger/entries.jsonl", "old/entries.jsonl", "entry 24", "xinyi compare"]
    {
        assert!(refused.stderr.contains(expected), "{expected}: {}", refused.stderr);
    }
    assert!(!compound.path("again").exists());
}
