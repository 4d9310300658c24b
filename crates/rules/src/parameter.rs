//! Figures that rules read from the deed's parameters by name, and what holds where a deed is silent (spec: D-6).

use rust_decimal::Decimal;
use xinyi_core::{Date, Deed, Label};

/// How a parameter's value is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An amount: `10000.00`.
    Amount,
    /// A whole number: days, months, times.
    Count,
    /// A day: `2026-03-01`.
    Date,
    /// A label: `property-fee`. May stand several times.
    Label,
    /// A label and an amount joined by `=`: `lamp=12.00`. May stand several times.
    LabelAmount,
    /// A label and a number joined by `=`: `property-fee=12`. May stand several times.
    LabelCount,
    /// Two labels joined by `=`: `school-fund=teaching`. May stand several times, also with the same first one.
    LabelLabel,
    /// A label and a share joined by `=`: `charge=1/2`. May stand several times.
    LabelRatio,
    /// A share or multiple: `95/100`, `130/100`.
    Ratio,
}

impl Form {
    /// The word for it in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Count => "count",
            Self::Date => "date",
            Self::Label => "label",
            Self::LabelAmount => "label=amount",
            Self::LabelCount => "label=count",
            Self::LabelLabel => "label=label",
            Self::LabelRatio => "label=ratio",
            Self::Ratio => "ratio",
        }
    }

    /// Whether the parameter may stand several times, each time with another value.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(
            self,
            Self::Label | Self::LabelAmount | Self::LabelCount | Self::LabelLabel | Self::LabelRatio
        )
    }

    /// Whether a value is spelled so.
    #[must_use]
    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Amount => amount(value).is_some(),
            Self::Count => count(value).is_some(),
            Self::Date => value.parse::<Date>().is_ok(),
            Self::Label => value.parse::<Label>().is_ok(),
            Self::LabelAmount => pair(value).is_some_and(|(_, price)| amount(price).is_some()),
            Self::LabelCount => pair(value).is_some_and(|(_, number)| count(number).is_some()),
            Self::LabelLabel => pair(value).is_some_and(|(_, label)| label.parse::<Label>().is_ok()),
            Self::LabelRatio => pair(value).is_some_and(|(_, share)| ratio(share).is_some()),
            Self::Ratio => ratio(value).is_some(),
        }
    }
}

/// A share or a multiple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub num: u64,
    /// Below the line, not 0.
    pub den: u64,
}

impl Ratio {
    /// That share of an amount, exact.
    #[must_use]
    pub fn of(self, amount: Decimal) -> Decimal {
        amount * Decimal::from(self.num) / Decimal::from(self.den)
    }

    /// Whether `part` is less than that share of `whole`.
    #[must_use]
    pub fn is_above(self, part: Decimal, whole: Decimal) -> bool {
        part * Decimal::from(self.den) < whole * Decimal::from(self.num)
    }

    /// Whether `part` is more than that share of `whole`.
    #[must_use]
    pub fn is_below(self, part: Decimal, whole: Decimal) -> bool {
        part * Decimal::from(self.den) > whole * Decimal::from(self.num)
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

/// A figure that a rule reads from the deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name among the deed's parameters.
    pub name: &'static str,
    /// How its value is spelled.
    pub form: Form,
    /// What holds where the deed is silent: one value, several for a list, none.
    pub default: &'static [&'static str],
}

