//! Books that begin with a document answer a desk as the whole ledger does.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::io::Write as _;

use tempfile::TempDir;
use xinyi_core::{Index, Line, Period, Register};
use xinyi_store::{Keys, LedgerDir};
use xinyi_testkit::TestKey;
use xinyi_testkit::honest::{Compound, Keeper, Scale, Teller};

use super::*;

/// A year and a quarter of a small compound, with its corrections, orders, held money and changes of keys.
const SCALE: Scale = Scale { first: "2023-01", households: 25, months: 16, seed: 11 };

/// So many of the lines that follow are asked about at each place.
const AHEAD: usize = 40;

#[derive(Default)]
struct Figures(Checker);

impl Keeper for Figures {
    fn take(&mut self, entry: &Entry, register: &Register) {
        self.0.take(entry, register);
    }

    fn document(
        &self,
        period: Period,
        size: Size,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument> {
        self.0.books().draft_state(period, size, next, previous)
    }
}

/// A ledger on disk that grows line by line, as its recorder would have it.
struct Growing {
    dir: LedgerDir,
    key: TestKey,
    lines: Vec<Vec<u8>>,
    written: usize,
    _place: TempDir,
}

impl Growing {
    fn new() -> Self {
        let compound = Compound::new(SCALE);
        let mut teller = Teller::new(compound.genesis(), Figures(Checker::new()));
        compound.for_each(|month| teller.tell(&month));
        let place = tempfile::tempdir().unwrap();
        let lines = teller.community.lines;
        let dir = LedgerDir::create(&place.path().join("ledger"), lines.first().unwrap()).unwrap();
        teller.community.documents.values().for_each(|document| dir.keep_state(document).unwrap());
        Self { dir, key: TestKey::named("manager"), lines, written: 1, _place: place }
    }

    fn keys(&self) -> Keys<'_> {
        Keys { log: &self.key, recorder: &self.key }
    }

    fn grow(&mut self, lines: usize) {
        let mut file = std::fs::OpenOptions::new().append(true).open(self.dir.entries()).unwrap();
        for line in self.lines.iter().skip(self.written).take(lines) {
            file.write_all(&[line, b"\n".as_slice()].concat()).unwrap();
        }
        self.written = self.lines.len().min(self.written + lines);
    }

    /// The contents that come next, as far as they name no line that is yet to come.
    fn ahead(&self) -> Vec<Content> {
        let lines = self.lines.iter().skip(self.written).take(AHEAD);
        let contents = lines.map(|line| Line::decode(line).unwrap().content_claimed().clone());
        let size = u64::try_from(self.written).unwrap();
        let is_past = |content: &Content| named_by(content.data()).iter().all(|index| index.get() < size);
        contents.filter(is_past).collect()
    }
}

/// What a desk asks its books, put in words that can be compared.
fn answers(books: &mut DeskBooks, writer: &Writer<'_>, ahead: &[Content]) -> Vec<String> {
    let months = writer.replay().months().unwrap();
    let (due, closed) = (months.due(), months.closed().map(|closed| closed.state));
    let next = months.next_at(due, writer.replay().size());
    let mut answers: Vec<String> =
        ahead.iter().map(|content| format!("{:?}", books.needs(writer, content).unwrap())).collect();
    answers.push(books.draft_state(writer, due, next, closed).unwrap().digest().to_string());
    let report = books.report(writer, due).unwrap();
    answers.push(format!("{:?} {:?} {:?}", report.accounts, report.funds, report.fees));
    for upto in [due.previous().previous(), due.previous(), due, due.next()] {
        let taker = "trustee".parse().unwrap();
        answers.push(format!("{upto}: {:?}", books.entitlement(writer, &taker, upto).unwrap()));
    }
    answers
}

#[test]
fn books_since_the_last_close_answer_as_the_whole_ledger_does() {
    let mut growing = Growing::new();
    let (mut asked, mut short) = (0, 0);
    while growing.written < growing.lines.len() {
        growing.grow(41);
        let (writer, _) = Writer::open(&growing.dir, growing.keys()).unwrap();
        let ahead = growing.ahead();
        if let Some(mut books) = DeskBooks::since_close(&writer, Vec::new()) {
            let mut whole = DeskBooks::whole(&writer).unwrap();
            let expected = answers(&mut whole, &writer, &ahead);
            for (said, expected) in answers(&mut books, &writer, &ahead).iter().zip(&expected) {
                assert_eq!(said, expected, "after {} lines", growing.written);
            }
            asked += 1;
            let mut books = DeskBooks::of(&writer).unwrap();
            ahead.iter().for_each(|content| drop(books.needs(&writer, content)));
            short += usize::from(books.known != Known::Whole);
        }
        writer.remember().unwrap();
    }
    assert!(asked > 12, "only {asked} places were asked");
    assert!(short * 10 > asked * 8, "{short} of {asked} places were answered without the whole ledger");
}

#[test]
fn without_the_document_the_whole_ledger_answers() {
    let mut growing = Growing::new();
    growing.grow(200);
    std::fs::remove_dir_all(growing.dir.root().join("states")).unwrap();
    let (writer, _) = Writer::open(&growing.dir, growing.keys()).unwrap();
    assert!(writer.replay().months().unwrap().closed().is_some());
    assert!(DeskBooks::since_close(&writer, Vec::new()).is_none());
    let books = DeskBooks::of(&writer).unwrap();
    assert_eq!(books.known, Known::Whole);
    assert_eq!(writer.replay().recall(Index::default()).unwrap().index(), Index::default());
}
