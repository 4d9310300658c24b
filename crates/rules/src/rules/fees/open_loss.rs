//! EX-07: while a loss that a taker must make good is open, that taker takes no fee (Trust Law art. 36).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Data, Index, Kind, Label, Severity};

use crate::books::Remainder;
use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "EX-07",
    severity: Severity::Error,
    page: include_str!("open_loss.md"),
    check: Check::Watch(|| Box::new(Debtors::default())),
    kinds: Kinds::Of(&[Kind::Fee, Kind::Loss]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

/// Who must make each loss good.
#[derive(Clone, Debug, Default)]
struct Debtors(BTreeMap<Index, Label>);

impl Watch for Debtors {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        if let Data::Fee(fee) = step.entry.content().data()
            && !step.books.only_replaces(step.entry.content().data(), fee.amount.decimal())
        {
            self.judge(step, &fee.taker, sink);
        }
        self.recall(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        if let Data::Loss(loss) = step.entry.content().data() {
            self.0.insert(step.entry.index(), loss.debtor.clone());
        }
    }
}

impl Debtors {
    fn judge(&self, step: &Step<'_>, taker: &Label, sink: &mut Sink<'_>) {
        let open = step.books.open(Remainder::Loss);
        if open.keys().any(|index| !self.0.contains_key(index)) {
            sink.lack_older();
        }
        sink.examine();
        // What was restored beyond a loss is CH-06's, and makes no other loss good.
        let is_own =
            |(index, left): &(Index, Decimal)| *left > Decimal::ZERO && self.0.get(index) == Some(taker);
        let own: BTreeMap<_, _> = open.into_iter().filter(is_own).collect();
        if own.is_empty() {
            return;
        }
        let left: Decimal = own.values().sum();
        let finding = Finding { entries: own.into_keys().collect(), ..Finding::at(step.entry.index()) };
        sink.report(finding.with("taker", taker).with("left", left));
    }
}