impl Parameter {
    /// The values that hold under a deed: its own, else the default. One that is not spelled as it must be is as
    /// good as none, so that a slip switches nothing off.
    #[must_use]
    pub fn values<'a>(&self, deed: &'a Deed) -> Vec<&'a str> {
        self.each(deed).collect()
    }

    /// The same, one after the other.
    fn each<'a>(&self, deed: &'a Deed) -> impl Iterator<Item = &'a str> + use<'a> {
        let Self { name, form, default } = *self;
        let named = deed.parameters.iter().filter(move |parameter| parameter.name.as_str() == name);
        let most = if form.is_list() { usize::MAX } else { 1 };
        let named = named.map(|parameter| parameter.value.as_str()).take(most);
        let mut named = named.filter(move |value| form.accepts(value)).peekable();
        let default = if named.peek().is_none() { default } else { &[] };
        named.chain(default.iter().copied())
    }

    /// The amount; `None` if neither deed nor default has one.
    #[must_use]
    pub fn amount(&self, deed: &Deed) -> Option<Decimal> {
        self.each(deed).find_map(amount)
    }

    /// The number.
    #[must_use]
    pub fn count(&self, deed: &Deed) -> Option<u64> {
        self.each(deed).find_map(count)
    }

    /// A number of days, none where deed and default are silent.
    #[must_use]
    pub fn days(&self, deed: &Deed) -> Option<i32> {
        self.count(deed).and_then(|days| i32::try_from(days).ok())
    }

    /// The day.
    #[must_use]
    pub fn date(&self, deed: &Deed) -> Option<Date> {
        self.each(deed).find_map(|value| value.parse().ok())
    }

    /// The share or multiple.
    #[must_use]
    pub fn ratio(&self, deed: &Deed) -> Option<Ratio> {
        self.each(deed).find_map(ratio)
    }

    /// Whether a label is listed.
    #[must_use]
    pub fn lists(&self, deed: &Deed, label: &Label) -> bool {
        self.each(deed).any(|value| value == label.as_str())
    }

    /// The amount given for a label.
    #[must_use]
    pub fn amount_of(&self, deed: &Deed, label: &Label) -> Option<Decimal> {
        self.of(deed, label).and_then(amount)
    }

    /// The labels given for a label.
    pub fn labels_of<'a>(&self, deed: &'a Deed, label: &Label) -> Vec<&'a str> {
        let pairs = self.each(deed).filter_map(pair);
        pairs.filter(|(name, _)| *name == label.as_str()).map(|(_, other)| other).collect()
    }

    /// The number given for a label.
    #[must_use]
    pub fn count_of(&self, deed: &Deed, label: &Label) -> Option<u64> {
        self.of(deed, label).and_then(count)
    }

    /// Every label with its number.
    pub fn counts<'a>(&self, deed: &'a Deed) -> Vec<(&'a str, u64)> {
        let pairs = self.each(deed).filter_map(pair);
        pairs.filter_map(|(name, value)| Some((name, count(value)?))).collect()
    }

    /// The share given for a label.
    #[must_use]
    pub fn ratio_of(&self, deed: &Deed, label: &Label) -> Option<Ratio> {
        self.of(deed, label).and_then(ratio)
    }

    fn of<'a>(&self, deed: &'a Deed, label: &Label) -> Option<&'a str> {
        let pairs = self.each(deed).filter_map(pair);
        pairs.filter(|(name, _)| *name == label.as_str()).map(|(_, value)| value).next()
    }
}

/// The largest part of a ratio, as of a rate (spec: V-7).
const MOST_PART: u64 = 1_000_000;

fn amount(value: &str) -> Option<Decimal> {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    value.parse().ok().filter(|_| is_plain && value.len() < 20)
}

fn count(value: &str) -> Option<u64> {
    value.parse().ok().filter(|_| value.bytes().all(|byte| byte.is_ascii_digit()) && value.len() < 10)
}

fn ratio(value: &str) -> Option<Ratio> {
    let (num, den) = value.split_once('/')?;
    let part = |text: &str| count(text).filter(|part| *part <= MOST_PART);
    part(num).zip(part(den)).filter(|(_, den)| *den > 0).map(|(num, den)| Ratio { num, den })
}

fn pair(value: &str) -> Option<(&str, &str)> {
    value.split_once('=').filter(|(label, _)| label.parse::<Label>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_form() {
        for (form, good, bad) in [
            (Form::Amount, "10000.00", "1e5"),
            (Form::Count, "30", "-1"),
            (Form::Date, "2026-02-28", "2026-02-30"),
            (Form::Label, "property-fee", "Property fee"),
            (Form::LabelAmount, "lamp=12.00", "lamp=a dozen"),
            (Form::LabelCount, "teaching=2", "teaching"),
            (Form::LabelLabel, "school-fund=teaching", "school-fund="),
            (Form::LabelRatio, "charge=1/2", "charge=1/0"),
            (Form::Ratio, "130/100", "1.3"),
        ] {
            assert!(form.accepts(good) && !form.accepts(bad), "{}", form.as_str());
        }
    }

    #[test]
    fn a_slip_leaves_the_default() {
        let deed = |values: &[&str]| -> Deed {
            let mut deed = xinyi_testkit::Community::deed_json("2026-03");
            let named = values.iter().map(|value| serde_json::json!({"name": "near-limit", "value": value}));
            deed["parameters"] = named.collect();
            serde_json::from_value(deed).unwrap_or_else(|error| unreachable!("{error}"))
        };
        let near = Parameter { name: "near-limit", form: Form::Ratio, default: &["95/100"] };
        for (values, expected) in [
            (&["0.95"][..], "95/100"),
            (&["9/10", "1/10"], "9/10"),
            (&["x", "1/10"], "95/100"),
            (&[], "95/100"),
        ] {
            assert_eq!(near.values(&deed(values)), [expected], "{values:?}");
        }
    }

    #[test]
    fn a_share_is_compared_without_rounding() {
        let third = Ratio { num: 1, den: 3 };
        let [one, three] = [Decimal::ONE, Decimal::from(3)];
        assert!(!third.is_above(one, three) && !third.is_below(one, three));
        assert!(third.is_above(Decimal::new(99, 2), three) && third.is_below(Decimal::new(101, 2), three));
    }
}
