//! What became of each rule: how many passed, and above all what was not checked, and how it could be.

use xinyi_rules::{Outcomes, Paper, Report, Status, Tally, page};

use crate::lang::{fl, language};
use crate::output::answer;
use crate::outside::Used;

pub(crate) fn print(report: &Report) {
    let parts = parts(&report.outcomes).join(&fl!("list-comma"));
    answer(&fl!("outcomes", rules = report.rules.len().to_string(), parts = parts));
    answer(&fl!("not-checked"));
    report.rules.iter().filter(|rule| rule.status != Status::LeftOut).for_each(print_rule);
    answer(&fl!("not-checked-always"));
}

/// How many rules came to what; nothing is said of none.
fn parts(counted: &Outcomes) -> Vec<String> {
    let count = |count: usize| Some(count).filter(|count| *count > 0).map(|count| count.to_string());
    let parts = [
        count(counted.passed).map(|count| fl!("outcome-passed", count = count)),
        count(counted.in_part).map(|count| fl!("outcome-in-part", count = count)),
        count(counted.found).map(|count| fl!("outcome-found", count = count)),
        count(counted.no_case).map(|count| fl!("outcome-no-case", count = count)),
        count(counted.off).map(|count| fl!("outcome-off", count = count)),
        count(counted.file).map(|count| fl!("outcome-file", count = count)),
        count(counted.older).map(|count| fl!("outcome-older", count = count)),
        count(counted.history).map(|count| fl!("outcome-history", count = count)),
        count(counted.left_out).map(|count| fl!("outcome-left-out", count = count)),
    ];
    parts.into_iter().flatten().collect()
}

/// What of a rule was not checked, and why.
fn print_rule(rule: &Tally) {
    let title = page(rule.code).map(|page| page.title(language())).unwrap_or_default();
    match &rule.status {
        Status::Off { reason } => {
            answer(&fl!("not-checked-off", code = rule.code, title = title, reason = reason.clone()));
        }
        Status::NotChecked { reason: "file" } => print_lacking(rule, title),
        // What is lacking is said below, case by case.
        Status::NotChecked { reason: "older" } => {}
        Status::NotChecked { .. } => answer(&fl!("not-checked-history", code = rule.code, title = title)),
        _ if rule.skipped > 0 => {
            let count = rule.skipped.to_string();
            answer(&fl!("not-checked-part", code = rule.code, title = title, count = count));
        }
        _ => {}
    }
    if matches!(rule.status, Status::Found | Status::PassedInPart) {
        print_lacking(rule, title);
    }
    if rule.older > 0 {
        let page = page(rule.code);
        let lacking = page.and_then(|page| page.line("older", language())).unwrap_or_default();
        let count = rule.older.to_string();
        answer(&fl!("not-checked-older", code = rule.code, title = title, count = count, lacking = lacking));
    }
}

/// Which list a rule lacks: it examined nothing without it, or only what the ledger itself says.
fn print_lacking(rule: &Tally, title: &str) {
    let Some((what, flag)) = rule.lacks.map(lacking) else { return };
    answer(&match rule.status {
        Status::NotChecked { .. } => {
            fl!("not-checked-file", code = rule.code, title = title, what = what, flag = flag)
        }
        _ => fl!("not-checked-list", code = rule.code, title = title, what = what, flag = flag),
    });
}

/// What a rule lacks, and the option that gives it.
fn lacking(paper: Paper) -> (String, &'static str) {
    match paper {
        Paper::Bank => (fl!("paper-bank"), "--bank ACCOUNT=FILE"),
        Paper::Contracts => (fl!("paper-contracts"), "--contracts FILE"),
        Paper::Filed => (fl!("paper-filed"), "--filed FILE"),
        Paper::Receipts => (fl!("paper-receipts"), "--receipts FILE"),
        Paper::Roll => (fl!("paper-roll"), "--roll FILE"),
        Paper::Shares => (fl!("paper-shares"), "--shares ENTRY=FILE"),
    }
}

/// Which lists from outside were compared.
pub(crate) fn print_used(used: &[Used]) {
    if used.is_empty() {
        return;
    }
    answer("");
    answer(&fl!("outside-used"));
    for list in used {
        let account = list.account.as_ref().map(|account| format!(" {account}")).unwrap_or_default();
        answer(&fl!(
            "outside-list",
            paper = format!("{}{account}", list.paper),
            file = list.file.clone(),
            rows = list.rows.to_string(),
            digest = list.digest.to_string()
        ));
        if list.ignored > 0 {
            answer(&fl!("outside-ignored", count = list.ignored.to_string()));
        }
    }
}
