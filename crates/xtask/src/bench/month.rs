//! A month's statement and a receipt, made and checked, in ledgers of the same months and another age.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use super::Bench;
use super::child::{Cost, Program};
use super::ledger::{Ledger, Wanted, as_f64, copy};
use super::table::{Table, figure, median};

/// Lines of a month.
const LINES: u32 = 300;

/// Something done with a ledger, and the file that it makes.
struct Deed {
    costs: Vec<Cost>,
    makes: Option<PathBuf>,
    name: &'static str,
    program: Program,
}

pub(super) fn run(bench: &Bench) {
    let mut table = Table::new(&["entries", "of the month", "", "CPU ms", "wall ms", "peak MB", "bytes"]);
    // After some years more the made-up compound runs out of money, and its months have findings.
    let mut months: Vec<u32> =
        bench.asked.entries.iter().map(|entries| (entries / LINES).clamp(3, 60)).collect();
    months.dedup();
    for months in months {
        for signatures in &bench.asked.signatures {
            let ledger = Ledger::ready(&bench.place, Wanted::of_months(months, LINES, *signatures)).opened();
            of(bench, &ledger, &mut table);
        }
    }
    table.print(&format!("A month of about {LINES} entries, and one entry"));
}

fn of(bench: &Bench, ledger: &Ledger, table: &mut Table) {
    let files = bench.place.join("excerpts");
    drop(std::fs::remove_dir_all(&files));
    std::fs::create_dir_all(&files).expect("a directory");
    anchored(bench, ledger, &files);
    let mut deeds = deeds(bench, ledger, &files);
    for _ in 0..bench.asked.runs {
        for deed in &mut deeds {
            if let Some(file) = &deed.makes {
                // What an earlier run made is not overwritten.
                drop(std::fs::remove_file(file));
            }
            deed.costs.push(deed.program.run());
        }
    }
    let statement = std::fs::read(files.join("month.statement")).expect("the statement just made");
    let lines = statement.iter().filter(|byte| **byte == b'\n').count() - 1;
    for deed in &deeds {
        let of = |figure: &dyn Fn(&Cost) -> f64| median(deed.costs.iter().map(figure));
        let length =
            deed.makes.as_ref().map(|file| std::fs::metadata(file).expect("the file just made").len());
        table.row([
            figure(as_f64(ledger.entries), 0),
            lines.to_string(),
            deed.name.to_owned(),
            figure(of(&|cost| cost.cpu) * 1e3, 1),
            figure(of(&|cost| cost.wall) * 1e3, 1),
            figure(of(&|cost| cost.peak) / 1e6, 1),
            length.map_or_else(String::new, |length| figure(as_f64(length), 0)),
        ]);
    }
}

/// An anchor that a reader made when the ledger was some two months younger.
fn anchored(bench: &Bench, ledger: &Ledger, files: &Path) {
    let younger = files.join("younger");
    copy(&ledger.dir, &younger);
    // What the writer keeps is of the whole ledger.
    std::fs::remove_dir_all(younger.join("cache")).expect("a directory");
    let entries = younger.join("entries.jsonl");
    let known = ledger.entries.saturating_sub(u64::from(2 * LINES)).max(1);
    let lines = BufReader::new(File::open(ledger.file()).expect("a ledger")).split(b'\n');
    let bytes: usize =
        lines.take(usize::try_from(known).expect("a count")).flatten().map(|line| line.len() + 1).sum();
    let cut = File::options().write(true).open(&entries).expect("a file to write");
    cut.set_len(u64::try_from(bytes).expect("a length")).expect("a file to write");
    let anchor = files.join("anchor.json");
    bench.xinyi(&["anchor", &anchor.to_string_lossy(), &younger.to_string_lossy(), "--no-trust"], None).run();
    std::fs::remove_dir_all(&younger).expect("a directory");
}

fn deeds(bench: &Bench, ledger: &Ledger, files: &Path) -> [Deed; 6] {
    let dir = ledger.dir.to_string_lossy().into_owned();
    let statement = files.join("month.statement");
    let receipt = files.join("one.tlog-proof");
    let (month, one) = (statement.to_string_lossy().into_owned(), receipt.to_string_lossy().into_owned());
    let anchor = files.join("anchor.json").to_string_lossy().into_owned();
    let entry = (ledger.covered - 10).to_string();
    let deed = |name, words: &[&str], makes: Option<&Path>| Deed {
        costs: Vec::new(),
        makes: makes.map(Path::to_owned),
        name,
        program: bench.xinyi(words, None),
    };
    [
        deed("statement made", &["statement", &dir, &ledger.closed, "-o", &month], Some(&statement)),
        deed("statement checked", &["check", &month, "--no-trust"], None),
        deed("receipt made", &["receipt", &dir, &entry, "-o", &one], Some(&receipt)),
        deed("receipt verified", &["verify", &one, "--no-trust"], None),
        deed("ledger checked from an anchor", &["check", &dir, "--trust", &anchor], None),
        deed("process started", &["explain", "EX-02"], None),
    ]
}
