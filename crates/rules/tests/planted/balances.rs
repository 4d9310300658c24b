//! Frauds of balances and of what a close hands on (BK-01, ST-01).

use serde_json::json;
use xinyi_core::Kind;
use xinyi_testkit::honest::yuan;

use super::{Fraud, PLAIN, Where};

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "a cent more banked than was in the cash box",
        code: "BK-01",
        fits: |act| act.kind == Kind::Transfer && act.data["from"]["account"] == json!("cash"),
        plant: |scene| {
            let (all, month) = (scene.amount(), scene.act().date.period());
            scene.pay(all + scene.step);
            Where::Of(month)
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent too much handed on",
        code: "ST-01",
        fits: |act| act.kind == Kind::Close,
        plant: |scene| {
            let cents = scene.step;
            scene.set("misstated", &json!(yuan(cents)));
            scene.here()
        },
        ..PLAIN
    },
];
