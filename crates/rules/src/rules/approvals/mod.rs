//! Who approved, who may, and in time.

pub(crate) mod closed_in_time;
pub(crate) mod committee;
pub(crate) mod doubtful_key;
pub(crate) mod filed;
pub(crate) mod signed;
pub(crate) mod successor;
pub(crate) mod term;
pub(crate) mod unapproved;
