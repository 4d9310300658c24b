//! Ledger builders, sample writers and properties shared by the tests. Never shipped.
