//! PR-02: what is shared out among the owners was decided, is there, and is shared as agreed (Civil Code art. 283).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use xinyi_core::{Data, Distribution, Index, Kind, Severity, Unit};

use super::vote;
use crate::books::Books;
use crate::finding::Finding;
use crate::outside::{Paper, ShareList, ShareRow};
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink, Step, Watch};
use crate::share_out::share_out;

/// What shares go by: `area`, or `unit` for the same to each.
const SHARE_BY: Parameter = Parameter { name: "share-by", form: Form::Label, default: &["area"] };

pub(crate) const RULE: Rule = Rule {
    code: "PR-02",
    severity: Severity::Error,
    page: include_str!("share_list.md"),
    check: Check::Watch(|| Box::new(SharedOut::default())),
    kinds: Kinds::Of(&[Kind::Distribution]),
    older: true,
    proof: Proof::File(Paper::Shares),
    parameters: &[SHARE_BY],
};

/// The distributions of the file.
#[derive(Clone, Debug, Default)]
struct SharedOut(BTreeMap<Index, Decided>);

/// A distribution, and whether its shares go by area.
#[derive(Clone, Debug)]
struct Decided {
    amount: Decimal,
    by_area: bool,
    shares: u64,
}

impl Watch for SharedOut {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let Data::Distribution(distribution) = step.entry.content().data() else { return };
        let by_area = SHARE_BY.values(&step.deed).first() == Some(&"area");
        let (amount, shares) = (distribution.amount.decimal(), distribution.shares.get());
        self.0.insert(step.entry.index(), Decided { amount, by_area, shares });
        sink.examine();
        check_decision(step, distribution, sink);
        check_money(step, distribution, sink);
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let Some(unit) = end.books.unit() else { return };
        for list in &end.outside.shares {
            match self.0.get(&list.distribution) {
                Some(decided) if !is_undone(end.books, list.distribution) => {
                    decided.compare(list, unit).into_iter().for_each(|found| sink.report(found));
                }
                Some(_) => {}
                None if end.books.is_one_month() => sink.lack_older(),
                None => sink.report(Finding::at(list.distribution).with("case", "nothing")),
            }
        }
    }
}

fn is_undone(books: &Books, index: Index) -> bool {
    books.line(index).is_some_and(|line| line.left().is_zero())
}

fn check_decision(step: &Step<'_>, distribution: &Distribution, sink: &mut Sink<'_>) {
    let decision = distribution.decision.index;
    if !vote::passed(step.books, decision) {
        let finding = Finding { entries: vec![decision], ..Finding::at(step.entry.index()) };
        sink.report(finding.with("case", "decision").with("decision", decision));
    } else if step.books.line(decision).is_some_and(|line| line.older) {
        // A line that is not in a month's file may have reversed it.
        sink.lack_older();
    }
}

fn check_money(step: &Step<'_>, distribution: &Distribution, sink: &mut Sink<'_>) {
    if step.books.is_early() {
        sink.lack_older();
        return;
    }
    let own = step.books.funds().get(&distribution.fund).map_or(Decimal::ZERO, |(own, _)| *own);
    let amount = distribution.amount.decimal();
    if amount > own {
        let finding = Finding::at(step.entry.index()).with("case", "money").with("fund", &distribution.fund);
        sink.report(finding.differing(own, amount));
    }
}

impl Decided {
    fn compare(&self, list: &ShareList, unit: &Unit) -> Vec<Finding> {
        let at = |case| Finding::at(list.distribution).with("case", case);
        let rows = u64::try_from(list.rows.len()).unwrap_or(u64::MAX);
        let listed: Decimal = list.rows.iter().map(|row| row.amount).sum();
        let count = (rows != self.shares)
            .then(|| at("count").differing(Decimal::from(self.shares), Decimal::from(rows)));
        let sum = (listed != self.amount).then(|| at("sum").differing(self.amount, listed));
        let share = match self.shares_of(list, unit) {
            Some(shares) => first_wrong(list, &shares)
                .map(|(row, share)| at("share").with("line", row.line).differing(share, row.amount)),
            None => Some(at("list")),
        };
        count.into_iter().chain(sum).chain(share).collect()
    }

    /// What each unit of the list should get; `None` if a unit stands twice or areas are no measure.
    fn shares_of<'l>(&self, list: &'l ShareList, unit: &Unit) -> Option<BTreeMap<&'l str, Decimal>> {
        let weight = |row: &ShareRow| if self.by_area { hundredths(row.area) } else { Some(1) };
        let weights: Option<BTreeMap<&str, u64>> =
            list.rows.iter().map(|row| Some((row.unit.as_str(), weight(row)?))).collect();
        share_out(self.amount, &weights.filter(|weights| weights.len() == list.rows.len())?, unit)
    }
}

/// An area in hundredths of a square metre, as votes and bills count it.
fn hundredths(area: Decimal) -> Option<u64> {
    area.checked_mul(Decimal::ONE_HUNDRED).filter(Decimal::is_integer)?.to_u64()
}

fn first_wrong<'l>(list: &'l ShareList, shares: &BTreeMap<&str, Decimal>) -> Option<(&'l ShareRow, Decimal)> {
    let with_share = list.rows.iter().filter_map(|row| Some((row, *shares.get(row.unit.as_str())?)));
    with_share.into_iter().find(|(row, share)| row.amount != *share)
}
