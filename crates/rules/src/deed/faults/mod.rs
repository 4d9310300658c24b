//! What a deed may not say: terms that contradict each other, say nothing, or ask for what does not exist. A careless
//! clerk writes some of them, a dishonest trustee the rest.

mod approvals;
mod fees;
pub(crate) mod names;
mod setup;
mod terms;

use xinyi_core::Deed;

use super::approvals::PlacedTerm;
use super::file::DeedFile;
use super::problem::Problem;
use super::setup::Setup;

/// Everything wrong with a deed, by itself and for the parties of a setup.
pub(crate) fn of(file: &DeedFile, deed: &Deed, placed: &[PlacedTerm], setup: Option<&Setup>) -> Vec<Problem> {
    let mut found = approvals::of(&file.approvals, placed);
    found.extend(fees::of(deed));
    found.extend(terms::of(deed));
    found.extend(terms::empty_lists(file));
    found.extend(names::of(deed));
    found.extend(setup.iter().flat_map(|setup| setup::of(&file.approvals, deed, placed, setup)));
    found
}
