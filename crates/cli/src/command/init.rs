//! `xinyi init`: begin a ledger from a setup file that says who, what, where, and under which deed.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use xinyi_core::{Approval, Content, Data, Deed, Hash, Kind, Period, Replay, Sign as _};
use xinyi_store::{LedgerDir, SecretKey};

use crate::args::InitArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};

/// The setup file: a genesis without what is worked out here, and the deed by name.
#[derive(Deserialize)]
pub(crate) struct Setup {
    /// A deed file, relative to the setup, or a template's name.
    pub(crate) deed: String,
    first: Period,
    /// All other fields of a genesis.
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

impl Setup {
    /// The part that a deed must fit.
    fn roster(&self) -> Result<xinyi_rules::deed::Setup, Failure> {
        let mut fields = self.rest.clone();
        fields.insert("first".to_owned(), json!(self.first));
        serde_json::from_value(Value::Object(fields)).map_err(|error| Failure::usage("setup-file", error))
    }
}

pub(crate) fn run(arguments: &InitArguments, context: &Context) -> Result<Exit, Failure> {
    let keys = arguments.key.iter().map(|path| crate::keys::open(path, arguments.passphrase_file.as_deref()));
    let keys: Vec<SecretKey> = keys.collect::<Result<_, _>>()?;
    let text =
        std::fs::read_to_string(&arguments.setup).map_err(|error| Failure::new("file-missing", error))?;
    let setup: Setup = toml::from_str(&text).map_err(|error| Failure::usage("setup-file", error))?;
    let beside = arguments.setup.with_file_name(&setup.deed);
    let deed = if beside.is_file() { beside.to_string_lossy().into_owned() } else { setup.deed.clone() };
    let signers: Vec<&SecretKey> = keys.iter().collect();
    let identity = begin(&arguments.dir, setup, &super::deed::text(&deed)?, &signers, context)?;
    let card = card_of(&arguments.dir);
    LedgerDir::write_card(&card, &(fl!("card", identity = identity.to_string()) + "\n"))?;
    if context.is_json() {
        show(&json!({"card": card, "identity": identity}));
    } else {
        answer(&fl!("init-done", dir = arguments.dir.display().to_string()));
        answer(&fl!("fact-identity", identity = identity.to_string()));
        answer(&fl!("init-card", path = card.display().to_string()));
    }
    Ok(Exit::Clean)
}

/// The identity card lies beside the directory, never in it: what is inside may be changed with the rest.
fn card_of(dir: &Path) -> std::path::PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_owned();
    name.push(".identity.txt");
    dir.with_file_name(name)
}

/// Makes the first line, verifies it like any other, and writes the directory.
pub(crate) fn begin(
    dir: &Path,
    setup: Setup,
    deed: &str,
    keys: &[&SecretKey],
    context: &Context,
) -> Result<Hash, Failure> {
    let deed = super::deed::fitting(&setup.deed, deed, &setup.roster()?)?;
    let content = genesis(setup, &deed)?;
    let Data::Genesis(data) = content.data() else { return Err(Failure::new("genesis-place", "")) };
    let by_id = |id| keys.iter().find(|key| key.public_key().id() == id);
    let recording = data
        .keys
        .iter()
        .find(|grant| grant.party == data.recorder && grant.uses.contains(&xinyi_core::Use::Record));
    let recorder = recording
        .and_then(|grant| by_id(grant.key.id()))
        .ok_or_else(|| Failure::usage("recorder-key", ""))?;
    let mut approvals = Vec::new();
    for grant in data.keys.iter().filter(|grant| grant.key != recorder.public_key()) {
        let key = by_id(grant.key.id()).ok_or_else(|| Failure::usage("init-key-missing", grant.key))?;
        approvals.push(Approval::sign(&content, *key));
    }
    let identity = content.identity();
    let now = context.now(data.sample == Some(true))?;
    let mut replay = Replay::new();
    let line = replay.prepare(content, approvals).record(now, *recorder)?;
    replay.push(&line)?;
    LedgerDir::create(dir, &line)?;
    Ok(identity)
}

fn genesis(setup: Setup, deed: &Deed) -> Result<Content, Failure> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|error| Failure::new("random-missing", error))?;
    let mut fields = setup.rest;
    fields.insert("deed".to_owned(), serde_json::to_value(deed).unwrap_or_default());
    fields.insert("first".to_owned(), json!(setup.first));
    fields.insert("format".to_owned(), json!(1));
    fields.insert("nonce".to_owned(), json!(hex::encode(nonce)));
    sort_keys(&mut fields);
    let data = Data::from_json(Kind::Genesis, &Value::Object(fields).to_string())?;
    Ok(Content::new(None, setup.first.first_day(), "genesis".parse()?, data)?)
}

/// The format wants keys in order of their ids; people write them in any.
fn sort_keys(fields: &mut serde_json::Map<String, Value>) {
    if let Some(keys) = fields.get_mut("keys").and_then(Value::as_array_mut) {
        keys.sort_by_key(crate::desk::key_id);
    }
}
