//! `xinyi pack`: the packs of clauses that come with the program, and what a pack says.

use serde_json::json;
use xinyi_rules::{Clause, PACKS, Pack, Reach, Requirement, Standard};

use crate::args::PackCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::{fl, language};
use crate::output::{answer, show};
use crate::report::bound;
use crate::table::Table;

pub(crate) fn run(command: &PackCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        PackCommand::List => list(context),
        PackCommand::Show { pack } => print(&named(pack)?, context),
    }
    Ok(Exit::Clean)
}

/// A shipped pack by its name, or a file's.
pub(super) fn named(name: &str) -> Result<Pack, Failure> {
    let text = match PACKS.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => (*text).to_owned(),
        None => std::fs::read_to_string(name)
            .map_err(|error| Failure::usage("pack-unknown", format!("`{name}`: {error}")))?,
    };
    Pack::parse(&text).map_err(|error| Failure::usage("pack-file", format!("`{name}` {error}")))
}

fn list(context: &Context) {
    let packs: Vec<_> = PACKS.iter().filter_map(|(name, _)| Pack::shipped(name)).collect();
    if context.is_json() {
        show(&json!(packs));
        return;
    }
    let headings = [fl!("word-pack"), fl!("word-name"), fl!("word-clauses"), fl!("covered-text-missing")];
    let mut table = Table::new(&headings);
    for pack in &packs {
        let clauses = || pack.standard.iter().flat_map(|standard| &standard.clause);
        let missing = clauses().filter(|clause| clause.status == Reach::TextMissing).count();
        let title = pack.title.say(language()).to_owned();
        table.row(vec![pack.name.to_string(), title, clauses().count().to_string(), missing.to_string()]);
    }
    table.print();
    answer(&fl!("pack-hint"));
}

fn print(pack: &Pack, context: &Context) {
    if context.is_json() {
        show(&json!(pack));
        return;
    }
    answer(&format!("{}  {}", pack.name, pack.title.say(language())));
    for standard in &pack.standard {
        print_standard(standard);
    }
}

fn print_standard(standard: &Standard) {
    answer("");
    answer(standard.title.say(language()));
    answer(&format!("  {}: {}", fl!("word-source"), standard.source));
    if let Some(from) = standard.from {
        let unverified =
            if standard.days_unverified { format!(" ({})", fl!("word-unverified")) } else { String::new() };
        answer(&format!("  {}: {from}{unverified}", fl!("word-in-force")));
    }
    standard.clause.iter().for_each(print_clause);
}

fn print_clause(clause: &Clause) {
    let reach = match clause.status {
        Reach::Checked => clause.rules.join(", "),
        Reach::NotMachineCheckable => fl!("covered-not-machine-checkable"),
        Reach::TextMissing => fl!("covered-text-missing"),
    };
    let unverified = if clause.unverified { format!(" ({})", fl!("word-unverified")) } else { String::new() };
    answer(&format!("  § {}  [{reach}]{unverified}", clause.clause));
    if let Some(says) = &clause.says {
        answer(&format!("    {}", says.say(language())));
    }
    let figure =
        |asked: &Requirement| format!("{}: {}", asked.parameter, bound(asked.kind(), asked.required()));
    clause.require.iter().for_each(|asked| answer(&format!("    {}", figure(asked))));
}
