//! Pairs two lists of days, each with each at most once and no further apart than a window, so that as many as can be
//! are paired: a maximum matching by augmenting paths, the same in every run.

use std::collections::{BTreeMap, VecDeque};

use xinyi_core::Date;

/// One list, in order of days, with the place of each one's partner in the other.
#[derive(Debug, Default)]
struct Side {
    days: Vec<Date>,
    partner: Vec<Option<usize>>,
}

impl Side {
    fn of(days: impl IntoIterator<Item = Date>) -> Self {
        let days: Vec<Date> = days.into_iter().collect();
        let partner = vec![None; days.len()];
        Self { days, partner }
    }

    fn partner_of(&self, place: usize) -> Option<usize> {
        self.partner.get(place).copied().flatten()
    }

    fn pair(&mut self, place: usize, with: usize) {
        if let Some(partner) = self.partner.get_mut(place) {
            *partner = Some(with);
        }
    }

    /// The places whose days lie within the window around a day.
    fn near(&self, day: Date, window: i32) -> std::ops::Range<usize> {
        let from = self.days.partition_point(|other| *other < day.plus_days(-window));
        from..self.days.partition_point(|other| *other <= day.plus_days(window))
    }
}

/// Pairs `rows` with `moved`, both in order of days; gives the place in `moved` for each row.
///
/// Those of one day first; then every one that `must` have a partner, then every row, each as far as it can get one
/// without taking it from such a one.
pub(super) fn pairs(rows: &[Date], moved: &[(Date, bool)], window: i32) -> Vec<Option<usize>> {
    let mut rows = Side::of(rows.iter().copied());
    let mut others = Side::of(moved.iter().map(|(day, _)| *day));
    same_day(&mut rows, &mut others);
    let must = moved.iter().enumerate().filter(|(_, (_, must))| *must).map(|(place, _)| place);
    pair_all(must, &mut others, &mut rows, window);
    let all = 0..rows.days.len();
    pair_all(all, &mut rows, &mut others, window);
    rows.partner
}

fn same_day(rows: &mut Side, others: &mut Side) {
    let mut next = 0;
    for (row, day) in rows.days.clone().into_iter().enumerate() {
        let place = next + others.days.iter().skip(next).take_while(|other| **other < day).count();
        next = place;
        if others.days.get(place) == Some(&day) {
            rows.pair(row, place);
            others.pair(place, row);
            next += 1;
        }
    }
}

fn pair_all(places: impl Iterator<Item = usize>, from: &mut Side, to: &mut Side, window: i32) {
    // What a search in vain has seen leads nowhere later either.
    let mut dead = vec![false; to.days.len()];
    for place in places {
        if from.partner_of(place).is_some() {
            continue;
        }
        if let Err(seen) = augment(place, from, to, window, &dead) {
            for place in seen {
                if let Some(dead) = dead.get_mut(place) {
                    *dead = true;
                }
            }
        }
    }
}

/// Finds a partner for one without one, if others can change theirs so that one is free; else what was looked at.
fn augment(
    start: usize,
    from: &mut Side,
    to: &mut Side,
    window: i32,
    dead: &[bool],
) -> Result<(), Vec<usize>> {
    let mut came: BTreeMap<usize, usize> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(place) = waiting.pop_front() {
        let Some(day) = from.days.get(place).copied() else { continue };
        for other in to.near(day, window) {
            if came.contains_key(&other) || dead.get(other) == Some(&true) {
                continue;
            }
            came.insert(other, place);
            match to.partner_of(other) {
                Some(next) => waiting.push_back(next),
                None => {
                    change_partners(other, start, &came, from, to);
                    return Ok(());
                }
            }
        }
    }
    Err(came.into_keys().collect())
}

/// Gives each one on the path back to `start` the partner that the path found for it.
fn change_partners(free: usize, start: usize, came: &BTreeMap<usize, usize>, from: &mut Side, to: &mut Side) {
    let mut next = Some(free);
    while let Some((other, place)) = next.and_then(|other| Some((other, *came.get(&other)?))) {
        next = from.partner_of(place).filter(|_| place != start);
        from.pair(place, other);
        to.pair(other, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paired(rows: &[i32], moved: &[(i32, bool)]) -> Vec<Option<usize>> {
        let Some(first) = Date::new(2026, 3, 1) else { return Vec::new() };
        let rows: Vec<Date> = rows.iter().map(|number| first.plus_days(*number)).collect();
        let moved: Vec<_> = moved.iter().map(|(number, must)| (first.plus_days(*number), *must)).collect();
        pairs(&rows, &moved, 3)
    }

    #[test]
    fn a_complete_pairing_is_found_though_the_nearest_is_taken() {
        assert_eq!(paired(&[0, 5], &[(-3, false), (2, true)]), [Some(0), Some(1)]);
        let days: Vec<i32> = (0..31).collect();
        let shifted: Vec<_> = (1..32).map(|number| (number, number < 31)).collect();
        assert!(paired(&days, &shifted).iter().all(Option::is_some));
    }

    #[test]
    fn one_that_must_be_paired_comes_before_one_that_may() {
        assert_eq!(paired(&[1], &[(-1, false), (2, true)]), [Some(1)]);
    }

    #[test]
    fn the_window_is_kept_to_the_day() {
        assert_eq!(paired(&[3], &[(0, true)]), [Some(0)]);
        assert_eq!(paired(&[4], &[(0, true)]), [None]);
    }
}
