//! A whole ledger verified and checked: how much of what is possible is reached, and how the cost grows.

use super::Bench;
use super::child::Cost;
use super::ledger::{Ledger, Wanted, as_f64};
use super::stages::{Sample, Stages};
use super::table::{Table, figure, median};

/// A command on a number of threads, with what its runs cost.
struct Way {
    command: &'static str,
    costs: Vec<Cost>,
    threads: u32,
}

impl Way {
    /// The least that the command can cost if a signature costs so much.
    fn least(&self, stages: &Stages, ledger: &Ledger, signature: f64) -> f64 {
        let rest = if self.command == "verify" { stages.form() } else { stages.rest() };
        (ledger.signed() * signature + rest) * as_f64(ledger.entries)
    }
}

pub(super) fn run(bench: &Bench) {
    let mut whole = Table::new(&[
        "entries",
        "signatures",
        "command",
        "threads",
        "entries/s",
        "MB/s",
        "CPU µs/entry",
        "peak MB",
        "% of the limit",
        "× strict",
        "× one thread",
    ]);
    let mut parts = Table::new(&[
        "entries",
        "signature, strict",
        "signature, fast",
        "decode",
        "leaf",
        "fold",
        "rules",
        "all but signatures",
    ]);
    for entries in &bench.asked.entries {
        for signatures in &bench.asked.signatures {
            let ledger = Ledger::ready(&bench.place, Wanted::of_length(*entries, *signatures));
            measure(bench, &ledger, &mut whole, &mut parts);
        }
    }
    whole.print("Whole ledgers");
    parts.print("Parts, µs of one core, in the same minutes");
}

fn measure(bench: &Bench, ledger: &Ledger, whole: &mut Table, parts: &mut Table) {
    let sample = Sample::of(ledger);
    let mut stages = Vec::new();
    let mut ways: Vec<Way> = ["verify", "check"]
        .into_iter()
        .flat_map(|command| {
            bench.threads().iter().map(move |threads| Way { command, costs: Vec::new(), threads: *threads })
        })
        .collect();
    for _ in 0..bench.asked.runs {
        stages.push(sample.measure());
        for way in &mut ways {
            let arguments = [way.command, &ledger.dir.to_string_lossy(), "--no-trust"];
            way.costs.push(bench.xinyi(&arguments, Some(way.threads)).run());
        }
    }
    for way in &ways {
        let alone = ways.iter().find(|other| other.command == way.command && other.threads == 1);
        whole.row(row(ledger, way, alone.unwrap_or(way), &stages));
    }
    parts.row(figures_of(ledger, &stages));
}

fn row(ledger: &Ledger, way: &Way, alone: &Way, stages: &[Stages]) -> Vec<String> {
    let entries = as_f64(ledger.entries);
    let wall = median(way.costs.iter().map(|cost| cost.wall));
    let cpu = median(way.costs.iter().map(|cost| cost.cpu)) / entries;
    // Ratios within each round: what a machine does in one round it does to all of it.
    let of_round = |figure: &dyn Fn(&Stages, &Cost) -> f64| {
        median(stages.iter().zip(&way.costs).map(|(stages, cost)| figure(stages, cost)))
    };
    let limit = of_round(&|stages, cost| way.least(stages, ledger, stages.fast) / cost.cpu);
    let strict = of_round(&|stages, cost| way.least(stages, ledger, stages.strict) / cost.cpu);
    let one = median(alone.costs.iter().zip(&way.costs).map(|(alone, cost)| alone.wall / cost.wall));
    vec![
        figure(entries, 0),
        figure(ledger.signed(), 2),
        way.command.to_owned(),
        way.threads.to_string(),
        figure(entries / wall, 0),
        figure(as_f64(ledger.bytes) / wall / 1e6, 1),
        figure(cpu * 1e6, 2),
        figure(median(way.costs.iter().map(|cost| cost.peak)) / 1e6, 1),
        figure(limit * 100.0, 0),
        figure(strict, 2),
        figure(one, 2),
    ]
}

fn figures_of(ledger: &Ledger, stages: &[Stages]) -> Vec<String> {
    let of = |part: &dyn Fn(&Stages) -> f64| figure(median(stages.iter().map(part)) * 1e6, 2);
    vec![
        figure(as_f64(ledger.entries), 0),
        of(&|stages| stages.strict),
        of(&|stages| stages.fast),
        of(&|stages| stages.decode),
        of(&|stages| stages.leaf),
        of(&|stages| stages.fold),
        of(&|stages| stages.rules),
        of(&Stages::rest),
    ]
}
