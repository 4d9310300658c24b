//! What was due for a month and what of it had come in by the month's end, by fund and category (for IN-03).
//!
//! A line changes only months that had not ended on its date: what comes later is arrears. What is paid or billed for
//! several months is spread over them, each rounded so that the shares add up.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use xinyi_core::{Data, Entry, Kind, Label, Period, ServicePeriod, Unit};

use super::effect::Effects;
use super::{Books, Effect, Remembered, facts};

/// What a fund was due for a month, and what of it had come in by the month's end: two figures, no percentage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Collection {
    /// What for, as in billing.
    pub category: Label,
    /// Paid for the month by its end, net of what was given back or reversed.
    pub collected: Decimal,
    /// The fund that it is due to.
    pub fund: Label,
    /// Billed for the month by its end.
    pub receivable: Decimal,
}

#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    collected: Decimal,
    receivable: Decimal,
}

/// The figures by month, fund and category.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collections(BTreeMap<(Period, Label, Label), Figures>);

/// More months than a bill or a payment is ever for: what lies beyond counts for no month.
const MOST_MONTHS: i64 = 600;

/// Months ahead of a line, itself the first, that it is believed to be for: ten years.
const MOST_AHEAD: i64 = 120;

/// A payment of charges: which months it is for, and how much of it was not given back.
struct Payment<'a> {
    category: &'a Label,
    fund: &'a Label,
    months: Vec<(Period, Decimal)>,
}

impl Books {
    /// What each fund was due for a month and got by its end, where something was billed.
    #[must_use]
    pub fn collections(&self, period: Period) -> Vec<Collection> {
        let of_period = self.collections.0.iter().filter(|((month, ..), _)| *month == period);
        let billed = of_period.filter(|(_, figures)| !figures.receivable.is_zero());
        let collection = |((_, fund, category), figures): (&(Period, Label, Label), &Figures)| Collection {
            category: category.clone(),
            collected: self.in_unit(figures.collected),
            fund: fund.clone(),
            receivable: self.in_unit(figures.receivable),
        };
        billed.map(collection).collect()
    }

    /// Takes in what the line bills, pays or gives back.
    pub(super) fn note_collection(&mut self, entry: &Entry, effects: &Effects) {
        let date = entry.content().date().period();
        let Some(unit) = &self.unit else { return };
        if let Some((key, amount)) = of_its_month(entry, effects) {
            self.collections.change(date, key, |figures| figures.collected += amount);
            return;
        }
        let mut changes: Vec<((Period, Label, Label), Decimal)> = Vec::new();
        if let Data::Billing(bill) = entry.content().data() {
            for (month, part) in spread(bill.amount.decimal(), bill.months.from, bill.months.to, unit) {
                let key = (month, bill.fund.clone(), bill.category.clone());
                self.collections.change(date, key, |figures| figures.receivable += part);
            }
            return;
        }
        for (payment, sign) in self.paid(entry, effects, unit) {
            let key = |month| (month, payment.fund.clone(), payment.category.clone());
            changes.extend(payment.months.iter().map(|(month, part)| (key(*month), *part * sign)));
        }
        for (key, part) in changes {
            self.collections.change(date, key, |figures| figures.collected += part);
        }
    }

    /// What the line makes of payments: one more; or one as it is after the line, less the same as it was before.
    fn paid<'a>(
        &'a self,
        entry: &'a Entry,
        effects: &'a Effects,
        unit: &Unit,
    ) -> Vec<(Payment<'a>, Decimal)> {
        let data = entry.content().data();
        let (after, before) = (Decimal::ONE, Decimal::NEGATIVE_ONE);
        if matches!(data.kind(), Kind::Forfeit | Kind::Income) {
            let (amount, own) = (facts::amount_of(data), entry.content().date().period());
            let months = paid_months(facts::service_of(data), own, amount, amount, unit);
            let place = facts::category_of(data).zip(fund_of(effects));
            return place
                .map(|(category, fund)| (Payment { category, fund, months }, after))
                .into_iter()
                .collect();
        }
        let Some((line, left)) = self.given_back(data) else { return Vec::new() };
        let as_it_is = |kept, sign| line.payment(kept, unit).map(|payment| (payment, sign));
        as_it_is(left, after).into_iter().chain(as_it_is(line.kept(), before)).collect()
    }

    /// The line of which a part moves back, or that is undone, and what is left of it then.
    fn given_back(&self, data: &Data) -> Option<(&Remembered, Decimal)> {
        let target = self.lines.get(&facts::target_of(data)?)?;
        match (data, target.kind) {
            (Data::Refund(refund), _) => Some((target, target.kept() - refund.amount.decimal())),
            (Data::Reversal(_), _) if target.reversed => None,
            (Data::Reversal(_), Kind::Refund) => {
                let line = self.lines.get(&target.target?)?;
                Some((line, line.kept() + target.amount))
            }
            (Data::Reversal(_), _) => Some((target, Decimal::ZERO)),
            _ => None,
        }
    }
}

