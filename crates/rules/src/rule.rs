//! What a rule is: a code, a page and up to three questions, asked of each entry, each month and the end.

use std::sync::Arc;

use xinyi_core::{Close, Date, Deed, Entry, Index, Need, Period, Severity};

use crate::books::facts::target_of;
use crate::books::{Books, MonthClosed, Overdrawn, Remembered};
use crate::finding::Finding;

/// A rule of the book. Adding one is a code file, a page and a line in the registry.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its code, never reused.
    pub code: &'static str,
    /// How heavy its findings are, unless the deed says otherwise.
    pub severity: Severity,
    /// Its page, in both languages, with examples that are its tests.
    pub page: &'static str,
    /// Where it looks.
    pub check: Check,
    /// Whether some of its subjects rest on lines older than a month's file (spec: M-16); its page says which
    /// in the line `older`.
    pub older: bool,
}

/// Where a rule looks.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At each entry, before the books take it.
    Each(fn(&Step<'_>, &mut Sink<'_>)),
    /// At the end of the file.
    End(fn(&Books, &mut Sink<'_>)),
    /// Nowhere: a replay refuses what would break it, so a ledger that is read keeps it.
    Integrity,
    /// In a file from outside, which the caller compares; without it the rule is not checked.
    Outside,
    /// At each month's close, and at the end for months still open.
    Month(fn(&MonthEnd<'_>, &mut Sink<'_>)),
    /// At each entry and at each month's end.
    Both(fn(&Step<'_>, &mut Sink<'_>), fn(&MonthEnd<'_>, &mut Sink<'_>)),
}

/// All that a rule may see of an entry.
#[derive(Debug)]
pub struct Step<'a> {
    /// The figures before the entry.
    pub books: &'a Books,
    /// The deed in force for the entry's date.
    pub deed: Arc<Deed>,
    /// The entry.
    pub entry: &'a Entry,
    /// Approvals that the deed asks for and the entry lacks.
    pub missing: Vec<Need>,
    /// When it happened.
    pub occurred: Date,
    /// The day it was recorded.
    pub recorded_day: Date,
    /// The earlier line it is about.
    pub target: Option<&'a Remembered>,
}

impl Step<'_> {
    /// The index of the earlier line it is about.
    #[must_use]
    pub fn target_index(&self) -> Option<Index> {
        target_of(self.entry.content().data())
    }

    /// Whether the entry was taken over later, so that the real clock says nothing about it.
    #[must_use]
    pub fn is_history(&self) -> bool {
        self.deed.history_until.is_some_and(|until| self.occurred < until)
    }
}

/// All that a rule may see at the end of a month.
#[derive(Debug)]
pub struct MonthEnd<'a> {
    /// The figures after the close, or at the end of the file.
    pub books: &'a Books,
    /// The close, its entry and what the books say of its state document; absent for a month still open.
    pub close: Option<(&'a Entry, &'a Close, &'a MonthClosed)>,
    /// The deed in force on its last day.
    pub deed: Arc<Deed>,
    /// Accounts below zero at the end of a day.
    pub overdrawn: Vec<Overdrawn>,
    /// The month.
    pub period: Period,
}

/// How many subjects a rule has met, by what it could make of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) examined: u64,
    /// Not judged, or not to the end, because older lines are needed.
    pub(crate) older: u64,
    /// Passed over because they were taken over later.
    pub(crate) skipped: u64,
}

/// Where a rule puts what it finds and counts what it has examined.
#[derive(Debug)]
pub struct Sink<'a> {
    pub(crate) counts: &'a mut Counts,
    pub(crate) findings: &'a mut Vec<Finding>,
    pub(crate) rule: Rule,
    pub(crate) severity: Severity,
}

impl Sink<'_> {
    /// Counts one subject as examined.
    pub fn examine(&mut self) {
        self.counts.examined = self.counts.examined.saturating_add(1);
    }

    /// Counts one subject as not checked, because it was taken over later.
    pub fn skip(&mut self) {
        self.counts.skipped = self.counts.skipped.saturating_add(1);
    }

    /// Counts one subject as not judged, or not to the end, because that needs older lines than the file has.
    pub fn lack_older(&mut self) {
        self.counts.older = self.counts.older.saturating_add(1);
    }

    /// Reports a finding at the rule's severity.
    pub fn report(&mut self, finding: Finding) {
        self.report_as(self.severity, finding);
    }

    /// Reports a finding that is lighter or heavier than the rule's severity.
    pub fn report_as(&mut self, severity: Severity, finding: Finding) {
        self.findings.push(Finding { code: self.rule.code, severity, ..finding });
    }
}
