//! `xinyi close`: work a month's figures out and draft the close for both parties.

use xinyi_core::{Close, Content, Data, Date, Period};
use xinyi_store::{Draft, LedgerDir};

use crate::args::CloseArguments;
use crate::command::add::tell;
use crate::context::Context;
use crate::desk::{Desk, Entered};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::answer;
use crate::report::print_balances;

pub(crate) fn run(arguments: &CloseArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let mut desk = Desk::open(&dir, &key, context)?;
    if let Some(head) = arguments.expect_head {
        desk.writer().expect_head(head.size, head.hash)?;
    }
    let content = draft(&mut desk, &dir, arguments.period, arguments.date)?;
    if !context.is_json() {
        answer(&fl!("close-figures", period = arguments.period.to_string()));
        print_balances(&desk.report(arguments.period)?);
    }
    let reference = content.reference().clone();
    let entered = desk.enter(Draft { approvals: Vec::new(), content })?;
    tell(&entered, reference.as_str(), context);
    if matches!(entered, Entered::Waits(_)) && !context.is_json() {
        answer(&fl!("close-next"));
    }
    desk.done()?;
    Ok(Exit::Clean)
}

/// The close of a month at the ledger's present size; its state document is kept beside the ledger.
pub(crate) fn draft(
    desk: &mut Desk<'_>,
    dir: &LedgerDir,
    period: Period,
    date: Option<Date>,
) -> Result<Content, Failure> {
    let months = desk.writer().replay().months().ok_or_else(|| Failure::new("genesis-place", ""))?;
    if months.due() != period {
        return Err(Failure::usage("close-order", months.due()));
    }
    let size = desk.writer().replay().size();
    let (next, previous) = (months.next_at(period, size), months.closed().map(|closed| closed.state));
    let document = desk.draft_state(period, next, previous)?;
    dir.keep_state(&document)?;
    let replay = desk.writer().replay();
    let (months, founding) =
        replay.months().zip(replay.founding()).ok_or_else(|| Failure::new("genesis-place", ""))?;
    let close = Close {
        deeds: months.deeds_at(size),
        last: None,
        next,
        period,
        previous,
        register: months.register_at(size).ok_or_else(|| Failure::new("close-register", ""))?,
        root: replay.root(),
        size,
        state: document.digest(),
    };
    let date = date.unwrap_or_else(|| desk.now().day_at(founding.offset));
    if date <= period.last_day() {
        return Err(Failure::usage("close-date", date));
    }
    let reference = format!("close-{period}-at-{size}").parse()?;
    Ok(Content::new(Some(founding.identity), date, reference, Data::Close(close))?)
}
