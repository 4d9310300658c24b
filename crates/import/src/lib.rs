//! Rows of other people's files, read by a declarative map, become proposals of entries.
