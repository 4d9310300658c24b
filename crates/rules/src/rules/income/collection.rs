//! IN-03: of what was billed for a month, the share that the deed expects came in by the month's end.

use xinyi_core::Severity;

use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink};

const FLOOR: Parameter = Parameter { name: "collection-floor", form: Form::LabelRatio, default: &[] };

pub(crate) const RULE: Rule = Rule {
    code: "IN-03",
    severity: Severity::Note,
    page: include_str!("collection.md"),
    check: Check::Month(check),
    kinds: Kinds::NONE,
    older: true,
    proof: Proof::Ledger,
    parameters: &[FLOOR],
};

fn check(month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
    if month.close.is_none() {
        return;
    }
    for collection in month.books.collections(month.period) {
        let Some(floor) = FLOOR.ratio_of(&month.deed, &collection.category) else { continue };
        // What was paid or billed for the month in earlier ones lies in their files.
        if month.books.is_one_month() {
            sink.lack_older();
            continue;
        }
        sink.examine();
        if floor.is_above(collection.collected, collection.receivable) {
            let least = month.books.in_unit(floor.of(collection.receivable));
            let finding = Finding::of_period(Some(month.period)).with("period", month.period);
            let finding = finding.with("category", &collection.category).with("fund", &collection.fund);
            let finding = finding.with("floor", floor).with("receivable", collection.receivable);
            sink.report(finding.differing(least, collection.collected));
        }
    }
}
