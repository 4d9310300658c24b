//! Findings as a table for a spreadsheet: RFC 4180, with a byte order mark, so that Excel reads Chinese.
//!
//! A cell of text that a spreadsheet would take for a formula gets an apostrophe in front; figures stay figures.

use rust_decimal::Decimal;
use xinyi_rules::{Finding, Report, page};

use super::figures::formula_of;
use super::findings::word_of;
use crate::failure::Failure;
use crate::lang::{fl, language};

/// The table, one finding a row, in the report's order.
pub(crate) fn table(report: &Report) -> Result<Vec<u8>, Failure> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let failed = |error: csv::Error| Failure::new("disk-failed", error);
    rows.write_record(headings()).map_err(failed)?;
    for finding in &report.findings {
        rows.write_record(row(finding)).map_err(failed)?;
    }
    let rows = rows.into_inner().map_err(|error| Failure::new("disk-failed", error.error()))?;
    Ok([b"\xEF\xBB\xBF", rows.as_slice()].concat())
}

fn headings() -> [String; 14] {
    [
        fl!("word-code"),
        fl!("word-weight"),
        fl!("word-proof"),
        fl!("word-entry"),
        fl!("word-period"),
        fl!("word-rule"),
        fl!("word-fact"),
        fl!("word-expected"),
        fl!("word-actual"),
        fl!("word-difference"),
        fl!("word-clause"),
        fl!("word-formula"),
        fl!("word-entries"),
        fl!("word-to-do"),
    ]
}

fn row(finding: &Finding) -> [String; 14] {
    let page = page(finding.code);
    let figure = |figure: Option<Decimal>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let found = finding.discrepancy;
    let terms =
        finding.formula.iter().map(|term| format!("{} * {}", term.amount, term.rate)).collect::<Vec<_>>();
    let formula = if terms.is_empty() { String::new() } else { formula_of(terms) };
    let entries: Vec<_> = finding.entries.iter().map(ToString::to_string).collect();
    [
        text(finding.code),
        text(&word_of(finding)),
        text(finding.proof().as_str()),
        finding.at.map(|index| index.to_string()).unwrap_or_default(),
        finding.period.map(|period| period.to_string()).unwrap_or_default(),
        text(page.map(|page| page.title(language())).unwrap_or_default()),
        text(&page.map(|page| page.fact(finding, language())).unwrap_or_default()),
        figure(found.map(|found| found.expected)),
        figure(found.map(|found| found.actual)),
        figure(found.map(|found| found.difference)),
        text(finding.clause.as_deref().unwrap_or_default()),
        text(&formula),
        text(&entries.join("; ")),
        text(&page.map(|page| page.next(finding, language())).unwrap_or_default()),
    ]
}

/// Text as a spreadsheet may show it and never run it (OWASP: CSV injection).
fn text(cell: &str) -> String {
    let safe = crate::output::safe_line(cell);
    // A full-width sign is taken for the plain one by some.
    let starts = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    if cell.starts_with(starts) || safe.starts_with(starts) { format!("'{safe}") } else { safe }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_cell_that_would_run_is_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert!(text(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(text("trustee took 0.01, \"too\" much"), "trustee took 0.01, \"too\" much");
        assert_eq!(text("a\nb"), "a\u{FFFD}b");
    }
}
