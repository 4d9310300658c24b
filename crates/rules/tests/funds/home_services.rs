//! 信义托: clients pay ahead for home visits; each visit becomes income when the client has signed for it.

use serde_json::{Value, json};
use xinyi_core::{Kind, Link};

use crate::ledger::{Ledger, day, month, spread, yuan};
use crate::twins::Twin;

/// Clients who pay ahead in a month, each for two visits.
const CLIENTS: u64 = 20;
pub(crate) const VISIT: u64 = 10_000;
const STEP: &str = "visit-confirmed";

/// The year with December still open.
pub(crate) fn year() -> Ledger {
    let mut ledger = Ledger::begin("home-services", "信义托居家服务站", |genesis| {
        genesis["funds"] = json!([{"fund": "home", "name": "居家服务"}]);
    });
    let holding = json!({"account": "bank", "balance": "5000.00", "fund": "home", "held": "0.00"});
    ledger.open(json!([holding]), json!([]));
    ledger.organisations("2026-01-01", &[("nurses", "护理公司")]);
    let line = json!({"amount": "36000.00", "line": "visits", "name": "上门服务成本"});
    ledger.both("2026-01-02", Kind::Budget, json!({"fund": "home", "lines": [line], "year": 2026}));
    let mut prepaid = Vec::new();
    for number in 1..=12 {
        for date in 5..=28 {
            of_day(&mut ledger, number, date, &mut prepaid);
        }
        // In the first month half of the visits paid ahead are still to come, and so is their cost.
        let cost = if number == 1 { 150_000 } else { 250_000 };
        ledger.spend(
            &day(&month(number), 28),
            "home",
            ("visits", cost, "nurses"),
            json!({"budget": "visits"}),
        );
        if number < 12 {
            ledger.close();
        }
    }
    ledger
}

fn of_day(ledger: &mut Ledger, number: u32, date: u32, prepaid: &mut Vec<Link>) {
    let on = day(&month(number), date);
    if date == 6 && number > 1 {
        ledger.fee(&on, "home", &month(number - 1), 0);
    }
    for place in (0..CLIENTS).filter(|place| spread(*place, CLIENTS) == date) {
        prepaid.push(pay_ahead(ledger, &on, 2 * VISIT));
        // The client who came two weeks before has both visits by now.
        if let Some(target) = prepaid.len().checked_sub(11).map(|client| prepaid[client]) {
            for of_client in 1..=2 {
                visit(ledger, &on, &format!("visit-{number:02}{place:02}-{of_client}"), target);
            }
        }
    }
}

fn pay_ahead(ledger: &mut Ledger, on: &str, cents: u64) -> Link {
    let data = json!({"account": "bank", "amount": yuan(cents), "fund": "home", "held_for": "prepayment",
        "payer": ledger.sealed(), "receipt": ledger.receipt()});
    ledger.alone(on, Kind::HeldIn, data)
}

fn confirm(ledger: &mut Ledger, on: &str, visit: &str) {
    let mut slip = ledger.voucher("act");
    slip["salted"] = json!(true);
    let data = json!({"done": on, "project": visit, "step": STEP, "vouchers": [slip]});
    ledger.alone(on, Kind::Step, data);
}

fn earn(ledger: &mut Ledger, on: &str, visit: &str, target: impl Into<Value>) {
    let data =
        json!({"amount": yuan(VISIT), "category": "home-visit", "reason": visit, "target": target.into()});
    ledger.alone(on, Kind::Forfeit, data);
}

fn visit(ledger: &mut Ledger, on: &str, visit: &str, target: Link) {
    confirm(ledger, on, visit);
    earn(ledger, on, visit, json!(target));
}

/// December closed.
pub(crate) fn rest(ledger: &mut Ledger) {
    ledger.close();
}

const LAST: &str = "2026-12-29";

pub(crate) const TWINS: &[Twin] = &[
    Twin::new("a visit of today", &[], |ledger| {
        let target = pay_ahead(ledger, LAST, VISIT);
        visit(ledger, LAST, "visit-last", target);
    }),
    Twin::new("a visit that nobody confirmed", &["HS-01 unconfirmed"], |ledger| {
        let target = pay_ahead(ledger, LAST, VISIT);
        earn(ledger, LAST, "visit-last", json!(target));
    }),
    Twin::new("income a day before the visit", &["HS-01 unconfirmed"], |ledger| {
        let target = pay_ahead(ledger, LAST, VISIT);
        let slip = ledger.voucher("act");
        let data = json!({"done": "2026-12-30", "project": "visit-last", "step": STEP, "vouchers": [slip]});
        ledger.alone(LAST, Kind::Step, data);
        earn(ledger, LAST, "visit-last", json!(target));
    }),
    Twin::new("a visit without a signed slip", &["HS-01 unconfirmed"], |ledger| {
        let target = pay_ahead(ledger, LAST, VISIT);
        ledger.alone(LAST, Kind::Step, json!({"done": LAST, "project": "visit-last", "step": STEP}));
        earn(ledger, LAST, "visit-last", json!(target));
    }),
    Twin::new("one visit, two incomes", &["HS-01 twice"], |ledger| {
        let target = pay_ahead(ledger, LAST, 2 * VISIT);
        visit(ledger, LAST, "visit-last", target);
        earn(ledger, LAST, "visit-last", json!(target));
    }),
];
