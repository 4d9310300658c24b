//! todo
pub(super) fn run(_: &super::Bench) {}
