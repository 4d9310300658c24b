//! Lists from outside, read by maps: what a bank, a register, receipts and a roll say, for the rules that compare.

use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use xinyi_core::{Date, Hash, Index, Label, Period};
use xinyi_import::{List, ListRow, Listed, read_list};
use xinyi_rules::{BankList, BankRow, Books, DueRow, Outside, ReceiptRow, RollRow, ShareList, ShareRow};

use crate::args::{Days, OutsideOptions};
use crate::failure::Failure;
use crate::maps;
use crate::reading::bytes_of;

/// A list that a check was given.
#[derive(Debug, Serialize)]
pub(crate) struct Used {
    /// Of a bank's list: the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<Label>,
    /// SHA-256 of the file.
    pub(crate) digest: Hash,
    /// The file, as it was named.
    pub(crate) file: String,
    /// How many rows lie outside the month and were passed over.
    pub(crate) ignored: usize,
    /// How many rows the map passes over.
    pub(crate) left_out: usize,
    /// What it is: `bank`, `contracts`, `receipts`, `roll`, `shares`.
    pub(crate) paper: &'static str,
    /// How many rows were compared.
    pub(crate) rows: usize,
}

/// The lists given, as rules read them, and where each comes from.
pub(crate) fn read(
    options: &OutsideOptions,
    books: &Books,
    period: Option<Period>,
) -> Result<(Outside, Vec<Used>), Failure> {
    let mut reader = Reader { books, period, used: Vec::new() };
    let mut outside = Outside::default();
    for given in &options.bank {
        outside.bank.extend(reader.bank(given, options)?);
    }
    let in_month = |row: &DueRow, month: Period| row.due.period() == month;
    outside.contracts =
        reader.plain(options.contracts.as_ref(), &options.contracts_map, List::Contracts, in_month)?;
    // Receipts have no day: their numbers run through the months.
    outside.receipts = reader.plain(
        options.receipts.as_ref(),
        &options.receipts_map,
        List::Receipts,
        |_: &ReceiptRow, _| true,
    )?;
    let in_month = |row: &RollRow, month: Period| (row.months.from..=row.months.to).contains(&month);
    outside.roll = reader.plain(options.roll.as_ref(), &options.roll_map, List::Roll, in_month)?;
    for given in &options.shares {
        outside.shares.push(reader.shares(given, &options.shares_map)?);
    }
    Ok((outside, reader.used))
}

struct Reader<'b> {
    books: &'b Books,
    /// The month of a month's file: rows of others are passed over.
    period: Option<Period>,
    used: Vec<Used>,
}

