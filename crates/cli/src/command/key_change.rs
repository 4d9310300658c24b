//! `xinyi key change` and `xinyi key recover`: draft what changes who may act (spec: ).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use xinyi_core::{Kind, Register, RegisteredKey, Text, Use};
use xinyi_store::{Draft, LedgerDir, Proposal};

use crate::args::KeyChangeArguments;
use crate::command::add::tell;
use crate::context::Context;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::show;

/// Drafts a `keys` or a `recovery` entry; `more` are the fields that only that kind has.
pub(crate) fn run(
    kind: Kind,
    change: &KeyChangeArguments,
    more: Map<String, Value>,
    context: &Context,
) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&change.dir)?;
    let key = change.key.open()?;
    let mut desk = Desk::open(&dir, &key, context)?;
    let proposal = proposal(kind, change, more, &desk)?;
    let content = desk.content(&proposal)?;
    let entered = desk.enter(Draft { approvals: Vec::new(), content })?;
    let told = tell(&entered, proposal.reference.as_str(), context);
    desk.done()?;
    if context.is_json() {
        show(&told);
    }
    Ok(Exit::Clean)
}

/// The fields by which a `keys` entry revokes.
pub(crate) fn revocations(
    keys: &[xinyi_core::KeyId],
    doubt_from: Option<u64>,
    reason: Option<&str>,
) -> Result<Map<String, Value>, Failure> {
    let reason = reason.map(Text::normalised).transpose()?;
    let mut ids: Vec<_> = keys.to_vec();
    ids.sort();
    let one = |id| {
        let mut revocation = Map::new();
        revocation.extend(doubt_from.map(|from| ("from".to_owned(), json!(from))));
        revocation.insert("key".to_owned(), json!(id));
        revocation.insert("reason".to_owned(), json!(reason));
        Value::Object(revocation)
    };
    Ok(Map::from_iter([("revoke".to_owned(), ids.into_iter().map(one).collect())]))
}

fn proposal(
    kind: Kind,
    change: &KeyChangeArguments,
    mut data: Map<String, Value>,
    desk: &Desk<'_>,
) -> Result<Proposal, Failure> {
    let replay = desk.writer().replay();
    let register = replay.register().ok_or_else(|| Failure::new("genesis-place", ""))?;
    if register.party(&change.party).is_none() {
        return Err(Failure::usage("party-unknown", &change.party));
    }
    let date = change.date.unwrap_or_else(|| desk.now().day_at(desk.books().offset()));
    let mut term = Map::from_iter([("from".to_owned(), json!(date))]);
    term.extend(change.until.map(|until| ("to".to_owned(), json!(until))));
    let uses = uses(change, register);
    let admitted = change.admit.iter().map(|new| {
        json!({"holder": new.holder, "key": new.key, "party": change.party, "term": term, "uses": uses})
    });
    let retire: BTreeSet<_> = change.retire.iter().collect();
    data.insert("add".to_owned(), admitted.collect());
    data.insert("party".to_owned(), json!(change.party));
    data.insert("retire".to_owned(), json!(retire));
    let reference = format!("{kind}-{}-{}", change.party, replay.size()).parse()?;
    Ok(Proposal { data, date, disclose: Default::default(), kind, links: Default::default(), reference })
}

/// What new keys may do: what was said, else what the party's present keys may, else approve.
fn uses(change: &KeyChangeArguments, register: &Register) -> BTreeSet<Use> {
    if !change.uses.is_empty() {
        return change.uses.iter().copied().collect();
    }
    let present = |key: &&RegisteredKey| key.end.is_none() && key.grant.party == change.party;
    let keys = register.keys().map(|(_, key)| key).filter(present);
    let uses: BTreeSet<Use> = keys.flat_map(|key| key.grant.uses.iter().copied()).collect();
    if uses.is_empty() { BTreeSet::from([Use::Approve]) } else { uses }
}
