//! `xinyi approve`: review what waits, refuse what does not follow from one's own copy, sign the rest.

use std::io::Write as _;
use std::path::Path;

use xinyi_core::{Approval, Close, Data, Sign as _};
use xinyi_store::{Draft, LedgerDir, Package, SecretKey};

use crate::args::ApproveArguments;
use crate::command::drafts::print;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, say};
use crate::reading::Reading;

pub(crate) fn run(arguments: &ApproveArguments, context: &Context) -> Result<Exit, Failure> {
    let key = arguments.key.open()?;
    if arguments.path.is_dir() {
        in_ledger(arguments, &key, context)
    } else {
        in_file(arguments, &key, context)
    }
}

fn in_ledger(arguments: &ApproveArguments, key: &SecretKey, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.path)?;
    let reading = Reading::good(&dir, context)?;
    let mut drafts: Vec<Draft> =
        dir.drafts().list()?.into_iter().filter(|draft| wanted(draft, arguments)).collect();
    if !review(&mut drafts, arguments, &reading, key, context)? {
        return Ok(Exit::Clean);
    }
    drafts.iter().try_for_each(|draft| dir.drafts().keep(draft))?;
    answer(&fl!("approved", count = drafts.len().to_string()));
    Ok(Exit::Clean)
}

fn in_file(arguments: &ApproveArguments, key: &SecretKey, context: &Context) -> Result<Exit, Failure> {
    let mut package = Package::read(&arguments.path)?;
    let reading = own_copy(&package, arguments.ledger.as_deref(), context)?;
    let (mut chosen, rest): (Vec<Draft>, Vec<Draft>) =
        package.drafts.drain(..).partition(|draft| wanted(draft, arguments));
    if !review(&mut chosen, arguments, &reading, key, context)? {
        return Ok(Exit::Clean);
    }
    let count = chosen.len().to_string();
    package.drafts = chosen.into_iter().chain(rest).collect();
    package.write(&arguments.path)?;
    answer(&fl!("approved-file", count = count, path = arguments.path.display().to_string()));
    Ok(Exit::Clean)
}

/// The approver's own copy of the ledger, with the lines that the file brings after it; every one verified.
fn own_copy(package: &Package, ledger: Option<&Path>, context: &Context) -> Result<Reading, Failure> {
    let mut reading = match ledger {
        Some(path) => Reading::of(path, Some(package.identity), context, &mut |_| {})?,
        None if package.since.get() == 0 => Reading::empty(package.identity),
        None => return Err(Failure::usage("copy-missing", "")),
    };
    let have = reading.replay.size().get();
    for (number, line) in (package.since.get()..).zip(&package.lines) {
        if number >= have {
            let entry = reading.replay.push(line.as_bytes());
            let entry = entry.map_err(|error| Failure::not_authentic(error.code(), &error))?;
            reading.take(&entry);
        }
    }
    Ok(reading)
}

fn wanted(draft: &Draft, arguments: &ApproveArguments) -> bool {
    arguments.only.is_empty() || arguments.only.iter().any(|name| name == draft.content.reference().as_str())
}

/// Shows the drafts, recomputes every close, asks, and signs. Whether anything was signed.
fn review(
    drafts: &mut Vec<Draft>,
    arguments: &ApproveArguments,
    reading: &Reading,
    key: &SecretKey,
    context: &Context,
) -> Result<bool, Failure> {
    let id = key.public_key().id();
    drafts.retain(|draft| !draft.approvals.iter().any(|approval| approval.key == id));
    print(drafts, reading, context)?;
    for draft in drafts.iter() {
        if let Data::Close(close) = draft.content.data() {
            recompute(close, reading)?;
            answer(&fl!("close-recomputed", period = close.period.to_string()));
        }
    }
    if drafts.is_empty() || !(arguments.yes || confirmed(drafts.len())?) {
        return Ok(false);
    }
    for draft in drafts.iter_mut() {
        draft.add([Approval::sign(&draft.content, key)]);
    }
    Ok(true)
}

/// A close is signed only if every figure in it follows from the approver's own copy (spec: B-10).
fn recompute(close: &Close, reading: &Reading) -> Result<(), Failure> {
    let months = reading.replay.months().ok_or_else(|| Failure::new("genesis-place", ""))?;
    let books = reading.checker.books();
    let document = books.draft_state(close.period, close.size, close.next, close.previous);
    let agrees = document.is_some_and(|document| document.digest() == close.state)
        && reading.replay.root_at(close.size) == Some(close.root)
        && months.next_at(close.period, close.size) == close.next
        && months.register_at(close.size) == Some(close.register)
        && months.deeds_at(close.size) == close.deeds;
    if agrees { Ok(()) } else { Err(Failure::usage("close-differs", close.period)) }
}

fn confirmed(count: usize) -> Result<bool, Failure> {
    say(&fl!("approve-ask", count = count.to_string()));
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| Failure::new("file-missing", error))?;
    Ok(matches!(line.trim(), "y" | "yes" | "是"))
}
