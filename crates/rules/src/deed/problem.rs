//! What is wrong with a deed file: language-neutral, names and figures only. The words stand with the command line.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::place::{Place, line_of};

/// One thing that is wrong with a deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Names and figures that the sentence speaks of, by name.
    pub args: BTreeMap<&'static str, String>,
    /// Its code, never reused.
    pub code: &'static str,
    /// The line of the file that causes it, from 1; absent where no line of the deed is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    #[serde(skip)]
    place: Place,
}

impl Problem {
    /// A problem of what stands at a place of the file.
    pub(crate) fn at(place: Place, code: &'static str) -> Self {
        Self { args: BTreeMap::new(), code, line: None, place }
    }

    /// A problem of a line, where there is no place yet because the file could not be read.
    pub(crate) fn on_line(line: usize, code: &'static str) -> Self {
        Self { line: Some(line), ..Self::at(Vec::new(), code) }
    }

    /// Adds a name or figure for the sentence.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }

    /// The same with the line that its place has in the file.
    #[must_use]
    pub(crate) fn located(self, file: &str) -> Self {
        let line = (!self.place.is_empty()).then(|| line_of(file, &self.place));
        Self { line: line.or(self.line), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(self.code)?;
        self.args.iter().try_for_each(|(name, value)| write!(f, ", {name} {value}"))
    }
}

impl std::error::Error for Problem {}
