//! A signed checkpoint by itself: who signed it, and whether the reader knows them (spec: P-1…P-5, G-5).

use serde_json::{Value, json};
use xinyi_core::{
    Anchor, AnchorError, Checkpoint, Note, NoteError, NoteKeyType, OpenCheckpoint, Size, Trust, TrustError,
    VerifierKey,
};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::when::moment;

/// Verifies a checkpoint by the keys that the reader brings; a bare checkpoint brings none itself.
pub(crate) fn verify(text: &str, trust: &Trust, context: &Context) -> Result<Exit, Failure> {
    let open = opened(text, trust)?;
    let linked = trust.anchor.as_ref().map(|anchor| linked(anchor, &open.checkpoint)).transpose()?.flatten();
    if let Some(policy) = &trust.policy {
        policy.judge(&open)?;
    }
    let is_judged = has_identity(trust)?;
    print(&open, linked, trust, context);
    if !is_judged && !context.is_json() {
        answer(&fl!("checkpoint-identity"));
    }
    Ok(if is_judged { Exit::Clean } else { Exit::CannotTell })
}

/// A bare checkpoint, opened by the keys that the reader brings for its origin.
pub(crate) fn opened(text: &str, trust: &Trust) -> Result<OpenCheckpoint, Failure> {
    let refused = |error: NoteError| Failure::told(error.code(), &error).with(Exit::NotAuthentic);
    let note: Note = text.parse().map_err(refused)?;
    let claimed: Checkpoint = note.text().parse().map_err(refused)?;
    let keys = known_keys(trust, &claimed.origin);
    if keys.is_empty() {
        return Err(Failure::new("checkpoint-keys", claimed.origin));
    }
    Ok(OpenCheckpoint::open(text, &keys).map_err(refused)?.into_inner())
}

/// Whether an identity that was asked for could be judged: a checkpoint names an origin only, whose identity an anchor
/// knows.
fn has_identity(trust: &Trust) -> Result<bool, TrustError> {
    match (trust.identity(), &trust.anchor) {
        (None, _) => Ok(true),
        (Some(_), None) => Ok(false),
        (Some(asked), Some(anchor)) if asked == anchor.identity() => Ok(true),
        (Some(_), Some(anchor)) => Err(TrustError::IdentityOther { found: anchor.identity() }),
    }
}

/// The checkpoint is of the anchor's ledger and has its root where both have one (spec: G-8).
fn linked(anchor: &Anchor, checkpoint: &Checkpoint) -> Result<Option<Size>, TrustError> {
    if anchor.origin().as_str() != checkpoint.origin {
        return Err(AnchorError::OtherLedger.into());
    }
    let size = checkpoint.size;
    Ok(anchor.check(size, size, |asked| (asked == size).then_some(checkpoint.root))?)
}

/// Keys that the reader knows for this origin: log keys of that name, and every witness.
fn known_keys(trust: &Trust, origin: &str) -> Vec<VerifierKey> {
    let listed = trust.keys.iter().chain(trust.policy.iter().flat_map(|policy| policy.logs()));
    let logs = listed.filter(|key| key.signs() == NoteKeyType::Log && key.name() == origin).cloned();
    logs.chain(trust.witnesses()).collect()
}

/// Known cosigners for programs.
pub(crate) fn cosigners_json(open: &OpenCheckpoint) -> Vec<Value> {
    let told = open.cosigners.iter().map(|signer| json!({"name": signer.key.name(), "time": signer.time}));
    told.collect()
}

fn print(open: &OpenCheckpoint, linked: Option<Size>, trust: &Trust, context: &Context) {
    let (size, root) = (open.checkpoint.size, open.checkpoint.root);
    if context.is_json() {
        let logs: Vec<String> = open.logs.iter().map(VerifierKey::to_string).collect();
        show(&json!({"checkpoint": {
            "anchor": trust.anchor.as_ref().map(|_| json!({"linked": linked})),
            "cosigners": cosigners_json(open), "logs": logs, "origin": open.checkpoint.origin,
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
    match (linked, &trust.anchor) {
        (Some(size), _) => answer(&fl!("trust-anchor", size = size.to_string())),
        (None, Some(_)) => answer(&fl!("trust-anchor-unlinked")),
        (None, None) => {}
    }
    if trust.policy.as_ref().is_some_and(xinyi_core::Policy::names_parties) {
        answer(&fl!("checkpoint-parties"));
    }
    answer(&fl!("checkpoint-limits"));
}
