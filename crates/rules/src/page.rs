//! A rule's page: one file with the words in both languages and the examples that are the rule's tests.
//!
//! ```text
//! title.en: Too much fee taken          one line each: title, fact and next, in en and zh;
//! fact.en: {taker} took {difference} …  braces name a finding's args
//! …
//! ## en                                 what it checks, why, what to do, limits
//! ## zh
//! ## examples                           fenced ledger blocks with what they must give
//! ```

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

    /// Puts a finding's names and figures in place. Amounts get thousands separators, and a word that the page
    /// explains in a line of its own, such as `fault.early`, gives way to that line.
    fn fill(self, line: &str, finding: &Finding, language: Language) -> String {
        let template = self.line(line, language).unwrap_or_default().to_owned();
        finding.args.iter().fold(template, |text, (name, value)| {
            let explained = self.line(&format!("{name}.{value}"), language).map(str::to_owned);
            text.replace(&format!("{{{name}}}"), &explained.unwrap_or_else(|| grouped(value)))
        })
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

/// A rate as people say it: `15%` where that is exact, else `1/3`.
#[must_use]
pub fn percent(rate: Rate) -> String {
    let hundredths = rate.num().checked_mul(100).zip(Some(rate.den()));
    match hundredths.filter(|(num, den)| num.checked_rem(*den) == Some(0)) {
        Some((num, den)) => format!("{}%", num.checked_div(den).unwrap_or_default()),
        None => rate.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

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
