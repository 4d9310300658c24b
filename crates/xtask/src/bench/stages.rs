//! What the parts of a verification cost in this process, one thread, in the same minutes as the whole processes run.
//!
//! Times are those of the thread on a processor, so that other programs do not count.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader};

use nix::time::{ClockId, clock_gettime};
use xinyi_core::{Claim, Hash, Line, Register, Replay, Verifier};
use xinyi_rules::Checker;
use xinyi_store::LedgerDir;

use super::claims::{Signed, signed};
use super::ledger::{Ledger, as_f64};

/// The lines at the beginning of a ledger that are measured.
const LINES: usize = 20_000;
/// Signatures verified strictly for a figure.
const STRICT: usize = 2_000;
/// Signatures in a block of the fast path.
pub(super) const BLOCK: usize = 256;

/// Seconds for a signature or a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stages {
    /// A signature by the fast path, in blocks of [`BLOCK`].
    pub(super) fast: f64,
    /// A signature by `verify_strict`.
    pub(super) strict: f64,
    /// Reading the form of a line, and that it is canonical.
    pub(super) decode: f64,
    /// The leaf hash of a line.
    pub(super) leaf: f64,
    /// Chain, links, months, authority: what a replay does besides.
    pub(super) fold: f64,
    /// All rules.
    pub(super) rules: f64,
}

impl Stages {
    /// Everything but signatures.
    pub(super) fn rest(&self) -> f64 {
        self.decode + self.leaf + self.fold + self.rules
    }

    /// The least that a line with so many signatures can cost.
    pub(super) fn least(&self, signatures: f64) -> f64 {
        self.rest() + signatures * self.fast
    }
}

/// The beginning of a ledger, ready to be measured again and again.
#[derive(Debug)]
pub(super) struct Sample {
    dir: LedgerDir,
    lines: Vec<Vec<u8>>,
    register: Register,
    /// The signatures of each line.
    signed: Vec<Vec<Signed>>,
}

impl Sample {
    /// The first lines of a ledger.
    pub(super) fn of(ledger: &Ledger) -> Self {
        let file = BufReader::new(File::open(ledger.file()).expect("a ledger"));
        let lines: Vec<Vec<u8>> = file.split(b'\n').take(LINES).map(|line| line.expect("a line")).collect();
        let mut replay = Replay::new();
        for line in &lines {
            replay.push(line).expect("a good line");
        }
        let register = replay.register().expect("a genesis").clone();
        let signed = lines.iter().map(|line| signed(line, &register)).collect();
        Self { dir: LedgerDir::open(&ledger.dir).expect("a ledger"), lines, register, signed }
    }

    /// Measures every stage once.
    pub(super) fn measure(&self) -> Stages {
        let lines = as_f64(u64::try_from(self.lines.len()).expect("a count"));
        let claims: Vec<Claim<'_>> = self.signed.iter().flatten().map(Signed::claim).collect();
        let verifier = self.with_tables();
        let each = |time: f64| time / lines;
        let decode = each(time(|| self.lines.iter().for_each(|line| drop(black_box(decoded(line))))));
        let leaf = each(time(|| {
            self.lines.iter().for_each(|line| {
                black_box(Hash::leaf(line));
            })
        }));
        let (folded, rules) = self.fold();
        let by_line = each(time(|| self.by_line(&verifier)));
        Stages {
            decode,
            fast: per(
                claims.len(),
                time(|| claims.chunks(BLOCK).for_each(|block| all(&verifier.verify(block)))),
            ),
            fold: (each(folded) - by_line - leaf).max(0.0),
            leaf,
            rules: each(rules),
            strict: per(STRICT.min(claims.len()), time(|| strictly(&claims))),
        }
    }

    /// A replay of lines decoded before, and the rules on the facts.
    fn fold(&self) -> (f64, f64) {
        let lines: Vec<Line> = self.lines.iter().map(|line| decoded(line)).collect();
        let mut replay = Replay::new();
        let mut facts = Vec::with_capacity(lines.len());
        let folded = time(|| {
            facts.extend(lines.into_iter().map(|line| replay.push_line(line).expect("a good line")));
        });
        let dir = self.dir.clone();
        let mut checker = Checker::new().with_documents(move |digest| dir.state(digest));
        let rules = time(|| facts.iter().for_each(|fact| checker.take(fact, &self.register)));
        (folded, rules)
    }

    /// The signatures as a replay verifies them that gets one line at a time.
    fn by_line(&self, verifier: &Verifier) {
        for line in &self.signed {
            let claims: Vec<Claim<'_>> = line.iter().map(Signed::claim).collect();
            all(&verifier.verify(&claims));
        }
    }

    /// A verifier that has tables of the keys that sign here.
    fn with_tables(&self) -> Verifier {
        let mut verifier = Verifier::default();
        self.signed.iter().flatten().for_each(|signed| verifier.count(&signed.key));
        verifier
    }
}

fn decoded(line: &[u8]) -> Line {
    Line::decode(line).expect("a good line")
}

fn strictly(claims: &[Claim<'_>]) {
    let claims = claims.iter().rev().take(STRICT);
    let verdicts = claims.map(|claim| claim.key.verifies(claim.message, claim.signature));
    all(&verdicts.collect::<Vec<_>>());
}

fn all(verdicts: &[bool]) {
    assert!(verdicts.iter().all(|verdict| *verdict), "every signature of an honest ledger holds");
}

fn per(count: usize, time: f64) -> f64 {
    time / as_f64(u64::try_from(count).expect("a count"))
}

/// Seconds that this thread spent on a processor.
fn time(what: impl FnOnce()) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("a clock");
        std::time::Duration::from(time).as_secs_f64()
    };
    let start = now();
    what();
    now() - start
}
