//! 社区社会企业: a canteen earns 60,000.00 in a year and returns 30 % of it after the audit.

use serde_json::json;
use xinyi_core::{Approval, Kind};
use xinyi_testkit::Community;

use crate::ledger::{Ledger, day, month, spread};
use crate::twins::Twin;

/// Sales in a month, each of 250.00.
const SALES: u64 = 82;
const SALE: u64 = 25_000;
/// What a month costs, in cents.
const COST: u64 = 1_550_000;
/// 12 × (82 × 250.00 − 15,500.00).
pub(crate) const PROFIT: u64 = 12 * (SALES * SALE - COST);
/// 30 % of it.
pub(crate) const SHARE: u64 = PROFIT * 30 / 100;

/// The year with December still open.
pub(crate) fn year() -> Ledger {
    let mut ledger = Ledger::begin("social-enterprise", "社区食堂", |genesis| {
        genesis["funds"] = json!([{"fund": "enterprise", "name": "社区食堂"}]);
    });
    ledger.organisations("2026-01-01", &[("market", "菜市场"), ("community", "社区公益资金")]);
    for number in 1..=12 {
        for place in 0..SALES {
            let date = day(&month(number), spread(place, SALES));
            ledger.income(&date, ("bank", "enterprise"), ("sales", SALE), json!({}));
        }
        let date = day(&month(number), 28);
        ledger.spend(&date, "enterprise", ("running", COST, "market"), json!({}));
        if number < 12 {
            ledger.close();
        }
    }
    ledger
}

/// December is closed and audited on 20 January; the share is due by 21 March.
fn audit(ledger: &mut Ledger) {
    ledger.close();
    let size = ledger.community.replay.size();
    let root = ledger.community.replay.root_at(size).unwrap();
    let data = json!({"opinion": "unqualified", "party": "supervisor", "range": {"from": 1, "root": root,
        "size": size}, "report": ledger.voucher("act")});
    let content = ledger.community.content("2027-01-20", Kind::AuditOpinion, data);
    ledger.community.clock("2027-01-20T04:00:00Z");
    let approval = Approval::sign(&content, &Community::supervisor());
    ledger.put(content, vec![approval]);
}

fn pay(ledger: &mut Ledger, date: &str, cents: u64) {
    ledger.spend(date, "enterprise", ("profit-share", cents, "community"), json!({}));
}

/// A day's sales after January and February are closed: the ledger goes on to that day.
fn go_on(ledger: &mut Ledger, date: &str) {
    while ledger.due().first_day().to_string().as_str() < "2027-03-01" {
        ledger.close();
    }
    ledger.income(date, ("bank", "enterprise"), ("sales", SALE), json!({}));
}

pub(crate) fn rest(ledger: &mut Ledger) {
    audit(ledger);
    pay(ledger, "2027-01-25", SHARE);
    go_on(ledger, "2027-03-22");
}

pub(crate) const TWINS: &[Twin] = &[
    Twin::new("nothing returned", &["SE-01 18000.00 0.00"], |ledger| {
        audit(ledger);
        go_on(ledger, "2027-03-22");
    }),
    Twin::new("nothing returned, on the last day", &[], |ledger| {
        audit(ledger);
        go_on(ledger, "2027-03-21");
    }),
    Twin::new("a cent too little", &["SE-01 18000.00 17999.99"], |ledger| {
        audit(ledger);
        pay(ledger, "2027-01-25", SHARE - 1);
        go_on(ledger, "2027-03-22");
    }),
    Twin::new("a day too late", &["SE-01 18000.00 0.00"], |ledger| {
        audit(ledger);
        go_on(ledger, "2027-03-21");
        pay(ledger, "2027-03-22", SHARE);
    }),
    Twin::new("unpaid, and claimed", &[], |ledger| {
        audit(ledger);
        go_on(ledger, "2027-03-22");
        let data = json!({"amount": "18000.00", "cause": "2026 年利润分成逾期未付", "debtor": "trustee",
            "fund": "enterprise"});
        ledger.both("2027-03-22", Kind::Loss, data);
    }),
];
