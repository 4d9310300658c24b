//! What a rule found: an authentic entry that breaks it, with the evidence to take to a meeting.
//!
//! Language-neutral: names and figures only. The words stand in the rule's page (see [`crate::Page`]).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use xinyi_core::{Date, Index, Period, Rate, Severity};

use crate::amend::Amend;
use crate::registry::RULES;
use crate::rule::Proof;

/// A figure that differs from what the deed or the books allow: expected + difference = actual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Discrepancy {
    /// What was found.
    pub actual: Decimal,
    /// Actual less expected.
    pub difference: Decimal,
    /// What the deed or the books allow.
    pub expected: Decimal,
}

impl Discrepancy {
    /// Found `actual` where `expected` was allowed.
    #[must_use]
    pub fn new(expected: Decimal, actual: Decimal) -> Self {
        let scale = expected.scale().max(actual.scale());
        // A sum of nothing has no places of its own.
        let [actual, difference, expected] = [actual, actual - expected, expected].map(|mut figure| {
            figure.rescale(scale);
            figure
        });
        Self { actual, difference, expected }
    }
}

/// One term of the formula behind an expected figure: a rate of an amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The amount.
    pub amount: Decimal,
    /// The rate.
    #[serde(serialize_with = "as_text")]
    pub rate: Rate,
}

pub(crate) fn as_text<S: serde::Serializer, T: std::fmt::Display>(
    value: &T,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What later lines can do about it, so that it reads as a note from then on.
    #[serde(skip)]
    pub(crate) amends: &'static [Amend],
    /// Names and figures that the rule's page speaks of, by name.
    pub args: BTreeMap<&'static str, String>,
    /// The entry at fault, where it is one.
    pub at: Option<Index>,
    /// What it weighs by the deed that it was judged under, where that says so.
    #[serde(skip)]
    pub(crate) by_deed: Option<Severity>,
    /// The clause of the paper deed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The rule.
    pub code: &'static str,
    /// The booking day of the entry at fault, where the books may know it no more.
    #[serde(skip)]
    pub(crate) dated: Option<Date>,
    /// The figure in question.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub discrepancy: Option<Discrepancy>,
    /// Further entries to look at.
    pub entries: Vec<Index>,
    /// The formula, term by term.
    pub formula: Vec<Term>,
    /// The period it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// How heavy it is.
    pub severity: Severity,
}

impl Finding {
    /// How its rule comes to know.
    #[must_use]
    pub fn proof(&self) -> Proof {
        RULES.iter().find(|rule| rule.code == self.code).map_or(Proof::Ledger, |rule| rule.proof)
    }

    /// A finding about one entry.
    #[must_use]
    pub(crate) fn at(index: Index) -> Self {
        Self { at: Some(index), ..Self::of_period(None) }
    }

    /// A finding about a period.
    #[must_use]
    pub(crate) fn of_period(period: Option<Period>) -> Self {
        Self {
            amends: &[],
            args: BTreeMap::new(),
            at: None,
            by_deed: None,
            clause: None,
            code: "",
            dated: None,
            discrepancy: None,
            entries: Vec::new(),
            formula: Vec::new(),
            period,
            severity: Severity::Error,
        }
    }

    /// Says what later lines can do about it.
    #[must_use]
    pub(crate) fn amended_by(self, amends: &'static [Amend]) -> Self {
        Self { amends, ..self }
    }

    /// Adds a name or figure for the page's sentence.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }

    /// Adds the figures, also as `expected`, `actual` and `difference` for the page's sentence.
    #[must_use]
    pub(crate) fn differing(mut self, expected: Decimal, actual: Decimal) -> Self {
        let found = Discrepancy::new(expected, actual);
        self.discrepancy = Some(found);
        let shown = self.with("expected", found.expected).with("actual", found.actual);
        shown.with("difference", found.difference.abs())
    }
}
