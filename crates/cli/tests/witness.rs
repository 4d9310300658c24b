//! A witness as others meet it: raw HTTP, kills and restarts, a ledger that shows two histories.

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
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use desk::{Answer, Compound, answer, xinyi};
use serde_json::json;
use tempfile::TempDir;
use xinyi_core::{AddCheckpoint, Checkpoint, Hash, Note, Sign as _, Size, Subtrees as _, Tree, VerifierKey};
use xinyi_testkit::TestKey;

const ORIGIN: &str = "example.org/a";
const NAME: &str = "street.example/w1";

fn size(number: u64) -> Size {
    Size::new(number).unwrap()
}

/// A running witness; it is killed when dropped.
struct Running {
    child: Child,
    url: String,
    vkey: VerifierKey,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn witness(dir: &Path, logs: &[String]) -> Command {
    let key = dir.join("street.pem");
    if !key.exists() {
        let made = answer(xinyi().args(["key", "new", "--plain"]).arg(&key));
        assert_eq!(made.status, 0, "{}", made.stderr);
    }
    let mut command = xinyi();
    command.args(["witness", "--name", NAME, "--listen", "127.0.0.1:0", "--key"]).arg(key);
    command.arg("--memory").arg(dir.join("street.memory"));
    for log in logs {
        command.args(["--log", log]);
    }
    command
}

fn start(dir: &Path, logs: &[String]) -> Running {
    let mut command = witness(dir, logs);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut word = |start: &str| {
        let line = told.find_map(|line| line.strip_prefix(start).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no `{start}`"))
    };
    let vkey = word("verifier key ").parse().unwrap();
    Running { child, url: word("listening on "), vkey }
}

struct Heard {
    body: String,
    content_type: String,
    status: u16,
}

/// One request, byte for byte as given, on a connection of its own.
fn raw(url: &str, request: &[u8]) -> Heard {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    // A server that refuses early may close before all is sent.
    let _ = stream.write_all(request);
    let _ = stream.shutdown(Shutdown::Write);
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let line = head.lines().find_map(|line| line.strip_prefix("content-type: "));
    Heard { body: body.to_owned(), content_type: line.unwrap_or_default().to_owned(), status }
}

fn post(url: &str, body: &str) -> Heard {
    let length = body.len();
    let head = format!(
        "POST /add-checkpoint HTTP/1.1\r\nhost: w\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    raw(url, (head + body).as_bytes())
}

fn get(url: &str, path: &str) -> Heard {
    raw(url, format!("GET {path} HTTP/1.1\r\nhost: w\r\nconnection: close\r\n\r\n").as_bytes())
}

/// A tree whose leaves from `forked` on are those of another history.
fn tree(forked: u64) -> Tree {
    let mut tree = Tree::new();
    tree.extend((0..20).map(|n| Hash::leaf(format!("{n} {}", n >= forked).as_bytes())));
    tree
}

fn note(origin: &str, tree: &Tree, at: u64, key: &str) -> Note {
    let checkpoint = Checkpoint { origin: origin.into(), root: tree.root(size(at)).unwrap(), size: size(at) };
    checkpoint.sign(&TestKey::named(key)).unwrap().parse().unwrap()
}

fn request(tree: &Tree, old: u64, new: u64) -> String {
    let proof = tree.consistency(size(old), size(new)).unwrap();
    AddCheckpoint::new(size(old), proof, note(ORIGIN, tree, new, "log")).unwrap().to_string()
}

fn log_key() -> String {
    VerifierKey::new(ORIGIN, TestKey::named("log").public_key()).unwrap().to_string()
}

fn monitor() -> String {
    format!("/{}/checkpoint", Hash::digest(ORIGIN.as_bytes()))
}

#[test]
fn every_status_is_that_of_the_c2sp_document_with_its_body_and_type() {
    let dir = tempfile::tempdir().unwrap();
    let running = start(dir.path(), &[log_key()]);
    let (honest, fork) = (tree(20), tree(2));
    let url = running.url.as_str();
    assert_eq!(get(url, &monitor()).status, 404, "nothing was cosigned yet");

    let accepted = post(url, &request(&honest, 0, 5));
    assert_eq!((accepted.status, accepted.content_type.as_str()), (200, "text/plain; charset=utf-8"));
    let own = note(ORIGIN, &honest, 5, "log");
    let line = own.cosignature_in(&accepted.body, &running.vkey).unwrap();
    assert_eq!(line, accepted.body, "the answer is the witness's line and nothing else");
    let seen = get(url, &monitor());
    assert_eq!((seen.status, seen.body.as_str()), (200, own.with_lines(&line).unwrap().to_string().as_str()));

    let good = request(&honest, 5, 9);
    let stranger = AddCheckpoint::new(size(0), vec![], note("example.org/b", &honest, 5, "log")).unwrap();
    let unsigned = AddCheckpoint::new(size(5), vec![], note(ORIGIN, &honest, 5, "stranger")).unwrap();
    let other_line = note(ORIGIN, &honest, 4, "log").to_string().lines().last().unwrap().to_owned();
    let bad = format!("old 5\n\n{}\n{other_line}\n", note(ORIGIN, &honest, 5, "log").text());
    for (body, status) in [
        (good.replacen("old 5", "old 05", 1), 400),
        (good.replacen("old 5", "old 10", 1), 400),
        (good.replacen("\n\n", "\n", 1), 400),
        (String::new(), 400),
        (bad, 403),
        (unsigned.to_string(), 403),
        (stranger.to_string(), 404),
        (request(&fork, 5, 5), 422),
        (request(&fork, 5, 9), 422),
        (good.replacen("old 5\n", "old 5\n\n", 1).replacen("\n\n\n", "\n\n", 1), 400),
        ("x".repeat(AddCheckpoint::MAX + 1), 413),
    ] {
        let refused = post(url, &body);
        assert_eq!(
            (refused.status, refused.content_type.as_str()),
            (status, "text/plain; charset=utf-8"),
            "{body}"
        );
    }
    for body in [request(&honest, 0, 9), request(&honest, 3, 4), request(&fork, 4, 4)] {
        let stale = post(url, &body);
        let found = (stale.status, stale.content_type.as_str(), stale.body.as_str());
        assert_eq!(found, (409, "text/x.tlog.size", "5\n"));
    }
    assert_eq!(get(url, "/add-checkpoint").status, 405);
    assert_eq!(get(url, "/").status, 404);
    assert_eq!(get(url, &monitor().to_uppercase()).status, 404);
    assert_eq!(get(url, &monitor()).body, seen.body, "nothing refused was remembered");
    // Signatures of many keys and of large types fit, as far as the body does.
    let large = |lines: usize| {
        let line = |n| format!("\u{2014} pq{n}.example {}\n", "AAAA".repeat(810));
        good.clone() + &(0..lines).map(line).collect::<String>()
    };
    assert_eq!(post(url, &large(25)).status, 413);
    assert_eq!(post(url, &large(19)).status, 200);
    let again = request(&honest, 9, 9);
    let (length, head) =
        (again.len(), "POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ntransfer-encoding: chunked\r\n");
    let chunked = format!("{head}connection: close\r\n\r\n{length:x}\r\n{again}\r\n0\r\n\r\n");
    assert_eq!(raw(url, chunked.as_bytes()).status, 200);
}

#[test]
fn what_was_answered_holds_after_the_process_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let (honest, fork) = (tree(20), tree(1));
    for round in 0..8_u64 {
        let mut running = start(dir.path(), &[log_key()]);
        if round > 0 {
            assert_eq!(post(&running.url, &request(&honest, 0, 20)).body, format!("{}\n", round * 2));
            assert_eq!(post(&running.url, &request(&fork, round * 2, 20)).status, 422);
        }
        let accepted = post(&running.url, &request(&honest, round * 2, round * 2 + 2));
        assert_eq!(accepted.status, 200, "{}", accepted.body);
        running.child.kill().unwrap();
        running.child.wait().unwrap();
    }
    // A memory that was damaged meanwhile stops the witness: it does not begin anew.
    let file = dir.path().join("street.memory").join(Hash::digest(ORIGIN.as_bytes()).to_string());
    fs::write(&file, &fs::read(&file).unwrap()[1..]).unwrap();
    let refused = answer(&mut witness(dir.path(), &[log_key()]));
    assert_eq!(refused.status, 4);
    assert!(refused.stderr.contains("witness-memory-corrupt") && refused.stderr.contains("do not delete it"));
}

#[test]
fn a_memory_damaged_while_the_witness_runs_is_an_error_of_its_own_and_not_an_unknown_log() {
    let dir = tempfile::tempdir().unwrap();
    let running = start(dir.path(), &[log_key()]);
    let honest = tree(20);
    assert_eq!(post(&running.url, &request(&honest, 0, 5)).status, 200);
    let file = dir.path().join("street.memory").join(Hash::digest(ORIGIN.as_bytes()).to_string());
    fs::write(&file, b"").unwrap();
    for body in [request(&honest, 0, 5), request(&honest, 5, 9)] {
        let failed = post(&running.url, &body);
        assert_eq!((failed.status, failed.body.as_str()), (500, "the witness cannot answer\n"));
    }
    assert_eq!(get(&running.url, &monitor()).status, 500);
}

#[test]
fn a_witness_is_not_run_twice_nor_in_public_unasked_nor_by_the_log_itself() {
    let dir = tempfile::tempdir().unwrap();
    let running = start(dir.path(), &[log_key()]);
    let twice = answer(&mut witness(dir.path(), &[log_key()]));
    assert!(twice.stderr.contains("witness-locked"), "{}", twice.stderr);
    drop(running);
    let public = answer(
        xinyi().args(["witness", "--name", NAME, "--listen", "0.0.0.0:0", "--log", &log_key()]).args([
            "--key",
            dir.path().join("street.pem").to_str().unwrap(),
            "--memory",
            dir.path().join("street.memory").to_str().unwrap(),
        ]),
    );
    assert_eq!(public.status, 2);
    assert!(
        public.stderr.contains("reverse proxy") && public.stderr.contains("--public"),
        "{}",
        public.stderr
    );
    let renamed = answer(witness(dir.path(), &[log_key()]).args(["--name", "street.example/w2"]));
    assert_eq!(renamed.status, 2, "a name is given once: {}", renamed.stderr);
    let shown = answer(
        xinyi()
            .args(["key", "show", "--format", "json", "--origin", ORIGIN, "--key"])
            .arg(dir.path().join("street.pem")),
    );
    let itself = answer(&mut witness(dir.path(), &[shown.json()["vkey"].as_str().unwrap().to_owned()]));
    assert!(itself.stderr.contains("cosigner-is-log"), "{}", itself.stderr);
}

#[test]
#[cfg(unix)]
fn a_witness_that_is_asked_to_stop_ends_cleanly() {
    let dir = tempfile::tempdir().unwrap();
    let mut running = start(dir.path(), &[log_key()]);
    // A connection that says nothing does not keep it.
    let _idle = TcpStream::connect(running.url.strip_prefix("http://").unwrap()).unwrap();
    assert_eq!(post(&running.url, &request(&tree(20), 0, 5)).status, 200);
    let stopped = Command::new("kill").arg("-TERM").arg(running.child.id().to_string()).status().unwrap();
    assert!(stopped.success());
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    let mut told = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("add-checkpoint 200 example.org/a 5"), "{told}");
    assert!(told.contains("has stopped"), "{told}");
}

/// Closes a month of the made-up compound, so that there is a checkpoint, and gives its size.
fn close(compound: &Compound, ledger: &Path, month: &str, after: &str) -> u64 {
    for (key, words) in [
        ("trustee", ["close", month].as_slice()),
        ("committee", ["approve", "--yes"].as_slice()),
        ("trustee", ["record"].as_slice()),
    ] {
        let done = compound.run_on(ledger, key, after, words);
        assert_eq!(done.status, 0, "{words:?}: {}{}", done.stdout, done.stderr);
    }
    let sizes = fs::read_dir(ledger.join("checkpoints")).unwrap();
    sizes.map(|file| file.unwrap().file_name().into_string().unwrap().parse().unwrap()).max().unwrap()
}

fn income(compound: &Compound, ledger: &Path, amount: &str, reference: &str) {
    let words = [
        "add",
        "income",
        "--amount",
        amount,
        "--account",
        "bank",
        "--category",
        "property-fee",
        "--fund",
        "shared",
        "--date",
        "2026-04-02",
        "--ref",
        reference,
    ];
    let done = compound.run_on(ledger, "trustee", "2026-04-02T08:00:00Z", &words);
    assert_eq!(done.status, 0, "{}{}", done.stdout, done.stderr);
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap().success());
}

