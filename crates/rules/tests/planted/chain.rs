//! Frauds of order, time and corrections (CH, TX).

use serde_json::json;
use xinyi_core::{Kind, Timestamp};
use xinyi_testkit::honest::Act;

use super::{Fraud, PLAIN, Scene, Where};

/// A small repair: an expense that nothing else hangs on.
pub(super) fn is_small_repair(act: &Act) -> bool {
    act.kind == Kind::Expense
        && matches!(act.text("payee"), "lift" | "paint" | "plumber" | "signs" | "wiring")
}

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "recorded a second before the line before",
        code: "CH-03",
        fits: is_small_repair,
        plant: |scene| {
            let place = scene.plan.place(&scene.name);
            let before = scene.plan.acts[place - 1].recorded;
            let step = scene.step;
            let act = scene.act();
            act.recorded = Timestamp::from_unix(before.unix() - step).unwrap();
            act.date = act.recorded.day_at("+08:00".parse().unwrap());
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "paid a day after it was booked",
        code: "CH-04",
        fits: is_small_repair,
        plant: |scene| {
            let day = scene.act().date.plus_days(i32::try_from(scene.step).unwrap());
            scene.set("occurred", &json!(day));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "written down an hour too late",
        code: "CH-04",
        fits: |act| is_small_repair(act) && act.date.day() < 26,
        plant: |scene| {
            let day = scene.act().date;
            scene.move_to(day.plus_days(3), scene.step);
            scene.act().date = day;
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "written down a day beyond a month late",
        code: "CH-04",
        fits: |act| is_small_repair(act) && act.date.period().month() > 2,
        plant: |scene| {
            let day = scene.act().date.plus_days(-30 - i32::try_from(scene.step).unwrap());
            scene.set("occurred", &json!(day));
            scene.here()
        },
        beside: &["CH-04"],
        ..PLAIN
    },
    Fraud {
        name: "a cent more refunded than came",
        code: "CH-06",
        fits: |act| act.kind == Kind::Refund && act.text("amount") == "50.00",
        plant: |scene| {
            scene.pay(5_000 + scene.step);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "reversed twice",
        code: "CH-06",
        fits: |act| act.kind == Kind::Reversal,
        plant: |scene| {
            let name = format!("{} again", scene.name);
            if scene.is_fraud() {
                scene.again(|_| {});
            }
            Where::At(name)
        },
        ..PLAIN
    },
    Fraud {
        name: "a deposit given back that never came in",
        code: "CH-06",
        fits: |act| act.kind == Kind::HeldOut,
        plant: |scene| wrong_link(scene, "target"),
        ..PLAIN
    },
    Fraud {
        name: "in the place of a line that stands",
        code: "CH-06",
        fits: |act| act.kind == Kind::Income && act.has("replaces"),
        plant: |scene| wrong_link(scene, "replaces"),
        ..PLAIN
    },
    Fraud {
        name: "a name spelled in another way that looks the same",
        code: "TX-01",
        fits: |act| act.kind == Kind::Income,
        plant: |scene| {
            let note = if scene.is_fraud() { "cafe\u{301}" } else { "caf\u{e9}" };
            scene.set("note", &json!(note));
            scene.here()
        },
        ..PLAIN
    },
];

/// The link names a plain income instead.
fn wrong_link(scene: &mut Scene, field: &str) -> Where {
    if scene.is_fraud() {
        scene.set(field, &json!("@income 1"));
    }
    scene.here()
}
