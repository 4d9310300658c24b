//! Frauds of what comes in (IN).

use rust_decimal::Decimal;
use serde_json::json;
use xinyi_core::{ContractSide, Kind};
use xinyi_rules::{DueRow, Outside};
use xinyi_testkit::honest::{Act, yuan};

use super::{Fraud, PLAIN, Scene, Where};

fn is_rent(act: &Act) -> bool {
    act.kind == Kind::Income && act.text("category") == "site-rent"
}

/// A plain payment of the month's charges.
fn is_charge(act: &Act) -> bool {
    let shares = act.data["service"].as_array().map_or(0, Vec::len);
    shares == 1 && act.data["service"][0]["class"] == json!("current") && !act.has("occurred")
}

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "a receipt that is not in the books",
        code: "IN-01",
        fits: is_rent,
        plant: |scene| {
            let (name, month) = (scene.name.clone(), scene.day().period());
            if scene.is_fraud() {
                scene.leave_out(&name);
            }
            Where::Of(month)
        },
        ..PLAIN
    },
    Fraud {
        name: "a unit billed a cent too much",
        code: "IN-02",
        fits: |act| act.kind == Kind::Billing,
        plant: |scene| {
            scene.outside = Some(bill_more);
            Where::Of(scene.day().period())
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent more billed than the floor allows for what came in",
        code: "IN-03",
        fits: |act| act.kind == Kind::Billing,
        plant: |scene| {
            let month = scene.day().period();
            let most = scene.collected[&month] * 100 / 60;
            scene.set("amount", &json!(yuan(most + scene.step)));
            Where::Of(month)
        },
        ..PLAIN
    },
    Fraud {
        name: "rent booked a day after the days of grace",
        code: "IN-04",
        // Thirty days later the next month's rent has not come yet.
        fits: |act| is_rent(act) && act.date.period().last_day().day() == 31,
        plant: |scene| {
            let due = scene.day();
            scene.move_to(due.plus_days(30 + scene.days()), 12);
            Where::Of(due.plus_days(30).period())
        },
        months: 2,
        ..PLAIN
    },
    Fraud {
        name: "a lease of the register whose rent was never booked",
        code: "IN-04",
        fits: is_rent,
        plant: |scene| {
            let until = scene.day().plus_days(30);
            scene.outside = Some(let_unbooked);
            Where::Of(until.period())
        },
        months: 2,
        ..PLAIN
    },
    Fraud {
        name: "paid thirteen months ahead",
        code: "IN-05",
        fits: |act| is_charge(act) && act.cents() > 100,
        plant: |scene| {
            let (amount, month) = (scene.amount(), scene.day().period());
            let ahead = 12 + scene.step;
            let last = (0..ahead).fold(month, |month, _| month.next());
            let service = json!([
                {"amount": yuan(amount - ahead), "class": "current", "from": month, "to": month},
                {"amount": yuan(ahead), "class": "prepaid", "from": month.next(), "to": last},
            ]);
            scene.set("service", &service);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "charges of a month ago called current",
        code: "IN-05",
        fits: is_charge,
        plant: |scene| {
            let month = scene.day().period().previous();
            let class = if scene.is_fraud() { "current" } else { "arrears" };
            let amount = yuan(scene.amount());
            let service = json!([{"amount": amount, "class": class, "from": month, "to": month}]);
            scene.set("service", &service);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "booked without what the wallet kept",
        code: "IN-06",
        fits: |act| is_charge(act) && act.text("account") == "wechat",
        plant: |scene| {
            scene.outside = Some(|_, _| {});
            let cost = (scene.amount() * 6 + 500) / 1_000;
            let net = yuan(scene.amount() - cost * scene.step);
            scene.set("amount", &json!(net));
            scene.act().data["service"][0]["amount"] = json!(net);
            scene.here()
        },
        ..PLAIN
    },
];

/// The first unit's bill of the month is a cent too high.
fn bill_more(outside: &mut Outside, scene: &Scene) {
    let month = scene.planted().date.period();
    let mut rows = outside.roll.iter_mut().flatten();
    let row = rows.find(|row| row.months.from == month).unwrap();
    row.amount += Decimal::new(scene.step, 2);
}

/// The register has a mast on the roof too, let from the day on; in the twin it is let a day later than can be judged.
fn let_unbooked(outside: &mut Outside, scene: &Scene) {
    let day = scene.planted().date;
    let row = DueRow {
        amount: Decimal::ONE_THOUSAND,
        contract: "mast".parse().unwrap(),
        due: if scene.is_fraud() { day } else { day.plus_days(70) },
        line: 0,
        side: ContractSide::Income,
    };
    outside.contracts.as_mut().unwrap().push(row);
}
