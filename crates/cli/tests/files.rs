//! Files that prove themselves, through the real binary: statements, receipts, anchors, comparing, guards.

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

use std::path::{Path, PathBuf};

use desk::{Answer, Compound, answer, xinyi};
use serde_json::{Value, json};

fn income(date: &str, reference: &str, amount: &str) -> Value {
    let data = json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"});
    json!({"data": data, "date": date, "kind": "income", "ref": reference})
}

fn close(compound: &Compound, period: &str, time: &str) {
    compound.good("trustee", time, &["close", period]);
    compound.approve_and_record(time);
}

/// Three closed months and an open one; a payer is sealed, entries of the next month come before each close.
fn story() -> Compound {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let mut sealed = income("2026-03-05", "flat-501", "300.00");
    sealed["disclose"] = json!({"payer": "3-2-501"});
    compound.add("2026-03-05T08:00:00Z", &[sealed]);
    compound.add("2026-04-01T08:00:00Z", &[income("2026-04-01", "early", "10.00")]);
    close(&compound, "2026-03", "2026-04-02T08:00:00Z");
    compound.good("trustee", "2026-04-05T08:00:00Z", &["fee", "2026-03", "--invoice", "f3"]);
    compound.add("2026-04-20T08:00:00Z", &[income("2026-04-20", "a", "200.00")]);
    let refund = json!({"account": "bank", "amount": "50.00", "fund": "shared", "reason": "paid twice"});
    let refund = json!({"data": refund, "date": "2026-05-02", "kind": "refund", "ref": "back",
        "links": {"target": {"period": "2026-03", "ref": "flat-501"}}});
    close(&compound, "2026-04", "2026-05-02T08:00:00Z");
    compound.add("2026-05-02T09:00:00Z", &[refund]);
    close(&compound, "2026-05", "2026-06-02T08:00:00Z");
    compound.add("2026-06-03T08:00:00Z", &[income("2026-06-03", "b", "30.00")]);
    compound
}

fn run(words: &[&str], paths: &[&Path]) -> Answer {
    let (command, options) = words.split_first().unwrap();
    let mut program = xinyi();
    program.arg(command);
    paths.iter().for_each(|path| {
        program.arg(path);
    });
    answer(program.args(options))
}

fn good(words: &[&str], paths: &[&Path]) -> Answer {
    let answer = run(words, paths);
    assert_eq!(answer.status, 0, "{words:?} {paths:?}: {}{}", answer.stdout, answer.stderr);
    answer
}

fn statement(compound: &Compound, ledger: &Path, period: &str) -> PathBuf {
    let file = compound.path(&format!("{period}.statement"));
    good(&["statement", period, "-o", file.to_str().unwrap()], &[ledger]);
    file
}

/// The verifier keys of trustee and committee, as each hands its own out.
fn keys(compound: &Compound) -> PathBuf {
    let file = compound.path("keys.txt");
    let lines = ["trustee", "committee"].map(|name| {
        let key = compound.path(&format!("{name}.pem"));
        let shown = xinyi()
            .args(["key", "show", "--origin", "example.org/made-up", "--format", "json", "--key"])
            .arg(key)
            .output();
        let shown: Value = serde_json::from_slice(&shown.unwrap().stdout).unwrap();
        format!("# {name}\n{}\n", shown["vkey"].as_str().unwrap())
    });
    std::fs::write(&file, lines.concat()).unwrap();
    file
}

fn verdict(file: &Path, options: &[&str]) -> (i32, Value) {
    let words = [&["check", "--format", "json"], options].concat();
    let checked = run(&words, &[file]);
    (checked.status, checked.json())
}

