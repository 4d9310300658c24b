//! `xinyi key`: make, show, import, list; changes are drafted in `key_change.rs`.

use std::path::Path;

use serde_json::{Map, Value, json};
use xinyi_core::{KeyEnd, KeyId, Kind, PublicKey, RegisteredKey, Replay, Role, Sign as _, Use, VerifierKey};
use xinyi_store::{SecretKey, Strength};

use super::key_change::{self, revocations};
use crate::args::KeyCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::keys::passphrase;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::{Reading, describe, exit_of};
use crate::table::Table;

pub(crate) fn run(command: &KeyCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        KeyCommand::New { file, plain, strong, passphrase_file } => {
            let passphrase = if *plain { None } else { Some(passphrase(passphrase_file.as_deref())?) };
            let strength = if *strong { Strength::Strong } else { Strength::Portable };
            let key = SecretKey::generate()?;
            key.write(file, passphrase.as_ref(), strength)?;
            print(key.public_key(), None, context)?;
            if *strong && !context.is_json() {
                answer(&fl!("key-strong"));
            }
        }
        KeyCommand::Import { from, to } => {
            let pem = std::fs::read_to_string(from).map_err(|error| Failure::new("file-missing", error))?;
            let key = SecretKey::from_pem(&pem, || passphrase(None))?;
            key.write(to, Some(&passphrase(None)?), Strength::Portable)?;
            print(key.public_key(), None, context)?;
        }
        KeyCommand::Show { key, origin } => print(key.open()?.public_key(), origin.as_deref(), context)?,
        KeyCommand::List { path, vkeys } => return list(path, *vkeys, context),
        KeyCommand::Change { change, doubt_from, reason, revoke } => {
            let more = revocations(revoke, *doubt_from, reason.as_deref())?;
            return key_change::run(Kind::Keys, change, more, context);
        }
        KeyCommand::Recover { change, reason, recorder } => {
            let mut more = Map::from_iter([("reason".to_owned(), json!(reason))]);
            more.extend(recorder.as_ref().map(|recorder| ("recorder".to_owned(), json!(recorder))));
            return key_change::run(Kind::Recovery, change, more, context);
        }
    }
    Ok(Exit::Clean)
}

fn print(key: PublicKey, origin: Option<&str>, context: &Context) -> Result<(), Failure> {
    let vkey = origin.map(|origin| VerifierKey::new(origin, key)).transpose();
    let vkey = vkey.map_err(|error| Failure::told(error.code(), &error).with(Exit::Usage))?;
    if context.is_json() {
        show(&json!({"id": key.id(), "public": key, "vkey": vkey.map(|vkey| vkey.to_string())}));
        return Ok(());
    }
    answer(&fl!("key-public", key = key.to_string()));
    answer(&fl!("key-id", id = key.id().to_string()));
    if let Some(vkey) = vkey {
        answer(&fl!("key-vkey", vkey = vkey.to_string()));
    }
    Ok(())
}

/// Every key that the ledger ever admitted: for whom, from and to which entry, and why it ended.
fn list(path: &Path, vkeys: bool, context: &Context) -> Result<Exit, Failure> {
    let reading = Reading::of(path, None, context, &mut |_| {})?;
    if let Some(stopped) = reading.stopped.as_ref().filter(|stopped| exit_of(stopped) == Exit::NotAuthentic) {
        return Err(Failure::told(stopped.cause.code(), describe(stopped)).with(Exit::NotAuthentic));
    }
    let register = reading.replay.register().ok_or_else(|| Failure::new("genesis-place", ""))?;
    if vkeys {
        answer(trust_file(&reading.replay).trim_end());
        return Ok(Exit::Clean);
    }
    if context.is_json() {
        let keys: Vec<_> = register.keys().map(|(id, key)| entry_json(*id, key)).collect();
        show(&json!({"keys": keys, "recorder": register.recorder()}));
        return Ok(Exit::Clean);
    }
    let headings = [
        fl!("word-party"),
        fl!("word-holder"),
        fl!("word-key"),
        fl!("word-uses"),
        fl!("word-from-entry"),
        fl!("word-to-entry"),
        fl!("word-ended"),
        fl!("word-term"),
    ];
    let mut table = Table::new(&headings);
    for (id, key) in register.keys() {
        table.row(row(*id, key));
    }
    table.print();
    answer(&fl!("key-recorder", party = register.recorder().to_string()));
    Ok(Exit::Clean)
}

/// The verifier keys by which a reader knows trustee and committee, one a line (spec: G-3). Each party hands its
/// own out; a list taken from the ledger itself proves nothing until it is compared with theirs.
pub(crate) fn trust_file(replay: &Replay) -> String {
    let Some((founding, register)) = replay.founding().zip(replay.register()) else { return String::new() };
    let parties = [Role::Trustee, Role::Agent].into_iter().filter_map(|role| register.with_role(role));
    let labels: Vec<_> = parties.map(|party| &party.party).collect();
    let active = register.active_for(Use::Approve, replay.size().next_index());
    let line = |key: &RegisteredKey| {
        let grant = &key.grant;
        // The log key signs checkpoints under the origin itself.
        let name = if key.may(Use::Log) {
            founding.origin.clone()
        } else {
            format!("{}/{}/{}", founding.origin, grant.party, grant.holder)
        };
        let vkey = VerifierKey::new(&name, grant.key).ok()?;
        Some(format!("# {} ({})\n{vkey}\n", grant.party, grant.holder))
    };
    active.filter(|key| labels.contains(&&key.grant.party)).filter_map(line).collect()
}

fn row(id: KeyId, key: &RegisteredKey) -> Vec<String> {
    let grant = &key.grant;
    let uses: Vec<_> = grant.uses.iter().map(ToString::to_string).collect();
    let until = key.end.map(|end| end.until.to_string()).unwrap_or_default();
    let ended = match key.end {
        None => String::new(),
        Some(KeyEnd { doubt_from: None, .. }) => fl!("key-retired"),
        Some(KeyEnd { doubt_from: Some(from), .. }) => fl!("key-revoked", from = from.to_string()),
    };
    let term =
        format!("{}/{}", grant.term.from, grant.term.to.map(|day| day.to_string()).unwrap_or_default());
    let (party, holder) = (grant.party.to_string(), grant.holder.to_string());
    vec![party, holder, id.to_string(), uses.join(" "), key.from.to_string(), until, ended, term]
}

fn entry_json(id: KeyId, key: &RegisteredKey) -> Value {
    let ended = key.end.map(|end| if end.doubt_from.is_some() { "revoked" } else { "retired" });
    json!({
        "doubt_from": key.end.and_then(|end| end.doubt_from),
        "ended": ended,
        "from": key.from,
        "holder": key.grant.holder,
        "id": id,
        "party": key.grant.party,
        "public": key.grant.key,
        "term": key.grant.term,
        "until": key.end.map(|end| end.until),
        "uses": key.grant.uses,
    })
}