impl Reader<'_> {
    /// A list without accounts; `is_of` says whether a row is of a month.
    fn plain<T: DeserializeOwned>(
        &mut self,
        file: Option<&PathBuf>,
        map: &str,
        list: List,
        is_of: impl Fn(&T, Period) -> bool,
    ) -> Result<Option<Vec<T>>, Failure> {
        let Some(file) = file else { return Ok(None) };
        let (listed, mut used) = self.listed(file, map, list)?;
        let rows: Vec<T> = typed(file, listed.rows)?.into_iter().map(|(row, _)| row).collect();
        let all = rows.len();
        let period = self.period;
        let rows: Vec<T> =
            rows.into_iter().filter(|row| period.is_none_or(|month| is_of(row, month))).collect();
        (used.rows, used.ignored) = (rows.len(), all - rows.len());
        self.used.push(used);
        Ok(Some(rows))
    }

    /// A bank's list of one account; none if no day of it lies in the month.
    fn bank(&mut self, given: &str, options: &OutsideOptions) -> Result<Option<BankList>, Failure> {
        let usage = || Failure::usage("outside-bank", given);
        let (account, file) = given.split_once('=').ok_or_else(usage)?;
        let account: Label = account.parse().map_err(|_| usage())?;
        if !self.books.is_one_month() && self.books.account(&account).is_none() {
            return Err(Failure::usage("outside-account", account));
        }
        let (listed, used) = self.listed(Path::new(file), map_of(options, &account), List::Bank)?;
        let rows: Vec<(BankRow, Option<Decimal>)> = typed(Path::new(file), listed.rows)?;
        let days = options.bank_days.or_else(|| covered(&rows));
        let days = days.ok_or_else(|| Failure::usage("outside-days", file))?;
        let from = self.period.map_or(days.from, |month| days.from.max(month.first_day()));
        let to = self.period.map_or(days.to, |month| days.to.min(month.last_day()));
        let all = rows.len();
        let mut rows = rows;
        rows.retain(|(row, _)| (from..=to).contains(&row.date));
        let ignored = all - rows.len();
        self.used.push(Used { account: Some(account.clone()), ignored, rows: rows.len(), ..used });
        let closing = rows.last().and_then(|(_, balance)| *balance);
        let rows = rows.into_iter().map(|(row, _)| row).collect();
        Ok((from <= to).then_some(BankList { account, closing, from, rows, to }))
    }

    /// The list of shares behind one distribution.
    fn shares(&mut self, given: &str, map: &str) -> Result<ShareList, Failure> {
        let usage = || Failure::usage("outside-shares", given);
        let (entry, file) = given.split_once('=').ok_or_else(usage)?;
        let distribution = entry.parse().ok().and_then(Index::new).ok_or_else(usage)?;
        let file = Path::new(file);
        let (listed, used) = self.listed(file, map, List::Shares)?;
        let rows: Vec<ShareRow> = typed(file, listed.rows)?.into_iter().map(|(row, _)| row).collect();
        self.used.push(Used { rows: rows.len(), ..used });
        Ok(ShareList { distribution, rows })
    }

    fn listed(&self, file: &Path, map: &str, list: List) -> Result<(Listed, Used), Failure> {
        let scale = self.books.unit().map_or(2, |unit| u32::from(unit.scale));
        let bytes = bytes_of(file)?;
        let listed = read_list(&maps::named(map)?, list, &bytes, scale, self.books.offset().minutes());
        let listed = listed.map_err(|error| maps::unreadable(file, &error))?;
        let used = Used {
            account: None,
            digest: Hash::digest(&bytes),
            file: file.display().to_string(),
            ignored: 0,
            left_out: listed.left_out.len(),
            paper: list.as_str(),
            rows: 0,
        };
        Ok((listed, used))
    }
}

/// The map given for the account, else the one given for all, else the plain form.
fn map_of<'o>(options: &'o OutsideOptions, account: &Label) -> &'o str {
    let own = options.bank_map.iter().find_map(|given| {
        given.split_once('=').filter(|(name, _)| *name == account.as_str()).map(|(_, map)| map)
    });
    let for_all = options.bank_map.iter().find(|given| !given.contains('=')).map(String::as_str);
    own.or(for_all).unwrap_or(List::Bank.as_str())
}

/// The days from the first row to the last.
fn covered(rows: &[(BankRow, Option<Decimal>)]) -> Option<Days> {
    let days = || rows.iter().map(|(row, _)| row.date);
    let ends: Option<(Date, Date)> = days().min().zip(days().max());
    ends.map(|(from, to)| Days { from, to })
}

/// The rows in the types of the rules, each with the balance after it.
fn typed<T: DeserializeOwned>(file: &Path, rows: Vec<ListRow>) -> Result<Vec<(T, Option<Decimal>)>, Failure> {
    let typed = |row: ListRow| {
        let line = row.fields.get("line").cloned().unwrap_or_default();
        let wrong =
            |error| Failure::usage("outside-row", format!("`{}` line {line}: {error}", file.display()));
        let value = serde_json::from_value(serde_json::Value::Object(row.fields)).map_err(wrong)?;
        Ok((value, row.balance))
    };
    rows.into_iter().map(typed).collect()
}
