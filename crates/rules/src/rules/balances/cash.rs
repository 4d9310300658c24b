//! BK-04: cash goes to the bank in time; no more than a float stays in the box.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xinyi_core::{Account, AccountClass, Date, Period, Severity};

use crate::books::Moved;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink};

const FLOAT: Parameter = Parameter { name: "cash-float", form: Form::Amount, default: &["2000.00"] };

/// Where the deed sets no `bank_days`.
const DAYS: u64 = 1;

pub(crate) const RULE: Rule = Rule {
    code: "BK-04",
    severity: Severity::Warning,
    page: include_str!("cash.md"),
    check: Check::End(check),
    kinds: Kinds::NONE,
    older: true,
    proof: Proof::Ledger,
    parameters: &[FLOAT],
};

fn check(end: &FileEnd<'_>, sink: &mut Sink<'_>) {
    let now = end.books.accounts();
    for account in end.books.known_accounts().filter(|account| account.class == AccountClass::Cash) {
        let held = now.get(&account.account).copied().unwrap_or_default();
        let nothing = Moved::default();
        let moved = end.books.moved_in(&account.account).unwrap_or(&nothing);
        Till::of(moved, held).judge(account, end, sink);
    }
}

/// What came into a cash box and went out of it, by day.
struct Till<'a> {
    before: Decimal,
    came: &'a BTreeMap<Date, Decimal>,
    went: &'a BTreeMap<Date, Decimal>,
}

impl<'a> Till<'a> {
    fn of(moved: &'a Moved, now: Decimal) -> Self {
        let Moved { came, went, .. } = moved;
        let before = now - came.values().sum::<Decimal>() + went.values().sum::<Decimal>();
        Self { before, came, went }
    }

    /// Judges days with receipts, and the last of each month: by so many days later all but the float is gone.
    fn judge(&self, account: &Account, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let Some(float) = FLOAT.amount(&end.deed) else { return };
        let grace = end.deed.deadlines.bank_days.map_or(DAYS, |days| days.get()).min(366);
        let grace = i32::try_from(grace).unwrap_or_default();
        let mut told: Option<Period> = None;
        let (mut came, mut went) = (running(self.came), running(self.went));
        for day in self.days(end) {
            let last = day.plus_days(grace);
            let (received, gone) = (self.before + came(day), went(last));
            if last > end.known_until() || end.books.from().is_some_and(|from| last.period() < from) {
                continue;
            }
            if end.books.from().is_some_and(|from| day < from.previous().last_day()) {
                sink.lack_older();
                continue;
            }
            sink.examine();
            let left = received - gone;
            if left > float && told != Some(last.period()) {
                told = Some(last.period());
                let finding = Finding::of_period(told).with("account", &account.account).with("day", day);
                let finding = finding.with("last", last).with("days", grace);
                sink.report(finding.differing(end.books.in_unit(float), end.books.in_unit(left)));
            }
        }
    }

    /// The days to judge, in order.
    fn days(&self, end: &FileEnd<'_>) -> BTreeSet<Date> {
        let first = self.came.keys().chain(self.went.keys()).min().map(|day| day.period());
        let first = end.books.from().map(Period::previous).or(first);
        let months = std::iter::successors(first, |period| Some(period.next())).map(Period::last_day);
        let ends = months.take_while(|day| *day <= end.last_day);
        self.came.keys().copied().chain(ends).collect()
    }
}

/// The sum up to a day, asked for in order of days.
fn running(days: &BTreeMap<Date, Decimal>) -> impl FnMut(Date) -> Decimal {
    let mut days = days.iter().peekable();
    let mut sum = Decimal::ZERO;
    move |upto| {
        while let Some((_, amount)) = days.next_if(|(day, _)| **day <= upto) {
            sum += *amount;
        }
        sum
    }
}
