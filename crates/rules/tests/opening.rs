//! Books opened on 1 July give the same fee, budget and collection findings from July on as the same year kept from
//! January; so do the books of a new trustee who goes on from a hand-over.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod kept;

use std::collections::BTreeSet;

use kept::{Kept, links};
use serde_json::{Value, json};
use xinyi_core::{Date, Kind, StateDocument};
use xinyi_rules::Finding;
use xinyi_testkit::honest::{Act, Plan, Scale, Teller, at, cents, yuan};

const SCALE: Scale = Scale { first: "2028-01", households: 12, months: 13, seed: 11 };

fn july() -> Date {
    "2028-07-01".parse().unwrap()
}

/// A year without changes of keys, and without acts from July on that are about what was before.
fn year() -> Plan {
    let mut plan = Plan::new(SCALE);
    for key in plan.genesis["keys"].as_array_mut().unwrap() {
        key["term"].as_object_mut().unwrap().remove("to");
    }
    plan.acts.retain(|act| !matches!(act.kind, Kind::Handover | Kind::Keys) && !is_paid_ahead(act));
    let first_key = |name: &String| name.split('-').next().unwrap().to_owned();
    for act in &mut plan.acts {
        act.recorder = first_key(&act.recorder);
        let by: BTreeSet<String> = act.by.iter().map(first_key).collect();
        act.by = by.into_iter().collect();
    }
    let mut before: BTreeSet<String> =
        plan.acts.iter().filter(|act| act.date < july()).map(|act| act.name.clone()).collect();
    plan.acts.retain(|act| {
        let is_loose = act.date < july() || !links(&act.data).iter().any(|name| before.contains(name));
        if !is_loose {
            before.insert(act.name.clone());
        }
        // The fee for June would be for a month that the opened books do not have.
        is_loose && act.name != "fee for 2028-06"
    });
    plan
}

/// A payment of before July for months from July on: an opening has no figure for it.
fn is_paid_ahead(act: &Act) -> bool {
    let shares = act.data["service"].as_array().into_iter().flatten();
    act.date < july() && shares.into_iter().any(|share| share["to"].as_str().unwrap() >= "2028-07")
}

/// What goes on from July on is judged: fees over by a cent, a budget line overspent, bills unpaid.
fn spoil(plan: &mut Plan) {
    for month in ["2028-07", "2028-09", "2028-11"] {
        let place = plan.place(&format!("fee for {month}"));
        let fee = &mut plan.acts[place].data;
        let more = yuan(cents(fee["amount"].as_str().unwrap()) + 100_001);
        fee["amount"] = json!(more);
        fee["invoice"]["amount"] = json!(more);
        fee["invoice"]["total"] = json!(more);
    }
    let is_repair =
        |act: &&mut Act| act.text("budget") == "repair" && act.date >= july() && !act.has("order");
    for act in plan.acts.iter_mut().filter(is_repair).take(3) {
        act.data["budget"] = json!("wiring");
        act.data["amount"] = json!("9000.00");
        act.data["invoices"][0]["amount"] = json!("9000.00");
        act.data["invoices"][0]["total"] = json!("9000.00");
    }
    let linked: BTreeSet<String> = plan.acts.iter().flat_map(|act| links(&act.data)).collect();
    let is_unpaid = |act: &Act| {
        let number = act.data["receipt"]["number"].as_u64();
        let is_of_month = act.has("unit") && act.date.period().month() == 10;
        let is_chosen = is_of_month || number.is_some_and(|number| number % 7 == 3);
        act.date >= july() && is_chosen && !linked.contains(&act.name)
    };
    plan.acts.retain(|act| !is_unpaid(act));
}

/// The opening that a state document gives.
fn opening(document: &StateDocument) -> Value {
    let fees = document.fees.iter().flat_map(|fee| {
        let taken = |place: usize| if place == 0 { fee.taken.to_string() } else { "0.00".to_owned() };
        fee.bases.iter().enumerate().map(move |(place, base)| {
            json!({"base": base.base, "rate": base.rate, "taken": taken(place), "taker": fee.taker})
        })
    });
    // Budgets of an opening are those of the fund of its first holding; that of the repair fund is entered again.
    let of_first = document.budgets.iter().filter(|budget| budget.fund.as_str() == "shared");
    let budgets = of_first.map(|budget| {
        json!({"budgeted": budget.budgeted, "line": budget.line, "spent": budget.spent, "year": budget.year})
    });
    let mut holdings = document.holdings.clone();
    holdings.sort_by_key(|holding| holding.fund.as_str() != "shared");
    json!({"budgets": budgets.collect::<Vec<_>>(), "fees": fees.collect::<Vec<_>>(), "holdings": holdings})
}

