//! Months: which are open, what a close must say, which deeds stand, which references are taken
//! (spec: B-1…B-12, C-3, C-4, A-8).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chain::WINDOW;
use crate::content::Content;
use crate::deeds::{DeedVersion, Deeds};
use crate::hash::Hash;
use crate::kind::authority::{DeedChange, Genesis};
use crate::kind::figures::Close;
use crate::kind::{Data, Kind};
use crate::number::{Index, Size};
use crate::references::{Name, References};
use crate::register::Register;
use crate::text::Reference;
use crate::time::{Date, Period};

/// Why a date, a reference, a deed or a close does not fit the months so far.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    /// After the last close only winding up is allowed (spec: B-11).
    #[error("the ledger is finally closed; an entry of kind `{0}` may not follow")]
    AfterLast(Kind),
    /// A close dated within or before its period (spec: B-2).
    #[error("a close is dated after the last day of its period")]
    Date,
    /// A date before the first period (spec: C-3).
    #[error("the date {date} lies before the first period {first}")]
    DateBeforeFirst {
        /// The date.
        date: Date,
        /// The first period.
        first: Period,
    },
    /// A date after the day of recording (spec: C-3).
    #[error("the date {date} lies after the day of recording {recorded}")]
    DateInFuture {
        /// The date.
        date: Date,
        /// The day of recording.
        recorded: Date,
    },
    /// Deeds other than those at `size` (spec: B-7).
    #[error("the close names other deeds than stood at its size")]
    Deeds,
    /// A deed that does not start on the first day of an open period (spec: A-8).
    #[error("a deed starts on the first day of a period that is not yet closed")]
    DeedStart,
    /// A deed that changes another than the last (spec: A-8).
    #[error("the deed changes one that is not the last")]
    DeedStale,
    /// An entry of the period lies at or beyond `size` (spec: B-4).
    #[error("entry {index} belongs to the period, but lies beyond the size the close covers")]
    Late {
        /// The entry left out.
        index: Index,
    },
    /// Another `next` than follows from the lines (spec: B-5).
    #[error("the close says `next` {found}, but {expected} follows from the lines")]
    Next {
        /// What follows from the lines.
        expected: Size,
        /// What the close says.
        found: Size,
    },
    /// Another period than the next to close (spec: B-1).
    #[error("period {found} cannot be closed now, {expected} is due")]
    Order {
        /// The period due.
        expected: Period,
        /// The period named.
        found: Period,
    },
    /// A date in a month that is closed (spec: C-3).
    #[error("the month {period} is closed")]
    PeriodClosed {
        /// The month.
        period: Period,
    },
    /// Another previous state document than the previous close named (spec: B-6).
    #[error("the close does not go on from the previous close")]
    Previous,
    /// A reference used before in the period (spec: C-4).
    #[error("the reference is taken by entry {index} of the same period")]
    ReferenceTaken {
        /// The entry that has it.
        index: Index,
    },
    /// Another register than that at `size` (spec: B-7).
    #[error("the close names another key register than stood at its size")]
    Register,
    /// Another root than that at `size` (spec: B-3).
    #[error("the close names another root than the ledger has at its size")]
    Root,
    /// A size beyond the close or more than 4,096 lines before it (spec: B-3).
    #[error("a close covers a size at most 4096 lines before it")]
    Size,
}

impl CloseError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AfterLast(_) => "after-last-close",
            Self::Date => "close-date",
            Self::DateBeforeFirst { .. } => "date-before-first",
            Self::DateInFuture { .. } => "date-in-future",
            Self::Deeds => "close-deeds",
            Self::DeedStart => "deed-start",
            Self::DeedStale => "deed-stale",
            Self::Late { .. } => "close-late-entry",
            Self::Next { .. } => "close-next",
            Self::Order { .. } => "close-order",
            Self::PeriodClosed { .. } => "period-closed",
            Self::Previous => "close-previous",
            Self::ReferenceTaken { .. } => "reference-taken",
            Self::Register => "close-register",
            Self::Root => "close-root",
            Self::Size => "close-size",
        }
    }
}

/// The last close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// The entry that closes.
    pub index: Index,
    /// Whether it is the ledger's last close.
    pub last: bool,
    /// The lowest index below its size dated after the period, else its size.
    pub next: Size,
    /// The month closed.
    pub period: Period,
    /// The size covered.
    pub size: Size,
    /// Digest of its state document.
    pub state: Hash,
}

impl Closed {
    /// What a close at this index says.
    pub(crate) fn of(close: &Close, index: Index) -> Self {
        Self {
            index,
            last: close.last == Some(true),
            next: close.next,
            period: close.period,
            size: close.size,
            state: close.state,
        }
    }
}

