//! PY-02: an invoice is used once: what is paid on it, net of what came back, is at most its total.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;
use xinyi_core::{Data, Hash, Index, Kind, Label, Severity, Text};

use crate::amend::Amend;
use crate::books::{Books, Paid, facts};
use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "PY-02",
    severity: Severity::Error,
    page: include_str!("invoice_once.md"),
    check: Check::Watch(|| Box::new(Invoices::default())),
    kinds: Kinds::Of(&[Kind::Expense, Kind::Fee, Kind::Refund, Kind::Reversal]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

/// A part of a digest: enough to tell a ledger's invoices apart, and small.
type Key = [u8; 12];

fn key(parts: &[&str]) -> Key {
    let digest = Hash::digest(parts.join("\n").as_bytes());
    std::array::from_fn(|place| digest.as_bytes().get(place).copied().unwrap_or_default())
}

/// A share of an invoice that a line pays.
#[derive(Clone, Debug)]
struct Share<'a> {
    number: &'a Text,
    /// Number and total: what is paid on them adds up (spec: C-8).
    invoice: Key,
    /// Payee and number, and the payee's group and number: they have one total.
    numbers: Vec<Key>,
    /// What the line pays of it, before anything came back.
    amount: Decimal,
    total: Decimal,
}

/// A total of an invoice, and how many lines in force name it.
type Total = (Decimal, u32);

/// What was paid on each invoice, as far as the file has its lines. The books count gross (spec: M-10).
#[derive(Clone, Debug, Default)]
struct Invoices {
    /// What came back of lines that pay invoices.
    back: BTreeMap<Index, Decimal>,
    /// By number and total.
    paid: HashMap<Key, Decimal>,
    /// The first total by payee or its group and number.
    totals: HashMap<Key, Total>,
    /// Further totals, in order, of numbers that have several.
    other_totals: HashMap<Key, Vec<Total>>,
    /// Lines that pay invoices and were reversed.
    undone: BTreeSet<Index>,
}

impl Watch for Invoices {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let paid = facts::paid_by(step.entry.content().data());
        for share in paid.iter().flat_map(|paid| shares(step.books, step.entry.index(), paid)) {
            sink.examine();
            // An invoice paid in full before this month is in no document.
            if step.books.is_one_month() {
                sink.lack_older();
            }
            let before = self.paid.get(&share.invoice).copied().unwrap_or_default();
            let paid = before + share.amount;
            let finding =
                Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("number", share.number);
            if paid > share.total {
                sink.report(finding.with("fault", "more").differing(share.total, paid));
            } else if let Some((other, _)) = self.other_total(&share) {
                let finding = finding.with("fault", "other-total").with("other", other);
                sink.report_as(Severity::Warning, finding.with("total", share.total));
            }
            self.pay(&share);
        }
        self.undo(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        // Of an older line that is here only because a later one names it, what came back before is not known.
        if step.books.line(step.entry.index()).is_none_or(|line| !line.older) {
            let paid = facts::paid_by(step.entry.content().data());
            let shares = paid.iter().flat_map(|paid| shares(step.books, step.entry.index(), paid));
            shares.for_each(|share| self.pay(&share));
            self.undo(step);
        }
    }
}

impl Invoices {
    fn pay(&mut self, share: &Share<'_>) {
        *self.paid.entry(share.invoice).or_default() += share.amount;
        for number in &share.numbers {
            let (first, lines) = self.totals.entry(*number).or_insert((share.total, 0));
            if *first == share.total {
                *lines = lines.saturating_add(1);
                continue;
            }
            let others = self.other_totals.entry(*number).or_default();
            match others.iter_mut().find(|(total, _)| *total == share.total) {
                Some((_, lines)) => *lines = lines.saturating_add(1),
                None => others.push((share.total, 1)),
            }
        }
    }

    fn other_total(&self, share: &Share<'_>) -> Option<Total> {
        let totals = |number: &Key| {
            let others = self.other_totals.get(number).into_iter().flatten();
            self.totals.get(number).into_iter().chain(others)
        };
        let mut totals = share.numbers.iter().flat_map(totals);
        totals.find(|(total, lines)| *total != share.total && *lines > 0).copied()
    }

    /// Takes back what a refund or reversal gives back of a line's shares.
    fn undo(&mut self, step: &Step<'_>) {
        match step.entry.content().data() {
            Data::Reversal(reversal) => {
                let undone = step.books.line(reversal.target.index);
                // A refund undone: its money did not come back after all.
                if let Some(line) = undone.filter(|line| line.kind == Kind::Refund) {
                    line.target.into_iter().for_each(|paid| self.give_back(step.books, paid, -line.amount));
                }
                self.forget(step.books, reversal.target.index);
            }
            Data::Refund(refund) => {
                self.give_back(step.books, refund.target.index, refund.amount.decimal());
            }
            _ => {}
        }
    }

    /// The shares of a line in force.
    fn shares_of<'b>(&self, books: &'b Books, index: Index) -> Vec<Share<'b>> {
        let line = books.line(index).filter(|line| !line.older && !self.undone.contains(&index));
        let paid = line.and_then(|line| line.paid.as_deref());
        paid.map(|paid| shares(books, index, paid).collect()).unwrap_or_default()
    }

    /// Money of a line came back. Of which of its invoices no line says: each is taken to be the one.
    fn give_back(&mut self, books: &Books, index: Index, amount: Decimal) {
        let shares = self.shares_of(books, index);
        if shares.is_empty() {
            return;
        }
        let back = self.back.entry(index).or_default();
        let before = *back;
        *back += amount;
        for share in shares {
            if let Some(paid) = self.paid.get_mut(&share.invoice) {
                *paid += before.min(share.amount) - (*back).min(share.amount);
            }
        }
    }

    fn forget(&mut self, books: &Books, index: Index) {
        let shares = self.shares_of(books, index);
        if shares.is_empty() {
            return;
        }
        self.undone.insert(index);
        let back = self.back.remove(&index).unwrap_or_default();
        for share in shares {
            if let Some(paid) = self.paid.get_mut(&share.invoice) {
                *paid -= share.amount - back.min(share.amount);
            }
            for number in share.numbers {
                let first = self.totals.get_mut(&number).into_iter();
                let totals = first.chain(self.other_totals.get_mut(&number).into_iter().flatten());
                for (_, lines) in totals.filter(|(total, _)| *total == share.total) {
                    *lines = lines.saturating_sub(1);
                }
            }
        }
    }
}

/// The shares that the line at an index pays, with the hands that its payee had then.
fn shares<'a>(books: &Books, index: Index, paid: &'a Paid) -> impl Iterator<Item = Share<'a>> {
    let group = books.group_then(&paid.payee, index);
    let hands: BTreeSet<Label> = group.into_iter().chain([&paid.payee]).cloned().collect();
    paid.shares.iter().map(move |share| {
        let (number, total) = (share.number.as_str(), share.total.decimal());
        let invoice = key(&[number, &share.total.to_string()]);
        let numbers = hands.iter().map(|hand| key(&[hand.as_str(), number])).collect();
        Share { number: &share.number, invoice, numbers, amount: share.amount.decimal(), total }
    })
}
