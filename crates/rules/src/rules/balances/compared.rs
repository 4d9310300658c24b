//! A bank's list beside the books: which of its lines belongs to which entries, and what is left on either side.
//!
//! Line and entry of one amount belong together, if their days lie no further apart than the window; then several
//! entries of one day to one line that is their sum (a bulk settlement), then several lines of one day to one entry. One
//! line and one entry that are left of the same day and direction have the same money behind them, and another amount.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::Date;

use super::pairs::pairs;
use crate::books::Movement;
use crate::outside::{BankList, BankRow};
use crate::parameter::{Form, Parameter};
use crate::rule::FileEnd;

/// How many days a bank's day and the day in the books may lie apart.
pub(crate) const WINDOW: Parameter =
    Parameter { name: "bank-window-days", form: Form::Count, default: &["3"] };

/// A line of the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) row: &'a BankRow,
    /// The day of the entries that it belongs to, if there are any.
    pub(crate) booked: Option<Date>,
    /// Whether an entry of that day without a line of its own has another amount.
    pub(crate) differs: bool,
}

/// An entry's movement in the account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Booked<'a> {
    /// The line of that day that no entry has, and that has another amount.
    pub(crate) differs: Option<&'a BankRow>,
    pub(crate) movement: Movement,
    /// Whether a line of the list is its own.
    pub(crate) found: bool,
    /// Whether its line must be in this list, and not in the one before or after.
    pub(crate) must: bool,
}

/// List and books, compared.
#[derive(Debug)]
pub(crate) struct Compared<'a> {
    pub(crate) booked: Vec<Booked<'a>>,
    pub(crate) lines: Vec<Line<'a>>,
    /// In days.
    pub(crate) window: i32,
}

impl<'a> Compared<'a> {
    /// Compares a list with the movements of its account, both in order of days.
    pub(crate) fn new(list: &'a BankList, movements: &[Movement], end: &FileEnd<'_>) -> Self {
        let window = WINDOW.days(&end.deed).unwrap_or_default().min(366);
        let mut rows: Vec<&BankRow> = list.rows.iter().filter(|row| !row.amount.is_zero()).collect();
        rows.sort_by_key(|row| (row.date, row.line));
        let (from, to) = (list.from.plus_days(-window), list.to.plus_days(window));
        let moved = movements.iter().filter(|moved| !moved.undone && !moved.undoes);
        let near = moved.filter(|moved| (from..=to).contains(&moved.day));
        let must = |day: Date| day >= list.from.plus_days(window) && day <= list.to;
        let booked =
            near.map(|moved| Booked { differs: None, movement: *moved, found: false, must: must(moved.day) });
        let lines = rows.into_iter().map(|row| Line { row, booked: None, differs: false });
        let mut compared = Self { booked: booked.collect(), lines: lines.collect(), window };
        compared.one_to_one();
        compared.entries_of_a_day();
        compared.lines_of_a_day();
        compared.other_amounts();
        compared
    }

    fn one_to_one(&mut self) {
        let mut amounts: BTreeMap<Decimal, (Vec<&mut Line<'a>>, Vec<&mut Booked<'a>>)> = BTreeMap::new();
        for line in &mut self.lines {
            amounts.entry(line.row.amount).or_default().0.push(line);
        }
        for booked in &mut self.booked {
            amounts.entry(booked.movement.amount).or_default().1.push(booked);
        }
        for (mut lines, mut booked) in amounts.into_values() {
            let days: Vec<Date> = lines.iter().map(|line| line.row.date).collect();
            let moved: Vec<_> = booked.iter().map(|booked| (booked.movement.day, booked.must)).collect();
            for (line, place) in lines.iter_mut().zip(pairs(&days, &moved, self.window)) {
                if let Some(booked) = place.and_then(|place| booked.get_mut(place)) {
                    booked.found = true;
                    line.booked = Some(booked.movement.day);
                }
            }
        }
    }

    fn entries_of_a_day(&mut self) {
        let mut days: BTreeMap<(Date, bool), Vec<&mut Booked<'a>>> = BTreeMap::new();
        for booked in self.booked.iter_mut().filter(|booked| !booked.found) {
            let of = way(booked.movement.day, booked.movement.amount);
            days.entry(of).or_default().push(booked);
        }
        for ((day, _), entries) in days.into_iter().filter(|(_, entries)| entries.len() > 1) {
            let sum: Decimal = entries.iter().map(|booked| booked.movement.amount).sum();
            let fits = |line: &&mut Line<'_>| {
                line.booked.is_none() && line.row.amount == sum && is_near(line.row.date, day, self.window)
            };
            if let Some(line) = self.lines.iter_mut().find(fits) {
                line.booked = Some(day);
                entries.into_iter().for_each(|booked| booked.found = true);
            }
        }
    }

    fn lines_of_a_day(&mut self) {
        let mut days: BTreeMap<(Date, bool), Vec<&mut Line<'a>>> = BTreeMap::new();
        for line in self.lines.iter_mut().filter(|line| line.booked.is_none()) {
            days.entry(way(line.row.date, line.row.amount)).or_default().push(line);
        }
        for ((day, _), lines) in days.into_iter().filter(|(_, lines)| lines.len() > 1) {
            let sum: Decimal = lines.iter().map(|line| line.row.amount).sum();
            let fits = |booked: &&mut Booked<'_>| {
                let movement = &booked.movement;
                !booked.found && movement.amount == sum && is_near(movement.day, day, self.window)
            };
            if let Some(booked) = self.booked.iter_mut().find(fits) {
                booked.found = true;
                lines.into_iter().for_each(|line| line.booked = Some(booked.movement.day));
            }
        }
    }

    fn other_amounts(&mut self) {
        let mut left: BTreeMap<(Date, bool), Left<'_, 'a>> = BTreeMap::new();
        for line in self.lines.iter_mut().filter(|line| line.booked.is_none()) {
            left.entry(way(line.row.date, line.row.amount)).or_default().lines.push(line);
        }
        for booked in self.booked.iter_mut().filter(|booked| !booked.found && booked.must) {
            let movement = &booked.movement;
            left.entry(way(movement.day, movement.amount)).or_default().booked.push(booked);
        }
        for Left { mut lines, mut booked } in left.into_values() {
            if let ([line], [booked]) = (lines.as_mut_slice(), booked.as_mut_slice()) {
                line.differs = true;
                booked.differs = Some(line.row);
            }
        }
    }
}

/// What of one day and way has found no counterpart.
#[derive(Default)]
struct Left<'l, 'a> {
    booked: Vec<&'l mut Booked<'a>>,
    lines: Vec<&'l mut Line<'a>>,
}

/// Money in or money out of one day.
fn way(day: Date, amount: Decimal) -> (Date, bool) {
    (day, amount.is_sign_positive())
}

/// Whether two days lie no further apart than so many days.
pub(crate) fn is_near(one: Date, other: Date, days: i32) -> bool {
    one.days_until(other).abs() <= days
}
