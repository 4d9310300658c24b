//! `xinyi check`: authentic? which rules are broken? what was not checked?

use std::collections::HashSet;

use serde_json::json;
use xinyi_core::{Approval, Register, Severity};
use xinyi_rules::{Checker, Finding, MonthTotals, Report, Status, Tally, grouped, page, percent};

use xinyi_store::{Draft, Package};

use crate::args::CheckArguments;
use crate::collections::print_collections;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::lang::{fl, language};
use crate::output::{answer, show};
use crate::reading::Reading;
use crate::roots::Roots;
use crate::statement_reading::StatementReading;
use crate::table::Table;
use crate::verdict::Verdict;

pub(crate) fn run(arguments: &CheckArguments, context: &Context) -> Result<Exit, Failure> {
    let trust = arguments.trust.load()?;
    let (verdict, checker) = match Input::at(&arguments.path)? {
        Input::Statement(lines, length) => {
            let roots = Roots::for_anchor(&trust);
            let mut held = Held::default();
            let reading = StatementReading::of(lines, length, &trust, roots, context, &mut |_, entry| {
                held.see(entry, arguments);
            })?;
            let verdict = Verdict::of_statement(&reading, &trust, arguments.trust.no_trust)?;
            let mut checker = reading.checker;
            held.compare(arguments, &mut checker, verdict.register())?;
            (verdict, checker)
        }
        Input::Ledger => {
            let mut held = Held::default();
            let mut reading = Reading::trusting(&arguments.path, &trust, context, &mut |entry| {
                held.see(entry, arguments);
            })?;
            let (no_trust, path) = (arguments.trust.no_trust, &arguments.path);
            let verdict = Verdict::of_ledger(&reading, &trust, no_trust, None, path)?;
            held.compare(arguments, &mut reading.checker, verdict.register())?;
            (verdict, reading.checker)
        }
        _ => return Err(Failure::usage("check-kind", arguments.path.display())),
    };
    if !context.is_json() {
        verdict.print();
    }
    // Figures of a file that is not authentic are no facts, nor are those of a month that is not whole.
    if verdict.exit == Exit::NotAuthentic || !verdict.has_figures() {
        if context.is_json() {
            show(&json!({ "verdict": verdict.json() }));
        }
        return Ok(verdict.exit);
    }
    let report = checker.finish();
    if context.is_json() {
        show(&json!({ "report": report.to_json(), "verdict": verdict.json() }));
    } else {
        print(&report);
    }
    let found = report.worst().is_some_and(|worst| weight(worst) >= weight(arguments.fail_on));
    Ok(if found { verdict.exit.worst(Exit::Findings) } else { verdict.exit })
}

/// The contents that a file holds, by digest, where a party's own list is compared with them.
#[derive(Default)]
struct Held(HashSet<xinyi_core::Hash>);

impl Held {
    fn see(&mut self, entry: &xinyi_core::Entry, arguments: &CheckArguments) {
        if arguments.filed.is_some() {
            self.0.insert(entry.content().digest());
        }
    }

    /// What a party approved by its own list and the file does not hold is a finding.
    fn compare(
        &self,
        arguments: &CheckArguments,
        checker: &mut Checker,
        register: Option<&Register>,
    ) -> Result<(), Failure> {
        let Some(file) = &arguments.filed else { return Ok(()) };
        let package = Package::read(file)?;
        let approved = package.drafts.iter().filter(|draft| is_approved(draft, register));
        checker.compare_filed(approved.map(|draft| &draft.content), |content| {
            self.0.contains(&content.digest())
        });
        Ok(())
    }
}

/// Whether a draft carries an approval by a key that the ledger has ever admitted.
fn is_approved(draft: &Draft, register: Option<&Register>) -> bool {
    let Some(register) = register else { return false };
    let message = draft.content.approval_message();
    let verifies = |approval: &Approval| {
        register.key(approval.key).is_some_and(|(_, public)| public.verifies(&message, &approval.sig))
    };
    draft.approvals.iter().any(verifies)
}

