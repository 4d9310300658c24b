//! Short programs that show how to embed the ledger.