/// The same year from July on, opened with June's figures; payees and contracts are named again.
fn from_july(whole: &Plan, document: &StateDocument, more: &Value) -> Plan {
    let mut plan = whole.clone();
    let deed = &whole.acts[whole.place("deed of 2028-07")].data["deed"];
    plan.genesis["deed"] = deed.clone();
    plan.genesis["first"] = json!("2028-07");
    plan.genesis.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let is_name = |act: &Act| {
        let is_again = act.kind == Kind::Budget && act.text("fund") == "repair";
        act.date < july() && (is_again || matches!(act.kind, Kind::Account | Kind::Contract | Kind::Payee))
    };
    plan.acts.retain(|act| is_name(act) || act.date >= july() && !act.name.ends_with("of 2028-06"));
    for act in plan.acts.iter_mut().filter(|act| act.date < july()) {
        act.data.as_object_mut().unwrap().remove("decision");
        (act.date, act.recorded) = (july(), at(july(), 0, 2));
    }
    plan.acts.sort_by_key(|act| act.recorded);
    let act = Act::new(july(), Kind::Opening, opening(document)).named("opening of july").both();
    plan.insert(act.recorded(at(july(), 0, 1)));
    let place = plan.place("opening of july");
    (plan.acts[place].recorder, plan.acts[place].by) =
        ("manager".into(), vec!["chair".into(), "secretary".into()]);
    plan
}

/// Findings of fee, budget and collection from July on: code, entry, month and figures.
fn judged(told: &Teller<Kept>) -> Vec<(&'static str, Option<String>, Option<String>, String)> {
    let is_asked =
        |finding: &&Finding| finding.code.starts_with("EX") || matches!(finding.code, "IN-03" | "PY-07");
    let name = |finding: &Finding| finding.at.map(|index| told.names[index.get() as usize].clone());
    let is_late = |finding: &&Finding| {
        let day = finding.at.map(|index| told.community.entries[index.get() as usize].content().date());
        day.is_none_or(|day| day >= july()) && finding.period.is_none_or(|period| period >= july().period())
    };
    let report = told.keeper.checker.clone().finish();
    let found = report.findings.iter().filter(is_asked).filter(is_late);
    found
        .map(|finding| {
            let figures = finding.discrepancy.map(|found| format!("{} {}", found.expected, found.actual));
            let period = finding.period.map(|period| period.to_string());
            (finding.code, name(finding), period, figures.unwrap_or_default())
        })
        .collect()
}

fn assert_same(more: impl Fn(&Teller<Kept>) -> Value) {
    let honest = year();
    let mut spoiled = honest.clone();
    spoil(&mut spoiled);
    for whole in [honest, spoiled] {
        let kept = whole.tell(Kept::new());
        let document = &kept.keeper.named[&"2028-06".parse().unwrap()];
        let opened = from_july(&whole, document, &more(&kept)).tell(Kept::new());
        assert_eq!(judged(&opened), judged(&kept));
    }
}

#[test]
fn books_opened_in_july_are_judged_as_the_same_books_kept_from_january() {
    assert_same(|_| json!({}));
}

#[test]
fn books_of_a_new_trustee_are_judged_as_those_that_they_go_on_from() {
    assert_same(|kept| {
        let entry = kept.keeper.closes[&"2028-06".parse().unwrap()];
        let size = entry.size_after();
        let root = kept.community.archive().root(size);
        let identity = kept.community.replay.founding().unwrap().identity;
        json!({"continues": {"identity": identity, "root": root, "size": size}, "nonce": "33".repeat(32)})
    });
}

#[test]
fn whoever_leaves_hands_over_what_the_next_books_open_with() {
    let whole = year();
    let kept = whole.tell(Kept::new());
    let document = &kept.keeper.named[&"2028-06".parse().unwrap()];
    let opened = from_july(&whole, document, &json!({})).tell(Kept::new());
    let successor = opened.community.replay.founding().unwrap().identity;
    let mut left = whole.clone();
    left.acts.retain(|act| act.date < july() || act.name.ends_with("of 2028-06"));
    let data = json!({"from": "trustee", "holdings": [], "successor": successor, "to": "next-trustee",
        "vouchers": [{"class": "act", "digest": "55".repeat(32), "media": "application/pdf", "size": 9}]});
    let act = Act::new(july().plus_days(8), Kind::Handover, data).both().named("handover");
    left.insert(Act { recorder: "manager".into(), ..act });
    left.acts.last_mut().unwrap().by = vec!["chair".into(), "secretary".into()];
    left.settle();
    for (cent, found) in [(0, 0), (1, 1)] {
        let mut left = left.clone();
        let holding = &mut left.acts.last_mut().unwrap().data["holdings"][0];
        holding["balance"] = json!(yuan(cents(holding["balance"].as_str().unwrap()) + cent));
        let report = left.tell(Kept::new()).keeper.checker.finish();
        let asked = report.rules.iter().find(|rule| rule.code == "HO-01").unwrap();
        assert_eq!((asked.examined, asked.findings), (1, found), "{:?}", report.findings);
    }
}

#[test]
fn what_is_spoiled_is_found() {
    let mut plan = year();
    spoil(&mut plan);
    let found = judged(&plan.tell(Kept::new()));
    for asked in ["EX-02", "IN-03", "PY-07"] {
        assert!(found.iter().any(|(code, ..)| *code == asked), "{asked}: {found:?}");
    }
}
