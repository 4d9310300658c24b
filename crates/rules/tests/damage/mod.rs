//! Random damage to honest plans: acts left out, repeated, moved, stripped of fields and approvals, made dearer.

#![allow(dead_code, reason = "not every test uses every helper")]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use xinyi_core::Kind;
use xinyi_rules::Report;
use xinyi_testkit::honest::{Act, Chance, Plan, Scale, Teller, at, cents, yuan};

use crate::kept::{Kept, links};
use crate::lists::lists;

/// What makes an entry more than money: a rule may ask for each.
const FIELDS: [&str; 13] = [
    "budget",
    "channel",
    "contract",
    "cost_of",
    "decision",
    "emergency",
    "invoice",
    "invoices",
    "occurred",
    "order",
    "receipt",
    "service",
    "vouchers",
];

/// Half a year of an honest ledger.
fn whole(seed: u64) -> Plan {
    Plan::new(Scale { first: "2028-01", households: 4, months: 6, seed })
}

/// The report of a damaged ledger beside the lists that the honest one would agree with.
pub(crate) fn compared(told: &Teller<Kept>, seed: u64) -> Report {
    let plan = whole(seed);
    let until = plan.acts.last().unwrap().date;
    let outside = lists(&plan.acts, &plan.areas, &told.names, until);
    told.keeper.checker.clone().with_outside(outside).finish()
}

/// Half a year of an honest ledger with so many damages.
pub(crate) fn damaged(seed: u64, count: u64) -> Plan {
    let mut plan = whole(seed);
    let mut chance = Chance::new(seed);
    for number in 0..count {
        let place = chance.within(0, plan.acts.len() as u64) as usize;
        damage(&mut plan, place, number, &mut chance);
    }
    plan
}

fn damage(plan: &mut Plan, place: usize, number: u64, chance: &mut Chance) {
    if matches!(plan.acts[place].kind, Kind::Close | Kind::Deed | Kind::Keys | Kind::Opening) {
        return;
    }
    match chance.within(0, 6) {
        0 => drop(plan.acts.remove(place)),
        1 => {
            let mut again = plan.acts[place].clone();
            again.name = format!("{} again {number}", again.name);
            plan.acts.insert(place + 1, again);
        }
        2 => {
            let act = &mut plan.acts[place];
            let day = act.date.plus_days(chance.within(1, 40) as i32);
            act.recorded = at(day, 12, 0);
            plan.acts.sort_by_key(|act| act.recorded);
        }
        3 => strip(&mut plan.acts[place], chance),
        4 => plan.acts[place].by.truncate(1),
        _ => reprice(&mut plan.acts[place], chance),
    }
}

fn strip(act: &mut Act, chance: &mut Chance) {
    let fields = act.data.as_object_mut().unwrap();
    let present: Vec<&str> = FIELDS.into_iter().filter(|field| fields.contains_key(*field)).collect();
    let may_lack =
        matches!(act.kind, Kind::Expense | Kind::Fee | Kind::Income | Kind::Refund | Kind::Transfer);
    if may_lack && !present.is_empty() {
        fields.remove(present[chance.within(0, present.len() as u64) as usize]);
    }
}

fn reprice(act: &mut Act, chance: &mut Chance) {
    if let Some(Value::String(amount)) = act.data.get("amount") {
        let amount = cents(amount) * chance.within(1, 40) as i64 / 10;
        act.data["amount"] = json!(yuan(amount));
    }
}

/// Tells every act that the replay takes, and that is about nothing left out.
pub(crate) fn tell_what_stands(plan: &Plan) -> Teller<Kept> {
    let mut teller = Teller::new(plan.genesis.clone(), Kept::new());
    let mut told = BTreeSet::new();
    for act in &plan.acts {
        let stands = links(&act.data).iter().all(|name| told.contains(name));
        if stands && teller.try_tell(act).is_ok() {
            told.insert(act.name.clone());
        }
    }
    teller
}
