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
use crate::reading::index;
use crate::sealed::not_sealed;

pub(crate) fn run(arguments: &ForgetArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let mut desk = Desk::open(&dir, &key, context)?;
    let sealed = sealed_in(&desk, arguments)?;
    let founding =
        desk.writer().replay().founding().cloned().ok_or_else(|| Failure::new("genesis-place", ""))?;
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
fn sealed_in(desk: &Desk<'_>, arguments: &ForgetArguments) -> Result<Sealed, Failure> {
    let wanted = index(arguments.index)?;
    let entry = desk.writer().replay().recall(wanted);
    let fields = entry.ok_or_else(|| Failure::usage("entry-missing", wanted))?.content().sealed();
    let found = fields.iter().find(|(name, _)| *name == arguments.field);
    let other = || not_sealed(&arguments.field, wanted, &fields);
    found.map(|(_, sealed)| *sealed).ok_or_else(other)
}
