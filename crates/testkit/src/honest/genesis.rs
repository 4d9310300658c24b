//! The genesis of the honest compound and its deeds: who is who, and what the deed allows.

use serde_json::{Value, json};
use xinyi_core::{Period, PublicKey, Sign as _};

use super::Scale;
use crate::key::TestKey;

/// The rate at first, and the rates of later deeds with the months after the start in which they begin and the day.
pub(super) const RATES: [(u32, u32, &str); 3] = [(0, 1, "15/100"), (6, 1, "12/100"), (9, 16, "11/100")];

/// A grant of a key for `uses` up to a day.
pub(super) fn grant(
    name: &str,
    holder: &str,
    party: &str,
    term: (&str, Option<String>),
    uses: &[&str],
) -> Value {
    let mut days = json!({"from": term.0});
    if let Some(to) = term.1 {
        days["to"] = json!(to);
    }
    let key = TestKey::named(name).public_key().to_string();
    json!({"holder": holder, "key": key, "party": party, "term": days, "uses": uses})
}

/// Grants in the order that the format asks for.
pub(super) fn sorted(mut grants: Vec<Value>) -> Value {
    let id = |grant: &Value| {
        let key: PublicKey = grant["key"].as_str().expect("a key").parse().expect("a key");
        key.id()
    };
    grants.sort_by_key(id);
    json!(grants)
}

/// The genesis.
#[must_use]
pub(super) fn genesis(scale: &Scale, committee_until: &str) -> Value {
    let first = scale.first;
    let from = "2000-01-01";
    let member = |name: &str| {
        grant(name, name, "committee", (from, Some(committee_until.to_owned())), &["approve", "cosign"])
    };
    json!({
        "accounts": [
            {"account": "bank", "class": "joint", "name": "共管账户（样例）", "open": true},
            {"account": "cash", "class": "cash", "name": "现金", "open": true},
            {"account": "repair-bank", "class": "beneficiaries", "name": "维修资金专户（样例）", "open": true},
            {"account": "wechat", "class": "wallet", "name": "微信商户（样例）", "open": true},
        ],
        "deed": deed(scale, 0),
        "first": first,
        "format": 1,
        "funds": [{"fund": "repair", "name": "维修资金"}, {"fund": "shared", "name": "共有资金"}],
        "keys": sorted(vec![
            grant("manager", "manager", "trustee", (from, None), &["approve", "log", "record"]),
            member("chair"),
            member("secretary"),
            member("treasurer"),
            grant("supervisor", "supervisor", "supervisor", (from, None), &["approve"]),
            grant("auditor", "auditor", "auditor", (from, None), &["approve"]),
        ]),
        "name": "老实小区 (made up)",
        "nonce": "22".repeat(32),
        "offset": "+08:00",
        "origin": "example.org/made-up-honest-compound",
        "parties": [
            {"name": "业主大会", "party": "assembly", "role": "settlor", "threshold": 1},
            {"name": "会计师事务所（样例）", "party": "auditor", "role": "auditor", "threshold": 1},
            {"name": "业委会", "party": "committee", "role": "agent", "threshold": 2},
            {"name": "街道办", "party": "supervisor", "role": "supervisor", "threshold": 1},
            {"name": "物业公司", "party": "trustee", "role": "trustee", "threshold": 1},
        ],
        "recorder": "trustee",
        "recovery": {"needed": 2, "parties": ["committee", "supervisor", "trustee"]},
        "sample": true,
        "unit": {"code": "cny", "scale": 2},
    })
}

/// The month so many months after the first.
pub(super) fn month(scale: &Scale, after: u32) -> Period {
    let first: Period = scale.first.parse().expect("a month");
    (0..after).fold(first, |month, _| month.next())
}

/// The deed that begins so many months after the first: the rates known by then, all else unchanged.
pub(super) fn deed(scale: &Scale, after: u32) -> Value {
    let rates: Vec<Value> = RATES
        .iter()
        .filter(|(begin, _, _)| *begin <= after)
        .map(|(begin, day, rate)| json!({"from": format!("{}-{day:02}", month(scale, *begin)), "rate": rate}))
        .collect();
    json!({
        "approvals": approvals(),
        "budget_required": true,
        "deadlines": {
            "answer_days": 15, "bank_days": 1, "close_days": 10, "handover_days": 10, "late_days": 30,
            "late_hours": 48, "publish_days": 10, "ratify_days": 30,
        },
        "deficit": "owners",
        "fees": [{
            "base": [
                {"category": "property-fee", "measure": "gross"},
                {"category": "parking", "measure": "net"},
                {"category": "advert", "measure": "gross"},
            ],
            "basis": "cash",
            "clause": "第12条",
            "day": 5,
            "invoice": true,
            "net_floor": "source",
            "rates": rates,
            "rounding": "cumulative",
            "taker": "trustee",
        }],
        "first": month(scale, after).first_day(),
        "name": format!("信托合同（样例）第{}版", rates_known(after)),
        "off": [],
        "parameters": parameters(),
        "reimbursable": [{"budget": "wages", "category": "wages"}],
        "related": ["greenery", "trustee-staff"],
        "severities": [],
    })
}

fn rates_known(after: u32) -> usize {
    RATES.iter().filter(|(begin, _, _)| *begin <= after).count()
}

/// Figures that rules read by name, where this deed has other ones than the default.
fn parameters() -> Value {
    let named = [
        ("audit-days", "90"),
        ("collection-floor", "property-fee=60/100"),
        ("committee-members", "3"),
        ("outside-base", "compensation"),
        ("outside-base", "interest"),
        ("outside-base", "site-rent"),
        ("quote-from", "50000.00"),
        ("receipt-first", "a=1"),
        ("registered-payees-from", "0.00"),
        ("repair-category", "renewal"),
        ("repair-fund", "repair"),
        ("repair-share", "1/2"),
        ("repair-share-months", "3"),
        ("retention", "renewal=5/100"),
        ("service-until", "2099-12-31"),
        ("voucher-from", "0.00"),
    ];
    let parameter = |(name, value): (&str, &str)| json!({"name": name, "value": value});
    named.into_iter().map(parameter).collect()
}

/// The trustee alone for what has no amount to decide, both from 10,000.00 up and for all else.
fn approvals() -> Vec<Value> {
    let trustee = json!({"holders": 1, "party": "trustee"});
    let both = json!([{"holders": 2, "party": "committee"}, trustee]);
    let alone = [
        "account",
        "advance",
        "answer",
        "bank-confirmation",
        "billing",
        "evidence",
        "expense",
        "fee",
        "held-in",
        "held-out",
        "income",
        "payee",
        "publication",
        "refund",
        "repayment",
        "step",
        "transfer",
    ];
    let term = |kind: &str| {
        let mut terms = vec![json!({"kind": kind, "needs": [trustee]})];
        if matches!(kind, "expense" | "refund") {
            terms.push(json!({"from": "10000.00", "kind": kind, "needs": both}));
        }
        terms
    };
    alone.into_iter().flat_map(term).collect()
}
