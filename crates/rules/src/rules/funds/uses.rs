//! What a fund's own money goes out for: an expense has a category, a fee and a distribution count as one.

use xinyi_core::{Amount, Data, Label};

/// Money that left a fund for good, and for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent<'a> {
    pub(super) amount: Amount,
    pub(super) category: &'a str,
    pub(super) fund: &'a Label,
}

impl<'a> Spent<'a> {
    pub(super) fn of(data: &'a Data) -> Option<Self> {
        let (fund, category, amount) = match data {
            Data::Distribution(money) => (&money.fund, "distribution", money.amount),
            Data::Expense(money) => (&money.fund, money.category.as_str(), money.amount),
            Data::Fee(money) => (&money.fund, "fee", money.amount),
            _ => return None,
        };
        Some(Self { amount, category, fund })
    }
}
