//! 社区保障资金: 324,600.00 for eight projects, each by its five steps; what is left goes back.

use serde_json::{Value, json};
use xinyi_core::{Kind, Link};
use xinyi_testkit::Seal;

use crate::ledger::{Ledger, day, month, spread, yuan};
use crate::twins::Twin;

const STEPS: [&str; 5] = ["consultation", "resolution", "award", "work", "review"];
/// Eight projects and their budgets in cents: 324,600.00.
const PROJECTS: [(&str, &str, u64); 8] = [
    ("ramp", "无障碍坡道", 6_000_000),
    ("lamps", "楼道照明", 5_200_000),
    ("garden", "社区花园", 4_860_000),
    ("hall", "议事厅修缮", 4_400_000),
    ("meals", "老人助餐点", 4_000_000),
    ("library", "儿童书屋", 3_600_000),
    ("bins", "垃圾分类亭", 2_600_000),
    ("notice", "公示栏", 1_800_000),
];
pub(crate) const GRANTED: u64 = 32_460_000;
/// What each project leaves unspent.
const UNSPENT: u64 = 79_500;
pub(crate) const REST: u64 = 8 * UNSPENT;
/// Payments of each project, over four months.
const PAYMENTS: u64 = 120;

/// The year up to its last days: December is open, the rest not yet given back.
pub(crate) fn year() -> Ledger {
    let mut ledger = Ledger::begin("grant", "社区保障资金", |genesis| {
        genesis["funds"] = json!([{"fund": "grant", "name": "社区保障资金"}]);
    });
    ledger.organisations("2026-01-01", &[("works", "建设公司"), ("shop", "材料店"), ("company", "物业公司")]);
    let lines: Vec<_> = PROJECTS
        .iter()
        .map(|(line, name, cents)| json!({"amount": yuan(*cents), "line": line, "name": name}))
        .collect();
    ledger.both("2026-01-02", Kind::Budget, json!({"fund": "grant", "lines": lines, "year": 2026}));
    ledger.income("2026-01-05", ("bank", "grant"), ("grant", GRANTED), json!({}));
    for number in 1..=12 {
        let month = month(number);
        for date in 5..=28 {
            steps(&mut ledger, number, &month, date);
            payments(&mut ledger, number, &month, date);
        }
        if number < 12 {
            ledger.close();
        }
    }
    ledger
}

fn step(ledger: &mut Ledger, date: &str, project: &str, name: &str) {
    let data = json!({"done": date, "project": project, "step": name, "vouchers": [ledger.voucher("act")]});
    ledger.alone(date, Kind::Step, data);
}

/// The project of a month from January to August goes through its steps on five days.
fn steps(ledger: &mut Ledger, number: u32, month: &str, date: u32) {
    let Some((project, ..)) = PROJECTS.get(usize::try_from(number - 1).unwrap()) else { return };
    if let Some(place) = [6, 9, 12, 20, 25].iter().position(|of_step| *of_step == date) {
        step(ledger, &day(month, date), project, STEPS[place]);
    }
}

/// In the four months after its review a project is paid for, a hundred and twentieth at a time.
fn payments(ledger: &mut Ledger, number: u32, month: &str, date: u32) {
    for (place, (project, _, budget)) in PROJECTS.iter().enumerate() {
        let since = i64::from(number) - i64::try_from(place + 1).unwrap();
        if !(1..=4).contains(&since) {
            continue;
        }
        let whole = budget - UNSPENT;
        let (part, of_month) = (whole / PAYMENTS, PAYMENTS / 4);
        for paid in (0..of_month).filter(|paid| spread(*paid, of_month) == date) {
            let is_last = since == 4 && paid == of_month - 1;
            let cents = if is_last { whole - part * (PAYMENTS - 1) } else { part };
            let payee = if paid % 2 == 0 { "works" } else { "shop" };
            pay(ledger, &day(month, date), ("works", cents, payee), project);
        }
    }
}