impl Collections {
    fn change(&mut self, date: Period, key: (Period, Label, Label), by: impl FnOnce(&mut Figures)) {
        let (from, month) = (date, key.0);
        if from <= month && facts::months_in(from, month) <= MOST_AHEAD {
            by(self.0.entry(key).or_default());
        }
    }
}

impl Remembered {
    fn kept(&self) -> Decimal {
        self.amount - self.refunded
    }

    /// The payment that the line is, if it is one, as far as `kept` goes.
    fn payment(&self, kept: Decimal, unit: &Unit) -> Option<Payment<'_>> {
        let is_payment = matches!(self.kind, Kind::Forfeit | Kind::Income);
        let (category, fund) = self.category.as_ref().zip(self.fund()).filter(|_| is_payment)?;
        let months = paid_months(&self.service, self.date.period(), self.amount, kept, unit);
        Some(Payment { category, fund, months })
    }
}

/// What most payments are: they name no months, and are for that of their date.
fn of_its_month(entry: &Entry, effects: &Effects) -> Option<((Period, Label, Label), Decimal)> {
    let data = entry.content().data();
    if !matches!(data.kind(), Kind::Forfeit | Kind::Income) || !facts::service_of(data).is_empty() {
        return None;
    }
    let (category, fund) = facts::category_of(data).zip(fund_of(effects))?;
    Some(((entry.content().date().period(), fund.clone(), category.clone()), facts::amount_of(data)))
}

fn fund_of(effects: &Effects) -> Option<&Label> {
    effects.iter().find_map(|(effect, _)| match effect {
        Effect::Own { fund, .. } => Some(fund),
        _ => None,
    })
}

/// The months that are paid for when `kept` of the amount was not given back: the last are given back first.
/// A payment that names no months is for the month of its date.
fn paid_months(
    service: &[ServicePeriod],
    own: Period,
    amount: Decimal,
    kept: Decimal,
    unit: &Unit,
) -> Vec<(Period, Decimal)> {
    let mut months: Vec<(Period, Decimal)> = if service.is_empty() {
        vec![(own, amount)]
    } else {
        service.iter().flat_map(|share| spread(share.amount.decimal(), share.from, share.to, unit)).collect()
    };
    months.sort();
    let mut left = kept;
    for (_, part) in &mut months {
        *part = (*part).min(left).max(Decimal::ZERO);
        left -= *part;
    }
    months
}

/// An amount over a run of months: the parts differ by a smallest unit at most and add up.
fn spread(amount: Decimal, from: Period, to: Period, unit: &Unit) -> Vec<(Period, Decimal)> {
    if from == to {
        return vec![(from, unit.round(amount))];
    }
    let count = facts::months_in(from, to);
    let upto = |month: i64| unit.round(amount * Decimal::from(month) / Decimal::from(count));
    let months = std::iter::successors(Some(from), |month| Some(month.next()));
    let parts = (0..count.min(MOST_MONTHS)).map(|month| upto(month + 1) - upto(month));
    months.zip(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_yearly_bill_add_up() {
        let (code, from, to) = ("cny".parse(), "2026-01".parse(), "2026-12".parse());
        let unit = code.ok().and_then(|code| Unit::new(code, 2));
        let (Some(unit), Ok(from), Ok(to)) = (unit, from, to) else { unreachable!() };
        let parts = spread(Decimal::new(116_750, 2), from, to, &unit);
        let sum: Decimal = parts.iter().map(|(_, part)| part).sum();
        let [least, most] = [9_729, 9_730].map(|cents| Decimal::new(cents, 2));
        assert_eq!((parts.len(), sum), (12, Decimal::new(116_750, 2)));
        assert!(parts.iter().all(|(_, part)| (least..=most).contains(part)));
        assert!(spread(sum, to, from, &unit).is_empty());
    }
}
