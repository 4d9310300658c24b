//! Every rule over every entry, in one pass: the books take each entry after the rules have seen it.

use std::sync::Arc;

use xinyi_core::{Close, Content, Data, Entry, Hash, Register, Severity, StateDocument, Verified};

use crate::books::facts::{occurred_of, target_of};
use crate::books::{Books, Remainder};
use crate::finding::Finding;
use crate::policy;
use crate::registry::RULES;
use crate::report::{Report, Status, Tally};
use crate::rule::{Check, Counts, MonthEnd, Rule, Sink, Step};
use crate::rules::approvals::{doubtful_key, filed, unapproved};
use crate::rules::{chain, commission};

/// State documents that closes name, looked up by digest; they lie beside the ledger.
#[derive(Clone, Default)]
struct Documents(Option<Arc<dyn Fn(Hash) -> Option<StateDocument> + Send + Sync>>);

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Documents").field(&self.0.is_some()).finish()
    }
}

impl Documents {
    /// The document that a close names, if it is at hand and is what the close says.
    fn of(&self, close: &Close) -> Option<StateDocument> {
        let document = self.0.as_ref()?(close.state)?;
        (document.digest() == close.state && document.period == close.period).then_some(document)
    }
}

/// A check on its way through a ledger, or through one month of it.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    books: Books,
    counts: Vec<Counts>,
    documents: Documents,
    findings: Vec<Finding>,
}

impl Checker {
    /// A check before the first entry.
    #[must_use]
    pub fn new() -> Self {
        Self { counts: vec![Counts::default(); RULES.len()], ..Self::default() }
    }

    /// A check that goes on from a state document instead of the first entry (spec: M-15, M-16).
    ///
    /// `document` is that of the last period before the ones to examine; without it the lines begin with the
    /// genesis and this is [`Checker::new`]. `authority` are genesis and all later entries of kinds party, keys,
    /// recovery and deed below the first line to take, with the register after each; `older` are further lines
    /// below it that later ones name, and what those name. Then [`Checker::take`] is given every line from the
    /// document's `next` on: those dated in its period or earlier are remembered, make no finding and change no
    /// figure.
    #[must_use]
    pub fn resume(
        authority: &[(Verified<Entry>, Register)],
        document: Option<&StateDocument>,
        older: &[Verified<Entry>],
    ) -> Self {
        let books = document.map(|document| Books::resume(authority, document, older));
        Self { books: books.unwrap_or_default(), ..Self::new() }
    }

    /// The same check with state documents at hand: where a close names another document than worked out, figures
    /// go on from the one named, so that a check of the whole and of a month agree (spec: M-11).
    #[must_use]
    pub fn with_documents(
        self,
        documents: impl Fn(Hash) -> Option<StateDocument> + Send + Sync + 'static,
    ) -> Self {
        Self { documents: Documents(Some(Arc::new(documents))), ..self }
    }

    /// The figures so far.
    #[must_use]
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// Takes the next entry; `register` is the key register after it.
    pub fn take(&mut self, entry: &Entry, register: &Register) {
        if self.books.is_counted(entry.content().date().period())
            && let Some(step) = step(&self.books, entry)
        {
            self.findings.extend(each(&step, &mut self.counts));
        }
        let (Some(mut closed), Data::Close(close)) =
            (self.books.take(entry, register), entry.content().data())
        else {
            return;
        };
        if !closed.agrees() {
            closed.handed_on = self.documents.of(close);
        }
        if let Some(deed) = self.books.deed_on(close.period.last_day()) {
            let overdrawn = closed.overdrawn.clone();
            let close_of = Some((entry, close, &closed));
            let month =
                MonthEnd { books: &self.books, close: close_of, deed, overdrawn, period: close.period };
            self.findings.extend(at_month_end(&month, &mut self.counts));
        }
        if let Some(document) = &closed.handed_on {
            self.books.go_on_from(document);
        }
    }

    /// The findings that an entry would cause if it were recorded now.
    #[must_use]
    pub fn suppose(&self, entry: &Entry) -> Vec<Finding> {
        let mut counts = vec![Counts::default(); RULES.len()];
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
        if let Some(counts) = place.and_then(|place| self.counts.get_mut(place)) {
            counts.examined += examined;
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

    /// Takes back what was judged by figures that were not yet, or no longer, those of the document (spec: M-16).
    fn settle_shaken(&mut self) {
        for (what, index) in self.books.shaken() {
            let code = match what {
                Remainder::Order => unapproved::RULE.code,
                Remainder::Refund => chain::CH_06.code,
                Remainder::Source => commission::EX_04.code,
                Remainder::Advance | Remainder::Held | Remainder::Loss => continue,
            };
            self.findings.retain(|finding| finding.code != code || finding.at != Some(index));
            if let Some((_, counts)) = RULES.iter().zip(&mut self.counts).find(|(rule, _)| rule.code == code)
            {
                counts.older += 1;
            }
        }
    }

    fn report(mut self) -> Report {
        self.settle_shaken();
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
    counts: &'a mut Counts,
    findings: &'a mut Vec<Finding>,
) -> Sink<'a> {
    Sink { counts, findings, rule: *rule, severity }
}

fn each(step: &Step<'_>, counts: &mut [Counts]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (rule, counts) in RULES.iter().zip(counts) {
        let (Check::Each(check) | Check::Both(check, _)) = rule.check else { continue };
        if off(&step.deed, rule).is_none() {
            check(step, &mut sink(rule, rule.severity, counts, &mut findings));
        }
    }
    findings
}

fn at_month_end(month: &MonthEnd<'_>, counts: &mut [Counts]) -> Vec<Finding> {
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

fn tally(rule: &Rule, counts: Counts, checker: &Checker) -> Tally {
    let Counts { examined, older, skipped } = counts;
    let findings = checker.findings.iter().filter(|finding| finding.code == rule.code).count();
    let off = checker.books.last_deed().and_then(|deed| off(deed, rule));
    let status = if let Some(reason) = off {
        Status::Off { reason }
    } else if matches!(rule.check, Check::Integrity) {
        Status::Integrity
    } else if findings > 0 {
        Status::Found
    } else if examined == 0 && older > 0 {
        Status::NotChecked { reason: "older" }
    } else if examined == 0 && skipped > 0 {
        Status::NotChecked { reason: "history" }
    } else if examined == 0 && matches!(rule.check, Check::Outside) {
        Status::NotChecked { reason: "file" }
    } else if examined == 0 {
        Status::NoCase
    } else {
        Status::Passed
    };
    Tally { code: rule.code, examined, findings, older, skipped, status }
}
