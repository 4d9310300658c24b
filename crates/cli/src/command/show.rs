//! `xinyi show`: balances, or one entry.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xinyi_core::{Entry, Text, Verified};
use xinyi_store::LedgerDir;

use crate::args::ShowArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::going_on::Reader;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::{Purpose, Reading, index};
use crate::report::print_balances;
use crate::sealed::Disclosures;
use crate::verdict::Verdict;

pub(crate) fn run(arguments: &ShowArguments, context: &Context) -> Result<Exit, Failure> {
    let wanted = arguments.index.map(index).transpose()?;
    let mut found = None;
    let trust = arguments.trust.load()?;
    let reader = Reader { anchor: None, purpose: Purpose::Rules, trust: &trust };
    let reading = Reading::going_on(&arguments.path, reader, context, &mut |entry| {
        if Some(entry.index()) == wanted {
            found = Some(entry.clone());
        }
    })?;
    let verdict = Verdict::of_ledger(&reading, &trust, arguments.trust.no_trust, None, &arguments.path)?;
    if verdict.exit == Exit::NotAuthentic {
        verdict.print();
        return Ok(verdict.exit);
    }
    match (wanted, found) {
        (Some(_), Some(entry)) => print_entry(&entry, &disclosed(&entry, arguments)?, context),
        (Some(index), None) => return Err(Failure::usage("entry-missing", index)),
        (None, _) => print_all(reading, context),
    }
    Ok(verdict.exit)
}

fn print_all(reading: Reading, context: &Context) {
    let report = reading.checker.finish();
    if context.is_json() {
        show(&json!({"accounts": report.accounts, "fees": report.fees, "funds": report.funds}));
    } else {
        print_balances(&report);
    }
}

/// The sealed fields of an entry, with their values if they were asked for and lie beside the ledger.
type Fields = Vec<(&'static str, Option<Text>)>;

fn disclosed(entry: &Entry, arguments: &ShowArguments) -> Result<Fields, Failure> {
    let dir = LedgerDir::open(&arguments.path).ok().filter(|_| arguments.disclose);
    let disclosures = Disclosures { dir: dir.as_ref(), ..Disclosures::default() };
    let fields = entry.content().sealed().into_iter();
    fields.map(|(field, sealed)| Ok((field, disclosures.open(field, sealed)?))).collect()
}

fn print_entry(entry: &Verified<Entry>, sealed: &Fields, context: &Context) {
    let content: Value = serde_json::from_slice(entry.content().bytes()).unwrap_or_default();
    let approvers: Vec<_> =
        entry.approvers().iter().map(|signer| format!("{} ({})", signer.party, signer.holder)).collect();
    if context.is_json() {
        let opened: BTreeMap<_, _> =
            sealed.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?))).collect();
        show(&json!({
            "approved_by": approvers,
            "content": content,
            "disclosed": opened,
            "index": entry.index(),
            "leaf": entry.leaf(),
            "recorded": entry.recorded(),
            "recorded_by": entry.recorder().party,
        }));
        return;
    }
    answer(&fl!(
        "entry-head",
        index = entry.index().to_string(),
        kind = kind_name(entry.content().kind().as_str()),
        date = entry.content().date().to_string(),
        reference = entry.content().reference().to_string()
    ));
    for (name, value) in content.get("data").and_then(Value::as_object).into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = match sealed.iter().find(|(field, _)| field == name) {
            Some((_, Some(opened))) => fl!("value-opened", value = opened.to_string()),
            Some((_, None)) => fl!("value-sealed", commitment = value),
            None => value,
        };
        answer(&format!("  {name}: {value}"));
    }
    answer(&fl!(
        "entry-recorded",
        time = entry.recorded().to_string(),
        party = entry.recorder().party.to_string()
    ));
    answer(&fl!("entry-approved", parties = approvers.join(", ")));
    answer(&fl!("entry-leaf", leaf = entry.leaf().to_string()));
}

/// A kind's name for people.
pub(crate) fn kind_name(kind: &str) -> String {
    crate::lang::text(&format!("kind-{kind}")).unwrap_or_else(|| kind.to_owned())
}
