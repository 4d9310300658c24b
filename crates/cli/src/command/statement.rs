//! `xinyi statement`: one closed month in one file that proves itself.

use std::path::Path;

use serde_json::json;
use xinyi_core::{Period, Size};

use crate::args::StatementArguments;
use crate::context::Context;
use crate::excerpts::Excerpts;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};

pub(crate) fn run(arguments: &StatementArguments, context: &Context) -> Result<Exit, Failure> {
    let excerpts = Excerpts::of(&arguments.dir, context)?;
    let since = arguments
        .since
        .map(|since| Size::new(since).ok_or_else(|| Failure::usage("integer-too-large", since)));
    let (from, to) = write(&excerpts, arguments.period, since.transpose()?, &arguments.output)?;
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
    excerpts: &Excerpts,
    period: Period,
    since: Option<Size>,
    output: &Path,
) -> Result<(Size, Size), Failure> {
    let refused = |error: xinyi_core::ExcerptError| Failure::told(error.code(), error).with(Exit::Usage);
    let (from, to) = excerpts.archive.range(period).map_err(refused)?;
    let checkpoint = excerpts.checkpoint(to)?;
    let document = excerpts.document(period.previous());
    let header = excerpts.archive.statement(period, checkpoint, document, since, &excerpts.lines);
    let header = header.map_err(refused)?.encode();
    let file = [header.as_bytes(), b"\n", &excerpts.lines.range(from, to)?].concat();
    xinyi_store::write_file(output, &file)?;
    Ok((from, to))
}
