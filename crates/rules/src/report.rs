//! Everything a check found, examined and could not check, in one order (docs/report.schema.json).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use xinyi_core::{Index, Label, Period, Severity};

use crate::books::{Books, Collection, Entitlement, MonthTotals};
use crate::finding::{Finding, Term};

/// What became of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Status {
    /// It found something.
    Found,
    /// A replay would have refused what breaks it.
    Integrity,
    /// There was nothing to examine.
    NoCase,
    /// It could not be checked.
    NotChecked {
        /// Why: `history`, all cases were taken over later; `file`, it needs a file from outside; `older`, it
        /// needs older lines than a month's file has.
        reason: &'static str,
    },
    /// The deed switches it off.
    Off {
        /// Why, in the deed's words.
        reason: String,
    },
    /// It found nothing.
    Passed,
}

/// One rule in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The rule.
    pub code: &'static str,
    /// How many subjects it examined.
    pub examined: u64,
    /// How many findings it made.
    pub findings: usize,
    /// How many subjects it could not judge, or not to the end, because older lines are needed (spec: M-16).
    pub older: u64,
    /// How many subjects it passed over because they were taken over later.
    pub skipped: u64,
    /// What became of it.
    #[serde(flatten)]
    pub status: Status,
}

/// A fee taker's position at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeePosition {
    /// Σ rate × base, rounded, and the fixed amounts.
    pub earned: Decimal,
    /// The formula.
    pub formula: Vec<Term>,
    /// Earned less taken.
    pub left: Decimal,
    /// Taken, net.
    pub taken: Decimal,
    /// Who takes.
    pub taker: Label,
    /// Up to this period.
    pub upto: Period,
}

impl From<Entitlement> for FeePosition {
    fn from(found: Entitlement) -> Self {
        let formula = found.formula();
        let left = found.left();
        Self { earned: found.earned, formula, left, taken: found.taken, taker: found.taker, upto: found.upto }
    }
}

/// What a fund has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FundPosition {
    /// Held for others in its accounts.
    pub held: Decimal,
    /// Its own.
    pub own: Decimal,
}

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What lies in each account by the books.
    pub accounts: BTreeMap<Label, Decimal>,
    /// The last period closed.
    pub closed: Option<Period>,
    /// What was due for the last period closed and what of it came in, by fund and category; in a month's file as far
    /// as its own lines say.
    pub collections: Vec<Collection>,
    /// Where each fee taker stands.
    pub fees: Vec<FeePosition>,
    /// Findings by entry, then code.
    pub findings: Vec<Finding>,
    /// The first period examined, where the check began with a state document; `None` for a whole ledger.
    pub from: Option<Period>,
    /// What each fund has.
    pub funds: BTreeMap<Label, FundPosition>,
    /// Rules whose severity the deed lowers: that is itself worth knowing.
    pub lowered: Vec<&'static str>,
    /// What the last month closed did to each fund; `None` if the check saw no month end.
    pub month: Option<MonthTotals>,
    /// Every rule.
    pub rules: Vec<Tally>,
    /// Whether the ledger is made up.
    pub sample: bool,
    /// The report's own version.
    pub version: u8,
}

impl Report {
    /// The heaviest finding; `None` if there is none.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let rank = |severity: &Severity| match severity {
            Severity::Note => 0,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        self.findings.iter().map(|finding| finding.severity).max_by_key(rank)
    }

    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The report as JSON, as docs/report.schema.json describes it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    pub(crate) fn of(
        books: &Books,
        mut findings: Vec<Finding>,
        rules: Vec<Tally>,
        lowered: Vec<&'static str>,
    ) -> Self {
        findings.sort_by(|a, b| (place(a), a.code, a.period).cmp(&(place(b), b.code, b.period)));
        let funds = books.funds().into_iter().map(|(fund, (own, held))| (fund, FundPosition { held, own }));
        Self {
            accounts: books.accounts(),
            closed: books.closed(),
            collections: books.closed().map(|closed| books.collections(closed)).unwrap_or_default(),
            fees: books.positions().into_iter().map(FeePosition::from).collect(),
            findings,
            from: books.from(),
            funds: funds.collect(),
            lowered,
            month: books.month_totals().cloned(),
            rules,
            sample: books.is_sample(),
            version: 1,
        }
    }
}

/// Findings without an entry come last.
fn place(finding: &Finding) -> u64 {
    finding.at.map_or(u64::MAX, Index::get)
}