/// What is remembered of an open month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct OpenMonth {
    first: Index,
    last: Index,
    references: References,
}

/// The months of a ledger, with its deeds and the registers that closes may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "MonthsForm", into = "MonthsForm")]
pub struct Months {
    closed: Option<Closed>,
    deeds: Deeds,
    first: Period,
    open: BTreeMap<Period, OpenMonth>,
    registers: Vec<(Size, Hash)>,
    unseen: Option<Unseen>,
}

/// What months that begin in the middle of a ledger cannot know: lines below `from`, whose figures a document
/// states up to the period `closed` (spec: Q-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unseen {
    closed: Period,
    from: Size,
}

impl Months {
    pub(crate) fn new(genesis: &Genesis, index: Index, register: &Register) -> Self {
        Self {
            closed: None,
            deeds: Deeds::from(vec![DeedVersion::of(&genesis.deed, index)]),
            first: genesis.first,
            open: BTreeMap::new(),
            registers: vec![(index.size_after(), register.digest())],
            unseen: None,
        }
    }

    /// These months, going on at `from` after lines that were not seen; the carried document states the figures
    /// up to `closed` (spec: Q-6).
    pub(crate) fn going_on(self, from: Size, closed: Period) -> Self {
        Self { closed: None, open: BTreeMap::new(), unseen: Some(Unseen { closed, from }), ..self }
    }

    /// The period that the next close closes.
    #[must_use]
    pub fn due(&self) -> Period {
        self.closed.as_ref().map_or(self.first, |closed| closed.period.next())
    }

    /// The last close, if there is one.
    #[must_use]
    pub const fn closed(&self) -> Option<&Closed> {
        self.closed.as_ref()
    }

    /// The deeds, in order of their entries.
    #[must_use]
    pub fn deeds(&self) -> &[DeedVersion] {
        self.deeds.as_slice()
    }

    /// The entry that has this reference in an open period.
    #[must_use]
    pub fn taken(&self, period: Period, reference: &Reference) -> Option<Index> {
        self.named(period, Name::of(reference))
    }

    fn named(&self, period: Period, name: Name) -> Option<Index> {
        self.open.get(&period)?.references.get(name)
    }

    /// Open months that have entries, in order.
    pub fn open(&self) -> impl Iterator<Item = Period> {
        self.open.keys().copied()
    }

    pub(crate) fn check_date(&self, date: Date, recorded: Date) -> Result<(), CloseError> {
        if date.period() < self.first {
            return Err(CloseError::DateBeforeFirst { date, first: self.first });
        }
        if date > recorded {
            return Err(CloseError::DateInFuture { date, recorded });
        }
        let period = date.period();
        if period < self.due() { Err(CloseError::PeriodClosed { period }) } else { Ok(()) }
    }

    pub(crate) fn check_kind(&self, kind: Kind) -> Result<(), CloseError> {
        let winding_up = matches!(
            kind,
            Kind::Fee
                | Kind::Refund
                | Kind::HeldOut
                | Kind::Transfer
                | Kind::Reversal
                | Kind::Ratification
                | Kind::AuditOpinion
                | Kind::Handover
        );
        let ended = self.closed.as_ref().is_some_and(|closed| closed.last);
        if ended && !winding_up { Err(CloseError::AfterLast(kind)) } else { Ok(()) }
    }

    pub(crate) fn check_reference(&self, date: Date, name: Name) -> Result<(), CloseError> {
        let taken = self.named(date.period(), name);
        taken.map_or(Ok(()), |index| Err(CloseError::ReferenceTaken { index }))
    }

    pub(crate) fn check_deed(&self, change: &DeedChange) -> Result<(), CloseError> {
        let first = change.deed.first;
        if first != first.period().first_day() || first.period() < self.due() {
            return Err(CloseError::DeedStart);
        }
        let last = self.deeds().last().map(|deed| deed.digest);
        if last == Some(change.previous) { Ok(()) } else { Err(CloseError::DeedStale) }
    }

    pub(crate) fn check_close(
        &self,
        close: &Close,
        date: Date,
        index: Index,
        root_at: impl Fn(Size) -> Option<Hash>,
    ) -> Result<(), CloseError> {
        self.check_order(close.period)?;
        if date <= close.period.last_day() {
            return Err(CloseError::Date);
        }
        let back = index.get().checked_sub(close.size.get());
        if back.is_none_or(|back| back > WINDOW) {
            return Err(CloseError::Size);
        }
        // A root below the first line seen cannot be worked out again.
        let is_seen = self.unseen.is_none_or(|unseen| unseen.from <= close.size);
        if is_seen && root_at(close.size) != Some(close.root) {
            return Err(CloseError::Root);
        }
        self.check_cover(close)?;
        self.check_carried(close)
    }