fn log_of(compound: &Compound) -> String {
    let show = ["key", "show", "--format", "json", "--origin", "example.org/made-up", "--key"];
    let shown = answer(xinyi().args(show).arg(compound.path("trustee.pem")));
    shown.json()["vkey"].as_str().unwrap().to_owned()
}

fn at(compound: &Compound, ledger: &Path, time: &str, words: &[&str]) -> Answer {
    let key = compound.path("committee.pem");
    answer(xinyi().arg("cosign").arg(ledger).args(["--clock", time, "--key"]).arg(key).args(words))
}

/// A ledger closed for March with a copy of it, and both going on in other ways to a close of April.
fn two_histories() -> (Compound, PathBuf) {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let other = compound.path("other");
    close(&compound, &compound.ledger(), "2026-03", "2026-04-01T08:00:00Z");
    copy(&compound.ledger(), &other);
    (compound, other)
}

#[test]
fn a_committee_cosigns_its_own_copy_under_the_name_that_the_register_gives_it() {
    let (compound, _) = two_histories();
    let ledger = compound.ledger();
    let card = compound.path("ledger.identity.txt");
    let unknown = at(&compound, &ledger, "2026-04-01T09:00:00Z", &[]);
    assert_eq!(unknown.status, 4);
    assert!(
        unknown.stderr.contains("cosigned-never") && unknown.stderr.contains("--identity"),
        "{}",
        unknown.stderr
    );

    let first = at(
        &compound,
        &ledger,
        "2026-04-01T09:00:00Z",
        &["--identity", card.to_str().unwrap(), "--format", "json"],
    );
    assert_eq!(first.status, 0, "{}{}", first.stdout, first.stderr);
    let vkey: VerifierKey = first.json()["vkey"].as_str().unwrap().parse().unwrap();
    assert_eq!(vkey.name(), "example.org/made-up/committee/committee");
    let march = first.json()["size"].as_u64().unwrap();
    let text = fs::read_to_string(ledger.join("checkpoints").join(march.to_string())).unwrap();
    let log: VerifierKey = log_of(&compound).parse().unwrap();
    let open = text.parse::<Note>().unwrap().verify(&[log.clone(), vkey]).unwrap();
    assert_eq!((open.signers.len(), open.signers[1].time), (2, Some(1_775_034_000)));
    // A reader who knows the log only, with another library, still reads the checkpoint.
    let theirs = signed_note::VerifierList::new(vec![Box::new(
        signed_note::StandardVerifier::new(&log.to_string()).unwrap(),
    )]);
    let (verified, unverified) =
        signed_note::Note::from_bytes(text.as_bytes()).unwrap().verify(&theirs).unwrap();
    assert_eq!((verified.len(), unverified.len()), (1, 1));

    // From now on its memory vouches, and an older checkpoint than the last is not cosigned.
    income(&compound, &ledger, "5.00", "five");
    let april = close(&compound, &ledger, "2026-04", "2026-05-01T08:00:00Z");
    assert_eq!(at(&compound, &ledger, "2026-05-01T09:00:00Z", &[]).status, 0);
    let older = at(&compound, &ledger, "2026-05-01T09:00:00Z", &["--size", &march.to_string()]);
    assert!(older.status == 2 && older.stderr.contains("cosigned-later"), "{april} {}", older.stderr);
    let backwards = at(&compound, &ledger, "2026-04-30T09:00:00Z", &[]);
    assert!(backwards.stderr.contains("witness-clock-back"), "{}", backwards.stderr);
    let verified = answer(xinyi().arg("verify").arg(&ledger).arg("--no-trust"));
    assert!(verified.stdout.contains("The signed checkpoint of"), "{}", verified.stdout);
}

