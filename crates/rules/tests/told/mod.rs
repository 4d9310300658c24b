//! A ledger told act by act, checked as a whole and month by month from the documents of its closes.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    dead_code,
    reason = "a test that cannot go on has failed; not every test uses every helper"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;
use serde_json::Value;
use xinyi_core::{Close, Entry, Hash, Index, Kind, Link, Period, Register, StateDocument, Verified, Visit};
use xinyi_rules::{Checker, Finding, RULES, Report};
use xinyi_testkit::{Community, Seal};

pub(crate) struct Told {
    pub(crate) community: Community,
    /// The check of the whole.
    pub(crate) checker: Checker,
    pub(crate) closes: BTreeMap<Period, Index>,
    /// What each close names.
    pub(crate) documents: BTreeMap<Period, StateDocument>,
    /// What the check of the whole works out for each close.
    pub(crate) worked_out: BTreeMap<Period, StateDocument>,
    pub(crate) registers: Vec<Register>,
}

struct Links(Vec<Index>);

impl Visit for Links {
    fn link(&mut self, link: Link) {
        self.0.push(link.index);
    }
}

impl Told {
    pub(crate) fn new(genesis: Value) -> Self {
        let community = Community::with_genesis(genesis);
        let (closes, documents) = (BTreeMap::new(), BTreeMap::new());
        let mut told = Self {
            community,
            checker: Checker::new(),
            closes,
            documents,
            worked_out: BTreeMap::new(),
            registers: vec![],
        };
        told.check_new();
        told
    }

    fn check_new(&mut self) {
        for entry in &self.community.entries[self.registers.len()..] {
            let register = self.community.replay.register().unwrap();
            self.checker.take(entry, register);
            self.registers.push(register.clone());
        }
    }

    pub(crate) fn due(&self) -> Period {
        self.community.replay.months().unwrap().due()
    }

    /// Records an entry unless the replay refuses it.
    pub(crate) fn tell(&mut self, day: &str, kind: Kind, seal: Seal, data: Value) -> Option<Verified<Entry>> {
        let entry = self.community.try_record(day, kind, seal, data).ok();
        self.check_new();
        entry
    }

    pub(crate) fn draft(&self, period: Period) -> (Close, StateDocument) {
        let mut close = self.community.close_at(period, self.community.replay.size(), Hash::digest(b""));
        let document = self.checker.books().draft_state(period, close.size, close.next, close.previous);
        let document = document.unwrap();
        close.state = document.digest();
        (close, document)
    }

    /// Closes the month that is due, on a day of the next, with a document that both may have wrong.
    pub(crate) fn close(&mut self, day: &str, change: impl Fn(&mut StateDocument)) {
        let period = self.due();
        let (_, document) = self.draft(period);
        let (mut close, mut named) = self.draft(period);
        change(&mut named);
        close.state = named.digest();
        self.keep_document(&named);
        assert!(self.record_close(day, close, named, document));
    }

    /// From now on the check of the whole has this document at hand.
    fn keep_document(&mut self, named: &StateDocument) {
        let mut at_hand: HashMap<Hash, StateDocument> =
            self.documents.values().map(|document| (document.digest(), document.clone())).collect();
        at_hand.insert(named.digest(), named.clone());
        let checker = std::mem::take(&mut self.checker);
        self.checker = checker.with_documents(move |digest| at_hand.get(&digest).cloned());
    }

    /// Records a close drafted before; whether the replay took it.
    pub(crate) fn record_close(
        &mut self,
        day: &str,
        close: Close,
        named: StateDocument,
        worked_out: StateDocument,
    ) -> bool {
        let period = close.period;
        let data = serde_json::to_value(close).unwrap();
        let Some(entry) = self.tell(day, Kind::Close, Seal::Both, data) else { return false };
        self.closes.insert(period, entry.index());
        self.documents.insert(period, named);
        self.worked_out.insert(period, worked_out);
        true
    }

    /// The check of the whole, up to the close of a period.
    pub(crate) fn whole(&self, period: Period) -> Report {
        let documents: HashMap<Hash, StateDocument> =
            self.documents.values().map(|document| (document.digest(), document.clone())).collect();
        let mut checker = Checker::new().with_documents(move |digest| documents.get(&digest).cloned());
        let end = usize::try_from(self.closes[&period].get()).unwrap();
        for (entry, register) in self.community.entries.iter().zip(&self.registers).take(end + 1) {
            checker.take(entry, register);
        }
        checker.finish()
    }

