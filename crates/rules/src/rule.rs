//! What a rule is: a code, a page and the questions it asks of each entry, each month and the whole file.

use std::fmt::Debug;
use std::sync::Arc;

use xinyi_core::{Close, Date, Deed, Entry, Index, Label, Need, Period, Role, Severity};

use crate::books::facts::target_of;
use crate::books::{Books, Effects, MonthClosed, Overdrawn, Remembered};
use crate::finding::Finding;
pub use crate::kinds::Kinds;
use crate::outside::{Outside, Paper};
use crate::parameter::Parameter;

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
    /// The kinds of entry that it is asked about.
    pub kinds: Kinds,
    /// Whether some of its subjects rest on lines older than a month's file (spec: M-16); its page says which
    /// in the line `older`.
    pub older: bool,
    /// How it comes to know.
    pub proof: Proof,
    /// The figures it reads from the deed; its page names each.
    pub parameters: &'static [Parameter],
}

/// How a rule comes to know what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The ledger alone proves it.
    Ledger,
    /// It compares the ledger with a list from outside; without that it is not checked.
    File(Paper),
    /// The ledger makes it likely, and somebody has to look.
    Heuristic,
}

impl Proof {
    /// The word for it in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ledger => "proved",
            Self::File(_) => "file",
            Self::Heuristic => "hint",
        }
    }
}

/// Where a rule looks.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At each entry of its kinds, before the books take it.
    Each(fn(&Step<'_>, &mut Sink<'_>)),
    /// When the file ends: at what the books keep, and at lists from outside.
    End(fn(&FileEnd<'_>, &mut Sink<'_>)),
    /// Nowhere: a replay refuses what would break it, so a ledger that is read keeps it.
    Integrity,
    /// In a file from outside, which the caller compares; without it the rule is not checked.
    Outside,
    /// At each month's close, and at the end for months still open.
    Month(fn(&MonthEnd<'_>, &mut Sink<'_>)),
    /// At each entry of its kinds and at each month's end.
    Both(fn(&Step<'_>, &mut Sink<'_>), fn(&MonthEnd<'_>, &mut Sink<'_>)),
    /// Over the whole file, with a memory of its own, made empty before the first entry.
    Watch(fn() -> Box<dyn Watch>),
}

/// A rule's memory on its way through a file: what it must know of earlier entries that the books do not keep.
pub trait Watch: CloneWatch + Debug + Send + Sync {
    /// Looks at an entry of the rule's kinds before the books take it.
    fn entry(&mut self, _step: &Step<'_>, _sink: &mut Sink<'_>) {}

    /// Remembers an entry of the rule's kinds that lies before a month's file or in its opening figures; it was judged in its month.
    fn recall(&mut self, _step: &Step<'_>) {}

    /// Looks at a month that was closed, or at the end of the file at one still open.
    fn month(&mut self, _month: &MonthEnd<'_>, _sink: &mut Sink<'_>) {}

    /// Looks at what is left when the file ends.
    fn end(&mut self, _end: &FileEnd<'_>, _sink: &mut Sink<'_>) {}
}

/// A memory that can go on in two ways: for what is, and for what an entry not yet recorded would cause.
pub trait CloneWatch {
    /// The same memory once more.
    fn clone_boxed(&self) -> Box<dyn Watch>;
}

impl<T: Watch + Clone + 'static> CloneWatch for T {
    fn clone_boxed(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Watch> {
    fn clone(&self) -> Self {
        self.as_ref().clone_boxed()
    }
}

/// All that a rule may see of an entry.
#[derive(Debug)]
pub struct Step<'a> {
    /// The figures before the entry.
    pub books: &'a Books,
    /// The deed in force for the entry's date.
    pub deed: Arc<Deed>,
    /// What it does to the figures.
    pub(crate) effects: &'a Effects,
    /// The entry.
    pub entry: &'a Entry,
    /// Approvals that the deed asks for and the entry lacks.
    pub missing: &'a [Need],
    /// When it happened.
    pub occurred: Date,
    /// The day it was recorded.
    pub recorded_day: Date,
    /// The earlier line it is about.
    pub target: Option<&'a Remembered>,
}

impl Step<'_> {
    /// Whether a holder of the party signed the entry.
    #[must_use]
    pub fn is_signed_by(&self, party: &Label) -> bool {
        self.entry.approvers().iter().any(|signer| signer.party == *party)
    }

    /// Whether a holder of the party with this role signed it.
    #[must_use]
    pub fn is_signed_as(&self, role: Role) -> bool {
        self.books.party_with(role).is_some_and(|party| self.is_signed_by(&party.party))
    }

    /// The index of the earlier line it is about.
    #[must_use]
    pub fn target_index(&self) -> Option<Index> {
        target_of(self.entry.content().data())
    }

    /// Whether the entry was taken over later, so that the real clock says nothing about it (spec: D-5).
    ///
    /// Its own date must lie before that day too: when it occurred is the recorder's word alone.
    #[must_use]
    pub fn is_history(&self) -> bool {
        let last = self.occurred.max(self.entry.content().date());
        self.deed.history_until.is_some_and(|until| last < until)
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

/// All that a rule may see when the file ends.
#[derive(Debug)]
pub struct FileEnd<'a> {
    /// The figures after the last entry.
    pub books: &'a Books,
    /// The deed in force on the last day that an entry has.
    pub deed: Arc<Deed>,
    /// The last day that an entry has.
    pub last_day: Date,
    /// Lists from outside, where they were given.
    pub outside: &'a Outside,
}

impl FileEnd<'_> {
    /// The last day of which every line should be here: of the last month closed, or as long before the last line
    /// as the deed lets a line be late.
    #[must_use]
    pub fn known_until(&self) -> Date {
        let late = self.deed.deadlines.late_hours.map_or(0, |hours| hours.get().div_ceil(24).min(36_500));
        let open = self.last_day.plus_days(-i32::try_from(late).unwrap_or_default());
        self.books.closed().map_or(open, |closed| open.max(closed.last_day()))
    }
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
    pub(crate) rule: &'static Rule,
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
        self.report_as(self.rule.severity, finding);
    }

    /// Reports a finding that is lighter or heavier than the rule's severity.
    pub fn report_as(&mut self, severity: Severity, finding: Finding) {
        self.findings.push(Finding { code: self.rule.code, severity, ..finding });
    }
}
