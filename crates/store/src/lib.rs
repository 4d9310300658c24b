//! Bytes on disk: append, read back, recover, lock; keys and drafts beside the ledger.
