//! What lies at a path: a ledger, a statement, a receipt, a checkpoint, evidence or an anchor, told by how it begins.

use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use xinyi_core::{NoteError, ReceiptError};
use xinyi_store::{DiskError, RawLines};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
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
pub(crate) enum Beginning {
    Anchor,
    Checkpoint,
    /// A receipt or checkpoint whose line ends were changed, or that was given a byte order mark.
    Converted,
    Evidence,
    /// No file at all of those that can be verified.
    Foreign,
    /// A ledger, also one that was converted: its reader says so, with the place.
    Ledger,
    Receipt,
    Statement,
}

impl Beginning {
    /// What begins with these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        match Self::known(bytes) {
            None => {
                let unmarked = bytes.strip_prefix(MARK).unwrap_or(bytes);
                let plain: Vec<u8> = unmarked.iter().copied().filter(|byte| *byte != b'\r').collect();
                match Self::known(&plain) {
                    Some(Self::Checkpoint | Self::Receipt) => Self::Converted,
                    Some(_) => Self::Ledger,
                    None => Self::Foreign,
                }
            }
            Some(kind) => kind,
        }
    }

    fn known(bytes: &[u8]) -> Option<Self> {
        const KINDS: [(&[u8], Beginning); 5] = [
            (b"c2sp.org/tlog-proof@v1\n", Beginning::Receipt),
            (b"{\"approvals\":", Beginning::Ledger),
            (b"{\"authority\":[\"", Beginning::Evidence),
            (b"{\"authority\":", Beginning::Statement),
            (b"{\"checkpoints\":", Beginning::Anchor),
        ];
        let known = KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind);
        let is_note = || bytes.windows(5).any(|window| window == "\n\n\u{2014}".as_bytes());
        known.or_else(|| is_note().then_some(Self::Checkpoint))
    }

    /// The kind in the reader's language.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Anchor => fl!("file-anchor"),
            Self::Checkpoint => fl!("file-checkpoint"),
            Self::Evidence => fl!("file-evidence"),
            Self::Converted | Self::Foreign => fl!("file-foreign"),
            Self::Ledger => fl!("file-ledger"),
            Self::Receipt => fl!("file-receipt"),
            Self::Statement => fl!("file-statement"),
        }
    }
}

impl Input {
    /// Looks at what lies at a path; a directory and `-`, standard input, hold a ledger or nothing.
    pub(crate) fn at(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") || path.is_dir() {
            return Ok(Self::Ledger);
        }
        let failed = |source| Failure::from(DiskError::reading(path, source));
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let mut source = BufReader::with_capacity(1 << 16, file);
        Ok(match Beginning::of(source.fill_buf().map_err(failed)?) {
            Beginning::Anchor => Self::Anchor,
            Beginning::Checkpoint => {
                Self::Checkpoint(text(path, NoteError::Malformed.code(), &NoteError::Malformed)?)
            }
            Beginning::Converted => return Err(Failure::not_authentic("file-converted", path.display())),
            Beginning::Evidence => Self::Evidence(bytes_of(path)?),
            Beginning::Foreign => return Err(Failure::new("file-foreign", path.display())),
            Beginning::Ledger => Self::Ledger,
            Beginning::Receipt => Self::Receipt(text(path, ReceiptError::Form.code(), &ReceiptError::Form)?),
            Beginning::Statement => Self::Statement(RawLines::from_source(Box::new(source), path), length),
        })
    }
}

/// A whole file that must be UTF-8, else it is refused as its own reader would refuse it (spec: N-2).
fn text(path: &Path, code: &'static str, refused: &impl Display) -> Result<String, Failure> {
    let text = String::from_utf8(bytes_of(path)?);
    text.map_err(|_| Failure::told(code, refused).with(Exit::NotAuthentic))
}

/// Refuses a file that lies where an anchor belongs and is none, such as when two arguments were swapped; there may
/// be no file yet.
pub(crate) fn anchor_place(path: &Path) -> Result<(), Failure> {
    if !path.exists() {
        return Ok(());
    }
    match Beginning::of(&bytes_of(path)?) {
        Beginning::Anchor => Ok(()),
        other => Err(Failure::usage("anchor-kind", format!("{}: {}", path.display(), other.name()))),
    }
}

#[cfg(test)]
mod tests {
    use super::Beginning;

    #[test]
    fn files_are_told_by_how_they_begin() {
        for (bytes, kind) in [
            ("{\"approvals\":[", Beginning::Ledger),
            ("\u{feff}{\"approvals\":[", Beginning::Ledger),
            ("\u{feff}{\"authority\":[", Beginning::Ledger),
            ("", Beginning::Foreign),
            ("{\"authority\":[],\"checkpoint\"", Beginning::Statement),
            ("{\"authority\":[{\"line\"", Beginning::Statement),
            ("{\"authority\":[\"{", Beginning::Evidence),
            ("{\"checkpoints\":[]", Beginning::Anchor),
            ("example.org/a\n7\nAAAA\n\n\u{2014} example.org/a x\n", Beginning::Checkpoint),
            ("c2sp.org/tlog-proof@v1\nextra", Beginning::Receipt),
            ("c2sp.org/tlog-proof@v1\r\nextra", Beginning::Converted),
            ("date,amount\n2026-03-01,1.00\n", Beginning::Foreign),
            ("\u{feff}date,amount\r\n", Beginning::Foreign),
            ("{\"drafts\":[", Beginning::Foreign),
        ] {
            assert_eq!(Beginning::of(bytes.as_bytes()), kind, "{bytes}");
        }
    }
}
