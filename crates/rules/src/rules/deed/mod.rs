//! The deed itself: that rules understand all it says, and which of them it makes lighter.

mod lighter;
mod understood;

pub(crate) use lighter::RULE as DD_02;
pub(crate) use understood::RULE as DD_01;

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
