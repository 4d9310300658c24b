//! Days, months, seconds and the ledger's fixed offset (spec: V-8…V-10). No clock: time arrives as a value.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

use crate::value::{ValueError, spelled, take_digits};

/// A day of the calendar, `YYYY-MM-DD`, in the ledger's fixed offset (spec: V-8).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// A month, `YYYY-MM`: the period an entry counts in (spec: V-9).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i16,
    month: i8,
}

/// Whole seconds UTC, `YYYY-MM-DDTHH:MM:SSZ` (spec: V-10).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The ledger's fixed difference from UTC, `+08:00`, declared in genesis (spec: V-10).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Offset {
    minutes: i32,
}

/// More days than there are in the calendar.
const MOST_DAYS: i32 = 4_000_000;

impl Date {
    /// A day; `None` if the calendar has no such day or the year is not 1…9999.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if year < 1 {
            return None;
        }
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The period this day counts in.
    #[must_use]
    pub fn period(self) -> Period {
        Period { year: self.0.year(), month: self.0.month() }
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The day `days` later (earlier if negative); stays put at the ends of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        // A span has a limit of its own, well beyond the calendar's ten thousand years.
        let days = days.clamp(-MOST_DAYS, MOST_DAYS);
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// Whole days from `self` to `later`; negative if `later` is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        if self == later {
            return 0;
        }
        self.0.until(later.0).map_or(0, |span| span.get_days())
    }
}

impl Period {
    /// A month; `None` unless year is 1…9999 and month 1…12.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1).map(Date::period)
    }

    /// The calendar year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month of the year, from 1.
    #[must_use]
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year.saturating_add(1), month: 1 }
        } else {
            Self { year: self.year, month: self.month.saturating_add(1) }
        }
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year.saturating_sub(1), month: 12 }
        } else {
            Self { year: self.year, month: self.month.saturating_sub(1) }
        }
    }

    /// The first day of the month.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date(civil::Date::new(self.year, self.month, 1).unwrap_or(civil::Date::MAX))
    }

    /// The last day of the month.
    #[must_use]
    pub fn last_day(self) -> Date {
        Date(self.first_day().0.last_of_month())
    }
}

impl Timestamp {
    /// A time from seconds since 1970-01-01T00:00:00Z; `None` outside the years 1970…9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        (0..=253_402_300_799).contains(&seconds).then_some(Self(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// The day this moment falls on at `offset`: 16:30 UTC on the 31st is the 1st at +08:00.
    #[must_use]
    pub fn day_at(self, offset: Offset) -> Date {
        let seconds = self.0.saturating_add(i64::from(offset.minutes).saturating_mul(60));
        Date(utc(seconds).date())
    }
}

/// The civil time of a count of seconds; out of range stays at the end of the calendar.
fn utc(seconds: i64) -> civil::DateTime {
    let epoch = civil::Date::constant(1970, 1, 1).at(0, 0, 0, 0);
    epoch.saturating_add(jiff::SignedDuration::from_secs(seconds))
}

impl Offset {
    /// An offset in minutes east of UTC; `None` beyond 14 hours.
    #[must_use]
    pub const fn from_minutes(minutes: i32) -> Option<Self> {
        if minutes.abs() <= 14 * 60 { Some(Self { minutes }) } else { None }
    }

    /// Minutes east of UTC.
    #[must_use]
    pub const fn minutes(self) -> i32 {
        self.minutes
    }
}

impl FromStr for Date {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        parse_date(text).ok_or(ValueError::Date)
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let (year, rest) = take_digits(text, 4)?;
    let (month, rest) = take_digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = take_digits(rest.strip_prefix('-')?, 2)?;
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
    rest.is_empty().then_some(date)
}

impl FromStr for Period {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let parse = || {
            let (year, rest) = take_digits(text, 4)?;
            let (month, rest) = take_digits(rest.strip_prefix('-')?, 2)?;
            let period = Self::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?)?;
            rest.is_empty().then_some(period)
        };
        parse().ok_or(ValueError::Period)
    }
}

impl FromStr for Timestamp {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let parse = || {
            let (date, time) = text.split_once('T')?;
            let (hour, rest) = take_digits(time, 2)?;
            let (minute, rest) = take_digits(rest.strip_prefix(':')?, 2)?;
            let (second, rest) = take_digits(rest.strip_prefix(':')?, 2)?;
            if rest != "Z" || hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            let epoch = civil::Date::constant(1970, 1, 1);
            let days = epoch.until(parse_date(date)?.0).ok()?.get_days();
            let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
            Self::from_unix(i64::from(days) * 86_400 + of_day)
        };
        parse().ok_or(ValueError::Timestamp)
    }
}

