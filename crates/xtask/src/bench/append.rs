//! What a further line costs: two signatures made, the line verified, synced and read back (spec: O-2, O-3).

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;
use xinyi_core::{Approval, Content, Data, Kind, Sign, Timestamp};
use xinyi_store::{Keys, LedgerDir, Outcome, SecretKey, Writer};

use super::Bench;
use super::ledger::{Ledger, Wanted, as_f64, copy};
use super::table::{Table, figure, median};

/// Lines appended for a figure.
const LINES: u32 = 200;

pub(super) fn run(bench: &Bench) {
    let mut table = Table::new(&[
        "entries",
        "`xinyi add`, CPU ms",
        "wall ms",
        "peak MB",
        "one append, µs",
        "two signings and a sync, µs",
        "ratio",
    ]);
    for entries in &bench.asked.entries {
        let ledger = Ledger::ready(&bench.place, Wanted::of_length(*entries, 2)).opened();
        let copy = Copy::of(&ledger, &bench.place.join("appended"));
        let (append, least) = copy.append();
        let costs: Vec<_> = (0..bench.asked.runs).map(|number| copy.add(bench, number)).collect();
        let of = |figure: &dyn Fn(&super::child::Cost) -> f64| median(costs.iter().map(figure));
        table.row([
            figure(as_f64(ledger.entries), 0),
            figure(of(&|cost| cost.cpu) * 1e3, 1),
            figure(of(&|cost| cost.wall) * 1e3, 1),
            figure(of(&|cost| cost.peak) / 1e6, 1),
            figure(median(append.iter().copied()) * 1e6, 0),
            figure(median(least.iter().copied()) * 1e6, 0),
            figure(median(append.iter().zip(&least).map(|(append, least)| append / least)), 2),
        ]);
    }
    table.print("A line appended, with two signatures");
}

/// A copy of a ledger to write to; gone when dropped.
struct Copy {
    dir: PathBuf,
    now: Timestamp,
    recorder: SecretKey,
    second: SecretKey,
}

impl Drop for Copy {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.dir));
    }
}

impl Copy {
    fn of(ledger: &Ledger, dir: &Path) -> Self {
        drop(fs::remove_dir_all(dir));
        copy(&ledger.dir, dir);
        let (recorder, second) = (ledger.key("recorder"), ledger.key("second"));
        Self { dir: dir.to_owned(), now: ledger.now.parse().expect("a time"), recorder, second }
    }

    /// Seconds that an append takes, and that its signatures and a sync take alone, in turn.
    fn append(&self) -> (Vec<f64>, Vec<f64>) {
        let dir = LedgerDir::open(&self.dir).expect("a ledger");
        let (mut writer, _) = Writer::open(&dir, Keys { log: &self.recorder, recorder: &self.recorder })
            .expect("a good ledger");
        let mut beside = File::create(self.dir.join("beside")).expect("a file to write");
        let identity = writer.replay().founding().map(|founding| founding.identity);
        let (mut appended, mut least) = (Vec::new(), Vec::new());
        for number in 0..LINES {
            let proposal = self.proposal(&format!("appended {number}"));
            let data = Data::from_json(Kind::Income, &proposal["data"].to_string()).expect("an income");
            let reference = proposal["ref"].as_str().expect("a name").parse().expect("a reference");
            let content = Content::new(identity, self.day(), reference, data).expect("a content");
            least.push(time(|| self.least(&content, &mut beside)));
            appended.push(time(|| {
                let approval = Approval::sign(&content, &self.second);
                let outcome = writer.append(content, vec![approval], self.now).expect("a good line");
                assert!(matches!(outcome, Outcome::Recorded(_)), "a new line");
            }));
        }
        writer.remember().expect("a snapshot");
        drop(writer);
        (appended, least)
    }

    /// Two signatures, and as many bytes written and synced as a line has.
    fn least(&self, content: &Content, beside: &mut File) {
        let message = content.approval_message();
        let signatures = [self.second.sign(&message), self.recorder.sign(&message)];
        let mut line = content.bytes().to_vec();
        signatures.iter().for_each(|signature| line.extend(hex::encode(signature.as_bytes()).bytes()));
        beside.write_all(&line).and_then(|()| beside.sync_data()).expect("a file to write");
    }

    /// `xinyi add` with one line.
    fn add(&self, bench: &Bench, number: u32) -> super::child::Cost {
        let file = self.dir.join("proposal.jsonl");
        fs::write(&file, self.proposal(&format!("added {number}")).to_string()).expect("a file to write");
        let key = self.dir.join("keys/recorder.pem");
        let [dir, file, key] = [&self.dir, &file, &key].map(|path| path.to_string_lossy().into_owned());
        let now = self.now.to_string();
        bench.xinyi(&["add", &dir, "--json", &file, "--key", &key, "--clock", &now], None).run()
    }

    fn day(&self) -> xinyi_core::Date {
        self.now.day_at("+08:00".parse().expect("an offset"))
    }

    fn proposal(&self, name: &str) -> serde_json::Value {
        let data = json!({"account": "bank", "amount": "1.00", "category": "interest", "channel": "bank", "fund": "shared"});
        json!({"data": data, "date": self.day(), "kind": "income", "ref": name})
    }
}

fn time(what: impl FnOnce()) -> f64 {
    let start = Instant::now();
    what();
    start.elapsed().as_secs_f64()
}
