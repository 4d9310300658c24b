//! `xinyi refuse`: a party declines a draft; the refusal is entered with its reason.

use xinyi_core::{Approval, Content, Data, Refusal, Sign as _};
use xinyi_store::{Draft, LedgerDir};

use crate::args::RefuseArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::answer;
use crate::reading::Reading;

pub(crate) fn run(arguments: &RefuseArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let reading = Reading::good(&dir, context)?;
    let drafts = dir.drafts().list()?;
    let declined = drafts.into_iter().find(|draft| draft.content.reference().as_str() == arguments.reference);
    let declined = declined.ok_or_else(|| Failure::usage("draft-missing", &arguments.reference))?;
    let next = reading.replay.size().next_index();
    let register = reading.replay.register();
    let active = register.and_then(|register| register.active(key.public_key().id(), next));
    let party = active.map(|known| known.grant.party.clone());
    let party = party.ok_or_else(|| Failure::usage("key-not-active", ""))?;
    let digest = declined.content.digest();
    let data = Data::Refusal(Refusal {
        content: digest,
        party,
        reason: xinyi_core::Text::normalised(&arguments.reason)?,
    });
    let reference = format!("refusal-{}", arguments.reference);
    let content = Content::new(declined.content.ledger(), declined.content.date(), reference.parse()?, data)?;
    let approvals = vec![Approval::sign(&content, &key)];
    dir.drafts().keep(&Draft { approvals, content })?;
    dir.drafts().remove(digest)?;
    answer(&fl!("refused", reference = arguments.reference.clone()));
    Ok(Exit::Clean)
}