fn copied(from: &Path, to: &Path) {
    let done = std::process::Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

#[test]
fn a_person_with_one_statement_and_the_parties_keys_checks_it_with_one_command() {
    let compound = story();
    let (ledger, keys) = (compound.ledger(), keys(&compound));
    let whole = compound.check(&ledger).1;
    for period in ["2026-03", "2026-04", "2026-05"] {
        let file = statement(&compound, &ledger, period);
        let alone = tempfile::tempdir().unwrap();
        let (copy, trust) = (alone.path().join("month"), alone.path().join("keys"));
        std::fs::copy(&file, &copy).unwrap();
        std::fs::copy(&keys, &trust).unwrap();
        let (status, json) = verdict(&copy, &["--trust", trust.to_str().unwrap()]);
        assert_eq!(status, 0, "{period}: {json:#}");
        assert_eq!(json["verdict"]["trust"], "keys");
        assert_eq!(json["verdict"]["statement"]["period"], period);
        assert!(json["report"]["findings"].as_array().unwrap().is_empty(), "{json:#}");
        if period == "2026-05" {
            // The last statement's figures are those of the whole ledger before June's entry.
            assert_eq!(json["report"]["fees"][0]["taken"], whole["report"]["fees"][0]["taken"]);
            assert_eq!(json["report"]["accounts"]["bank"], "415.00", "{json:#}");
            assert_eq!(whole["report"]["accounts"]["bank"], "445.00");
        }
        let without = run(&["check"], &[&copy]);
        assert_eq!(without.status, 4, "without outside trust nothing is authenticated");
        assert!(without.stdout.contains("SELF-CONSISTENT"), "{}", without.stdout);
    }
}

#[test]
fn a_changed_statement_shows_no_figure_and_says_where_in_both_languages() {
    let compound = story();
    let file = statement(&compound, &compound.ledger(), "2026-04");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("\"200.00\"", "\"210.00\"", 1)).unwrap();
    for (lang, word) in [("en", "NOT AUTHENTIC"), ("zh", "不真实")] {
        let checked = run(&["check", "--no-trust", "--lang", lang], &[&file]);
        assert_eq!(checked.status, 3);
        assert!(checked.stdout.contains(word) && !checked.stdout.contains("fee"), "{}", checked.stdout);
    }
    std::fs::write(&file, &text[..text.len() - 40]).unwrap();
    let cut = run(&["check", "--no-trust"], &[&file]);
    assert_eq!(cut.status, 4, "{}", cut.stdout);
    assert!(cut.stdout.contains("CANNOT TELL") && !cut.stdout.contains("balance"), "{}", cut.stdout);
}

#[test]
fn an_anchor_links_month_to_month_and_refuses_another_history() {
    let compound = story();
    let (ledger, keys) = (compound.ledger(), keys(&compound));
    let anchor = compound.path("anchor.json");
    let months = ["2026-03", "2026-04", "2026-05"].map(|period| statement(&compound, &ledger, period));
    let nothing = run(&["anchor"], &[&anchor, &months[0]]);
    assert_eq!((nothing.status, anchor.exists()), (4, false), "{}", nothing.stderr);
    let first = good(&["anchor", "--trust", keys.to_str().unwrap()], &[&anchor, &months[0]]);
    assert!(first.stdout.contains("FIRST USE"), "{}", first.stdout);
    // May does not link to March; April does, and then May.
    let by_anchor = ["--trust", anchor.to_str().unwrap()];
    let (status, json) = verdict(&months[2], &by_anchor);
    assert_eq!((status, &json["verdict"]["anchor"]["linked"]), (0, &Value::Null), "{json:#}");
    let said = run(&["check", "--trust", anchor.to_str().unwrap()], &[&months[2]]).stdout;
    assert!(said.contains("NOT LINKED") && said.contains("statement of 2026-04"), "{said}");
    let bridged = compound.path("bridged");
    let since = serde_json::from_str::<Value>(&std::fs::read_to_string(&anchor).unwrap()).unwrap();
    let since = since["checkpoints"][0]["size"].to_string();
    good(&["statement", "2026-05", "--since", &since, "-o", bridged.to_str().unwrap()], &[&ledger]);
    assert_eq!(verdict(&bridged, &by_anchor).1["verdict"]["anchor"]["linked"].to_string(), since);
    for month in &months[1..] {
        assert!(verdict(month, &by_anchor).1["verdict"]["anchor"]["linked"].is_u64());
        good(&["anchor"], &[&anchor, month]);
    }
    let whole = verdict(&ledger, &by_anchor).1;
    assert_eq!(whole["verdict"]["unique"], "anchor", "{whole:#}");
    // The same keys, another April: refused, and nothing moves.
    let before = std::fs::read(&anchor).unwrap();
    let other = forked(&compound);
    let other_april = compound.path("other-april");
    good(&["statement", "2026-04", "-o", other_april.to_str().unwrap()], &[&other]);
    for words in [
        vec!["check", "--trust", anchor.to_str().unwrap()],
        vec!["verify", "--trust", anchor.to_str().unwrap()],
    ] {
        let refused = run(&words, &[&other_april]);
        assert_eq!(refused.status, 3, "{}{}", refused.stdout, refused.stderr);
        assert!(refused.stderr.contains("anchor-fork"), "{}", refused.stderr);
    }
    assert_eq!(run(&["anchor"], &[&anchor, &other_april]).status, 3);
    assert_eq!(std::fs::read(&anchor).unwrap(), before, "an anchor is not moved by a fork");
    // A ledger cut short of the anchor.
    let lines = std::fs::read_to_string(ledger.join("entries.jsonl")).unwrap();
    let short = compound.path("short.jsonl");
    std::fs::write(&short, lines.split_inclusive('\n').take(3).collect::<String>()).unwrap();
    assert!(
        run(&["verify", "--trust", anchor.to_str().unwrap()], &[&short]).stderr.contains("anchor-shorter")
    );
}

