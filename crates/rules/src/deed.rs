//! A trust deed as people write it: a TOML file, filled in to the format's deed (spec: D-1…D-5).
//!
//! The file says which kinds the trustee may record alone, a limit, and the fee; everything else needs both
//! parties. Errors name the line.

use std::collections::BTreeMap;
use std::ops::Range;

use rust_decimal::Decimal;
use serde::Deserialize;
use xinyi_core::{
    Amount, ApprovalTerm, BaseItem, Basis, Bearer, Date, DatedRate, Deadlines, Deed, FeeTerm, Genesis, Kind,
    Label, Need, NetFloor, Parameter, PerformanceStep, Rate, Reimbursable, Rounding, SeverityTerm,
    SwitchedOff, Text, Unit, Voucher, share_of,
};

/// The shipped templates by name.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("fiscal-host", include_str!("../templates/fiscal-host.toml")),
    ("foundation", include_str!("../templates/foundation.toml")),
    ("grant", include_str!("../templates/grant.toml")),
    ("home-services", include_str!("../templates/home-services.toml")),
    ("mutual-aid", include_str!("../templates/mutual-aid.toml")),
    ("property-trust", include_str!("../templates/property-trust.toml")),
    ("resettlement", include_str!("../templates/resettlement.toml")),
    ("social-enterprise", include_str!("../templates/social-enterprise.toml")),
    ("time-bank", include_str!("../templates/time-bank.toml")),
];

/// Why a deed file is not a deed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct DeedFileError {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeedFile {
    approvals: ApprovalsFile,
    #[serde(default)]
    budget_required: bool,
    deadlines: Deadlines,
    #[serde(default)]
    deficit: Option<Bearer>,
    fees: Vec<FeeFile>,
    history_until: Option<Date>,
    name: Text,
    #[serde(default)]
    off: Vec<SwitchedOff>,
    #[serde(default)]
    parameters: BTreeMap<Label, Values>,
    #[serde(default)]
    reimbursable: Vec<Reimbursable>,
    #[serde(default)]
    related: Vec<Label>,
    #[serde(default)]
    severities: Vec<SeverityTerm>,
    text: Option<Voucher>,
}

