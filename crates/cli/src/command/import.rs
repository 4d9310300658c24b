//! `xinyi import`: a bank's or another program's file, read by a map, entered as if typed.

use std::path::Path;

use serde_json::json;
use xinyi_core::{Approval, Date, Period};
use xinyi_import::{Imported, read};
use xinyi_store::{Draft, LedgerDir, Proposal, SecretKey};

use crate::args::ImportArguments;
use crate::context::Context;
use crate::desk::{Desk, Entered};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::maps;
use crate::output::{answer, show};
use crate::progress;
use crate::reading::bytes_of;
use crate::table::Table;

pub(crate) fn run(arguments: &ImportArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let mut desk = Desk::open(&dir, &key, context)?;
    let imported = imported(&arguments.map, &arguments.file, &desk)?;
    let proposals = proposals(&imported)?;
    if arguments.dry_run {
        print_plan(&imported, arguments.disclose, context);
        return Ok(Exit::Clean);
    }
    let passphrase = arguments.key.passphrase_file.as_deref();
    let approver =
        arguments.approve_key.as_ref().map(|path| crate::keys::open(path, passphrase)).transpose()?;
    let hands = Hands { approver: approver.as_ref(), close_months: arguments.close_months };
    let done = enter_all(&mut desk, &dir, &proposals, &hands, context)?;
    desk.done()?;
    if context.is_json() {
        show(&json!({"already": done.already, "recorded": done.recorded, "waits": done.waits}));
    } else {
        answer(&fl!(
            "import-done",
            recorded = done.recorded.to_string(),
            waits = done.waits.to_string(),
            already = done.already.to_string(),
            left = imported.left_out.len().to_string()
        ));
    }
    Ok(Exit::Clean)
}

/// Who is at hand besides the recorder.
pub(crate) struct Hands<'k> {
    /// The other party's key, where it is on this machine.
    pub(crate) approver: Option<&'k SecretKey>,
    /// Whether to close each month as its last entry is passed.
    pub(crate) close_months: bool,
}

/// How many entries went which way.
#[derive(Debug, Default)]
pub(crate) struct Done {
    already: u64,
    recorded: u64,
    waits: u64,
}

fn imported(map: &str, file: &Path, desk: &Desk<'_>) -> Result<Imported, Failure> {
    let books = desk.books();
    let scale =
        books.unit().map(|unit| u32::from(unit.scale)).ok_or_else(|| Failure::new("genesis-place", ""))?;
    let map = maps::named(map)?;
    let bytes = bytes_of(file)?;
    read(&map, &bytes, scale, books.offset().minutes()).map_err(|error| maps::unreadable(file, &error))
}

/// The engine's proposals as the store's: the same shape, now with the ledger's types.
pub(crate) fn proposals(imported: &Imported) -> Result<Vec<Proposal>, Failure> {
    let typed = |proposal: &xinyi_import::Proposal| {
        let value = serde_json::to_value(proposal).unwrap_or_default();
        let wrong = |error| Failure::usage("proposal-invalid", format!("{}: {error}", proposal.reference));
        serde_json::from_value(value).map_err(wrong)
    };
    imported.proposals.iter().map(typed).collect()
}

/// Enters proposals in order, and closes each month once its last proposal is passed, if asked to.
pub(crate) fn enter_all(
    desk: &mut Desk<'_>,
    dir: &LedgerDir,
    proposals: &[Proposal],
    hands: &Hands<'_>,
    context: &Context,
) -> Result<Done, Failure> {
    let mut done = Done::default();
    let bar = progress::bar(context, u64::try_from(proposals.len()).unwrap_or_default());
    let closer = hands.approver.filter(|_| hands.close_months);
    for proposal in proposals {
        if let Some(approver) = closer {
            close_before(desk, dir, proposal.date.period(), approver)?;
        }
        match enter(desk, proposal, hands.approver)? {
            Entered::Already(_) => done.already += 1,
            Entered::Forgotten(..) | Entered::Recorded(_) => done.recorded += 1,
            Entered::Waits(_) => done.waits += 1,
        }
        bar.inc(1);
    }
    if let (Some(approver), Some(last)) = (closer, proposals.last()) {
        let today = desk.now().day_at(desk.books().offset());
        if today > last.date.period().last_day() {
            close_before(desk, dir, last.date.period().next(), approver)?;
        }
    }
    bar.finish_and_clear();
    Ok(done)
}

/// Enters one proposal, with the other party's approval if it needs one and the key is at hand.
pub(crate) fn enter(
    desk: &mut Desk<'_>,
    proposal: &Proposal,
    approver: Option<&SecretKey>,
) -> Result<Entered, Failure> {
    let content = desk.content(proposal)?;
    let approvals = match approver {
        Some(approver) if !desk.lacking(&content, &[])?.is_empty() => {
            vec![Approval::sign(&content, approver)]
        }
        _ => Vec::new(),
    };
    desk.enter(Draft { approvals, content })
}

/// Closes every month before `period`, with both keys at hand.
fn close_before(
    desk: &mut Desk<'_>,
    dir: &LedgerDir,
    period: Period,
    approver: &SecretKey,
) -> Result<(), Failure> {
    let due = |desk: &Desk<'_>| desk.writer().replay().months().map(|months| months.due());
    while let Some(due) = due(desk).filter(|due| *due < period) {
        close(desk, dir, due, due.next().first_day(), approver)?;
    }
    Ok(())
}

/// Drafts, approves and records one close.
pub(crate) fn close(
    desk: &mut Desk<'_>,
    dir: &LedgerDir,
    period: Period,
    date: Date,
    approver: &SecretKey,
) -> Result<(), Failure> {
    let content = super::close::draft(desk, dir, period, Some(date))?;
    let approvals = vec![Approval::sign(&content, approver)];
    desk.enter(Draft { approvals, content })?;
    Ok(())
}

/// Says which private values there are and not what they are.
fn hide(disclose: &mut serde_json::Value) {
    for value in disclose.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        *value = serde_json::Value::Null;
    }
}

fn print_plan(imported: &Imported, disclose: bool, context: &Context) {
    if context.is_json() {
        let mut plan = json!({"left_out": imported.left_out, "proposals": imported.proposals});
        if !disclose {
            let proposals = plan.get_mut("proposals").and_then(serde_json::Value::as_array_mut);
            proposals
                .into_iter()
                .flatten()
                .filter_map(|proposal| proposal.get_mut("disclose"))
                .for_each(hide);
        }
        show(&plan);
        return;
    }
    let headings = [fl!("word-date"), fl!("word-kind"), fl!("word-reference"), fl!("word-amount")];
    let mut table = Table::new(&headings);
    for proposal in &imported.proposals {
        let amount = proposal.data.get("amount").and_then(serde_json::Value::as_str).unwrap_or_default();
        let kind = super::show::kind_name(&proposal.kind);
        table.row(vec![
            proposal.date.clone(),
            kind,
            proposal.reference.clone(),
            xinyi_rules::grouped(amount),
        ]);
    }
    table.print();
    for left in &imported.left_out {
        let reason =
            crate::lang::text(&format!("left-{}", left.reason)).unwrap_or_else(|| left.reason.to_owned());
        answer(&fl!("import-left", line = left.line.to_string(), reason = reason));
    }
    answer(&fl!(
        "import-plan",
        rows = imported.rows.to_string(),
        entries = imported.proposals.len().to_string(),
        left = imported.left_out.len().to_string()
    ));
}
