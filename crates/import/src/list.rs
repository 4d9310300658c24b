//! Rows to lists from outside: a bank's movements, instalments due, receipts given, bills of the roll, shares.
//!
//! The map is the one that makes entries; beside `[[entry]]` it may have `[[bank]]`, `[[contracts]]`,
//! `[[receipts]]`, `[[roll]]` or `[[shares]]`. What fields a list has stands in one table.

use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::cells::{Cells, columns_of, is_label, require};
use crate::engine::{LeftOut, ReadError, RowError};
use crate::map::{ImportMap, ListRule};
use crate::table::{Row, Rows, figure};

/// A kind of list from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Movements of an account.
    Bank,
    /// Instalments that fall due.
    Contracts,
    /// Receipts given.
    Receipts,
    /// Bills.
    Roll,
    /// Shares of a sum among the owners.
    Shares,
}

/// How a field of a list is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Count,
    Figure,
    Label,
    Month,
    Side,
    Text,
}

/// A field of a list besides its amount and its day.
struct Field {
    form: Form,
    name: &'static str,
    /// Whether every row must have it; one that need not may be left out of a map, or empty in a row.
    needed: bool,
    /// The object that it is part of.
    within: Option<&'static str>,
}

const fn field(name: &'static str, form: Form) -> Field {
    Field { form, name, needed: true, within: None }
}

impl List {
    /// The word for it in maps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Contracts => "contracts",
            Self::Receipts => "receipts",
            Self::Roll => "roll",
            Self::Shares => "shares",
        }
    }

    /// The field that holds the row's day.
    pub(crate) const fn day(self) -> Option<&'static str> {
        match self {
            Self::Bank => Some("date"),
            Self::Contracts => Some("due"),
            Self::Receipts | Self::Roll | Self::Shares => None,
        }
    }

    const fn fields(self) -> &'static [Field] {
        const CONTRACTS: &[Field] = &[field("contract", Form::Label), field("side", Form::Side)];
        const RECEIPTS: &[Field] = &[field("number", Form::Count), field("series", Form::Label)];
        const ROLL: &[Field] = &[
            field("area", Form::Figure),
            field("category", Form::Label),
            Field { within: Some("months"), ..field("from", Form::Month) },
            Field { needed: false, ..field("price", Form::Figure) },
            Field { within: Some("months"), ..field("to", Form::Month) },
        ];
        const SHARES: &[Field] = &[field("area", Form::Figure), field("unit", Form::Text)];
        match self {
            Self::Bank => &[],
            Self::Contracts => CONTRACTS,
            Self::Receipts => RECEIPTS,
            Self::Roll => ROLL,
            Self::Shares => SHARES,
        }
    }
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// The balance after it, where the file says so.
    pub balance: Option<Decimal>,
    /// Its fields, the line of the file among them.
    pub fields: Map<String, Value>,
}

/// A file read as a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// Rows left out.
    pub left_out: Vec<LeftOut>,
    /// The rows; those that have a day oldest first.
    pub rows: Vec<ListRow>,
}

