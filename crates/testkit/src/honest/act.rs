//! What somebody plans to record: a date, a kind, data with links by name, who approves and who records.

use serde_json::Value;
use xinyi_core::{Date, Kind, Timestamp};

/// One entry of a plan, before anyone signed anything.
///
/// In `data` a text `@NAME` is the link to the act of that name, `#register` and `#deed` the digest of the register
/// and of the last deed, `#range` every line so far with its root, `#size` the number of lines so far, `#index NAME`
/// an act's index. A close has its `period`, the act `after` which it was drafted, if that was earlier, and in a
/// fraud by how much its document is `misstated`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Keys that approve besides the recorder's, by their names.
    pub by: Vec<String>,
    /// What happened.
    pub data: Value,
    /// The booking day.
    pub date: Date,
    /// The kind of entry.
    pub kind: Kind,
    /// Its reference, unique in the plan.
    pub name: String,
    /// What the recorder's clock says.
    pub recorded: Timestamp,
    /// The key that records it.
    pub recorder: String,
}

/// The mark for "whoever may approve for the committee at that time", put right when a month is made up.
pub(super) const COMMITTEE: &str = "committee";

impl Act {
    /// An act of the trustee alone, recorded at noon of its day (Beijing).
    #[must_use]
    pub fn new(date: Date, kind: Kind, data: Value) -> Self {
        Self {
            by: Vec::new(),
            data,
            date,
            kind,
            name: String::new(),
            recorded: at(date, 12, 0),
            recorder: String::new(),
        }
    }

    /// Approved by the committee too.
    #[must_use]
    pub fn both(mut self) -> Self {
        self.by = vec![COMMITTEE.to_owned()];
        self
    }

    /// Under this name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Recorded at this time.
    #[must_use]
    pub const fn recorded(mut self, time: Timestamp) -> Self {
        self.recorded = time;
        self
    }

    /// Adds fields to the data.
    #[must_use]
    pub fn with(mut self, more: &Value) -> Self {
        let more = more.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone()));
        self.data.as_object_mut().expect("an object").extend(more);
        self
    }

    /// The amount in hundredths, zero where there is none.
    #[must_use]
    pub fn cents(&self) -> i64 {
        self.data["amount"].as_str().map_or(0, cents)
    }

    /// Whether a field is there.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.data.get(field).is_some()
    }

    /// What it moves in which account. A reversal moves none: no money had moved.
    #[must_use]
    pub fn moves(&self) -> Vec<(String, i64)> {
        let (account, cents) = (self.text("account").to_owned(), self.cents());
        match self.kind {
            Kind::Advance | Kind::HeldIn | Kind::Income | Kind::Restoration => vec![(account, cents)],
            Kind::Distribution | Kind::Expense | Kind::Fee | Kind::HeldOut | Kind::Repayment => {
                vec![(account, -cents)]
            }
            Kind::Refund if self.text("target").starts_with("@expense") => vec![(account, cents)],
            Kind::Refund => vec![(account, -cents)],
            Kind::Transfer => {
                let account = |end: &str| self.data[end]["account"].as_str().unwrap_or_default().to_owned();
                vec![(account("from"), -cents), (account("to"), cents)]
            }
            Kind::Opening => self.opened(),
            _ => Vec::new(),
        }
    }

    /// What an opening puts where.
    fn opened(&self) -> Vec<(String, i64)> {
        let holdings = self.data["holdings"].as_array().into_iter().flatten();
        let place = |holding: &Value| {
            let account = holding["account"].as_str().unwrap_or_default().to_owned();
            (account, cents(holding["balance"].as_str().unwrap_or("0.00")))
        };
        holdings.map(place).collect()
    }

    /// The text of a field, empty where there is none.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.data[field].as_str().unwrap_or_default()
    }
}

/// A time of a day in Beijing.
#[must_use]
pub fn at(day: Date, hour: i64, minute: i64) -> Timestamp {
    let epoch: Date = "1970-01-01".parse().expect("a day");
    let days = i64::from(epoch.days_until(day));
    Timestamp::from_unix(days * 86_400 + (hour - 8) * 3_600 + minute * 60).expect("a time")
}

/// Hundredths as an amount is written.
#[must_use]
pub fn yuan(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// An amount as hundredths.
#[must_use]
pub fn cents(amount: &str) -> i64 {
    amount.replace('.', "").parse().expect("an amount with two digits")
}
