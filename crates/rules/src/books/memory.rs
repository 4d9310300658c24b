//! What is remembered of a line because later ones may name it, and what a line changes in earlier ones
//! (spec: M-6, M-7, D-1).

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Entry, Index, Kind, Need, Period, Range};

use super::facts::{self, amount_of, order_terms, target_of, unapproved_reason};
use super::{Books, Effects, Lacking, Remembered};
use crate::amend::Amend;
use crate::policy;

impl Remembered {
    /// What of the line was neither reversed nor given back.
    #[must_use]
    pub(crate) fn left(&self) -> Decimal {
        if self.reversed { Decimal::ZERO } else { self.amount - self.refunded }
    }
}

impl Books {
    /// Notes what the line changes in earlier ones, and keeps of it what later ones may need.
    pub(crate) fn remember(&mut self, entry: &Entry, effects: Effects, missing: &[Need]) {
        let period = entry.content().date().period();
        match entry.content().data() {
            Data::Refund(refund) => {
                self.note_refund(refund.target.index, refund.amount.decimal(), period);
            }
            Data::Reversal(reversal) => self.undo(reversal.target.index, period),
            _ => {}
        }
        self.note_amends(entry);
        self.note_moved_back(entry, &effects);
        self.note_fee(entry);
        self.note_lacking(entry, missing);
        self.keep(entry, effects, missing);
        self.note_turnover(entry.index());
    }

    /// Keeps of a line what later lines may need.
    pub(crate) fn keep(&mut self, entry: &Entry, effects: Effects, missing: &[Need]) {
        let Some(line) = self.remembered(entry, effects, missing.is_empty()) else { return };
        self.note_replaced(line.replaces, line.amount);
        self.insert_line(entry.index(), line);
    }

    /// What later lines may need of a line; `None` if none names it.
    pub(super) fn remembered(
        &self,
        entry: &Entry,
        effects: Effects,
        is_approved: bool,
    ) -> Option<Remembered> {
        let data = entry.content().data();
        if !facts::is_named_later(data.kind()) {
            return None;
        }
        let date = entry.content().date();
        Some(Remembered {
            amount: amount_of(data),
            category: facts::category_of(data).cloned(),
            date,
            is_guessed: self.is_guessed(entry),
            source: self.source_behind(entry),
            effects,
            flow: self.flow_of(data),
            kind: data.kind(),
            lost_from: facts::lost_from(data).cloned(),
            occurred: self.occurred(data).unwrap_or(date),
            older: false,
            order: order_terms(data, is_approved),
            paid: facts::paid_by(data).map(Box::new),
            refunded: Decimal::ZERO,
            refunds: self.refunded_by(data),
            replaced: Decimal::ZERO,
            replaces: facts::replaced_by(data),
            reversed: false,
            service: facts::service_of(data).to_vec(),
            shows_from: self.shows_from(data, date),
            target: target_of(data),
            weight: self.weight_of(data),
        })
    }

    fn weight_of(&self, data: &Data) -> u8 {
        let named = facts::named_by(data).filter_map(|index| self.lines.get(&index));
        named.fold(1, |sum: u8, line| sum.saturating_add(line.weight))
    }

    /// The line that a refund gives back; of a refund of refunds, the one that the first gave back.
    fn refunded_by(&self, data: &Data) -> Option<Index> {
        let Data::Refund(refund) = data else { return None };
        let target = refund.target.index;
        self.lines
            .get(&target)
            .filter(|line| line.kind == Kind::Refund)
            .map_or(Some(target), |line| line.refunds)
    }

    /// A part of a line moved back, or such a refund is undone (spec: M-6).
    fn note_refund(&mut self, target: Index, amount: Decimal, period: Period) {
        let (is_counted, is_listed) = (self.is_counted(period), self.lists_refund(target));
        let Some(line) = self.lines.get_mut(&target) else { return };
        if line.older && !is_listed {
            // The document lists neither what was never refunded nor what was in whole: this much is known.
            line.refunded = (line.refunded + amount).max(Decimal::ZERO);
        } else if is_counted || !line.older {
            line.refunded += amount;
        }
        if is_counted {
            let whole = line.amount;
            self.months.entry(period).or_default().move_back(target, whole, amount);
        }
    }

    fn undo(&mut self, target: Index, period: Period) {
        let Some(line) = self.lines.get_mut(&target) else { return };
        line.reversed = true;
        let (refunded, amount) = (line.target.filter(|_| line.kind == Kind::Refund), line.amount);
        let replaces = line.replaces;
        self.note_replaced(replaces, -amount);
        if let Some(original) = refunded {
            self.note_refund(original, -amount, period);
        }
    }

    /// Notes what approvals the line lacks, and what a ratification makes good.
    pub(crate) fn note_lacking(&mut self, entry: &Entry, missing: &[Need]) {
        let data = entry.content().data();
        if !missing.is_empty() {
            let reason = unapproved_reason(data);
            let lacking =
                Lacking { amount: amount_of(data), missing: missing.to_vec(), ratified: None, reason };
            self.lacking.insert(entry.index(), lacking);
        }
        if let Data::Ratification(ratification) = data {
            let is_whole = missing.is_empty();
            // A run ends before the line that ratifies it: nothing is ratified in advance.
            let past = |run: &&Range| is_whole && !run.size.covers(entry.index());
            let run = ratification.range.as_ref().filter(past);
            self.ratified_runs.extend(run.map(|run| (run.clone(), entry.content().date())));
            for target in &ratification.targets {
                let met = |need: &Need| policy::is_met(need, entry.approvers());
                let lacking = self.lacking.get_mut(&target.index);
                // A line that lacked nothing is ratified by whatever ratification is whole itself.
                let is_good = match lacking {
                    Some(line) if line.missing.iter().all(met) => {
                        line.ratified.get_or_insert(entry.content().date());
                        true
                    }
                    Some(_) => false,
                    None => is_whole,
                };
                if is_good {
                    self.amend(target.index, Amend::Ratification, entry.content().date());
                }
            }
        }
    }

    /// Notes what the line makes good of an earlier one, other than by ratifying it.
    fn note_amends(&mut self, entry: &Entry) {
        let day = entry.content().date();
        match entry.content().data() {
            Data::Evidence(evidence) if facts::shows_cost(&evidence.vouchers) => {
                self.amend(evidence.target.index, Amend::Evidence, day);
            }
            Data::Reversal(reversal) => self.amend(reversal.target.index, Amend::Reversal, day),
            _ => {}
        }
    }

    fn amend(&mut self, target: Index, amend: Amend, day: Date) {
        self.amends.entry((target, amend)).or_insert(day);
    }

    /// The day on which a later line made good what was wrong with the one at `target`.
    pub(crate) fn amended(&self, target: Index, amend: Amend) -> Option<Date> {
        self.amends.get(&(target, amend)).copied()
    }
}
