//! The charge vote: 308 of 439 heads raise the charge from 0.81 to 1.11 yuan from July on.

use serde_json::{Value, json};
use xinyi_core::{Kind, Resolution};

use crate::ledger::{Ledger, day, month, spread, yuan};
use crate::twins::Twin;

pub(crate) const HEADS: u64 = 439;
/// Every household has 80 square metres, here in hundredths.
const AREA: u64 = 8_000;
/// Old and new price in cents.
pub(crate) const PRICES: (u64, u64) = (81, 111);
/// Lists of five households that pay in a month, and one of seventeen: 437 of 439.
const LISTS: u64 = 84;

const fn price(number: u32) -> u64 {
    if number < 7 { PRICES.0 } else { PRICES.1 }
}

/// The year with December still open.
pub(crate) fn year() -> Ledger {
    let mut ledger = Ledger::begin("property-trust", "调价小区", |genesis| {
        let share = json!({"name": "matter-share-of-all", "value": "charge=70/100"});
        genesis["deed"]["parameters"].as_array_mut().unwrap().push(share);
    });
    ledger.organisations("2026-01-01", &[("cleaning", "保洁公司")]);
    let line = json!({"amount": "300000.00", "line": "cleaning", "name": "保洁"});
    ledger.both("2026-01-02", Kind::Budget, json!({"fund": "shared", "lines": [line], "year": 2026}));
    for number in 1..=12 {
        bill(&mut ledger, &day(&month(number), 5), &month(number), price(number));
        for date in 5..=28 {
            of_day(&mut ledger, number, date);
        }
        if number < 12 {
            ledger.close();
        }
    }
    ledger
}

fn bill(ledger: &mut Ledger, on: &str, of: &str, price: u64) {
    let roll = ledger.voucher("list");
    let data = json!({"amount": yuan(HEADS * AREA * price / 100), "area": HEADS * AREA, "category": "property-fee",
        "fund": "shared", "months": {"from": of, "to": of}, "price": yuan(price), "roll": roll, "units": HEADS});
    ledger.alone(on, Kind::Billing, data);
}

fn of_day(ledger: &mut Ledger, number: u32, date: u32) {
    let on = day(&month(number), date);
    match (number, date) {
        (3, 10) => announce(ledger, &on),
        (5, 15) => {
            vote(ledger, &on, 308, PRICES, "2026-07-01");
        }
        (2.., 6) => ledger.fee(&on, "shared", &month(number - 1), 0),
        (_, 28) => {
            ledger.spend(&on, "shared", ("cleaning", 2_000_000, "cleaning"), json!({"budget": "cleaning"}));
        }
        _ => {}
    }
    for place in (0..=LISTS).filter(|place| spread(*place, LISTS + 1) == date) {
        let households = if place == LISTS { 17 } else { 5 };
        let cents = households * AREA * price(number) / 100;
        let service =
            json!([{"amount": yuan(cents), "class": "current", "from": month(number), "to": month(number)}]);
        let more = json!({"service": service, "vouchers": [ledger.voucher("list")]});
        ledger.income(&on, ("bank", "shared"), ("property-fee", cents), more);
    }
}

/// The audit and the notice that come before a vote.
fn announce(ledger: &mut Ledger, on: &str) {
    for name in ["audit", "notice"] {
        let data =
            json!({"done": on, "project": "charge", "step": name, "vouchers": [ledger.voucher("act")]});
        ledger.alone(on, Kind::Step, data);
    }
}

/// All take part; so many agree, each with 80 square metres.
fn vote(ledger: &mut Ledger, on: &str, agreed: u64, prices: (u64, u64), effective: &str) {
    let votes = |heads: u64| -> Value { json!({"area": heads * AREA, "heads": heads}) };
    let data = json!({"agreed": votes(agreed), "all": votes(HEADS), "effective": effective, "matter": "charge",
        "new_price": yuan(prices.1), "old_price": yuan(prices.0), "participated": votes(HEADS),
        "party": "committee", "title": "物业费由每平方米每月 0.81 元调为 1.11 元",
        "vouchers": [ledger.voucher("act")]});
    ledger.both(on, Kind::Resolution, data);
}

/// Both prices and the change between them in hundredths of a percent, as people print it.
pub(crate) fn printed(resolution: &Resolution) -> String {
    let [old, new] = [resolution.old_price, resolution.new_price].map(|price| price.unwrap().decimal());
    let percent = (new - old) * rust_decimal::Decimal::ONE_HUNDRED / old;
    format!("{old} → {new} (+{} %)", percent.round_dp(2))
}

/// December closed.
pub(crate) fn rest(ledger: &mut Ledger) {
    ledger.close();
}

/// A second vote, announced 30 days before, on 1.41 from January on.
fn again(ledger: &mut Ledger, agreed: u64) {
    ledger.close();
    announce(ledger, "2027-01-05");
    vote(ledger, "2027-02-10", agreed, (111, 141), "2027-04-01");
}

/// One head and its 80 square metres are lacking, and the price that was not voted for.
const SHORT: &[&str] = &["VT-01 all-heads 308 307", "VT-01 all-area 24584.00 24560.00", "VT-02 vote"];

pub(crate) const TWINS: &[Twin] = &[
    Twin::new("308 of 439 are 70.2 %", &[], |ledger| again(ledger, 308)),
    Twin::new("307 of 439 are 69.9 %", SHORT, |ledger| again(ledger, 307)),
    Twin::new("a bill at the new price before its day", &["VT-02 early 1.11 1.41"], |ledger| {
        again(ledger, 308);
        bill(ledger, "2027-02-10", "2027-03", 141);
    }),
    Twin::new("a bill at the new price from its day on", &[], |ledger| {
        again(ledger, 308);
        bill(ledger, "2027-02-10", "2027-04", 141);
    }),
];
