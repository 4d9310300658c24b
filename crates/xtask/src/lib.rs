//! Repository chores: write the spec's tables and vectors, check that code, spec and docs agree, measure.
//!
//! Everything here may panic: a chore that cannot be done stops the one who does it.

mod bench;
mod excerpts;
mod kinds;
mod rules;
mod values;
mod vectors;

pub use bench::{bench, measured};
pub use excerpts::{Excerpt, ExcerptKind, Verdict, excerpts};
pub use vectors::{Case, cases};

/// Every generated file: its path from the repository's root, and what must stand in it.
#[must_use]
pub fn generated() -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("docs/rules.md", rules::index()),
        ("docs/spec/kinds.md", kinds::document()),
        ("docs/spec/vectors/kinds.json", kinds::table()),
        ("docs/spec/vectors/replay.json", vectors::document()),
        ("docs/spec/vectors/values.json", values::document()),
    ];
    files.extend(excerpts::documents());
    files
}
