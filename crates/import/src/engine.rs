//! Rows to proposals: dates, amounts, references, links, payees, what is sealed, in order of time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::cells::{Cells, columns_of, is_label, require};
use crate::map::{DateColumn, EntryRule, ImportMap};
use crate::table::{Row, Rows};

/// An entry proposed; the same shape that `add --json` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Fields with their values.
    pub data: BTreeMap<String, serde_json::Value>,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// Private values in clear, to be sealed when entered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub disclose: BTreeMap<String, String>,
    /// The kind of entry.
    pub kind: String,
    /// Links to other entries by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, LinkName>,
    /// The reference.
    #[serde(rename = "ref")]
    pub reference: String,
}

/// Another entry by its month and reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkName {
    /// Its month, `YYYY-MM`.
    pub period: String,
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
}

/// A row that becomes no entry, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The line of the file, from 1.
    pub line: u64,
    /// Why: `ignored` by the map, or `zero` amount.
    pub reason: &'static str,
}

/// What a file becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows left out.
    pub left_out: Vec<LeftOut>,
    /// Entries proposed, oldest first; payees before who pays them.
    pub proposals: Vec<Proposal>,
    /// How many rows the file has under its header.
    pub rows: usize,
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column `{column}`: {problem}: `{cell}`")]
pub struct RowError {
    /// The cell's text.
    pub cell: String,
    /// The column's name.
    pub column: String,
    /// The line of the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// Why a file cannot be read by a map.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not a table.
    #[error("not a table: {0}")]
    Csv(String),
    /// A delimiter that is not one byte.
    #[error("the delimiter must be one plain character")]
    Delimiter,
    /// Not in the encoding that the map names.
    #[error("the file is not in {0}; name another encoding in the map")]
    Encoding(&'static str),
    /// A column that the file does not have.
    #[error("the file has no column `{0}`")]
    NoColumn(String),
    /// No header row was found.
    #[error("no header row was found")]
    NoHeader,
    /// The map does not say what a row becomes.
    #[error("the map has no [[{0}]]")]
    NoRule(&'static str),
    /// Rows that cannot be read: all of them.
    #[error("{} rows cannot be read; first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Rows(Vec<RowError>),
}

impl ReadError {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Csv(_) => "csv-malformed",
            Self::Delimiter => "csv-delimiter",
            Self::Encoding(_) => "csv-encoding",
            Self::NoColumn(_) => "csv-column",
            Self::NoHeader => "csv-header",
            Self::NoRule(_) => "map-part",
            Self::Rows(_) => "csv-rows",
        }
    }
}

/// Reads a file by a map; amounts get `scale` digits after the point, days are those `offset_minutes` east of
/// UTC.
///
/// # Errors
/// See [`ReadError`]; every row that cannot be read is named, not the first alone.
pub fn read(map: &ImportMap, bytes: &[u8], scale: u32, offset_minutes: i32) -> Result<Imported, ReadError> {
    let date = map.date.as_ref().filter(|_| !map.entry.is_empty()).ok_or(ReadError::NoRule("entry"))?;
    let rows = Rows::of(map, bytes)?;
    check_columns(map, date, &rows)?;
    let cells = Cells { map, offset_minutes, rows: &rows, scale };
    let reader = Reader { cells, date, leads: leads(map, &rows) };
    let mut dated = Vec::new();
    let mut errors = Vec::new();
    let mut left_out = Vec::new();
    for row in &rows.rows {
        match reader.row(row) {
            Ok(Outcome::Entries(moment, proposals)) => dated.push((moment, proposals)),
            Ok(Outcome::LeftOut(reason)) => left_out.push(LeftOut { line: row.line, reason }),
            Err(error) => errors.push(error),
        }
    }
    // Files come oldest first or newest first; entries go oldest first, rows of one moment as they stand.
    dated.sort_by_key(|(moment, _)| *moment);
    let mut proposals: Vec<Proposal> = dated.into_iter().flat_map(|(_, proposals)| proposals).collect();
    resolve(&mut proposals, &mut errors);
    if !errors.is_empty() {
        return Err(ReadError::Rows(errors));
    }
    Ok(Imported { left_out, proposals: with_payees(map, proposals), rows: rows.rows.len() })
}

/// Requires every column that the map names for entries.
fn check_columns(map: &ImportMap, date: &DateColumn, rows: &Rows) -> Result<(), ReadError> {
    let conditions = map.entry.iter().flat_map(|rule| &rule.when).chain(&map.ignore);
    let conditions = conditions.chain(map.group.iter().flat_map(|group| &group.lead));
    let of_rules = map.entry.iter().flat_map(|rule| {
        let plain = rule.columns.values().chain(rule.sealed.values()).chain(&rule.payee);
        columns_of(&rule.amount).chain(plain.map(String::as_str))
    });
    let conditions = conditions.map(|condition| condition.column.as_str());
    require(rows, conditions.chain([date.column.as_str()]).chain(of_rules))
}

/// The leading row of each group.
fn leads<'r>(map: &ImportMap, rows: &'r Rows) -> HashMap<String, &'r Row> {
    let Some(group) = &map.group else { return HashMap::new() };
    let leading = rows.rows.iter().filter(|row| rows.meets(row, &group.lead, &map.strip));
    leading.map(|row| (rows.cell(row, &group.column).to_owned(), row)).collect()
}

enum Outcome {
    Entries(DateTime, Vec<Proposal>),
    LeftOut(&'static str),
}

struct Reader<'r> {
    cells: Cells<'r>,
    date: &'r DateColumn,
    leads: HashMap<String, &'r Row>,
}

