//! SE-01: a social enterprise returns the agreed share of its audited profit in time, or a claim is booked.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Deed, Index, Kind, Label, Opinion, Severity};

use super::years::{Use, Way, Years};
use crate::books::Remembered;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter, Ratio};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "SE-01",
    severity: Severity::Error,
    page: include_str!("profit_share.md"),
    check: Check::Watch(|| Box::new(Enterprise::default())),
    kinds: Kinds::Of(&[
        Kind::AuditOpinion,
        Kind::Close,
        Kind::Expense,
        Kind::Fee,
        Kind::Forfeit,
        Kind::Genesis,
        Kind::Income,
        Kind::Loss,
        Kind::Opening,
        Kind::Refund,
        Kind::Restoration,
        Kind::Reversal,
    ]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[SHARE, FUND, CATEGORY, DAYS],
};

const SHARE: Parameter = Parameter { name: "profit-share", form: Form::Ratio, default: &[] };
const FUND: Parameter = Parameter { name: "profit-fund", form: Form::Label, default: &["enterprise"] };
const CATEGORY: Parameter =
    Parameter { name: "profit-share-category", form: Form::Label, default: &["profit-share"] };
const DAYS: Parameter = Parameter { name: "profit-share-days", form: Form::Count, default: &["90"] };

/// The opening's figure for the profit of a year before the ledger began in it.
const PROFIT_SO_FAR: &str = "profit-so-far";

/// Years that were audited, what was returned, and what is claimed.
#[derive(Clone, Debug, Default)]
struct Enterprise {
    /// The opinion on each year: its line and day.
    audited: BTreeMap<i16, (Index, Date)>,
    /// Claims on the fund, by their lines.
    claims: BTreeMap<Index, Decimal>,
    /// Closes of December, by their lines.
    ends: BTreeMap<Index, i16>,
    /// The profit before the ledger began, in the year of its opening.
    opened: Option<(i16, Decimal)>,
    /// What was made good of claims, by day; negative where that was reversed.
    restored: Vec<(Date, Decimal)>,
    /// What was returned, by day; negative where it came back or was reversed.
    returned: Vec<(Date, Decimal)>,
    years: Years,
}

impl Enterprise {
    fn note(&mut self, step: &Step<'_>) {
        let (index, date) = (step.entry.index(), step.entry.content().date());
        match step.entry.content().data() {
            Data::Close(close) if close.period.month() == 12 => {
                self.ends.insert(index, close.period.year());
            }
            Data::AuditOpinion(opinion) if is_confirming(opinion.opinion) => {
                let range = &opinion.range;
                for (_, year) in self.ends.range(range.from..).filter(|(end, _)| range.size.covers(**end)) {
                    self.audited.entry(*year).or_insert((index, date));
                }
            }
            Data::Opening(opening) => {
                let figures = opening.figures.iter().flatten();
                let profit = figures.filter(|figure| figure.name.as_str() == PROFIT_SO_FAR);
                self.opened = profit.map(|figure| (date.year(), figure.amount.decimal())).next();
            }
            Data::Expense(expense) if CATEGORY.lists(&step.deed, &expense.category) => {
                self.returned.push((step.occurred, expense.amount.decimal()));
            }
            Data::Refund(refund) if is_share(step) => {
                self.returned.push((step.occurred, -refund.amount.decimal()));
            }
            Data::Restoration(money) if self.claims.contains_key(&money.target.index) => {
                self.restored.push((step.occurred, money.amount.decimal()));
            }
            Data::Reversal(reversal) => {
                self.claims.remove(&reversal.target.index);
                let is_of_claim = |line: &&Remembered| {
                    line.kind == Kind::Restoration
                        && line.target.is_some_and(|claim| self.claims.contains_key(&claim))
                };
                let undone = step.target.filter(is_of_claim);
                self.restored.extend(undone.map(|line| (line.occurred, -line.amount)));
                let line = step.target.filter(|_| is_share(step));
                self.returned.extend(line.map(|line| (line.occurred, -line.amount)));
            }
            Data::Loss(loss) if FUND.lists(&step.deed, &loss.fund) => {
                self.claims.insert(index, loss.amount.decimal());
            }
            _ => {}
        }
    }

    /// What a year brought, without the share returned; `None` if a part of it is not known.
    fn profit(&self, year: i16, deed: &Deed) -> Option<Decimal> {
        let opened = self.opened.filter(|(opened, _)| *opened == year).map(|(_, profit)| profit);
        let before = if self.years.has_whole(year) { Decimal::ZERO } else { opened? };
        let is_of_fund = |used: &Use| FUND.lists(deed, &used.fund);
        let is_share = |used: &Use| used.category.as_ref().is_some_and(|name| CATEGORY.lists(deed, name));
        let came = self.years.sum(year, |used| is_of_fund(used) && used.way == Way::In);
        let went = self.years.sum(year, |used| is_of_fund(used) && used.way == Way::Out && !is_share(used));
        Some(before + came - went)
    }

    /// What was due of one year.
    fn owed(&self, year: i16, share: Ratio, end: &FileEnd<'_>) -> Option<Decimal> {
        let exact = share.of(self.profit(year, &end.deed)?.max(Decimal::ZERO));
        Some(end.books.unit().map_or(exact, |unit| unit.round(exact)))
    }

    /// Judges the share of one audited year, together with those before it.
    fn judge(&self, year: i16, share: Ratio, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let Some((index, audited)) = self.audited.get(&year).copied() else { return };
        let deadline = DAYS.days(&end.deed);
        let deadline = audited.plus_days(deadline.unwrap_or(i32::MAX));
        if end.last_day <= deadline {
            return;
        }
        let owed = self.audited.range(..=year).map(|(year, _)| self.owed(*year, share, end));
        let Some((due, profit)) = owed.sum::<Option<Decimal>>().zip(self.profit(year, &end.deed)) else {
            sink.lack_older();
            return;
        };
        sink.examine();
        let in_time = |moved: &[(Date, Decimal)]| -> Decimal {
            moved.iter().filter(|(day, _)| *day <= deadline).map(|(_, amount)| amount).sum()
        };
        let returned = in_time(&self.returned);
        // A claim that was made good by then is none any more: what it was for has been returned.
        let claimed = self.claims.values().sum::<Decimal>() - in_time(&self.restored);
        let settled = end.books.unit().map_or(returned, |unit| unit.round(returned + claimed));
        if settled < due {
            let finding =
                Finding::at(index).with("year", year).with("share", share).with("deadline", deadline);
            sink.report(finding.with("profit", profit).differing(due, settled));
        }
    }
}

const fn is_confirming(opinion: Opinion) -> bool {
    matches!(opinion, Opinion::Qualified | Opinion::Unqualified)
}

/// Whether a correction undoes a share returned.
fn is_share(step: &Step<'_>) -> bool {
    step.target.is_some_and(|line| {
        let category: Option<&Label> = line.category.as_ref();
        line.kind == Kind::Expense && category.is_some_and(|name| CATEGORY.lists(&step.deed, name))
    })
}

impl Watch for Enterprise {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let is_audit = matches!(step.entry.content().data(), Data::AuditOpinion(_));
        if is_audit && step.books.is_one_month() && SHARE.ratio(&step.deed).is_some() {
            sink.lack_older();
        }
        self.years.take(step);
        self.note(step);
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let Some(share) = SHARE.ratio(&end.deed).filter(|_| !end.books.is_one_month()) else { return };
        for year in self.audited.keys() {
            self.judge(*year, share, end, sink);
        }
    }
}
