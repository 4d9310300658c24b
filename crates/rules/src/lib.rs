//! What an honest ledger may do: facts in, findings out.
