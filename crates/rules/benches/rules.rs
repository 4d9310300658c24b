//! What all rules and books cost an entry, on an honest ledger of a year.
//!
//! `cargo bench -p xinyi-rules --bench rules`; throughput is in entries.

#![allow(missing_docs, reason = "criterion's macros write functions")]
#![allow(clippy::expect_used, reason = "a bench that cannot go on has failed")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use criterion::{BatchSize, Criterion, Throughput};
use xinyi_core::{Entry, Hash, Period, Register, Size, StateDocument, Verified};
use xinyi_rules::Checker;
use xinyi_testkit::honest::{Keeper, Plan, Scale};

/// Documents that closes name, for whoever asks.
type Documents = Arc<Mutex<HashMap<Hash, StateDocument>>>;

/// The figures while the ledger is told.
struct Figures {
    checker: Checker,
    documents: Documents,
}

impl Keeper for Figures {
    fn take(&mut self, entry: &Entry, register: &Register) {
        self.checker.take(entry, register);
    }

    fn document(
        &self,
        period: Period,
        size: Size,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument> {
        self.checker.books().draft_state(period, size, next, previous)
    }

    fn hand_over(&mut self, document: &StateDocument) {
        self.documents.lock().expect("one thread").insert(document.digest(), document.clone());
    }
}

fn main() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("rules");
    let mut criterion = Criterion::default().output_directory(&folder).configure_from_args();
    let documents = Documents::default();
    let plan = Plan::new(Scale { first: "2026-01", households: 100, months: 13, seed: 7 });
    let told = plan.tell(Figures { checker: checker(&documents), documents: Arc::clone(&documents) });
    let (entries, register) = (told.community.entries, told.community.replay.register().expect("a genesis"));
    let mut group = criterion.benchmark_group("rules");
    group.throughput(Throughput::Elements(entries.len().try_into().expect("a count")));
    group.bench_function("every entry taken", |bencher| {
        bencher.iter_batched(
            || checker(&documents),
            |checker| taken(checker, &entries, register),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("the report", |bencher| {
        let checked = || taken(checker(&documents), &entries, register);
        bencher.iter_batched(checked, Checker::finish, BatchSize::LargeInput);
    });
    group.finish();
    criterion.final_summary();
}

fn checker(documents: &Documents) -> Checker {
    let documents = Arc::clone(documents);
    Checker::new().with_documents(move |digest| documents.lock().expect("one thread").get(&digest).cloned())
}

fn taken(mut checker: Checker, entries: &[Verified<Entry>], register: &Register) -> Checker {
    entries.iter().for_each(|entry| checker.take(entry, register));
    checker
}
