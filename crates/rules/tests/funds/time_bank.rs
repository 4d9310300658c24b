//! 共享奶奶: forty members give each other a thousand services in a year, counted in minutes.

use serde_json::{Value, json};
use xinyi_core::{Kind, Timestamp};
use xinyi_testkit::Seal;

use crate::ledger::{Ledger, day, month};
use crate::twins::Twin;

const MEMBERS: u64 = 40;
pub(crate) const SERVICES: u64 = 1_000;

fn member(number: u64) -> String {
    format!("m-{:02}", number % MEMBERS)
}

fn moved(minutes: u64, from: &str, to: &str) -> Value {
    json!({"amount": minutes.to_string(), "from": {"account": from, "fund": "time"},
        "to": {"account": to, "fund": "time"}})
}

/// A service from so many minutes past eight, Beijing time, for so long.
fn service(ledger: &mut Ledger, date: &str, who: (&str, &str), what: (&str, u64), when: (i64, i64)) -> Value {
    let (item, amount) = what;
    let eight = format!("{date}T00:00:00Z").parse::<Timestamp>().unwrap().unix();
    let begin = Timestamp::from_unix(eight + when.0 * 60).unwrap();
    let end = Timestamp::from_unix(begin.unix() + when.1 * 60).unwrap();
    json!({"amount": amount.to_string(), "begin": begin, "end": end, "fund": "time", "giver": who.0,
        "item": item, "receiver": who.1, "token": ledger.sealed()})
}

/// The year up to its last day, with December still open.
pub(crate) fn year() -> Ledger {
    let mut ledger = Ledger::begin("time-bank", "共享奶奶时间银行", |genesis| {
        genesis["accounts"] = json!([{"account": "pool", "class": "member", "name": "总账户", "open": true}]);
        genesis["funds"] = json!([{"fund": "time", "name": "时间"}]);
        genesis["unit"] = json!({"code": "minutes", "scale": 0});
    });
    for number in 0..MEMBERS {
        let account = json!({"account": member(number), "class": "member", "name": "成员", "open": true});
        ledger.alone("2026-01-01", Kind::Account, json!({"account": account}));
        ledger.alone("2026-01-02", Kind::Transfer, moved(300, "pool", &member(number)));
    }
    let mut told = 0;
    for number in 1..=12 {
        let of_month = if number == 12 { SERVICES - 11 * 84 } else { 84 };
        for place in 0..of_month {
            give(&mut ledger, &day(&month(number), u32::try_from(5 + place / 4).unwrap()), told, place % 4);
            told += 1;
        }
        if number < 12 {
            ledger.close();
        }
    }
    // What the first ten members have not used of their first minutes by the year's end expires.
    for number in 0..10 {
        ledger.alone("2026-12-28", Kind::Transfer, moved(60, &member(number), "pool"));
    }
    ledger
}

/// Four slots of 45 minutes a day; who gave before receives later.
fn give(ledger: &mut Ledger, date: &str, number: u64, slot: u64) {
    let who = (member(number * 7), member(number * 7 + 13 + number / 40));
    let who = if who.0 == who.1 { (who.0, member(number * 7 + 1)) } else { who };
    let what = [("shopping", 44), ("nursing", 66), ("company", 22)][usize::try_from(number % 3).unwrap()];
    let begin = i64::try_from(slot * 50).unwrap();
    let data = service(ledger, date, (&who.0, &who.1), what, (begin, 44));
    ledger.alone(date, Kind::Service, data);
}

/// December closed, and what comes after it.
pub(crate) fn rest(ledger: &mut Ledger) {
    ledger.close();
}

const LAST: &str = "2026-12-30";

fn give_last(ledger: &mut Ledger, who: (&str, &str), amount: u64, when: (i64, i64)) {
    let data = service(ledger, LAST, who, ("shopping", amount), when);
    ledger.alone(LAST, Kind::Service, data);
}

pub(crate) const TWINS: &[Twin] = &[
    Twin::new("giver and receiver are one", &["TB-01 self"], |ledger| {
        give_last(ledger, ("m-01", "m-01"), 30, (0, 30));
    }),
    Twin::new("a receiver who is no member", &["TB-01 stranger"], |ledger| {
        let desk = json!({"account": "desk", "class": "cash", "name": "前台", "open": true});
        ledger.alone(LAST, Kind::Account, json!({"account": desk}));
        give_last(ledger, ("m-01", "desk"), 30, (0, 30));
    }),
    Twin::new("no token", &["TB-01 token"], |ledger| {
        let mut data = service(ledger, LAST, ("m-01", "m-02"), ("shopping", 30), (0, 30));
        data.as_object_mut().unwrap().remove("token");
        ledger.alone(LAST, Kind::Service, data);
    }),
    Twin::new("the end before the beginning", &["TB-01 times"], |ledger| {
        give_last(ledger, ("m-01", "m-02"), 30, (30, -30));
    }),
    Twin::new("recorded before it ended", &["TB-01 ahead"], |ledger| {
        give_last(ledger, ("m-01", "m-02"), 241, (0, 241));
    }),
    Twin::new("one minute too many", &["TB-01 amount 30 31"], |ledger| {
        give_last(ledger, ("m-01", "m-02"), 31, (0, 30));
    }),
    Twin::new("a giver at two places", &["TB-01 giver-twice"], |ledger| {
        give_last(ledger, ("m-01", "m-02"), 30, (0, 30));
        give_last(ledger, ("m-01", "m-03"), 30, (29, 30));
    }),
    Twin::new("a receiver at two places", &["TB-01 receiver-twice"], |ledger| {
        give_last(ledger, ("m-01", "m-02"), 30, (0, 30));
        give_last(ledger, ("m-03", "m-02"), 30, (29, 30));
    }),
    Twin::new("one after the other", &[], |ledger| {
        give_last(ledger, ("m-01", "m-02"), 30, (0, 30));
        give_last(ledger, ("m-01", "m-02"), 30, (30, 30));
    }),
    Twin::new("481 minutes on a day", &["TB-01 cap 480 481"], |ledger| {
        ledger.community.clock("2026-12-30T10:00:00Z");
        give_last(ledger, ("m-01", "m-02"), 240, (0, 240));
        give_last(ledger, ("m-01", "m-03"), 241, (240, 241));
    }),
    Twin::new("480 minutes on a day", &[], |ledger| {
        ledger.community.clock("2026-12-30T10:00:00Z");
        give_last(ledger, ("m-01", "m-02"), 240, (0, 240));
        give_last(ledger, ("m-01", "m-03"), 240, (240, 240));
    }),
    Twin::new("money in a ledger of minutes", &["TB-01 mixed", "TB-01 sum 0 60"], |ledger| {
        let data = json!({"account": "pool", "amount": "60", "category": "gift", "fund": "time"});
        ledger.tell(LAST, Kind::Income, Seal::Both, data);
    }),
    Twin::new("a member below the floor", &["TB-01 floor -600 -601"], |ledger| owe(ledger, 601)),
    Twin::new("a member at the floor", &[], |ledger| owe(ledger, 600)),
];

/// A member gives away so much that it owes so many minutes.
fn owe(ledger: &mut Ledger, minutes: i64) {
    let has = ledger.checker.books().accounts()[&"m-05".parse().unwrap()];
    let minutes = rust_decimal::Decimal::from(minutes) + has;
    let minutes = u64::try_from(minutes).unwrap();
    ledger.alone(LAST, Kind::Transfer, moved(minutes, "m-05", "m-06"));
}
