//! Every rule over every entry, in one pass: the books take each entry after the rules have seen it.

use std::collections::BTreeMap;
use std::sync::Arc;

use xinyi_core::{
    Close, Content, Data, Date, Deed, Entry, Hash, Index, Register, Replay, StateDocument, Verified,
};

use crate::amend;
use crate::books::facts::target_of;
use crate::books::{Books, MonthClosed, Remainder, Seen};
use crate::finding::Finding;
use crate::outside::{Outside, Paper};
use crate::report::{Report, Status, Tally};
use crate::rule::{Check, Counts, FileEnd, MonthEnd, Proof, Rule, Step};
use crate::rules::approvals::{doubtful_key, filed, unapproved};
use crate::rules::{chain, fees};
use crate::selection::Selection;
use crate::watched::{Rules, Watched, off};
use crate::weighing::{Severities, severity_under, weigh};

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
    documents: Documents,
    findings: Vec<Finding>,
    last_day: Option<Date>,
    outside: Outside,
    rules: Rules,
    selection: Selection,
    severities: Severities,
}

impl Checker {
    /// A check before the first entry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
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
        let mut checker = Self { books: books.unwrap_or_default(), ..Self::new() };
        if document.is_some() {
            let older = authority.iter().map(|(entry, _)| entry).chain(older);
            let in_order: BTreeMap<Index, &Entry> = older.map(|entry| (entry.index(), &**entry)).collect();
            in_order.into_values().for_each(|entry| checker.recall(entry));
        }
        checker
    }

    /// Lets rules remember an entry that is not judged here.
    fn recall(&mut self, entry: &Entry) {
        let seen = self.books.see(entry);
        if let Some(step) = step(&self.books, entry, &seen) {
            self.rules.recall(&step);
        }
    }

    /// The same check, which asks every rule about every entry, also of kinds that the rule does not look at. The report
    /// is the same: this is how tests know that [`crate::Kinds`] leaves nothing out.
    #[must_use]
    pub fn with_every_rule_asked(self) -> Self {
        Self { rules: self.rules.asking_all(), ..self }
    }

    /// The same check with lists from outside, for the rules that need one; with [`Checker::take_from`] given before
    /// the first entry.
    #[must_use]
    pub fn with_outside(self, outside: Outside) -> Self {
        Self { outside, ..self }
    }

    /// The same check, whose report keeps only the rules asked for and says that it is partial.
    #[must_use]
    pub fn with_selection(self, selection: Selection) -> Self {
        Self { selection, ..self }
    }

    /// The same check, whose report weighs findings as the caller asks; what that lowers it says.
    #[must_use]
    pub fn with_severities(self, severities: Severities) -> Self {
        Self { severities, ..self }
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

    /// The last day that an entry has; `None` before the first entry.
    #[must_use]
    pub const fn last_day(&self) -> Option<Date> {
        self.last_day
    }

    /// An older line that an entry named and that could not be read again: the file changed under the check, or cannot
    /// be read. What the check says is then not to be relied on.
    #[must_use]
    pub const fn unread(&self) -> Option<Index> {
        self.books.unread()
    }

    /// Takes the next entry; `replay` has just taken it in.
    ///
    /// The report is that of [`Checker::take`], which remembers every line that later ones may name. This one forgets
    /// lines of closed months and recalls those that an entry names (spec: M-17), unless there are lists from outside, the
    /// check goes on from a document, or `replay` has no access to lines. Whoever asks for [`Books::base_list`] or for
    /// single lines afterwards takes every entry by [`Checker::take`].
    pub fn take_from(&mut self, entry: &Entry, replay: &Replay) {
        let Some(register) = replay.register() else { return };
        if self.last_day.is_none() && self.may_forget() && replay.recall(entry.index()).is_some() {
            self.books.forget_closed_months();
        }
        if self.books.forgets() {
            self.books.fetch(entry, &|index| replay.recall(index).map(Verified::into_inner));
        }
        self.take(entry, register);
    }

    fn may_forget(&self) -> bool {
        !self.books.is_one_month() && self.outside.is_empty()
    }

    /// Takes the next entry; `register` is the key register after it.
    pub fn take(&mut self, entry: &Entry, register: &Register) {
        self.last_day = self.last_day.max(Some(entry.content().date()));
        let seen = self.books.see(entry);
        if let Some(step) = step(&self.books, entry, &seen) {
            if self.books.is_counted(entry.content().date().period()) {
                self.rules.ask_about(&step, &mut self.findings);
            } else {
                self.rules.recall(&step);
            }
        }
        let closed = self.books.take_seen(entry, register, seen);
        if let (Some(closed), Data::Close(close)) = (closed, entry.content().data()) {
            self.end_month(entry, close, closed);
        }
    }

    /// Judges a month that was closed.
    fn end_month(&mut self, entry: &Entry, close: &Close, mut closed: MonthClosed) {
        if !closed.agrees() {
            closed.handed_on = self.documents.of(close);
        }
        if let Some(deed) = self.books.deed_on(close.period.last_day()) {
            let overdrawn = closed.overdrawn.clone();
            let close_of = Some((entry, close, &closed));
            let month =
                MonthEnd { books: &self.books, close: close_of, deed, overdrawn, period: close.period };
            self.rules.iter_mut().for_each(|rule| rule.ask_at_month_end(&month, &mut self.findings));
        }
        if let Some(document) = &closed.handed_on {
            self.books.go_on_from(document);
        }
        self.books.forget(close.period);
    }

    /// The findings that an entry would cause if it were recorded now.
    #[must_use]
    pub fn suppose(&self, entry: &Entry) -> Vec<Finding> {
        let seen = self.books.see(entry);
        step(&self.books, entry, &seen).map(|step| self.rules.suppose(&step)).unwrap_or_default()
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
        if let Some(watched) = self.rules.with_code(filed::RULE.code) {
            watched.counts.examined += examined;
        }
    }

    /// Judges what is left to judge at the end of the file and gives the report.
    #[must_use]
    pub fn finish(mut self) -> Report {
        for period in self.books.open_months() {
            if let Some(deed) = self.books.deed_on(period.last_day()) {
                let overdrawn = self.books.overdrawn(period);
                let month = MonthEnd { books: &self.books, close: None, deed, overdrawn, period };
                self.rules.iter_mut().for_each(|rule| rule.ask_at_month_end(&month, &mut self.findings));
            }
        }
        self.at_file_end();
        self.report()
    }

    fn at_file_end(&mut self) {
        let Some(last_day) = self.last_day else { return };
        let Some(deed) = self.books.deed_on(last_day) else { return };
        let end = FileEnd { books: &self.books, deed: Arc::clone(&deed), last_day, outside: &self.outside };
        for watched in self.rules.iter_mut() {
            let of = |finding: &Finding| deed_of(&self.books, finding);
            watched.ask(&deed, of, &mut self.findings, |rule, memory, sink| match (rule.check, memory) {
                (Check::End(check), _) => check(&end, sink),
                (Check::Watch(_), Some(memory)) => memory.end(&end, sink),
                _ => {}
            });
        }
    }

    /// Takes back what was judged by figures that were not yet, or no longer, those of the document (spec: M-16).
    fn settle_shaken(&mut self) {
        for (what, index) in self.books.shaken() {
            let code = match what {
                Remainder::Order => unapproved::RULE.code,
                Remainder::Advance | Remainder::Held | Remainder::Loss | Remainder::Refund => {
                    chain::correction::RULE.code
                }
                Remainder::Source => fees::linked_cost::RULE.code,
            };
            self.findings.retain(|finding| finding.code != code || finding.at != Some(index));
            if let Some(watched) = self.rules.with_code(code) {
                watched.counts.older += 1;
            }
        }
    }

    fn report(mut self) -> Report {
        self.settle_shaken();
        amend::settle(&self.books, &mut self.findings);
        doubtful_key::settle(&self.books, &mut self.findings);
        let lowered = weigh(self.books.last_deed(), &self.severities, &mut self.findings);
        self.findings.retain(|finding| self.selection.takes(finding.code));
        let tallies = self.rules.iter().map(|watched| tally(watched, &self)).collect();
        Report::of(&self.books, std::mem::take(&mut self.findings), tallies, lowered, self.selection)
    }
}

