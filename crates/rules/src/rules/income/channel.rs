//! IN-06: what came through a wallet or card is booked gross, its cost apart.

use rust_decimal::Decimal;
use xinyi_core::{AccountClass, Date, Severity};

use crate::finding::Finding;
use crate::outside::Paper;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink};
use crate::rules::balances::compared::{Booked, Compared, Line, WINDOW, is_near};

const MOST: Parameter = Parameter { name: "channel-cost-most", form: Form::Ratio, default: &["1/100"] };

pub(crate) const RULE: Rule = Rule {
    code: "IN-06",
    severity: Severity::Warning,
    page: include_str!("channel.md"),
    check: Check::End(check),
    kinds: Kinds::NONE,
    older: false,
    proof: Proof::File(Paper::Bank),
    parameters: &[MOST, WINDOW],
};

fn check(end: &FileEnd<'_>, sink: &mut Sink<'_>) {
    for list in &end.outside.bank {
        let class = end.books.account(&list.account).map(|account| account.class);
        if !matches!(class, Some(AccountClass::Wallet | AccountClass::Processor)) {
            continue;
        }
        let compared = Compared::new(list, &end.books.movements(&list.account), end);
        let came = compared.lines.iter().filter(|line| line.row.amount.is_sign_positive());
        came.for_each(|_| sink.examine());
        let mut gross = unbooked(&compared.lines);
        for booked in compared.booked.iter().filter(|booked| is_income_left(booked)) {
            let movement = &booked.movement;
            let fits = |(day, gross): &(Date, Decimal)| {
                is_near(*day, movement.day, compared.window) && is_less_cost(movement.amount, *gross, end)
            };
            let Some(place) = gross.iter().position(fits) else { continue };
            let (day, gross) = gross.remove(place);
            let finding = Finding::at(movement.index).with("account", &list.account).with("day", day);
            sink.report(finding.differing(gross, movement.amount));
        }
    }
}

fn is_income_left(booked: &Booked<'_>) -> bool {
    !booked.found && booked.movement.amount.is_sign_positive()
}

/// What came in by the list and is not booked: line by line, then day by day.
fn unbooked(lines: &[Line<'_>]) -> Vec<(Date, Decimal)> {
    let left = lines.iter().filter(|line| line.booked.is_none() && line.row.amount.is_sign_positive());
    let left: Vec<(Date, Decimal)> = left.map(|line| (line.row.date, line.row.amount)).collect();
    let days = left.chunk_by(|(one, _), (other, _)| one == other).filter(|lines| lines.len() > 1);
    let sums = days.filter_map(|lines| {
        let (day, _) = lines.first()?;
        Some((*day, lines.iter().map(|(_, amount)| amount).sum()))
    });
    left.iter().copied().chain(sums).collect()
}

/// Whether an amount may be that gross amount less a channel's cost.
fn is_less_cost(net: Decimal, gross: Decimal, end: &FileEnd<'_>) -> bool {
    let most = MOST.ratio(&end.deed);
    net < gross && most.is_some_and(|most| !most.is_below(gross - net, gross))
}