impl Reader<'_> {
    fn row(&self, row: &Row) -> Result<Outcome, RowError> {
        let Cells { map, rows, .. } = &self.cells;
        if self.cells.is_ignored(row) {
            return Ok(Outcome::LeftOut("ignored"));
        }
        let rules: Vec<_> = map.entry.iter().filter(|rule| rows.meets(row, &rule.when, &map.strip)).collect();
        if rules.is_empty() {
            return Err(self.cells.error(row, &self.date.column, "no rule of the map takes this row"));
        }
        let moment = self.cells.moment(row, self.date)?;
        let mut proposals = Vec::new();
        for rule in rules {
            proposals.extend(self.entry(rule, row, moment.date())?);
        }
        Ok(if proposals.is_empty() { Outcome::LeftOut("zero") } else { Outcome::Entries(moment, proposals) })
    }

    /// The entry of one rule; none if its amount is zero.
    fn entry(&self, rule: &EntryRule, row: &Row, date: Date) -> Result<Option<Proposal>, RowError> {
        let mut data = BTreeMap::new();
        if let Some(terms) = &rule.amount {
            let amount = self.cells.sum(terms, row)?.abs();
            if amount.is_zero() {
                return Ok(None);
            }
            data.insert("amount".to_owned(), amount.to_string().into());
        }
        let cell = |column: &String| self.cells.rows.cell(row, column);
        data.extend(rule.set.iter().map(|(field, value)| (field.clone(), value.clone().into())));
        let filled = rule.columns.iter().filter(|(_, column)| !cell(column).is_empty());
        data.extend(filled.map(|(field, column)| (field.clone(), cell(column).into())));
        if rule.periods {
            data.insert("periods".to_owned(), serde_json::json!([month(date)]));
        }
        let mut disclose: BTreeMap<_, _> =
            rule.sealed.iter().map(|(field, column)| (field.clone(), cell(column).to_owned())).collect();
        disclose.retain(|_, value| !value.is_empty());
        if let Some(column) = &rule.payee {
            let label = self.label(cell(column));
            let label = label.ok_or_else(|| self.cells.error(row, column, "not in the map's payees"))?;
            data.insert("payee".to_owned(), label.into());
            disclose.insert(PAYEE.to_owned(), cell(column).to_owned());
        }
        let links = rule.links.iter().map(|(field, template)| {
            let reference = self.cells.fill(template, row, self.lead(row))?;
            Ok((field.clone(), LinkName { period: String::new(), reference }))
        });
        let links = links.collect::<Result<_, RowError>>()?;
        let reference = self.cells.fill(&rule.reference, row, self.lead(row))?;
        Ok(Some(Proposal {
            data,
            date: date.to_string(),
            disclose,
            kind: rule.kind.clone(),
            links,
            reference,
        }))
    }

    /// A payee's label: the map's, or the name itself where names are pseudonyms.
    fn label(&self, name: &str) -> Option<String> {
        let map = self.cells.map;
        let listed = map.payees.get(name).map(|payee| payee.label.clone());
        listed.or_else(|| (map.plain_payees && is_label(name)).then(|| name.to_owned()))
    }

    fn lead(&self, row: &Row) -> Option<&Row> {
        let group = self.cells.map.group.as_ref()?;
        self.leads.get(self.cells.rows.cell(row, &group.column)).copied()
    }
}

/// The private name under which a payee's clear name travels until the payee is registered.
const PAYEE: &str = "payee name";

fn month(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// Finds the month of every entry that a link names. One that is not in the file before it is an error, and so
/// is a reference that stands twice in a month.
fn resolve(proposals: &mut [Proposal], errors: &mut Vec<RowError>) {
    let mut months: HashMap<String, String> = HashMap::new();
    for proposal in proposals {
        let mut wrong = |cell: &str, column: &str, problem| {
            errors.push(RowError { cell: cell.to_owned(), column: column.to_owned(), line: 0, problem });
        };
        for (field, link) in &mut proposal.links {
            match months.get(&link.reference) {
                Some(month) => link.period.clone_from(month),
                None => wrong(&link.reference, field, "names no earlier entry of the file"),
            }
        }
        let month: String = proposal.date.chars().take(7).collect();
        if months.insert(proposal.reference.clone(), month).is_some() {
            wrong(&proposal.reference, "ref", "the reference stands twice");
        }
    }
}

/// Registers every payee once, before the first entry that names it.
fn with_payees(map: &ImportMap, proposals: Vec<Proposal>) -> Vec<Proposal> {
    let mut known = BTreeSet::new();
    let mut all = Vec::with_capacity(proposals.len());
    for mut proposal in proposals {
        if let Some(name) = proposal.disclose.remove(PAYEE) {
            let label =
                proposal.data.get("payee").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            if known.insert(label.clone()) {
                all.push(payee(map, &label, name, &proposal.date));
            }
        }
        all.push(proposal);
    }
    all
}

fn payee(map: &ImportMap, label: &str, name: String, date: &str) -> Proposal {
    let entry = map.payees.get(&name);
    let organisation = entry.is_some_and(|entry| entry.organisation);
    let mut data = BTreeMap::from([
        ("class".to_owned(), if organisation { "organisation" } else { "person" }.into()),
        ("payee".to_owned(), label.into()),
        ("related".to_owned(), entry.is_some_and(|entry| entry.related).into()),
    ]);
    let mut disclose = BTreeMap::new();
    if organisation {
        data.insert("name".to_owned(), name.into());
    } else {
        disclose.insert("sealed_name".to_owned(), name);
    }
    let (date, reference) = (date.to_owned(), format!("payee-{label}"));
    Proposal { data, date, disclose, kind: "payee".to_owned(), links: BTreeMap::new(), reference }
}
