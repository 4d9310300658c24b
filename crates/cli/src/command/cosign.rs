//! `xinyi cosign`: vouch for a checkpoint of one's own copy, by one's own key or by a witness (spec: W-10, W-11).

use std::path::{Path, PathBuf};

use serde_json::json;
use xinyi_core::{Checkpoint, Sign as _, Trust, VerifierKey};
use xinyi_store::{LedgerDir, Witness};

use crate::args::CosignArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, say, show};
use crate::own_copy::OwnCopy;
use crate::submit::submit;
use crate::verdict::Verdict;

pub(crate) fn run(arguments: &CosignArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.path)?;
    let trust = arguments.trust.load()?;
    let copy = OwnCopy::read(&dir, arguments.size, &trust, context)?;
    let (vkey, line) = match (&arguments.key, &arguments.witness, &arguments.witness_key) {
        (Some(key), ..) => by_hand(&copy, key, &trust, arguments, context)?,
        (None, Some(url), Some(vkey)) => {
            // What the caller does not take for the ledger is shown to no witness either.
            Verdict::of_ledger(copy.reading(), &trust, true, None, &arguments.path)?;
            (vkey.clone(), submit(url, vkey, &copy)?)
        }
        _ => return Err(Failure::usage("cosigner-missing", "")),
    };
    dir.add_cosignature(copy.checkpoint.size, &line)?;
    tell(&copy.checkpoint, &vkey, &line, context);
    Ok(Exit::Clean)
}

fn tell(checkpoint: &Checkpoint, vkey: &VerifierKey, line: &str, context: &Context) {
    let size = checkpoint.size;
    if context.is_json() {
        show(&json!({
            "cosignature": line.trim_end(),
            "origin": checkpoint.origin,
            "root": checkpoint.root,
            "size": size,
            "vkey": vkey.to_string(),
        }));
        return;
    }
    answer(&fl!("cosigned", name = vkey.name(), origin = checkpoint.origin.clone(), size = size.to_string()));
    answer(&fl!("cosigned-key", vkey = vkey.to_string()));
}

/// Cosigns with a key on this machine, on the grounds of this copy and of what the key has cosigned before.
fn by_hand(
    copy: &OwnCopy,
    path: &Path,
    trust: &Trust,
    arguments: &CosignArguments,
    context: &Context,
) -> Result<(VerifierKey, String), Failure> {
    let key = crate::keys::open(path, arguments.passphrase_file.as_deref())?;
    if copy.is_log(key.public_key()) {
        return Err(Failure::usage("cosigner-is-log", ""));
    }
    let name = match (copy.registered_name(key.public_key()), &arguments.name) {
        (Some(known), Some(given)) if known != *given => {
            return Err(Failure::usage("cosigner-name-other", known));
        }
        (Some(name), _) => name,
        (None, Some(given)) => given.clone(),
        (None, None) => return Err(Failure::usage("cosigner-name-missing", "")),
    };
    let memory: PathBuf = arguments.memory.clone().unwrap_or_else(|| path.with_extension("memory"));
    let witness = Witness::open(&memory, key, &name)?;
    let latest = witness.latest(&copy.checkpoint.origin)?;
    // What was given is judged every time; the first time something must be, since nothing is remembered, unless the
    // holder says that nothing is known.
    let no_trust = arguments.trust.no_trust || latest.is_some();
    if Verdict::of_ledger(copy.reading(), trust, no_trust, None, &arguments.path)?.exit != Exit::Clean {
        return Err(Failure::new("cosigned-never", ""));
    }
    if latest.is_none() {
        say(&fl!("cosigned-first", memory = memory.display().to_string()));
    }
    let submission = copy.submission(latest.map(|latest| latest.size).unwrap_or_default())?;
    let sample = copy.reading().replay.founding().is_some_and(|founding| founding.sample);
    let now = u64::try_from(context.now(sample)?.unix()).unwrap_or_default();
    let line = witness.cosign(submission, now)?;
    Ok((witness.verifier_key().clone(), line))
}