const fn weight(severity: Severity) -> u8 {
    match severity {
        Severity::Note => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    }
}

/// The second and third part of the answer: findings, then what was not checked.
pub(crate) fn print(report: &Report) {
    answer("");
    answer(&figures(report));
    print_balances(report);
    if let Some(month) = &report.month {
        print_month(month);
    }
    answer("");
    print_findings(report);
    if report.findings.is_empty() {
        answer(&fl!("findings-none"));
    }
    answer("");
    print_rules(report);
}

/// What the month itself moved, worked out from its entries.
fn print_month(month: &MonthTotals) {
    answer("");
    answer(&fl!("figures-month", period = month.period.to_string()));
    let headings = [
        fl!("word-fund"),
        fl!("word-opening"),
        fl!("word-income"),
        fl!("word-expense"),
        fl!("word-fee"),
        fl!("word-other"),
        fl!("word-closing"),
    ];
    let mut table = Table::new(&headings);
    for (fund, moved) in &month.funds {
        let figures = [moved.opening, moved.income, moved.expense, moved.fee, moved.other, moved.closing];
        let figures = figures.map(|figure| grouped(&figure.to_string()));
        table.row(std::iter::once(fund.to_string()).chain(figures).collect());
    }
    table.print();
}

fn figures(report: &Report) -> String {
    match report.closed {
        Some(period) => fl!("figures-closed", period = period.to_string()),
        None => fl!("figures-open"),
    }
}

/// What lies where, and how the fee stands.
pub(crate) fn print_balances(report: &Report) {
    let mut accounts = Table::new(&[fl!("word-account"), fl!("word-balance")]);
    for (account, balance) in &report.accounts {
        accounts.row(vec![account.to_string(), grouped(&balance.to_string())]);
    }
    accounts.print();
    let mut funds = Table::new(&[fl!("word-fund"), fl!("word-own"), fl!("word-held")]);
    for (fund, position) in &report.funds {
        funds.row(vec![
            fund.to_string(),
            grouped(&position.own.to_string()),
            grouped(&position.held.to_string()),
        ]);
    }
    funds.print();
    for fee in &report.fees {
        let formula = fee
            .formula
            .iter()
            .map(|term| format!("{} × {}", grouped(&term.amount.to_string()), percent(term.rate)));
        let formula = formula_of(formula.collect());
        let (earned, taken) = (grouped(&fee.earned.to_string()), grouped(&fee.taken.to_string()));
        answer(&fl!(
            "fee-position",
            taker = fee.taker.to_string(),
            upto = fee.upto.to_string(),
            formula = formula,
            earned = earned,
            taken = taken,
            left = grouped(&fee.left.to_string())
        ));
    }
    print_collections(report);
}

/// The terms of a formula, or 0 where there are none.
pub(crate) fn formula_of(terms: Vec<String>) -> String {
    if terms.is_empty() { "0".to_owned() } else { terms.join(" + ") }
}

/// So many findings of one rule are shown one by one; the JSON form has them all.
const SHOWN: usize = 5;

/// Errors first, then warnings, then notes; of one rule the first few.
fn print_findings(report: &Report) {
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for rule in &report.rules {
            let of_rule = |finding: &&Finding| finding.severity == severity && finding.code == rule.code;
            report.findings.iter().filter(of_rule).take(SHOWN).for_each(print_finding);
            let more = report.findings.iter().filter(of_rule).count().saturating_sub(SHOWN);
            if more > 0 {
                answer(&fl!("findings-more", code = rule.code.to_owned(), count = more.to_string()));
            }
        }
    }
}

