//! EX-08: what a taker may take changes only by a vote that passed, from its day on, and never for earlier days.

use xinyi_core::{Data, Date, Deed, FeeTerm, Index, Label, Rate, Severity};

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
        let begins = begins(before, &change.deed, &taker);
        let backdated = Some(begins).filter(|day| *day < change.deed.first);
        let is_voted = backdated.is_some() || is_voted(step, begins);
        if !is_voted && step.books.is_one_month() {
            sink.lack_older();
            continue;
        }
        sink.examine();
        let fault = backdated.map_or("no-vote", |_| "backdated");
        if backdated.is_some() || !is_voted {
            let finding = Finding::at(step.entry.index()).with("taker", &taker).with("fault", fault);
            sink.report(finding.with("first", change.deed.first).with("day", begins));
        }
    }
}

/// The terms of a taker under a deed.
fn term<'d>(deed: &'d Deed, taker: &Label) -> Option<&'d FeeTerm> {
    deed.fees.iter().find(|term| term.taker == *taker)
}

/// Takers whose terms differ between two deeds.
fn changed(before: &Deed, after: &Deed) -> Vec<Label> {
    let mut takers: Vec<Label> =
        before.fees.iter().chain(&after.fees).map(|term| term.taker.clone()).collect();
    takers.sort();
    takers.dedup();
    takers.retain(|taker| {
        let [old, new] = [before, after].map(|deed| term(deed, taker).map(without_words));
        old != new
    });
    takers
}

/// A term without what changes no money.
fn without_words(term: &FeeTerm) -> FeeTerm {
    FeeTerm { clause: None, ..term.clone() }
}

/// The day from which the taker gets something else: where only rates differ, the first day with another one.
fn begins(before: &Deed, after: &Deed, taker: &Label) -> Date {
    let (old, new) = (term(before, taker), term(after, taker));
    let rate_on = |term: Option<&FeeTerm>, day: Date| -> Option<Rate> {
        term?.rates.iter().rev().find(|rate| rate.from <= day).map(|rate| rate.rate)
    };
    let days = [old, new].into_iter().flatten().flat_map(|term| &term.rates).map(|rate| rate.from);
    let other_rate = days.filter(|day| rate_on(old, *day) != rate_on(new, *day)).min();
    let without_rates = |term: &FeeTerm| FeeTerm { rates: Vec::new(), ..without_words(term) };
    if old.map(without_rates) == new.map(without_rates) {
        other_rate.unwrap_or(after.first)
    } else {
        other_rate.map_or(after.first, |day| day.min(after.first))
    }
}

/// Whether owners decided the change: after the last deed, in effect by the day on which it begins.
fn is_voted(step: &Step<'_>, begins: Date) -> bool {
    let since = step.books.last_deed_at();
    let decides = |(index, resolution): (&Index, &xinyi_core::Resolution)| {
        let in_time = resolution.effective.is_none_or(|day| day <= begins);
        let is_new = since.is_none_or(|since| *index > since);
        let is_fee = FEE_MATTER.lists(&step.deed, &resolution.matter);
        is_fee && is_new && in_time && vote::passed(step.books, *index)
    };
    step.books.resolutions().any(decides)
}
