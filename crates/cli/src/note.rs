//! A signed checkpoint by itself: who signed it, and whether the reader knows them (spec: P-1…P-5, G-5).

use serde_json::json;
use xinyi_core::{Anchored, Checkpoint, Note, NoteKeyType, OpenCheckpoint, Trust, VerifierKey};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::when::moment;

/// Verifies a checkpoint by the keys that the reader brings; a bare checkpoint brings none itself.
pub(crate) fn verify(text: &str, trust: &Trust, context: &Context) -> Result<Exit, Failure> {
    let note: Note = text.parse().map_err(|error: xinyi_core::NoteError| {
        Failure::told(error.code(), &error).with(Exit::NotAuthentic)
    })?;
    let claimed: Checkpoint = note.text().parse().map_err(|error: xinyi_core::NoteError| {
        Failure::told(error.code(), &error).with(Exit::NotAuthentic)
    })?;
    let keys = known_keys(trust, &claimed.origin);
    if keys.is_empty() {
        return Err(Failure::new("checkpoint-keys", claimed.origin));
    }
    let open = OpenCheckpoint::open(text, &keys);
    let open =
        open.map_err(|error| Failure::told(error.code(), &error).with(Exit::NotAuthentic))?.into_inner();
    if let Some(anchor) = &trust.anchor {
        let found = Anchored { root: open.checkpoint.root, size: open.checkpoint.size };
        let root = |size| (size == found.size).then_some(found.root);
        let refused =
            |error: xinyi_core::AnchorError| Failure::told(error.code(), &error).with(Exit::NotAuthentic);
        anchor.check(found.size, found.size, root).map_err(refused)?;
    }
    let cosigners: Vec<VerifierKey> = open.cosigners.iter().map(|signer| signer.key.clone()).collect();
    if trust.policy.as_ref().is_some_and(|policy| !policy.is_met_by(&cosigners)) {
        return Err(Failure::not_authentic("policy-unmet", ""));
    }
    print(&open, context);
    Ok(Exit::Clean)
}

/// Keys that the reader knows for this origin: log keys of that name, and every witness.
pub(crate) fn known_keys(trust: &Trust, origin: &str) -> Vec<VerifierKey> {
    let listed = trust.keys.iter().chain(trust.policy.iter().flat_map(|policy| policy.logs()));
    let logs = listed.filter(|key| key.signs() == NoteKeyType::Log && key.name() == origin).cloned();
    logs.chain(trust.witnesses()).collect()
}

fn print(open: &OpenCheckpoint, context: &Context) {
    let (size, root) = (open.checkpoint.size, open.checkpoint.root);
    if context.is_json() {
        let cosigners =
            open.cosigners.iter().map(|signer| json!({"name": signer.key.name(), "time": signer.time}));
        show(&json!({"checkpoint": {
            "cosigners": cosigners.collect::<Vec<_>>(), "log": open.log.name(), "origin": open.checkpoint.origin,
            "root": root, "size": size, "unknown": open.unknown,
        }}));
        return;
    }
    answer(&fl!("checkpoint-signed", origin = open.checkpoint.origin.clone()));
    answer(&fl!("checkpoint-tree", size = size.to_string(), root = root.to_string()));
    for signer in &open.cosigners {
        let time = signer.time.map(moment).unwrap_or_default();
        answer(&fl!("cosigned-by", name = signer.key.name().to_owned(), time = time));
    }
    if open.unknown > 0 {
        answer(&fl!("fact-unknown-signers", count = open.unknown.to_string()));
    }
    answer(&fl!("checkpoint-limits"));
}