/// A parameter's value, or the values of a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(Text),
    Several(Vec<Text>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalsFile {
    /// Kinds that the trustee may record alone, whatever the amount.
    alone: Vec<Kind>,
    /// Kinds that the trustee may record alone below the limit.
    #[serde(default)]
    below_limit: Vec<Kind>,
    limit: Option<Amount>,
    /// How many committee holders must approve from the limit on.
    #[serde(default = "one")]
    committee: u8,
}

const fn one() -> u8 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeFile {
    base: Vec<BaseItem>,
    basis: Option<Basis>,
    clause: Option<Text>,
    day: Option<u8>,
    fixed: Option<Amount>,
    #[serde(default)]
    invoice: bool,
    net_floor: Option<NetFloor>,
    performance: Option<Vec<PerformanceStep>>,
    rates: Vec<RateFile>,
    rounding: Option<Rounding>,
    taker: Label,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateFile {
    from: Option<Date>,
    rate: Rate,
}

/// Reads a deed file; `first` is the deed's first day, the first of a month.
///
/// # Errors
/// [`DeedFileError`] with the line that is wrong.
pub fn read(file: &str, first: Date) -> Result<Deed, DeedFileError> {
    let at = |span: Option<Range<usize>>, message: &str| {
        let before = file.get(..span.map_or(0, |span| span.start)).unwrap_or_default();
        DeedFileError { line: before.matches('\n').count() + 1, message: message.to_owned() }
    };
    let parsed: DeedFile = toml::from_str(file).map_err(|error| at(error.span(), error.message()))?;
    let approvals =
        approvals(&parsed.approvals).ok_or_else(|| at(find(file, "below_limit"), "a limit is needed"))?;
    if parsed.fees.iter().any(|fee| fee.day.is_some_and(|day| !(1..=28).contains(&day))) {
        return Err(at(find(file, "day"), "a day of the month from 1 to 28"));
    }
    let fees: Vec<FeeTerm> = parsed.fees.into_iter().map(|fee| term(fee, first)).collect();
    if fees.iter().any(|fee| !fee.rates.is_sorted_by(|a, b| a.from < b.from)) {
        return Err(at(find(file, "rates"), "rates are given in order of their first days"));
    }
    Ok(Deed {
        approvals,
        budget_required: parsed.budget_required,
        deadlines: parsed.deadlines,
        deficit: parsed.deficit.unwrap_or(Bearer::Owners),
        fees,
        first,
        history_until: parsed.history_until,
        name: parsed.name,
        off: parsed.off,
        parameters: parsed.parameters.into_iter().flat_map(named).collect(),
        reimbursable: parsed.reimbursable,
        related: parsed.related,
        severities: parsed.severities,
        text: parsed.text,
    })
}

fn find(file: &str, word: &str) -> Option<Range<usize>> {
    file.find(word).map(|start| start..start)
}

/// A parameter once for each of its values.
fn named((name, values): (Label, Values)) -> Vec<Parameter> {
    let values = match values {
        Values::One(value) => vec![value],
        Values::Several(values) => values,
    };
    values.into_iter().map(|value| Parameter { name: name.clone(), value }).collect()
}

fn party(name: &str, holders: u8) -> Option<Need> {
    Some(Need { holders, party: name.parse().ok()? })
}

/// The terms in order of kind; `None` if a limit is needed and missing.
fn approvals(file: &ApprovalsFile) -> Option<Vec<ApprovalTerm>> {
    let trustee = party("trustee", 1)?;
    let both = vec![party("committee", file.committee)?, trustee.clone()];
    let mut terms = Vec::new();
    for kind in file.alone.iter().chain(&file.below_limit) {
        terms.push(ApprovalTerm { from: None, kind: label(*kind)?, needs: vec![trustee.clone()] });
    }
    for kind in &file.below_limit {
        terms.push(ApprovalTerm { from: Some(file.limit?), kind: label(*kind)?, needs: both.clone() });
    }
    terms.sort_by(|a, b| (&a.kind, a.from).cmp(&(&b.kind, b.from)));
    Some(terms)
}

fn label(kind: Kind) -> Option<Label> {
    kind.as_str().parse().ok()
}

fn term(fee: FeeFile, first: Date) -> FeeTerm {
    let rate = |rate: RateFile| DatedRate { from: rate.from.unwrap_or(first), rate: rate.rate };
    FeeTerm {
        base: fee.base,
        basis: fee.basis.unwrap_or(Basis::Cash),
        clause: fee.clause,
        day: fee.day.unwrap_or(1),
        fixed: fee.fixed,
        invoice: fee.invoice,
        net_floor: fee.net_floor.unwrap_or(NetFloor::Total),
        performance: fee.performance,
        rates: fee.rates.into_iter().map(rate).collect(),
        rounding: fee.rounding.unwrap_or(Rounding::Cumulative),
        taker: fee.taker,
    }
}

/// A deed explained back: what each taker may take of 100,000.00 collected, and from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeExample {
    /// The clause of the paper deed.
    pub clause: Option<Text>,
    /// Collected in the example.
    pub collected: Decimal,
    /// From this day of the next month.
    pub day: u8,
    /// Whether an invoice is needed.
    pub invoice: bool,
    /// The rate, the last that has begun by the deed's first day.
    pub rate: Rate,
    /// The share of it.
    pub share: Decimal,
    /// Who takes.
    pub taker: Label,
}

/// The worked example of each fee in a deed.
#[must_use]
pub fn examples(deed: &Deed, unit: &Unit) -> Vec<FeeExample> {
    let collected = Decimal::from(100_000);
    let example = |term: &FeeTerm| {
        let rate = term.rates.iter().rev().find(|rate| rate.from <= deed.first).or(term.rates.first())?.rate;
        let share = share_of(&[(rate, collected)], unit)?;
        let (clause, taker) = (term.clause.clone(), term.taker.clone());
        Some(FeeExample { clause, collected, day: term.day, invoice: term.invoice, rate, share, taker })
    };
    deed.fees.iter().filter_map(example).collect()
}

/// The parties of whom one lost key would end the ledger: nobody could replace it (spec: A-7).
#[must_use]
pub fn irreplaceable(genesis: &Genesis) -> Vec<Label> {
    let holders = |party: &Label| {
        let approving =
            |key: &&xinyi_core::KeyGrant| key.party == *party && key.uses.contains(&xinyi_core::Use::Approve);
        genesis.keys.iter().filter(approving).count()
    };
    let can_act =
        |party: &Label| genesis.parties.iter().any(|known| known.party == *party) && holders(party) > 0;
    let is_lost = |party: &&xinyi_core::Party| {
        let alone = holders(&party.party) <= usize::from(party.threshold);
        let others =
            genesis.recovery.parties.iter().filter(|other| **other != party.party && can_act(other)).count();
        holders(&party.party) > 0 && alone && others < usize::from(genesis.recovery.needed)
    };
    genesis.parties.iter().filter(is_lost).map(|party| party.party.clone()).collect()
}
