//! Amounts, balances, rates and the one rounding rule (spec: V-5…V-7, M-1).
//!
//! `rust_decimal` carries the figures; the spelling is ours, because its parser also takes `+1`, `1_000` and
//! `1e2`.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::text::Label;
use crate::value::{ValueError, spelled};

/// |amount| stays below this many smallest units, so that sums of a million lines fit 128 bits (spec: V-6).
const LIMIT: i128 = 1_000_000_000_000_000;

/// Most digits after the point that a unit may have.
const MAX_SCALE: u32 = 8;

/// A sum of money or minutes that is never negative: the kind of entry gives the sign (spec: V-5).
///
/// It keeps the number of digits it was written with; a replay refuses any but the unit's scale (spec: V-6).
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

/// A balance or difference, which may be negative (spec: V-5). Zero has no sign.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Balance(Decimal);

impl Amount {
    /// The amount as a decimal figure.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// A computed figure as an amount in `unit`; `None` if negative, too large or finer than the unit.
    #[must_use]
    pub fn from_decimal(figure: Decimal, unit: &Unit) -> Option<Self> {
        let balance = Balance::from_decimal(figure, unit)?;
        (!balance.0.is_sign_negative()).then_some(Self(balance.0))
    }

    /// Digits after the decimal point.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.0.scale()
    }
}

impl Balance {
    /// The balance as a decimal figure.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// A computed figure as a balance in `unit`; `None` if too large or finer than the unit.
    #[must_use]
    pub fn from_decimal(figure: Decimal, unit: &Unit) -> Option<Self> {
        let mut scaled = figure;
        scaled.rescale(u32::from(unit.scale));
        let exact = scaled == figure && scaled.mantissa().abs() < LIMIT;
        // A rescaled zero may keep a sign; "-0.00" is not a spelling.
        exact.then_some(Self(if scaled.is_zero() { scaled.abs() } else { scaled }))
    }

    /// Digits after the decimal point.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.0.scale()
    }
}

impl FromStr for Amount {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (whole, fraction) = match text.split_once('.') {
            None => (text, ""),
            Some((_, "")) => return Err(ValueError::AmountSpelling),
            Some(parts) => parts,
        };
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leading_zero || !digits(whole) || !digits(fraction) {
            return Err(ValueError::AmountSpelling);
        }
        let scale = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        if scale > MAX_SCALE {
            return Err(ValueError::AmountSpelling);
        }
        let add = |sum: i64, digit: u8| sum.checked_mul(10)?.checked_add(i64::from(digit - b'0'));
        let mantissa = whole.bytes().chain(fraction.bytes()).try_fold(0, add);
        let mantissa = mantissa.filter(|mantissa| i128::from(*mantissa) < LIMIT);
        mantissa.map(|mantissa| Self(Decimal::new(mantissa, scale))).ok_or(ValueError::AmountTooLarge)
    }
}

impl FromStr for Balance {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let Some(positive) = text.strip_prefix('-') else {
            return Ok(Self(text.parse::<Amount>()?.0));
        };
        let amount = positive.parse::<Amount>()?;
        if amount.0.is_zero() {
            return Err(ValueError::AmountSpelling);
        }
        Ok(Self(-amount.0))
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

impl fmt::Debug for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Balance({self})")
    }
}

/// What a ledger counts in, declared in genesis: a code and the digits after the point (spec: V-6).
///
/// `CNY` with 2 counts yuan and fen, `minutes` with 0 a time bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// The unit's name in lower case, an ISO 4217 code or a plain word: `cny`, `usd`, `minutes`.
    pub code: Label,
    /// Digits after the decimal point, at most 8.
    pub scale: u8,
}

impl Unit {
    /// A unit; `None` with more than 8 digits after the point.
    #[must_use]
    pub fn new(code: Label, scale: u8) -> Option<Self> {
        (u32::from(scale) <= MAX_SCALE).then_some(Self { code, scale })
    }

    /// Whether genesis may declare this unit.
    pub(crate) fn is_valid(&self) -> bool {
        u32::from(self.scale) <= MAX_SCALE
    }

    /// Rounds a figure to the unit, half away from zero: the one rounding of the ledger (spec: V-7).
    ///
    /// 12,345.705 becomes 12,345.71 and −0.005 becomes −0.01.
    #[must_use]
    pub fn round(&self, figure: Decimal) -> Decimal {
        let mut rounded = figure.round_dp_with_strategy(
            u32::from(self.scale),
            rust_decimal::RoundingStrategy::MidpointAwayFromZero,
        );
        rounded.rescale(u32::from(self.scale));
        rounded
    }
}

