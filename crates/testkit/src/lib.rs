//! Ledger builders and deterministic keys shared by tests, vectors and examples. Never shipped.
//!
//! Everything here may panic: a builder that cannot build is a broken test.

mod community;
mod excerpts;
pub mod honest;
mod key;

pub use community::{Community, Seal};
pub use key::TestKey;
