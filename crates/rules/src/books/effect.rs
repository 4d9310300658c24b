//! What one line does to the figures, in pieces that can be undone in whole or in part (spec: M-2, M-6, M-7).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Amount, Index, InvoiceShare, Label, Period, Rate, Text};

use super::bases::Grade;

/// What a running remainder is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remainder {
    /// An advance not yet paid back.
    Advance,
    /// Held money not yet given back.
    Held,
    /// A loss not yet made good.
    Loss,
    /// An order not yet used up.
    Order,
    /// What of a line has not been refunded, once a part has.
    Refund,
    /// An income in a net base, less its linked cost.
    Source,
}

/// One piece of what a line does. Amounts are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// A fee base grows or shrinks.
    Base { taker: Label, rate: Rate, grade: Option<Grade> },
    /// A budget line is used.
    Budget { fund: Label, line: Label, year: i16 },
    /// A contract is paid.
    Contract(Label),
    /// Money held for others moves.
    Held { account: Label, fund: Label },
    /// A remainder changes.
    Left(Remainder, Index),
    /// The fund's own money moves.
    Own { account: Label, fund: Label },
    /// A fee is taken for periods up to this one.
    Taken { taker: Label, upto: Period },
}

/// Effects with their signed amounts.
pub(crate) type Effects = Vec<(Effect, Decimal)>;

/// What of one line moved back in one period, net of refunds undone, and the whole of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MovedBack {
    pub(crate) net: Decimal,
    pub(crate) whole: Decimal,
}

impl MovedBack {
    /// What of the line is not refunded, where `left` was not; zero if all of it is, or nothing (spec: M-6, M-14).
    fn leaves(self, left: Decimal) -> Decimal {
        let before = if left.is_zero() && self.net > Decimal::ZERO { self.whole } else { left };
        let after = before - self.net;
        if after == self.whole { Decimal::ZERO } else { after }
    }
}

/// What money of a fund's own moved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flow {
    Expense,
    Fee,
    Income,
    Other,
}

/// Running figures, or the change of them in one period.
///
/// What moved, and what moved back, is of one period: running figures hold what is left (spec: M-14).
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) back: BTreeMap<Index, MovedBack>,
    pub(crate) bases: BTreeMap<(Label, Rate), Decimal>,
    pub(crate) budgeted: BTreeMap<(Label, i16, Label), Amount>,
    pub(crate) contracts: BTreeMap<Label, Decimal>,
    pub(crate) held: BTreeMap<(Label, Label), Decimal>,
    pub(crate) invoices: BTreeMap<(Text, Amount), Decimal>,
    pub(crate) left: BTreeMap<(Remainder, Index), Decimal>,
    pub(crate) moved: BTreeMap<(Label, Flow), Decimal>,
    pub(crate) own: BTreeMap<(Label, Label), Decimal>,
    pub(crate) rounded: BTreeMap<Label, Decimal>,
    pub(crate) series: BTreeMap<Label, u64>,
    pub(crate) spent: BTreeMap<(Label, i16, Label), Decimal>,
    pub(crate) taken: BTreeMap<(Label, Period), Decimal>,
}

fn add<K: Ord>(to: &mut BTreeMap<K, Decimal>, key: K, amount: Decimal) {
    *to.entry(key).or_default() += amount;
}

impl Figures {
    /// Takes one effect in.
    pub(crate) fn apply(&mut self, effect: &Effect, amount: Decimal) {
        match effect.clone() {
            Effect::Base { taker, rate, .. } => add(&mut self.bases, (taker, rate), amount),
            Effect::Budget { fund, line, year } => add(&mut self.spent, (fund, year, line), amount),
            Effect::Contract(contract) => add(&mut self.contracts, contract, amount),
            Effect::Held { account, fund } => add(&mut self.held, (account, fund), amount),
            Effect::Left(what, index) => add(&mut self.left, (what, index), amount),
            Effect::Own { account, fund } => add(&mut self.own, (account, fund), amount),
            Effect::Taken { taker, upto } => add(&mut self.taken, (taker, upto), amount),
        }
    }

    /// Takes in what was paid of an invoice.
    pub(crate) fn pay(&mut self, share: &InvoiceShare, sign: Decimal) {
        add(&mut self.invoices, (share.number.clone(), share.total), share.amount.decimal() * sign);
    }

    /// Takes in that a part of a line of `whole` moved back, or that such a refund was undone.
    pub(crate) fn move_back(&mut self, target: Index, whole: Decimal, amount: Decimal) {
        let back = self.back.entry(target).or_default();
        back.whole = whole;
        back.net += amount;
    }

    /// Takes in the change of a later period.
    pub(crate) fn merge(&mut self, later: &Self) {
        let sums = [(&mut self.held, &later.held), (&mut self.own, &later.own)];
        for (to, from) in sums {
            from.iter().for_each(|(key, amount)| add(to, key.clone(), *amount));
        }
        later.bases.iter().for_each(|(key, amount)| add(&mut self.bases, key.clone(), *amount));
        later.contracts.iter().for_each(|(key, amount)| add(&mut self.contracts, key.clone(), *amount));
        later.invoices.iter().for_each(|(key, amount)| add(&mut self.invoices, key.clone(), *amount));
        later.left.iter().for_each(|(key, amount)| add(&mut self.left, *key, *amount));
        for (index, back) in &later.back {
            let left = self.left.entry((Remainder::Refund, *index)).or_default();
            *left = back.leaves(*left);
        }
        later.rounded.iter().for_each(|(key, amount)| add(&mut self.rounded, key.clone(), *amount));
        later.spent.iter().for_each(|(key, amount)| add(&mut self.spent, key.clone(), *amount));
        later.taken.iter().for_each(|(key, amount)| add(&mut self.taken, key.clone(), *amount));
        self.budgeted.extend(later.budgeted.iter().map(|(key, amount)| (key.clone(), *amount)));
        for (series, last) in &later.series {
            let known = self.series.entry(series.clone()).or_default();
            *known = (*known).max(*last);
        }
    }
}
