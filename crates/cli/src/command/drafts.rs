//! `xinyi drafts`: what waits, what each draft lacks and would cause; out to an approver and back.

use std::path::Path;

use serde_json::json;
use xinyi_core::{Approval, Content, Data, KeyGrant, KeyId, Keys, Label, Recovery, Signer, Size};
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
use crate::sealed::Disclosures;
use crate::table::Table;

pub(crate) fn run(command: &DraftsCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        DraftsCommand::List { dir } => list(dir, context),
        DraftsCommand::Export { dir, disclose, output, since } => {
            let package = package(&LedgerDir::open(dir)?, *since, *disclose, context)?;
            export(&package, output)
        }
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

/// The parties whose approval a draft still lacks, apart from the recorder's own, and the new keys whose proof.
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
            let needed = needs(reading.checker.books(), &draft.content);
            needed.iter().filter(|need| !xinyi_rules::is_met(need, &approvers)).cloned().collect()
        }
    };
    let own = match draft.content.data() {
        Data::Recovery(Recovery { recorder: Some(recorder), .. }) => recorder,
        _ => register.recorder(),
    };
    let parties = unmet.into_iter().filter(|need| need.party != *own).map(|need| need.party.to_string());
    parties.chain(unproven(draft)).collect()
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
        Data::Forget(forget) => forget.reason.to_string(),
        Data::Keys(change) => keys_what(&change.party, &change.add, &ended(change)),
        Data::Recovery(change) => keys_what(&change.party, &change.add, &change.retire),
        Data::Fee(fee) => fee.periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

/// A change of keys in one phrase: `committee +wang:0f… −1e…`.
fn keys_what(party: &Label, add: &[KeyGrant], ended: &[KeyId]) -> String {
    let added = add.iter().map(|grant| format!("+{}:{}", grant.holder, grant.key.id()));
    let ended = ended.iter().map(|id| format!("−{id}"));
    let changes: Vec<_> = added.chain(ended).collect();
    format!("{party} {}", changes.join(" "))
}

fn ended(change: &Keys) -> Vec<KeyId> {
    change.retire.iter().copied().chain(change.revoke.iter().map(|end| end.key)).collect()
}

/// Keys that a draft admits and whose holders have not yet proven that they have them (spec: A-3).
fn unproven(draft: &Draft) -> impl Iterator<Item = String> {
    let admitted = match draft.content.data() {
        Data::Keys(change) => change.add.as_slice(),
        Data::Recovery(change) => change.add.as_slice(),
        _ => &[],
    };
    let proven = |id| draft.approvals.iter().any(|approval| approval.key == id);
    let ids =
        admitted.iter().map(|grant| (grant.key.id(), &grant.holder)).filter(move |(id, _)| !proven(*id));
    ids.map(|(id, holder)| format!("{holder}:{id}"))
}

/// What goes out to an approver: the drafts, the lines from a size on, and private values only if asked for.
fn package(dir: &LedgerDir, since: u64, disclose: bool, context: &Context) -> Result<Package, Failure> {
    let reading = Reading::good(dir, context)?;
    let founding = reading.replay.founding().ok_or_else(|| Failure::new("genesis-place", ""))?;
    let since = Size::new(since).ok_or_else(|| Failure::usage("integer-too-large", since))?;
    let drafts = dir.drafts().list()?;
    let mut lines = Vec::new();
    for (number, line) in dir.lines()?.enumerate() {
        let line = line?;
        if line.complete && u64::try_from(number).is_ok_and(|number| number >= since.get()) {
            lines.push(
                String::from_utf8(line.bytes)
                    .map_err(|error| Failure::new("not-utf8", error.utf8_error()))?,
            );
        }
    }
    let states = drafts.iter().filter_map(|draft| match draft.content.data() {
        Data::Close(close) => dir.state(close.state),
        _ => None,
    });
    let states = states.collect();
    let here = Disclosures { dir: disclose.then_some(dir), ..Disclosures::default() };
    let mut disclosures = Vec::new();
    for draft in &drafts {
        disclosures.extend(here.of(&draft.content)?);
    }
    Ok(Package { disclosures, drafts, identity: founding.identity, lines, since, states })
}

fn export(package: &Package, output: &Path) -> Result<Exit, Failure> {
    package.write(output)?;
    let path = output.display().to_string();
    answer(&fl!("drafts-exported", count = package.drafts.len().to_string(), path = path));
    let sealed = package.drafts.iter().any(|draft| !draft.content.sealed().is_empty());
    if !package.disclosures.is_empty() {
        answer(&fl!("drafts-disclosed", count = package.disclosures.len().to_string()));
    } else if sealed {
        answer(&fl!("drafts-sealed"));
    }
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
