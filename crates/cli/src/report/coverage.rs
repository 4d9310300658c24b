//! What a check covers of a pack, clause by clause, and where the deed falls short of it.

use xinyi_rules::{Behind, Coverage, Covered, Demand, Outcome};

use crate::lang::{fl, language, text};
use crate::output::answer;
use crate::table::Table;

pub(crate) fn print(coverage: &Coverage) {
    let count = |outcome| coverage.count(outcome);
    let checked = [Outcome::Found, Outcome::NotChecked, Outcome::Partly, Outcome::Passed].map(count);
    answer("");
    answer(&fl!(
        "coverage",
        title = coverage.title.say(language()).to_owned(),
        clauses = coverage.clauses.len().to_string(),
        checked = checked.iter().sum::<usize>().to_string(),
        found = count(Outcome::Found).to_string(),
        not = count(Outcome::NotMachineCheckable).to_string(),
        missing = count(Outcome::TextMissing).to_string(),
        ended = count(Outcome::NotInForce).to_string()
    ));
    let mut standard = None;
    let mut table = Table::default();
    for clause in &coverage.clauses {
        if standard != Some(&clause.standard) {
            table.print();
            answer(&format!("  {}", clause.standard.say(language())));
            table = Table::new(&[fl!("word-clause"), fl!("word-outcome"), fl!("word-rules")]);
            standard = Some(&clause.standard);
        }
        table.row(vec![format!("§ {}", clause.clause), outcome(clause), behind(&clause.rules)]);
    }
    table.print();
    print_short(coverage);
    answer(&fl!("coverage-says"));
}

fn outcome(clause: &Covered) -> String {
    let word = match clause.outcome {
        Outcome::Found => fl!("covered-found"),
        Outcome::NotChecked => fl!("covered-not-checked"),
        Outcome::NotInForce => fl!("covered-not-in-force"),
        Outcome::NotMachineCheckable => fl!("covered-not-machine-checkable"),
        Outcome::Partly => fl!("covered-partly"),
        Outcome::Passed => fl!("covered-passed"),
        Outcome::TextMissing => fl!("covered-text-missing"),
    };
    if clause.unverified { format!("{word} ({})", fl!("word-unverified")) } else { word }
}

fn behind(rules: &[Behind]) -> String {
    let word = |rule: &Behind| {
        let status = text(&format!("status-{}", rule.status)).unwrap_or_else(|| rule.status.to_owned());
        let found = if rule.findings > 0 { format!(" {}", rule.findings) } else { String::new() };
        format!("{} {status}{found}", rule.code)
    };
    rules.iter().map(word).collect::<Vec<_>>().join(&fl!("list-comma"))
}

/// Where the deed allows more than a clause in force.
fn print_short(coverage: &Coverage) {
    for clause in coverage.clauses.iter().filter(|clause| clause.falls_short()) {
        for demand in clause.demands.iter().filter(|demand| !demand.met) {
            answer(&fl!(
                "coverage-short",
                standard = clause.standard.say(language()).to_owned(),
                clause = format!("§ {}", clause.clause),
                parameter = demand.parameter.clone(),
                bound = bound(demand.bound, &demand.required),
                actual = actual(demand)
            ));
        }
    }
}

/// A bound in words: at most 10.
pub(crate) fn bound(kind: &str, required: &str) -> String {
    let required = required.to_owned();
    match kind {
        "at-least" => fl!("bound-at-least", figure = required),
        "at-most" => fl!("bound-at-most", figure = required),
        "more-than" => fl!("bound-more-than", figure = required),
        _ => fl!("bound-lists", figure = required),
    }
}

fn actual(demand: &Demand) -> String {
    let figure = demand.actual.join(", ");
    match demand.basis {
        "deed" => fl!("basis-deed", figure = figure),
        "default" => fl!("basis-default", figure = figure),
        _ => fl!("basis-silent"),
    }
}
