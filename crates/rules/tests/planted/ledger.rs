//! Honest ledgers told once, with the telling at the beginning of each month kept to go on from.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use xinyi_core::{Content, Hash, Period, Severity};
use xinyi_rules::Report;
use xinyi_testkit::honest::{Plan, Scale, Teller, at};

use crate::kept::Kept;

/// A finding with its entry by name: indexes move when a plan changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) at: Option<String>,
    pub(crate) code: &'static str,
    pub(crate) period: Option<Period>,
    pub(crate) severity: Severity,
}

/// An honest ledger of a year.
pub(crate) struct Ledger {
    pub(crate) plan: Plan,
    /// The telling before the first act recorded in each month, with the place of that act.
    months: BTreeMap<Period, (usize, Mutex<Teller<Kept>>)>,
    /// The whole, and the findings at the end of each month.
    found: Mutex<BTreeMap<Period, Arc<Vec<Found>>>>,
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
        let mut months = BTreeMap::new();
        for (place, act) in plan.acts.iter().enumerate() {
            let month = month_of(&plan, place);
            months.entry(month).or_insert_with(|| (place, Mutex::new(teller.fork())));
            teller.tell([act]);
        }
        Self { plan, months, found: Mutex::default() }
    }

    /// The first place so late that the ledger does not go on for this many months after it.
    pub(crate) fn last_place(&self, months: u32) -> usize {
        let last = self.months.keys().next_back().copied().unwrap();
        let last = (0..=months).fold(last, |month, _| month.previous());
        self.months[&last.next()].0
    }

    /// The findings of a changed plan some months after a place, and those of the honest one at that time. `filed`
    /// are the names of honest acts that the committee says it approved.
    pub(crate) fn retell(
        &self,
        changed: &Plan,
        months: u32,
        place: usize,
        filed: Option<&[String]>,
    ) -> (Vec<Found>, Arc<Vec<Found>>) {
        let end = (0..=months).fold(month_of(&self.plan, place), |month, _| month.next());
        let (from, mut teller) = self.telling_before(changed, place);
        let limit = at(end.first_day(), 0, 0);
        teller.tell(changed.acts[from..].iter().take_while(|act| act.recorded < limit));
        let filed = filed.map(|names| self.contents(names));
        (found(teller, filed), self.honest(end))
    }

    /// The last kept telling before the place that the change does not touch, and the place of its next act.
    fn telling_before(&self, changed: &Plan, place: usize) -> (usize, Teller<Kept>) {
        if changed.genesis != self.plan.genesis {
            return (0, Teller::new(changed.genesis.clone(), Kept::new()));
        }
        let same = self.plan.acts.iter().zip(&changed.acts).take_while(|(honest, changed)| honest == changed);
        let same = same.count().min(place);
        let (from, teller) = self.months.values().rev().find(|(place, _)| *place <= same).unwrap();
        (*from, teller.lock().unwrap().fork())
    }

    fn honest(&self, end: Period) -> Arc<Vec<Found>> {
        let mut known = self.found.lock().unwrap();
        let told = || Arc::new(found(self.months[&end].1.lock().unwrap().fork(), None));
        Arc::clone(known.entry(end).or_insert_with(told))
    }

    /// The contents of honest acts, as they were approved.
    fn contents(&self, names: &[String]) -> Vec<Content> {
        let last = self.months.values().next_back().unwrap().1.lock().unwrap();
        let place = |name: &String| last.names.iter().position(|known| known == name).unwrap();
        names.iter().map(|name| last.community.entries[place(name)].content().clone()).collect()
    }
}

fn month_of(plan: &Plan, place: usize) -> Period {
    let offset = "+08:00".parse().unwrap();
    plan.acts[place].recorded.day_at(offset).period()
}

fn found(teller: Teller<Kept>, filed: Option<Vec<Content>>) -> Vec<Found> {
    let mut checker = teller.keeper.checker;
    if let Some(filed) = filed {
        let held: Vec<Hash> = teller.community.entries.iter().map(|entry| entry.content().digest()).collect();
        checker.compare_filed(&filed, |content| held.contains(&content.digest()));
    }
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
