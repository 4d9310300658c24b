//! EX-08: what a taker may take changes only by a vote that passed, from its day on, and never for earlier days.

use xinyi_core::{Data, Date, Deed, DeedChange, FeeTerm, Index, Label, Rate, Severity};

use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Proof, Rule, Sink, Step};
use crate::rules::decisions::vote;

/// Matters of resolutions by which owners change a fee.
pub(crate) const FEE_MATTER: Parameter =
    Parameter { name: "fee-matter", form: Form::Label, default: &["fee"] };

pub(crate) const RULE: Rule = Rule {
    code: "EX-08",
    severity: Severity::Error,
    page: include_str!("change.md"),
    check: Check::Each(check),
    older: true,
    proof: Proof::Ledger,
    parameters: &[FEE_MATTER],
};

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Deed(change) = step.entry.content().data() else { return };
    let Some(before) = step.books.last_deed() else { return };
    for taker in changed(before, &change.deed) {
        let backdated = backdated(before, &change.deed, &taker);
        let is_voted = backdated.is_some() || is_voted(step, change);
        if !is_voted && step.books.is_one_month() {
            sink.lack_older();
            continue;
        }
        sink.examine();
        let fault = backdated.map_or("no-vote", |_| "backdated");
        if backdated.is_some() || !is_voted {
            let finding = Finding::at(step.entry.index()).with("taker", &taker).with("fault", fault);
            let day = backdated.unwrap_or(change.deed.first);
            sink.report(finding.with("first", change.deed.first).with("day", day));
        }
    }
}

/// Takers whose terms differ between two deeds.
fn changed(before: &Deed, after: &Deed) -> Vec<Label> {
    let term_of = |deed: &Deed, taker: &Label| deed.fees.iter().find(|term| term.taker == *taker).cloned();
    let mut takers: Vec<Label> =
        before.fees.iter().chain(&after.fees).map(|term| term.taker.clone()).collect();
    takers.sort();
    takers.dedup();
    takers.retain(|taker| {
        let [old, new] = [before, after].map(|deed| term_of(deed, taker).map(without_words));
        old != new
    });
    takers
}

/// A term without what changes no money.
fn without_words(term: FeeTerm) -> FeeTerm {
    FeeTerm { clause: None, ..term }
}

/// The first day before the new deed's on which it gives another rate than the old one gave.
fn backdated(before: &Deed, after: &Deed, taker: &Label) -> Option<Date> {
    let rates = |deed: &Deed| {
        let term = deed.fees.iter().find(|term| term.taker == *taker);
        term.map(|term| term.rates.clone()).unwrap_or_default()
    };
    let (old, new) = (rates(before), rates(after));
    let rate_on = |rates: &[xinyi_core::DatedRate], day: Date| -> Option<Rate> {
        rates.iter().rev().find(|rate| rate.from <= day).map(|rate| rate.rate)
    };
    let days = old.iter().chain(&new).map(|rate| rate.from).filter(|day| *day < after.first);
    days.filter(|day| rate_on(&old, *day) != rate_on(&new, *day)).min()
}

/// Whether owners decided the change: after the last deed, in effect by the new one's first day.
fn is_voted(step: &Step<'_>, change: &DeedChange) -> bool {
    let since = step.books.last_deed_at();
    let decides = |(index, resolution): (&Index, &xinyi_core::Resolution)| {
        let in_time = resolution.effective.is_none_or(|day| day <= change.deed.first);
        let is_new = since.is_none_or(|since| *index > since);
        let is_fee = FEE_MATTER.lists(&step.deed, &resolution.matter);
        is_fee && is_new && in_time && vote::passed(step.books, *index)
    };
    step.books.resolutions().any(decides)
}
