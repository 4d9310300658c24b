//! Who approved, who may, and in time.

mod closed_in_time;
mod committee;
pub(crate) mod doubtful_key;
pub(crate) mod filed;
mod signed;
mod successor;
mod term;
pub(crate) mod unapproved;

pub(crate) use closed_in_time::RULE as SG_07;
pub(crate) use committee::RULE as SG_04;
pub(crate) use doubtful_key::RULE as KY_01;
pub(crate) use filed::RULE as SG_08;
pub(crate) use signed::RULE as SG_01;
pub(crate) use successor::RULE as SG_03;
pub(crate) use term::RULE as SG_05;
pub(crate) use unapproved::RULE as SG_02;
