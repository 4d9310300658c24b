//! What a ledger is: lines, contents, chain, tree, keys, replay. No I/O, clock or randomness.

mod hash;
mod tree;

pub use hash::{Hash, ParseHashError};
pub use tree::Frontier;
