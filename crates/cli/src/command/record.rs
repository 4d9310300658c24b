//! `xinyi record`: every draft that has its approvals becomes a line; the rest waits and blocks nothing.

use serde_json::{Value, json};
use xinyi_core::{Content, Data};
use xinyi_store::{Draft, LedgerDir};

use crate::args::RecordArguments;
use crate::command::add::tell;
use crate::context::Context;
use crate::desk::{Desk, Entered};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, say, show};

pub(crate) fn run(arguments: &RecordArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let mut desk = Desk::open(&dir, &key, context)?;
    if let Some(head) = arguments.expect_head {
        desk.writer().expect_head(head.size, head.hash)?;
    }
    let drafts = dir.drafts().list()?;
    let wanted = |draft: &Draft| {
        arguments.only.is_empty()
            || arguments.only.iter().any(|name| name == draft.content.reference().as_str())
    };
    let drafts = ordered(drafts.into_iter().filter(wanted).collect());
    // With a key that may record none of them, it is the key that is wrong and not the drafts.
    let may_not = |draft: &Draft| desk.check_recorder(&draft.content).is_err();
    if let Some(first) = drafts.first().filter(|_| drafts.iter().all(may_not)) {
        desk.check_recorder(&first.content)?;
    }
    let mut told = Vec::new();
    for draft in drafts {
        let reference = draft.content.reference().clone();
        match one(&mut desk, &dir, draft, arguments.unapproved.as_deref()) {
            Ok(entered) => told.push(tell(&entered, reference.as_str(), context)),
            // One draft that cannot be recorded holds nobody else up.
            Err(failure) => {
                say(&fl!("draft-refused", reference = reference.to_string()));
                failure.print(context);
            }
        }
    }
    desk.done()?;
    if context.is_json() {
        show(&json!({ "drafts": told }));
    } else if told.is_empty() {
        answer(&fl!("drafts-none"));
    }
    Ok(Exit::Clean)
}

/// A recovery first, for it names the line it follows; orders before what names them; closes in order of their
/// months and after the rest; changes of keys last, for what the old keys approved or record goes before.
pub(crate) fn ordered(mut drafts: Vec<Draft>) -> Vec<Draft> {
    let place = |draft: &Draft| match draft.content.data() {
        Data::Recovery(_) => (0, None),
        Data::Order(_) | Data::Payee(_) | Data::Contract(_) => (1, None),
        Data::Close(close) => (3, Some(close.period)),
        Data::Keys(_) => (4, None),
        _ => (2, None),
    };
    drafts.sort_by_key(place);
    drafts
}

/// Records one draft if it can be, and removes it then.
pub(crate) fn one(
    desk: &mut Desk<'_>,
    dir: &LedgerDir,
    draft: Draft,
    unapproved: Option<&str>,
) -> Result<Entered, Failure> {
    match unapproved {
        Some(reason) if !desk.lacking(&draft.content, &draft.approvals)?.is_empty() => {
            let content = with_reason(&draft.content, reason)?;
            // Nobody has approved the reason: earlier approvals were of another content.
            let entered = desk.record(Draft { approvals: Vec::new(), content })?;
            dir.drafts().remove(draft.content.digest())?;
            Ok(entered)
        }
        _ => desk.enter(draft),
    }
}

/// The same content, saying why it is recorded without approval.
fn with_reason(content: &Content, reason: &str) -> Result<Content, Failure> {
    if !matches!(content.data(), Data::Expense(_) | Data::Refund(_)) {
        return Err(Failure::usage("unapproved-kind", content.kind()));
    }
    let mut data = serde_json::to_value(content.data()).unwrap_or_default();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("unapproved".to_owned(), Value::String(reason.to_owned()));
    }
    let data = Data::from_json(content.kind(), &data.to_string())?;
    Ok(Content::new(content.ledger(), content.date(), content.reference().clone(), data)?)
}
