//! FD-02: a foundation spends enough of last year's income, and little of what it spends on itself
//! (Charity Law art. 61).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Deed, Kind, Label, Period, Severity, Unit};

use super::years::{Use, Way, Years};
use crate::finding::Finding;
use crate::parameter::{Form, Parameter, Ratio};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "FD-02",
    severity: Severity::Warning,
    page: include_str!("ratios.md"),
    check: Check::Watch(|| Box::new(Foundation::default())),
    kinds: Kinds::Of(&[
        Kind::Expense,
        Kind::Fee,
        Kind::Forfeit,
        Kind::Genesis,
        Kind::Income,
        Kind::Opening,
        Kind::Refund,
        Kind::Reversal,
    ]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[CHARITY, MANAGEMENT, FLOOR, CAP],
};

const CHARITY: Parameter = Parameter { name: "charity-spending", form: Form::Label, default: &[] };
const MANAGEMENT: Parameter =
    Parameter { name: "management-spending", form: Form::Label, default: &["management"] };
const FLOOR: Parameter = Parameter { name: "spending-floor", form: Form::Ratio, default: &["70/100"] };
const CAP: Parameter = Parameter { name: "management-cap", form: Form::Ratio, default: &["10/100"] };

/// Figures of the opening: last year's income, and this year's before the ledger began.
const LAST_INCOME: &str = "last-year-income";
const INCOME_SO_FAR: &str = "income-so-far";
const CHARITY_SO_FAR: &str = "charity-so-far";
const MANAGEMENT_SO_FAR: &str = "management-so-far";
const SPENDING_SO_FAR: &str = "spending-so-far";

/// What came in and was spent by years, and what the opening says of the time before.
#[derive(Clone, Debug, Default)]
struct Foundation {
    opened: Option<i16>,
    opening: BTreeMap<Label, Decimal>,
    years: Years,
}

impl Foundation {
    fn figure(&self, name: &str) -> Option<Decimal> {
        self.opening.iter().find(|(label, _)| label.as_str() == name).map(|(_, amount)| *amount)
    }

    /// The sum of a year; where the ledger began within it, with the opening's figure, else not known.
    fn sum(&self, year: i16, so_far: &str, fits: impl Fn(&Use) -> bool) -> Option<Decimal> {
        let before = if self.years.has_whole(year) {
            Decimal::ZERO
        } else if self.opened == Some(year) {
            self.figure(so_far)?
        } else {
            return None;
        };
        Some(before + self.years.sum(year, fits))
    }

    fn last_income(&self, year: i16) -> Option<Decimal> {
        let stated = self.figure(LAST_INCOME).filter(|_| self.opened == Some(year));
        stated.or_else(|| self.sum(year.saturating_sub(1), INCOME_SO_FAR, |used| used.way == Way::In))
    }

    fn judge(&self, year: i16, deed: &Deed, unit: &Unit, sink: &mut Sink<'_>) {
        let spent_on = |parameter: Parameter| {
            move |used: &Use| {
                used.way == Way::Out && used.category.as_ref().is_some_and(|name| parameter.lists(deed, name))
            }
        };
        let period = Period::new(year, 12);
        let finding = || Finding::of_period(period).with("year", year);
        let charity = self.sum(year, CHARITY_SO_FAR, spent_on(CHARITY));
        match charity.zip(self.last_income(year)).zip(FLOOR.ratio(deed)) {
            Some(((spent, income), floor)) => {
                sink.examine();
                if floor.is_above(spent, income) {
                    let finding = finding().with("case", "little");
                    sink.report(figures(finding, (spent, income), floor, unit));
                }
            }
            None => sink.lack_older(),
        }
        let management = self.sum(year, MANAGEMENT_SO_FAR, spent_on(MANAGEMENT));
        let all = self.sum(year, SPENDING_SO_FAR, |used| used.way == Way::Out);
        match management.zip(all).zip(CAP.ratio(deed)) {
            Some(((spent, all), cap)) => {
                sink.examine();
                if cap.is_below(spent, all) {
                    sink.report(figures(finding().with("case", "much"), (spent, all), cap, unit));
                }
            }
            None => sink.lack_older(),
        }
    }
}

/// The figures of a share that is off its limit.
fn figures(finding: Finding, (part, whole): (Decimal, Decimal), limit: Ratio, unit: &Unit) -> Finding {
    let share = part.checked_div(whole).unwrap_or_default() * Decimal::ONE_HUNDRED;
    let share = share.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let finding = finding.with("whole", whole).with("limit", limit).with("share", format!("{share:.2}"));
    finding.differing(unit.round(limit.of(whole)), part)
}

impl Watch for Foundation {
    fn entry(&mut self, step: &Step<'_>, _: &mut Sink<'_>) {
        self.years.take(step);
        if let Data::Opening(opening) = step.entry.content().data() {
            let figures = opening.figures.iter().flatten();
            self.opening = figures.map(|figure| (figure.name.clone(), figure.amount.decimal())).collect();
            self.opened = Some(step.entry.content().date().year());
        }
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let Some((closed, unit)) = end.books.closed().zip(end.books.unit()) else { return };
        let last = if closed.month() == 12 { closed.year() } else { closed.year() - 1 };
        let first = end.books.from().or(self.years.began);
        for year in first.map_or(last, |first| first.year())..=last {
            let deed = Date::new(year, 12, 31).and_then(|day| end.books.deed_on(day));
            let Some(deed) = deed.filter(|deed| !CHARITY.values(deed).is_empty()) else { continue };
            if end.books.is_one_month() {
                sink.lack_older();
            } else {
                self.judge(year, &deed, unit, sink);
            }
        }
    }
}
