//! A file's rows as text, each cell by its column's name, with the place it came from.

use std::collections::HashMap;

use crate::engine::ReadError;
use crate::map::{Condition, Encoding, ImportMap, Sign};

/// The rows under a header.
pub(crate) struct Rows {
    columns: HashMap<String, usize>,
    pub(crate) rows: Vec<Row>,
}

/// One row: its cells and the line of the file it begins on.
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    pub(crate) line: u64,
}

impl Rows {
    /// Decodes and splits a file.
    pub(crate) fn of(map: &ImportMap, bytes: &[u8]) -> Result<Self, ReadError> {
        let text = decode(map.encoding, bytes)?;
        let delimiter = u8::try_from(map.delimiter).map_err(|_| ReadError::Delimiter)?;
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.delimiter(delimiter).has_headers(false).flexible(true);
        let mut columns = None;
        let mut rows = Vec::new();
        for (number, record) in reader.from_reader(text.as_bytes()).into_records().enumerate() {
            let record = record.map_err(|error| ReadError::Csv(error.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let trim = |cell: &str| cell.trim_matches(|c| map.trim.contains(c)).to_owned();
            let cells: Vec<String> = record.iter().map(trim).collect();
            match &columns {
                Some(_) => rows.push(Row { cells, line }),
                None if is_header(map, number, &cells) => columns = Some(names(map, &cells)),
                None => {}
            }
        }
        Ok(Self { columns: columns.ok_or(ReadError::NoHeader)?, rows })
    }

    /// The place of a column.
    pub(crate) fn column(&self, name: &str) -> Result<usize, ReadError> {
        self.columns.get(name).copied().ok_or_else(|| ReadError::NoColumn(name.to_owned()))
    }

    /// A row's cell by its column's name; a short row has empty cells.
    pub(crate) fn cell<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        let cell = self.columns.get(name).and_then(|place| row.cells.get(*place));
        cell.map(String::as_str).unwrap_or_default()
    }

    /// Whether a row meets every condition.
    pub(crate) fn meets(&self, row: &Row, conditions: &[Condition], strip: &str) -> bool {
        conditions.iter().all(|condition| condition.is_met(self.cell(row, &condition.column), strip))
    }
}

impl Condition {
    fn is_met(&self, cell: &str, strip: &str) -> bool {
        let sign = self.sign.is_none_or(|sign| {
            let figure: Option<rust_decimal::Decimal> = figure(cell, strip);
            figure.is_some_and(|figure| match sign {
                Sign::Minus => figure.is_sign_negative() && !figure.is_zero(),
                Sign::Plus => figure.is_sign_positive() && !figure.is_zero(),
                Sign::Zero => figure.is_zero(),
            })
        });
        sign && self.empty.is_none_or(|empty| cell.is_empty() == empty)
            && self.equals.as_ref().is_none_or(|word| word == cell)
            && self.one_of.as_ref().is_none_or(|words| words.iter().any(|word| word == cell))
            && self.prefix.as_ref().is_none_or(|prefix| cell.starts_with(prefix.as_str()))
    }
}

/// A cell's figure without currency signs and separators; an empty cell is zero.
pub(crate) fn figure(cell: &str, strip: &str) -> Option<rust_decimal::Decimal> {
    if !has_whole_groups(cell) {
        return None;
    }
    let plain: String = cell.chars().filter(|c| !strip.contains(*c)).collect();
    if plain.is_empty() {
        return Some(rust_decimal::Decimal::ZERO);
    }
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let is_figure = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.len() < 20;
    if is_figure { plain.strip_prefix('+').unwrap_or(&plain).parse().ok() } else { None }
}

/// Whether every comma parts three digits, so that `1,23` is not read as 123.
fn has_whole_groups(cell: &str) -> bool {
    let whole = cell.split('.').next().unwrap_or(cell);
    whole.split(',').skip(1).all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
}

fn is_header(map: &ImportMap, number: usize, cells: &[String]) -> bool {
    match &map.header {
        Some(first) => cells.first().is_some_and(|cell| cell == first),
        None => number >= map.skip_rows,
    }
}

fn names(map: &ImportMap, cells: &[String]) -> HashMap<String, usize> {
    let known = |name: &String| map.headings.get(name).unwrap_or(name).clone();
    cells.iter().enumerate().map(|(place, name)| (known(name), place)).collect()
}

fn decode(encoding: Encoding, bytes: &[u8]) -> Result<String, ReadError> {
    let encoding = match encoding {
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Utf8 => encoding_rs::UTF_8,
    };
    let (text, _, malformed) = encoding.decode(bytes);
    if malformed { Err(ReadError::Encoding(encoding.name())) } else { Ok(text.into_owned()) }
}
