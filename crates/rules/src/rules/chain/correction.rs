//! CH-06: corrections fit what they correct: a line is reversed once and whole, refunded at most once over, and no more
//! is taken from what is held, advanced or owed than is left of it.

use xinyi_core::{Data, Index, Kind, Restoration, Severity};

use crate::books::facts::{amount_of, replaced_by};
use crate::books::{Remainder, Remembered};
use crate::finding::Finding;
use crate::parameter::{Form, Parameter, Ratio};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};
use crate::rules::decisions::vote;

pub(crate) const RULE: Rule = Rule {
    code: "CH-06",
    severity: Severity::Error,
    page: include_str!("correction.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[
        Kind::Expense,
        Kind::Fee,
        Kind::Forfeit,
        Kind::HeldOut,
        Kind::Income,
        Kind::Refund,
        Kind::Repayment,
        Kind::Restoration,
        Kind::Reversal,
    ]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[REPLACED_LIMIT],
};

/// A replacement of more than so many times its original is a new line that takes an old one's rate and day.
const REPLACED_LIMIT: Parameter = Parameter { name: "replaced-limit", form: Form::Ratio, default: &["2/1"] };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let index = step.entry.index();
    let fault = match step.entry.content().data() {
        Data::Reversal(reversal) => reversed(step.target, reversal.target.index),
        Data::Refund(refund) => refunded(step, refund.amount.decimal()),
        Data::HeldOut(money) if money.target.is_none() => return,
        Data::HeldOut(_) | Data::Forfeit(_) => settled(step, Kind::HeldIn, Remainder::Held),
        Data::Repayment(_) => settled(step, Kind::Advance, Remainder::Advance),
        Data::Restoration(money) => {
            settled(step, Kind::Loss, Remainder::Loss).or_else(|| given_up(step, money))
        }
        data if replaced_by(data).is_some() => replaced(step, data),
        _ => return,
    };
    sink.examine();
    if rests_on_older(step) {
        sink.lack_older();
        if fault.as_ref().is_some_and(|fault| fault.word == NOT_REVERSED) {
            return;
        }
    }
    if let Some(fault) = fault {
        let finding = Finding { entries: step.target_index().into_iter().collect(), ..fault.about(index) };
        let severity = if fault.word == REPLACED_MORE { Severity::Warning } else { sink.rule.severity };
        sink.report_as(severity, finding);
    }
}

/// Whether the line corrected lies before the file of a month: an older line may have corrected it already.
fn rests_on_older(step: &Step<'_>) -> bool {
    let data = step.entry.content().data();
    match data {
        Data::Reversal(_) | Data::Refund(_) => step.target.is_some_and(|line| line.older),
        Data::Restoration(money) if money.account.is_none() => {
            let decision = money.decision.and_then(|link| step.books.line(link.index));
            decision.is_some_and(|line| line.older)
        }
        _ => step.books.is_replaced_unsure(data),
    }
}

const NOT_REVERSED: &str = "not-reversed";
const REPLACED_MORE: &str = "replaced-more";

/// What is wrong with a correction: a word of the page, and figures where there are any.
struct Fault {
    figures: Option<(rust_decimal::Decimal, rust_decimal::Decimal)>,
    word: &'static str,
}

impl Fault {
    const fn word(word: &'static str) -> Self {
        Self { figures: None, word }
    }

    fn about(&self, index: Index) -> Finding {
        let finding = Finding::at(index).with("fault", self.word);
        match self.figures {
            Some((most, found)) => finding.differing(most, found),
            None => finding,
        }
    }
}

fn reversed(target: Option<&Remembered>, index: Index) -> Option<Fault> {
    let Some(target) = target else {
        return Some(Fault::word(if index == Index::default() { "genesis" } else { "kind" }));
    };
    if target.reversed {
        return Some(Fault::word("twice"));
    }
    if target.kind == Kind::Reversal {
        return Some(Fault::word("reversal"));
    }
    (!target.refunded.is_zero()).then(|| Fault::word("refunded"))
}

fn refunded(step: &Step<'_>, amount: rust_decimal::Decimal) -> Option<Fault> {
    if let Some(fault) = kind_of(step.target, &[Kind::Income, Kind::Expense, Kind::Fee, Kind::Distribution]) {
        return Some(fault);
    }
    let target = step.target?;
    if target.reversed {
        return Some(Fault::word("twice"));
    }
    let found = target.refunded + amount;
    (found > target.amount).then_some(Fault { figures: Some((target.amount, found)), word: "more" })
}

/// What is given back, forfeited or made good is at most what is left.
fn settled(step: &Step<'_>, kind: Kind, what: Remainder) -> Option<Fault> {
    if let Some(fault) = kind_of(step.target, &[kind]) {
        return Some(fault);
    }
    let whole = step.target?.amount;
    let before = whole - step.books.left(what, step.target_index()?);
    let found = before + amount_of(step.entry.content().data());
    (found > whole).then_some(Fault { figures: Some((whole, found)), word: "more" })
}

/// A loss that no money made good is given up, and only by a decision that passed.
fn given_up(step: &Step<'_>, money: &Restoration) -> Option<Fault> {
    let is_decided = || money.decision.is_some_and(|decision| vote::passed(step.books, decision.index));
    (money.account.is_none() && !is_decided()).then(|| Fault::word("undecided"))
}

fn replaced(step: &Step<'_>, data: &Data) -> Option<Fault> {
    let named = replaced_by(data).and_then(|index| step.books.line(index));
    if !named.is_some_and(|line| line.reversed || line.kind == Kind::Reversal) {
        return Some(Fault::word(NOT_REVERSED));
    }
    let original = step.books.original(replaced_by(data)).filter(|line| line.kind == data.kind());
    let Some(original) = original else { return Some(Fault::word("replaced-kind")) };
    if step.books.left_to_replace(data) <= rust_decimal::Decimal::ZERO {
        return Some(Fault::word("replaced-twice"));
    }
    let found = original.replaced + amount_of(data);
    let is_much = |limit: Ratio| limit.is_below(found, original.amount);
    let is_more = REPLACED_LIMIT.ratio(&step.deed).is_some_and(is_much);
    is_more.then_some(Fault { figures: Some((original.amount, found)), word: REPLACED_MORE })
}

fn kind_of(target: Option<&Remembered>, kinds: &[Kind]) -> Option<Fault> {
    let fits = target.is_some_and(|line| kinds.contains(&line.kind));
    (!fits).then(|| Fault::word("kind"))
}