    /// The check of one month from the document before, and what it works out for the month's close.
    pub(crate) fn month(&self, period: Period) -> (Report, StateDocument) {
        let previous = &self.documents[&period.previous()];
        let first = usize::try_from(previous.next.get()).unwrap();
        let end = usize::try_from(self.closes[&period].get()).unwrap();
        let entries = &self.community.entries;
        let authority: Vec<_> = entries
            .iter()
            .zip(&self.registers)
            .take(first)
            .filter(|(entry, _)| {
                matches!(
                    entry.content().kind(),
                    Kind::Genesis | Kind::Party | Kind::Keys | Kind::Recovery | Kind::Deed
                )
            })
            .map(|(entry, register)| (entry.clone(), register.clone()))
            .collect();
        let older = self.named_below(first, end);
        let mut checker = Checker::resume(&authority, Some(previous), &older);
        for (entry, register) in entries.iter().zip(&self.registers).take(end).skip(first) {
            checker.take(entry, register);
        }
        let named = &self.documents[&period];
        let worked_out = checker.books().draft_state(period, named.size, named.next, named.previous);
        checker.take(&entries[end], &self.registers[end]);
        (checker.finish(), worked_out.unwrap())
    }

    /// Lines below `first` that the lines from there to `end` name, and what those name.
    fn named_below(&self, first: usize, end: usize) -> Vec<Verified<Entry>> {
        let entries = &self.community.entries;
        let mut named = BTreeSet::new();
        let mut waiting: Vec<usize> = (first..=end).collect();
        while let Some(place) = waiting.pop() {
            let mut links = Links(Vec::new());
            entries[place].content().data().walk(&mut links);
            for index in links.0 {
                let place = usize::try_from(index.get()).unwrap();
                if place < first && named.insert(place) {
                    waiting.push(place);
                }
            }
        }
        named.into_iter().map(|place| entries[place].clone()).collect()
    }

    pub(crate) fn date_of(&self, index: Index) -> Period {
        self.community.entries[usize::try_from(index.get()).unwrap()].content().date().period()
    }
}

/// Findings about lines dated in the month, or about the month itself; a close before is judged with its month.
fn of_month<'r>(report: &'r Report, told: &Told, period: Period) -> Vec<&'r Finding> {
    let is_of_month = |finding: &&Finding| match finding.at {
        Some(_) if matches!(finding.code, "SG-07" | "ST-01") => finding.period == Some(period),
        Some(index) => told.date_of(index) == period,
        None => finding.period == Some(period),
    };
    report.findings.iter().filter(is_of_month).collect()
}

fn places(findings: &[&Finding]) -> Vec<(&'static str, Option<Index>)> {
    findings.iter().map(|finding| (finding.code, finding.at)).collect()
}

/// What the month's check says against what the check of the whole says of that month.
pub(crate) fn agree(told: &Told, period: Period) -> Result<(), TestCaseError> {
    let whole = told.whole(period);
    let (month, worked_out) = told.month(period);
    let lacks = |code: &str| month.rules.iter().any(|rule| rule.code == code && rule.older > 0);
    let st_01 = month.findings.iter().filter(|finding| finding.code == "ST-01").count();
    prop_assert_eq!(st_01, 0, "{}: {:?}", period, month.findings);
    if !lacks("ST-01") {
        prop_assert_eq!(worked_out.encode(), told.worked_out[&period].encode());
    }
    // Where a later month undoes what cannot be worked out, no fee position is shown.
    if !month.fees.is_empty() {
        prop_assert_eq!(&month.fees, &whole.fees);
    }
    prop_assert_eq!(&month.accounts, &whole.accounts);
    prop_assert_eq!(&month.funds, &whole.funds);
    prop_assert_eq!(&month.month, &whole.month);
    prop_assert_eq!(month.from, Some(period));
    let (in_whole, in_month) = (of_month(&whole, told, period), of_month(&month, told, period));
    for rule in RULES {
        let of_rule = |findings: &[&Finding]| -> Vec<Finding> {
            findings
                .iter()
                .filter(|finding| finding.code == rule.code)
                .map(|finding| (*finding).clone())
                .collect()
        };
        let (in_whole, in_month) = (of_rule(&in_whole), of_rule(&in_month));
        if lacks(rule.code) {
            prop_assert!(rule.older, "{} does not declare that it needs older lines", rule.code);
            let known = places(&in_whole.iter().collect::<Vec<_>>());
            for found in places(&in_month.iter().collect::<Vec<_>>()) {
                prop_assert!(
                    known.contains(&found),
                    "{}: {:?} is a false finding of {}: {:?} is not in {:?}",
                    period,
                    found,
                    rule.code,
                    in_month,
                    in_whole
                );
            }
        } else {
            prop_assert_eq!(in_month, in_whole, "{} in {}", rule.code, period);
        }
    }
    Ok(())
}