fn pay(ledger: &mut Ledger, date: &str, what: (&str, u64, &str), project: &str) -> Link {
    ledger.spend(date, "grant", what, json!({"budget": project}))
}

/// The grant as the refund of its rest names it.
fn granted(ledger: &Ledger) -> Value {
    let is_grant = |kind: Kind| kind == Kind::Income;
    let grant = ledger.community.entries.iter().find(|entry| is_grant(entry.content().kind())).unwrap();
    json!(grant.link())
}

fn give_back(ledger: &mut Ledger, cents: u64) {
    let data = json!({"account": "bank", "amount": yuan(cents), "fund": "grant", "reason": "年末结余退回",
        "target": granted(ledger), "vouchers": [ledger.voucher("bank")]});
    ledger.both("2026-12-31", Kind::Refund, data);
}

/// The rest goes back, and December is closed.
pub(crate) fn rest(ledger: &mut Ledger) {
    let left = ledger.checker.books().funds()[&"grant".parse().unwrap()].0;
    give_back(ledger, u64::try_from(left * rust_decimal::Decimal::ONE_HUNDRED).unwrap());
    ledger.close();
}

/// A ninth project out of what is left, with these steps on the given days of December.
fn ninth(ledger: &mut Ledger, steps: &[(&str, u32)]) {
    let line = json!({"amount": "1000.00", "line": "bench", "name": "长椅"});
    ledger.both("2026-12-28", Kind::Budget, json!({"fund": "grant", "lines": [line], "year": 2026}));
    for (name, date) in steps {
        let done = day("2026-12", *date);
        let data =
            json!({"done": done, "project": "bench", "step": name, "vouchers": [ledger.voucher("act")]});
        ledger.tell("2026-12-29", Kind::Step, Seal::Trustee, data);
    }
    pay(ledger, "2026-12-29", ("works", 100_000, "works"), "bench");
}

const IN_ORDER: [(&str, u32); 5] =
    [("consultation", 5), ("resolution", 6), ("award", 7), ("work", 8), ("review", 29)];

pub(crate) const TWINS: &[Twin] = &[
    Twin::new("a ninth project by its steps", &[], |ledger| ninth(ledger, &IN_ORDER)),
    Twin::new("a payment one step early", &["FD-01 missing"], |ledger| ninth(ledger, &IN_ORDER[..4])),
    Twin::new("a review on the day after", &["FD-01 missing"], |ledger| {
        ninth(ledger, &[&IN_ORDER[..4], &[("review", 30)]].concat());
    }),
    Twin::new("an award before the resolution", &["FD-01 order"], |ledger| {
        let mut steps = IN_ORDER;
        steps[2].1 = 5;
        ninth(ledger, &steps);
    }),
    Twin::new("property charges paid for households", &["FD-01 use"], |ledger| {
        pay(ledger, "2026-12-29", ("property-fee", 10_000, "company"), "notice");
    }),
    Twin::new("a transfer into property charges", &["FD-01 use"], |ledger| {
        let fund = json!({"fund": {"fund": "property-fee", "name": "物业费"}});
        ledger.both("2026-12-28", Kind::Fund, fund);
        let decision = ledger.both(
            "2026-12-28",
            Kind::Resolution,
            json!({"matter": "transfer", "party": "committee", "title": "代缴物业费"}),
        );
        let data = json!({"amount": "100.00", "decision": decision, "from": {"account": "bank", "fund": "grant"},
            "to": {"account": "bank", "fund": "property-fee"}});
        ledger.both("2026-12-29", Kind::Transfer, data);
        // What lies in the other fund is the grant's no more, but still is no project's.
        let back = json!({"amount": "100.00", "decision": decision, "from": {"account": "bank", "fund": "property-fee"},
            "to": {"account": "bank", "fund": "grant"}});
        ledger.both("2026-12-30", Kind::Transfer, back);
    }),
    Twin::new("a cent that stays", &["FD-01 rest 0.00 0.01"], |ledger| {
        give_back(ledger, REST - 1);
        ledger.close();
    }),
];
