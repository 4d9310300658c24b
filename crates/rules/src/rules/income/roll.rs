//! IN-02: the roll bills each unit area × price × months, and the ledger bills what the roll does.

use rust_decimal::Decimal;
use xinyi_core::{Data, Index, Kind, Label, MonthRun, Period, Severity};

use crate::books::facts;
use crate::finding::Finding;
use crate::outside::{Paper, RollRow};
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink, Step, Watch};

const ROUNDING: Parameter = Parameter { name: "bill-rounding", form: Form::Label, default: &["per-month"] };

/// The value of [`ROUNDING`] under which a bill is rounded once.
const PER_BILL: &str = "per-bill";

pub(crate) const RULE: Rule = Rule {
    code: "IN-02",
    severity: Severity::Error,
    page: include_str!("roll.md"),
    check: Check::Watch(|| Box::new(Billed::default())),
    kinds: Kinds::Of(&[Kind::Billing]),
    older: true,
    proof: Proof::File(Paper::Roll),
    parameters: &[ROUNDING],
};

/// What the ledger bills: few lines, a month's roll each.
#[derive(Clone, Debug, Default)]
struct Billed(Vec<Bill>);

#[derive(Clone, Debug)]
struct Bill {
    amount: Decimal,
    category: Label,
    index: Index,
    months: MonthRun,
    price: Option<Decimal>,
}

impl Watch for Billed {
    fn entry(&mut self, step: &Step<'_>, _: &mut Sink<'_>) {
        if let Data::Billing(bill) = step.entry.content().data() {
            self.0.push(Bill {
                amount: bill.amount.decimal(),
                category: bill.category.clone(),
                index: step.entry.index(),
                months: bill.months.clone(),
                price: bill.price.map(|price| price.decimal()),
            });
        }
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let Some(roll) = &end.outside.roll else { return };
        for row in roll {
            self.judge(row, end, sink);
        }
        for stretch in self.stretches(roll) {
            stretch.judge(end, sink);
        }
    }
}

impl Billed {
    /// One unit's bill, at the price that the ledger bills for those months.
    fn judge(&self, row: &RollRow, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let of_row = |bill: &&Bill| bill.category == row.category && overlap(&bill.months, &row.months);
        let mut prices: Vec<Decimal> = self.0.iter().filter(of_row).filter_map(|bill| bill.price).collect();
        if let Some(price) = row.price {
            let is_billed = prices.is_empty() || prices.contains(&price);
            prices = if is_billed { vec![price] } else { prices };
        }
        let bills: Vec<Decimal> = prices.iter().map(|price| bill(row, *price, end)).collect();
        let Some(expected) = nearest(&bills, row.amount) else { return };
        sink.examine();
        if expected != row.amount {
            let finding =
                Finding::of_period(Some(row.months.from)).with("fault", "bill").with("line", row.line);
            let finding = finding.with("category", &row.category).with("months", run(&row.months));
            sink.report(finding.with("area", row.area).differing(expected, row.amount));
        }
    }

    /// Roll and ledger month by month, or over as many months as their bills tie together.
    fn stretches<'a>(&'a self, roll: &'a [RollRow]) -> Vec<Stretch<'a>> {
        let rows = roll.iter().map(|row| (&row.category, &row.months, Side::Roll(row.amount)));
        let bills = self.0.iter().map(|bill| (&bill.category, &bill.months, Side::Ledger(bill)));
        let mut sorted: Vec<_> =
            rows.chain(bills).filter(|(_, months, _)| months.from <= months.to).collect();
        sorted.sort_by_key(|(category, months, _)| (*category, months.from));
        let mut stretches: Vec<Stretch<'a>> = Vec::new();
        for (category, months, side) in sorted {
            let open =
                stretches.last_mut().filter(|last| last.category == category && months.from <= last.to);
            if let Some(stretch) = open {
                stretch.take(months, side);
            } else {
                let mut stretch = Stretch::of(category, months);
                stretch.take(months, side);
                stretches.push(stretch);
            }
        }
        stretches
    }
}

enum Side<'a> {
    Ledger(&'a Bill),
    Roll(Decimal),
}

/// Months of a category that bills tie together.
struct Stretch<'a> {
    billed: Decimal,
    category: &'a Label,
    entries: Vec<Index>,
    from: Period,
    /// What the roll bills; absent where it has no bill for these months.
    roll: Option<Decimal>,
    to: Period,
}

impl<'a> Stretch<'a> {
    const fn of(category: &'a Label, months: &MonthRun) -> Self {
        let (from, to) = (months.from, months.to);
        Self { billed: Decimal::ZERO, category, entries: Vec::new(), from, roll: None, to }
    }

    fn take(&mut self, months: &MonthRun, side: Side<'_>) {
        self.to = self.to.max(months.to);
        match side {
            Side::Ledger(bill) => {
                self.billed += bill.amount;
                self.entries.push(bill.index);
            }
            Side::Roll(amount) => *self.roll.get_or_insert_default() += amount,
        }
    }

    fn judge(&self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        let Some(roll) = self.roll else { return };
        // What is billed ahead, or for a long run, lies in an older month's file.
        if end.books.is_one_month() && self.billed < roll {
            sink.lack_older();
            return;
        }
        sink.examine();
        if self.billed != roll {
            let entries = self.entries.clone();
            let finding = Finding { entries, ..Finding::of_period(Some(self.from)) }.with("fault", "total");
            let months = run(&MonthRun { from: self.from, to: self.to });
            let finding = finding.with("category", self.category).with("months", months);
            sink.report(finding.differing(end.books.in_unit(roll), end.books.in_unit(self.billed)));
        }
    }
}

/// Area × price × months, rounded as the deed of the first month says.
fn bill(row: &RollRow, price: Decimal, end: &FileEnd<'_>) -> Decimal {
    let Some(unit) = end.books.unit() else { return row.amount };
    let deed = end.books.deed_on(row.months.from.first_day());
    let deed = deed.as_ref().unwrap_or(&end.deed);
    let months = Decimal::from(facts::months_in(row.months.from, row.months.to));
    if ROUNDING.values(deed).contains(&PER_BILL) {
        unit.round(row.area * price * months)
    } else {
        unit.round(row.area * price) * months
    }
}

fn overlap(one: &MonthRun, other: &MonthRun) -> bool {
    one.from <= other.to && other.from <= one.to
}

fn nearest(figures: &[Decimal], to: Decimal) -> Option<Decimal> {
    figures.iter().copied().min_by_key(|figure| (*figure - to).abs())
}

fn run(months: &MonthRun) -> String {
    if months.from == months.to {
        months.from.to_string()
    } else {
        format!("{}–{}", months.from, months.to)
    }
}
