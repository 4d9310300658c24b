//! What a taker may have taken by the end of a period (spec: M-9, D-3).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Basis, Label, Period, Rate, Unit, share_of};

use super::Books;

/// What a taker has earned and taken for all periods up to one, with the terms of the formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// The base at each rate, over all periods up to this one.
    pub bases: Vec<(Rate, Decimal)>,
    /// Σ rate × base, rounded once.
    pub earned: Decimal,
    /// Fees taken for periods up to this one, net of what was given back.
    pub taken: Decimal,
    /// The taker.
    pub taker: Label,
    /// The period.
    pub upto: Period,
}

impl Entitlement {
    /// What is left to take; negative if too much was taken.
    #[must_use]
    pub fn left(&self) -> Decimal {
        self.earned - self.taken
    }
}

impl Books {
    /// What `taker` may have taken by the end of `upto`; exact for a period that is open or was closed last.
    ///
    /// The base is what is dated in periods up to `upto`; `taken` counts fees by the periods they are for.
    #[must_use]
    pub fn entitlement(&self, taker: &Label, upto: Period) -> Entitlement {
        let bases = self.bases_upto(taker, upto);
        let earned = self
            .earned
            .get(&(upto, taker.clone()))
            .copied()
            .unwrap_or_else(|| self.share(taker, &bases, upto));
        let mut taken = self.taken_for(taker, upto);
        taken.rescale(earned.scale());
        Entitlement { bases, earned, taken, taker: taker.clone(), upto }
    }

    /// The bases by rate of all periods up to `upto` that are still told apart.
    fn bases_upto(&self, taker: &Label, upto: Period) -> Vec<(Rate, Decimal)> {
        let open = self.months.range(..=upto).map(|(_, figures)| figures);
        let mut bases: Vec<(Rate, Decimal)> = Vec::new();
        for figures in open.chain([&self.carried]) {
            for ((of, rate), base) in &figures.bases {
                if of == taker {
                    match bases.iter_mut().find(|(known, _)| known == rate) {
                        Some((_, sum)) => *sum += *base,
                        None => bases.push((*rate, *base)),
                    }
                }
            }
        }
        bases.sort();
        bases
    }

    /// Σ rate × base, rounded once (spec: V-7). A base beyond the format's limits earns nothing.
    fn share(&self, taker: &Label, bases: &[(Rate, Decimal)], upto: Period) -> Decimal {
        if self.rounds_each(taker) {
            let open = self.months.range(..=upto).map(|(_, figures)| figures);
            return open.chain([&self.carried]).filter_map(|figures| figures.rounded.get(taker)).sum();
        }
        let unit = self.unit.as_ref();
        unit.and_then(|unit: &Unit| share_of(bases, unit)).unwrap_or_default()
    }

    pub(crate) fn earned_upto(&self, taker: &Label, upto: Period) -> Decimal {
        self.share(taker, &self.bases_upto(taker, upto), upto)
    }

    /// Fees for periods up to `upto`, whenever they were taken; of a closed period before the last, by the lines.
    pub(crate) fn taken_for(&self, taker: &Label, upto: Period) -> Decimal {
        let fees: Vec<&BTreeMap<(Label, Period), Decimal>> = if self.closed.is_some_and(|last| upto < last) {
            vec![&self.fees]
        } else {
            self.months.values().chain([&self.carried]).map(|figures| &figures.taken).collect()
        };
        let fees = fees.into_iter().flatten();
        fees.filter(|((of, period), _)| of == taker && *period <= upto).map(|(_, amount)| amount).sum()
    }

    /// Whether the deed rounds this taker's fee entry by entry.
    pub(crate) fn rounds_each(&self, taker: &Label) -> bool {
        let term = self.last_deed().and_then(|deed| deed.fees.iter().find(|term| term.taker == *taker));
        term.is_some_and(|term| term.rounding == xinyi_core::Rounding::Entry)
    }

    /// Whether this version can work the taker's fee out: on a cash basis only.
    #[must_use]
    pub fn is_workable(&self, taker: &Label) -> bool {
        let term = self.last_deed().and_then(|deed| deed.fees.iter().find(|term| term.taker == *taker));
        term.is_some_and(|term| {
            term.basis == Basis::Cash && term.performance.is_none() && term.fixed.is_none()
        })
    }
}
