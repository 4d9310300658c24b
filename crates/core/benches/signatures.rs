//! What a line costs at least: its hash and its signatures, strictly, by tables alone and by tables in blocks.
//!
//! `cargo bench -p xinyi-core --bench signatures` measures each, then prints the least time of each and its ratio to `verify_strict`. Least
//! times are compared because whatever else a machine does only adds.

#![allow(missing_docs, reason = "criterion's macros write functions")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot go on has failed")]

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput};
use xinyi_core::{Claim, Hash, PublicKey, Sign as _, Signature, Verifier};
use xinyi_testkit::TestKey;

/// Length of a line, and of what is signed of it.
const LINE: usize = 796;
const SIGNED: usize = 700;
/// Keys that sign in turn: a trustee, a clerk and a committee.
const SIGNERS: [&str; 4] = ["trustee", "clerk", "chair", "treasurer"];
/// Signatures verified at once.
const BLOCKS: [usize; 6] = [1, 2, 8, 64, 256, 1024];

/// What was signed, with the signature and whose it is.
type Signed = (PublicKey, Vec<u8>, Signature);

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("signatures");
    let mut criterion = Criterion::default().output_directory(&folder).configure_from_args();
    primitives(&mut criterion);
    by_tables(&mut criterion);
    criterion.final_summary();
    compare(&folder);
}

/// So many signatures over different messages by the signers in turn.
fn signed(count: usize) -> Vec<Signed> {
    let signers = SIGNERS.map(TestKey::named);
    let messages = (0..count).map(|number| number.to_string().into_bytes());
    let messages = messages.map(|number| number.into_iter().cycle().take(SIGNED).collect::<Vec<u8>>());
    let signed = |(message, signer): (Vec<u8>, &TestKey)| {
        let signature = signer.sign(&message);
        (signer.public_key(), message, signature)
    };
    messages.zip(signers.iter().cycle()).map(signed).collect()
}

/// A verifier that has counted these keys often enough for tables.
fn with_tables(signed: &[Signed]) -> Verifier {
    let mut verifier = Verifier::default();
    for (key, ..) in signed.iter().take(SIGNERS.len()) {
        (0..Verifier::TABLE_AFTER).for_each(|_| verifier.count(key));
    }
    verifier
}

fn primitives(criterion: &mut Criterion) {
    let signed = signed(256);
    let mut each = signed.iter().cycle();
    let mut group = criterion.benchmark_group("one");
    let line = vec![b'x'; LINE];
    group.bench_function("sha256 of a line", |bencher| bencher.iter(|| Hash::leaf(black_box(&line))));
    group.bench_function("sign", |bencher| {
        let (key, message) = (TestKey::named("trustee"), vec![b'x'; SIGNED]);
        bencher.iter(|| key.sign(black_box(&message)));
    });
    group.bench_function("verify_strict", |bencher| {
        bencher.iter(|| {
            let (key, message, signature) = each.next().expect("signatures without end");
            assert!(key.verifies(message, signature));
        });
    });
    group.bench_function("building a table", |bencher| bencher.iter(|| with_tables(black_box(&signed[..1]))));
    group.finish();
}

fn by_tables(criterion: &mut Criterion) {
    let signed = signed(1024);
    let verifier = with_tables(&signed);
    let claims: Vec<Claim<'_>> =
        signed.iter().map(|(key, message, signature)| Claim { key, message, signature }).collect();
    let mut group = criterion.benchmark_group("tables");
    for length in BLOCKS {
        group.throughput(Throughput::Elements(length.try_into().expect("a small number")));
        let mut blocks = claims.chunks(length).cycle();
        group.bench_function(BenchmarkId::from_parameter(length), |bencher| {
            bencher.iter(|| {
                let block = blocks.next().expect("blocks without end");
                assert!(verifier.verify(block).into_iter().all(|verdict| verdict));
            });
        });
    }
    group.finish();
}

/// Prints the least times of the last run and their ratios to `verify_strict`.
fn compare(folder: &Path) {
    let strict = least(&folder.join("one/verify_strict"));
    println!("{:<34} {:>10} {:>20}", "", "least, µs", "as fast as strict");
    let print = |name: &str, least: Option<f64>| {
        if let (Some(least), Some(strict)) = (least, strict) {
            println!("{name:<34} {:>10.2} {:>20.2}", least / 1000.0, strict / least);
        }
    };
    for name in ["sha256 of a line", "sign", "verify_strict", "building a table"] {
        print(name, least(&folder.join("one").join(name)));
    }
    for length in BLOCKS {
        let block = least(&folder.join("tables").join(length.to_string()));
        let count = f64::from(u32::try_from(length).expect("a small number"));
        print(&format!("by tables, {length} at once, each"), block.map(|nanoseconds| nanoseconds / count));
    }
}

/// The least time of an iteration in nanoseconds, from the samples that criterion kept; `None` if it was not run.
fn least(of: &Path) -> Option<f64> {
    let samples = std::fs::read(of.join("new/sample.json")).ok()?;
    let samples: serde_json::Value = serde_json::from_slice(&samples).ok()?;
    let numbers = |name: &str| samples[name].as_array().cloned().unwrap_or_default().into_iter();
    let each =
        numbers("times").zip(numbers("iters")).map(|(time, runs)| Some(time.as_f64()? / runs.as_f64()?));
    each.flatten().min_by(f64::total_cmp)
}
