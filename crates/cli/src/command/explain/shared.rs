//! Which entries share an invoice, a contract or a budget line: what to look at beside the one at fault.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;
use xinyi_core::{Data, Date, Entry, Expense, Index, InvoiceShare, Kind, Label, Period, Text};
use xinyi_rules::{Books, Finding};

use crate::lang::fl;

/// What entries can have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Why {
    /// A budget line of a fund in a year.
    Budget(Label, Label, i16),
    /// A contract.
    Contract(Label),
    /// An invoice, by its number.
    Invoice(Text),
    /// Nothing: the finding names it.
    Named,
}

impl Why {
    pub(super) fn say(&self) -> String {
        match self {
            Self::Budget(_, line, year) => {
                fl!("why-budget", line = line.to_string(), year = year.to_string())
            }
            Self::Contract(contract) => fl!("why-contract", contract = contract.to_string()),
            Self::Invoice(number) => fl!("why-invoice", number = number.to_string()),
            Self::Named => fl!("why-named"),
        }
    }
}

/// An entry of a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Listed {
    /// What moved; below zero where it moved back.
    pub(super) amount: Option<Decimal>,
    pub(super) category: Option<Label>,
    pub(super) date: Date,
    pub(super) index: Index,
    #[serde(serialize_with = "in_words")]
    pub(super) kind: Kind,
    /// All that it has in common with the entries that the finding names.
    pub(super) why: BTreeSet<Why>,
}

fn in_words<S: serde::Serializer>(kind: &Kind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.as_str())
}

/// What a list must know of an entry.
struct Seen {
    amount: Option<Decimal>,
    date: Date,
    keys: Vec<Why>,
    kind: Kind,
}

/// Every entry of a file, as far as a list needs it, and which share what.
#[derive(Default)]
pub(super) struct Shared {
    entries: BTreeMap<Index, Seen>,
    sharing: BTreeMap<Why, Vec<Index>>,
}

impl Shared {
    pub(super) fn see(&mut self, entry: &Entry) {
        let content = entry.content();
        let (amount, keys) = match content.data() {
            Data::Expense(money) => (Some(money.amount.decimal()), of_expense(money, content.date())),
            Data::Fee(money) => (Some(money.amount.decimal()), invoices(money.invoice.iter())),
            Data::Income(money) => (
                Some(money.amount.decimal()),
                money.contract.clone().map(Why::Contract).into_iter().collect(),
            ),
            Data::Contract(contract) => (None, vec![Why::Contract(contract.contract.clone())]),
            // What undoes an entry shares what that has.
            Data::Refund(money) => (Some(-money.amount.decimal()), self.keys(money.target.index)),
            Data::Reversal(reversal) => {
                let undone = self.entries.get(&reversal.target.index).and_then(|seen| seen.amount);
                (undone.map(|amount| -amount), self.keys(reversal.target.index))
            }
            _ => (None, Vec::new()),
        };
        for key in &keys {
            self.sharing.entry(key.clone()).or_default().push(entry.index());
        }
        self.entries.insert(entry.index(), Seen { amount, date: content.date(), keys, kind: content.kind() });
    }

    fn keys(&self, index: Index) -> Vec<Why> {
        self.entries.get(&index).map(|seen| seen.keys.clone()).unwrap_or_default()
    }

    /// The month in which an entry counts.
    pub(super) fn period(&self, index: Index) -> Option<Period> {
        self.entries.get(&index).map(|seen| seen.date.period())
    }

    /// The entries that a finding names, then those that share something with them, each once.
    pub(super) fn around(&self, finding: &Finding, books: &Books) -> Vec<Listed> {
        let named: BTreeSet<Index> = finding.at.into_iter().chain(finding.entries.iter().copied()).collect();
        let keys: BTreeSet<Why> = named.iter().flat_map(|index| self.keys(*index)).collect();
        let mut listed: BTreeMap<Index, BTreeSet<Why>> = BTreeMap::new();
        for key in keys {
            for index in self.sharing.get(&key).into_iter().flatten() {
                listed.entry(*index).or_default().insert(key.clone());
            }
        }
        for index in named {
            listed.entry(index).or_default().insert(Why::Named);
        }
        listed.into_iter().filter_map(|(index, why)| self.listed(index, why, books)).collect()
    }

    fn listed(&self, index: Index, why: BTreeSet<Why>, books: &Books) -> Option<Listed> {
        let seen = self.entries.get(&index)?;
        let line = books.line(index);
        let amount = seen.amount.or_else(|| line.map(|line| line.amount).filter(|amount| !amount.is_zero()));
        let category = line.and_then(|line| line.category.clone());
        Some(Listed { amount, category, date: seen.date, index, kind: seen.kind, why })
    }
}

fn of_expense(money: &Expense, date: Date) -> Vec<Why> {
    let budget = money.budget.clone().map(|line| Why::Budget(money.fund.clone(), line, date.year()));
    let contract = money.contract.clone().map(Why::Contract);
    let invoices = invoices(money.invoices.iter().flatten());
    budget.into_iter().chain(contract).chain(invoices).collect()
}

fn invoices<'a>(shares: impl Iterator<Item = &'a InvoiceShare>) -> Vec<Why> {
    shares.map(|share| Why::Invoice(share.number.clone())).collect()
}
