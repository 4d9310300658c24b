//! A whole ledger or statement in memory: bytes in, facts out, and where and why reading stopped (spec: R-7, R-8).

use crate::continuation::Carried;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::note::VerifierKey;
use crate::number::Index;
use crate::replay::{Replay, ReplayError};
use crate::statement::{Stated, StatementError, StatementHeader, StatementReader};
use crate::verified::Verified;

/// Why a replay of a file stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StopCause {
    /// The file ends inside a line: it was cut, and nothing can be said of what followed (spec: R-8).
    #[error("the file ends inside a line")]
    Cut,
    /// A line that is not the ledger's next.
    #[error(transparent)]
    Refused(#[from] ReplayError),
}

impl StopCause {
    /// The stable code, never reused.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cut => "file-cut",
            Self::Refused(error) => error.code(),
        }
    }
}

/// Where and why a replay of a file stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The byte of the file at which the refused line begins.
    pub byte: u64,
    /// Why.
    pub cause: StopCause,
    /// The index of the first line that is not good.
    pub index: Index,
}

/// A ledger as far as it is authentic.
#[derive(Debug)]
pub struct Replayed {
    /// The good prefix.
    pub entries: Vec<Verified<Entry>>,
    /// The state after it.
    pub replay: Replay,
    /// What came then, if the file has more.
    pub stopped: Option<Stopped>,
}

/// Verifies a ledger file held in memory; `identity` is the ledger asked for, if the reader knows it.
///
/// ```
/// let replayed = xinyi_core::replay_bytes(b"{}\n", None);
/// let stopped = replayed.stopped.ok_or("an empty object is no genesis")?;
/// assert_eq!((stopped.index.get(), stopped.byte, stopped.cause.code()), (0, 0, "field-missing"));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn replay_bytes(file: &[u8], identity: Option<Hash>) -> Replayed {
    let mut replay = identity.map_or_else(Replay::new, Replay::expecting);
    let mut entries = Vec::new();
    let mut byte = 0_u64;
    for line in file.split_inclusive(|b| *b == b'\n') {
        let pushed = match line.strip_suffix(b"\n") {
            Some(line) => replay.push(line).map_err(StopCause::from),
            None => Err(StopCause::Cut),
        };
        match pushed {
            Ok(entry) => entries.push(entry),
            Err(cause) => {
                let stopped = Some(Stopped { byte, cause, index: replay.size().next_index() });
                return Replayed { entries, replay, stopped };
            }
        }
        byte = byte.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
    }
    Replayed { entries, replay, stopped: None }
}

/// A statement that is what it claims to be.
#[derive(Debug)]
pub struct StatementRead {
    /// What it brings from before its first line.
    pub carried: Carried,
    /// Its lines.
    pub entries: Vec<Verified<Entry>>,
    /// The state after them.
    pub replay: Replay,
    /// What it is.
    pub stated: Verified<Stated>,
}

/// Verifies a statement held in memory; `identity` is the ledger asked for, if the reader knows it, and `witnesses`
/// are cosigners known from elsewhere (spec: Q-1…Q-10).
///
/// # Errors
/// See [`StatementError`]; a file that ends inside a line ends before the close of its month.
pub fn read_statement(
    file: &[u8],
    identity: Option<Hash>,
    witnesses: &[VerifierKey],
) -> Result<StatementRead, StatementError> {
    let mut lines = file.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n"));
    let header = StatementHeader::decode(lines.next().flatten().ok_or(StatementError::Header)?)?;
    let mut reader = StatementReader::open(header, identity, witnesses)?;
    let mut entries = Vec::new();
    for line in lines {
        entries.push(reader.push(line.ok_or(StatementError::Cut)?)?);
    }
    let stated = reader.finish()?;
    let (carried, replay) = reader.into_parts();
    Ok(StatementRead { carried, entries, replay, stated })
}
