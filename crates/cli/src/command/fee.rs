//! `xinyi fee`: what may be taken for a month, with its formula, drafted as an entry.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use xinyi_core::{Amount, Kind, Label};
use xinyi_rules::{Entitlement, grouped, percent};
use xinyi_store::{Draft, LedgerDir, Proposal};

use crate::args::FeeArguments;
use crate::command::add::tell;
use crate::context::Context;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::answer;
use crate::report::formula_of;

pub(crate) fn run(arguments: &FeeArguments, context: &Context) -> Result<Exit, Failure> {
    let dir = LedgerDir::open(&arguments.dir)?;
    let key = arguments.key.open()?;
    let mut desk = Desk::open(&dir, &key, context)?;
    let taker: Label = arguments.taker.parse()?;
    let position = desk.entitlement(&taker, arguments.period)?;
    if !context.is_json() {
        print(&position);
    }
    if position.left() <= Decimal::ZERO {
        return Err(Failure::usage("fee-nothing", grouped(&position.left().to_string())));
    }
    let proposal = proposal(arguments, &desk, position.left())?;
    let content = desk.content(&proposal)?;
    let entered = desk.enter(Draft { approvals: Vec::new(), content })?;
    tell(&entered, proposal.reference.as_str(), context);
    desk.done()?;
    Ok(Exit::Clean)
}

fn print(position: &Entitlement) {
    let terms = position.formula().into_iter();
    let terms = terms.map(|term| format!("{} × {}", grouped(&term.amount.to_string()), percent(term.rate)));
    let formula = formula_of(terms.collect());
    answer(&fl!(
        "fee-position",
        taker = position.taker.to_string(),
        upto = position.upto.to_string(),
        formula = formula,
        earned = grouped(&position.earned.to_string()),
        taken = grouped(&position.taken.to_string()),
        left = grouped(&position.left().to_string())
    ));
}

fn proposal(arguments: &FeeArguments, desk: &Desk<'_>, left: Decimal) -> Result<Proposal, Failure> {
    let unit = desk.books().unit().and_then(|unit| Amount::from_decimal(left, unit));
    let amount = unit.ok_or_else(|| Failure::usage("amount-too-large", left))?.to_string();
    let mut data = Map::new();
    for (name, value) in
        [("account", &arguments.account), ("fund", &arguments.fund), ("taker", &arguments.taker)]
    {
        data.insert(name.to_owned(), Value::String(value.clone()));
    }
    data.insert("amount".to_owned(), Value::String(amount.clone()));
    data.insert("periods".to_owned(), json!([arguments.period]));
    if let Some(number) = &arguments.invoice {
        data.insert("invoice".to_owned(), json!({"amount": amount, "number": number, "total": amount}));
    }
    let date = arguments.date.unwrap_or_else(|| desk.now().day_at(desk.books().offset()));
    let reference = format!("fee-{}-{}", arguments.taker, arguments.period).parse()?;
    Ok(Proposal {
        data,
        date,
        disclose: Default::default(),
        kind: Kind::Fee,
        links: Default::default(),
        reference,
    })
}
