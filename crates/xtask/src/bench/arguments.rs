//! What was asked for.

use std::path::PathBuf;

/// How the chore is called.
pub(super) const USAGE: &str = "cargo xtask bench [verify|keys|month|append|peers]… \
    [--entries 1000,100000,1000000] [--signatures 1,2] [--runs 5] [--keep DIR]";

/// What to measure, and on what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Lengths of ledgers, about.
    pub(super) entries: Vec<u32>,
    /// Where ledgers are kept; else in `target/bench`.
    pub(super) keep: Option<PathBuf>,
    /// Runs of everything, in turn; the middle one counts.
    pub(super) runs: u32,
    /// Signatures of an ordinary line.
    pub(super) signatures: Vec<u32>,
    /// Names of what to measure.
    pub(super) what: Vec<String>,
}

impl Asked {
    /// What there is to measure.
    pub(super) const ALL: [&'static str; 5] = ["verify", "keys", "month", "append", "peers"];

    /// Reads the words after `bench`.
    pub(super) fn read(words: &[String]) -> Result<Self, String> {
        let mut asked = Self {
            entries: vec![1_000, 100_000, 1_000_000],
            keep: None,
            runs: 5,
            signatures: vec![1, 2],
            what: Vec::new(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"));
            match word.as_str() {
                "--entries" => asked.entries = numbers(value()?)?,
                "--keep" => asked.keep = Some(value()?.into()),
                "--runs" => asked.runs = numbers(value()?)?[0],
                "--signatures" => asked.signatures = numbers(value()?)?,
                name if Self::ALL.contains(&name) => asked.what.push(name.to_owned()),
                other => return Err(format!("{other}?\n{USAGE}")),
            }
        }
        if asked.what.is_empty() {
            asked.what = Self::ALL.map(str::to_owned).to_vec();
        }
        Ok(asked)
    }
}

fn numbers(text: &str) -> Result<Vec<u32>, String> {
    let number = |word: &str| word.parse().ok().filter(|number| *number > 0);
    let numbers: Option<Vec<u32>> = text.split(',').map(number).collect();
    numbers.ok_or_else(|| format!("{text}: numbers above zero with commas between\n{USAGE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Asked, String> {
        Asked::read(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn nothing_said_is_everything() {
        assert_eq!(read("").unwrap().what, Asked::ALL);
    }

    #[test]
    fn what_is_said_is_done_and_no_more() {
        let asked = read("verify --entries 10,20 --signatures 2 --runs 3 --keep there").unwrap();
        let expected = Asked {
            entries: vec![10, 20],
            keep: Some("there".into()),
            runs: 3,
            signatures: vec![2],
            what: vec!["verify".to_owned()],
        };
        assert_eq!(asked, expected);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for words in ["verfiy", "--entries", "--entries 1,x", "--runs 0", "--keep"] {
            assert!(read(words).is_err(), "{words}");
        }
    }
}
