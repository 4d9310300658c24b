//! Time banks: members give each other minutes, never money (志愿服务条例 art. 19).

mod balances;
mod given;
pub(crate) mod service;

use crate::books::Books;

/// The unit of a time bank's ledger.
const MINUTES: &str = "minutes";

/// Whether a ledger counts minutes.
pub(crate) fn is_time_bank(books: &Books) -> bool {
    books.unit().is_some_and(|unit| unit.code.as_str() == MINUTES)
}
