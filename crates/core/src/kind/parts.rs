//! Parts that several kinds share: links, sealed values, vouchers, places of money (spec: C-6…C-9).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::lower_hex::LowerHex;
use crate::money::{Amount, Balance};
use crate::number::{Count, Index};
use crate::text::{Label, Text};
use crate::time::Period;
use crate::value::{ValueError, spelled};

use super::shape::{object, words};

/// An earlier line, named by its index and leaf hash (spec: C-6). A replay refuses one that does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The line's index.
    pub index: Index,
    /// The line's leaf hash.
    pub leaf: Hash,
}

/// The commitment to a private value: SHA-256 of its RFC 9901 disclosure (spec: X-1).
///
/// The value and its salt lie in a disclosure outside the ledger; destroying that forgets the value and
/// breaks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sealed(Hash);

impl Sealed {
    /// The commitment with this digest.
    #[must_use]
    pub const fn from_digest(digest: Hash) -> Self {
        Self(digest)
    }

    /// The digest committed to.
    #[must_use]
    pub const fn digest(self) -> Hash {
        self.0
    }
}

impl FromStr for Sealed {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        text.parse().map(Self).map_err(|_| ValueError::Hex)
    }
}

spelled!(Sealed as |sealed, then| then(LowerHex::of(sealed.0.as_bytes()).as_str()));

words! {
    /// What a voucher is.
    VoucherClass {
        /// A signed paper: minutes, an approval, an acceptance.
        Act = "act",
        /// A statement or confirmation of a bank or wallet.
        Bank = "bank",
        /// A contract or an amendment.
        Contract = "contract",
        /// An invoice.
        Invoice = "invoice",
        /// A list of wages, bids, households or goods.
        List = "list",
        /// Anything else.
        Other = "other",
        /// A photograph.
        Photo = "photo",
        /// A receipt.
        Receipt = "receipt",
    }
}

object! {
    /// An original document outside the ledger, bound by its digest (spec: C-7).
    Voucher {
        /// What the document is.
        class: VoucherClass,
        /// SHA-256 of the file; if `salted`, of a 32-byte salt followed by the file.
        digest: Hash,
        /// The media type, for example `application/pdf`.
        media: Text,
        /// The document's own number: an invoice number, a contract number.
        number: Option<Text>,
        /// Whether the digest is salted, because the file holds personal data.
        salted: Option<bool>,
        /// The file's size in bytes, without the salt.
        size: Count,
    }
}

object! {
    /// The part of an invoice that a payment pays (spec: C-8).
    InvoiceShare {
        /// What this payment pays of it.
        amount: Amount,
        /// The invoice's number; with `total` it is the key under which payments are added up.
        number: Text,
        /// The invoice's total.
        total: Amount,
    }
}

words! {
    /// Which months a payment of charges is for, seen from the day it came.
    ServiceClass {
        /// Charges of earlier months.
        Arrears = "arrears",
        /// Charges of the present month.
        Current = "current",
        /// Charges of later months.
        Prepaid = "prepaid",
    }
}

object! {
    /// The months a payment or bill is for, with its share of the amount (spec: C-9).
    ServicePeriod {
        /// The share of the amount.
        amount: Amount,
        /// Arrears, current or prepaid.
        class: ServiceClass,
        /// The first month.
        from: Period,
        /// The last month.
        to: Period,
    }
}

object! {
    /// A run of months, both ends included.
    MonthRun {
        /// The first month.
        from: Period,
        /// The last month.
        to: Period,
    }
}

object! {
    /// Where money lies and whose it is.
    Place {
        /// The account it lies in.
        account: Label,
        /// The fund it belongs to.
        fund: Label,
    }
}

object! {
    /// The receipt given to the payer; numbers of a series run without gaps.
    ReceiptNumber {
        /// The number in the series.
        number: Count,
        /// The book or series.
        series: Label,
    }
}

object! {
    /// What an account holds of a fund.
    Holding {
        /// The account.
        account: Label,
        /// The fund's own money in it, negative if overdrawn.
        balance: Balance,
        /// The fund it belongs to.
        fund: Label,
        /// Money in it that is held for others.
        held: Balance,
    }
}

object! {
    /// One line of a budget.
    BudgetLine {
        /// What may be spent in the year.
        amount: Amount,
        /// The line's code, named by expenses and orders.
        line: Label,
        /// The line's name.
        name: Text,
    }
}

object! {
    /// Heads and floor area counted in a vote (Civil Code art. 278).
    Votes {
        /// Area in hundredths of a square metre.
        area: Count,
        /// Heads: one a unit, one for an owner of several.
        heads: Count,
    }
}

object! {
    /// A figure that has a name and no place of its own.
    Figure {
        /// The figure.
        amount: Balance,
        /// What it is.
        name: Label,
    }
}
