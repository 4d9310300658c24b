//! Which rules a caller asks for, by code or by family; a check of fewer than all says that it is partial.

use serde::Serialize;

use crate::registry::RULES;

/// The rules asked for. All of them run, since some rest on what others count; the report keeps those asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Selection {
    /// Only these codes and families; empty for all.
    pub only: Vec<String>,
    /// None of these codes and families.
    pub skip: Vec<String>,
}

/// A word that names no rule and no family of rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no rule is called `{word}`; the nearest is {nearest}")]
pub struct UnknownRule {
    /// The code or family that is most like it.
    pub nearest: String,
    /// The word.
    pub word: String,
}

impl Selection {
    /// Reads words such as `EX-02`, `EX` or `ex,py-03`.
    ///
    /// # Errors
    /// [`UnknownRule`] for the first word that names no rule.
    pub fn of(only: &[String], skip: &[String]) -> Result<Self, UnknownRule> {
        Ok(Self { only: codes(only)?, skip: codes(skip)? })
    }

    /// Whether every rule is asked for.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    /// Whether a rule is asked for.
    #[must_use]
    pub fn takes(&self, code: &str) -> bool {
        let names = |word: &String| word == code || word == family(code);
        (self.only.is_empty() || self.only.iter().any(names)) && !self.skip.iter().any(names)
    }
}

/// The letters before a code's number.
fn family(code: &str) -> &str {
    code.split_once('-').map_or(code, |(family, _)| family)
}

fn codes(words: &[String]) -> Result<Vec<String>, UnknownRule> {
    let words = words.iter().flat_map(|word| word.split(',')).map(|word| word.trim().to_uppercase());
    let mut codes: Vec<String> =
        words.filter(|word| !word.is_empty()).map(known).collect::<Result<_, _>>()?;
    codes.sort();
    codes.dedup();
    Ok(codes)
}

fn known(word: String) -> Result<String, UnknownRule> {
    let is_known = RULES.iter().any(|rule| rule.code == word || family(rule.code) == word);
    if is_known { Ok(word) } else { Err(UnknownRule { nearest: nearest(&word), word }) }
}

/// The code or family that takes the fewest changes of a letter; of equals the first.
#[must_use]
pub fn nearest(word: &str) -> String {
    let word = word.to_uppercase();
    let known = RULES.iter().flat_map(|rule| [rule.code, family(rule.code)]);
    known.min_by_key(|known| strsim::osa_distance(&word, known)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn rules_are_asked_for_by_code_or_family() {
        let asked = Selection::of(&words(&["ex, bk-01"]), &words(&["EX-03"])).unwrap();
        let taken: Vec<_> = ["EX-02", "EX-03", "BK-01", "CH-03"].map(|code| asked.takes(code)).into();
        assert_eq!(taken, [true, false, true, false]);
        assert!(!asked.is_whole() && Selection::of(&[], &[]).unwrap().is_whole());
    }

    #[test]
    fn an_unknown_word_is_told_the_nearest() {
        for (word, expected) in [("EX-2", "EX-02"), ("EXX", "EX"), ("BK-91", "BK-01"), ("ex-0202", "EX-02")] {
            let unknown = Selection::of(&words(&[word]), &[]).unwrap_err();
            assert_eq!(unknown.nearest, expected, "{word}");
        }
    }
}
