//! IN-01: in each series receipt numbers run on without gaps, and each is given once.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xinyi_core::{Data, Index, Kind, Label, Period, Severity};

use super::runs::Runs;
use crate::books::facts;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};

const FIRST: Parameter = Parameter { name: "receipt-first", form: Form::LabelCount, default: &[] };

pub(crate) const RULE: Rule = Rule {
    code: "IN-01",
    severity: Severity::Warning,
    page: include_str!("receipts.md"),
    check: Check::Watch(|| Box::new(Stubs::default())),
    kinds: Kinds::Of(&[Kind::HeldIn, Kind::Income, Kind::Reversal]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[FIRST],
};

/// The stubs of receipts that the ledger's lines name.
#[derive(Clone, Debug, Default)]
struct Stubs {
    /// The receipt of each held-in line.
    held: BTreeMap<Index, (Label, u64)>,
    series: BTreeMap<Label, Series>,
    /// Receipts of held-in lines reversed and not yet entered again: a held-in names no line that it replaces.
    undone_held: BTreeSet<(Label, u64)>,
}

/// One series of receipts.
#[derive(Clone, Debug, Default)]
struct Series {
    /// The last number that was there before a month's file.
    before: Option<u64>,
    /// What was missing when a month ended; it may still have come.
    gaps: Vec<(Period, u64, u64)>,
    /// The last number of the months that have ended.
    last: Option<u64>,
    /// First and last number of each month that has not ended.
    open: BTreeMap<Period, (u64, u64)>,
    used: Runs,
}

impl Watch for Stubs {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let data = step.entry.content().data();
        self.note_held(step);
        let Some(receipt) = facts::receipt_of(data) else { return };
        let (number, period) = (receipt.number.get(), step.entry.content().date().period());
        let begin = || {
            let before = step.books.carried.series.get(&receipt.series).copied();
            Series { before, last: before, ..Series::default() }
        };
        let series = self.series.entry(receipt.series.clone()).or_insert_with(begin);
        sink.examine();
        let (first, last) = series.open.entry(period).or_insert((number, number));
        (*first, *last) = ((*first).min(number), (*last).max(number));
        if series.used.has(number) {
            let is_entered_again =
                data.kind() == Kind::HeldIn && self.undone_held.remove(&(receipt.series.clone(), number));
            if !is_entered_again && step.books.left_to_replace(data) <= Decimal::ZERO {
                let finding = Finding::at(step.entry.index()).with("fault", "twice");
                sink.report(finding.with("series", &receipt.series).with("numbers", numbers(number, number)));
            }
        } else if series.before.is_some_and(|before| number <= before) {
            sink.lack_older();
        }
        series.used.put(number);
    }

    fn recall(&mut self, step: &Step<'_>) {
        self.note_held(step);
    }

    fn month(&mut self, month: &MonthEnd<'_>, _: &mut Sink<'_>) {
        if month.close.is_some() {
            for (label, series) in &mut self.series {
                series.end_month(month.period, FIRST.count_of(&month.deed, label));
            }
        }
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        for (label, series) in &mut self.series {
            let over: Vec<Period> =
                series.open.keys().filter(|period| period.last_day() <= end.last_day).copied().collect();
            for period in over {
                series.end_month(period, FIRST.count_of(&end.deed, label));
            }
            series.report_gaps(label, &void(end, label), sink);
        }
        self.report_unbooked(end, sink);
    }
}

impl Stubs {
    /// Which receipt a held-in line has, and that it may be booked again once the line is undone.
    fn note_held(&mut self, step: &Step<'_>) {
        match step.entry.content().data() {
            Data::HeldIn(money) => {
                let receipt =
                    money.receipt.as_ref().map(|receipt| (receipt.series.clone(), receipt.number.get()));
                self.held.extend(receipt.map(|receipt| (step.entry.index(), receipt)));
            }
            Data::Reversal(reversal) => self.undone_held.extend(self.held.remove(&reversal.target.index)),
            _ => {}
        }
    }

    /// Receipts beyond the last one booked, by the stubs: given, and not in the books.
    fn report_unbooked(&self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let mut given: BTreeMap<&Label, Runs> = BTreeMap::new();
        for row in end.outside.receipts.iter().flatten().filter(|row| row.amount.is_some()) {
            let series = self.series.get(&row.series);
            let known = series
                .and_then(|series| series.last)
                .or_else(|| end.books.carried.series.get(&row.series).copied());
            let is_booked = series.is_some_and(|series| series.used.has(row.number));
            if known.is_none_or(|last| row.number > last) && !is_booked {
                given.entry(&row.series).or_default().put(row.number);
            }
        }
        for (label, runs) in given {
            for (first, last) in runs.iter() {
                sink.examine();
                sink.report(unbooked("given", label, (first, last), None));
            }
        }
    }
}

impl Series {
    /// Notes what is missing between the months before and the last number of a month that ends.
    fn end_month(&mut self, period: Period, begins: Option<u64>) {
        let Some((first, last)) = self.open.remove(&period) else { return };
        let low = self.last.map_or(begins.unwrap_or(first), |last| last.saturating_add(1));
        self.gaps.extend(self.used.gaps(low, last).into_iter().map(|(from, to)| (period, from, to)));
        self.last = self.last.max(Some(last));
    }

    fn report_gaps(&self, label: &Label, void: &[u64], sink: &mut Sink<'_>) {
        let mut there = self.used.clone();
        void.iter().for_each(|number| there.put(*number));
        for (period, from, to) in &self.gaps {
            for gap in there.gaps(*from, *to) {
                sink.report(unbooked("missing", label, gap, Some(*period)));
            }
        }
    }
}

/// The numbers of a series that are void by the stubs.
fn void(end: &FileEnd<'_>, label: &Label) -> Vec<u64> {
    let rows = end.outside.receipts.iter().flatten();
    rows.filter(|row| row.series == *label && row.amount.is_none()).map(|row| row.number).collect()
}

fn unbooked(
    fault: &'static str,
    label: &Label,
    (first, last): (u64, u64),
    period: Option<Period>,
) -> Finding {
    let finding = Finding::of_period(period).with("fault", fault).with("series", label);
    finding.with("numbers", numbers(first, last))
}

fn numbers(first: u64, last: u64) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}
