//! `xinyi deed change`: draft the deed that holds from a month on, examined for the ledger's present parties (spec: A-8).

use std::path::Path;

use serde_json::{Map, json};
use xinyi_core::{Deed, Kind, Period};
use xinyi_rules::deed::{Seat, Setup, read_for};
use xinyi_store::{Draft, LedgerDir, Proposal, SecretKey};

use crate::command::add::tell;
use crate::context::Context;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::show;

pub(crate) fn run(
    dir: &Path,
    file: &str,
    from: Period,
    key: &SecretKey,
    context: &Context,
) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(dir)?;
    let mut desk = Desk::open(&dir, key, context)?;
    let setup = present(&desk, from).ok_or_else(|| Failure::new("genesis-place", ""))?;
    let mut deed =
        read_for(&super::deed::text(file)?, &setup).map_err(|problems| Failure::of_deed(file, problems))?;
    if let Some(before) = desk.books().last_deed() {
        carry_rates(&mut deed, before);
    }
    let proposal = Proposal {
        data: Map::from_iter([("deed".to_owned(), json!(deed))]),
        date: desk.now().day_at(desk.books().offset()),
        disclose: Default::default(),
        kind: Kind::Deed,
        links: Default::default(),
        reference: format!("deed-{from}-{}", desk.writer().replay().size()).parse()?,
    };
    let content = desk.content(&proposal)?;
    let entered = desk.enter(Draft { approvals: Vec::new(), content })?;
    let told = tell(&entered, proposal.reference.as_str(), context);
    desk.done()?;
    if context.is_json() {
        show(&told);
    }
    Ok(Exit::Clean)
}

/// What a file dates from the deed's first day on follows the rates before: money of earlier days keeps its rate, though
/// it is booked under the new deed (spec: A-8).
fn carry_rates(deed: &mut Deed, before: &Deed) {
    let first = deed.first;
    for term in &mut deed.fees {
        let Some(old) = before.fees.iter().find(|old| old.taker == term.taker) else { continue };
        if term.rates.first().is_none_or(|rate| rate.from < first) {
            continue;
        }
        let mut rates: Vec<_> = old.rates.iter().filter(|rate| rate.from < first).cloned().collect();
        rates.append(&mut term.rates);
        rates.dedup_by(|later, earlier| later.rate == earlier.rate);
        term.rates = rates;
    }
}

/// The ledger's parties and keys as they are now, for a deed from a month on.
fn present(desk: &Desk<'_>, from: Period) -> Option<Setup> {
    let register = desk.writer().replay().register()?;
    let keys = register.keys().filter(|(_, key)| key.end.is_none()).map(|(_, key)| Seat::from(&key.grant));
    Some(Setup {
        first: from,
        keys: keys.collect(),
        parties: register.parties().cloned().collect(),
        recorder: register.recorder().clone(),
        recovery: register.recovery().clone(),
        unit: desk.books().unit()?.clone(),
    })
}