/// Reads a file as a list; amounts get `scale` digits after the point, days are those `offset_minutes` east of UTC.
///
/// # Errors
/// See [`ReadError`]; every row that cannot be read is named, not the first alone.
pub fn read_list(
    map: &ImportMap,
    list: List,
    bytes: &[u8],
    scale: u32,
    offset_minutes: i32,
) -> Result<Listed, ReadError> {
    let rules = map.rules_of(list);
    if rules.is_empty() {
        return Err(ReadError::NoRule(list.as_str()));
    }
    let rows = Rows::of(map, bytes)?;
    let dated = map.date.iter().filter(|_| list.day().is_some()).map(|date| date.column.as_str());
    let ignored = map.ignore.iter().map(|condition| condition.column.as_str());
    require(&rows, rules.iter().flat_map(columns).chain(dated).chain(ignored))?;
    let reader = Reader { cells: Cells { map, offset_minutes, rows: &rows, scale }, list, rules };
    let (mut errors, mut listed, mut read) = (Vec::new(), Listed::default(), Vec::new());
    for row in &rows.rows {
        match reader.row(row) {
            Ok(Ok(row)) => read.push(row),
            Ok(Err(reason)) => listed.left_out.push(LeftOut { line: row.line, reason }),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(ReadError::Rows(errors));
    }
    listed.rows = oldest_first(read);
    Ok(listed)
}

/// Files come oldest first or newest first; rows of one day stay in the order of time.
fn oldest_first(mut rows: Vec<(Option<DateTime>, ListRow)>) -> Vec<ListRow> {
    let ends = rows.first().zip(rows.last()).map(|((first, _), (last, _))| (*first, *last));
    if ends.is_some_and(|(first, last)| first > last) {
        rows.reverse();
    }
    rows.sort_by_key(|(moment, _)| *moment);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Every column that a rule names.
fn columns(rule: &ListRule) -> impl Iterator<Item = &str> {
    let conditions = rule.when.iter().map(|condition| condition.column.as_str());
    let plain = rule.columns.values().chain(&rule.balance).map(String::as_str);
    conditions.chain(columns_of(&rule.amount)).chain(plain)
}

struct Reader<'r> {
    cells: Cells<'r>,
    list: List,
    rules: &'r [ListRule],
}

impl Reader<'_> {
    /// A row of the list, or why it is none.
    fn row(&self, row: &Row) -> Result<Result<(Option<DateTime>, ListRow), &'static str>, RowError> {
        if self.cells.is_ignored(row) {
            return Ok(Err("ignored"));
        }
        let map = self.cells.map;
        let rule = self.rules.iter().find(|rule| self.cells.rows.meets(row, &rule.when, &map.strip));
        let first = map.date.as_ref().map_or("", |date| date.column.as_str());
        let rule = rule.ok_or_else(|| self.cells.error(row, first, "no rule of the map takes this row"))?;
        let amount = rule.amount.as_ref().map(|terms| self.amount(terms, row)).transpose()?;
        if self.list == List::Bank && amount.is_some_and(|amount| amount.is_zero()) {
            return Ok(Err("zero"));
        }
        let day = map.date.as_ref().zip(self.list.day());
        let day = day.map(|(column, name)| Ok((name, self.cells.moment(row, column)?))).transpose()?;
        let mut fields = self.fields(rule, row)?;
        fields.extend(amount.map(|amount| ("amount".to_owned(), json!(amount))));
        fields.extend(day.map(|(name, moment)| (name.to_owned(), json!(moment.date().to_string()))));
        let balance = rule.balance.as_ref().filter(|column| !self.cells.rows.cell(row, column).is_empty());
        let balance = balance.map(|column| self.cells.sum(&[format!("+{column}")], row)).transpose()?;
        Ok(Ok((day.map(|(_, moment)| moment), ListRow { balance, fields })))
    }

    /// The fields of a row besides its amount and its day.
    fn fields(&self, rule: &ListRule, row: &Row) -> Result<Map<String, Value>, RowError> {
        let mut fields = Map::from_iter([("line".to_owned(), json!(row.line))]);
        if self.list == List::Bank {
            let reference = rule.reference.as_ref().map(|template| self.cells.fill(template, row, None));
            fields.insert("reference".to_owned(), json!(reference.transpose()?.unwrap_or_default()));
        }
        for field in self.list.fields().iter().filter(|field| field.needed || self.has(field, rule, row)) {
            let value = self.field(field, rule, row)?;
            let object = match field.within {
                Some(within) => fields.entry(within).or_insert_with(|| json!({})).as_object_mut(),
                None => Some(&mut fields),
            };
            object.into_iter().for_each(|object| drop(object.insert(field.name.to_owned(), value.clone())));
        }
        Ok(fields)
    }

    /// A bank's amounts have a sign, those of other lists have none.
    fn amount(&self, terms: &[String], row: &Row) -> Result<Decimal, RowError> {
        let amount = self.cells.sum(terms, row)?;
        if self.list != List::Bank && amount.is_sign_negative() && !amount.is_zero() {
            return Err(self.cells.error(row, &terms.concat(), "below zero"));
        }
        Ok(amount)
    }

    /// Whether the map and the row say anything of a field.
    fn has(&self, field: &Field, rule: &ListRule, row: &Row) -> bool {
        let column = rule.columns.get(field.name);
        rule.set.contains_key(field.name)
            || column.is_some_and(|column| !self.cells.rows.cell(row, column).is_empty())
    }

    /// One field: a fixed value of the rule, or a cell, translated by the map's words.
    fn field(&self, field: &Field, rule: &ListRule, row: &Row) -> Result<Value, RowError> {
        let column = rule.columns.get(field.name).map_or(field.name, String::as_str);
        let set = rule.set.get(field.name).map(String::as_str);
        let cell = set.unwrap_or_else(|| self.cells.rows.cell(row, column));
        let word = self.cells.map.words.get(cell).map_or(cell, String::as_str);
        let wrong = |problem| self.cells.error(row, column, problem);
        match field.form {
            Form::Count => match word.parse::<u64>() {
                Ok(number) if word.bytes().all(|byte| byte.is_ascii_digit()) => Ok(json!(number)),
                _ => Err(wrong("not a whole number")),
            },
            Form::Figure => {
                let figure = figure(word, &self.cells.map.strip).filter(|_| !word.is_empty());
                figure.map(|figure| json!(figure)).ok_or_else(|| wrong("not a figure"))
            }
            Form::Label if is_label(word) => Ok(json!(word)),
            Form::Label => Err(wrong("not a label of the ledger, and not in the map's words")),
            Form::Month => {
                let parsed = jiff::fmt::strtime::parse(&self.cells.map.months, word).ok();
                let month = parsed.and_then(|parsed| parsed.year().zip(parsed.month()));
                let month = month.map(|(year, month)| json!(format!("{year:04}-{month:02}")));
                month.ok_or_else(|| wrong("not a month of the map's format"))
            }
            Form::Side if matches!(word, "income" | "spending") => Ok(json!(word)),
            Form::Text if word.is_empty() => Err(wrong("empty")),
            Form::Text => Ok(json!(word)),
            Form::Side => Err(wrong("neither income nor spending, and not in the map's words")),
        }
    }
}
