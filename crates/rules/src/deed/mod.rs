//! A trust deed as people write it: a TOML file, filled in to the format's deed, examined, and explained back
//! (spec: D-1…D-7; docs/guide/deed.md).

mod approvals;
mod explain;
pub(crate) mod faults;
mod file;
mod keys;
mod nearest;
mod place;
mod problem;
mod setup;

use xinyi_core::{Date, Deed};

pub use explain::{Said, Section, Told, explain};
pub use keys::irreplaceable;
pub use problem::Problem;
pub use setup::{Seat, Setup};

use file::DeedFile;

/// The shipped templates by name.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("fiscal-host", include_str!("../../templates/fiscal-host.toml")),
    ("foundation", include_str!("../../templates/foundation.toml")),
    ("grant", include_str!("../../templates/grant.toml")),
    ("home-services", include_str!("../../templates/home-services.toml")),
    ("mutual-aid", include_str!("../../templates/mutual-aid.toml")),
    ("property-trust", include_str!("../../templates/property-trust.toml")),
    ("resettlement", include_str!("../../templates/resettlement.toml")),
    ("social-enterprise", include_str!("../../templates/social-enterprise.toml")),
    ("time-bank", include_str!("../../templates/time-bank.toml")),
];

/// Reads a deed file; `first` is the deed's first day, the first of a month.
///
/// # Errors
/// Every [`Problem`] that keeps the file from being a deed, in the order of its lines.
pub fn read(file: &str, first: Date) -> Result<Deed, Vec<Problem>> {
    examined(file, first, None)
}

/// As [`read`], for the parties, keys and unit of a setup.
///
/// # Errors
/// As [`read`], also where the deed asks for what the setup does not have.
pub fn read_for(file: &str, setup: &Setup) -> Result<Deed, Vec<Problem>> {
    examined(file, setup.first.first_day(), Some(setup))
}

fn examined(text: &str, first: Date, setup: Option<&Setup>) -> Result<Deed, Vec<Problem>> {
    let file = DeedFile::read(text).map_err(|problem| vec![problem])?;
    let (deed, terms) = file.fill_in(first);
    let found = faults::of(&file, &deed, &terms, setup);
    if found.is_empty() {
        return Ok(deed);
    }
    let mut problems: Vec<Problem> = found.into_iter().map(|problem| problem.located(text)).collect();
    problems.sort_by_key(|problem| (problem.line, problem.code));
    Err(problems)
}