#[test]
fn who_is_no_cosigner_needs_a_name_and_the_recorder_cannot_vouch_for_itself() {
    let (compound, _) = two_histories();
    let cosign = |key: &str, words: &[&str]| {
        let mut command = xinyi();
        command.arg("cosign").arg(compound.ledger()).args([
            "--clock",
            "2026-04-01T09:00:00Z",
            "--no-trust",
            "--key",
        ]);
        answer(command.arg(compound.path(&format!("{key}.pem"))).args(words))
    };
    assert!(cosign("trustee", &["--name", "t"]).stderr.contains("cosigner-is-log"));
    assert!(cosign("supervisor", &[]).stderr.contains("cosigner-name-missing"));
    assert!(cosign("committee", &["--name", "other"]).stderr.contains("cosigner-name-other"));
    assert_eq!(cosign("supervisor", &["--name", NAME]).status, 0);
    // One key, one name: its memory would have to vouch for both.
    assert!(cosign("supervisor", &["--name", "street.example/w2"]).stderr.contains("witness-other-cosigner"));
    let stolen = compound.path("supervisor.memory");
    let borrowed = cosign("committee", &["--memory", stolen.to_str().unwrap()]);
    assert!(borrowed.stderr.contains("witness-other-cosigner"), "{}", borrowed.stderr);
}