/// A copy of the ledger put back to before April, which both then close with other figures.
fn forked(compound: &Compound) -> PathBuf {
    let other = compound.path("other");
    copied(&compound.ledger(), &other);
    let entries = other.join("entries.jsonl");
    let lines = std::fs::read_to_string(&entries).unwrap();
    std::fs::write(&entries, lines.split_inclusive('\n').take(4).collect::<String>()).unwrap();
    for part in ["cache", "checkpoints", "drafts"] {
        std::fs::remove_dir_all(other.join(part)).unwrap();
        std::fs::create_dir(other.join(part)).unwrap();
    }
    let file = compound.path("other.jsonl");
    std::fs::write(&file, income("2026-04-20", "a", "0.20").to_string()).unwrap();
    let time = "2026-04-20T08:00:00Z";
    let added = compound.run_on(&other, "trustee", time, &["add", "--json", file.to_str().unwrap()]);
    assert_eq!(added.status, 0, "{}", added.stderr);
    for (key, words) in [
        ("trustee", vec!["close", "2026-04"]),
        ("committee", vec!["approve", "--yes"]),
        ("trustee", vec!["record"]),
    ] {
        let done = compound.run_on(&other, key, "2026-05-02T08:00:00Z", &words);
        assert_eq!(done.status, 0, "{words:?}: {}{}", done.stdout, done.stderr);
    }
    other
}

#[test]
fn two_histories_give_evidence_that_anyone_can_verify_and_that_names_who_signed() {
    let compound = story();
    let (ledger, other) = (compound.ledger(), forked(&compound));
    let evidence = compound.path("evidence.json");
    let compared = run(&["compare", "-o", evidence.to_str().unwrap()], &[&ledger, &other]);
    assert_eq!(compared.status, 1, "{}{}", compared.stdout, compared.stderr);
    assert!(compared.stdout.contains("TWO HISTORIES"), "{}", compared.stdout);
    let key = keys(&compound);
    let trust = ["--trust", key.to_str().unwrap()];
    let proven = good(&[&["verify"], trust.as_slice()].concat(), &[&evidence]);
    assert!(
        proven.stdout.contains("PROVEN") && proven.stdout.contains("trustee (trustee"),
        "{}",
        proven.stdout
    );
    let zh = good(&[&["verify", "--lang", "zh"], trust.as_slice()].concat(), &[&evidence]);
    assert!(zh.stdout.contains("已证实"), "{}", zh.stdout);
    // Anyone can found a ledger of any name and fork it: whose this is, only something from outside tells.
    let unknown = run(&["verify"], &[&evidence]);
    assert!(unknown.status == 4 && !unknown.stdout.contains("PROVEN"), "{}", unknown.stdout);
    let text = std::fs::read_to_string(&evidence).unwrap();
    std::fs::write(&evidence, text.replace("0.20", "0.30")).unwrap();
    assert_eq!(run(&["verify"], &[&evidence]).status, 3, "spoiled evidence proves nothing");
    // A statement of one and a receipt of the other part at the same entry.
    let april = statement(&compound, &ledger, "2026-04");
    let receipt = compound.path("other.tlog-proof");
    good(&["receipt", "2026-04/a", "-o", receipt.to_str().unwrap()], &[&other]);
    let compared = run(&["compare", "--format", "json"], &[&april, &receipt]);
    assert_eq!(compared.json()["comparison"]["verdict"], "fork", "{}", compared.stdout);
    assert_eq!(compared.json()["evidence"], true);
    // Checkpoints alone, and a checkpoint beside a ledger.
    let note = |ledger: &Path| {
        let folder = ledger.join("checkpoints");
        let mut sizes: Vec<u64> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().parse().unwrap())
            .collect();
        sizes.sort_unstable();
        folder.join(sizes.last().unwrap().to_string())
    };
    let same = run(&["compare"], &[&ledger, &note(&ledger)]);
    assert_eq!((same.status, same.stdout.starts_with("ONE HISTORY")), (0, true), "{}", same.stdout);
    let other_note = run(&["compare"], &[&ledger, &note(&other)]);
    assert_eq!(
        (other_note.status, other_note.stdout.starts_with("TWO HISTORIES")),
        (1, true),
        "{}",
        other_note.stdout
    );
    let bare = run(&[&["compare"], trust.as_slice()].concat(), &[&note(&ledger), &note(&other)]);
    assert_eq!(bare.status, 4, "two sizes and no tree: {}", bare.stdout);
}

