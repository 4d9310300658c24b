//! The map: which column means what, and which row becomes which entries.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How a file is read and what its rows become.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportMap {
    pub(crate) date: DateColumn,
    #[serde(default = "comma")]
    pub(crate) delimiter: char,
    #[serde(default)]
    pub(crate) encoding: Encoding,
    pub(crate) entry: Vec<EntryRule>,
    /// Rows that belong together, and which of them leads.
    pub(crate) group: Option<Group>,
    /// The header is the first row that starts with this cell; rows before it are skipped.
    pub(crate) header: Option<String>,
    /// Rows to pass over without a word, such as totals.
    #[serde(default)]
    pub(crate) ignore: Vec<Condition>,
    /// Whom a file's names stand for. A name that is not here is refused, so that no name slips into a label.
    #[serde(default)]
    pub(crate) payees: BTreeMap<String, PayeeEntry>,
    /// Whether names that are labels already, such as pseudonyms, need no entry in `payees`.
    #[serde(default)]
    pub(crate) plain_payees: bool,
    #[serde(default)]
    pub(crate) skip_rows: usize,
    /// Characters cut from amounts: currency signs, separators.
    #[serde(default = "separators")]
    pub(crate) strip: String,
    /// Characters cut from both ends of every cell.
    #[serde(default = "blanks")]
    pub(crate) trim: String,
}

const fn comma() -> char {
    ','
}

fn separators() -> String {
    ",¥￥ ".to_owned()
}

fn blanks() -> String {
    " \t`\u{3000}".to_owned()
}

/// How the file's text is encoded. A byte order mark is passed over in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Encoding {
    Gb18030,
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DateColumn {
    pub(crate) column: String,
    /// As strptime writes it: `%Y-%m-%d`, `%Y%m%d`, `%Y/%m/%d %H:%M:%S`.
    pub(crate) format: String,
    /// Minutes east of UTC at which the file's times are written, if not the ledger's own.
    pub(crate) offset_minutes: Option<i32>,
}

/// A payee as the ledger registers it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayeeEntry {
    /// An organisation is named in clear, a person under seal.
    #[serde(default)]
    pub(crate) organisation: bool,
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) related: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    pub(crate) column: String,
    pub(crate) lead: Vec<Condition>,
}

/// A question to one cell of a row; all that are asked must be met.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    pub(crate) column: String,
    pub(crate) empty: Option<bool>,
    pub(crate) equals: Option<String>,
    pub(crate) one_of: Option<Vec<String>>,
    pub(crate) prefix: Option<String>,
    pub(crate) sign: Option<Sign>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sign {
    Minus,
    Plus,
    Zero,
}

/// What a row becomes if its conditions are met. A row may meet several rules.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryRule {
    /// Columns added up, each with its sign, `+in` or `-fee`; the amount is what comes out, without sign.
    pub(crate) amount: Option<Vec<String>>,
    /// Fields taken from columns.
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, String>,
    pub(crate) kind: String,
    /// Links to other entries by field: the reference they have, as a template.
    #[serde(default)]
    pub(crate) links: BTreeMap<String, String>,
    /// The column that names the payee, who is registered once.
    pub(crate) payee: Option<String>,
    /// Whether the field `periods` is the month of the row.
    #[serde(default)]
    pub(crate) periods: bool,
    /// The reference, as a template: `{no}-fee`.
    #[serde(rename = "ref")]
    pub(crate) reference: String,
    /// Fields whose value is sealed, from columns.
    #[serde(default)]
    pub(crate) sealed: BTreeMap<String, String>,
    /// Fields with a fixed value.
    #[serde(default)]
    pub(crate) set: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) when: Vec<Condition>,
}

/// Why a map cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct MapError {
    /// The line of the map, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl ImportMap {
    /// Reads a map.
    ///
    /// # Errors
    /// [`MapError`] with the line that is wrong; keys that no map has are wrong.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        let map: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
            MapError { line, message: error.message().to_owned() }
        })?;
        let terms = map.entry.iter().flat_map(|rule| rule.amount.iter().flatten());
        match terms.into_iter().find(|term| !term.starts_with(['+', '-'])) {
            Some(term) => Err(MapError {
                line: text.lines().position(|line| line.contains(term.as_str())).unwrap_or(0) + 1,
                message: format!("an amount term starts with + or -, not `{term}`"),
            }),
            None => Ok(map),
        }
    }
}
