//! Lists from outside the ledger: what was never booked no ledger can show (rules that need a file).

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use xinyi_core::{ContractSide, Date, Index, Label, MonthRun};

/// A kind of list from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// A bank's or wallet's own list of an account's movements.
    Bank,
    /// A register of leases, advertisements and other contracts with what falls due when.
    Contracts,
    /// What a party says it has approved.
    Filed,
    /// The stubs of receipts given, void ones too.
    Receipts,
    /// What each unit is billed for a month.
    Roll,
    /// Who gets what of a sum shared out among the owners.
    Shares,
}

impl Paper {
    /// The word for it in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Contracts => "contracts",
            Self::Filed => "filed",
            Self::Receipts => "receipts",
            Self::Roll => "roll",
            Self::Shares => "shares",
        }
    }
}

/// The lists given for a check; each row keeps the line of its file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outside {
    /// What banks and wallets say, one list an account.
    pub bank: Vec<BankList>,
    /// Instalments due by the register of contracts.
    pub contracts: Option<Vec<DueRow>>,
    /// Receipts given.
    pub receipts: Option<Vec<ReceiptRow>>,
    /// Bills of the roll.
    pub roll: Option<Vec<RollRow>>,
    /// Lists of shares, one a distribution.
    pub shares: Vec<ShareList>,
}

/// An account's movements by its bank or wallet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankList {
    /// The account, by the ledger's label.
    pub account: Label,
    /// The balance after the last row, where the list says so.
    #[serde(default, deserialize_with = "figure_if_any")]
    pub closing: Option<Decimal>,
    /// The first day that the list covers.
    pub from: Date,
    /// The movements.
    pub rows: Vec<BankRow>,
    /// The last day that the list covers.
    pub to: Date,
}

/// One movement by the bank.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankRow {
    /// How much: above zero came in, below went out.
    #[serde(deserialize_with = "figure")]
    pub amount: Decimal,
    /// The booking day.
    pub date: Date,
    /// The line of the file.
    #[serde(default)]
    pub line: u64,
    /// The bank's serial number or remark.
    pub reference: String,
}

/// An instalment that falls due.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueRow {
    /// How much.
    #[serde(deserialize_with = "figure")]
    pub amount: Decimal,
    /// The contract, by the ledger's label.
    pub contract: Label,
    /// When it falls due.
    pub due: Date,
    /// The line of the file.
    #[serde(default)]
    pub line: u64,
    /// The fund receives or pays.
    pub side: ContractSide,
}

/// A receipt given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRow {
    /// What it says; absent for a void one.
    #[serde(default, deserialize_with = "figure_if_any")]
    pub amount: Option<Decimal>,
    /// The line of the file.
    #[serde(default)]
    pub line: u64,
    /// Its number.
    pub number: u64,
    /// Its series.
    pub series: Label,
}

/// What one unit is billed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollRow {
    /// The bill.
    #[serde(deserialize_with = "figure")]
    pub amount: Decimal,
    /// Square metres.
    #[serde(deserialize_with = "measure")]
    pub area: Decimal,
    /// What for, as in billing.
    pub category: Label,
    /// The line of the file.
    #[serde(default)]
    pub line: u64,
    /// The months billed.
    pub months: MonthRun,
    /// The price of one square metre and month, where the roll says so.
    #[serde(default, deserialize_with = "measure_if_any")]
    pub price: Option<Decimal>,
}

/// The list of shares behind a distribution.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareList {
    /// The distribution's line.
    pub distribution: Index,
    /// The shares.
    pub rows: Vec<ShareRow>,
}

/// What one unit gets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRow {
    /// The share.
    #[serde(deserialize_with = "figure")]
    pub amount: Decimal,
    /// Square metres.
    #[serde(deserialize_with = "measure")]
    pub area: Decimal,
    /// The line of the file.
    #[serde(default)]
    pub line: u64,
    /// The unit, by the owners' own name for it.
    pub unit: String,
}

impl Outside {
    /// Whether no list was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let papers = [Paper::Bank, Paper::Contracts, Paper::Receipts, Paper::Roll, Paper::Shares];
        !papers.into_iter().any(|paper| self.has(paper))
    }

    /// Whether a list of this kind was given.
    #[must_use]
    pub fn has(&self, paper: Paper) -> bool {
        match paper {
            Paper::Bank => !self.bank.is_empty(),
            Paper::Contracts => self.contracts.is_some(),
            // What a party filed is compared by the caller, entry by entry.
            Paper::Filed => false,
            Paper::Receipts => self.receipts.is_some(),
            Paper::Roll => self.roll.is_some(),
            Paper::Shares => !self.shares.is_empty(),
        }
    }
}

/// Figures of a list are bounded as those of a ledger are (spec: V-6), so that what is worked out of them stays exact.
fn bounded<E: serde::de::Error>(figure: Decimal, digits: u32) -> Result<Decimal, E> {
    let bound = Decimal::from(10_u64.pow(digits));
    if figure.abs() < bound { Ok(figure) } else { Err(E::custom("a figure beyond what a ledger holds")) }
}

/// An amount: below 10^15.
fn figure<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    bounded(<Decimal as Deserialize>::deserialize(from)?, 15)
}

fn figure_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    Option::<Decimal>::deserialize(from)?.map(|figure| bounded(figure, 15)).transpose()
}

/// An area or a price: below 10^9.
fn measure<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    bounded(<Decimal as Deserialize>::deserialize(from)?, 9)
}

fn measure_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    Option::<Decimal>::deserialize(from)?.map(|figure| bounded(figure, 9)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_beyond_what_a_ledger_holds_is_refused() {
        let row = |area: &str, amount: &str| {
            let months = serde_json::json!({"from": "2026-03", "to": "9999-12"});
            let row = serde_json::json!({"amount": amount, "area": area, "category": "property-fee", "months": months});
            serde_json::from_value::<RollRow>(row).is_ok()
        };
        assert!(row("999999999.99", "999999999999999.99"));
        assert!(!row("1000000000", "1.00") && !row("1.00", "1000000000000000"));
        let bank = serde_json::json!({"amount": "-79000000000000000000000000000", "date": "2026-03-01", "reference": ""});
        assert!(serde_json::from_value::<BankRow>(bank).is_err());
    }
}
