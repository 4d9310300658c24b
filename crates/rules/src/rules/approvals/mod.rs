//! Who approved, who may, and in time.

mod closed_in_time;
pub(crate) mod doubtful_key;
pub(crate) mod filed;
mod signed;
mod term;
pub(crate) mod unapproved;

pub(crate) use closed_in_time::RULE as SG_07;
pub(crate) use doubtful_key::RULE as KY_01;
pub(crate) use filed::RULE as SG_08;
pub(crate) use signed::RULE as SG_01;
pub(crate) use term::RULE as SG_05;
pub(crate) use unapproved::RULE as SG_02;