#[test]
fn a_ledger_that_goes_on_from_a_restored_copy_with_other_entries_is_refused_by_all_who_cosigned() {
    let (compound, other) = two_histories();
    let ledger = compound.ledger();
    let running = start(compound.dir.path(), &[log_of(&compound)]);
    let ask = |ledger: &Path| {
        let vkey = running.vkey.to_string();
        answer(xinyi().arg("cosign").arg(ledger).args(["--witness", &running.url, "--witness-key", &vkey]))
    };
    assert_eq!(ask(&ledger).status, 0);
    income(&compound, &ledger, "5.00", "five");
    let april = close(&compound, &ledger, "2026-04", "2026-05-01T08:00:00Z");
    let cosigned = ask(&ledger);
    assert_eq!(cosigned.status, 0, "the witness names the size to go on from: {}", cosigned.stderr);
    assert_eq!(at(&compound, &ledger, "2026-05-01T09:00:00Z", &["--no-trust"]).status, 0);
    let text = fs::read_to_string(ledger.join("checkpoints").join(april.to_string())).unwrap();
    assert_eq!(text.matches('\u{2014}').count(), 3, "the log, the street office, the committee: {text}");

    // The older copy as it was: shorter than what was seen.
    for shorter in [ask(&other), at(&compound, &other, "2026-05-01T09:00:00Z", &[])] {
        assert_eq!(shorter.status, 3);
        assert!(
            shorter.stderr.contains("cosigned-longer") && shorter.stderr.contains("old backup"),
            "{}",
            shorter.stderr
        );
    }
    let zh = at(&compound, &other, "2026-05-01T09:00:00Z", &["--lang", "zh"]);
    assert!(zh.stderr.contains("[cosigned-longer]") && zh.stderr.contains("旧备份"), "{}", zh.stderr);
    // Written on with another amount, it is authentic in itself, of the same size, and another history.
    income(&compound, &other, "6.00", "five");
    assert_eq!(close(&compound, &other, "2026-04", "2026-05-01T08:00:00Z"), april);
    let same_size = [ask(&other), at(&compound, &other, "2026-05-01T09:00:00Z", &[])];
    close(&compound, &other, "2026-05", "2026-06-01T08:00:00Z");
    let longer = [ask(&other), at(&compound, &other, "2026-06-01T09:00:00Z", &[])];
    for refused in same_size.iter().chain(&longer) {
        assert_eq!(refused.status, 3, "{}", refused.stderr);
        assert!(refused.stderr.contains("witness-inconsistent"), "{}", refused.stderr);
        assert!(refused.stderr.contains("compare them"), "{}", refused.stderr);
    }
    let chinese = at(&compound, &other, "2026-06-01T09:00:00Z", &["--lang", "zh"]);
    assert!(chinese.stderr.contains("出现了另一段历史"), "{}", chinese.stderr);
    let kept = fs::read_dir(other.join("checkpoints")).unwrap();
    let kept: String = kept.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert!(!kept.contains(NAME) && !kept.contains("committee"), "nobody vouches for it: {kept}");
}

