//! HS-01: money paid ahead for home visits stays held until the client has confirmed the visit.

use std::collections::{BTreeMap, BTreeSet};

use xinyi_core::{Data, Date, Forfeit, HeldFor, Index, Kind, Label, Severity};

use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "HS-01",
    severity: Severity::Error,
    page: include_str!("visits.md"),
    check: Check::Watch(|| Box::new(Visits::default())),
    kinds: Kinds::Of(&[Kind::Forfeit, Kind::HeldIn, Kind::Step]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[STEP],
};

const STEP: Parameter = Parameter { name: "visit-step", form: Form::Label, default: &[] };

/// Money paid ahead, visits that clients confirmed, and the line that earned each.
#[derive(Clone, Debug, Default)]
struct Visits {
    confirmed: BTreeMap<Label, Date>,
    earned: BTreeMap<Label, Index>,
    prepaid: BTreeSet<Index>,
}

impl Visits {
    fn note(&mut self, step: &Step<'_>) {
        match step.entry.content().data() {
            Data::HeldIn(money) if money.held_for == HeldFor::Prepayment => {
                self.prepaid.insert(step.entry.index());
            }
            Data::Step(done) if STEP.lists(&step.deed, &done.step) && done.vouchers.is_some() => {
                self.confirmed.entry(done.project.clone()).or_insert(done.done);
            }
            _ => {}
        }
    }

    fn earn(&mut self, step: &Step<'_>, forfeit: &Forfeit, sink: &mut Sink<'_>) {
        let finding =
            Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("amount", forfeit.amount);
        let finding = finding.with("visit", &forfeit.reason);
        let visit = forfeit.reason.as_str().parse::<Label>().ok();
        let done = visit.as_ref().and_then(|visit| self.confirmed.get(visit));
        let is_done = done.is_some_and(|done| *done <= step.entry.content().date());
        if !is_done && step.books.is_one_month() {
            return;
        }
        sink.examine();
        let earlier = visit.as_ref().and_then(|visit| self.earned.get(visit)).copied();
        let stands = |index: &Index| step.books.stands(*index);
        if let Some(first) = earlier.filter(stands) {
            let twice = finding.with("case", "twice").with("first", first);
            sink.report(Finding { entries: vec![first], ..twice });
            return;
        }
        if !is_done {
            sink.report(finding.with("case", "unconfirmed"));
        }
        if let Some(visit) = visit {
            self.earned.insert(visit, step.entry.index());
        }
    }
}

impl Watch for Visits {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        self.note(step);
        if let Data::Forfeit(forfeit) = step.entry.content().data()
            && self.prepaid.contains(&forfeit.target.index)
            && !STEP.values(&step.deed).is_empty()
        {
            if step.books.is_one_month() {
                sink.lack_older();
            }
            self.earn(step, forfeit, sink);
        }
    }

    fn recall(&mut self, step: &Step<'_>) {
        self.note(step);
        if let Data::Forfeit(forfeit) = step.entry.content().data()
            && let Ok(visit) = forfeit.reason.as_str().parse::<Label>()
        {
            self.earned.insert(visit, step.entry.index());
        }
    }
}
