//! `xinyi approve`: review what waits, open what it seals, refuse what does not follow from one's own copy or cannot
//! be seen, sign the rest.

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
use crate::sealed::{Disclosures, Places};

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
    let mut drafts: Vec<Draft> =
        dir.drafts().list()?.into_iter().filter(|draft| wanted(draft, arguments)).collect();
    let mut places = Places::wanted_by(&drafts);
    let reading = Reading::good_to(&dir, context, &mut |entry| places.see(entry))?;
    let disclosures = Disclosures { dir: Some(&dir), ..Disclosures::default() };
    let seen = Seen { disclosures, places, reading };
    let reviewed = review(&mut drafts, arguments, &seen, key, context)?;
    if reviewed.signed {
        drafts.iter().try_for_each(|draft| dir.drafts().keep(draft))?;
        answer(&fl!("approved", count = drafts.len().to_string()));
    }
    Ok(reviewed.exit)
}

fn in_file(arguments: &ApproveArguments, key: &SecretKey, context: &Context) -> Result<Exit, Failure> {
    let mut package = Package::read(&arguments.path)?;
    let (mut chosen, rest): (Vec<Draft>, Vec<Draft>) =
        package.drafts.drain(..).partition(|draft| wanted(draft, arguments));
    let mut places = Places::wanted_by(&chosen);
    let reading = own_copy(&package, arguments.ledger.as_deref(), &mut places, context)?;
    let own = arguments.ledger.as_deref().and_then(|path| LedgerDir::open(path).ok());
    let disclosures = Disclosures { brought: &package.disclosures, dir: own.as_ref() };
    let all = chosen.clone();
    let seen = Seen { disclosures, places, reading };
    let reviewed = review(&mut chosen, arguments, &seen, key, context)?;
    if reviewed.signed {
        let count = chosen.len().to_string();
        let kept =
            all.into_iter().filter(|draft| !chosen.iter().any(|signed| signed.content == draft.content));
        let kept: Vec<Draft> = kept.chain(rest).collect();
        package.drafts = chosen.into_iter().chain(kept).collect();
        package.write(&arguments.path)?;
        answer(&fl!("approved-file", count = count, path = arguments.path.display().to_string()));
    }
    Ok(reviewed.exit)
}

/// The approver's own copy of the ledger, with the lines that the file brings after it; every one verified.
fn own_copy(
    package: &Package,
    ledger: Option<&Path>,
    places: &mut Places,
    context: &Context,
) -> Result<Reading, Failure> {
    let mut reading = match ledger {
        Some(path) => Reading::of(path, Some(package.identity), context, &mut |entry| places.see(entry))?,
        None if package.since.get() == 0 => Reading::empty(package.identity),
        None => return Err(Failure::usage("copy-missing", "")),
    };
    let have = reading.replay.size().get();
    for (number, line) in (package.since.get()..).zip(&package.lines) {
        if number >= have {
            let entry = reading.push(line.as_bytes());
            let entry =
                entry.map_err(|error| Failure::told(error.code(), &error).with(Exit::NotAuthentic))?;
            places.see(&entry);
        }
    }
    Ok(reading)
}

fn wanted(draft: &Draft, arguments: &ApproveArguments) -> bool {
    arguments.only.is_empty() || arguments.only.iter().any(|name| name == draft.content.reference().as_str())
}

/// What an approver judges by.
struct Seen<'d> {
    disclosures: Disclosures<'d>,
    places: Places,
    reading: Reading,
}

/// How a review ended.
struct Reviewed {
    exit: Exit,
    signed: bool,
}

/// Shows the drafts, opens what they seal, recomputes every close, asks, and signs. What may not be signed, or was
/// signed before, is no longer among the drafts after it.
fn review(
    drafts: &mut Vec<Draft>,
    arguments: &ApproveArguments,
    seen: &Seen<'_>,
    key: &SecretKey,
    context: &Context,
) -> Result<Reviewed, Failure> {
    let id = key.public_key().id();
    drafts.retain(|draft| !draft.approvals.iter().any(|approval| approval.key == id));
    let waiting = drafts.len();
    drafts.retain(|draft| may_approve(draft, &seen.reading, key));
    if drafts.is_empty() && waiting > 0 {
        let detail = format!("key {id}; no draft here admits it");
        return Err(Failure::usage("approval-key", detail));
    }
    print(drafts, &seen.reading, context)?;
    for draft in drafts.iter() {
        if let Data::Close(close) = draft.content.data() {
            recompute(close, &seen.reading)?;
            answer(&fl!("close-recomputed", period = close.period.to_string()));
        }
    }
    let shown = drafts.len();
    drafts.retain(|draft| {
        let opened = crate::sealed::show(draft, seen.disclosures, &seen.places, arguments.unopened);
        opened
            .map_err(|failure| {
                say(&fl!("draft-unapproved", reference = draft.content.reference().to_string()));
                failure.print(context);
            })
            .is_ok()
    });
    let exit = if drafts.len() < shown { Exit::Usage } else { Exit::Clean };
    let signed = !drafts.is_empty() && (arguments.yes || confirmed(drafts.len())?);
    if signed {
        for draft in drafts.iter_mut() {
            draft.add([Approval::sign(&draft.content, key)]);
        }
    }
    Ok(Reviewed { exit, signed })
}

/// Whether an approval by this key could stand on the line: a useless one would only be dropped when it is recorded.
fn may_approve(draft: &Draft, reading: &Reading, key: &SecretKey) -> bool {
    let approval = Approval::sign(&draft.content, key);
    reading.replay.check_approval(&draft.content, &approval).is_ok()
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
