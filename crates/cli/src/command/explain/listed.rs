//! `xinyi explain CODE PATH --list base`: the entries behind a rule's figures in one file.

use std::path::Path;

use serde_json::{Value, json};
use xinyi_core::Period;
use xinyi_rules::{Checker, Finding, Report, Rule};

use super::base;
use super::shared::{Listed, Shared, Why};
use crate::args::ExplainArguments;
use crate::checked::Checked;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::Purpose;
use crate::report::print_finding;
use crate::table::Table;

/// So many findings are shown with their entries; JSON has them all.
const SHOWN: usize = 5;

pub(super) fn run(
    rule: &Rule,
    path: &Path,
    arguments: &ExplainArguments,
    context: &Context,
) -> Result<Exit, Failure> {
    let mut shared = Shared::default();
    let checked = Checked::of(path, &arguments.trust, (Purpose::EveryLine, true), context, &mut |entry| {
        shared.see(entry)
    })?;
    let stated = checked.period();
    if !context.is_json() {
        checked.verdict.print();
    }
    if !checked.has_figures() {
        if context.is_json() {
            show(&json!({ "verdict": checked.verdict.json() }));
        }
        return Ok(checked.verdict.exit);
    }
    let Checked { checker, verdict } = checked;
    let report = checker.clone().finish();
    let found = findings(rule, &report, arguments.period, &shared);
    let listed = Found { checker: &checker, found, shared: &shared };
    let value = if is_of_fee(rule) {
        let upto = arguments.period.or(stated).or_else(|| base::last_month(checker.books()));
        listed.bases(upto, arguments, context)?
    } else {
        listed.entries(context)
    };
    if context.is_json() {
        show(&json!({"list": value, "verdict": verdict.json()}));
    }
    Ok(verdict.exit)
}

/// Whether a rule's figures rest on the base of a fee.
fn is_of_fee(rule: &Rule) -> bool {
    rule.code.starts_with("EX-")
}

/// The rule's findings, of the month asked for.
fn findings(rule: &Rule, report: &Report, period: Option<Period>, shared: &Shared) -> Vec<Finding> {
    let is_asked = |finding: &&Finding| {
        let month = finding.period.or_else(|| shared.period(finding.at?));
        finding.code == rule.code && (period.is_none() || month == period)
    };
    report.findings.iter().filter(is_asked).cloned().collect()
}

struct Found<'a> {
    checker: &'a Checker,
    found: Vec<Finding>,
    shared: &'a Shared,
}

impl Found<'_> {
    /// The base of each taker, after the findings.
    fn bases(
        &self,
        upto: Option<Period>,
        arguments: &ExplainArguments,
        context: &Context,
    ) -> Result<Value, Failure> {
        let books = self.checker.books();
        let lists = base::lists(books, arguments.taker.as_ref(), upto)?;
        if !context.is_json() {
            answer("");
            self.found.iter().take(SHOWN).for_each(print_finding);
            lists.iter().for_each(base::print);
        }
        Ok(json!({"bases": lists, "findings": self.found}))
    }

    /// Of each finding the entries that it names and those that share an invoice, a contract or a budget line.
    fn entries(&self, context: &Context) -> Value {
        let books = self.checker.books();
        let listed: Vec<(&Finding, Vec<Listed>)> =
            self.found.iter().map(|finding| (finding, self.shared.around(finding, books))).collect();
        if !context.is_json() {
            answer("");
            if listed.is_empty() {
                answer(&fl!("list-no-finding"));
            }
            for (finding, entries) in listed.iter().take(SHOWN) {
                print_finding(finding);
                print_entries(entries);
            }
        }
        let value =
            |(finding, entries): &(&Finding, Vec<Listed>)| json!({"entries": entries, "finding": finding});
        json!({"findings": listed.iter().map(value).collect::<Vec<_>>()})
    }
}

fn print_entries(entries: &[Listed]) {
    let headings = [
        fl!("word-entry"),
        fl!("word-date"),
        fl!("word-kind"),
        fl!("word-category"),
        fl!("word-amount"),
        fl!("word-why"),
    ];
    let mut table = Table::new(&headings);
    for entry in entries {
        table.row(vec![
            entry.index.to_string(),
            entry.date.to_string(),
            crate::command::show::kind_name(entry.kind.as_str()),
            entry.category.as_ref().map(ToString::to_string).unwrap_or_default(),
            entry.amount.map(|amount| xinyi_rules::grouped(&amount.to_string())).unwrap_or_default(),
            entry.why.iter().map(Why::say).collect::<Vec<_>>().join(&fl!("list-comma")),
        ]);
    }
    table.print();
}
