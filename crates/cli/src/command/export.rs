//! `xinyi export`: publish a ledger as tiles for everyone, or as plain lines for an auditor.

use std::path::Path;

use serde_json::json;
use xinyi_store::{Keys, LedgerDir, Writer};

use crate::args::ExportArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, say, show};

pub(crate) fn run(arguments: &ExportArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    if let Some(key) = &arguments.key {
        sign(&dir, key, arguments.passphrase_file.as_deref())?;
    }
    let (published, to) = match (&arguments.tiles, &arguments.lines) {
        (Some(to), _) => (dir.publish_tiles(to)?, to),
        (None, Some(to)) => (dir.publish_lines(to)?, to),
        (None, None) => return Err(Failure::usage("export-form", "")),
    };
    for digest in &published.missing_states {
        say(&fl!("export-state-missing", digest = digest.to_string()));
    }
    if context.is_json() {
        show(&json!({
            "missing_states": published.missing_states,
            "path": to,
            "root": published.root,
            "size": published.size,
            "written": published.written,
        }));
        return Ok(Exit::Clean);
    }
    answer(&fl!(
        "export-done",
        size = published.size.to_string(),
        written = published.written.to_string(),
        path = to.display().to_string()
    ));
    answer(&if arguments.tiles.is_some() { fl!("export-tiles") } else { fl!("export-lines") });
    Ok(Exit::Clean)
}

/// Signs a checkpoint of the present size, so that entries since the last close are published too.
fn sign(dir: &LedgerDir, key: &Path, passphrase_file: Option<&Path>) -> Result<(), Failure> {
    let key = crate::keys::open(key, passphrase_file)?;
    let (writer, recovered) = Writer::open(dir, Keys { log: &key, recorder: &key })?;
    crate::desk::tell(&recovered);
    writer.sign_checkpoint()?;
    Ok(())
}
