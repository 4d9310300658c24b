//! `xinyi drafts`: what waits, what each draft lacks and would cause; out to an approver and back.

use std::path::Path;

use serde_json::json;
use xinyi_core::{Approval, Content, Data, Signer, Size};
use xinyi_rules::{Finding, grouped, needs, page};
use xinyi_store::{Draft, LedgerDir, Package};

use crate::args::DraftsCommand;
use crate::command::show::kind_name;
use crate::context::Context;
use crate::desk::preview;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::{fl, language};
use crate::output::{answer, show};
use crate::reading::Reading;
use crate::table::Table;

pub(crate) fn run(command: &DraftsCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        DraftsCommand::List { dir } => list(dir, context),
        DraftsCommand::Export { dir, output, since } => export(dir, output, *since, context),
        DraftsCommand::Import { dir, file } => import(dir, file, context),
    }
}

fn list(dir: &Path, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(dir)?;
    let reading = Reading::good(&dir, context)?;
    let drafts = dir.drafts().list()?;
    if context.is_json() {
        let drafts: Vec<_> = drafts.iter().map(|draft| json(draft, &reading)).collect();
        show(&json!({ "drafts": drafts }));
    } else {
        print(&drafts, &reading, context)?;
    }
    Ok(Exit::Clean)
}

fn json(draft: &Draft, reading: &Reading) -> serde_json::Value {
    let content: serde_json::Value = serde_json::from_slice(draft.content.bytes()).unwrap_or_default();
    let approvals: Vec<_> = draft.approvals.iter().map(|approval| approval.key).collect();
    json!({"approvals": approvals, "content": content, "lacks": lacking(draft, reading)})
}

/// The parties whose approval a draft still lacks, apart from the recorder's own.
pub(crate) fn lacking(draft: &Draft, reading: &Reading) -> Vec<String> {
    let approvers = draft
        .approvals
        .iter()
        .filter_map(|approval| reading.replay.check_approval(&draft.content, approval).ok().flatten());
    let approvers: Vec<Signer> = approvers.collect();
    let Some(register) = reading.replay.register() else { return Vec::new() };
    let unmet = match register.authority_needs(draft.content.data()) {
        Some(authority) => authority.unmet(&approvers),
        None => {
            let needed = needs(reading.checker.books(), &draft.content).into_iter();
            needed.filter(|need| !xinyi_rules::is_met(need, &approvers)).collect()
        }
    };
    let own = register.recorder();
    unmet.into_iter().filter(|need| need.party != *own).map(|need| need.party.to_string()).collect()
}

/// The table a reviewer reads, each draft with the findings it would cause.
pub(crate) fn print(drafts: &[Draft], reading: &Reading, context: &Context) -> Result<(), Failure> {
    if drafts.is_empty() {
        answer(&fl!("drafts-none"));
        return Ok(());
    }
    let headings = [
        fl!("word-date"),
        fl!("word-kind"),
        fl!("word-reference"),
        fl!("word-amount"),
        fl!("word-what"),
        fl!("word-lacks"),
    ];
    let mut table = Table::new(&headings);
    for draft in drafts {
        let content = &draft.content;
        table.row(vec![
            content.date().to_string(),
            kind_name(content.kind().as_str()),
            content.reference().to_string(),
            amount(content),
            what(content),
            lacking(draft, reading).join(", "),
        ]);
    }
    table.print();
    for (draft, finding) in findings(drafts, reading, context)? {
        let Some(page) = page(finding.code) else { continue };
        let fact = page.fact(&finding, language());
        answer(&fl!(
            "draft-would",
            reference = draft.content.reference().to_string(),
            code = finding.code,
            fact = fact
        ));
    }
    Ok(())
}

fn findings<'d>(
    drafts: &'d [Draft],
    reading: &Reading,
    context: &Context,
) -> Result<Vec<(&'d Draft, Finding)>, Failure> {
    let sample = reading.replay.founding().is_some_and(|founding| founding.sample);
    let now = context.now(sample)?;
    let Some(recorder) = &reading.recorder else { return Ok(Vec::new()) };
    let of = |draft: &'d Draft| {
        let found = preview(reading, &reading.replay, draft, now, recorder);
        // That a draft lacks what it is waiting for is no news.
        found.into_iter().filter(|finding| finding.code != "SG-02").map(move |finding| (draft, finding))
    };
    Ok(drafts.iter().flat_map(of).collect())
}

fn amount(content: &Content) -> String {
    let data: serde_json::Value = serde_json::to_value(content.data()).unwrap_or_default();
    data.get("amount").and_then(serde_json::Value::as_str).map(grouped).unwrap_or_default()
}

/// One phrase that tells a reviewer what it is about.
fn what(content: &Content) -> String {
    match content.data() {
        Data::Close(close) => close.period.to_string(),
        Data::Expense(expense) => format!("{} / {}", expense.payee, expense.category),
        Data::Income(income) => income.category.to_string(),
        Data::Order(order) => format!("{} / {} / {}", order.payee, order.purpose, order.until),
        Data::Refund(refund) => refund.reason.to_string(),
        Data::Reversal(reversal) => reversal.reason.to_string(),
        Data::Ratification(ratification) => ratification.reason.to_string(),
        Data::Fee(fee) => fee.periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

fn export(dir: &Path, output: &Path, since: u64, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(dir)?;
    let reading = Reading::good(&dir, context)?;
    let founding = reading.replay.founding().ok_or_else(|| Failure::new("genesis-place", ""))?;
    let since = Size::new(since).ok_or_else(|| Failure::usage("integer-too-large", since))?;
    let drafts = dir.drafts().list()?;
    let mut lines = Vec::new();
    for (number, line) in dir.lines()?.enumerate() {
        let line = line?;
        if line.complete && u64::try_from(number).is_ok_and(|number| number >= since.get()) {
            lines.push(String::from_utf8(line.bytes).map_err(|error| Failure::new("not-utf8", error))?);
        }
    }
    let states = drafts.iter().filter_map(|draft| match draft.content.data() {
        Data::Close(close) => dir.state(close.state),
        _ => None,
    });
    let states = states.collect();
    let package = Package { identity: founding.identity, lines, drafts, since, states };
    package.write(output)?;
    answer(&fl!(
        "drafts-exported",
        count = package.drafts.len().to_string(),
        path = output.display().to_string()
    ));
    Ok(Exit::Clean)
}

fn import(dir: &Path, file: &Path, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(dir)?;
    let reading = Reading::good(&dir, context)?;
    let package = Package::read(file)?;
    if reading.replay.founding().map(|founding| founding.identity) != Some(package.identity) {
        return Err(Failure::usage("ledger-other", ""));
    }
    let mut taken = 0_u32;
    for mut draft in dir.drafts().list()? {
        let returned = package.drafts.iter().find(|back| back.content == draft.content);
        let approvals = returned.map(|back| back.approvals.clone()).unwrap_or_default();
        let before = draft.approvals.len();
        // Only approvals come back, and only those that verify.
        let verifies = |approval: &Approval| reading.replay.check_approval(&draft.content, approval).is_ok();
        let good: Vec<Approval> = approvals.into_iter().filter(verifies).collect();
        draft.add(good);
        if draft.approvals.len() > before {
            dir.drafts().keep(&draft)?;
            taken += 1;
        }
    }
    answer(&fl!("drafts-imported", count = taken.to_string()));
    Ok(Exit::Clean)
}
