//! `xinyi explain`: what a rule checks and why, in plain words.

use serde_json::json;
use xinyi_rules::{RULES, page};

use crate::args::ExplainArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::{fl, language};
use crate::output::{answer, show};
use crate::table::Table;

pub(crate) fn run(arguments: &ExplainArguments, context: &Context) -> Result<Exit, Failure> {
    match &arguments.code {
        Some(code) => one(&code.to_uppercase(), context),
        None => {
            all();
            Ok(Exit::Clean)
        }
    }
}

fn one(code: &str, context: &Context) -> Result<Exit, Failure> {
    let page = page(code).ok_or_else(|| Failure::usage("rule-unknown", code))?;
    if context.is_json() {
        show(&json!({"body": page.body(language()), "code": code, "title": page.title(language())}));
    } else {
        answer(&format!("{code}  {}", page.title(language())));
        answer("");
        answer(page.body(language()));
    }
    Ok(Exit::Clean)
}

fn all() {
    let mut table = Table::new(&[fl!("word-code"), fl!("word-rule")]);
    for rule in RULES {
        let title = page(rule.code).map(|page| page.title(language())).unwrap_or_default();
        table.row(vec![rule.code.to_owned(), title.to_owned()]);
    }
    table.print();
}