    /// The close is of the period that is due. The first close after unseen lines may be of any period that the
    /// carried document covers, if nothing seen before it is dated earlier.
    fn check_order(&self, found: Period) -> Result<(), CloseError> {
        let (expected, fits) = match self.unseen.filter(|_| self.closed.is_none()) {
            None => (self.due(), found == self.due()),
            Some(unseen) => {
                let latest = self.open.keys().next().map_or(unseen.closed, |first| unseen.closed.min(*first));
                (latest, found <= latest)
            }
        };
        if fits { Ok(()) } else { Err(CloseError::Order { expected, found }) }
    }

    /// Every entry of the period lies below `size`, and `next` is what follows from the lines.
    fn check_cover(&self, close: &Close) -> Result<(), CloseError> {
        if let Some(late) = self.open.get(&close.period).filter(|month| !close.size.covers(month.last)) {
            return Err(CloseError::Late { index: late.last });
        }
        let expected = self.next_at(close.period, close.size);
        // Where later months may have lines that were not seen, `next` cannot be worked out again.
        let is_seen = self.unseen.is_none_or(|unseen| unseen.closed <= close.period);
        if !is_seen || close.next == expected {
            Ok(())
        } else {
            Err(CloseError::Next { expected, found: close.next })
        }
    }

    fn check_carried(&self, close: &Close) -> Result<(), CloseError> {
        let is_seen = self.unseen.is_none() || self.closed.is_some();
        if is_seen && close.previous != self.closed.as_ref().map(|closed| closed.state) {
            return Err(CloseError::Previous);
        }
        if Some(close.register) != self.register_at(close.size) {
            return Err(CloseError::Register);
        }
        if close.deeds == self.deeds_at(close.size) { Ok(()) } else { Err(CloseError::Deeds) }
    }

    /// The lowest index below `size` dated after `period`, else `size` (spec: B-5).
    #[must_use]
    pub fn next_at(&self, period: Period, size: Size) -> Size {
        let later = self.open.range(period.next()..).map(|(_, month)| month.first);
        let first = later.min().filter(|first| size.covers(*first));
        first.and_then(|first| Size::new(first.get())).unwrap_or(size)
    }

    /// Digest of the key register after the first `size` lines (spec: B-7).
    #[must_use]
    pub fn register_at(&self, size: Size) -> Option<Hash> {
        self.registers.iter().rev().find(|(from, _)| *from <= size).map(|(_, digest)| *digest)
    }

    /// Digest of the list of deeds among the first `size` lines (spec: B-7).
    #[must_use]
    pub fn deeds_at(&self, size: Size) -> Hash {
        self.deeds.digest_at(size)
    }

    pub(crate) fn register_changed(&mut self, from: Size, digest: Hash) {
        self.registers.push((from, digest));
    }

    pub(crate) fn take(&mut self, content: &Content, name: Name, index: Index) {
        let month = self.open.entry(content.date().period()).or_insert_with(|| OpenMonth {
            first: index,
            last: index,
            references: References::default(),
        });
        month.last = index;
        month.references.insert(name, index);
        match content.data() {
            Data::Close(close) => self.close(close, index),
            Data::Deed(change) => self.deeds.push(DeedVersion::of(&change.deed, index)),
            _ => {}
        }
    }

    fn close(&mut self, close: &Close, index: Index) {
        self.open.remove(&close.period);
        self.closed = Some(Closed::of(close, index));
    }
}

/// The written form of [`Months`]: lists in a fixed order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MonthsForm {
    closed: Option<Closed>,
    deeds: Deeds,
    first: Period,
    open: Vec<OpenMonthForm>,
    registers: Vec<(Size, Hash)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenMonthForm {
    first: Index,
    last: Index,
    period: Period,
    references: References,
}

impl From<Months> for MonthsForm {
    fn from(months: Months) -> Self {
        let written = |(period, month): (Period, OpenMonth)| {
            let OpenMonth { first, last, references } = month;
            OpenMonthForm { first, last, period, references }
        };
        Self {
            closed: months.closed,
            deeds: months.deeds,
            first: months.first,
            open: months.open.into_iter().map(written).collect(),
            registers: months.registers,
        }
    }
}

impl From<MonthsForm> for Months {
    fn from(form: MonthsForm) -> Self {
        let read = |month: OpenMonthForm| {
            let OpenMonthForm { first, last, period, references } = month;
            (period, OpenMonth { first, last, references })
        };
        Self {
            closed: form.closed,
            deeds: form.deeds,
            first: form.first,
            open: form.open.into_iter().map(read).collect(),
            registers: form.registers,
            unseen: None,
        }
    }
}