/// What a rule may see of an entry; nothing before there is a deed in force.
fn step<'a>(books: &'a Books, entry: &'a Entry, seen: &'a Seen) -> Option<Step<'a>> {
    let content = entry.content();
    let deed = match content.data() {
        Data::Genesis(genesis) => Arc::new(genesis.deed.as_ref().clone()),
        _ => books.deed_on(content.date())?,
    };
    Some(Step {
        books,
        deed,
        entry,
        effects: &seen.effects,
        missing: &seen.missing,
        occurred: books.occurred(content.data()).unwrap_or(content.date()),
        recorded_day: entry.recorded().day_at(books.offset()),
        target: target_of(content.data()).and_then(|index| books.line(index)),
    })
}

/// The deed of the month, or of the line, that a finding is about.
fn deed_of(books: &Books, finding: &Finding) -> Option<Arc<Deed>> {
    let of_line = || {
        let index = finding.at?;
        let date = finding.dated.or_else(|| books.line(index).map(|line| line.date))?;
        books.deed_for(index, date)
    };
    finding.period.and_then(|period| books.deed_on(period.last_day())).or_else(of_line)
}

fn tally(watched: &Watched, checker: &Checker) -> Tally {
    let rule = watched.rule;
    let Counts { examined, older, skipped } = watched.counts;
    let findings = checker.findings.iter().filter(|finding| finding.code == rule.code).count();
    let deed = checker.books.last_deed();
    let lacks = lacking(rule, examined, &checker.outside);
    let status = if !checker.selection.takes(rule.code) {
        Status::LeftOut
    } else if matches!(rule.check, Check::Integrity) {
        Status::Integrity
    } else if findings > 0 {
        Status::Found
    } else if let Some(reason) = deed.and_then(|deed| off(deed, rule)) {
        Status::Off { reason: reason.to_owned() }
    } else if examined == 0 {
        nothing_examined(watched.counts, lacks)
    } else if lacks.is_some() {
        Status::PassedInPart
    } else {
        Status::Passed
    };
    let severity = severity_under(deed, &checker.severities, rule);
    Tally { code: rule.code, examined, findings, lacks, older, proof: rule.proof, severity, skipped, status }
}

/// The list that a rule compares, where it was not given. What a party filed is compared by the caller, and examined
/// where it was.
fn lacking(rule: &Rule, examined: u64, outside: &Outside) -> Option<Paper> {
    match rule.proof {
        Proof::File(Paper::Filed) => Some(Paper::Filed).filter(|_| examined == 0),
        Proof::File(paper) => Some(paper).filter(|paper| !outside.has(*paper)),
        Proof::Heuristic | Proof::Ledger => None,
    }
}

/// Why a rule examined nothing.
fn nothing_examined(counts: Counts, lacks: Option<Paper>) -> Status {
    match (counts.older > 0, counts.skipped > 0, lacks.is_some()) {
        (true, ..) => Status::NotChecked { reason: "older" },
        (_, true, _) => Status::NotChecked { reason: "history" },
        (.., true) => Status::NotChecked { reason: "file" },
        _ => Status::NoCase,
    }
}
