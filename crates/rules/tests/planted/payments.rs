//! Frauds of payments (PY).

use serde_json::{Value, json};
use xinyi_core::Kind;
use xinyi_testkit::honest::{Act, cents, yuan};

use super::chain::is_small_repair;
use super::{Fraud, PLAIN, Scene, Where};

/// A payment under the cleaner's contract.
fn is_cleaning(act: &Act) -> bool {
    act.kind == Kind::Expense && act.text("payee") == "cleaner"
}

fn is_emergency(act: &Act) -> bool {
    act.has("emergency")
}

/// A purchase that needs offers: a large order or a large contract.
fn is_award(act: &Act) -> bool {
    let price = if act.kind == Kind::Contract { cents(act.text("price")) } else { act.cents() };
    matches!(act.kind, Kind::Contract | Kind::Order) && act.text("side") != "income" && price >= 5_000_000
}

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "paid without any paper",
        code: "PY-01",
        fits: is_small_repair,
        plant: |scene| {
            scene.set("invoices", &Value::Null);
            if scene.is_fraud() {
                scene.set("vouchers", &Value::Null);
            }
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent more than its invoices",
        code: "PY-01",
        fits: is_small_repair,
        plant: |scene| {
            let more = yuan(scene.amount() + scene.step);
            scene.set("amount", &json!(more));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "an invoice paid in two parts, a cent beyond its total",
        code: "PY-02",
        fits: is_small_repair,
        plant: |scene| {
            let (part, total) = (scene.amount(), yuan(2 * scene.amount()));
            scene.act().data["invoices"][0]["total"] = json!(total);
            let more = yuan(part + scene.step);
            let second = scene.again(|act| {
                act.data["amount"] = json!(more);
                act.data["invoices"][0]["amount"] = json!(more);
            });
            Where::At(second)
        },
        ..PLAIN
    },
    Fraud {
        name: "split in two within the window",
        code: "PY-03",
        fits: |act| is_small_repair(act) && act.date.day() > 2,
        plant: |scene| split(scene, 31 - scene.days(), 500_000),
        months: 2,
        ..PLAIN
    },
    Fraud {
        name: "split in two, together at the limit",
        code: "PY-03",
        fits: |act| is_small_repair(act) && act.date.day() > 2,
        plant: |scene| split(scene, 30, 499_999 + scene.step),
        months: 2,
        ..PLAIN
    },
    Fraud {
        name: "made to fit under the limit",
        code: "PY-04",
        fits: is_small_repair,
        plant: |scene| {
            scene.pay(949_999 + scene.step);
            scene.set("payee", &json!("roofer"));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "large without offers",
        code: "PY-05",
        fits: is_small_repair,
        plant: |scene| {
            scene.pay(4_999_999 + scene.step);
            scene.act().by = scene.committee();
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "an offer too few",
        code: "PY-05",
        fits: is_award,
        plant: |scene| {
            let offers = 3 - usize::try_from(scene.step).unwrap();
            scene.act().data["vouchers"].as_array_mut().unwrap().truncate(offers);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "to a related payee, and nobody agreed",
        code: "PY-06",
        fits: |act| act.kind == Kind::Expense && act.text("payee") == "greenery",
        plant: |scene| {
            scene.set("contract", &Value::Null);
            if !scene.is_fraud() {
                scene.act().by = scene.committee();
            }
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent beyond the budget",
        code: "PY-07",
        // In June the line that nobody uses is raised.
        fits: |act| is_small_repair(act) && act.date.period().month() != 6,
        plant: |scene| {
            let is_raised = scene.day().period().month() > 6;
            let budget = if is_raised { 2_000_000 } else { 1_000_000 };
            scene.pay(budget + scene.step);
            scene.set("budget", &json!("wiring"));
            scene.act().by = scene.committee();
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "an emergency ratified a day late",
        code: "PY-07",
        fits: is_emergency,
        plant: |scene| {
            let (link, day) = (format!("@{}", scene.name), scene.day());
            let ratifies =
                |act: &Act| act.kind == Kind::Ratification && act.data["targets"][0] == json!(link);
            let ratification = scene.first(ratifies).unwrap();
            scene.plan.move_to(&ratification, day.plus_days(30 + scene.days()), 12);
            scene.here()
        },
        months: 2,
        ..PLAIN
    },
    Fraud {
        name: "a cent more than the contract gives by then",
        code: "PY-08",
        fits: is_cleaning,
        plant: |scene| {
            scene.pay(480_000 + scene.step);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a day before the contract's instalment",
        code: "PY-08",
        fits: is_cleaning,
        plant: |scene| {
            let day = scene.day().plus_days(-scene.days());
            scene.move_to(day, 12);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a renewal paid from the charges",
        code: "PY-09",
        fits: is_small_repair,
        plant: |scene| {
            let category = if scene.is_fraud() { "renewal" } else { "repair" };
            scene.set("category", &json!(category));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "cleaning paid from the repair fund",
        code: "PY-09",
        fits: |act| act.text("category") == "renewal" && act.text("amount") == "1425.00",
        plant: |scene| {
            let category = if scene.is_fraud() { "cleaning" } else { "renewal" };
            scene.set("category", &json!(category));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a loan",
        code: "PY-10",
        fits: is_small_repair,
        plant: |scene| {
            let category = if scene.is_fraud() { "loan" } else { "repair" };
            scene.set("category", &json!(category));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "to a person who earns no wages",
        code: "PY-10",
        fits: is_small_repair,
        plant: |scene| {
            let class = if scene.is_fraud() { "person" } else { "organisation" };
            let data = json!({"class": class, "payee": "neighbour", "related": false});
            let like = scene.act().clone();
            let known = Act::new(like.date, Kind::Payee, data).named("neighbour").recorded(like.recorded);
            let place = scene.plan.place(&scene.name);
            scene.plan.acts.insert(place, Act { recorder: like.recorder, ..known });
            scene.set("payee", &json!("neighbour"));
            scene.here()
        },
        ..PLAIN
    },
];

/// Two payments to a payee who otherwise works by order, so many days apart; the second so large.
fn split(scene: &mut Scene, days: i32, second: i64) -> Where {
    let (first, number) = (scene.day(), scene.plan.acts.len());
    scene.pay(500_000);
    scene.set("payee", &json!("roofer"));
    let day = first.plus_days(days);
    let amount = yuan(second);
    let again = scene.again(|act| {
        act.data["amount"] = json!(amount);
        act.data["invoices"] =
            json!([{"amount": amount, "number": format!("4{number:019}"), "total": amount}]);
    });
    scene.plan.move_to(&again, day, 12);
    Where::Of(day.period())
}
