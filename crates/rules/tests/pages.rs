//! Every page's examples are its rule's tests.
//!
//! A block is a small ledger: `DATE KIND [both | by PARTY,…] {fields}`, `close MONTH DATE [wrong | by NAME]`,
//! `clock TIME`, `genesis {changes}`, `time-bank {changes}` (minutes of `an`, `bo` and the `pool`), `deed DATE
//! {changes}`, `revoke PARTY [from N | to HOLDER]`, `raw` (text is not normalised), `outside {lists}` (what a rule that
//! needs a file is given). `"@3"` links to entry 3, `"#invoice a"` is a made-up voucher of that class; `keys` tells the
//! committee's by name, `both2` signs with the key that replaced its first.
//! It ends with what a check must give: `= clean`, or one line a finding, `!` an error, `~` a warning,
//! `?` a note: code, `@` the entry, expected and actual figures.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod story;
mod told;

use story::Story;
use told::Told;
use xinyi_core::Severity;
use xinyi_rules::{Check, Checker, Finding, Language, RULES, page};

fn described(finding: &Finding) -> String {
    let mark = match finding.severity {
        Severity::Error => '!',
        Severity::Warning => '~',
        Severity::Note => '?',
    };
    let at = finding.at.map(|index| format!(" @{index}")).unwrap_or_default();
    format!("{mark} {}{at}", finding.code)
}

fn figures(finding: &Finding) -> String {
    finding.discrepancy.map(|found| format!(" {} {}", found.expected, found.actual)).unwrap_or_default()
}

/// Whether the block is one that passes, or what is wrong with what the check gives.
fn check_block(code: &str, block: &str) -> Result<bool, String> {
    let report = Story::tell(block).report();
    let expected: Vec<&str> = block.lines().filter(|line| line.starts_with(['=', '!', '~', '?'])).collect();
    // An example need not close its months to show what its page is about.
    let is_beside = |finding: &&Finding| finding.code == "SG-07" && finding.at.is_none() && code != "SG-07";
    let told = report.findings.iter().filter(|finding| !is_beside(finding));
    let found: Vec<_> = told.map(|finding| (described(finding), figures(finding))).collect();
    let told =
        found.iter().map(|(plain, figures)| format!("{plain}{figures}")).collect::<Vec<_>>().join("\n");
    let wrong = |what: &str| Err(format!("{code}: {what}\n{block}\nfound:\n{told}\n"));
    let examined = report.rules.iter().find(|rule| rule.code == code).map(|rule| rule.examined);
    if expected == ["= clean"] {
        return match (found.is_empty(), examined > Some(0)) {
            (true, true) => Ok(true),
            (true, false) => wrong("examined nothing in"),
            _ => wrong("not clean:"),
        };
    }
    let is_as_told = |((plain, figures), expected): (&(String, String), &&str)| {
        expected == plain || **expected == format!("{plain}{figures}")
    };
    if found.len() != expected.len() || !found.iter().zip(&expected).all(is_as_told) {
        return wrong("other findings in");
    }
    if report.findings.iter().any(|finding| finding.code == code) { Ok(false) } else { wrong("not found in") }
}

#[test]
fn every_page_passes_once_and_fails_once_at_least() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let examples: Vec<_> = page(rule.code).unwrap().examples().collect();
        if matches!(rule.check, Check::Integrity | Check::Outside) {
            assert!(examples.is_empty(), "{}: no ledger alone shows it", rule.code);
            continue;
        }
        let outcomes: Vec<_> = examples.iter().map(|block| check_block(rule.code, block)).collect();
        let passing = outcomes.iter().filter(|outcome| **outcome == Ok(true)).count();
        if passing == 0 || passing == examples.len() {
            wrong.push(format!("{}: one that passes, one that fails", rule.code));
        }
        wrong.extend(outcomes.into_iter().filter_map(Result::err));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_page_speaks_both_languages() {
    for rule in RULES {
        let page = page(rule.code).unwrap();
        for language in [Language::En, Language::Zh] {
            for line in ["title", "fact", "next"] {
                assert!(page.line(line, language).is_some(), "{}: {line}.{}", rule.code, language.as_str());
            }
            assert!(page.body(language).len() > 80, "{}: {}", rule.code, language.as_str());
        }
    }
}

#[test]
fn every_name_in_a_sentence_is_given_by_the_finding() {
    for rule in RULES {
        for block in page(rule.code).unwrap().examples() {
            for finding in Story::tell(block).report().findings {
                let page = page(finding.code).unwrap();
                for language in [Language::En, Language::Zh] {
                    let sentences = [page.fact(&finding, language), page.next(&finding, language)].concat();
                    assert!(!sentences.contains('{'), "{}: {sentences}", finding.code);
                }
            }
        }
    }
}

#[test]
fn codes_are_unique_and_in_order() {
    let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
}

#[test]
fn expected_and_difference_add_up_to_actual() {
    for rule in RULES {
        for block in page(rule.code).unwrap().examples() {
            for found in
                Story::tell(block).report().findings.into_iter().filter_map(|finding| finding.discrepancy)
            {
                assert_eq!(found.expected + found.difference, found.actual, "{}", rule.code);
            }
        }
    }
}

#[test]
fn a_month_of_an_example_says_of_itself_what_the_whole_says() {
    for rule in RULES {
        for block in page(rule.code).unwrap().examples() {
            let story = Story::tell(block);
            let documents = story.documents.clone();
            let told = Told {
                community: story.community,
                checker: Checker::new(),
                closes: story.closes,
                worked_out: documents.clone(),
                documents,
                registers: story.registers,
            };
            for period in told.documents.keys().skip(1) {
                told::agree(&told, *period)
                    .unwrap_or_else(|error| panic!("{}: {error} in\n{block}", rule.code));
            }
        }
    }
}

#[test]
fn every_parameter_is_named_on_its_page_and_accepts_its_default() {
    for rule in RULES {
        for parameter in rule.parameters {
            for language in [Language::En, Language::Zh] {
                let body = page(rule.code).unwrap().body(language);
                assert!(body.contains(&format!("`{}`", parameter.name)), "{}: {}", rule.code, parameter.name);
            }
            assert!(
                parameter.default.iter().all(|value| parameter.form.accepts(value)),
                "{}",
                parameter.name
            );
        }
    }
}