/// A checkpoint that the recorder signed, and that these lines do not lead to, lies beside them.
#[test]
fn a_checkpoint_of_another_history_beside_a_ledger_is_not_passed_over() {
    let compound = story();
    let (ledger, other, key) = (compound.ledger(), forked(&compound), keys(&compound));
    let newest = |ledger: &Path| {
        let sizes = std::fs::read_dir(ledger.join("checkpoints")).unwrap();
        let sizes = sizes.map(|file| file.unwrap().file_name().to_string_lossy().parse::<u64>().unwrap());
        sizes.max().unwrap().to_string()
    };
    let theirs = std::fs::read(other.join("checkpoints").join(newest(&other))).unwrap();
    std::fs::write(ledger.join("checkpoints").join(newest(&ledger)), theirs).unwrap();
    for command in ["verify", "check"] {
        let told = run(&[command, "--trust", key.to_str().unwrap()], &[&ledger]);
        assert_eq!(told.status, 3, "{command}: {}{}", told.stdout, told.stderr);
        assert!(told.stderr.contains("[checkpoint-other]"), "{command}: {}", told.stderr);
    }
}

#[test]
fn files_of_one_history_are_told_as_such() {
    let compound = story();
    let ledger = compound.ledger();
    let (april, may) = (statement(&compound, &ledger, "2026-04"), statement(&compound, &ledger, "2026-05"));
    let march = statement(&compound, &ledger, "2026-03");
    for (one, other, word) in [
        (&ledger, &ledger, "SAME: both"),
        (&ledger, &april, "ONE HISTORY: the second file"),
        (&march, &ledger, "ONE HISTORY: the first file"),
        (&april, &may, "ONE HISTORY: the first file"),
    ] {
        let compared = run(&["compare"], &[one, other]);
        assert_eq!(
            (compared.status, compared.stdout.starts_with(word)),
            (0, true),
            "{}{}",
            compared.stdout,
            compared.stderr
        );
    }
}

