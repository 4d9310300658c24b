//! Frauds of what owners decide: votes, prices, shares of public revenue (VT, PR).

use rust_decimal::Decimal;
use serde_json::json;
use xinyi_core::{Date, Kind};
use xinyi_rules::Outside;
use xinyi_testkit::honest::{Act, yuan};

use super::{Fraud, PLAIN, Scene, Where};

fn is_resolution(act: &Act) -> bool {
    act.kind == Kind::Resolution
}

fn is_price(act: &Act) -> bool {
    act.has("new_price")
}

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "292 of 439 took part",
        code: "VT-01",
        fits: is_resolution,
        plant: |scene| vote(scene, (293 - scene.step, 30_000), (293 - scene.step, 30_000)),
        ..PLAIN
    },
    Fraud {
        name: "146 of 293 agreed",
        code: "VT-01",
        fits: is_resolution,
        plant: |scene| vote(scene, (293, 30_000), (147 - scene.step, 30_000)),
        ..PLAIN
    },
    Fraud {
        name: "a hundredth of a square metre too little agreed",
        code: "VT-01",
        fits: is_resolution,
        plant: |scene| vote(scene, (293, 30_000), (293, 15_001 - scene.step)),
        ..PLAIN
    },
    Fraud {
        name: "announced 29 days before the vote",
        code: "VT-02",
        fits: is_price,
        plant: |scene| {
            let announced = scene.day().plus_days(-30);
            let notice = scene.first(|act| act.text("step") == "notice" && act.date == announced).unwrap();
            let day = announced.plus_days(scene.days());
            scene.named(&notice).data["done"] = json!(day);
            scene.plan.move_to(&notice, day, 12);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "billed at the new price a month early",
        code: "VT-02",
        fits: is_price,
        plant: |scene| {
            let price = scene.act().data["new_price"].clone();
            let effective: Date = scene.act().text("effective").parse().unwrap();
            let bill = format!("bill of {}", effective.period().previous());
            if scene.is_fraud() {
                scene.named(&bill).data["price"] = price;
            }
            Where::At(bill)
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent less than its share for the repair fund",
        code: "PR-01",
        fits: |act| act.kind == Kind::Transfer && act.data["to"]["fund"] == json!("repair"),
        plant: |scene| {
            let less = yuan(scene.amount() - scene.step);
            scene.set("amount", &json!(less));
            Where::Of(scene.day().period())
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent of one share moved to another",
        code: "PR-02",
        fits: |act| act.kind == Kind::Distribution,
        plant: |scene| {
            scene.outside = Some(move_a_cent);
            scene.here()
        },
        ..PLAIN
    },
];

/// 439 heads and 45,000 hundredths of a square metre, of which so many took part and agreed.
fn vote(scene: &mut Scene, took_part: (i64, i64), agreed: (i64, i64)) -> Where {
    let votes = |(heads, area): (i64, i64)| json!({"area": area, "heads": heads});
    scene.set("all", &votes((439, 45_000)));
    scene.set("participated", &votes(took_part));
    scene.set("agreed", &votes(agreed));
    scene.here()
}

fn move_a_cent(outside: &mut Outside, scene: &Scene) {
    let line = scene.plan.place(&scene.name) + 1;
    let mut lists = outside.shares.iter_mut();
    let list = lists.find(|list| list.distribution.get() == line as u64).unwrap();
    let cent = Decimal::new(scene.step, 2);
    list.rows[0].amount += cent;
    list.rows[1].amount -= cent;
}
