//! Everything a check found, examined and could not check, in one order (docs/report.schema.json).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use xinyi_core::{Index, Label, Period, Severity};

use crate::books::{Books, Collection, Entitlement, MonthTotals};
use crate::finding::{Finding, Term};
use crate::outside::Paper;
use crate::rule::Proof;
use crate::selection::Selection;
use crate::weighing::{Lowered, weight};

/// What became of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Status {
    /// It found something.
    Found,
    /// A replay would have refused what breaks it.
    Integrity,
    /// The caller did not ask for it.
    LeftOut,
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
    /// It found nothing in the ledger; the list from outside that it compares was not given.
    PassedInPart,
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
    /// The list from outside that it compares, where that was not given.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "word")]
    pub lacks: Option<Paper>,
    /// How many subjects it could not judge, or not to the end, because older lines are needed (spec: M-16).
    pub older: u64,
    /// How it comes to know.
    #[serde(flatten, serialize_with = "in_words")]
    pub proof: Proof,
    /// How heavy its findings are as a rule, by the deed where that names it.
    pub severity: Severity,
    /// How many subjects it passed over because they were taken over later.
    pub skipped: u64,
    /// What became of it.
    #[serde(flatten)]
    pub status: Status,
}

fn word<S: Serializer>(paper: &Option<Paper>, to: S) -> Result<S::Ok, S::Error> {
    paper.map(Paper::as_str).serialize(to)
}

/// `proof`, and the `paper` that it needs where it needs one.
fn in_words<S: Serializer>(proof: &Proof, to: S) -> Result<S::Ok, S::Error> {
    let mut words = to.serialize_map(None)?;
    if let Proof::File(paper) = proof {
        words.serialize_entry("paper", paper.as_str())?;
    }
    words.serialize_entry("proof", proof.as_str())?;
    words.end()
}

/// How many rules came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// Not checked: a file from outside was not given.
    pub file: usize,
    /// Found something.
    pub found: usize,
    /// Not checked: all cases were taken over later.
    pub history: usize,
    /// Found nothing in the ledger, but a list from outside that they compare was not given.
    pub in_part: usize,
    /// Not asked for.
    pub left_out: usize,
    /// Nothing to examine.
    pub no_case: usize,
    /// Switched off by the deed.
    pub off: usize,
    /// Not checked: older lines than the file has are needed.
    pub older: usize,
    /// Examined something and found nothing, or a replay refuses what breaks them.
    pub passed: usize,
}

impl Outcomes {
    fn of(rules: &[Tally]) -> Self {
        let mut counted = Self::default();
        for rule in rules {
            let count = match &rule.status {
                Status::Found => &mut counted.found,
                Status::Integrity | Status::Passed => &mut counted.passed,
                Status::PassedInPart => &mut counted.in_part,
                Status::LeftOut => &mut counted.left_out,
                Status::NoCase => &mut counted.no_case,
                Status::NotChecked { reason: "file" } => &mut counted.file,
                Status::NotChecked { reason: "older" } => &mut counted.older,
                Status::NotChecked { .. } => &mut counted.history,
                Status::Off { .. } => &mut counted.off,
            };
            *count += 1;
        }
        counted
    }
}

/// How many findings rest on what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// On a file from outside, compared with the ledger.
    pub file: usize,
    /// On likeness: somebody has to look.
    pub hint: usize,
    /// On the ledger alone.
    pub proved: usize,
}

impl Evidence {
    fn of(findings: &[Finding]) -> Self {
        let mut counted = Self::default();
        for finding in findings {
            let count = match finding.proof() {
                Proof::File(_) => &mut counted.file,
                Proof::Heuristic => &mut counted.hint,
                Proof::Ledger => &mut counted.proved,
            };
            *count += 1;
        }
        counted
    }
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
    /// What the findings rest on.
    pub evidence: Evidence,
    /// Where each fee taker stands.
    pub fees: Vec<FeePosition>,
    /// Findings by entry, then code.
    pub findings: Vec<Finding>,
    /// The first period examined, where the check began with a state document; `None` for a whole ledger.
    pub from: Option<Period>,
    /// What each fund has.
    pub funds: BTreeMap<Label, FundPosition>,
    /// Rules whose severity the deed or the caller lowers: that is itself worth knowing.
    pub lowered: Vec<Lowered>,
    /// What the last month closed did to each fund; `None` if the check saw no month end.
    pub month: Option<MonthTotals>,
    /// How many rules came to what.
    pub outcomes: Outcomes,
    /// What the caller asked for, where that is not everything.
    pub partial: Option<Selection>,
    /// Every rule.
    pub rules: Vec<Tally>,
    /// Whether the ledger is made up.
    pub sample: bool,
    /// The report's own version.
    pub version: u8,
}

impl Report {
    /// The heaviest thing to know; a rule lowered, switched off or not asked for is a note. `None` if there is none.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let is_cut = !self.lowered.is_empty() || self.partial.is_some() || self.outcomes.off > 0;
        let note = is_cut.then_some(Severity::Note);
        let findings = self.findings.iter().map(|finding| finding.severity);
        findings.chain(note).max_by_key(|severity| weight(*severity))
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
        lowered: Vec<Lowered>,
        selection: Selection,
    ) -> Self {
        findings.sort_by(|a, b| order(a).cmp(&order(b)));
        let funds = books.funds().into_iter().map(|(fund, (own, held))| (fund, FundPosition { held, own }));
        Self {
            accounts: books.accounts(),
            closed: books.closed(),
            collections: books.closed().map(|closed| books.collections(closed)).unwrap_or_default(),
            evidence: Evidence::of(&findings),
            fees: books.positions().into_iter().map(FeePosition::from).collect(),
            findings,
            from: books.from(),
            funds: funds.collect(),
            lowered,
            month: books.month_totals().cloned(),
            outcomes: Outcomes::of(&rules),
            partial: Some(selection).filter(|selection| !selection.is_whole()),
            rules,
            sample: books.is_sample(),
            version: 1,
        }
    }
}

/// By entry, those without one last, then code and month; what two findings of one rule say decides the rest, so that
/// the order rests on nothing but the findings.
fn order(finding: &Finding) -> impl Ord + '_ {
    let place = finding.at.map_or(u64::MAX, Index::get);
    (place, finding.code, finding.period, &finding.args, &finding.entries)
}
