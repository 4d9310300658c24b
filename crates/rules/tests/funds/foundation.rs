//! 社区基金会 / 专项基金: over the years 16,000,000.00 raised, 15,000,000.00 spent, 100 projects; three funds.

use serde_json::json;
use xinyi_core::Kind;

use crate::ledger::{Ledger, day, month, spread, yuan};
use crate::twins::Twin;

/// Before this year, in cents.
const RAISED_BEFORE: u64 = 1_250_000_000;
const SPENT_BEFORE: u64 = 1_180_000_000;
pub(crate) const RAISED: u64 = 1_600_000_000;
pub(crate) const SPENT: u64 = 1_500_000_000;
/// A donation; 560 of them are 3,500,000.00.
const GIFT: u64 = 625_000;
/// Payments of a project.
const PARTS: u64 = 4;

/// The figures by which years differ, in cents.
pub(crate) struct Terms {
    pub(crate) last_income: u64,
    /// What running the foundation costs in a month.
    pub(crate) management: u64,
    /// A payment of a project; there are four hundred.
    pub(crate) part: u64,
}

/// Charity 2,900,000.00 of last year's 4,000,000.00 is 72.5 %; management takes 300,000.00 of 3,200,000.00.
pub(crate) const GOOD: Terms = Terms { last_income: 400_000_000, management: 2_500_000, part: 725_000 };
/// Management takes 330,000.00 of 3,200,000.00: 10.31 %.
pub(crate) const COSTLY: Terms = Terms { management: 2_750_000, part: 717_500, ..GOOD };
/// Charity is 70 % of last year's income to the cent …
pub(crate) const JUST_ENOUGH: Terms = Terms { last_income: 414_285_714, ..GOOD };
/// … or a cent less.
pub(crate) const TOO_LITTLE: Terms = Terms { last_income: 414_285_716, ..GOOD };

/// Each fund: what its projects are booked as, donations a year, projects.
const FUNDS: [(&str, &str, &str, u64, u64); 3] = [
    ("school", "助学专项基金", "teaching", 200, 40),
    ("elders", "助老专项基金", "elder-care", 200, 40),
    ("general", "非限定资金", "environment", 160, 20),
];

/// How many of so many a year come by the end of a month.
const fn upto(of_year: u64, number: u64) -> u64 {
    of_year * number / 12
}

/// The year with December still open.
pub(crate) fn year(terms: &Terms) -> Ledger {
    let mut ledger = Ledger::begin("foundation", "社区基金会", |genesis| {
        genesis["funds"] = FUNDS.iter().map(|(fund, name, ..)| json!({"fund": fund, "name": name})).collect();
        let store = json!({"account": "store", "class": "non-cash", "name": "物资库房", "open": true});
        genesis["accounts"].as_array_mut().unwrap().push(store);
    });
    let holding = json!({"account": "bank", "balance": yuan(RAISED_BEFORE - SPENT_BEFORE), "fund": "general",
        "held": "0.00"});
    let figures = [
        ("last-year-income", terms.last_income),
        ("raised-before", RAISED_BEFORE),
        ("spent-before", SPENT_BEFORE),
    ];
    let figures = figures.map(|(name, cents)| json!({"amount": yuan(cents), "name": name}));
    ledger.open(json!([holding]), json!(figures));
    ledger.organisations(
        "2026-01-01",
        &[("school", "小学"), ("nurses", "护理站"), ("gardeners", "园艺队"), ("office", "办公服务公司")],
    );
    budgets(&mut ledger, terms);
    for number in 1..=12 {
        for date in 5..=28 {
            donations(&mut ledger, number, date);
            payments(&mut ledger, number, date, terms);
        }
        if number < 12 {
            ledger.close();
        }
    }
    ledger
}