#[test]
fn only_the_witness_s_own_signature_is_believed() {
    let (compound, _) = two_histories();
    let elsewhere: TempDir = tempfile::tempdir().unwrap();
    let running = start(elsewhere.path(), &[log_of(&compound)]);
    let ask = |url: &str, vkey: &str| {
        answer(xinyi().arg("cosign").arg(compound.ledger()).args(["--witness", url, "--witness-key", vkey]))
    };
    let stranger = VerifierKey::cosigner(NAME, TestKey::named("stranger").public_key()).unwrap().to_string();
    let before = fs::read_dir(compound.ledger().join("checkpoints")).unwrap();
    let before: Vec<_> = before.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    let deceived = ask(&running.url, &stranger);
    assert!(deceived.status == 4 && deceived.stderr.contains("note-unsigned"), "{}", deceived.stderr);
    let after = fs::read_dir(compound.ledger().join("checkpoints")).unwrap();
    let after: Vec<_> = after.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    assert_eq!(before, after, "nothing was written");
    let vkey = running.vkey.to_string();
    let secure = ask(&running.url.replace("http:", "https:"), &vkey);
    assert!(secure.status == 2 && secure.stderr.contains("proxy"), "{}", secure.stderr);
    assert!(ask(&format!("{}/elsewhere", running.url), &vkey).stderr.contains("witness-log-unknown"));
    let gone = running.url.clone();
    drop(running);
    assert!(ask(&gone, &vkey).stderr.contains("witness-unreachable"));
    let unasked = answer(xinyi().arg("cosign").arg(compound.ledger()));
    assert_eq!((unasked.status, json!(unasked.stdout)), (2, json!("")), "{}", unasked.stderr);
}
