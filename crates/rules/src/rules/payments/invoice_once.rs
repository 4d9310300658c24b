//! PY-02: an invoice is used once: what is paid on it, net of what came back, is at most its total.

use std::collections::{BTreeSet, HashMap};

use rust_decimal::Decimal;
use xinyi_core::{Data, Hash, Index, InvoiceShare, Kind, Label, Severity};

use crate::amend::Amend;
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

/// The first half of a digest: enough to tell invoices apart, and small.
type Key = [u8; 16];

fn key(parts: &[&str]) -> Key {
    let digest = Hash::digest(parts.join("\n").as_bytes());
    std::array::from_fn(|place| digest.as_bytes().get(place).copied().unwrap_or_default())
}

/// A share of an invoice that a line still in force pays.
#[derive(Clone, Debug)]
struct Share {
    /// Number and total: what is paid on them adds up (spec: C-8).
    invoice: Key,
    /// Payee and number, and the payee's group and number: they have one total.
    numbers: Vec<Key>,
    /// What the line pays of it, before anything came back.
    amount: Decimal,
    total: Decimal,
}

/// What was paid on each invoice, as far as the file has its lines. The books count gross (spec: M-10).
#[derive(Clone, Debug, Default)]
struct Invoices {
    /// By number and total.
    paid: HashMap<Key, Decimal>,
    /// Shares by the line that paid them, with what of the line had come back when last seen.
    lines: HashMap<Index, (Vec<Share>, Decimal)>,
    /// Totals by payee or its group and number, each with the number of lines that name it.
    totals: HashMap<Key, Vec<(Decimal, u32)>>,
}

impl Watch for Invoices {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        for (share, number) in shares(step) {
            sink.examine();
            // An invoice paid in full before this month is in no document.
            if step.books.is_one_month() {
                sink.lack_older();
            }
            let before = self.paid.get(&share.invoice).copied().unwrap_or_default();
            let paid = before + share.amount;
            let finding =
                Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("number", number);
            if paid > share.total {
                sink.report(finding.with("fault", "more").differing(share.total, paid));
            } else if let Some((other, _)) = self.other_total(&share) {
                let finding = finding.with("fault", "other-total").with("other", other);
                sink.report_as(Severity::Warning, finding.with("total", share.total));
            }
            self.pay(step.entry.index(), share);
        }
        self.undo(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        // Of an older line that is here only because a later one names it, what came back before is not known.
        if step.books.line(step.entry.index()).is_none_or(|line| !line.older) {
            shares(step).into_iter().for_each(|(share, _)| self.pay(step.entry.index(), share));
            self.undo(step);
        }
    }
}

impl Invoices {
    fn pay(&mut self, index: Index, share: Share) {
        *self.paid.entry(share.invoice).or_default() += share.amount;
        for number in &share.numbers {
            let totals = self.totals.entry(*number).or_default();
            match totals.iter_mut().find(|(total, _)| *total == share.total) {
                Some((_, lines)) => *lines = lines.saturating_add(1),
                None => totals.push((share.total, 1)),
            }
        }
        self.lines.entry(index).or_default().0.push(share);
    }

    fn other_total(&self, share: &Share) -> Option<(Decimal, u32)> {
        let mut totals = share.numbers.iter().filter_map(|number| self.totals.get(number)).flatten();
        totals.find(|(total, lines)| *total != share.total && *lines > 0).copied()
    }

    /// Takes back what a refund or reversal gives back of a line's shares.
    fn undo(&mut self, step: &Step<'_>) {
        match step.entry.content().data() {
            Data::Reversal(reversal) => {
                let undone = step.books.line(reversal.target.index);
                // A refund undone: its money did not come back after all.
                if let Some(line) = undone.filter(|line| line.kind == xinyi_core::Kind::Refund) {
                    line.target.into_iter().for_each(|paid| self.give_back(paid, -line.amount));
                }
                self.forget(reversal.target.index);
            }
            Data::Refund(refund) => self.give_back(refund.target.index, refund.amount.decimal()),
            _ => {}
        }
    }

    /// Money of a line came back. Of which of its invoices no line says: each is taken to be the one.
    fn give_back(&mut self, index: Index, amount: Decimal) {
        let Some((shares, back)) = self.lines.get_mut(&index) else { return };
        let before = *back;
        *back += amount;
        for share in shares {
            if let Some(paid) = self.paid.get_mut(&share.invoice) {
                *paid += before.min(share.amount) - (*back).min(share.amount);
            }
        }
    }

    fn forget(&mut self, index: Index) {
        let Some((shares, back)) = self.lines.remove(&index) else { return };
        for share in shares {
            if let Some(paid) = self.paid.get_mut(&share.invoice) {
                *paid -= share.amount - back.min(share.amount);
            }
            for number in share.numbers {
                let totals = self.totals.get_mut(&number).into_iter().flatten();
                for (_, lines) in totals.filter(|(total, _)| *total == share.total) {
                    *lines = lines.saturating_sub(1);
                }
            }
        }
    }
}

/// The shares that an expense or a fee pays, with the invoice numbers.
fn shares<'a>(step: &Step<'a>) -> Vec<(Share, &'a xinyi_core::Text)> {
    let (payee, shares): (&Label, &[InvoiceShare]) = match step.entry.content().data() {
        Data::Expense(expense) => (&expense.payee, expense.invoices.as_deref().unwrap_or_default()),
        Data::Fee(fee) => (&fee.taker, fee.invoice.as_slice()),
        _ => return Vec::new(),
    };
    let group = step.books.payee(payee).and_then(|known| known.group.as_ref());
    let hands: BTreeSet<&Label> = group.into_iter().chain([payee]).collect();
    let share = |share: &'a InvoiceShare| {
        let (number, total) = (share.number.as_str(), share.total.decimal());
        let invoice = key(&[number, &share.total.to_string()]);
        let numbers = hands.iter().map(|hand| key(&[hand.as_str(), number])).collect();
        (Share { invoice, numbers, amount: share.amount.decimal(), total }, &share.number)
    };
    shares.iter().map(share).collect()
}