impl FromStr for Offset {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let parse = || {
            let sign = if text.starts_with('-') { -1 } else { 1 };
            let (hours, rest) = take_digits(text.strip_prefix(['+', '-'])?, 2)?;
            let (minutes, rest) = take_digits(rest.strip_prefix(':')?, 2)?;
            let total = i32::try_from(hours * 60 + minutes).ok()?;
            // "-00:00" would be a second spelling of UTC.
            let spelled_once = rest.is_empty() && minutes < 60 && !(sign < 0 && total == 0);
            if spelled_once { Self::from_minutes(sign * total) } else { None }
        };
        parse().ok_or(ValueError::Offset)
    }
}

/// The two decimal digits of a number below 100.
fn two(number: impl TryInto<u8>) -> [u8; 2] {
    let number: u8 = number.try_into().unwrap_or_default();
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

/// A month's digits, `YYYY-MM`.
fn month_digits(year: i16, month: i8) -> [u8; 7] {
    let ([a, b], [c, d], [e, f]) = (two(year / 100), two(year % 100), two(month));
    [a, b, c, d, b'-', e, f]
}

/// A day's digits, `YYYY-MM-DD`.
fn day_digits(date: civil::Date) -> [u8; 10] {
    let ([a, b, c, d, e, f, g], [h, i]) = (month_digits(date.year(), date.month()), two(date.day()));
    [a, b, c, d, e, f, g, b'-', h, i]
}

/// A second's digits, `YYYY-MM-DDTHH:MM:SSZ`.
fn second_digits(at: civil::DateTime) -> [u8; 20] {
    let [a, b, c, d, e, f, g, h, i, j] = day_digits(at.date());
    let ([k, l], [m, n], [o, p]) = (two(at.hour()), two(at.minute()), two(at.second()));
    [a, b, c, d, e, f, g, h, i, j, b'T', k, l, b':', m, n, b':', o, p, b'Z']
}

/// Digits are text.
fn text(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).unwrap_or_default()
}

macro_rules! debug_as_display {
    ($($type:ident),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type), "({})"), self)
            }
        }
    )+};
}
debug_as_display!(Date, Period, Timestamp, Offset);

spelled!(
    Date as |date, then| then(text(&day_digits(date.0))),
    Period as |period, then| then(text(&month_digits(period.year, period.month))),
    Timestamp as |time, then| then(text(&second_digits(utc(time.0)))),
    Offset as |offset, then| {
        let sign = if offset.minutes < 0 { '-' } else { '+' };
        let minutes = offset.minutes.unsigned_abs();
        then(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
    },
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_spelling() {
        for bad in [
            "2026-02-29",
            "2026-2-09",
            "2026-02-09 ",
            "02026-02-09",
            "2026-13-01",
            "0000-01-01",
            "２026-02-09",
        ] {
            assert_eq!(bad.parse::<Date>(), Err(ValueError::Date), "{bad}");
        }
        assert_eq!("2024-02-29".parse::<Date>().unwrap().to_string(), "2024-02-29");
    }

    #[test]
    fn half_past_four_in_the_afternoon_utc_is_the_next_day_in_beijing() {
        let moment = "2026-03-31T16:30:00Z".parse::<Timestamp>().unwrap();
        assert_eq!(moment.to_string(), "2026-03-31T16:30:00Z");
        assert_eq!(moment.day_at("+08:00".parse().unwrap()).to_string(), "2026-04-01");
        assert_eq!(moment.day_at("-08:00".parse().unwrap()).to_string(), "2026-03-31");
    }

    #[test]
    fn months_follow_each_other_over_the_year() {
        let december = "2020-12".parse::<Period>().unwrap();
        assert_eq!(december.next().to_string(), "2021-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!("2024-02".parse::<Period>().unwrap().last_day().to_string(), "2024-02-29");
        assert_eq!(december.first_day().days_until(december.next().first_day()), 31);
    }

    #[test]
    fn times_and_offsets_refuse_other_spellings() {
        for bad in [
            "2026-03-31T16:30:00+00:00",
            "2026-03-31t16:30:00Z",
            "2026-03-31T24:00:00Z",
            "2026-03-31T16:30:60Z",
        ] {
            assert_eq!(bad.parse::<Timestamp>(), Err(ValueError::Timestamp), "{bad}");
        }
        for bad in ["-00:00", "+8:00", "+15:00", "08:00", "+08:60"] {
            assert_eq!(bad.parse::<Offset>(), Err(ValueError::Offset), "{bad}");
        }
    }
}
