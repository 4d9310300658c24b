//! `xinyi witness`: watch logs and vouch for their checkpoints over HTTP, on this machine unless told otherwise.

use std::collections::BTreeSet;

use serde_json::json;
use xinyi_core::{Sign as _, WatchedLogs};
use xinyi_store::Witness;

use crate::args::WitnessArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, say, show};
use crate::serve::Server;

pub(crate) fn run(arguments: &WitnessArguments, context: &Context) -> Result<Exit, Failure> {
    let is_local = arguments.listen.ip().is_loopback();
    if !is_local && !arguments.public {
        return Err(Failure::usage("witness-public", arguments.listen));
    }
    let logs = WatchedLogs::new(arguments.log.clone());
    let logs = logs.map_err(|_| Failure::usage("witness-log-key", ""))?;
    let key = arguments.key.open()?;
    if logs.keys().iter().any(|log| log.key() == key.public_key()) {
        return Err(Failure::usage("cosigner-is-log", ""));
    }
    let witness = Witness::open(&arguments.memory, key, &arguments.name)?;
    let origins: BTreeSet<&str> = logs.keys().iter().map(|log| log.name()).collect();
    // A memory that cannot be read is found now, not when a log asks.
    for origin in origins {
        let latest = witness.latest(origin)?.map(|latest| latest.size.to_string());
        let latest = latest.unwrap_or_else(|| fl!("witness-never"));
        say(&fl!("witness-watches", origin = origin, latest = latest));
    }
    if !is_local {
        say(&fl!("witness-is-public"));
    }
    let vkey = witness.verifier_key().to_string();
    let quiet = context.quiet;
    let server = Server::new(witness, logs, quiet);
    server.run(arguments.listen, |address| {
        let url = format!("http://{address}");
        if context.is_json() {
            show(&json!({ "listening": url, "vkey": vkey }));
        } else {
            answer(&fl!("witness-key", vkey = vkey));
            answer(&fl!("witness-listening", url = url));
        }
    })?;
    say(&fl!("witness-stopped"));
    Ok(Exit::Clean)
}
