//! TB-01: services of a time bank are confirmed, do not overlap, keep to the day's cap and move no money.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xinyi_core::{AccountClass, Data, Date, Family, Index, Kind, Label, Role, Service, Severity};

use super::balances::Balances;
use super::given::{Given, Side, duration};
use super::is_time_bank;
use crate::amend::Amend;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter, Ratio};
use crate::rule::{Check, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "TB-01",
    severity: Severity::Error,
    page: include_str!("service.md"),
    check: Check::Watch(|| Box::new(TimeBank::default())),
    kinds: Kinds::All,
    older: true,
    proof: Proof::Ledger,
    parameters: &[CAP, WEIGHT, DEBT, POOL],
};

const CAP: Parameter = Parameter { name: "day-minutes", form: Form::Count, default: &["480"] };
const WEIGHT: Parameter = Parameter { name: "item-weight", form: Form::LabelRatio, default: &[] };
const DEBT: Parameter = Parameter { name: "time-debt", form: Form::Count, default: &["0"] };
const POOL: Parameter = Parameter { name: "time-pool", form: Form::Label, default: &["pool"] };

/// What stands of the services told so far, and what members have.
#[derive(Clone, Debug, Default)]
struct TimeBank {
    balances: Balances,
    given: Given,
    services: BTreeMap<Index, (Service, Date)>,
}

/// The day on which a service began, by the ledger's clock.
fn day_of(step: &Step<'_>, service: &Service) -> Date {
    service.begin.day_at(step.books.offset())
}

impl TimeBank {
    fn note(&mut self, step: &Step<'_>) {
        match step.entry.content().data() {
            Data::Service(service) => {
                let day = day_of(step, service);
                self.given.add(step.entry.index(), service, day);
                self.services.insert(step.entry.index(), (service.clone(), day));
            }
            Data::Reversal(reversal) => {
                if let Some((service, day)) = self.services.remove(&reversal.target.index) {
                    self.given.remove(reversal.target.index, &service, day);
                }
            }
            _ => {}
        }
    }

    fn judge(&self, step: &Step<'_>, service: &Service, sink: &mut Sink<'_>) {
        sink.examine();
        confirmed(step, service, sink);
        if service.end <= service.begin {
            sink.report(finding(step, service, "times"));
            return;
        }
        if service.end > step.entry.recorded() {
            sink.report(finding(step, service, "ahead"));
        }
        weighed(step, service, sink);
        self.at_two_places(step, service, sink);
        let day = day_of(step, service);
        // Seconds add up over the day; a minute begun is told as one.
        let given = self.given.seconds(&service.giver, day) + duration(service);
        let given = given.saturating_add(59).div_euclid(60);
        if let Some(cap) =
            CAP.count(&step.deed).filter(|cap| i64::try_from(*cap).is_ok_and(|cap| given > cap))
        {
            let finding = finding(step, service, "cap").with("day", day);
            sink.report(finding.differing(cap.into(), given.into()));
        }
    }

    fn at_two_places(&self, step: &Step<'_>, service: &Service, sink: &mut Sink<'_>) {
        // Services of older months are not in a month's file; one of its own months cannot overlap those.
        if step.books.from().is_some_and(|from| day_of(step, service) < from.first_day()) {
            sink.lack_older();
        }
        for (member, side, case) in [
            (&service.giver, Side::Giver, "giver-twice"),
            (&service.receiver, Side::Receiver, "receiver-twice"),
        ] {
            if let Some(other) = self.given.overlap(member, side, service) {
                let finding = finding(step, service, case).with("other", other);
                sink.report(Finding { entries: vec![other], ..finding });
            }
        }
    }
}

fn finding(step: &Step<'_>, service: &Service, case: &'static str) -> Finding {
    let finding = Finding::at(step.entry.index())
        .amended_by(&[Amend::Reversal])
        .with("case", case)
        .with("giver", &service.giver);
    finding.with("receiver", &service.receiver).with("item", &service.item)
}

/// Minutes and money in one ledger.
fn mixed(step: &Step<'_>) -> Finding {
    let finding = Finding::at(step.entry.index()).amended_by(&[Amend::Reversal]).with("case", "mixed");
    finding.with("kind", step.entry.content().kind())
}

/// Two members, the receiver's sealed word, and the operator's approval.
fn confirmed(step: &Step<'_>, service: &Service, sink: &mut Sink<'_>) {
    if service.giver == service.receiver {
        sink.report(finding(step, service, "self"));
    }
    for member in [&service.giver, &service.receiver] {
        match step.books.account(member) {
            Some(account) if account.class == AccountClass::Member => {}
            None if step.books.is_one_month() => sink.lack_older(),
            _ => sink.report(finding(step, service, "stranger").with("member", member)),
        }
    }
    if service.token.is_none() {
        sink.report(finding(step, service, "token"));
    }
    if !step.is_signed_as(Role::Trustee) {
        sink.report(finding(step, service, "operator"));
    }
}

/// Minutes count by the weight of what was done, rounded to the unit.
fn weighed(step: &Step<'_>, service: &Service, sink: &mut Sink<'_>) {
    let weight = WEIGHT.ratio_of(&step.deed, &service.item).unwrap_or(Ratio { num: 1, den: 1 });
    let exact = weight.of(Decimal::from(duration(service)) / Decimal::from(60));
    let counts = step.books.unit().map_or(exact, |unit| unit.round(exact));
    if counts != service.amount.decimal() {
        let finding = finding(step, service, "amount").with("weight", weight);
        sink.report(finding.differing(counts, service.amount.decimal()));
    }
}

/// In a ledger of minutes, services and transfers move all there is.
const fn moves_minutes(kind: Kind) -> bool {
    matches!(kind, Kind::Reversal | Kind::Transfer)
}

impl Watch for TimeBank {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let content = step.entry.content();
        if !is_time_bank(step.books) {
            if matches!(content.data(), Data::Service(service) if service.amount.decimal() > Decimal::ZERO) {
                sink.examine();
                sink.report(mixed(step));
            }
            return;
        }
        match content.data() {
            Data::Service(service) => self.judge(step, service, sink),
            data if data.kind().info().family == Family::Money => {
                sink.examine();
                if !moves_minutes(data.kind()) {
                    sink.report(mixed(step));
                }
            }
            _ => {}
        }
        self.note(step);
        self.balances.take(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        if is_time_bank(step.books) {
            self.note(step);
        }
    }

    fn month(&mut self, month: &MonthEnd<'_>, sink: &mut Sink<'_>) {
        if !is_time_bank(month.books) {
            return;
        }
        let debt = DEBT.count(&month.deed).unwrap_or_default();
        let floor = Decimal::ZERO - Decimal::from(debt);
        let of_member = |account: &Label| (!POOL.lists(&month.deed, account)).then_some(floor);
        let about = |case: &'static str| Finding::of_period(Some(month.period)).with("case", case);
        let before = self.balances.sum();
        for low in self.balances.end_month(month.period, of_member) {
            let finding = about("floor").with("member", &low.account).with("day", low.day);
            sink.report(finding.differing(floor, low.balance));
        }
        (0..=self.balances.count()).for_each(|_| sink.examine());
        let sum = self.balances.sum();
        // A sum that is wrong is said of the month that made it so.
        if !sum.is_zero() && sum != before {
            sink.report(about("sum").differing(Decimal::ZERO, sum));
        }
    }
}
