//! The file's own form, table by table, and how it is filled in to the format's deed (docs/guide/deed.md).

use std::collections::BTreeMap;

use serde::Deserialize;
use xinyi_core::{
    Amount, BaseItem, Basis, Bearer, Date, DatedRate, Deadlines, Deed, FeeTerm, Label, NetFloor, Parameter,
    PerformanceStep, Rate, Reimbursable, Rounding, SeverityTerm, SwitchedOff, Text, Voucher,
};

use super::approvals::{ApprovalsFile, PlacedTerm};
use super::place::line_at;
use super::problem::Problem;

/// A deed file, read but not yet examined.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeedFile {
    pub(crate) approvals: ApprovalsFile,
    #[serde(default)]
    budget_required: bool,
    deadlines: Deadlines,
    #[serde(default = "owners")]
    deficit: Bearer,
    #[serde(default)]
    fees: Vec<FeeFile>,
    history_until: Option<Date>,
    name: Text,
    #[serde(default)]
    off: Vec<SwitchedOff>,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<Label, Values>,
    #[serde(default)]
    reimbursable: Vec<Reimbursable>,
    #[serde(default)]
    related: Vec<Label>,
    #[serde(default)]
    severities: Vec<SeverityTerm>,
    text: Option<Voucher>,
}

/// A parameter's value, or the values of a list.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "a parameter is a text in quotes, or a list of such texts")]
pub(crate) enum Values {
    One(Text),
    Several(Vec<Text>),
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeFile {
    #[serde(default)]
    base: Vec<BaseItem>,
    #[serde(default = "cash")]
    basis: Basis,
    clause: Option<Text>,
    #[serde(default = "first_day")]
    day: u8,
    fixed: Option<Amount>,
    #[serde(default)]
    invoice: bool,
    #[serde(default = "total")]
    net_floor: NetFloor,
    performance: Option<Vec<PerformanceStep>>,
    #[serde(default)]
    rates: Vec<RateFile>,
    #[serde(default = "cumulative")]
    rounding: Rounding,
    taker: Label,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateFile {
    /// The deed's first day, where absent.
    from: Option<Date>,
    rate: Rate,
}

const fn cash() -> Basis {
    Basis::Cash
}

const fn cumulative() -> Rounding {
    Rounding::Cumulative
}

const fn first_day() -> u8 {
    1
}

const fn owners() -> Bearer {
    Bearer::Owners
}

const fn total() -> NetFloor {
    NetFloor::Total
}

impl DeedFile {
    /// Reads the form alone: tables, fields and how values are spelled.
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| {
            let line = line_at(text, error.span().unwrap_or_default());
            Problem::on_line(line, "deed-form").with("message", error.message())
        })
    }

    /// The format's deed from `first` on, and where each of its approval terms stands in the file.
    pub(crate) fn fill_in(&self, first: Date) -> (Deed, Vec<PlacedTerm>) {
        let terms = self.approvals.terms();
        let deed = Deed {
            approvals: terms.iter().map(|placed| placed.term.clone()).collect(),
            budget_required: self.budget_required,
            deadlines: self.deadlines.clone(),
            deficit: self.deficit,
            fees: self.fees.iter().map(|fee| fee.fill_in(first)).collect(),
            first,
            history_until: self.history_until,
            name: self.name.clone(),
            off: self.off.clone(),
            parameters: self.parameters.iter().flat_map(each_value).collect(),
            reimbursable: self.reimbursable.clone(),
            related: self.related.clone(),
            severities: self.severities.clone(),
            text: self.text.clone(),
        };
        (deed, terms)
    }
}

/// A parameter once for each of its values.
fn each_value((name, values): (&Label, &Values)) -> Vec<Parameter> {
    let values = match values {
        Values::One(value) => std::slice::from_ref(value),
        Values::Several(values) => values,
    };
    values.iter().map(|value| Parameter { name: name.clone(), value: value.clone() }).collect()
}

impl FeeFile {
    fn fill_in(&self, first: Date) -> FeeTerm {
        let fee = self.clone();
        let dated = |rate: &RateFile| DatedRate { from: rate.from.unwrap_or(first), rate: rate.rate };
        FeeTerm {
            base: fee.base,
            basis: fee.basis,
            clause: fee.clause,
            day: fee.day,
            fixed: fee.fixed,
            invoice: fee.invoice,
            net_floor: fee.net_floor,
            performance: fee.performance,
            rates: self.rates.iter().map(dated).collect(),
            rounding: fee.rounding,
            taker: fee.taker,
        }
    }
}
