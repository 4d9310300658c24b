//! `xinyi statement`: one closed month in one file that proves itself.

use std::path::Path;

use serde_json::json;
use xinyi_core::{Hash, Period, Size, StatementError, StatementHeader, StatementReader};

use crate::args::StatementArguments;
use crate::context::Context;
use crate::excerpts::Excerpts;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};

pub(crate) fn run(arguments: &StatementArguments, context: &Context) -> Result<Exit, Failure> {
    let since = arguments
        .since
        .map(|since| Size::new(since).ok_or_else(|| Failure::usage("integer-too-large", since)));
    let (period, since, output) = (arguments.period, since.transpose()?, &arguments.output);
    let (from, to) = write(&arguments.dir, period, since, output, context)?;
    let path = arguments.output.display().to_string();
    if context.is_json() {
        show(&json!({"statement": {"from": from, "path": path, "period": arguments.period, "size": to}}));
        return Ok(Exit::Clean);
    }
    answer(&fl!("statement-written", period = arguments.period.to_string(), path = path));
    answer(&fl!("statement-next"));
    Ok(Exit::Clean)
}

/// Writes a month's statement; gives its first index and the size that it ends at.
pub(crate) fn write(
    ledger: &Path,
    period: Period,
    since: Option<Size>,
    output: &Path,
    context: &Context,
) -> Result<(Size, Size), Failure> {
    let (range, file) = Excerpts::cut(ledger, context, |excerpts| cut(excerpts, period, since))?;
    xinyi_store::write_file(output, &file)?;
    Ok(range)
}

fn cut(excerpts: &Excerpts, period: Period, since: Option<Size>) -> Result<((Size, Size), Vec<u8>), Failure> {
    let refused = |error| excerpts.refused(error);
    let (from, to) = excerpts.archive.range(period).map_err(refused)?;
    let checkpoint = excerpts.checkpoint(to)?;
    let document = excerpts.document(period.previous());
    let header =
        excerpts.archive.statement(period, checkpoint, document, since, &*excerpts.lines).map_err(refused)?;
    let (header, lines) = (header.encode(), excerpts.lines.range(from, to)?);
    prove(header.as_bytes(), &lines, excerpts.identity())
        .map_err(|error| Failure::told(error.code(), &error).with(Exit::NotAuthentic))?;
    Ok(((from, to), [header.as_bytes(), b"\n", &lines].concat()))
}

/// Reads a statement as its reader will: what does not prove itself is not handed out (spec: O-14).
fn prove(header: &[u8], lines: &[u8], identity: Option<Hash>) -> Result<(), StatementError> {
    let mut reader = StatementReader::open(StatementHeader::decode(header)?, identity, &[])?;
    let lines = lines.split_inclusive(|byte| *byte == b'\n');
    for line in lines.filter_map(|line| line.strip_suffix(b"\n")) {
        reader.push(line)?;
    }
    reader.finish().map(drop)
}
