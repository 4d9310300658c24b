//! A report for people: what was found and what to do, what was not checked, then the figures; one file a part.

mod collections;
mod coverage;
mod csv;
mod figures;
mod findings;
mod headline;
mod rules;

use xinyi_rules::Report;

pub(crate) use self::coverage::{bound, print as print_coverage};
pub(crate) use self::csv::table as findings_table;
pub(crate) use self::figures::{formula_of, print_balances, terms_of};
pub(crate) use self::findings::{print_finding, severity_word};
pub(crate) use self::rules::print_used;
use crate::output::answer;

/// Everything that a report says.
pub(crate) fn print(report: &Report) {
    answer("");
    headline::print(report);
    answer("");
    findings::print(report);
    rules::print(report);
    answer("");
    figures::print(report);
}
