//! Frauds of the trustee's fee (EX).

use serde_json::{Value, json};
use xinyi_core::{Date, Kind, Period};
use xinyi_testkit::honest::{Act, at, cents, yuan};

use super::{Fraud, PLAIN, Scene, Where};

fn is_fee(act: &Act) -> bool {
    act.kind == Kind::Fee
}

/// A deed with another rate.
fn is_deed(act: &Act) -> bool {
    act.kind == Kind::Deed
}

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "a cent more than is due",
        code: "EX-02",
        fits: is_fee,
        plant: |scene| {
            let due = scene.amount();
            scene.pay(due + scene.step);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a deposit in the base",
        code: "EX-02",
        fits: is_fee,
        plant: |scene| {
            let (due, share) = (scene.amount(), 200_000 * 11 / 100);
            scene.pay(due + scene.step * share);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "reversed in June and entered again in July at the new rate",
        code: "EX-02",
        fits: |act| act.kind == Kind::Income && act.has("replaces") && crosses_the_rate(act),
        plant: |scene| {
            if scene.is_fraud() {
                scene.set("replaces", &Value::Null);
                scene.set("occurred", &Value::Null);
            }
            Where::At("fee for 2028-07".to_owned())
        },
        ..PLAIN
    },
    Fraud {
        name: "a day before the day of the deed",
        code: "EX-06",
        fits: is_fee,
        plant: |scene| {
            let day = scene.act().date.period().first_day().plus_days(4);
            scene.move_to(day.plus_days(-i32::try_from(scene.step).unwrap()), 14);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "before the month is closed",
        code: "EX-06",
        fits: is_fee,
        plant: |scene| {
            let (day, month) = (scene.act().date.plus_days(3), scene.month());
            scene.plan.move_to(&format!("close of {month}"), day, 12);
            scene.plan.move_to(&format!("posting of {month}"), day, 15);
            scene.move_to(day, 13 - 2 * scene.step);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "without an invoice",
        code: "EX-06",
        fits: is_fee,
        plant: |scene| {
            if scene.is_fraud() {
                scene.set("invoice", &Value::Null);
            }
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "twice for a month",
        code: "EX-06",
        fits: is_fee,
        plant: |scene| {
            let due = scene.amount();
            scene.pay(due - 1);
            let name = format!("{} again", scene.name);
            if scene.is_fraud() {
                scene.again(|act| {
                    act.data["amount"] = json!("0.01");
                    act.data["invoice"] =
                        json!({"amount": "0.01", "number": format!("3{:019}", due), "total": "0.01"});
                });
            }
            Where::At(name)
        },
        ..PLAIN
    },
    Fraud {
        name: "by someone whom the deed does not name",
        code: "EX-01",
        fits: is_fee,
        plant: |scene| {
            if scene.is_fraud() {
                scene.set("taker", &json!("rescue"));
            }
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "income under a name that no base and no exception has",
        code: "EX-03",
        fits: |act| act.text("category") == "interest",
        plant: |scene| {
            let category = if scene.is_fraud() { "lockers" } else { "compensation" };
            scene.set("category", &json!(category));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "linked cost a cent above its income",
        code: "EX-04",
        fits: |act| act.has("cost_of"),
        plant: |scene| {
            let month = scene.act().date.period();
            scene.pay(30_000 + scene.step);
            let expected = scene.here();
            lower(scene, month, 5_000);
            expected
        },
        ..PLAIN
    },
    Fraud {
        name: "while a cent of a loss is open",
        code: "EX-07",
        fits: is_fee,
        plant: |scene| {
            let (day, paper) = (scene.day(), scene.voucher("photo"));
            let data = json!({"amount": "200.00", "cause": "施工碰坏路灯", "debtor": "trustee", "fund": "shared",
                "vouchers": [paper]});
            let loss = Act::new(day, Kind::Loss, data).both().named("lamp").recorded(at(day, 9, 0));
            let back = yuan(20_000 - scene.step);
            let data = json!({"account": "bank", "amount": back, "target": "@lamp", "vouchers": [scene.voucher("bank")]});
            let restored =
                Act::new(day, Kind::Restoration, data).both().named("lamp paid").recorded(at(day, 10, 0));
            scene.plan.insert(loss);
            scene.plan.insert(restored);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a rate that begins before the vote has effect",
        code: "EX-08",
        fits: is_deed,
        plant: |scene| {
            let (day, vote) = (rate_day(scene).plus_days(scene.days()), vote_of(scene));
            scene.named(&vote).data["effective"] = json!(day);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a rate changed without a vote on the fee",
        code: "EX-08",
        fits: is_deed,
        plant: |scene| {
            let vote = vote_of(scene);
            if scene.is_fraud() {
                scene.named(&vote).data["matter"] = json!("charge");
            }
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a rate for the day before the deed",
        code: "EX-08",
        fits: is_deed,
        plant: |scene| {
            let first: Date = scene.planted().data["deed"]["first"].as_str().unwrap().parse().unwrap();
            let (from, vote) = (first.plus_days(-scene.days()), vote_of(scene));
            scene.named(&vote).data["effective"] = json!(from);
            let rates = scene.act().data["deed"]["fees"][0]["rates"].as_array_mut().unwrap();
            rates.last_mut().unwrap()["from"] = json!(from);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent less than nothing at the month's end",
        code: "EX-09",
        fits: |act| act.kind == Kind::Billing,
        plant: empty,
        ..PLAIN
    },
    Fraud {
        name: "wages for the trustee without a list",
        code: "EX-10",
        fits: |act| act.kind == Kind::Expense && act.text("payee") == "trustee",
        plant: |scene| {
            let paper = scene.voucher(if scene.is_fraud() { "invoice" } else { "list" });
            scene.set("vouchers", &json!([paper]));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a refund of income on which the fee was taken, a cent beyond what the month earned",
        code: "EX-05",
        fits: |act| act.text("category") == "advert",
        plant: |scene| {
            let month = scene.act().date.period().next();
            let (fee, day) = (format!("fee for {month}"), month.first_day().plus_days(19));
            // The month's fee is what the month earned, to the hundredth.
            let left = cents(scene.named(&fee).text("amount"));
            // At 12 % seventeen cents of base are two cents of fee; the first may be lost in rounding.
            let rate = if month.month() < 7 { 15 } else { 12 };
            let back = left * 100 / rate + 17 * scene.step;
            let data = json!({"account": "bank", "amount": yuan(back), "fund": "shared", "reason": "广告提前下架，退回",
                "target": format!("@{}", scene.name), "vouchers": [scene.voucher("receipt")]});
            scene.plan.insert(Act::new(day, Kind::Refund, data).named("refund of an advert"));
            scene.leave_out(&fee);
            Where::Of(month)
        },
        months: 2,
        ..PLAIN
    },
];

fn crosses_the_rate(act: &Act) -> bool {
    act.date.period().to_string() == "2028-07" && act.text("occurred").starts_with("2028-06")
}

/// The fee for a month is lower by so much.
fn lower(scene: &mut Scene, month: Period, cents: i64) {
    scene.name = format!("fee for {month}");
    let due = scene.amount();
    scene.pay((due - cents).max(1));
}

/// The day from which a deed gives another rate.
fn rate_day(scene: &Scene) -> Date {
    let rates = scene.planted().data["deed"]["fees"][0]["rates"].as_array().unwrap();
    rates.last().unwrap()["from"].as_str().unwrap().parse().unwrap()
}

/// The vote behind a deed, of the same month.
fn vote_of(scene: &Scene) -> String {
    let month = scene.day().period();
    let is_vote = |act: &Act| act.text("matter") == "fee" && act.date.period() == month;
    scene.first(is_vote).unwrap()
}

/// All that the fund has of its own at the month's end goes to the repair fund, and comes back in the new month.
fn empty(scene: &mut Scene) -> Where {
    let month = scene.day().period();
    let (last, all) = (month.last_day(), yuan(scene.own[&month] + scene.step));
    let decision = scene.first(|act| act.kind == Kind::Resolution).unwrap();
    let (own, repair) =
        (json!({"account": "bank", "fund": "shared"}), json!({"account": "repair-bank", "fund": "repair"}));
    let paper = scene.voucher("bank");
    let moved = |from: &Value, to: &Value| json!({"amount": all, "decision": format!("@{decision}"), "from": from, "to": to, "vouchers": [paper]});
    let next = last.plus_days(1);
    let away = Act::new(last, Kind::Transfer, moved(&own, &repair))
        .both()
        .named("emptied")
        .recorded(at(last, 23, 0));
    let back =
        Act::new(next, Kind::Transfer, moved(&repair, &own)).both().named("filled").recorded(at(next, 0, 1));
    scene.plan.insert(away);
    scene.plan.insert(back);
    Where::Of(month)
}
