//! Lines that can be read again at their place, so that whoever has read them need not remember them.

use std::fmt;
use std::sync::Arc;

use crate::number::Index;

/// Gives a ledger's line by its index, without its line feed.
///
/// What it gives is a claim: whoever reads a line again believes it only if its leaf hash is the one vouched for.
pub trait Lines {
    /// The line at `index`, if it is there.
    fn line(&self, index: Index) -> Option<String>;
}

impl<L: Lines + ?Sized> Lines for Arc<L> {
    fn line(&self, index: Index) -> Option<String> {
        self.as_ref().line(index)
    }
}

/// The lines that a replay may read again.
#[derive(Clone)]
pub(crate) struct AtHand(pub(crate) Arc<dyn Lines + Send + Sync>);

impl fmt::Debug for AtHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtHand")
    }
}
