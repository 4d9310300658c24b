//! What lies at a path: a ledger, a statement, a receipt, a checkpoint, evidence or an anchor, told by how it begins.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use xinyi_store::{DiskError, RawLines};

use crate::failure::Failure;
use crate::reading::bytes_of;

/// A source of lines whose beginning can be looked at.
pub(crate) type Source = Box<dyn BufRead>;

/// What a person may hand in to be verified.
pub(crate) enum Input {
    /// An anchor: it is what a reader keeps, and verifies nothing by itself.
    Anchor,
    /// A signed checkpoint.
    Checkpoint(String),
    /// Evidence of a fork.
    Evidence(Vec<u8>),
    /// A ledger directory or file.
    Ledger,
    /// A receipt.
    Receipt(String),
    /// A monthly statement, with the number of bytes it has.
    Statement(RawLines<Source>, u64),
}

/// What a file is by its first bytes; each kind is then read strictly by its own reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beginning {
    Anchor,
    Checkpoint,
    Evidence,
    Ledger,
    Receipt,
    Statement,
}

impl Beginning {
    fn of(bytes: &[u8]) -> Self {
        const KINDS: [(&[u8], Beginning); 5] = [
            (b"c2sp.org/tlog-proof@v1\n", Beginning::Receipt),
            (b"{\"checkpoints\":", Beginning::Anchor),
            (b"{\"authority\":[\"", Beginning::Evidence),
            (b"{\"authority\":", Beginning::Statement),
            (b"{", Beginning::Ledger),
        ];
        let known = KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind);
        let is_note = bytes.windows(5).any(|window| window == "\n\n\u{2014}".as_bytes());
        known.unwrap_or(if is_note { Self::Checkpoint } else { Self::Ledger })
    }
}

impl Input {
    /// Looks at what lies at a path; `-` is standard input, which is read as a ledger by its own reader unless it
    /// begins like something else.
    pub(crate) fn at(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") || path.is_dir() {
            return Ok(Self::Ledger);
        }
        let failed = |source| Failure::from(DiskError::reading(path, source));
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let mut source = BufReader::with_capacity(1 << 16, file);
        let beginning = Beginning::of(source.fill_buf().map_err(failed)?);
        let text = || Ok::<_, Failure>(String::from_utf8_lossy(&bytes_of(path)?).into_owned());
        Ok(match beginning {
            Beginning::Anchor => Self::Anchor,
            Beginning::Checkpoint => Self::Checkpoint(text()?),
            Beginning::Evidence => Self::Evidence(bytes_of(path)?),
            Beginning::Ledger => Self::Ledger,
            Beginning::Receipt => Self::Receipt(text()?),
            Beginning::Statement => Self::Statement(RawLines::from_source(Box::new(source), path), length),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Beginning;

    #[test]
    fn files_are_told_by_how_they_begin() {
        for (bytes, kind) in [
            ("{\"approvals\":[", Beginning::Ledger),
            ("", Beginning::Ledger),
            ("{\"authority\":[],\"checkpoint\"", Beginning::Statement),
            ("{\"authority\":[{\"line\"", Beginning::Statement),
            ("{\"authority\":[\"{", Beginning::Evidence),
            ("{\"checkpoints\":[]", Beginning::Anchor),
            ("example.org/a\n7\nAAAA\n\n\u{2014} example.org/a x\n", Beginning::Checkpoint),
            ("c2sp.org/tlog-proof@v1\nextra", Beginning::Receipt),
        ] {
            assert_eq!(Beginning::of(bytes.as_bytes()), kind, "{bytes}");
        }
    }
}
