//! What a map says of single cells, for entries and lists alike: which rows to pass over, days, sums, templates.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use crate::engine::{ReadError, RowError};
use crate::map::{DateColumn, ImportMap};
use crate::table::{Row, Rows, figure};

/// A file's rows with the map they are read by.
pub(crate) struct Cells<'r> {
    pub(crate) map: &'r ImportMap,
    /// Minutes east of UTC by which days are told.
    pub(crate) offset_minutes: i32,
    pub(crate) rows: &'r Rows,
    /// Digits after the point.
    pub(crate) scale: u32,
}

impl Cells<'_> {
    /// Whether the map passes over a row, or there is nothing in it.
    pub(crate) fn is_ignored(&self, row: &Row) -> bool {
        let ignores = |rule| self.rows.meets(row, std::slice::from_ref(rule), &self.map.strip);
        self.map.ignore.iter().any(ignores) || row.cells.iter().all(String::is_empty)
    }

    pub(crate) fn error(&self, row: &Row, column: &str, problem: &'static str) -> RowError {
        let cell = self.rows.cell(row, column).to_owned();
        RowError { cell, column: column.to_owned(), line: row.line, problem }
    }

    /// The moment in a column, at the ledger's offset.
    pub(crate) fn moment(&self, row: &Row, column: &DateColumn) -> Result<DateTime, RowError> {
        let cell = self.rows.cell(row, &column.column);
        let parsed = jiff::fmt::strtime::parse(&column.format, cell).ok();
        let moment = parsed.and_then(|parsed| {
            parsed.to_datetime().or_else(|_| parsed.to_date().map(|date| date.at(0, 0, 0, 0))).ok()
        });
        let moment =
            moment.ok_or_else(|| self.error(row, &column.column, "not a date of the map's format"))?;
        // A file in UTC puts an evening in Beijing on the day before.
        let shift = column.offset_minutes.map_or(0, |source| self.offset_minutes - source);
        Ok(moment.saturating_add(jiff::Span::new().minutes(shift)))
    }

    /// The sum of signed columns, with the unit's digits.
    pub(crate) fn sum(&self, terms: &[String], row: &Row) -> Result<Decimal, RowError> {
        let mut sum = Decimal::ZERO;
        for term in terms {
            let (sign, column) = term.split_at_checked(1).unwrap_or(("+", term));
            let figure = figure(self.rows.cell(row, column), &self.map.strip);
            let figure = figure.ok_or_else(|| self.error(row, column, "not an amount"))?;
            sum += if sign == "-" { -figure } else { figure };
        }
        let mut rounded = sum;
        rounded.rescale(self.scale);
        if rounded == sum {
            Ok(rounded)
        } else {
            Err(self.error(row, &terms.concat(), "finer than the unit"))
        }
    }

    /// A template with `{column}` of the row, and `{lead:column}` of its group's leading row, filled in.
    pub(crate) fn fill(&self, template: &str, row: &Row, lead: Option<&Row>) -> Result<String, RowError> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let cell = match name.strip_prefix("lead:") {
                Some(name) => lead.map(|lead| self.rows.cell(lead, name)).unwrap_or_default(),
                None => self.rows.cell(row, name),
            };
            if cell.is_empty() {
                return Err(self.error(row, name, "empty, but needed for a reference"));
            }
            filled.push_str(before);
            filled.push_str(cell);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// Requires every column that is named, so that a renamed column is no empty one.
pub(crate) fn require<'n>(rows: &Rows, named: impl IntoIterator<Item = &'n str>) -> Result<(), ReadError> {
    named.into_iter().try_for_each(|name| rows.column(name).map(|_| ()))
}

/// The columns of an amount's terms.
pub(crate) fn columns_of(terms: &Option<Vec<String>>) -> impl Iterator<Item = &str> {
    terms.iter().flatten().filter_map(|term| term.get(1..))
}

/// Whether a text is spelled like a label of a ledger.
pub(crate) fn is_label(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.len() <= 64
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|b| plain(b) || matches!(b, b'-' | b'_' | b'.'))
}
