//! What a taker may have taken by the end of a period (spec: M-9, D-3).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Entry, Kind, Label, Period, Rate, Unit, share_of};

use super::facts::replaced_by;
use super::{Books, Effect, Effects};
use crate::finding::Term;

/// What a taker has earned and taken for all periods up to one, with the terms of the formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// The base at each rate, over all periods up to this one.
    pub bases: Vec<(Rate, Decimal)>,
    /// Σ rate × base, rounded once, and the fixed amounts.
    pub earned: Decimal,
    /// Fixed amounts of all periods up to this one.
    pub fixed: Decimal,
    /// Fees taken for periods up to this one, net of what was given back.
    pub taken: Decimal,
    /// The taker.
    pub taker: Label,
    /// The period.
    pub upto: Period,
}

impl Entitlement {
    /// The terms whose sum, rounded once, is what was earned; a fixed amount is the whole of itself.
    #[must_use]
    pub fn formula(&self) -> Vec<Term> {
        let shares = self.bases.iter().map(|(rate, amount)| Term { amount: *amount, rate: *rate });
        let whole = Rate::new(1, 1).filter(|_| !self.fixed.is_zero());
        shares.chain(whole.map(|rate| Term { amount: self.fixed, rate })).collect()
    }

    /// What is left to take; negative if too much was taken.
    #[must_use]
    pub fn left(&self) -> Decimal {
        self.earned - self.taken
    }
}

/// What a taker had earned at the end of a period, as far as it is worked out on bases.
#[derive(Clone, Debug, Default)]
pub(crate) struct Earned {
    bases: BTreeMap<Rate, Decimal>,
    /// Fixed amounts of all periods up to its end.
    pub(super) fixed: Decimal,
    /// Σ of the shares already rounded, where the deed rounds entry by entry.
    rounded: Decimal,
    /// Fees that lines up to its end took, whatever periods they are for.
    taken: Decimal,
}

impl Earned {
    fn plus(mut self, bases: Self) -> Self {
        for (rate, base) in bases.bases {
            *self.bases.entry(rate).or_default() += base;
        }
        self.rounded += bases.rounded;
        self
    }
}

impl Books {
    /// What `taker` may have taken by the end of `upto`; of a closed period as it was closed and assessed since.
    ///
    /// The base is what is dated in periods up to `upto`; `taken` counts fees by the periods they are for.
    #[must_use]
    pub fn entitlement(&self, taker: &Label, upto: Period) -> Entitlement {
        let earned_on = self.earned_at(taker, upto);
        let fixed = self.fixed_upto(taker, upto);
        let bases: Vec<_> = earned_on.bases.iter().map(|(rate, base)| (*rate, *base)).collect();
        let earned = self.amount_earned(taker, &earned_on, fixed);
        let mut taken = self.taken_for(taker, upto);
        taken.rescale(earned.scale());
        Entitlement { bases, earned, fixed, taken, taker: taker.clone(), upto }
    }

    fn amount_earned(&self, taker: &Label, earned: &Earned, fixed: Decimal) -> Decimal {
        let bases: Vec<_> = earned.bases.iter().map(|(rate, base)| (*rate, *base)).collect();
        let share = |unit: &Unit| match self.rounds_each(taker) {
            true => unit.round(earned.rounded + fixed),
            // A base beyond the format's limits earns nothing.
            false => unit.round(share_of(&bases, unit).unwrap_or_default() + fixed),
        };
        self.unit.as_ref().map(share).unwrap_or_default()
    }

    /// What was earned by the end of a period, of a closed one as it was noted.
    fn earned_at(&self, taker: &Label, period: Period) -> Earned {
        let noted = self.earned.get(&(period, taker.clone()));
        noted.cloned().unwrap_or_else(|| self.earned_upto(taker, period))
    }

    /// What of a month's excess its fees brought about: all beyond what was handed on to it and what its refunds and
    /// reversals, less what replaces them, took from the entitlement (spec: M-9).
    pub(crate) fn over_taken_in(&self, position: &Entitlement) -> Decimal {
        let (taker, period) = (&position.taker, position.upto);
        let is_first = self.closed.is_some_and(|closed| period <= closed)
            && !self.earned.contains_key(&(period.previous(), taker.clone()));
        let before = if is_first { Earned::default() } else { self.earned_at(taker, period.previous()) };
        let now = self.earned_at(taker, period);
        if now.taken <= before.taken {
            return Decimal::ZERO;
        }
        let fixed = self.fixed_upto(taker, period.previous());
        let handed_on = before.taken - self.amount_earned(taker, &before, fixed);
        let moved = self.moved_back.get(&(period, taker.clone())).cloned().unwrap_or_default();
        let moved = self.amount_earned(taker, &now.plus(moved), position.fixed) - position.earned;
        let others = handed_on.max(Decimal::ZERO) + moved.max(Decimal::ZERO);
        (-position.left() - others).max(Decimal::ZERO)
    }

