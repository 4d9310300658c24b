//! Honest ledgers told once, with the telling kept at two days of each month, to go on from.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use xinyi_core::{Content, Date, Hash, Kind, Period, Severity, StateDocument};
use xinyi_rules::Report;
use xinyi_testkit::honest::{Act, Plan, Scale, Teller, at};

use super::Scene;
use crate::kept::Kept;
use crate::lists::lists;
use crate::recalled::agree;

/// A finding with its entry by name: indexes move when a plan changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) at: Option<String>,
    pub(crate) code: &'static str,
    pub(crate) period: Option<Period>,
    pub(crate) severity: Severity,
}

/// Days at whose beginning a telling is kept: after the month before is closed and its fee taken, and between.
const KEPT: [i32; 2] = [9, 20];

/// A telling before everything recorded from a time on.
struct Before {
    /// The place of the first act from then on.
    place: usize,
    teller: Mutex<Teller<Kept>>,
    found: OnceLock<Vec<Found>>,
}

/// An honest ledger of a year.
pub(crate) struct Ledger {
    before: BTreeMap<Date, Before>,
    /// What of the charges of a month came in by its end, in hundredths.
    pub(crate) collected: BTreeMap<Period, i64>,
    /// The contents of all acts, as they were approved.
    contents: Vec<Content>,
    /// What the shared fund has of its own at a month's end, in hundredths.
    pub(crate) own: BTreeMap<Period, i64>,
    pub(crate) plan: Plan,
}

impl Ledger {
    /// The ledger of a seed, told at most once.
    pub(crate) fn of(seed: u64) -> Arc<Self> {
        static KNOWN: OnceLock<Mutex<HashMap<u64, Arc<Ledger>>>> = OnceLock::new();
        let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap();
        Arc::clone(known.entry(seed).or_insert_with(|| Arc::new(Self::told(seed))))
    }

    fn told(seed: u64) -> Self {
        let plan = Plan::new(Scale { first: "2028-01", households: 5, months: 13, seed });
        let mut teller = Teller::new(plan.genesis.clone(), Kept::new());
        let (mut before, mut collected) = (BTreeMap::new(), BTreeMap::new());
        for (place, act) in plan.acts.iter().enumerate() {
            before.entry(kept_on(day_of(act))).or_insert_with(|| {
                let teller = Mutex::new(teller.fork());
                Before { place, teller, found: OnceLock::new() }
            });
            teller.tell([act]);
            if act.kind == Kind::Close {
                let period = act.text("period").parse().unwrap();
                let of_month = teller.keeper.checker.books().collections(period);
                collected.insert(period, of_month.iter().map(|charge| in_cents(charge.collected)).sum());
            }
        }
        let contents = teller.community.entries.iter().skip(1).map(|entry| entry.content().clone()).collect();
        let own = teller.keeper.named.iter().map(|(period, document)| (*period, own_of(document))).collect();
        Self { before, collected, contents, own, plan }
    }

    /// The first place so late that the ledger does not go on for this many months after it.
    pub(crate) fn last_place(&self, months: u32) -> usize {
        let last = self.before.keys().next_back().unwrap().period();
        let last = (0..months).fold(last, |month, _| month.previous());
        self.plan.acts.partition_point(|act| day_of(act) < last.first_day())
    }

    /// The findings of a changed plan some months after a place, once the month before is closed and its fee taken,
    /// and those of the honest one at that time. `filed` are honest acts that the committee says it approved.
    pub(crate) fn retell(&self, months: u32, place: usize, scene: &Scene) -> (Vec<Found>, &[Found]) {
        let month = (0..months).fold(day_of(&self.plan.acts[place]).period(), |month, _| month.next());
        let (changed, end) = (&scene.plan, month.first_day().plus_days(KEPT[0] - 1));
        let (from, mut teller) = self.telling_before(changed, place);
        let limit = at(end, 0, 0);
        teller.tell(changed.acts[from..].iter().take_while(|act| act.recorded < limit));
        if scene.is_fraud() && place.is_multiple_of(8) {
            let named = teller.keeper.named.values().cloned();
            agree(&teller.community, named)
                .map(drop)
                .unwrap_or_else(|wrong| panic!("{}: {wrong}", scene.name));
        }
        let filed: Vec<Content> = scene.filed.iter().map(|name| self.content(name)).collect();
        if let Some(change) = scene.outside {
            let mut outside = lists(&self.plan.acts, &self.plan.areas, &teller.names, end.plus_days(-1));
            change(&mut outside, scene);
            teller.keeper.checker = teller.keeper.checker.with_outside(outside);
        }
        let before = &self.before[&end];
        (found(teller, &filed), before.found.get_or_init(|| found(before.teller.lock().unwrap().fork(), &[])))
    }

    /// The last kept telling before the place that the change does not touch, and the place of its next act.
    fn telling_before(&self, changed: &Plan, place: usize) -> (usize, Teller<Kept>) {
        if changed.genesis != self.plan.genesis {
            return (0, Teller::new(changed.genesis.clone(), Kept::new()));
        }
        let same = self.plan.acts.iter().zip(&changed.acts).take_while(|(honest, changed)| honest == changed);
        let same = same.count().min(place);
        let before = self.before.values().rev().find(|before| before.place <= same).unwrap();
        (before.place, before.teller.lock().unwrap().fork())
    }

    fn content(&self, name: &str) -> Content {
        self.contents[self.plan.place(name)].clone()
    }
}

fn in_cents(amount: Decimal) -> i64 {
    (amount * Decimal::ONE_HUNDRED).to_i64().unwrap()
}

fn own_of(document: &StateDocument) -> i64 {
    let shared = document.holdings.iter().filter(|holding| holding.fund.as_str() == "shared");
    shared.map(|holding| in_cents(holding.balance.decimal())).sum()
}

fn day_of(act: &Act) -> Date {
    act.recorded.day_at("+08:00".parse().unwrap())
}

/// The last day not after this one at whose beginning a telling is kept.
fn kept_on(day: Date) -> Date {
    let of = |month: Period| KEPT.map(|kept| month.first_day().plus_days(kept - 1));
    let days = of(day.period().previous()).into_iter().chain(of(day.period()));
    days.filter(|kept| *kept <= day).max().unwrap()
}

fn found(teller: Teller<Kept>, filed: &[Content]) -> Vec<Found> {
    let mut checker = teller.keeper.checker;
    let held: Vec<Hash> = teller.community.entries.iter().map(|entry| entry.content().digest()).collect();
    checker.compare_filed(filed, |content| held.contains(&content.digest()));
    named(checker.finish(), &teller.names)
}

fn named(report: Report, names: &[String]) -> Vec<Found> {
    let name = |finding: &xinyi_rules::Finding| {
        finding.at.map(|index| names[usize::try_from(index.get()).unwrap()].clone())
    };
    let found = |finding: xinyi_rules::Finding| {
        let at = name(&finding);
        Found { at, code: finding.code, period: finding.period, severity: finding.severity }
    };
    report.findings.into_iter().map(found).collect()
}
