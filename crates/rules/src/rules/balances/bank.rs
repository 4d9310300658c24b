//! BK-02: every line of the bank's list has its entries and every entry its line; balances agree but for what is in
//! transit and explained.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Index, Kind, Label, Severity};

use super::compared::{Compared, WINDOW};
use crate::books::Movement;
use crate::finding::Finding;
use crate::outside::{BankList, Paper};
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink, Step, Watch};

const DAYS: Parameter = Parameter { name: "bank-open-days", form: Form::Count, default: &["5"] };

pub(crate) const RULE: Rule = Rule {
    code: "BK-02",
    severity: Severity::Error,
    page: include_str!("bank.md"),
    check: Check::Watch(|| Box::new(Confirmed::default())),
    kinds: Kinds::Of(&[Kind::BankConfirmation]),
    older: true,
    proof: Proof::File(Paper::Bank),
    parameters: &[WINDOW, DAYS],
};

/// What banks confirmed in the ledger, by account.
#[derive(Clone, Debug, Default)]
struct Confirmed(BTreeMap<Label, Vec<Confirmation>>);

#[derive(Clone, Debug)]
struct Confirmation {
    as_of: Date,
    balance: Decimal,
    /// What had moved by the end of that day, as the books stood when it was recorded.
    booked: Decimal,
    /// Bank less books, as far as it is explained.
    explained: Decimal,
    index: Index,
}

impl Watch for Confirmed {
    fn entry(&mut self, step: &Step<'_>, _: &mut Sink<'_>) {
        if let Data::BankConfirmation(said) = step.entry.content().data() {
            let items = said.open_items.iter().flatten();
            let moved = step.books.moved_in(&said.account);
            self.0.entry(said.account.clone()).or_default().push(Confirmation {
                as_of: said.as_of,
                balance: said.balance.decimal(),
                booked: moved.map(|moved| moved.booked_upto(said.as_of)).unwrap_or_default(),
                explained: items.map(|item| item.amount.decimal()).sum(),
                index: step.entry.index(),
            });
        }
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let now = end.books.accounts();
        let account = |label: &Label| Held {
            end,
            movements: end.books.movements(label),
            now: now.get(label).copied().unwrap_or_default(),
        };
        for list in &end.outside.bank {
            let held = account(&list.account);
            let compared = Compared::new(list, &held.movements, end);
            let until = list.to.min(end.last_day);
            judge_lines(list, &compared, until, end, sink);
            judge_entries(list, &compared, until, end, sink);
            judge_closing(list, &compared, &held, sink);
        }
        for (label, confirmations) in &self.0 {
            let moved = end.books.moved_in(label).map(|moved| moved.sum).unwrap_or_default();
            let before = now.get(label).copied().unwrap_or_default() - moved;
            confirmations.iter().for_each(|said| said.judge(label, before, end, sink));
        }
    }
}

/// What lies in an account when the file ends, and how it came there.
struct Held<'a> {
    end: &'a FileEnd<'a>,
    movements: Vec<Movement>,
    now: Decimal,
}

impl Held<'_> {
    /// What lay there before some of the movements.
    fn without(&self, later: impl Fn(&Movement) -> bool) -> Decimal {
        let later = self.movements.iter().filter(|moved| later(moved));
        self.now - later.map(|moved| moved.amount).sum::<Decimal>()
    }
}

/// Whether the books of a day's end cannot be told from a month's file.
fn starts_after(end: &FileEnd<'_>, day: Date) -> bool {
    end.books.from().is_some_and(|from| day < from.previous().last_day())
}

/// Lines of the list without an entry. In a month's file the entries of its first lines may lie before it.
fn judge_lines(
    list: &BankList,
    compared: &Compared<'_>,
    until: Date,
    end: &FileEnd<'_>,
    sink: &mut Sink<'_>,
) {
    let known = end.books.from().map(|from| from.first_day().plus_days(compared.window));
    for line in &compared.lines {
        if line.booked.is_none() && known.is_some_and(|known| line.row.date < known) {
            sink.lack_older();
            continue;
        }
        sink.examine();
        if line.booked.is_none() && !line.differs && is_old(line.row.date, until, end) {
            let finding = Finding::of_period(Some(line.row.date.period())).with("line", line.row.line);
            let finding = finding.with("fault", "line").with("day", line.row.date);
            sink.report(figures(finding, &list.account, line.row.amount, Decimal::ZERO, end));
        }
    }
}

/// Entries without a line of the list.
fn judge_entries(
    list: &BankList,
    compared: &Compared<'_>,
    until: Date,
    end: &FileEnd<'_>,
    sink: &mut Sink<'_>,
) {
    for booked in compared.booked.iter().filter(|booked| booked.must) {
        sink.examine();
        let movement = &booked.movement;
        if !booked.found && is_old(movement.day, until, end) {
            let finding = Finding::at(movement.index).with("day", movement.day);
            let (finding, bank) = match booked.differs {
                Some(row) => (finding.with("fault", "amount").with("line", row.line), row.amount),
                None => (finding.with("fault", "entry"), Decimal::ZERO),
            };
            sink.report(figures(finding, &list.account, bank, movement.amount, end));
        }
    }
}

/// The balance that the list ends with, against the books and what is on its way between the two.
fn judge_closing(list: &BankList, compared: &Compared<'_>, held: &Held<'_>, sink: &mut Sink<'_>) {
    let Some(closing) = list.closing.filter(|_| held.end.last_day >= list.to) else { return };
    if starts_after(held.end, list.to) {
        sink.lack_older();
        return;
    }
    sink.examine();
    let not_booked = compared.lines.iter().filter(|line| line.booked.is_none_or(|day| day > list.to));
    let not_banked = compared.booked.iter().filter(|booked| booked.must && !booked.found);
    let books = held.without(|moved| moved.day > list.to)
        + not_booked.map(|line| line.row.amount).sum::<Decimal>()
        - not_banked.map(|booked| booked.movement.amount).sum::<Decimal>();
    if books != closing {
        let finding =
            Finding::of_period(Some(list.to.period())).with("fault", "closing").with("day", list.to);
        sink.report(figures(finding, &list.account, closing, books, held.end));
    }
}

impl Confirmation {
    /// The balance confirmed, against the books of that day as they stood when it was recorded; `before` is what lay in
    /// the account before anything moved.
    fn judge(&self, account: &Label, before: Decimal, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        if starts_after(end, self.as_of) {
            sink.lack_older();
            return;
        }
        sink.examine();
        let books = before + self.booked + self.explained;
        if books != self.balance {
            let finding = Finding::at(self.index).with("fault", "confirmed").with("day", self.as_of);
            sink.report(figures(finding, account, self.balance, books, end));
        }
    }
}

/// Whether something has been open for longer than the deed allows.
fn is_old(day: Date, until: Date, end: &FileEnd<'_>) -> bool {
    day.days_until(until) > DAYS.days(&end.deed).unwrap_or_default()
}

fn figures(finding: Finding, account: &Label, bank: Decimal, books: Decimal, end: &FileEnd<'_>) -> Finding {
    finding.with("account", account).differing(end.books.in_unit(bank), end.books.in_unit(books))
}
