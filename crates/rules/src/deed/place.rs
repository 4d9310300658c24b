//! Where in a deed file something stands: a path of names and positions, and the line that it leads to.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A step on the way to a value: into a table by name, into a list by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The name in a table.
    Name(String),
    /// The position in a list, from 0.
    Position(usize),
}

impl From<&str> for Step {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<usize> for Step {
    fn from(position: usize) -> Self {
        Self::Position(position)
    }
}

/// The way to a value from the top of the file.
pub(crate) type Place = Vec<Step>;

/// `place!["fees", 0, "rates"]`.
macro_rules! place {
    ($($step:expr),+ $(,)?) => { vec![$($crate::deed::place::Step::from($step)),+] };
}
pub(crate) use place;

/// The line of a place, from 1; of what is not in the file, the line of what should hold it.
pub(crate) fn line_of(file: &str, place: &[Step]) -> usize {
    let Ok(root) = DeTable::parse(file) else { return 1 };
    let mut at = 0;
    let mut steps = place.iter();
    let mut here = match steps.next() {
        Some(Step::Name(name)) => named(root.get_ref(), name, &mut at),
        _ => None,
    };
    for step in steps {
        here = here.and_then(|value| match (value.get_ref(), step) {
            (DeValue::Table(table), Step::Name(name)) => named(table, name, &mut at),
            (DeValue::Array(items), Step::Position(position)) => items.get(*position).inspect(|item| {
                at = item.span().start;
            }),
            _ => None,
        });
    }
    line_at(file, at..at)
}

fn named<'t, 'i>(table: &'t DeTable<'i>, name: &str, at: &mut usize) -> Option<&'t Spanned<DeValue<'i>>> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref().as_ref() == name)?;
    *at = key.span().start;
    Some(value)
}

/// The line on which a range of bytes begins, from 1.
pub(crate) fn line_at(file: &str, span: Range<usize>) -> usize {
    file.get(..span.start).unwrap_or_default().matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_leads_to_its_line_or_to_the_nearest_above() {
        let file = "name = \"x\"\n\n[approvals]\nalone = [\n  \"fee\",\n  \"income\",\n]\n\n[[fees]]\n\
                    taker = \"a\"\n\n[[fees]]\ntaker = \"b\"\nrates = [\n  { rate = \"1/2\" },\n]\n";
        for (place, line) in [
            (place!["name"], 1),
            (place!["approvals"], 3),
            (place!["approvals", "alone", 1], 6),
            (place!["fees", 1], 12),
            (place!["fees", 1, "taker"], 13),
            (place!["fees", 1, "rates", 0, "from"], 15),
            (place!["fees", 0, "day"], 9),
            (place!["deadlines"], 1),
        ] {
            assert_eq!(line_of(file, &place), line, "{place:?}");
        }
    }
}