/// One finding: the fact, the clause, the formula, the figures, the entries, what to do.
pub(crate) fn print_finding(finding: &Finding) {
    let severity = match finding.severity {
        Severity::Error => fl!("severity-error"),
        Severity::Warning => fl!("severity-warning"),
        Severity::Note => fl!("severity-note"),
    };
    let Some(page) = page(finding.code) else { return };
    let at = finding.at.map(|index| fl!("finding-at", index = index.to_string())).unwrap_or_default();
    answer(&format!("{severity}[{}] {}{at}", finding.code, page.fact(finding, language())));
    let amended = |name| finding.args.get(name).cloned();
    for line in [
        amended("evidenced").map(|date| fl!("finding-evidenced", date = date)),
        amended("ratified").map(|date| fl!("finding-ratified", date = date)),
        amended("reversed").map(|date| fl!("finding-reversed", date = date)),
    ] {
        line.into_iter().for_each(|line| answer(&format!("  {line}")));
    }
    if let Some(clause) = &finding.clause {
        answer(&format!("  {}: {clause}", fl!("word-clause")));
    }
    if !finding.formula.is_empty() {
        let terms = finding
            .formula
            .iter()
            .map(|term| format!("{} × {}", grouped(&term.amount.to_string()), percent(term.rate)));
        answer(&format!("  {}: {}", fl!("word-formula"), terms.collect::<Vec<_>>().join(" + ")));
    }
    if let Some(found) = finding.discrepancy {
        let [expected, actual, difference] =
            [found.expected, found.actual, found.difference].map(|figure| grouped(&figure.to_string()));
        answer(&format!(
            "  {}",
            fl!("finding-figures", expected = expected, actual = actual, difference = difference)
        ));
    }
    if !finding.entries.is_empty() {
        let entries: Vec<_> = finding.entries.iter().map(ToString::to_string).collect();
        answer(&format!("  {}: {}", fl!("word-entries"), entries.join(", ")));
    }
    answer(&format!("  {}: {}", fl!("word-help"), page.next(finding, language())));
}

/// What a rule could not tell because older lines than a month's file has are needed.
fn not_checked_older(rule: &Tally, title: &str) -> String {
    let lacking = page(rule.code).and_then(|page| page.line("older", language())).unwrap_or_default();
    fl!(
        "not-checked-older",
        code = rule.code,
        title = title,
        count = rule.older.to_string(),
        lacking = lacking
    )
}

fn print_rules(report: &Report) {
    let count = |status: fn(&Status) -> bool| {
        report.rules.iter().filter(|rule| status(&rule.status)).count().to_string()
    };
    let passed = count(|status| matches!(status, Status::Passed | Status::Integrity));
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| report.count(severity).to_string());
    answer(&fl!(
        "summary",
        rules = report.rules.len().to_string(),
        passed = passed,
        none = count(|status| matches!(status, Status::NoCase)),
        errors = errors,
        warnings = warnings,
        notes = notes
    ));
    answer(&fl!("not-checked"));
    for rule in &report.rules {
        let title = page(rule.code).map(|page| page.title(language())).unwrap_or_default();
        match &rule.status {
            Status::Off { reason } => {
                answer(&fl!("not-checked-off", code = rule.code, title = title, reason = reason.clone()))
            }
            Status::NotChecked { reason: "file" } => {
                answer(&fl!("not-checked-file", code = rule.code, title = title))
            }
            // What is lacking is said below, case by case.
            Status::NotChecked { reason: "older" } => {}
            Status::NotChecked { .. } => answer(&fl!("not-checked-history", code = rule.code, title = title)),
            _ if rule.skipped > 0 => {
                answer(&fl!(
                    "not-checked-part",
                    code = rule.code,
                    title = title,
                    count = rule.skipped.to_string()
                ));
            }
            _ => {}
        }
        if rule.older > 0 {
            answer(&not_checked_older(rule, title));
        }
    }
    for code in &report.lowered {
        answer(&fl!("lowered", code = (*code).to_owned()));
    }
    answer(&fl!("not-checked-always"));
}
