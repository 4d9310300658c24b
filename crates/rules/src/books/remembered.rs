//! What is remembered of a line because later ones may name it.

use rust_decimal::Decimal;
use xinyi_core::{Date, Index, InvoiceShare, Kind, Label, ServicePeriod};

use super::{Effects, Flow};

/// A money line, or another line that later ones may name, as far as it must be remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Its amount, zero where it has none.
    pub amount: Decimal,
    /// Its category, where its kind has one.
    pub category: Option<Label>,
    /// The booking day.
    pub date: Date,
    /// Its kind.
    pub kind: Kind,
    /// When it happened.
    pub occurred: Date,
    /// What has been refunded of it, net of undone refunds.
    pub refunded: Decimal,
    /// Whether it was reversed.
    pub reversed: bool,
    pub(crate) effects: Effects,
    /// What the own money that it moves is for.
    pub(super) flow: Flow,
    /// Whether its effects rest on what was left of its source at a time that the books do not know.
    pub(crate) is_guessed: bool,
    /// The fund that lost money, of a loss.
    pub(crate) lost_from: Option<Label>,
    /// Whether it lies before the lines of a month's file: what became of it there is not known.
    pub(crate) older: bool,
    pub(crate) order: Option<Box<OrderTerms>>,
    /// The invoices that it pays.
    pub(crate) paid: Option<Box<Paid>>,
    /// The line that it gives back, of a refund, or that the refund it gives back did.
    pub(crate) refunds: Option<Index>,
    /// How much of it other lines replaced that stand.
    pub(crate) replaced: Decimal,
    /// What it names as the line that it replaces.
    pub(crate) replaces: Option<Index>,
    /// The day from which balances show it, before it is brought into its month.
    pub(super) shows_from: Date,
    /// The months it pays for, where it says so.
    pub(crate) service: Vec<ServicePeriod>,
    /// The income that bounds what it, or the line it undoes, takes as linked cost.
    pub(crate) source: Option<Index>,
    pub(crate) target: Option<Index>,
    /// How many lines must be read to work it out again; itself, and one that several rest on several times.
    pub(super) weight: u8,
}

/// Invoices that a line pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paid {
    /// Whose invoices.
    pub(crate) payee: Label,
    pub(crate) shares: Vec<InvoiceShare>,
}

/// What an expense must keep to under an order, besides what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrderTerms {
    pub(crate) approved: bool,
    pub(crate) budget: Option<Label>,
    pub(crate) category: Option<Label>,
    pub(crate) contract: Option<Label>,
    pub(crate) fund: Label,
    pub(crate) payee: Label,
    pub(crate) until: Date,
}
