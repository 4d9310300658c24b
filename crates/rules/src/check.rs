//! Every rule over every entry, in one pass: the books take each entry after the rules have seen it.

use std::sync::Arc;

use xinyi_core::{Content, Data, Entry, Register, Severity};

use crate::books::facts::{occurred_of, target_of};
use crate::books::{Books, MonthClosed};
use crate::finding::Finding;
use crate::policy;
use crate::registry::RULES;
use crate::report::{Report, Status, Tally};
use crate::rule::{Check, MonthEnd, Rule, Sink, Step};
use crate::rules::approvals::{doubtful_key, filed, unapproved};

/// A check on its way through a ledger.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    books: Books,
    counts: Vec<(u64, u64)>,
    findings: Vec<Finding>,
}

impl Checker {
    /// A check before the first entry.
    #[must_use]
    pub fn new() -> Self {
        Self { books: Books::new(), counts: vec![(0, 0); RULES.len()], findings: Vec::new() }
    }

    /// The figures so far.
    #[must_use]
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// Takes the next entry; `register` is the key register after it.
    pub fn take(&mut self, entry: &Entry, register: &Register) {
        if let Some(step) = step(&self.books, entry) {
            self.findings.extend(each(&step, &mut self.counts));
        }
        let Data::Close(close) = entry.content().data() else {
            self.books.take(entry, register);
            return;
        };
        if let Some(closed) = self.books.take(entry, register) {
            let Some(deed) = self.books.deed_on(close.period.last_day()) else { return };
            let close_of = Some((entry, close, &closed));
            let overdrawn = closed.overdrawn.clone();
            let month =
                MonthEnd { books: &self.books, close: close_of, deed, overdrawn, period: close.period };
            self.findings.extend(at_month_end(&month, &mut self.counts));
        }
    }

    /// The findings that an entry would cause if it were recorded now.
    #[must_use]
    pub fn suppose(&self, entry: &Entry) -> Vec<Finding> {
        let mut counts = vec![(0, 0); RULES.len()];
        step(&self.books, entry).map(|step| each(&step, &mut counts)).unwrap_or_default()
    }

    /// Compares the contents that a party says it approved with those that the ledger holds.
    pub fn compare_filed<'c>(
        &mut self,
        approved: impl IntoIterator<Item = &'c Content>,
        holds: impl Fn(&Content) -> bool,
    ) {
        let mut examined = 0;
        for content in approved {
            examined += 1;
            if !holds(content) {
                self.findings.push(filed::left_out(content));
            }
        }
        let place = RULES.iter().position(|rule| rule.code == filed::RULE.code);
        if let Some((counted, _)) = place.and_then(|place| self.counts.get_mut(place)) {
            *counted += examined;
        }
    }

    /// Judges what is left to judge at the end of the file and gives the report.
    #[must_use]
    pub fn finish(mut self) -> Report {
        for period in self.books.open_months() {
            if let Some(deed) = self.books.deed_on(period.last_day()) {
                let overdrawn = self.books.overdrawn(period);
                let month = MonthEnd { books: &self.books, close: None, deed, overdrawn, period };
                self.findings.extend(at_month_end(&month, &mut self.counts));
            }
        }
        for (rule, counts) in RULES.iter().zip(&mut self.counts) {
            if let Check::End(check) = rule.check {
                let mut findings = Vec::new();
                check(&self.books, &mut sink(rule, rule.severity, counts, &mut findings));
                self.findings.extend(findings);
            }
        }
        self.report()
    }

    fn report(mut self) -> Report {
        unapproved::settle(&self.books, &mut self.findings);
        doubtful_key::settle(&self.books, &mut self.findings);
        let deed = self.books.last_deed().cloned();
        let terms = deed.iter().flat_map(|deed| &deed.severities);
        let mut lowered = Vec::new();
        for term in terms {
            for finding in self.findings.iter_mut().filter(|finding| finding.code == term.rule.as_str()) {
                finding.severity = term.severity;
            }
            let rule = RULES.iter().find(|rule| rule.code == term.rule.as_str());
            lowered.extend(
                rule.filter(|rule| weight(term.severity) < weight(rule.severity)).map(|rule| rule.code),
            );
        }
        let tallies = RULES.iter().zip(&self.counts).map(|(rule, counts)| tally(rule, *counts, &self));
        let tallies = tallies.collect();
        Report::of(&self.books, self.findings.clone(), tallies, lowered)
    }
}

const fn weight(severity: Severity) -> u8 {
    match severity {
        Severity::Note => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    }
}

/// What a rule may see of an entry; nothing before there is a deed in force.
fn step<'a>(books: &'a Books, entry: &'a Entry) -> Option<Step<'a>> {
    let content = entry.content();
    let deed = match content.data() {
        Data::Genesis(genesis) => Arc::new(genesis.deed.as_ref().clone()),
        _ => books.deed_on(content.date())?,
    };
    Some(Step {
        books,
        deed,
        entry,
        missing: policy::missing(books, entry),
        occurred: occurred_of(content.data()).unwrap_or(content.date()),
        recorded_day: entry.recorded().day_at(books.offset()),
        target: target_of(content.data()).and_then(|index| books.line(index)),
    })
}

fn sink<'a>(
    rule: &Rule,
    severity: Severity,
    counts: &'a mut (u64, u64),
    findings: &'a mut Vec<Finding>,
) -> Sink<'a> {
    Sink { examined: &mut counts.0, findings, rule: *rule, severity, skipped: &mut counts.1 }
}

fn each(step: &Step<'_>, counts: &mut [(u64, u64)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (rule, counts) in RULES.iter().zip(counts) {
        let (Check::Each(check) | Check::Both(check, _)) = rule.check else { continue };
        if off(&step.deed, rule).is_none() {
            check(step, &mut sink(rule, rule.severity, counts, &mut findings));
        }
    }
    findings
}

fn at_month_end(month: &MonthEnd<'_>, counts: &mut [(u64, u64)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (rule, counts) in RULES.iter().zip(counts) {
        let (Check::Month(check) | Check::Both(_, check)) = rule.check else { continue };
        if off(&month.deed, rule).is_none() {
            check(month, &mut sink(rule, rule.severity, counts, &mut findings));
        }
    }
    findings
}

/// Why the deed switches the rule off, if it does.
fn off(deed: &xinyi_core::Deed, rule: &Rule) -> Option<String> {
    deed.off.iter().find(|off| off.rule.as_str() == rule.code).map(|off| off.reason.to_string())
}

fn tally(rule: &Rule, (examined, skipped): (u64, u64), checker: &Checker) -> Tally {
    let findings = checker.findings.iter().filter(|finding| finding.code == rule.code).count();
    let off = checker.books.last_deed().and_then(|deed| off(deed, rule));
    let status = if let Some(reason) = off {
        Status::Off { reason }
    } else if matches!(rule.check, Check::Integrity) {
        Status::Integrity
    } else if findings > 0 {
        Status::Found
    } else if examined == 0 && skipped > 0 {
        Status::NotChecked { reason: "history" }
    } else if examined == 0 && matches!(rule.check, Check::Outside) {
        Status::NotChecked { reason: "file" }
    } else if examined == 0 {
        Status::NoCase
    } else {
        Status::Passed
    };
    Tally { code: rule.code, examined, findings, skipped, status }
}

/// What a close settled, for those who draft the next.
impl MonthClosed {
    /// Whether the close names the document that the books work out.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.document.digest() == self.named
    }
}
