//! What outlives what: rates and budget years of what is replaced, ratified payments, orders under later deeds.

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

use kept::Kept;
use serde_json::json;
use xinyi_core::{Date, Kind, Severity};
use xinyi_rules::Finding;
use xinyi_testkit::honest::{Act, Plan, Scale, Teller};

/// A year and a month from October on: over a year's end, with a new deed in April.
fn plan() -> Plan {
    beginning("2027-10")
}

fn beginning(first: &'static str) -> Plan {
    Plan::new(Scale { first, households: 4, months: 13, seed: 5 })
}

fn told(plan: &Plan) -> Teller<Kept> {
    plan.tell(Kept::new())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn find(plan: &Plan, fits: impl Fn(&Act) -> bool) -> Act {
    plan.acts.iter().find(|act| fits(act)).unwrap().clone()
}

/// What is found at the act of this name.
fn found_at(told: &Teller<Kept>, name: &str) -> Vec<Finding> {
    let is_at = |finding: &Finding| {
        finding.at.is_some_and(|index| told.names[usize::try_from(index.get()).unwrap()] == name)
    };
    told.keeper.checker.clone().finish().findings.into_iter().filter(is_at).collect()
}

#[test]
fn the_replacement_of_a_reversed_entry_takes_the_old_rate() {
    let plan = plan();
    let is_over_the_change =
        |act: &Act| act.has("replaces") && act.text("occurred") == "2028-03-31" && act.kind == Kind::Income;
    assert!(find(&plan, is_over_the_change).date >= day("2028-04-01"), "under the new deed");
    let honest = told(&plan);
    assert!(found_at(&honest, "fee for 2028-04").is_empty());
    let mut changed = plan.clone();
    let place = changed.acts.iter().position(is_over_the_change).unwrap();
    for field in ["occurred", "replaces"] {
        changed.acts[place].data.as_object_mut().unwrap().remove(field);
    }
    let found = found_at(&told(&changed), "fee for 2028-04");
    assert_eq!(
        found.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        ["EX-02"],
        "12 % and not 15 % of it"
    );
}

#[test]
fn the_replacement_of_a_reversed_entry_takes_the_old_budget_year() {
    // The third month's wrong expense, of December, is found in January.
    let plan = beginning("2027-09");
    let is_over_the_year = |act: &Act| {
        act.kind == Kind::Expense && act.has("replaces") && act.text("occurred").starts_with("2027-12")
    };
    let replacement = find(&plan, is_over_the_year);
    assert_eq!(replacement.date.year(), 2028);
    let told = told(&plan);
    let spent =
        |year| told.keeper.checker.books().budget(year)[&replacement.text("budget").parse().unwrap()].1;
    let cents = |year: &str| -> i64 {
        let counts = |act: &&Act| {
            let is_of_line = act.kind == Kind::Expense && act.text("budget") == replacement.text("budget");
            let occurred =
                if !act.has("occurred") { act.date.to_string() } else { act.text("occurred").into() };
            is_of_line && occurred.starts_with(year) && !is_reversed(&plan, &act.name)
        };
        plan.acts.iter().filter(counts).map(Act::cents).sum()
    };
    assert_eq!(spent(2027), rust_decimal::Decimal::new(cents("2027"), 2));
    assert_eq!(spent(2028), rust_decimal::Decimal::new(cents("2028"), 2));
}

fn is_reversed(plan: &Plan, name: &str) -> bool {
    plan.acts.iter().any(|act| act.kind == Kind::Reversal && act.text("target") == format!("@{name}"))
}

#[test]
fn a_ratified_payment_reads_as_a_note() {
    let plan = plan();
    let emergency = find(&plan, |act| act.has("emergency"));
    let found = found_at(&told(&plan), &emergency.name);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].code, found[0].severity), ("SG-02", Severity::Note));
    assert_eq!(found[0].args["ratified"], emergency.date.plus_days(6).to_string());
}

#[test]
fn an_order_outlives_a_deed_change() {
    let mut plan = plan();
    let (order, second) = order_over_the_change(&plan);
    // Under the new deed an order needs the supervisor too; this one was approved under the old.
    let place = plan.place("deed of 2028-04");
    let terms = plan.acts[place].data["deed"]["approvals"].as_array_mut().unwrap();
    let needs = json!([{"holders": 2, "party": "committee"}, {"holders": 1, "party": "supervisor"}, {"holders": 1, "party": "trustee"}]);
    terms.push(json!({"kind": "order", "needs": needs}));
    let told = told(&plan);
    assert!(found_at(&told, &second.name).is_empty(), "ordered before the deed, paid after");
    assert!(found_at(&told, &order.name).is_empty());
    let later = find(&plan, |act| act.kind == Kind::Order && act.date >= day("2028-04-01"));
    assert_eq!(found_at(&told, &later.name)[0].code, "SG-02", "ordered under the new deed");
}

#[test]
fn an_expense_after_valid_until_does_not() {
    let mut plan = plan();
    let (order, second) = order_over_the_change(&plan);
    for (until, codes) in [(second.date, &[][..]), (second.date.plus_days(-1), &["SG-02"])] {
        let place = plan.place(&order.name);
        plan.acts[place].data["until"] = json!(until);
        let found: Vec<_> = found_at(&told(&plan), &second.name).iter().map(|finding| finding.code).collect();
        assert_eq!(found, codes, "until {until}");
    }
}

/// An order of March whose second payment is made in April.
fn order_over_the_change(plan: &Plan) -> (Act, Act) {
    let is_second = |act: &Act| {
        act.kind == Kind::Expense && act.date.period().to_string() == "2028-04" && {
            let order = act.text("order").trim_start_matches('@');
            !order.is_empty() && plan.acts[plan.place(order)].date.period().to_string() == "2028-03"
        }
    };
    let second = find(plan, is_second);
    let order = find(plan, |act| second.text("order") == format!("@{}", act.name));
    (order, second)
}
