//! A deed explained back: every term as a sentence's name with its names and figures, in the order a committee member
//! reads. The words stand with the command line, in both languages.

mod approvals;
mod fees;
mod money;
mod rules;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use xinyi_core::{Deed, Label, Need, Rate, Unit};

use super::setup::Setup;

/// What a sentence is about; sections are read in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// The deed itself.
    Deed,
    /// Who may do what alone.
    Alone,
    /// What needs several, and from which amount.
    Together,
    /// What may be taken.
    Takes,
    /// Who bears a shortfall, what needs a budget, what is paid back.
    Money,
    /// Until when things must be done.
    Deadlines,
    /// Further figures that rules read.
    Figures,
    /// What a committee should ask about.
    Warnings,
}

/// A name or figure in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// An amount.
    Amount(Decimal),
    /// Codes of rules.
    Codes(Vec<&'static str>),
    /// Kinds of entry.
    Kinds(Vec<String>),
    /// Parties, and how many holders of each.
    Needs(Vec<Need>),
    /// A party or payee.
    Party(Label),
    /// A share.
    Rate(Rate),
    /// A word, number, day or name.
    Text(String),
    /// Several words.
    Texts(Vec<String>),
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Amount(amount) => to.collect_str(amount),
            Self::Codes(codes) => codes.serialize(to),
            Self::Kinds(words) | Self::Texts(words) => words.serialize(to),
            Self::Needs(needs) => needs.serialize(to),
            Self::Party(label) => to.collect_str(label),
            Self::Rate(rate) => to.collect_str(rate),
            Self::Text(text) => to.serialize_str(text),
        }
    }
}

/// One sentence of the explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Its names and figures.
    pub args: BTreeMap<&'static str, Told>,
    /// Which sentence it is; never reused for another.
    pub says: &'static str,
    /// What it is about.
    pub section: Section,
}

impl Said {
    pub(super) fn new(section: Section, says: &'static str) -> Self {
        Self { args: BTreeMap::new(), says, section }
    }

    pub(super) fn told(mut self, name: &'static str, value: Told) -> Self {
        self.args.insert(name, value);
        self
    }

    pub(super) fn with(self, name: &'static str, value: impl ToString) -> Self {
        self.told(name, Told::Text(value.to_string()))
    }

    pub(super) fn amount(self, name: &'static str, value: Decimal) -> Self {
        self.told(name, Told::Amount(value))
    }
}

/// Explains a deed. `unit` is what its amounts are counted in; with a setup, a taker who is no party is warned of.
#[must_use]
pub fn explain(deed: &Deed, unit: &Unit, setup: Option<&Setup>) -> Vec<Said> {
    let mut said = head(deed);
    said.extend(approvals::explain(deed, unit));
    said.extend(fees::explain(deed, unit));
    said.extend(money::explain(deed));
    said.extend(rules::explain(deed));
    said.extend(setup.iter().flat_map(|setup| takers_to_come(deed, setup)));
    said.sort_by_key(|said| said.section);
    said
}

fn head(deed: &Deed) -> Vec<Said> {
    let name = Said::new(Section::Deed, "name").with("name", &deed.name).with("first", deed.first);
    let paper = deed.text.as_ref().map_or_else(
        || Said::new(Section::Warnings, "no-paper"),
        |paper| Said::new(Section::Deed, "paper").with("digest", paper.digest).with("media", &paper.media),
    );
    vec![name, paper]
}

/// Takers who are no parties have to be registered as payees before they can be paid.
fn takers_to_come(deed: &Deed, setup: &Setup) -> Vec<Said> {
    let others = deed.fees.iter().filter(|term| setup.party(&term.taker).is_none());
    others
        .map(|term| {
            Said::new(Section::Warnings, "taker-no-party").told("taker", Told::Party(term.taker.clone()))
        })
        .collect()
}
