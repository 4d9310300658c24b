//! EX-08: what a taker may take changes only by a vote that passed, from its day on, and never for earlier days.

use xinyi_core::{Data, Date, DatedRate, Deed, FeeTerm, Index, Kind, Label, Rate, Severity};

use crate::books::Books;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};
use crate::rules::decisions::vote;

/// Matters of resolutions by which owners change a fee.
pub(crate) const FEE_MATTER: Parameter =
    Parameter { name: "fee-matter", form: Form::Label, default: &["fee"] };

pub(crate) const RULE: Rule = Rule {
    code: "EX-08",
    severity: Severity::Error,
    page: include_str!("change.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Deed]),
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

/// Takers whose terms differ between two deeds.
fn changed(before: &Deed, after: &Deed) -> Vec<Label> {
    let mut takers: Vec<Label> =
        before.fees.iter().chain(&after.fees).map(|term| term.taker.clone()).collect();
    takers.sort();
    takers.dedup();
    takers.retain(|taker| terms_of(before, taker) != terms_of(after, taker));
    takers
}

/// All that a deed says of a taker's fee, without what changes no money.
fn terms_of(deed: &Deed, taker: &Label) -> Vec<FeeTerm> {
    let terms = deed.fees.iter().filter(|term| term.taker == *taker).cloned();
    terms.map(|term| FeeTerm { clause: None, ..term }).collect()
}

/// The day from which the taker gets something else: where only rates differ, the first day with another one.
fn begins(before: &Deed, after: &Deed, taker: &Label) -> Date {
    let [old, new] = [before, after].map(|deed| terms_of(deed, taker));
    let rates =
        |terms: &[FeeTerm], at: usize| terms.get(at).map(|term| term.rates.clone()).unwrap_or_default();
    let places = 0..old.len().max(new.len());
    let other = places.filter_map(|at| other_rate(&rates(&old, at), &rates(&new, at))).min();
    if without_rates(old) == without_rates(new) {
        other.unwrap_or(after.first)
    } else {
        other.map_or(after.first, |day| day.min(after.first))
    }
}

fn without_rates(terms: Vec<FeeTerm>) -> Vec<FeeTerm> {
    terms.into_iter().map(|term| FeeTerm { rates: Vec::new(), ..term }).collect()
}

/// The first day on which two lists of rates differ.
fn other_rate(old: &[DatedRate], new: &[DatedRate]) -> Option<Date> {
    let rate_on = |rates: &[DatedRate], day: Date| -> Option<Rate> {
        rates.iter().rev().find(|rate| rate.from <= day).map(|rate| rate.rate)
    };
    let days = old.iter().chain(new).map(|rate| rate.from);
    days.filter(|day| rate_on(old, *day) != rate_on(new, *day)).min()
}

/// Whether owners decided the change: after the last deed that changed a fee, in effect by the day on which it begins.
fn is_voted(step: &Step<'_>, begins: Date) -> bool {
    let since = last_change(step.books);
    let decides = |(index, resolution): (&Index, &xinyi_core::Resolution)| {
        let in_time = resolution.effective.is_none_or(|day| day <= begins);
        let is_new = since.is_none_or(|since| *index > since);
        let is_fee = FEE_MATTER.lists(&step.deed, &resolution.matter);
        is_fee && is_new && in_time && vote::passed(step.books, *index)
    };
    step.books.resolutions().any(decides)
}

/// The line of the last deed that changed what a taker may take.
fn last_change(books: &Books) -> Option<Index> {
    let mut later = books.deeds.iter().rev().zip(books.deeds.iter().rev().skip(1));
    let change = later.find(|((_, after), (_, before))| !changed(before, after).is_empty());
    change.map(|((version, _), _)| version.index)
}
