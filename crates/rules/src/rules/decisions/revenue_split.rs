//! PR-01: the repair fund gets its share of public revenue (Civil Code art. 282; local rules).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Deed, Index, Label, Opening, Period, Severity, Unit};

use crate::finding::Finding;
use crate::parameter::{Form, Parameter, Ratio};
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};
use crate::rules::payments::repair_fund::REPAIR_FUND;

/// Categories of income that come from common parts.
const PUBLIC: Parameter = Parameter {
    name: "public-revenue",
    form: Form::Label,
    default: &["advert", "base-station", "locker", "parking", "site-rent", "vending"],
};

/// The share that is enough.
const SHARE: Parameter = Parameter { name: "repair-share", form: Form::Ratio, default: &[] };

/// The share of which more is needed.
const SHARE_ABOVE: Parameter = Parameter { name: "repair-share-above", form: Form::Ratio, default: &[] };

/// After how many months of the calendar year the share is due.
const MONTHS: Parameter = Parameter { name: "repair-share-months", form: Form::Count, default: &["12"] };

/// The share of its first amount below which the repair fund is to be filled up.
const BELOW: Parameter = Parameter { name: "repair-share-below", form: Form::Ratio, default: &[] };

/// The figure of an opening that says what the repair fund began with.
const FIRST_AMOUNT: &str = "repair-first-amount";

pub(crate) const RULE: Rule = Rule {
    code: "PR-01",
    severity: Severity::Warning,
    page: include_str!("revenue_split.md"),
    check: Check::Watch(|| Box::new(Split::default())),
    kinds: Kinds::All,
    older: true,
    proof: Proof::Ledger,
    parameters: &[PUBLIC, REPAIR_FUND, SHARE, SHARE_ABOVE, BELOW, MONTHS],
};

/// What came from common parts and what of it went to the repair fund, since the ledger began.
#[derive(Clone, Debug, Default)]
struct Split {
    /// Whether a deed has asked for a share yet.
    asked: bool,
    /// The last run of months whose share was worked out, until it is judged.
    due: Option<Period>,
    first_amount: Option<Decimal>,
    /// Lines that count, and how: refunds and reversals turn their target's signs.
    lines: BTreeMap<Index, Signs>,
    months: BTreeMap<Period, Sums>,
    moved: Decimal,
    required: Decimal,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    moved: Decimal,
    revenue: Decimal,
}

/// Whether a line adds to, or takes from, public revenue and what the repair fund got.
#[derive(Clone, Copy, Debug)]
struct Signs {
    moved: i8,
    revenue: i8,
}

impl Watch for Split {
    fn entry(&mut self, step: &Step<'_>, _: &mut Sink<'_>) {
        if let Data::Opening(opening) = step.entry.content().data() {
            self.first_amount = first_amount(opening);
        }
        self.asked = self.asked || !required_shares(&step.deed).is_empty();
        // What was due stays due under a deed that asks for nothing more.
        if step.books.is_one_month() || !self.asked {
            return;
        }
        if let Some((signs, amount)) = self.counted(step) {
            self.lines.insert(step.entry.index(), signs);
            let sums = self.months.entry(step.entry.content().date().period()).or_default();
            sums.moved += Decimal::from(signs.moved) * amount;
            sums.revenue += Decimal::from(signs.revenue) * amount;
        }
    }

    fn month(&mut self, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        if month.close.is_none() {
            return;
        }
        let shares = required_shares(&month.deed);
        if month.books.is_one_month() {
            let before = month.books.deed_on(month.period.previous().last_day());
            if !shares.is_empty() || before.is_some_and(|deed| !required_shares(&deed).is_empty()) {
                sink.lack_older();
            }
            return;
        }
        // Money of a run's last days is seldom moved before the run is over.
        if let Some(due) = self.due.take_if(|due| due.next() == month.period) {
            self.judge(due, month, sink);
        }
        let run = MONTHS.count(&month.deed).and_then(|months| i8::try_from(months).ok());
        let is_over = run.and_then(|run| month.period.month().checked_rem(run)) == Some(0);
        if is_over && !shares.is_empty() {
            self.require(&shares, month, sink);
        }
    }
}

