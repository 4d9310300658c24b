//! `xinyi guard`: keep the newest size and root outside the ledger's directory, so that an older copy put back from
//! a backup is noticed before a second line is signed for an index (spec: O-13).

use serde_json::json;
use xinyi_store::LedgerDir;

use crate::args::GuardArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::Reading;

pub(crate) fn run(arguments: &GuardArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let reading = Reading::good(&dir, context)?;
    let place =
        std::path::absolute(&arguments.file).map_err(|error| Failure::usage("file-missing", error))?;
    let own = std::path::absolute(dir.root()).map_err(|error| Failure::usage("file-missing", error))?;
    if place.starts_with(own) {
        return Err(Failure::usage("guard-inside", place.display()));
    }
    dir.set_guard(&place, &reading.replay).map_err(|error| Failure::told(error.code(), &error))?;
    let size = reading.replay.size();
    if context.is_json() {
        show(&json!({"guard": {"path": place, "size": size}}));
    } else {
        answer(&fl!("guard-set", path = place.display().to_string(), size = size.to_string()));
    }
    Ok(Exit::Clean)
}
