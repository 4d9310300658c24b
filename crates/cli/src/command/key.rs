//! `xinyi key`: make, show, import, list.

use std::path::Path;

use serde_json::json;
use xinyi_core::{PublicKey, Sign as _, VerifierKey};
use xinyi_store::{SecretKey, Strength};

use crate::args::KeyCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::keys::passphrase;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::Reading;
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
        KeyCommand::List { path } => return list(path, context),
    }
    Ok(Exit::Clean)
}

fn print(key: PublicKey, origin: Option<&str>, context: &Context) -> Result<(), Failure> {
    let vkey = origin.map(|origin| VerifierKey::new(origin, key)).transpose();
    let vkey = vkey.map_err(|error| Failure::usage(error.code(), &error))?;
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

fn list(path: &Path, context: &Context) -> Result<Exit, Failure> {
    let reading = Reading::of(path, None, context, &mut |_| {})?;
    let register = reading.replay.register().ok_or_else(|| Failure::new("genesis-place", ""))?;
    let headings = [
        "word-party",
        "word-holder",
        "word-key",
        "word-uses",
        "word-from-entry",
        "word-to-entry",
        "word-term",
    ];
    let headings = headings.map(|id| crate::lang::text(id).unwrap_or_default());
    let mut table = Table::new(&headings);
    for (id, key) in register.keys() {
        let uses: Vec<_> = key.grant.uses.iter().map(ToString::to_string).collect();
        let until = key.end.map(|end| end.until.to_string()).unwrap_or_default();
        let to = key.grant.term.to.map(|day| day.to_string()).unwrap_or_default();
        let term = format!("{}/{to}", key.grant.term.from);
        let (party, holder) = (key.grant.party.to_string(), key.grant.holder.to_string());
        table.row(vec![party, holder, id.to_string(), uses.join(" "), key.from.to_string(), until, term]);
    }
    table.print();
    Ok(Exit::Clean)
}
