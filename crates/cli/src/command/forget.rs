//! `xinyi forget`: draft the entry that says a private value is destroyed; recording it destroys the value.

use xinyi_core::{Content, Data, Forget, Sealed, Text};
use xinyi_store::{Draft, LedgerDir};

use crate::args::ForgetArguments;
use crate::command::add::tell;
use crate::context::Context;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::show;
use crate::reading::{Reading, index};
use crate::sealed::not_sealed;

pub(crate) fn run(arguments: &ForgetArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let sealed = sealed_in(&dir, arguments, context)?;
    let mut desk = Desk::open(&dir, &key, context)?;
    let founding = desk.reading.replay.founding().ok_or_else(|| Failure::new("genesis-place", ""))?;
    let date = arguments.date.unwrap_or_else(|| desk.now().day_at(founding.offset));
    let reference = format!("forget-{}-{}", arguments.index, arguments.field);
    let data =
        Data::Forget(Forget { commitments: vec![sealed], reason: Text::normalised(&arguments.reason)? });
    let content = Content::new(Some(founding.identity), date, reference.parse()?, data)?;
    let entered = desk.enter(Draft { approvals: Vec::new(), content })?;
    let told = tell(&entered, &reference, context);
    desk.done()?;
    if context.is_json() {
        show(&told);
    }
    Ok(Exit::Clean)
}

/// The commitment that the named field of the named entry holds.
fn sealed_in(dir: &LedgerDir, arguments: &ForgetArguments, context: &Context) -> Result<Sealed, Failure> {
    let wanted = index(arguments.index)?;
    let mut fields = None;
    Reading::good_to(dir, context, &mut |entry| {
        if entry.index() == wanted {
            fields = Some(entry.content().sealed());
        }
    })?;
    let fields = fields.ok_or_else(|| Failure::usage("entry-missing", wanted))?;
    let found = fields.iter().find(|(name, _)| *name == arguments.field);
    let other = || not_sealed(&arguments.field, wanted, &fields);
    found.map(|(_, sealed)| *sealed).ok_or_else(other)
}