impl Split {
    fn counted(&self, step: &Step<'_>) -> Option<(Signs, Decimal)> {
        let is_repair = |fund: &Label| REPAIR_FUND.lists(&step.deed, fund);
        let is_public = |category: &Label| PUBLIC.lists(&step.deed, category);
        match step.entry.content().data() {
            Data::Income(income) if is_public(&income.category) => {
                let revenue = i8::from(!required_shares(&step.deed).is_empty());
                let moved = i8::from(is_repair(&income.fund));
                Some((Signs { moved, revenue }, income.amount.decimal()))
            }
            Data::Expense(cost) => {
                self.lines.get(&cost.cost_of?.index)?;
                Some((Signs { moved: 0, revenue: -1 }, cost.amount.decimal()))
            }
            Data::Transfer(money) => {
                let moved = i8::from(is_repair(&money.to.fund)) - i8::from(is_repair(&money.from.fund));
                (moved != 0).then_some((Signs { moved, revenue: 0 }, money.amount.decimal()))
            }
            Data::Refund(refund) => Some((self.turned(refund.target.index)?, refund.amount.decimal())),
            Data::Reversal(_) => Some((self.turned(step.target_index()?)?, step.target?.amount)),
            _ => None,
        }
    }

    fn turned(&self, target: Index) -> Option<Signs> {
        self.lines.get(&target).map(|signs| Signs { moved: -signs.moved, revenue: -signs.revenue })
    }

    /// At the end of a run of months: what its revenue asks of the repair fund.
    fn require(&mut self, shares: &[Share], month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        let later = self.months.split_off(&month.period.next());
        let run = std::mem::replace(&mut self.months, later);
        let revenue: Decimal = run.values().map(|sums| sums.revenue).sum();
        let moved: Decimal = run.values().map(|sums| sums.moved).sum();
        self.moved += moved;
        if let Some(below) = BELOW.ratio(&month.deed) {
            let Some(first) = self.first_amount else {
                sink.lack_older();
                return;
            };
            let name = REPAIR_FUND.values(&month.deed).first().and_then(|name| name.parse::<Label>().ok());
            let funds = month.books.funds();
            let own = name.and_then(|name| funds.get(&name)).map_or(Decimal::ZERO, |(own, _)| *own);
            // What the run itself brought does not make its share superfluous.
            if !below.is_above(own - moved, first) {
                return;
            }
        }
        let least = |unit: &Unit| shares.iter().map(|share| share.least(revenue, unit)).max();
        self.required += month.books.unit().and_then(least).unwrap_or_default();
        self.due = Some(month.period);
    }

    fn judge(&self, due: Period, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        sink.examine();
        let since = self.months.range(..=month.period).map(|(_, sums)| sums.moved).sum::<Decimal>();
        let moved = self.moved + since;
        if moved < self.required {
            let finding = Finding::of_period(Some(month.period)).with("upto", due);
            sink.report(finding.differing(self.required, moved));
        }
    }
}

/// A share that the deed asks.
#[derive(Clone, Copy)]
enum Share {
    AtLeast(Ratio),
    MoreThan(Ratio),
}

impl Share {
    /// The least amount in the unit that is enough; nothing of a loss.
    fn least(self, revenue: Decimal, unit: &Unit) -> Decimal {
        let smallest = Decimal::new(1, u32::from(unit.scale));
        let units = |share: Ratio| share.of(revenue.max(Decimal::ZERO)) / smallest;
        let least = match self {
            Self::AtLeast(share) => units(share).ceil(),
            Self::MoreThan(share) => units(share).floor() + Decimal::ONE,
        };
        if revenue > Decimal::ZERO { unit.round(least * smallest) } else { Decimal::ZERO }
    }
}

/// What the deed asks; of both, the stricter holds.
fn required_shares(deed: &Deed) -> Vec<Share> {
    let at_least = SHARE.ratio(deed).map(Share::AtLeast);
    at_least.into_iter().chain(SHARE_ABOVE.ratio(deed).map(Share::MoreThan)).collect()
}

fn first_amount(opening: &Opening) -> Option<Decimal> {
    let mut figures = opening.figures.iter().flatten();
    figures.find(|figure| figure.name.as_str() == FIRST_AMOUNT).map(|figure| figure.amount.decimal())
}