    /// Notes what money moving back takes from the bases, and what lines that replace reversed ones give them again.
    pub(super) fn note_moved_back(&mut self, entry: &Entry, effects: &Effects) {
        let is_back = matches!(entry.content().kind(), Kind::Refund | Kind::Reversal);
        if !is_back && replaced_by(entry.content().data()).is_none() {
            return;
        }
        let period = entry.content().date().period();
        let rounded = self.rounded(effects);
        for (effect, amount) in effects {
            if let Effect::Base { taker, rate, .. } = effect {
                let moved = self.moved_back.entry((period, taker.clone())).or_default();
                *moved.bases.entry(*rate).or_default() -= *amount;
            }
        }
        for (taker, amount) in rounded {
            self.moved_back.entry((period, taker)).or_default().rounded -= amount;
        }
    }

    /// Whether a fee of this taker for this period stands in the books.
    #[must_use]
    pub fn was_taken(&self, taker: &Label, period: Period) -> bool {
        let fees = self.fee_lines.get(&(taker.clone(), period)).into_iter().flatten();
        fees.into_iter().any(|(index, amount)| self.left_of(*index, *amount) > Decimal::ZERO)
    }

    /// Notes the months that a fee is for.
    pub(super) fn note_fee(&mut self, entry: &Entry) {
        let Data::Fee(fee) = entry.content().data() else { return };
        for period in &fee.periods {
            let fees = self.fee_lines.entry((fee.taker.clone(), *period)).or_default();
            fees.push((entry.index(), fee.amount.decimal()));
        }
    }

    /// Whether a deed names the taker.
    #[must_use]
    pub fn is_taker(&self, taker: &Label) -> bool {
        self.deeds.iter().flat_map(|(_, deed)| &deed.fees).any(|term| term.taker == *taker)
    }

    /// What was earned by the end of a period that is being closed.
    pub(super) fn earned_by(&self, taker: &Label, period: Period) -> Earned {
        Earned { fixed: self.fixed_upto(taker, period), ..self.earned_upto(taker, period) }
    }

    /// What all periods up to `upto` gave that are still told apart.
    pub(crate) fn earned_upto(&self, taker: &Label, upto: Period) -> Earned {
        let open = self.months.range(..=upto).map(|(_, figures)| figures);
        let ahead = self.accruals_upto(upto);
        let mut earned = Earned::default();
        for figures in open.chain([&self.carried, &ahead]) {
            for ((_, rate), base) in figures.bases.iter().filter(|((of, _), _)| of == taker) {
                *earned.bases.entry(*rate).or_default() += *base;
            }
            earned.rounded += figures.rounded.get(taker).copied().unwrap_or_default();
            let taken = figures.taken.iter().filter(|((of, _), _)| of == taker);
            earned.taken += taken.map(|(_, amount)| *amount).sum::<Decimal>();
        }
        earned
    }

    /// An assessment changes what closed periods from its months on had earned (spec: M-12).
    pub(crate) fn regrade_closed(&mut self, taker: &Label, month: Period, moved: &[(Rate, Decimal)]) {
        if moved.is_empty() {
            return;
        }
        let rounds_each = self.rounds_each(taker);
        for ((period, of), earned) in self.earned.range_mut((month, taker.clone())..) {
            if of != taker || *period < month {
                continue;
            }
            for (rate, amount) in moved {
                *earned.bases.entry(*rate).or_default() += *amount;
                if let Some(unit) = self.unit.as_ref().filter(|_| rounds_each) {
                    let exact = *amount * Decimal::from(rate.num()) / Decimal::from(rate.den());
                    earned.rounded += unit.round(exact);
                }
            }
        }
    }

    /// Fees for periods up to `upto`, whenever they were taken; of a closed period before the last, by the lines.
    pub(crate) fn taken_for(&self, taker: &Label, upto: Period) -> Decimal {
        let upto_then = |fees: &BTreeMap<(Label, Period), Decimal>| -> Decimal {
            let fees = fees.range(..=(taker.clone(), upto)).rev();
            fees.take_while(|((of, _), _)| of == taker).map(|(_, amount)| amount).sum()
        };
        if self.closed.is_some_and(|last| upto < last) {
            upto_then(&self.fees)
        } else {
            self.months.values().chain([&self.carried]).map(|figures| upto_then(&figures.taken)).sum()
        }
    }

    /// Whether the deed rounds this taker's fee entry by entry.
    pub(crate) fn rounds_each(&self, taker: &Label) -> bool {
        let term = self.last_deed().and_then(|deed| deed.fees.iter().find(|term| term.taker == *taker));
        term.is_some_and(|term| term.rounding == xinyi_core::Rounding::Entry)
    }
}
