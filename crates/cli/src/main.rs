//! The command line of xinyi.

fn main() {}
