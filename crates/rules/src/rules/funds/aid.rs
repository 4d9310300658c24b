//! MA-01: one event, one payment of aid, within what was approved, and nobody named.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Expense, Index, Kind, Label, PayeeClass, Severity, Text};

use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "MA-01",
    severity: Severity::Error,
    page: include_str!("aid.md"),
    check: Check::Watch(|| Box::new(Events::default())),
    kinds: Kinds::Of(&[Kind::Expense, Kind::Order]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[AID],
};

const AID: Parameter = Parameter { name: "aid-category", form: Form::Label, default: &[] };

/// What was approved, and what was paid on each event.
#[derive(Clone, Debug, Default)]
struct Events {
    orders: BTreeMap<Index, (Text, Decimal)>,
    paid: BTreeMap<Text, Vec<(Index, Decimal)>>,
}

impl Events {
    fn note_order(&mut self, step: &Step<'_>) {
        if let Data::Order(order) = step.entry.content().data()
            && order.category.as_ref().is_some_and(|category| AID.lists(&step.deed, category))
        {
            let approved = (order.purpose.clone(), order.amount.decimal());
            self.orders.insert(step.entry.index(), approved);
        }
    }

    /// The event that an expense's order approves, and how much; an order that was reversed approves nothing.
    fn approval(&self, step: &Step<'_>, expense: &Expense) -> Option<(Text, Decimal)> {
        let order = expense.order?.index;
        let approved = self.orders.get(&order)?;
        step.books.stands(order).then(|| approved.clone())
    }

    /// An earlier payment on the event that stands: neither reversed nor given back in whole.
    fn standing(&self, step: &Step<'_>, event: &Text) -> Option<Index> {
        let stands =
            |(index, amount): &&(Index, Decimal)| step.books.left_of(*index, *amount) > Decimal::ZERO;
        self.paid.get(event).into_iter().flatten().find(stands).map(|(index, _)| *index)
    }

    fn paid(&mut self, step: &Step<'_>, expense: &Expense, sink: &mut Sink<'_>) {
        let index = step.entry.index();
        sink.examine();
        if step.books.is_one_month() {
            sink.lack_older();
        }
        let finding = || Finding::at(index).amended_by(&[Amend::Reversal]).with("amount", expense.amount);
        if is_named(step, expense) {
            sink.report(finding().with("case", "named").with("event", "-"));
        }
        let Some((event, approved)) = self.approval(step, expense) else {
            sink.report(finding().with("case", "unapproved").with("event", "-"));
            return;
        };
        let finding = || finding().with("event", &event);
        if event.as_str().parse::<Label>().is_err() {
            sink.report(finding().with("case", "worded"));
        }
        if let Some(first) = self.standing(step, &event) {
            let twice = finding().with("case", "twice").with("first", first);
            sink.report(Finding { entries: vec![first], ..twice });
        } else if expense.amount.decimal() > approved {
            sink.report(finding().with("case", "more").differing(approved, expense.amount.decimal()));
        }
        self.paid.entry(event).or_default().push((index, expense.amount.decimal()));
    }

    fn recall_paid(&mut self, step: &Step<'_>) {
        if let Data::Expense(expense) = step.entry.content().data()
            && let Some((event, _)) = expense.order.and_then(|order| self.orders.get(&order.index))
        {
            let paid = self.paid.entry(event.clone()).or_default();
            paid.push((step.entry.index(), expense.amount.decimal()));
        }
    }
}

/// Whether a line says in clear who was helped: a payee that is no sealed person, or a remark.
fn is_named(step: &Step<'_>, expense: &Expense) -> bool {
    let payee = step.books.payee(&expense.payee);
    expense.note.is_some() || payee.is_some_and(|payee| payee.class != PayeeClass::Person)
}

impl Watch for Events {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        self.note_order(step);
        if let Data::Expense(expense) = step.entry.content().data()
            && AID.lists(&step.deed, &expense.category)
        {
            self.paid(step, expense, sink);
        }
    }

    fn recall(&mut self, step: &Step<'_>) {
        self.note_order(step);
        self.recall_paid(step);
    }
}
