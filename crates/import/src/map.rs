//! The map: which column means what, and which row becomes which entries.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::list::List;

/// How a file is read and what its rows become.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportMap {
    /// A row's day; entries and lists with days need it.
    pub(crate) date: Option<DateColumn>,
    /// What a row of a bank's list is.
    #[serde(default)]
    pub(crate) bank: Vec<ListRule>,
    /// What a row of a register of contracts is.
    #[serde(default)]
    pub(crate) contracts: Vec<ListRule>,
    #[serde(default = "comma")]
    pub(crate) delimiter: char,
    #[serde(default)]
    pub(crate) encoding: Encoding,
    #[serde(default)]
    pub(crate) entry: Vec<EntryRule>,
    /// Rows that belong together, and which of them leads.
    pub(crate) group: Option<Group>,
    /// The header is the first row that starts with this cell; rows before it are skipped.
    pub(crate) header: Option<String>,
    /// Other names that columns may have in a file: one map for English and Chinese headings.
    #[serde(default)]
    pub(crate) headings: BTreeMap<String, String>,
    /// Rows to pass over without a word, such as totals.
    #[serde(default)]
    pub(crate) ignore: Vec<Condition>,
    /// How months are written, as strptime writes it.
    #[serde(default = "month")]
    pub(crate) months: String,
    /// Whom a file's names stand for. A name that is not here is refused, so that no name slips into a label.
    #[serde(default)]
    pub(crate) payees: BTreeMap<String, PayeeEntry>,
    /// Whether names that are labels already, such as pseudonyms, need no entry in `payees`.
    #[serde(default)]
    pub(crate) plain_payees: bool,
    /// What a row of a list of receipts is.
    #[serde(default)]
    pub(crate) receipts: Vec<ListRule>,
    /// What a row of a roll is.
    #[serde(default)]
    pub(crate) roll: Vec<ListRule>,
    /// What a row of a list of shares is.
    #[serde(default)]
    pub(crate) shares: Vec<ListRule>,
    #[serde(default)]
    pub(crate) skip_rows: usize,
    /// Characters cut from amounts: currency signs, separators.
    #[serde(default = "separators")]
    pub(crate) strip: String,
    /// Characters cut from both ends of every cell.
    #[serde(default = "blanks")]
    pub(crate) trim: String,
    /// The ledger's words for those of a list: labels of contracts and categories, which way money goes.
    #[serde(default)]
    pub(crate) words: BTreeMap<String, String>,
}

const fn comma() -> char {
    ','
}

fn month() -> String {
    "%Y-%m".to_owned()
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

/// What a row of a list is if its conditions are met. The first rule that a row meets takes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListRule {
    /// Columns added up, each with its sign. Without it the row has no amount, as a void receipt has none.
    pub(crate) amount: Option<Vec<String>>,
    /// The column with the balance after the row, in a bank's list.
    pub(crate) balance: Option<String>,
    /// Fields taken from columns of another name.
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, String>,
    /// The bank's own reference of the row, as a template.
    #[serde(rename = "ref")]
    pub(crate) reference: Option<String>,
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
        let lists = [List::Bank, List::Contracts, List::Receipts, List::Roll, List::Shares];
        let dated = lists.into_iter().any(|list| list.day().is_some() && !map.rules_of(list).is_empty());
        if map.date.is_none() && (dated || !map.entry.is_empty()) {
            return Err(MapError { line: 1, message: "missing field `date`".to_owned() });
        }
        let of_lists = lists.into_iter().flat_map(|list| map.rules_of(list)).map(|rule| &rule.amount);
        let terms = map.entry.iter().map(|rule| &rule.amount).chain(of_lists).flatten().flatten();
        match terms.into_iter().find(|term| !term.starts_with(['+', '-'])) {
            Some(term) => Err(MapError {
                line: text.lines().position(|line| line.contains(term.as_str())).unwrap_or(0) + 1,
                message: format!("an amount term starts with + or -, not `{term}`"),
            }),
            None => Ok(map),
        }
    }

    /// What a row of a list is.
    pub(crate) fn rules_of(&self, list: List) -> &[ListRule] {
        match list {
            List::Bank => &self.bank,
            List::Contracts => &self.contracts,
            List::Receipts => &self.receipts,
            List::Roll => &self.roll,
            List::Shares => &self.shares,
        }
    }
}
