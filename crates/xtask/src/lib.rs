//! Repository chores: write the test vectors, check that code, spec and docs agree.
