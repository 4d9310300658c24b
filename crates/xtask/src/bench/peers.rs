//! Other programs that check books or histories, each where it is installed, on as many entries.
//!
//! None of them does the same: what each checks stands beside its figures.

mod git;
mod journal;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Bench;
use super::child::{Cost, Program};
use super::ledger::{Ledger, Wanted, as_f64};
use super::table::{Table, figure, median};

/// The longest ledger that other programs are given: the slowest takes minutes for it.
const MOST: u32 = 100_000;
/// Signed commits: git starts a process for each.
const COMMITS: u32 = 200;

/// A verifier of hashes and signatures in Python.
const VERIFIER: &str = include_str!("peers/verify.py");

/// Something that is compared.
struct Peer {
    checks: &'static str,
    costs: Vec<Cost>,
    entries: f64,
    name: &'static str,
    program: Program,
}

pub(super) fn run(bench: &Bench) {
    let most = bench.asked.entries.iter().copied().filter(|entries| *entries <= MOST).max().unwrap_or(MOST);
    let ledger = Ledger::ready(&bench.place, Wanted::of_length(most, 2));
    let place = bench.place.join("peers");
    std::fs::create_dir_all(&place).expect("a directory");
    let mut peers = ours(bench, &ledger);
    peers.extend(python(&ledger, &place));
    peers.extend(accountants(&ledger, &place));
    peers.extend(git::peers(&place));
    for _ in 0..bench.asked.runs {
        for peer in &mut peers {
            peer.costs.push(peer.program.run());
        }
    }
    let mut table = Table::new(&["", "checks", "entries", "entries/s", "CPU µs/entry", "peak MB"]);
    for peer in &peers {
        let of = |figure: &dyn Fn(&Cost) -> f64| median(peer.costs.iter().map(figure));
        table.row([
            peer.name.to_owned(),
            peer.checks.to_owned(),
            figure(peer.entries, 0),
            figure(peer.entries / of(&|cost| cost.wall), 0),
            figure(of(&|cost| cost.cpu) / peer.entries * 1e6, 1),
            figure(of(&|cost| cost.peak) / 1e6, 1),
        ]);
    }
    table.print("Beside other programs, one thread");
}

impl Peer {
    fn new(name: &'static str, checks: &'static str, entries: u64, program: Program) -> Self {
        Self { checks, costs: Vec::new(), entries: as_f64(entries), name, program }
    }
}

fn ours(bench: &Bench, ledger: &Ledger) -> Vec<Peer> {
    let program = bench.xinyi(&["check", &ledger.dir.to_string_lossy(), "--no-trust"], Some(1));
    let checks = "signatures (two an entry), chain, tree, authority, months, all rules";
    vec![Peer::new("xinyi check", checks, ledger.entries, program)]
}

fn python(ledger: &Ledger, place: &Path) -> Option<Peer> {
    let has_package = || quiet(Command::new("python3").args(["-c", "import cryptography"]));
    let python = found("python3").filter(|_| has_package());
    let python = or_skipped(python, "Python", "the package cryptography")?;
    let script = place.join("verify.py");
    std::fs::write(&script, VERIFIER).expect("a file to write");
    let program = Program::new(python, &[script.to_string_lossy(), ledger.file().to_string_lossy()]);
    Some(Peer::new("Python, `cryptography`", "signatures, chain, tree", ledger.entries, program))
}

/// Programs that check books: balanced, dated, of known accounts. None checks a signature.
fn accountants(ledger: &Ledger, place: &Path) -> Vec<Peer> {
    let mut peers = Vec::new();
    if let Some(hledger) = or_skipped(found("hledger"), "hledger", "hledger") {
        let file = place.join("ledger.journal");
        let entries = journal::hledger(ledger, &file);
        let program = Program::new(hledger, &["check", "-s", "-f", &file.to_string_lossy()]);
        peers.push(Peer::new(
            "hledger check -s",
            "balanced, accounts and commodities declared",
            entries,
            program,
        ));
    }
    if let Some(check) = or_skipped(found("bean-check"), "beancount", "bean-check") {
        let file = place.join("ledger.beancount");
        let entries = journal::beancount(ledger, &file);
        let program = Program::new(check, &["--no-cache", &file.to_string_lossy()]);
        peers.push(Peer::new("bean-check", "balanced, accounts open", entries, program));
    }
    peers
}

/// Where a program lies that can be started by its name.
fn found(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// What was found; else one line that says what is missing.
fn or_skipped(found: Option<PathBuf>, peer: &str, missing: &str) -> Option<PathBuf> {
    if found.is_none() {
        eprintln!("skipped: {peer}, for {missing} is not installed");
    }
    found
}

/// Whether a command ends well; what it says is thrown away.
fn quiet(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
