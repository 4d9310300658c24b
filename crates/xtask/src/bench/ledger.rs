//! Honest ledgers of a wanted length as whole directories, made once and kept (spec: O-1).

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::json;
use xinyi_core::{Checkpoint, Data, Entry, Hash, Period, Register, Size, StateDocument};
use xinyi_rules::Checker;
use xinyi_store::{Keys, LedgerDir, SecretKey, Writer};
use xinyi_testkit::TestKey;
use xinyi_testkit::honest::{Act, Compound, Keeper, Scale, Teller};

use super::key_file;

/// What makes a ledger another one: the format, and how this file and the compound that it tells write it.
const WRITTEN: &str = "format 1, written 3";

/// Lines of a month that do not depend on how many households pay, and those of a hundred households.
const LINES_OF_A_MONTH: u32 = 22;
const LINES_OF_100_HOUSEHOLDS: u32 = 92;

/// Which ledger is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) households: u32,
    pub(super) months: u32,
    /// Signatures of an ordinary line: 1, the recorder's, or 2, the recorder's and a committee member's.
    pub(super) signatures: u32,
}

impl Wanted {
    /// About so many lines in ten years, or in as many months as a small compound needs for them.
    pub(super) fn of_length(entries: u32, signatures: u32) -> Self {
        let months = (entries / 300).clamp(3, 120);
        Self { households: households_for(entries / months), months, signatures }
    }

    /// So many months of about so many lines each.
    pub(super) fn of_months(months: u32, lines: u32, signatures: u32) -> Self {
        Self { households: households_for(lines), months, signatures }
    }

    fn name(&self) -> String {
        let Self { households, months, signatures } = self;
        let digest = Hash::digest(format!("{WRITTEN}, {households}, {months}, {signatures}").as_bytes());
        let digest: String = digest.to_string().chars().take(8).collect();
        format!("honest-{households}-households-{months}-months-{signatures}-signed-{digest}")
    }
}

fn households_for(lines_a_month: u32) -> u32 {
    (lines_a_month.saturating_sub(LINES_OF_A_MONTH) * 100 / LINES_OF_100_HOUSEHOLDS).max(4)
}

/// A ledger directory that lies ready.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    pub(super) bytes: u64,
    /// The last month that is closed.
    pub(super) closed: String,
    /// How many entries the last close covers.
    pub(super) covered: u64,
    pub(super) dir: PathBuf,
    pub(super) entries: u64,
    /// What the recorder's clock says after the last line.
    pub(super) now: String,
    pub(super) signatures: u64,
}

impl Ledger {
    /// The ledger as it lies in `place`, made now if it does not.
    pub(super) fn ready(place: &Path, wanted: Wanted) -> Self {
        let dir = place.join(wanted.name());
        Self::found(&dir).unwrap_or_else(|| {
            eprintln!("making {}", dir.display());
            // Whatever lies there was left by a making that was broken off.
            drop(fs::remove_dir_all(&dir));
            make(&dir, wanted);
            Self::found(&dir).expect("the ledger just made")
        })
    }

    pub(super) fn found(dir: &Path) -> Option<Self> {
        let made: serde_json::Value = serde_json::from_slice(&fs::read(dir.join("made.json")).ok()?).ok()?;
        let number = |name: &str| made[name].as_u64();
        let text = |name: &str| made[name].as_str().map(str::to_owned);
        Some(Self {
            bytes: number("bytes")?,
            closed: text("closed")?,
            covered: number("covered")?,
            dir: dir.to_owned(),
            entries: number("entries")?,
            now: text("now")?,
            signatures: number("signatures")?,
        })
    }

    /// Signatures on a line, on average.
    pub(super) fn signed(&self) -> f64 {
        as_f64(self.signatures) / as_f64(self.entries)
    }

    /// The same, once its recorder has opened it: what a writer keeps beside a ledger then lies there (spec: O-15).
    pub(super) fn opened(self) -> Self {
        let (dir, recorder) = (LedgerDir::open(&self.dir).expect("a ledger"), self.key("recorder"));
        let (writer, _) =
            Writer::open(&dir, Keys { log: &recorder, recorder: &recorder }).expect("a good ledger");
        writer.remember().expect("a snapshot");
        self
    }

    /// A key that goes on with the ledger: `recorder`, or `second` of the committee.
    pub(super) fn key(&self, name: &str) -> SecretKey {
        let path = self.dir.join(format!("keys/{name}.pem"));
        SecretKey::read(&path, || unreachable!("these keys lie in clear")).expect("a key")
    }

    /// The ledger file.
    pub(super) fn file(&self) -> PathBuf {
        self.dir.join("entries.jsonl")
    }
}

/// A count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "counts of lines and bytes are far below 2^52")]
pub(super) const fn as_f64(count: u64) -> f64 {
    count as f64
}

/// Copies a directory with all that lies in it.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("a name");
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a file to copy");
        }
    }
}

/// Closes need the figures of every line before them.
#[derive(Debug)]
struct Figures {
    checker: Checker,
    documents: Arc<Mutex<HashMap<Hash, StateDocument>>>,
}

impl Figures {
    fn new() -> Self {
        let documents = Arc::<Mutex<HashMap<Hash, StateDocument>>>::default();
        let known = Arc::clone(&documents);
        let checker = Checker::new()
            .with_documents(move |digest| known.lock().expect("one thread").get(&digest).cloned());
        Self { checker, documents }
    }
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
        let mut documents = self.documents.lock().expect("one thread");
        // Only the last close's document is asked for.
        documents.clear();
        documents.insert(document.digest(), document.clone());
    }
}

/// A ledger directory in the making: a month's lines are written as soon as they are told.
struct Making {
    bytes: u64,
    closed: Option<(Period, Size)>,
    dir: PathBuf,
    entries: u64,
    file: BufWriter<File>,
    signatures: u64,
    teller: Teller<Figures>,
}

