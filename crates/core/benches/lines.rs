//! What a line costs besides its signatures: read, hashed, compared with its one form, and taken in.
//!
//! `cargo bench -p xinyi-core --bench lines` measures each on the lines of an honest ledger; signatures are in
//! `--bench signatures`. Throughput is in lines.

#![allow(missing_docs, reason = "criterion's macros write functions")]
#![allow(clippy::expect_used, reason = "a bench that cannot go on has failed")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use serde_json::json;
use xinyi_core::{Content, Data, Frontier, Hash, Kind, Line, Replay};
use xinyi_testkit::{Community, Seal};

/// Lines of the ledger.
const LINES: usize = 1_024;
/// Lines judged at once, as the program does.
const BLOCK: usize = 128;

fn main() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("lines");
    let mut criterion = Criterion::default().output_directory(&folder).configure_from_args();
    let lines = lines();
    forms(&mut criterion, &lines);
    replays(&mut criterion, &lines);
    criterion.final_summary();
}

/// Payments of charges, each with both parties' signatures.
fn lines() -> Vec<Vec<u8>> {
    let mut community = Community::property_trust("2026-01");
    let service = json!([{"amount": "97.29", "class": "current", "from": "2026-01", "to": "2026-01"}]);
    while community.lines.len() < LINES {
        let income = json!({
            "account": "bank", "amount": "97.29", "category": "property-fee", "channel": "bank", "fund": "shared",
            "receipt": {"number": community.lines.len(), "series": "a"}, "service": service,
        });
        community.record("2026-01-20", Kind::Income, Seal::Both, income);
    }
    community.lines
}

/// One line by itself.
fn forms(criterion: &mut Criterion, lines: &[Vec<u8>]) {
    let line = lines.last().expect("a line");
    let decoded = Line::decode(line).expect("a line");
    let content = decoded.content_claimed();
    let data = serde_json::to_string(content.data()).expect("data");
    let mut group = criterion.benchmark_group("one");
    group.throughput(Throughput::Elements(1));
    group.bench_function("leaf hash", |bencher| bencher.iter(|| Hash::leaf(black_box(line))));
    group.bench_function("decoded and found canonical", |bencher| {
        bencher.iter(|| Line::decode(black_box(line)).expect("a line"));
    });
    group.bench_function("content decoded and found canonical", |bencher| {
        bencher.iter(|| Content::decode(black_box(content.bytes())).expect("a content"));
    });
    let read = || Data::from_json(content.kind(), &data).expect("data");
    group.bench_function("content written in its one form", |bencher| {
        let write = |data| Content::new(content.ledger(), content.date(), content.reference().clone(), data);
        bencher.iter_batched(read, |data| write(data).expect("a content"), BatchSize::SmallInput);
    });
    group.finish();
}

/// All lines of a ledger, one after the other.
fn replays(criterion: &mut Criterion, lines: &[Vec<u8>]) {
    let mut group = criterion.benchmark_group("ledger");
    group.throughput(Throughput::Elements(lines.len().try_into().expect("a count")));
    group.bench_function("leaves into the tree", |bencher| {
        let leaves: Vec<Hash> = lines.iter().map(|line| Hash::leaf(line)).collect();
        bencher.iter(|| {
            let mut frontier = Frontier::new();
            leaves.iter().for_each(|leaf| frontier.push(*leaf));
            frontier.root()
        });
    });
    group.bench_function("pushed one by one", |bencher| bencher.iter(|| pushed(lines)));
    group.bench_function("judged ahead in blocks, then pushed", |bencher| bencher.iter(|| ahead(lines)));
    group.bench_function("judged ahead without signatures", |bencher| {
        let blind = Replay::new().outlook();
        bencher.iter(|| {
            lines.chunks(BLOCK).for_each(|block| {
                black_box(blind.decode(block.iter().map(Vec::as_slice)));
            });
        });
    });
    group.finish();
}

fn pushed(lines: &[Vec<u8>]) -> Hash {
    let mut replay = Replay::new();
    lines.iter().for_each(|line| drop(replay.push(line).expect("a good line")));
    replay.root()
}

fn ahead(lines: &[Vec<u8>]) -> Hash {
    let mut replay = Replay::new();
    for block in lines.chunks(BLOCK) {
        for line in replay.outlook().decode(block.iter().map(Vec::as_slice)) {
            replay.push_ahead(line).expect("a good line");
        }
    }
    replay.root()
}
