//! ST-02: a month's file is posted in time and long enough, and a year's accounts are audited.

use std::collections::{BTreeMap, BTreeSet};

use xinyi_core::{Count, Data, Date, Deed, Family, Index, Kind, Period, Publication, Range, Severity, Size};

use crate::finding::Finding;
use crate::parameter::{Form, Parameter};
use crate::rule::{Check, FileEnd, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};

/// Days after a quarter's end to post its last month's file, for deeds that ask it each quarter only.
const QUARTER: Parameter = Parameter { name: "quarter-publish-days", form: Form::Count, default: &[] };

/// How many days it must hang.
const POSTED: Parameter = Parameter { name: "posted-days", form: Form::Count, default: &["15"] };

/// Days after a year's end to have its accounts audited.
const AUDIT: Parameter = Parameter { name: "audit-days", form: Form::Count, default: &[] };

pub(crate) const RULE: Rule = Rule {
    code: "ST-02",
    severity: Severity::Warning,
    page: include_str!("published.md"),
    check: Check::Watch(|| Box::new(Posted::default())),
    kinds: Kinds::Money(&[Kind::AuditOpinion, Kind::Publication]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[AUDIT, POSTED, QUARTER],
};

/// What was closed, posted and audited so far.
#[derive(Clone, Debug, Default)]
struct Posted {
    /// Each audit's day and the lines it looked at.
    audits: Vec<(Date, Range)>,
    closed: BTreeMap<Period, Due>,
    /// The first line of each calendar year that moves money.
    first: BTreeMap<i16, Index>,
    posted: BTreeSet<Period>,
}

/// By when a closed month must be posted, and the year that it ends audited.
#[derive(Clone, Copy, Debug)]
struct Due {
    audited: Option<Date>,
    posted: Option<Date>,
    size: Size,
}

impl Watch for Posted {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        if let Data::Publication(publication) = step.entry.content().data() {
            self.post(step, publication, sink);
        }
        self.recall(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        let content = step.entry.content();
        if content.kind().info().family == Family::Money {
            self.first.entry(content.date().year()).or_insert(step.entry.index());
        }
        match step.entry.content().data() {
            Data::AuditOpinion(opinion) => {
                self.audits.push((step.entry.content().date(), opinion.range.clone()));
            }
            Data::Publication(publication) => {
                self.posted.insert(publication.period);
            }
            _ => {}
        }
    }

    fn month(&mut self, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        let Some((_, close, _)) = month.close else { return };
        let last_day = month.period.last_day();
        let ends_year = month.period.month() == 12;
        let due = Due {
            audited: AUDIT.count(&month.deed).filter(|_| ends_year).map(|days| after(last_day, days)),
            posted: posted_by(&month.deed, month.period),
            size: close.size,
        };
        if due.audited.is_none() && due.posted.is_none() {
            return;
        }
        if month.deed.history_until.is_some_and(|until| last_day < until) {
            sink.skip();
        } else {
            self.closed.insert(month.period, due);
        }
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        for (period, due) in &self.closed {
            if let Some(by) = due.posted.filter(|by| *by < end.last_day) {
                sink.examine();
                if !self.posted.contains(period) {
                    sink.report(missing("unposted", *period, by));
                }
            }
            if let Some(by) = due.audited.filter(|by| *by < end.last_day) {
                if end.books.is_one_month() {
                    sink.lack_older();
                    continue;
                }
                sink.examine();
                let first = self.first.get(&period.year());
                let looks_at_all =
                    |range: &Range| range.size >= due.size && first.is_none_or(|first| range.from <= *first);
                if !self.audits.iter().any(|(day, range)| *day <= by && looks_at_all(range)) {
                    sink.report(missing("unaudited", *period, by));
                }
            }
        }
    }
}

impl Posted {
    fn post(&self, step: &Step<'_>, publication: &Publication, sink: &mut Sink<'_>) {
        let period = publication.period;
        let Some(by) = posted_by(&step.deed, period) else { return };
        if step.deed.history_until.is_some_and(|until| period.last_day() < until) {
            sink.skip();
            return;
        }
        let at = |case| Finding::at(step.entry.index()).with("case", case).with("of", period);
        sink.examine();
        if publication.from > by && !self.posted.contains(&period) {
            if step.books.is_before_start(period) {
                // It may have been posted before, in a month that is not in the file.
                sink.lack_older();
            } else {
                let late = by.days_until(publication.from);
                sink.report(at("late").with("from", publication.from).with("by", by).with("late", late));
            }
        }
        let hung = publication.to.map(|to| i64::from(publication.from.days_until(to)) + 1);
        let limit = POSTED.count(&step.deed).and_then(|days| i64::try_from(days).ok());
        if let Some((hung, limit)) = hung.zip(limit).filter(|(hung, limit)| hung < limit) {
            sink.report(at("short").with("hung", hung).with("limit", limit));
        }
        if publication.vouchers.as_ref().is_none_or(Vec::is_empty) {
            sink.report(at("unproven"));
        }
    }
}

fn missing(case: &'static str, period: Period, by: Date) -> Finding {
    Finding::of_period(Some(period)).with("case", case).with("of", period).with("by", by)
}

/// The last day on which a month's file may be posted, where the deed asks for it.
fn posted_by(deed: &Deed, period: Period) -> Option<Date> {
    let ends_quarter = matches!(period.month(), 3 | 6 | 9 | 12);
    let by_quarter = || QUARTER.count(deed).filter(|_| ends_quarter);
    let days = deed.deadlines.publish_days.map(Count::get).or_else(by_quarter)?;
    Some(after(period.last_day(), days))
}

fn after(day: Date, days: u64) -> Date {
    day.plus_days(i32::try_from(days).unwrap_or(i32::MAX))
}
