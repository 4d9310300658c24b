//! The deed itself: that rules understand all it says, and which of them it makes lighter.

pub(crate) mod lighter;
pub(crate) mod understood;

use xinyi_core::{Data, Deed};

use crate::rule::Step;

/// The deed that a line brings, if it brings one.
fn brought<'a>(step: &Step<'a>) -> Option<&'a Deed> {
    match step.entry.content().data() {
        Data::Genesis(genesis) => Some(&genesis.deed),
        Data::Deed(change) => Some(&change.deed),
        _ => None,
    }
}