#[test]
fn a_resident_s_receipt_says_whose_only_if_it_opens_the_payer_and_who_says_so() {
    let compound = story();
    let (ledger, keys) = (compound.ledger(), keys(&compound));
    let trust = ["--trust", keys.to_str().unwrap()];
    let file = compound.path("mine.tlog-proof");
    let out = file.to_str().unwrap();
    good(&["receipt", "2026-03/flat-501", "-o", out], &[&ledger]);
    let plain = std::fs::read_to_string(&file).unwrap();
    assert!(plain.starts_with("c2sp.org/tlog-proof@v1\nextra "));
    let shown = good(&[&["verify"], trust.as_slice()].concat(), &[&file]).stdout;
    assert!(
        shown.contains("IN THE BOOKS") && shown.contains("whose it is, this receipt does not show"),
        "{shown}"
    );
    assert!(shown.contains("a later reversal is not visible here"), "{shown}");
    // One receipt given to two neighbours is yours for one of them only.
    good(&["receipt", "2026-03/flat-501", "--disclose", "payer", "-o", out], &[&ledger]);
    let mine = good(&[&["verify", "--payer", "3-2-501"], trust.as_slice()].concat(), &[&file]).stdout;
    assert!(mine.contains("Yours: the payer or recipient it opens is 3-2-501"), "{mine}");
    let neighbour = good(&[&["verify", "--payer", "3-2-502"], trust.as_slice()].concat(), &[&file]).stdout;
    assert!(neighbour.contains("NOT YOURS"), "{neighbour}");
    let zh = good(&[&["verify", "--lang", "zh", "--payer", "3-2-501"], trust.as_slice()].concat(), &[&file])
        .stdout;
    assert!(zh.contains("已入账") && zh.contains("是您的"), "{zh}");
    let zh = good(&[&["verify", "--lang", "zh", "--payer", "3-2-502"], trust.as_slice()].concat(), &[&file])
        .stdout;
    assert!(zh.contains("不是您的"), "{zh}");
    // An open month: the recorder's word only, and only with the log key.
    let open = run(&["receipt", "2026-06/b", "-o", out], &[&ledger]);
    assert_eq!(open.status, 2, "{}", open.stderr);
    let key = compound.path("trustee.pem");
    good(&["receipt", "2026-06/b", "-o", out, "--key", key.to_str().unwrap()], &[&ledger]);
    let says = good(&[&["verify"], trust.as_slice()].concat(), &[&file]).stdout;
    assert!(says.contains("THE TRUSTEE SAYS SO"), "{says}");
    let other_key = compound.path("committee.pem");
    assert_eq!(
        run(&["receipt", "2026-06/b", "-o", out, "--key", other_key.to_str().unwrap()], &[&ledger]).status,
        2
    );
    // Without anything from outside nobody says whose ledger it is.
    let unknown = run(&["verify"], &[&file]);
    assert_eq!(unknown.status, 4, "{}", unknown.stdout);
    assert!(!unknown.stdout.contains("IN THE BOOKS:"), "{}", unknown.stdout);
}

