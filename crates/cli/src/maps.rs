//! Maps by name or file, and what is said of a file that a map cannot read.

use std::path::Path;

use xinyi_import::{ImportMap, MAPS, ReadError};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::say;

/// So many rows that cannot be read are named one by one.
const NAMED: usize = 20;

/// A shipped map by its name, or a TOML file's.
pub(crate) fn named(name: &str) -> Result<ImportMap, Failure> {
    let text = match MAPS.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => (*text).to_owned(),
        None => std::fs::read_to_string(name)
            .map_err(|error| Failure::new("file-missing", format!("`{name}`: {error}")))?,
    };
    ImportMap::parse(&text).map_err(|error| Failure::usage("map-file", format!("`{name}` {error}")))
}

/// Names rows with file, line and column, then fails.
pub(crate) fn unreadable(file: &Path, error: &ReadError) -> Failure {
    if let ReadError::Rows(rows) = error {
        rows.iter().take(NAMED).for_each(|row| say(&format!("  {}: {row}", file.display())));
    }
    Failure::told(error.code(), format!("`{}`: {error}", file.display())).with(Exit::Usage)
}
