//! A rule's page: one file with the words in both languages and the examples that are the rule's tests.
//!
//! ```text
//! title.en: Too much fee taken          one line each: title, fact and next, in en and zh;
//! fact.en: {taker} took {difference} …  braces name a finding's args
//! …
//! vectors: line-dropped, …              of a rule that a replay keeps: what it refuses (docs/spec/vectors)
//! ## en                                 what it checks, why, what to do, limits
//! ## zh
//! ## examples                           fenced ledger blocks with what they must give
//! ```

use rust_decimal::Decimal;
use xinyi_core::Rate;

use crate::finding::Finding;

/// A language that users read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// The word used in pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

/// A rule's page, read.
#[derive(Clone, Copy, Debug)]
pub struct Page(pub(crate) &'static str);

impl Page {
    /// One of the page's single lines: `title`, `fact` or `next`.
    #[must_use]
    pub fn line(self, name: &str, language: Language) -> Option<&'static str> {
        let key = format!("{name}.{}: ", language.as_str());
        self.0.lines().find_map(|line| line.strip_prefix(&key))
    }

    /// The public vectors that show what a replay refuses.
    pub fn vectors(self) -> impl Iterator<Item = &'static str> {
        let line = self.0.lines().find_map(|line| line.strip_prefix("vectors: "));
        line.unwrap_or_default().split(", ").filter(|name| !name.is_empty())
    }

    /// The rule's name.
    #[must_use]
    pub fn title(self, language: Language) -> &'static str {
        self.line("title", language).unwrap_or_default()
    }

    /// The page in one language.
    #[must_use]
    pub fn body(self, language: Language) -> &'static str {
        let heading = format!("\n## {}\n", language.as_str());
        let body = self.0.split_once(&heading).map_or("", |(_, rest)| rest);
        body.split_once("\n## ").map_or(body, |(body, _)| body).trim()
    }

    /// The examples: the text of each fenced ledger block.
    pub fn examples(self) -> impl Iterator<Item = &'static str> {
        self.0
            .split("```ledger\n")
            .skip(1)
            .filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block))
    }

    /// What the finding says, in one sentence: the fact first.
    #[must_use]
    pub fn fact(self, finding: &Finding, language: Language) -> String {
        self.fill("fact", finding, language)
    }

    /// What to do next.
    #[must_use]
    pub fn next(self, finding: &Finding, language: Language) -> String {
        self.fill("next", finding, language)
    }

    /// Puts a finding's names and figures in place. A word that the page explains in a line of its own, such as
    /// `fault.early`, gives way to that line first, for it may hold figures; amounts get thousands separators.
    fn fill(self, line: &str, finding: &Finding, language: Language) -> String {
        let template = self.line(line, language).unwrap_or_default().to_owned();
        let put = |text: String, name: &str, value: &str| text.replace(&format!("{{{name}}}"), value);
        let explained = |name: &str, value: &str| self.line(&format!("{name}.{value}"), language);
        let words = finding.args.iter().filter_map(|(name, value)| Some((name, explained(name, value)?)));
        let text = words.fold(template, |text, (name, line)| put(text, name, line));
        finding.args.iter().fold(text, |text, (name, value)| put(text, name, &grouped(value)))
    }
}

/// `1234567.89` as `1,234,567.89`; anything that is not a decimal figure with a point stays.
#[must_use]
pub fn grouped(figure: &str) -> String {
    let (sign, digits) = figure.strip_prefix('-').map_or(("", figure), |rest| ("-", rest));
    let Some((whole, fraction)) = digits.split_once('.') else { return figure.to_owned() };
    let is_figure = !whole.is_empty() && (whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit());
    if !is_figure {
        return figure.to_owned();
    }
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{fraction}")
}

/// A rate as people say it: `15%`, `13.5%` where two places are exact, else `1/3`.
#[must_use]
pub fn percent(rate: Rate) -> String {
    let hundredths = Decimal::from(u64::from(rate.num()) * 10_000).checked_div(Decimal::from(rate.den()));
    match hundredths.filter(Decimal::is_integer) {
        Some(hundredths) => format!("{}%", (hundredths / Decimal::ONE_HUNDRED).normalize()),
        None => rate.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{grouped, percent};

    #[test]
    fn a_rate_is_said_in_percent_where_two_places_do() {
        for (given, expected) in [("15/100", "15%"), ("27/200", "13.5%"), ("1/3", "1/3"), ("1/1", "100%")] {
            assert_eq!(given.parse().map(percent), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn amounts_are_grouped_and_other_words_are_not() {
        for (given, expected) in [
            ("1234567.89", "1,234,567.89"),
            ("-300.00", "-300.00"),
            ("100000.00", "100,000.00"),
            ("2026-03", "2026-03"),
        ] {
            assert_eq!(grouped(given), expected);
        }
    }
}