#[test]
fn a_statement_and_a_receipt_hold_no_private_value_that_was_not_asked_for() {
    use base64::Engine as _;
    let compound = story();
    let ledger = compound.ledger();
    let private: Vec<String> = std::fs::read_dir(ledger.join("private"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(private.len(), 1);
    let receipt = compound.path("r");
    good(&["receipt", "2026-03/flat-501", "-o", receipt.to_str().unwrap()], &[&ledger]);
    for file in [statement(&compound, &ledger, "2026-03"), statement(&compound, &ledger, "2026-05"), receipt]
    {
        let mut text = std::fs::read_to_string(&file).unwrap();
        if let Some(extra) = text.lines().nth(1).and_then(|line| line.strip_prefix("extra ")) {
            let decoded = base64::engine::general_purpose::STANDARD.decode(extra).unwrap();
            text += &String::from_utf8(decoded).unwrap();
        }
        assert!(!text.contains("3-2-501") && !text.contains(&private[0]), "{}", file.display());
    }
}

#[test]
fn a_ledger_put_back_from_a_backup_is_stopped_by_its_guard() {
    let compound = story();
    let ledger = compound.ledger();
    let (guard, backup) = (compound.path("guard.json"), compound.path("backup"));
    let inside = run(&["guard"], &[&ledger, &ledger.join("guard.json")]);
    assert_eq!(inside.status, 2, "{}", inside.stderr);
    good(&["guard"], &[&ledger, &guard]);
    copied(&ledger, &backup);
    compound.add("2026-06-04T08:00:00Z", &[income("2026-06-04", "after-backup", "1.00")]);
    std::fs::remove_dir_all(&ledger).unwrap();
    copied(&backup, &ledger);
    let file = compound.path("again.jsonl");
    std::fs::write(&file, income("2026-06-05", "again", "2.00").to_string()).unwrap();
    let words = ["add", "--json", file.to_str().unwrap()];
    let refused = compound.run("trustee", "2026-06-05T08:00:00Z", &words);
    assert_eq!(refused.status, 4, "{}{}", refused.stdout, refused.stderr);
    assert!(
        refused.stderr.contains("guard-other") && refused.stderr.contains("append nothing"),
        "{}",
        refused.stderr
    );
    let zh = compound.run("trustee", "2026-06-05T08:00:00Z", &[words.as_slice(), &["--lang", "zh"]].concat());
    assert!(zh.stderr.contains("guard-other") && zh.stderr.contains("请勿追加"), "{}", zh.stderr);
    std::fs::remove_file(&guard).unwrap();
    assert!(compound.run("trustee", "2026-06-05T08:00:00Z", &words).stderr.contains("guard-missing"));
    good(&["guard"], &[&ledger, &guard]);
    assert_eq!(
        compound.run("trustee", "2026-06-05T08:00:00Z", &words).status,
        0,
        "set again by a person's decision"
    );
}

#[test]
fn a_policy_file_says_who_the_parties_are_and_whose_cosignatures_are_needed() {
    let compound = story();
    let ledger = compound.ledger();
    let april = statement(&compound, &ledger, "2026-04");
    let keys = std::fs::read_to_string(keys(&compound)).unwrap();
    let vkeys: Vec<&str> = keys.lines().filter(|line| !line.starts_with('#')).collect();
    let policy = compound.path("policy.txt");
    let text = format!("party trustee 1 {}\nparty committee 1 {}\nquorum none\n", vkeys[0], vkeys[1]);
    std::fs::write(&policy, &text).unwrap();
    let (status, json) = verdict(&april, &["--trust", policy.to_str().unwrap()]);
    assert_eq!((status, &json["verdict"]["trust"]), (0, &json!("policy")), "{json:#}");
    std::fs::write(&policy, text.replace("quorum none", "quorum street")).unwrap();
    assert_eq!(
        run(&["check", "--trust", policy.to_str().unwrap()], &[&april]).status,
        2,
        "a name nobody defined"
    );
    std::fs::write(
        &policy,
        text.replace("party trustee", "party committee")
            .replacen("party committee", "party trustee", 1)
            .replace(vkeys[1], vkeys[0])
            .replacen(vkeys[0], vkeys[1], 1),
    )
    .unwrap();
    let swapped = run(&["check", "--trust", policy.to_str().unwrap()], &[&april]);
    assert_eq!(swapped.status, 3, "{}{}", swapped.stdout, swapped.stderr);
    assert!(swapped.stderr.contains("policy-party"), "{}", swapped.stderr);
}

#[test]
fn a_lost_ledger_comes_back_from_its_statements_and_what_is_missing_is_named() {
    let compound = story();
    let ledger = compound.ledger();
    let months = ["2026-03", "2026-04", "2026-05"].map(|period| statement(&compound, &ledger, period));
    let receipt = compound.path("june.tlog-proof");
    let key = compound.path("trustee.pem");
    good(
        &["receipt", "2026-06/b", "-o", receipt.to_str().unwrap(), "--key", key.to_str().unwrap()],
        &[&ledger],
    );
    let rebuild = |name: &str, from: &[&PathBuf]| {
        let mut program = xinyi();
        program.arg("recover").arg(compound.path(name)).arg("--from").args(from);
        answer(&mut program)
    };
    // The last entry is known from a resident's receipt, and links up.
    let whole = rebuild("again", &[&months[2], &months[0], &months[1], &receipt]);
    assert_eq!(whole.status, 0, "{}{}", whole.stdout, whole.stderr);
    let entries = |ledger: &Path| std::fs::read(ledger.join("entries.jsonl")).unwrap();
    assert_eq!(entries(&compound.path("again")), entries(&ledger));
    let compared = run(&["compare"], &[&ledger, &compound.path("again")]);
    assert!(compared.stdout.starts_with("SAME"), "{}", compared.stdout);
    // Without April there is a gap, which is named; nothing is glued over it.
    let gap = rebuild("gap", &[&months[0], &receipt]);
    assert_eq!(gap.status, 1, "{}{}", gap.stdout, gap.stderr);
    assert!(gap.stdout.contains("4 entries link up") && gap.stdout.contains("continues"), "{}", gap.stdout);
}