/// A share of a whole, `num/den` with num ≤ den ≤ 1,000,000: 15 % is `15/100` or `3/20` (spec: V-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    num: u32,
    den: u32,
}

impl Rate {
    /// A rate; `None` unless num ≤ den and 1 ≤ den ≤ 1,000,000.
    #[must_use]
    pub const fn new(num: u32, den: u32) -> Option<Self> {
        if num <= den && den >= 1 && den <= 1_000_000 { Some(Self { num, den }) } else { None }
    }

    /// The numerator.
    #[must_use]
    pub const fn num(self) -> u32 {
        self.num
    }

    /// The denominator.
    #[must_use]
    pub const fn den(self) -> u32 {
        self.den
    }
}

/// Σ rate × base, exact, rounded once to the unit, half away from zero (spec: V-7).
///
/// The terms are brought to their least common denominator in 128-bit integers. `None` if that denominator
/// exceeds 10^12 or the sum leaves 128 bits.
///
/// ```
/// use xinyi_core::{Rate, Unit, share_of};
/// let unit = Unit::new("cny".parse()?, 2).ok_or("scale")?;
/// let fifteen = Rate::new(15, 100).ok_or("rate")?;
/// let twelve = Rate::new(12, 100).ok_or("rate")?;
/// let three_fen = "0.03".parse()?;
/// let share = share_of(&[(fifteen, three_fen), (twelve, three_fen)], &unit);
/// assert_eq!(share.ok_or("overflow")?.to_string(), "0.01");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn share_of(terms: &[(Rate, Decimal)], unit: &Unit) -> Option<Decimal> {
    let common = terms.iter().try_fold(1_i128, |lcm, (rate, _)| {
        let den = i128::from(rate.den);
        let next = lcm.checked_div(gcd(lcm, den))?.checked_mul(den)?;
        (next <= 1_000_000_000_000).then_some(next)
    })?;
    let numerator = terms.iter().try_fold(0_i128, |sum, (rate, base)| {
        let mut scaled = *base;
        scaled.rescale(u32::from(unit.scale));
        let factor = common.checked_div(i128::from(rate.den))?.checked_mul(i128::from(rate.num))?;
        sum.checked_add(scaled.mantissa().checked_mul(factor)?)
    })?;
    let half = common.checked_div(2)?.checked_mul(numerator.signum())?;
    // Half away from zero. For an odd denominator no exact half exists and the floor of its half is right.
    let rounded = numerator.checked_add(half)?.checked_div(common)?;
    Decimal::try_from_i128_with_scale(rounded, u32::from(unit.scale)).ok()
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a.max(1)
}

impl FromStr for Rate {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (num, den) = text.split_once('/').ok_or(ValueError::Rate)?;
        let number = |part: &str| {
            let plain = part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            if plain { part.parse().ok() } else { None }
        };
        number(num).zip(number(den)).and_then(|(num, den)| Self::new(num, den)).ok_or(ValueError::Rate)
    }
}

/// Hands the spelling of a figure on. A figure of the format has at most 16 digits.
fn spell<R>(figure: Decimal, then: impl FnOnce(&str) -> R) -> R {
    let Ok(mut rest) = u64::try_from(figure.mantissa().unsigned_abs()) else {
        return then(&figure.to_string());
    };
    // Twenty digits, a point and a sign.
    let mut text = [0; 22];
    let mut unwritten = text.len();
    let mut put = |byte| {
        unwritten = unwritten.saturating_sub(1);
        text.get_mut(unwritten).into_iter().for_each(|to| *to = byte);
    };
    let mut places = 0;
    while rest > 0 || places <= figure.scale() {
        if places == figure.scale() && places > 0 {
            put(b'.');
        }
        put(b'0' + u8::try_from(rest % 10).unwrap_or_default());
        (rest, places) = (rest / 10, places + 1);
    }
    if figure.is_sign_negative() {
        put(b'-');
    }
    let written = text.get(unwritten..).unwrap_or_default();
    then(std::str::from_utf8(written).unwrap_or_default())
}

spelled!(
    Amount as |amount, then| spell(amount.0, then),
    Balance as |balance, then| spell(balance.0, then),
    Rate as |rate, then| then(&format!("{}/{}", rate.num, rate.den)),
);
