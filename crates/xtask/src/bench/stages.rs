//! What the parts of a verification cost in this process, one thread, in the same minutes as the whole processes run.
//!
//! Times are those of the thread on a processor, so that other programs do not count. Blocks are those that the program
//! reads in, so that what lies in a processor's cache there lies in it here.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader};
use std::sync::Arc;

use nix::time::{ClockId, clock_gettime};
use xinyi_core::{Claim, Hash, Register, Replay, Verifier};
use xinyi_rules::Checker;
use xinyi_store::{LedgerDir, LinesAgain};

use super::claims::{Signed, signed};
use super::ledger::{Ledger, as_f64};

/// The lines at the beginning of a ledger that are measured: rules and replay remember little yet, so that the limit
/// drawn from them is, if anything, too hard.
const LINES: usize = 50_000;
/// Lines judged at once.
const LINES_OF_A_BLOCK: usize = 128;
/// Signatures verified at once by the fast path.
const SIGNATURES_OF_A_BLOCK: usize = 256;
/// Signatures verified strictly for a figure.
const STRICT: usize = 2_000;

/// Seconds for a signature or a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stages {
    /// A signature by the fast path, in blocks.
    pub(super) fast: f64,
    /// A signature by `verify_strict`.
    pub(super) strict: f64,
    /// Reading a line, that it is canonical, its hashes and what its signatures sign.
    pub(super) decode: f64,
    /// Of that, the leaf hash.
    pub(super) leaf: f64,
    /// Chain, tree, links, months, authority: what is judged in order.
    pub(super) fold: f64,
    /// All rules.
    pub(super) rules: f64,
}

impl Stages {
    /// Everything but signatures and rules.
    pub(super) fn form(&self) -> f64 {
        self.decode + self.fold
    }

    /// Everything but signatures.
    pub(super) fn rest(&self) -> f64 {
        self.form() + self.rules
    }
}

/// The beginning of a ledger, ready to be measured again and again.
#[derive(Debug)]
pub(super) struct Sample {
    dir: LedgerDir,
    lines: Vec<Vec<u8>>,
    signed: Vec<Signed>,
}

impl Sample {
    /// The first lines of a ledger.
    pub(super) fn of(ledger: &Ledger) -> Self {
        let file = BufReader::new(File::open(ledger.file()).expect("a ledger"));
        let lines: Vec<Vec<u8>> = file.split(b'\n').take(LINES).map(|line| line.expect("a line")).collect();
        let register = register_after(&lines);
        let signed = lines.iter().flat_map(|line| signed(line, &register)).collect();
        Self { dir: LedgerDir::open(&ledger.dir).expect("a ledger"), lines, signed }
    }

    /// Measures every part once.
    pub(super) fn measure(&self) -> Stages {
        let claims: Vec<Claim<'_>> = self.signed.iter().map(Signed::claim).collect();
        let mut verifier = Verifier::default();
        self.signed.iter().for_each(|signed| verifier.count(&signed.key));
        let fast = || claims.chunks(SIGNATURES_OF_A_BLOCK).for_each(|block| all(&verifier.verify(block)));
        let strict = &claims[claims.len().saturating_sub(STRICT)..];
        let strictly = |claim: &Claim<'_>| claim.key.verifies(claim.message, claim.signature);
        let leaf = |line: &Vec<u8>| {
            black_box(Hash::leaf(line));
        };
        let (fold, rules) = self.fold();
        Stages {
            decode: per(self.lines.len(), self.decode()),
            fast: per(claims.len(), time(fast)),
            fold: per(self.lines.len(), fold),
            leaf: per(self.lines.len(), time(|| self.lines.iter().for_each(leaf))),
            rules: per(self.lines.len(), rules),
            strict: per(strict.len(), time(|| all(&strict.iter().map(strictly).collect::<Vec<_>>()))),
        }
    }

    /// Lines judged ahead by an outlook that knows no key, and so verifies nothing.
    fn decode(&self) -> f64 {
        let blind = Replay::new().outlook();
        let mut spent = 0.0;
        for block in self.lines.chunks(LINES_OF_A_BLOCK) {
            let mut kept = Vec::new();
            spent += time(|| kept = blind.decode(block.iter().map(Vec::as_slice)));
            drop(kept);
        }
        spent
    }

    /// Lines judged ahead taken in, and the facts seen by the rules. Older lines are read again where they are named.
    fn fold(&self) -> (f64, f64) {
        let dir = self.dir.clone();
        let again = Arc::new(LinesAgain::open(&dir.entries()).expect("a ledger"));
        let mut replay = Replay::new().with_lines(again.clone());
        let mut checker = Checker::new().with_documents(move |digest| dir.state(digest));
        let (mut folded, mut seen, mut end) = (0.0, 0.0, 0);
        for block in self.lines.chunks(LINES_OF_A_BLOCK) {
            let ahead = replay.outlook().decode(block.iter().map(Vec::as_slice));
            let mut facts = Vec::with_capacity(ahead.len());
            folded += time(|| {
                for (line, ahead) in block.iter().zip(ahead) {
                    end += u64::try_from(line.len()).expect("a length") + 1;
                    again.pass(end);
                    facts.push(replay.push_ahead(ahead).expect("a good line"));
                }
            });
            seen += time(|| facts.drain(..).for_each(|fact| checker.take_from(&fact, &replay)));
        }
        (folded, seen)
    }
}

fn register_after(lines: &[Vec<u8>]) -> Register {
    let mut replay = Replay::new();
    for block in lines.chunks(LINES_OF_A_BLOCK) {
        for ahead in replay.outlook().decode(block.iter().map(Vec::as_slice)) {
            replay.push_ahead(ahead).expect("a good line");
        }
    }
    replay.register().expect("a genesis").clone()
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
