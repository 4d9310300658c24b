//! A figure that a clause asks of the deed, and whether the deed's own falls short of it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use xinyi_core::{Count, Deadlines, Deed};

use crate::registry::RULES;

/// A bound for one of the deed's deadlines or parameters, by name. It has exactly one bound.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// No less than this.
    pub at_least: Option<String>,
    /// No more than this.
    pub at_most: Option<String>,
    /// This among the values.
    pub lists: Option<String>,
    /// More than this.
    pub more_than: Option<String>,
    /// Another figure that is as good, where the deed states it.
    #[serde(rename = "or")]
    pub other: Option<Box<Self>>,
    /// Whether a silent deed meets it, because silence asks for more.
    #[serde(default)]
    pub or_silent: bool,
    /// A deadline such as `publish-days`, or a parameter that a rule reads.
    pub parameter: String,
}

/// A requirement compared with a deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Demand {
    /// What holds: the deed's values, else the rule's own default; empty if the deed is silent and there is none.
    pub actual: Vec<String>,
    /// Where that stands: `deed`, `default` or `silent`.
    pub basis: &'static str,
    /// The bound's kind: `at-least`, `at-most`, `lists` or `more-than`.
    pub bound: &'static str,
    /// Whether the deed does not fall short.
    pub met: bool,
    /// The parameter.
    pub parameter: String,
    /// The bound.
    pub required: String,
}

impl Requirement {
    /// The one bound: its kind and its figure.
    fn bound(&self) -> Option<(&'static str, &str)> {
        let bounds = [
            ("at-least", &self.at_least),
            ("at-most", &self.at_most),
            ("lists", &self.lists),
            ("more-than", &self.more_than),
        ];
        let mut given = bounds.into_iter().filter_map(|(kind, value)| Some((kind, value.as_deref()?)));
        given.next().filter(|_| given.next().is_none())
    }

    /// Whether there is exactly one bound, and it can be compared.
    pub(crate) fn is_sound(&self) -> bool {
        let is_figure = self.bound().is_some_and(|(kind, value)| kind == "lists" || figure(value).is_some());
        is_figure && self.other.as_ref().is_none_or(|other| other.is_sound())
    }

    /// The bound's kind: `at-least`, `at-most`, `lists` or `more-than`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.bound().map_or("", |(kind, _)| kind)
    }

    /// The bound's figure.
    #[must_use]
    pub fn required(&self) -> &str {
        self.bound().map_or("", |(_, value)| value)
    }

    /// Whether a deed has a place of its own for it, so that no rule need name the parameter.
    #[must_use]
    pub fn is_deadline(&self) -> bool {
        DEADLINES.iter().any(|(name, _)| *name == self.parameter)
    }

    /// Compares it with a deed; what the deed states instead, if that is as good.
    pub(crate) fn compare(&self, deed: Option<&Deed>) -> Demand {
        let own = self.compare_own(deed);
        let other = self.other.as_ref().filter(|_| !own.met).map(|other| other.compare(deed));
        other.filter(|other| other.met).unwrap_or(own)
    }

    fn compare_own(&self, deed: Option<&Deed>) -> Demand {
        let (actual, basis) = self.actual(deed);
        let (bound, required) = self.bound().unwrap_or_default();
        let is_silent = self.or_silent && basis == "silent";
        // Rules take the first figure that they can read (spec: D-6).
        let mut figures =
            actual.iter().filter(|value| label(value) == label(required)).filter_map(|value| figure(value));
        let is_enough = |(actual, required): (Decimal, Decimal)| match bound {
            "at-least" => actual >= required,
            "at-most" => actual <= required,
            _ => actual > required,
        };
        let is_met = match bound {
            "lists" => actual.iter().any(|value| value == required),
            _ => figures.next().zip(figure(required)).is_some_and(is_enough),
        };
        let met = is_silent || is_met;
        Demand { actual, basis, bound, met, parameter: self.parameter.clone(), required: required.to_owned() }
    }

    /// What holds under the deed, and where it stands.
    fn actual(&self, deed: Option<&Deed>) -> (Vec<String>, &'static str) {
        let deadline = DEADLINES.iter().find(|(name, _)| *name == self.parameter);
        if let Some((_, read)) = deadline {
            let days = deed.and_then(|deed| read(&deed.deadlines));
            return days.map_or((Vec::new(), "silent"), |days| (vec![days.to_string()], "deed"));
        }
        let parameters = deed.into_iter().flat_map(|deed| &deed.parameters);
        let named = parameters.filter(|parameter| parameter.name.as_str() == self.parameter);
        let named: Vec<_> = named.map(|parameter| parameter.value.to_string()).collect();
        if !named.is_empty() {
            return (named, "deed");
        }
        let known = RULES.iter().flat_map(|rule| rule.parameters).find(|known| known.name == self.parameter);
        match known.map(|known| known.default) {
            None | Some([]) => (Vec::new(), "silent"),
            Some(default) => (default.iter().map(|value| (*value).to_owned()).collect(), "default"),
        }
    }
}

type Deadline = fn(&Deadlines) -> Option<Count>;

/// The deadlines that a deed has places for.
const DEADLINES: &[(&str, Deadline)] = &[
    ("answer-days", |days| days.answer_days),
    ("bank-days", |days| days.bank_days),
    ("close-days", |days| days.close_days),
    ("handover-days", |days| days.handover_days),
    ("late-days", |days| days.late_days),
    ("late-hours", |days| days.late_hours),
    ("publish-days", |days| days.publish_days),
    ("ratify-days", |days| days.ratify_days),
];

/// The label of `label=figure`.
fn label(value: &str) -> Option<&str> {
    value.split_once('=').map(|(label, _)| label)
}

/// A count, an amount or a ratio as one exact figure; of `label=figure` the figure.
fn figure(value: &str) -> Option<Decimal> {
    let value = value.split_once('=').map_or(value, |(_, figure)| figure);
    let (num, den) = value.split_once('/').unwrap_or((value, "1"));
    let (num, den): (Decimal, Decimal) = (num.parse().ok()?, den.parse().ok()?);
    num.checked_div(den)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(text: &str) -> Requirement {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_requirement_has_one_bound() {
        assert!(requirement("parameter = \"publish-days\"\nat_most = \"10\"").is_sound());
        assert!(!requirement("parameter = \"publish-days\"").is_sound());
        assert!(!requirement("parameter = \"a\"\nat_most = \"10\"\nat_least = \"1\"").is_sound());
        assert!(!requirement("parameter = \"a\"\nat_least = \"soon\"").is_sound());
    }

    #[test]
    fn a_silent_deed_falls_short_and_shares_are_compared_as_shares() {
        let silent = requirement("parameter = \"publish-days\"\nat_most = \"10\"").compare(None);
        assert!(!silent.met && silent.basis == "silent");
        let stricter =
            requirement("parameter = \"nowhere\"\nat_least = \"1/2\"\nor_silent = true").compare(None);
        assert!(stricter.met && stricter.basis == "silent");
        let either = "parameter = \"nowhere\"\nat_least = \"1/2\"\nor = { parameter = \"posted-days\", at_least = \"15\" }";
        let either = requirement(either);
        assert!(either.is_sound() && either.compare(None).met);
        assert_eq!(figure("1/2"), figure("50/100"));
        assert_eq!(figure("charge=2/3").map(|share| share > Decimal::new(66, 2)), Some(true));
    }
}