/// Every project is a budget line of its fund.
fn budgets(ledger: &mut Ledger, terms: &Terms) {
    for (fund, name, _, _, projects) in FUNDS {
        let line = |number: u64| {
            json!({"amount": yuan(terms.part * PARTS), "line": format!("{fund}-{number:02}"),
                "name": format!("{name}项目{number:02}")})
        };
        let mut lines: Vec<_> = (1..=projects).map(line).collect();
        if fund == "general" {
            lines.push(
                json!({"amount": yuan(terms.management * 12), "line": "management", "name": "管理费用"}),
            );
        }
        ledger.both("2026-01-02", Kind::Budget, json!({"fund": fund, "lines": lines, "year": 2026}));
    }
}

/// Every tenth gift to the school fund is books and desks.
fn donations(ledger: &mut Ledger, number: u32, date: u32) {
    for (fund, _, _, of_year, _) in FUNDS {
        let (before, after) = (upto(of_year, u64::from(number) - 1), upto(of_year, u64::from(number)));
        for place in (before..after).filter(|place| spread(place - before, after - before) == date) {
            let is_thing = fund == "school" && place.is_multiple_of(10);
            let (account, category) = if is_thing { ("store", "gift-in-kind") } else { ("bank", "donation") };
            let more = json!({"payer": ledger.sealed()});
            ledger.income(&day(&month(number), date), (account, fund), (category, GIFT), more);
        }
    }
}

fn payments(ledger: &mut Ledger, number: u32, date: u32, terms: &Terms) {
    let on = day(&month(number), date);
    for ((fund, _, category, _, projects), payee) in FUNDS.into_iter().zip(["school", "nurses", "gardeners"])
    {
        let of_year = projects * PARTS;
        let (before, after) = (upto(of_year, u64::from(number) - 1), upto(of_year, u64::from(number)));
        for place in (before..after).filter(|place| spread(place - before, after - before) == date) {
            let line = format!("{fund}-{:02}", place / PARTS + 1);
            let account =
                if fund == "school" && has(ledger, "store") >= terms.part { "store" } else { "bank" };
            let more = json!({"account": account, "budget": line});
            ledger.spend(&on, fund, (category, terms.part, payee), more);
        }
    }
    if date == 28 {
        let more = json!({"budget": "management"});
        ledger.spend(&on, "general", ("management", terms.management, "office"), more);
    }
}

/// Cents in an account.
fn has(ledger: &Ledger, account: &str) -> u64 {
    let held = ledger.checker.books().accounts().get(&account.parse().unwrap()).copied().unwrap_or_default();
    u64::try_from(held * rust_decimal::Decimal::ONE_HUNDRED).unwrap()
}

/// December closed.
pub(crate) fn rest(ledger: &mut Ledger) {
    ledger.close();
}

pub(crate) const TWINS: &[Twin] = &[
    Twin::new("a gift in kind among money", &["FD-03 thing"], |ledger| {
        ledger.income("2026-12-29", ("bank", "school"), ("gift-in-kind", 80_000), json!({}));
    }),
    Twin::new("money among things", &["FD-03 money"], |ledger| {
        ledger.income("2026-12-29", ("store", "school"), ("donation", 80_000), json!({}));
    }),
    Twin::new("things turned into money", &["FD-03 swap"], |ledger| {
        let data = json!({"amount": "1.00", "from": {"account": "store", "fund": "school"},
            "to": {"account": "bank", "fund": "school"}});
        ledger.both("2026-12-29", Kind::Transfer, data);
    }),
    Twin::new("school money moved to the elders", &["BK-05 undecided"], |ledger| {
        let data = json!({"amount": "1.00", "from": {"account": "bank", "fund": "school"},
            "to": {"account": "bank", "fund": "elders"}});
        ledger.both("2026-12-29", Kind::Transfer, data);
    }),
    Twin::new("school money for a garden", &["FD-04"], |ledger| {
        ledger.spend("2026-12-29", "school", ("environment", 10_000, "gardeners"), json!({}));
    }),
    Twin::new("the elders' money for an emergency of elders", &[], |ledger| {
        ledger.spend("2026-12-29", "elders", ("emergency-aid", 10_000, "nurses"), json!({}));
    }),
];
