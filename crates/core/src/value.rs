//! How single values are spelled, and the one error for a value that is not (spec: values.md, V-1…V-12).
//!
//! Every value in a line has exactly one spelling. Types read it by `FromStr`, and [`spelled!`] makes of it their text
//! and their JSON string form.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, Visitor};

/// Why a single value was refused. The text of every variant is unique, because a JSON parser carries errors
/// as text and `in_message` reads them back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not `digits` or `digits.digits` without superfluous zeros or signs (spec: V-5).
    #[error("an amount is written as digits with a decimal point, without sign or leading zero")]
    AmountSpelling,
    /// 10^15 smallest units or more (spec: V-6).
    #[error("an amount is below 10^15 smallest units")]
    AmountTooLarge,
    /// Not a day of the calendar written `YYYY-MM-DD` (spec: V-8).
    #[error("a date is a day of the calendar written YYYY-MM-DD")]
    Date,
    /// Not the lower-case hexadecimal form of the right length (spec: V-4).
    #[error("bytes are written as lower-case hexadecimal digits of the right length")]
    Hex,
    /// Above 2^53 − 1 (spec: V-3).
    #[error("a whole number is at most 9007199254740991")]
    Integer,
    /// Not `[a-z0-9]` followed by at most 63 of `[a-z0-9._-]` (spec: V-11).
    #[error("a label is 1 to 64 of a-z 0-9 . _ - and starts with a letter or digit")]
    Label,
    /// A fixed word that the format does not know.
    #[error("a word here is not one that the format knows")]
    Word,
    /// Not an offset `+HH:MM` or `-HH:MM` within 14 hours (spec: V-10).
    #[error("an offset is written +HH:MM or -HH:MM, at most 14 hours")]
    Offset,
    /// Not a month written `YYYY-MM` (spec: V-9).
    #[error("a period is a month written YYYY-MM")]
    Period,
    /// A public key that is not canonical, not torsion-free, of small order, or the identity (spec: K-2).
    #[error("a public key is a canonical point of prime order")]
    PublicKey,
    /// Not `num/den` in lowest spelling with num ≤ den ≤ 1,000,000 (spec: V-7).
    #[error("a rate is written num/den with num <= den <= 1000000")]
    Rate,
    /// A control, bidirectional, separator or noncharacter code point (spec: V-12).
    #[error("text holds a control, bidirectional or noncharacter code point")]
    TextForbidden,
    /// Empty, longer than allowed, or with blanks at an end (spec: V-12).
    #[error("text is empty, too long, or starts or ends with a blank")]
    TextLength,
    /// Not a whole second UTC written `YYYY-MM-DDTHH:MM:SSZ` (spec: V-10).
    #[error("a time is a whole second UTC written YYYY-MM-DDTHH:MM:SSZ")]
    Timestamp,
}

impl ValueError {
    const ALL: [Self; 14] = [
        Self::AmountSpelling,
        Self::AmountTooLarge,
        Self::Date,
        Self::Hex,
        Self::Integer,
        Self::Label,
        Self::Word,
        Self::Offset,
        Self::Period,
        Self::PublicKey,
        Self::Rate,
        Self::TextForbidden,
        Self::TextLength,
        Self::Timestamp,
    ];

    /// The stable code, never reused.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AmountSpelling => "amount-spelling",
            Self::AmountTooLarge => "amount-too-large",
            Self::Date => "date-invalid",
            Self::Hex => "hex-invalid",
            Self::Integer => "integer-too-large",
            Self::Label => "label-invalid",
            Self::Word => "word-unknown",
            Self::Offset => "offset-invalid",
            Self::Period => "period-invalid",
            Self::PublicKey => "key-inadmissible",
            Self::Rate => "rate-invalid",
            Self::TextForbidden => "text-forbidden",
            Self::TextLength => "text-length",
            Self::Timestamp => "time-invalid",
        }
    }

    /// The value error that a parser's message carries, if any.
    pub(crate) fn in_message(message: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| message.starts_with(&error.to_string()))
    }
}

/// Visits a JSON string without copying it and reads a `T` from it.
pub(crate) struct Spelled<T>(pub(crate) PhantomData<T>);

impl<T> Visitor<'_> for Spelled<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Visits a JSON string without copying it and gives what is read from it, good or not: whoever reads the field
/// judges it.
pub(crate) struct Unjudged<F>(pub(crate) F);

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Unjudged<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }
}

/// Gives a type its spelling, from which come its text and its JSON form, and with `FromStr` how it is read. The
/// spelling is handed on instead of given back, so that it need not be allocated.
macro_rules! spelled {
    ($($type:ty as |$value:ident, $then:ident| $spell:expr),+ $(,)?) => {$(
        impl $type {
            fn spell<R>(&self, $then: impl FnOnce(&str) -> R) -> R {
                let $value = self;
                $spell
            }
        }
        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.spell(|text| f.write_str(text))
            }
        }
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.spell(|text| to.serialize_str(text))
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str($crate::value::Spelled(::std::marker::PhantomData))
            }
        }
    )+};
}
pub(crate) use spelled;

/// Reads `count` ASCII digits at the start of `text`; the number and the rest.
pub(crate) fn take_digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    Some((all_digits.then(|| digits.parse().ok()).flatten()?, rest))
}
