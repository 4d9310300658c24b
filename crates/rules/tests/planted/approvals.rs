//! Frauds of approvals, keys and what was approved (SG, KY).

use serde_json::json;
use xinyi_core::{Date, Kind, PublicKey, Sign as _};
use xinyi_testkit::TestKey;
use xinyi_testkit::honest::Act;

use super::{Fraud, PLAIN, Scene, Where};

fn is_approved(act: &Act) -> bool {
    act.by.len() == 2 && !matches!(act.kind, Kind::Close | Kind::Deed | Kind::Handover | Kind::Keys)
}

/// The second payment under an order for a roof.
fn is_second_of_order(act: &Act) -> bool {
    act.text("payee") == "roofer" && act.kind == Kind::Expense && act.date.day() == 9
}

fn is_alone_approved(act: &Act) -> bool {
    act.kind == Kind::Expense && act.text("payee") == "builder" && act.by.len() == 2
}

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "one holder where two are needed",
        code: "SG-02",
        fits: is_approved,
        plant: |scene| {
            let step = usize::try_from(scene.step).unwrap();
            scene.act().by.truncate(2 - step);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "the limit reached without the committee",
        code: "SG-02",
        fits: is_alone_approved,
        plant: |scene| {
            scene.pay(999_999 + scene.step);
            scene.act().by.clear();
            scene.here()
        },
        beside: &["PY-04"],
        ..PLAIN
    },
    Fraud {
        name: "a cent more than the order has left",
        code: "SG-02",
        fits: is_second_of_order,
        plant: |scene| {
            let left = scene.amount();
            scene.pay(left + scene.step);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a day after the order's last",
        code: "SG-02",
        fits: is_second_of_order,
        plant: |scene| {
            let until = scene.act().date.plus_days(-i32::try_from(scene.step).unwrap());
            let order = scene.linked("order");
            scene.named(&order).data["until"] = json!(until);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "to another payee than the order's",
        code: "SG-02",
        fits: is_second_of_order,
        plant: |scene| {
            if scene.is_fraud() {
                scene.set("payee", &json!("rescue"));
            }
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "an emergency that nobody ratified",
        code: "SG-02",
        fits: |act| act.has("emergency"),
        plant: |scene| {
            let link = format!("@{}", scene.name);
            let ratifies =
                |act: &Act| act.kind == Kind::Ratification && act.data["targets"][0] == json!(link);
            let ratification = scene.first(ratifies).unwrap();
            if scene.is_fraud() {
                scene.leave_out(&ratification);
            }
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a key a day after its term",
        code: "SG-05",
        fits: is_approved,
        plant: |scene| {
            let day = scene.act().date.plus_days(-i32::try_from(scene.step).unwrap());
            deputise(scene, day)
        },
        ..PLAIN
    },
    Fraud {
        name: "a key a day before its term",
        code: "SG-05",
        fits: |act| {
            act.kind == Kind::Keys && (act.name.starts_with("loss") || act.name.starts_with("rotation"))
        },
        plant: |scene| {
            let (new, place) = (scene.act().by[2].clone(), scene.plan.place(&scene.name));
            let mut later = scene.plan.acts[place + 1..].iter();
            let first = later.find(|act| act.recorder == new || act.by.contains(&new)).unwrap().clone();
            let day = first.recorded.day_at("+08:00".parse().unwrap());
            let from = day.plus_days(i32::try_from(scene.step).unwrap());
            scene.act().data["add"][0]["term"]["from"] = json!(from);
            Where::At(first.name)
        },
        ..PLAIN
    },
    Fraud {
        name: "one of three members",
        code: "SG-04",
        fits: is_approved,
        plant: |scene| {
            let signed = 2 - usize::try_from(scene.step).unwrap();
            scene.act().by.truncate(signed);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a successor approves for the day before the first",
        code: "SG-03",
        // What the new committee ratifies two days after it came.
        fits: |act| act.kind == Kind::Ratification && act.by[0].ends_with("-2"),
        plant: |scene| {
            let day = scene.day().plus_days(-2 - scene.days());
            scene.act().date = day;
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "closed a day too late",
        code: "SG-07",
        fits: |act| act.kind == Kind::Close,
        plant: |scene| {
            let (month, step) = (scene.month(), i32::try_from(scene.step).unwrap());
            let day = month.last_day().plus_days(10 + step);
            scene.move_to(day, 12);
            scene.plan.move_to(&format!("posting of {month}"), day, 13);
            scene.plan.move_to(&format!("fee for {month}"), day, 14);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "approved and left out",
        code: "SG-08",
        fits: |act| matches!(act.kind, Kind::Distribution | Kind::Waiver) || is_alone_approved(act),
        plant: |scene| {
            let (name, month) = (scene.name.clone(), scene.act().date.period());
            if scene.is_fraud() {
                scene.leave_out(&name);
            }
            scene.filed = vec![name];
            Where::Of(month)
        },
        ..PLAIN
    },
    Fraud {
        name: "a key lost long before it was said",
        code: "KY-01",
        fits: |act| act.kind == Kind::Keys && act.name.starts_with("loss"),
        plant: |scene| {
            let from = if scene.is_fraud() { "#index close of 2028-02" } else { "#size" };
            scene.act().data["revoke"][0]["from"] = json!(from);
            scene.here()
        },
        ..PLAIN
    },
];

/// A deputy with a key up to a day approves in the place of one holder.
fn deputise(scene: &mut Scene, until: Date) -> Where {
    let key = TestKey::named("deputy").public_key().to_string();
    let (term, uses) = (json!({"from": "2000-01-01", "to": until}), ["approve"]);
    let grant = json!({"holder": "deputy", "key": key, "party": "committee", "term": term, "uses": uses});
    let keys = scene.plan.genesis["keys"].as_array_mut().unwrap();
    keys.push(grant);
    keys.sort_by_key(|grant| grant["key"].as_str().unwrap().parse::<PublicKey>().unwrap().id());
    scene.act().by[1] = "deputy".to_owned();
    scene.here()
}