fn make(dir: &Path, wanted: Wanted) {
    let Wanted { households, months, signatures } = wanted;
    assert!((1..=2).contains(&signatures), "a line has one or two signatures, not {signatures}");
    for part in ["", "cache", "checkpoints", "drafts", "keys", "private", "set-aside", "states"] {
        fs::create_dir_all(dir.join(part)).expect("a directory to make ledgers in");
    }
    let mut compound = Compound::new(Scale { first: "2016-01", households, months, seed: 7 });
    let file = BufWriter::new(File::create(dir.join("entries.jsonl")).expect("a file to write"));
    let teller = Teller::new(compound.genesis(), Figures::new());
    let mut making =
        Making { bytes: 0, closed: None, dir: dir.to_owned(), entries: 0, file, signatures: 0, teller };
    let mut last = None;
    while let Some(mut month) = compound.next() {
        // An emergency is approved by half a committee or not at all: one member would be a finding.
        let alone = |act: &&mut Act| act.by.is_empty() && !act.has("emergency");
        for act in month.iter_mut().filter(|_| signatures == 2).filter(alone) {
            act.by.extend(compound.committee(act.recorded).into_iter().next());
        }
        making.month(&month);
        last = month.pop();
    }
    let last = last.expect("a month with an act");
    let second = compound.committee(last.recorded).into_iter().next().expect("a committee");
    making.finish(&last, &second);
}

impl Making {
    fn month(&mut self, month: &[Act]) {
        for act in month {
            let told = self.teller.try_tell(act).unwrap_or_else(|error| panic!("{}: {error}", act.name));
            if let Data::Close(close) = told.content().data() {
                self.closed = Some((close.period, close.size));
                self.checkpoint(&act.recorder);
            }
        }
        let community = &mut self.teller.community;
        for (digest, document) in community.documents.drain() {
            let path = self.dir.join(format!("states/{digest}.json"));
            fs::write(path, document.encode()).expect("a file to write");
        }
        for line in community.give_away() {
            self.file.write_all(&line).and_then(|()| self.file.write_all(b"\n")).expect("a file to write");
            self.bytes += u64::try_from(line.len()).expect("a length") + 1;
            self.entries += 1;
            self.signatures += signatures_of(&line);
        }
    }

    /// The log key signs the checkpoint after a close (spec: O-8).
    fn checkpoint(&self, log_key: &str) {
        let replay = &self.teller.community.replay;
        let origin = replay.founding().expect("a genesis").origin.clone();
        let checkpoint = Checkpoint { origin, root: replay.root(), size: replay.size() };
        let note = checkpoint.sign(&TestKey::named(log_key)).expect("a note");
        fs::write(self.dir.join(format!("checkpoints/{}", replay.size())), note).expect("a file to write");
    }

    /// The keys that go on with the ledger, and what was made: the last file, so that it tells a whole ledger.
    fn finish(mut self, last: &Act, second: &str) {
        self.file.flush().expect("a file to write");
        key_file::write(&self.dir.join("keys/recorder.pem"), &TestKey::named(&last.recorder));
        key_file::write(&self.dir.join("keys/second.pem"), &TestKey::named(second));
        let (closed, covered) = self.closed.expect("a closed month");
        let made = json!({
            "bytes": self.bytes, "closed": closed, "covered": covered, "entries": self.entries,
            "now": last.recorded, "signatures": self.signatures,
        });
        fs::write(self.dir.join("made.json"), made.to_string()).expect("a file to write");
    }
}

/// Signatures that a line carries.
fn signatures_of(line: &[u8]) -> u64 {
    const MARK: &[u8] = br#""sig":""#;
    let found = line.windows(MARK.len()).filter(|window| *window == MARK).count();
    u64::try_from(found).expect("a count")
}

#[cfg(test)]
mod tests {
    use xinyi_core::{Replay, Severity};

    use super::*;

    /// The lines of a ledger, taken in by a replay and by every rule.
    fn checked(ledger: &Ledger) -> (Replay, xinyi_rules::Report) {
        let dir = LedgerDir::open(&ledger.dir).unwrap();
        let (states, mut replay) = (dir.clone(), Replay::new());
        let mut checker = Checker::new().with_documents(move |digest| states.state(digest));
        for line in dir.lines().unwrap() {
            let entry = replay.push(&line.unwrap().bytes).unwrap();
            checker.take(&entry, replay.register().unwrap());
        }
        (replay, checker.finish())
    }

    #[test]
    fn a_ledger_that_was_made_is_honest_and_as_long_and_signed_as_it_says() {
        let place = std::env::temp_dir().join(format!("xinyi-bench-{}", std::process::id()));
        let ledger = Ledger::ready(&place, Wanted { households: 20, months: 9, signatures: 2 });
        let (replay, report) = checked(&ledger);
        assert_eq!(replay.size().get(), ledger.entries);
        assert!(ledger.signed() >= 1.9, "{} signatures a line", ledger.signed());
        let worst = report.findings.iter().filter(|finding| finding.severity != Severity::Note);
        assert_eq!(worst.count(), 0, "{:#?}", report.findings);
        let note = LedgerDir::open(&ledger.dir).unwrap();
        let size = *note.checkpoint_sizes().unwrap().last().unwrap();
        let signed = replay.signed_checkpoint(&note.checkpoint(size).unwrap()).unwrap();
        assert_eq!(Some(signed.root), replay.root_at(size));
        let again = Ledger::ready(&place, Wanted { households: 20, months: 9, signatures: 2 });
        assert_eq!(again.bytes, ledger.bytes);
        fs::remove_dir_all(place).unwrap();
    }
}
