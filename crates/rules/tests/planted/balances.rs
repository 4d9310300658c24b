//! Frauds of accounts and balances, and of what a close hands on (BK, ST-01).

use rust_decimal::Decimal;
use serde_json::{Value, json};
use xinyi_core::Kind;
use xinyi_rules::{BankRow, Outside};
use xinyi_testkit::honest::{Act, yuan};

use super::chain::is_small_repair;
use super::{Fraud, PLAIN, Scene, Where};

/// Income of a day that nothing else hangs on.
fn is_rent(act: &Act) -> bool {
    act.kind == Kind::Income && act.text("category") == "site-rent"
}

/// What the list before would not have.
fn is_listed(act: &Act) -> bool {
    is_small_repair(act) && act.date.day() > 3
}

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
        name: "a line of the bank that is not in the books",
        code: "BK-02",
        fits: is_rent,
        plant: |scene| {
            let name = scene.name.clone();
            // The bank has it on the day or one or two days later, in the same month.
            let month = scene.day().period();
            scene.outside = Some(|_, _| {});
            if scene.is_fraud() {
                scene.leave_out(&name);
            }
            Where::Of(month)
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent less in the bank than in the books",
        code: "BK-02",
        fits: is_listed,
        plant: |scene| {
            scene.outside = Some(|outside, scene| {
                let (cent, row) = (Decimal::new(scene.step, 2), row_of(outside, scene));
                row.amount -= cent;
            });
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "in the bank a day beyond the window",
        code: "BK-02",
        fits: is_listed,
        plant: |scene| {
            scene.outside = Some(|outside, scene| {
                let day = scene.day().plus_days(3 + scene.days());
                row_of(outside, scene).date = day;
            });
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a balance confirmed a cent too high",
        code: "BK-02",
        fits: |act| act.kind == Kind::BankConfirmation,
        plant: |scene| {
            scene.is_misstated = true;
            let balance = xinyi_testkit::honest::cents(scene.planted().text("balance"));
            let more = yuan(balance + scene.step);
            scene.set("balance", &json!(more));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "into an account in the trustee's own name",
        code: "BK-03",
        fits: is_rent,
        plant: |scene| {
            let class = if scene.is_fraud() { "trustee" } else { "joint" };
            let account = json!({"account": {"account": "second", "class": class, "name": "第二账户（样例）", "open": true}});
            let like = scene.planted().clone();
            let opened =
                Act::new(like.date, Kind::Account, account).named("second account").recorded(like.recorded);
            let place = scene.plan.place(&scene.name);
            scene.plan.acts.insert(place, Act { recorder: like.recorder, ..opened });
            scene.set("account", &json!("second"));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent more than the float left in the cash box",
        code: "BK-04",
        fits: is_rent,
        plant: |scene| {
            take_cash(scene, 200_000 + scene.step);
            Where::Of(scene.day().period())
        },
        ..PLAIN
    },
    Fraud {
        name: "cash taken to the bank a day late",
        code: "BK-04",
        fits: is_rent,
        plant: |scene| {
            take_cash(scene, 500_000);
            let (day, paper) = (scene.day().plus_days(1 + scene.days()), scene.voucher("bank"));
            let data = json!({"amount": "5000.00", "from": {"account": "cash", "fund": "shared"},
                "to": {"account": "bank", "fund": "shared"}, "vouchers": [paper]});
            scene.plan.insert(Act::new(day, Kind::Transfer, data).named("cash banked"));
            Where::Of(scene.day().period())
        },
        ..PLAIN
    },
    Fraud {
        name: "moved between funds, and nobody decided",
        code: "BK-05",
        fits: |act| act.kind == Kind::Transfer && act.data["to"]["fund"] == json!("repair"),
        plant: |scene| {
            if scene.is_fraud() {
                scene.set("decision", &Value::Null);
            }
            scene.here()
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

/// The bank's line of the act.
fn row_of<'o>(outside: &'o mut Outside, scene: &Scene) -> &'o mut BankRow {
    let mut rows = outside.bank.iter_mut().flat_map(|list| &mut list.rows);
    rows.find(|row| row.reference == scene.name).unwrap()
}

/// The income comes in cash, so much of it, and is no public revenue.
fn take_cash(scene: &mut Scene, cents: i64) {
    for (field, value) in
        [("account", "cash"), ("amount", &yuan(cents)), ("category", "compensation"), ("channel", "cash")]
    {
        scene.set(field, &json!(value));
    }
}
