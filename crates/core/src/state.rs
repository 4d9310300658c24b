//! The state document: what one month hands to the next (spec: B-8…B-10).
//!
//! Its shape is the format's; its figures are worked out by the rules and bound by the close.

use crate::deeds::DeedVersion;
use crate::hash::Hash;
use crate::json::{self, LineError};
use crate::kind::parts::Holding;
use crate::kind::shape::{Value, Walk, object};
use crate::money::{Amount, Balance, Rate};
use crate::number::{Count, Index, Size};
use crate::register::Register;
use crate::text::{Label, Text};
use crate::time::{Date, Period};

impl Walk for Register {
    const VALUE: Value = Value::Single("register");
}

impl Walk for DeedVersion {
    const VALUE: Value = Value::Single("deed version");
}

object! {
    /// What a budget line may and did use, net, in a year.
    BudgetState {
        /// What may be spent.
        budgeted: Amount,
        /// The fund.
        fund: Label,
        /// The line.
        line: Label,
        /// What was spent, net of refunds and reversals.
        spent: Balance,
        /// The calendar year.
        year: Count,
    }
}

object! {
    /// What was paid or received under a contract, net.
    ContractState {
        /// The contract.
        contract: Label,
        /// Paid or received, net.
        moved: Balance,
    }
}

object! {
    /// The base of a fee at one rate, over all closed periods.
    RateBase {
        /// The base.
        base: Balance,
        /// The rate.
        rate: Rate,
    }
}

object! {
    /// What a taker's fee is worked out on and what was taken, over all closed periods.
    FeeState {
        /// The base by rate, rates in ascending order of den, then num.
        bases: Vec<RateBase>,
        /// Entitlement already rounded, where the deed rounds entry by entry.
        rounded: Balance,
        /// Taken for these periods or earlier, net.
        taken: Balance,
        /// Who takes.
        taker: Label,
    }
}

object! {
    /// A line of which a part is still to come: an order, advance, deposit, loss or part-refunded entry.
    OpenLine {
        /// The line.
        index: Index,
        /// The amount left.
        left: Balance,
    }
}

object! {
    /// An invoice of which a part is still unpaid.
    InvoiceState {
        /// Its number.
        number: Text,
        /// What was paid of it, net.
        paid: Balance,
        /// Its total.
        total: Amount,
    }
}

object! {
    /// The last number of a receipt series.
    SeriesState {
        /// The last number.
        last: Count,
        /// The series.
        series: Label,
    }
}

object! {
    /// Everything that later months need from the months up to a close (spec: B-8).
    StateDocument {
        /// Advances not yet paid back.
        advances: Vec<OpenLine>,
        /// Budget lines of the last year, this one and later ones.
        budgets: Vec<BudgetState>,
        /// What moved under each contract.
        contracts: Vec<ContractState>,
        /// Deeds among the first `size` lines.
        deeds: Vec<DeedVersion>,
        /// Fees by taker.
        fees: Vec<FeeState>,
        /// The format, 1.
        format: u8,
        /// Held-in entries not yet given back in full.
        held: Vec<OpenLine>,
        /// What lies where.
        holdings: Vec<Holding>,
        /// The ledger.
        identity: Hash,
        /// Invoices not yet paid in full.
        invoices: Vec<InvoiceState>,
        /// Losses not yet made good.
        losses: Vec<OpenLine>,
        /// The lowest index below `size` dated after the period, else `size`.
        next: Size,
        /// Orders not yet used up, also past their date: money may have moved in time and be booked later.
        orders: Vec<OpenLine>,
        /// The period closed.
        period: Period,
        /// Digest of the previous state document; absent in the first.
        previous: Option<Hash>,
        /// Entries refunded in part.
        refunds: Vec<OpenLine>,
        /// Parties and keys after the first `size` lines.
        register: Register,
        /// Receipt series.
        series: Vec<SeriesState>,
        /// The first `size` lines are covered.
        size: Size,
        /// Incomes in a net base with linked cost, and what is left of them.
        sources: Vec<OpenLine>,
        /// The last day of the period.
        upto: Date,
    }
}

impl StateDocument {
    /// Largest document in bytes (spec: B-9).
    pub const MAX: usize = 1_048_576;

    /// Reads a document, accepting only its canonical form.
    ///
    /// # Errors
    /// See [`LineError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, LineError> {
        if bytes.len() > Self::MAX {
            return Err(LineError::TooLong { length: bytes.len() });
        }
        let text =
            std::str::from_utf8(bytes).map_err(|error| LineError::NotUtf8 { byte: error.valid_up_to() })?;
        let document: Self = json::read(text)?;
        json::same(&document, text)?;
        Ok(document)
    }

    /// The canonical form, without a line feed.
    #[must_use]
    pub fn encode(&self) -> String {
        json::write(self).unwrap_or_default()
    }

    /// SHA-256 of the canonical form: what the close names (spec: B-8).
    #[must_use]
    pub fn digest(&self) -> Hash {
        Hash::digest(self.encode().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_declared_in_sorted_order() {
        for fields in [
            StateDocument::FIELDS,
            BudgetState::FIELDS,
            ContractState::FIELDS,
            FeeState::FIELDS,
            InvoiceState::FIELDS,
            OpenLine::FIELDS,
            RateBase::FIELDS,
            SeriesState::FIELDS,
        ] {
            assert!(fields.is_sorted_by(|a, b| a.name < b.name), "{fields:?}");
        }
    }
}
