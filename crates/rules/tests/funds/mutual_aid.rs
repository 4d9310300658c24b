//! 普惠保险保障基金: seventy households a month put in, the fund pays premiums and gives aid on events.

use serde_json::{Value, json};
use xinyi_core::{Kind, Link};

use crate::ledger::{Ledger, day, month, spread, yuan};
use crate::twins::Twin;

const GIVERS: u64 = 70;
const GIFT: u64 = 6_000;
const EVENTS: u64 = 8;
pub(crate) const AID: u64 = 30_000;

/// The year with December still open.
pub(crate) fn year() -> Ledger {
    let mut ledger = Ledger::begin("mutual-aid", "普惠保险保障基金", |genesis| {
        genesis["funds"] = json!([{"fund": "aid", "name": "保障基金"}]);
    });
    let holding = json!({"account": "bank", "balance": "20000.00", "fund": "aid", "held": "0.00"});
    ledger.open(json!([holding]), json!([]));
    ledger.organisations("2026-01-01", &[("insurer", "保险公司")]);
    let lines = [("aid", "救助", "60000.00"), ("premium", "代缴保费", "12000.00")];
    let lines = lines.map(|(line, name, amount)| json!({"amount": amount, "line": line, "name": name}));
    ledger.both("2026-01-02", Kind::Budget, json!({"fund": "aid", "lines": lines, "year": 2026}));
    for number in 1..=12 {
        for date in 5..=28 {
            of_day(&mut ledger, number, date);
        }
        if number < 12 {
            ledger.close();
        }
    }
    ledger
}

fn of_day(ledger: &mut Ledger, number: u32, date: u32) {
    let on = day(&month(number), date);
    for _ in (0..GIVERS).filter(|place| spread(*place, GIVERS) == date) {
        let more = json!({"payer": ledger.sealed()});
        ledger.income(&on, ("bank", "aid"), ("contribution", GIFT), more);
    }
    for place in (0..EVENTS).filter(|place| spread(*place, EVENTS) == date) {
        let event = format!("event-2026-{:03}", u64::from(number - 1) * EVENTS + place + 1);
        let payee = claimant(ledger, &on);
        let order = approve(ledger, &on, &event, &payee);
        give(ledger, &on, &payee, AID, json!({"order": order}));
    }
    if date == 28 && number.is_multiple_of(3) {
        ledger.spend(&on, "aid", ("premium", 300_000, "insurer"), json!({"budget": "premium"}));
    }
}

/// Someone helped: registered under a number, the name sealed.
fn claimant(ledger: &mut Ledger, on: &str) -> String {
    let payee = format!("p-{:04}", ledger.number());
    let data = json!({"class": "person", "payee": payee, "related": false, "sealed_name": ledger.sealed()});
    ledger.alone(on, Kind::Payee, data);
    payee
}

/// An event approved: its number and no word more.
fn approve(ledger: &mut Ledger, on: &str, event: &str, payee: &str) -> Link {
    let data = json!({"amount": yuan(AID), "budget": "aid", "category": "aid", "fund": "aid", "payee": payee,
        "purpose": event, "until": "2026-12-31", "vouchers": [ledger.voucher("act")]});
    ledger.both(on, Kind::Order, data)
}

/// Aid paid against the event's papers, without an invoice.
fn give(ledger: &mut Ledger, on: &str, payee: &str, cents: u64, more: Value) -> Link {
    let mut all = json!({"budget": "aid", "invoices": null, "vouchers": [ledger.voucher("receipt")]});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ledger.spend(on, "aid", ("aid", cents, payee), all)
}

/// December closed.
pub(crate) fn rest(ledger: &mut Ledger) {
    ledger.close();
}

const LAST: &str = "2026-12-29";

/// A new event, approved and paid with these cents and fields.
fn event(ledger: &mut Ledger, purpose: &str, cents: u64, more: Value) -> (String, Link) {
    let payee = claimant(ledger, LAST);
    let order = approve(ledger, LAST, purpose, &payee);
    let mut fields = json!({"order": order});
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let paid = give(ledger, LAST, &payee, cents, fields);
    (payee, paid)
}

pub(crate) const TWINS: &[Twin] = &[
    Twin::new("a second payment on one event", &["MA-01 twice"], |ledger| {
        event(ledger, "event-2026-050", AID, json!({}));
    }),
    Twin::new("a second payment after the first came back", &[], |ledger| {
        let (payee, paid) = event(ledger, "event-2026-900", AID, json!({}));
        let data = json!({"account": "bank", "amount": yuan(AID), "fund": "aid", "reason": "账号已注销退回",
            "target": paid});
        ledger.both(LAST, Kind::Refund, data);
        let order = approve(ledger, LAST, "event-2026-900", &payee);
        give(ledger, LAST, &payee, AID, json!({"order": order}));
    }),
    Twin::new("a cent more than approved", &["MA-01 more 300.00 300.01"], |ledger| {
        event(ledger, "event-2026-901", AID + 1, json!({}));
    }),
    Twin::new("no order", &["MA-01 unapproved"], |ledger| {
        let payee = claimant(ledger, LAST);
        give(ledger, LAST, &payee, AID, json!({}));
    }),
    Twin::new("an event in words", &["MA-01 worded"], |ledger| {
        event(ledger, "某某住院", AID, json!({}));
    }),
    Twin::new("a remark in clear", &["MA-01 named"], |ledger| {
        event(ledger, "event-2026-902", AID, json!({"note": "早日康复"}));
    }),
];
