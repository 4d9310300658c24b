//! EX-09: a shortfall at a month's end, and who bears it by the deed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{Bearer, Data, Index, Kind, Label, Role, Severity};

use crate::books::{Books, Remainder};
use crate::finding::Finding;
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "EX-09",
    severity: Severity::Warning,
    page: include_str!("deficit.md"),
    check: Check::Watch(|| Box::new(Claims::default())),
    kinds: Kinds::Of(&[Kind::Loss]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

/// Losses, by the fund they are claimed for and the party that must make them good.
#[derive(Clone, Debug, Default)]
struct Claims(BTreeMap<Index, (Label, Label)>);

impl Watch for Claims {
    fn entry(&mut self, step: &Step<'_>, _: &mut Sink<'_>) {
        self.recall(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        if let Data::Loss(loss) = step.entry.content().data() {
            self.0.insert(step.entry.index(), (loss.fund.clone(), loss.debtor.clone()));
        }
    }

    fn month(&mut self, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        for (fund, own) in month.books.own_at(month.period) {
            if own >= Decimal::ZERO {
                sink.examine();
                continue;
            }
            let bearer = month.deed.deficit;
            let Some(claimed) = self.claimed(month.books, &fund, bearer) else {
                sink.lack_older();
                continue;
            };
            sink.examine();
            if claimed + own < Decimal::ZERO {
                let finding = Finding::of_period(Some(month.period)).with("fund", &fund);
                let finding = finding.with("bearer", bearer).with("period", month.period);
                sink.report(finding.with("claimed", claimed).differing(month.books.nothing() - claimed, own));
            }
        }
    }
}

impl Claims {
    /// What the trustee is asked to make good, where it bears the shortfall; `None` if an older loss is not known.
    fn claimed(&self, books: &Books, fund: &Label, bearer: Bearer) -> Option<Decimal> {
        if bearer == Bearer::Owners {
            return Some(books.nothing());
        }
        let trustee = books.party_with(Role::Trustee).map(|party| &party.party);
        let mut sum = books.nothing();
        for (index, left) in books.open(Remainder::Loss) {
            let (of, debtor) = self.0.get(&index)?;
            if of == fund && Some(debtor) == trustee {
                sum += left;
            }
        }
        Some(sum)
    }
}
