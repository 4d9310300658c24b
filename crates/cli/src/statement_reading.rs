//! Reading a monthly statement: one pass in its order of trust, then seen by every rule that a month allows.

use xinyi_core::{
    Entry, Index, ReplayError, Stated, StatementError, StatementHeader, StatementReader, Trust, Verified,
};
use xinyi_rules::Checker;
use xinyi_store::{Halt, RawLine, RawLines, take_lines};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Source;
use crate::progress;
use crate::roots::Roots;

/// Where and why a file is not what it claims to be.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) byte: u64,
    pub(crate) code: &'static str,
    pub(crate) exit: Exit,
    pub(crate) index: Index,
    pub(crate) message: String,
}

impl Refused {
    fn at(byte: u64, index: Index, error: &StatementError) -> Self {
        let cannot_tell = matches!(
            error,
            StatementError::Cut | StatementError::Refused { cause: ReplayError::Unsupported { .. }, .. }
        );
        let exit = if cannot_tell { Exit::CannotTell } else { Exit::NotAuthentic };
        Self { byte, code: error.code(), exit, index, message: error.to_string() }
    }
}

/// A statement as far as it is what it claims to be, with what the rules saw of it.
pub(crate) struct StatementReading {
    pub(crate) checker: Checker,
    /// What it is, or where and why reading stopped.
    pub(crate) outcome: Result<Verified<Stated>, Refused>,
    pub(crate) reader: Option<StatementReader>,
    pub(crate) roots: Roots,
}

impl StatementReading {
    /// Reads a statement; `each` sees every fact of its lines.
    pub(crate) fn of(
        mut lines: RawLines<Source>,
        length: u64,
        trust: &Trust,
        roots: Roots,
        context: &Context,
        each: &mut dyn FnMut(&RawLine, &Verified<Entry>),
    ) -> Result<Self, Failure> {
        let limit = u64::try_from(StatementHeader::MAX).unwrap_or(u64::MAX);
        let first = lines.long_line(limit)?;
        let opened = first.as_ref().filter(|line| line.complete).ok_or(StatementError::Cut);
        let opened = opened.and_then(|line| StatementHeader::decode(&line.bytes));
        let opened =
            opened.and_then(|header| StatementReader::open(header, trust.identity(), &trust.witnesses()));
        let mut reading = Self {
            checker: Checker::new(),
            outcome: Err(Refused::at(0, Index::default(), &StatementError::Cut)),
            reader: None,
            roots,
        };
        match opened {
            Ok(reader) => reading.lines(reader, lines, length, context, each)?,
            Err(error) => reading.outcome = Err(Refused::at(0, Index::default(), &error)),
        }
        Ok(reading)
    }

    fn lines(
        &mut self,
        mut reader: StatementReader,
        lines: RawLines<Source>,
        length: u64,
        context: &Context,
        each: &mut dyn FnMut(&RawLine, &Verified<Entry>),
    ) -> Result<(), Failure> {
        let carried = reader.carried();
        self.checker = Checker::resume(&carried.authority, carried.document.as_ref(), &carried.older);
        if let (Some(root), from) = (reader.root_before(), reader.header().from) {
            self.roots.see(from, || root);
        }
        if let Some(bridge) = reader.header().bridge.clone() {
            self.roots.see(bridge.size, || bridge.root);
        }
        let bar = progress::bar(context, length);
        let mut end = 0;
        let halt = take_lines(lines, &mut reader, context.threads, &mut |line, entry, reader| {
            end = line.end();
            let replay = reader.replay();
            if let Some(register) = replay.register() {
                self.checker.take(entry, register);
            }
            self.roots.see(replay.size(), || replay.root());
            each(line, entry);
            bar.set_position(end);
        })?;
        bar.finish_and_clear();
        if let Some(Halt { byte, cause, index }) = halt {
            self.outcome = Err(Refused::at(byte, index, &cause.unwrap_or(StatementError::Cut)));
            self.reader = Some(reader);
            return Ok(());
        }
        self.outcome = reader.finish().map_err(|error| Refused::at(end, reader.due(), &error));
        self.reader = Some(reader);
        Ok(())
    }
}
