//! `xinyi deed`: a deed explained back in plain words, and the templates.

use xinyi_core::{Date, Unit};
use xinyi_rules::deed::{TEMPLATES, examples, read};
use xinyi_rules::{grouped, percent};

use crate::args::DeedCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::table::Table;

pub(crate) fn run(command: &DeedCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        DeedCommand::Check { file, first } => check(file, *first, context),
        DeedCommand::Template { name } => {
            let template = TEMPLATES.iter().find(|(known, _)| known == name);
            let (_, text) = template.ok_or_else(|| Failure::usage("template-unknown", name))?;
            answer(text.trim_end());
            Ok(Exit::Clean)
        }
    }
}

/// The text of a deed file or template.
pub(crate) fn text(name: &str) -> Result<String, Failure> {
    if let Some((_, text)) = TEMPLATES.iter().find(|(known, _)| *known == name) {
        return Ok((*text).to_owned());
    }
    std::fs::read_to_string(name).map_err(|error| Failure::new("file-missing", format!("`{name}`: {error}")))
}

fn check(file: &str, first: Date, context: &Context) -> Result<Exit, Failure> {
    let deed = read(&text(file)?, first)
        .map_err(|error| Failure::usage("deed-file", format!("`{file}` {error}")))?;
    if context.is_json() {
        show(&serde_json::to_value(&deed).unwrap_or_default());
        return Ok(Exit::Clean);
    }
    answer(&fl!("deed-name", name = deed.name.to_string()));
    let unit = "cny"
        .parse()
        .ok()
        .and_then(|code| Unit::new(code, 2))
        .ok_or_else(|| Failure::new("unit-invalid", ""))?;
    for fee in examples(&deed, &unit) {
        let rate = percent(fee.rate);
        answer(&fl!(
            "deed-fee",
            taker = fee.taker.to_string(),
            rate = rate,
            day = fee.day.to_string(),
            collected = grouped("100000.00"),
            share = grouped(&fee.share.to_string())
        ));
        if fee.invoice {
            answer(&fl!("deed-invoice"));
        }
    }
    let mut table = Table::new(&[fl!("word-kind"), fl!("word-from"), fl!("word-lacks")]);
    for term in &deed.approvals {
        let parties: Vec<_> = term.needs.iter().map(|need| need.party.to_string()).collect();
        let from = term.from.map(|from| grouped(&from.to_string())).unwrap_or_default();
        table.row(vec![super::show::kind_name(term.kind.as_str()), from, parties.join(", ")]);
    }
    table.print();
    answer(&fl!("deed-others"));
    for off in &deed.off {
        answer(&fl!("deed-off", code = off.rule.to_string(), reason = off.reason.to_string()));
    }
    Ok(Exit::Clean)
}
