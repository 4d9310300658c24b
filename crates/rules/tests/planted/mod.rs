//! How a fraud is planted and looked for: at 20 places, told from the month of its first change on.

pub(crate) mod approvals;
pub(crate) mod balances;
pub(crate) mod chain;
pub(crate) mod decisions;
pub(crate) mod disclosure;
pub(crate) mod fees;
pub(crate) mod income;
mod ledger;
pub(crate) mod payments;
mod scene;

use std::collections::BTreeSet;

use serde_json::json;
use xinyi_core::{Kind, Period, Severity};
use xinyi_testkit::honest::{Act, Chance, Teller};

use crate::kept::Kept;

pub(crate) use self::ledger::Found;
use self::ledger::Ledger;
pub(crate) use self::scene::Scene;

/// At so many places each fraud is planted.
const PLACES: usize = 20;
/// Ledgers are asked for places in this order, until there are enough.
const SEEDS: std::ops::Range<u64> = 1..21;

/// A fraud and its twin: `plant` changes the plan by `scene.step`, 1 for the fraud and 0 for the twin.
#[derive(Clone, Copy)]
pub(crate) struct Fraud {
    pub(crate) name: &'static str,
    /// The rule that must find it.
    pub(crate) code: &'static str,
    /// Around which acts it can be planted.
    pub(crate) fits: fn(&Act) -> bool,
    /// Changes the plan and says where the finding must be.
    pub(crate) plant: fn(&mut Scene) -> Where,
    /// How many months after the place the ledger goes on.
    pub(crate) months: u32,
    /// Codes of lighter rules that may speak of the twin too, because its figure lies near a limit.
    pub(crate) beside: &'static [&'static str],
}

/// What most frauds have in common.
pub(crate) const PLAIN: Fraud =
    Fraud { name: "", code: "", fits: |_| false, plant: |scene| scene.here(), months: 1, beside: &[] };

/// Where a finding must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// At the act of this name.
    At(String),
    /// About this month.
    Of(Period),
}

impl Where {
    fn is_of(&self, found: &Found) -> bool {
        match self {
            Self::At(name) => found.at.as_deref() == Some(name),
            Self::Of(period) => found.at.is_none() && found.period == Some(*period),
        }
    }
}

/// Plants each fraud and its twin, and says all that is wrong.
pub(crate) fn plant(frauds: &[Fraud]) {
    let wrong: Vec<String> = frauds.iter().filter_map(|fraud| plant_one(fraud).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Plants a fraud and its twin at its places.
fn plant_one(fraud: &Fraud) -> Result<(), String> {
    for (seed, place) in places(fraud)? {
        let ledger = Ledger::of(seed);
        let act = &ledger.plan.acts[place].name;
        let told = |step| {
            let mut scene = Scene::new(&ledger, place, step);
            let expected = (fraud.plant)(&mut scene);
            if !scene.is_misstated {
                scene.plan.settle();
            }
            let (found, honest) = ledger.retell(fraud.months, place, &scene);
            let fresh: Vec<Found> = found.into_iter().filter(|found| !honest.contains(found)).collect();
            (expected, fresh)
        };
        let (expected, fresh) = told(1);
        let hit = fresh.iter().find(|found| found.code == fraud.code && expected.is_of(found));
        let Some(hit) = hit else {
            let (name, code) = (fraud.name, fraud.code);
            return Err(format!("{name} around {act} of {seed}: no {code} at {expected:?}, but {fresh:?}"));
        };
        let (_, mut fresh) = told(0);
        fresh.retain(|found| {
            !(fraud.beside.contains(&found.code) && is_lighter(found.severity, hit.severity))
        });
        if !fresh.is_empty() {
            return Err(format!("the twin of {} around {act} of {seed}: {fresh:?}", fraud.name));
        }
    }
    Ok(())
}

/// An act of a month is recorded just before the month's close, and refused just after it.
pub(crate) fn refused_in_a_closed_month() {
    for seed in SEEDS.take(2) {
        let plan = &Ledger::of(seed).plan;
        let mut teller = Teller::new(plan.genesis.clone(), Kept::new());
        for act in &plan.acts {
            let late = (act.kind == Kind::Close).then(|| late_for(act));
            if let Some(late) = &late {
                teller.fork().tell([late]);
            }
            teller.tell([act]);
            if let Some(late) = &late {
                let refused = teller.try_tell(late).map_err(|error| error.code());
                assert_eq!(refused.err(), Some("period-closed"), "{} of {seed}", act.name);
            }
        }
    }
}

/// An act dated on the last day of the month that a close closes, recorded when that is.
fn late_for(close: &Act) -> Act {
    let month: Period = close.text("period").parse().unwrap();
    let data = json!({"class": "organisation", "name": "样例", "payee": "late", "related": false});
    let act = Act::new(month.last_day(), Kind::Payee, data).named("late").recorded(close.recorded);
    Act { recorder: close.recorder.clone(), ..act }
}

/// Different places, drawn from as few ledgers as have enough of them.
fn places(fraud: &Fraud) -> Result<Vec<(u64, usize)>, String> {
    let mut known: Vec<(u64, usize)> = Vec::new();
    for seed in SEEDS {
        let ledger = Ledger::of(seed);
        let end = ledger.last_place(fraud.months);
        let fitting = ledger.plan.places(fraud.fits).into_iter().filter(|place| *place < end);
        known.extend(fitting.map(|place| (seed, place)));
        if known.len() >= 3 * PLACES || known.len() >= PLACES && seed >= 4 {
            break;
        }
    }
    if known.len() < PLACES {
        return Err(format!("{}: {} places", fraud.name, known.len()));
    }
    let mut chance = Chance::new(u64::from(fraud.name.bytes().map(u32::from).sum::<u32>()));
    let mut drawn = BTreeSet::new();
    while drawn.len() < PLACES {
        drawn.insert(known[chance.within(0, known.len() as u64) as usize]);
    }
    Ok(drawn.into_iter().collect())
}

const fn is_lighter(one: Severity, other: Severity) -> bool {
    matches!(
        (one, other),
        (Severity::Note, Severity::Warning | Severity::Error) | (Severity::Warning, Severity::Error)
    )
}
