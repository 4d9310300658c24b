//! What has been spent so far, of a budget line and under a contract, and who is related to whom.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Amount, Deed, Label};

use super::{Books, Effect, Effects, Figures};

/// A budget line as an entry uses it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BudgetKey {
    pub(crate) fund: Label,
    pub(crate) line: Label,
    pub(crate) year: i16,
}

impl BudgetKey {
    /// The budget line that effects use, in the year they count in: a replacement keeps its original's (spec: M-7).
    pub(crate) fn used_by(effects: &Effects) -> Option<Self> {
        effects.iter().find_map(|(effect, _)| match effect {
            Effect::Budget { fund, line, year } => {
                Some(Self { fund: fund.clone(), line: line.clone(), year: *year })
            }
            _ => None,
        })
    }
}

impl Books {
    /// The budget figures of a year: budgeted and spent by line.
    #[must_use]
    pub fn budget(&self, year: i16) -> BTreeMap<Label, (Option<Amount>, Decimal)> {
        let total = self.total();
        let mut lines: BTreeMap<Label, (Option<Amount>, Decimal)> = BTreeMap::new();
        for ((_, of_year, line), amount) in &total.budgeted {
            // No budget and one of zero are the same (M-13).
            if *of_year == year && !amount.decimal().is_zero() {
                lines.entry(line.clone()).or_default().0 = Some(*amount);
            }
        }
        for ((_, of_year, line), amount) in &total.spent {
            if *of_year == year {
                lines.entry(line.clone()).or_default().1 += *amount;
            }
        }
        lines
    }

    /// What the budget has for a line and what has been spent on it, net, over all entries taken in.
    pub(crate) fn budget_of(&self, key: &BudgetKey) -> (Option<Amount>, Decimal) {
        let place = (key.fund.clone(), key.year, key.line.clone());
        let budgeted = self.figures().find_map(|figures| figures.budgeted.get(&place)).copied();
        let spent = self.figures().filter_map(|figures| figures.spent.get(&place));
        let spent = spent.fold(self.nothing(), |sum, spent| sum + spent);
        // No budget and one of zero are the same (M-13).
        (budgeted.filter(|amount| !amount.decimal().is_zero()), spent)
    }

    /// What has been paid or received under a contract, net, over all entries taken in.
    pub(crate) fn moved_under(&self, contract: &Label) -> Decimal {
        let moved = self.figures().filter_map(|figures| figures.contracts.get(contract));
        moved.fold(self.nothing(), |sum, moved| sum + moved)
    }

    /// The months' changes, the latest first, then what was carried.
    fn figures(&self) -> impl Iterator<Item = &Figures> {
        self.months.values().rev().chain([&self.carried])
    }

    /// Whether a payee is related to the trustee or a committee member: the deed says so, its registration does, or
    /// it shares a group with one that is. `None` where a month's file has no registration of it.
    pub(crate) fn is_related(&self, deed: &Deed, label: &Label) -> Option<bool> {
        if deed.related.contains(label) {
            return Some(true);
        }
        let Some(payee) = self.payee(label) else { return (!self.is_one_month()).then_some(false) };
        let shares_group = |group: &Label| {
            let named = deed.related.iter().filter_map(|label| self.payee(label));
            self.has_related(group) || named.filter_map(|payee| payee.group.as_ref()).any(|of| of == group)
        };
        Some(payee.related || payee.group.as_ref().is_some_and(shares_group))
    }
}
