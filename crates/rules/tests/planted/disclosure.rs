//! Frauds of what is told and handed over: postings, statements, personal data, hand-overs, deeds (ST, PV, HO, DD).

use serde_json::json;
use xinyi_core::{Kind, Period};
use xinyi_testkit::honest::{Act, yuan};

use super::chain::is_small_repair;
use super::{Fraud, PLAIN, Scene, Where};

fn is_posting(act: &Act) -> bool {
    act.kind == Kind::Publication
}

fn is_handover(act: &Act) -> bool {
    act.kind == Kind::Handover
}

fn is_deed(act: &Act) -> bool {
    act.kind == Kind::Deed
}

pub(crate) const FRAUDS: &[Fraud] = &[
    Fraud {
        name: "posted a day late",
        code: "ST-02",
        fits: is_posting,
        plant: |scene| {
            let from = scene.month().last_day().plus_days(10 + scene.days());
            scene.set("from", &json!(from));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "hung for fourteen days",
        code: "ST-02",
        fits: is_posting,
        plant: |scene| {
            let to = scene.day().plus_days(14 - scene.days());
            scene.set("to", &json!(to));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent more than a twentieth of the expenses called other",
        code: "ST-03",
        fits: |act| is_small_repair(act) && act.date.day() < 28,
        plant: |scene| {
            let (name, month) = (scene.name.clone(), scene.day().period());
            let rest = spent(scene, month, &name);
            scene.pay(rest / 19 + scene.step);
            scene.set("category", &json!("other"));
            Where::Of(month)
        },
        ..PLAIN
    },
    Fraud {
        name: "a mobile number in a note",
        code: "PV-01",
        fits: |act| act.kind == Kind::Income,
        plant: |scene| {
            let note = if scene.is_fraud() { "请联系 13800138000" } else { "请联系 1380013800" };
            scene.set("note", &json!(note));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a cent less handed over than there is",
        code: "HO-01",
        fits: is_handover,
        plant: |scene| {
            scene.is_misstated = true;
            let step = scene.step;
            let holding = &mut scene.act().data["holdings"][0];
            let less = xinyi_testkit::honest::cents(holding["balance"].as_str().unwrap()) - step;
            holding["balance"] = json!(yuan(less));
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "handed over without a signature of those who come",
        code: "HO-01",
        fits: is_handover,
        plant: |scene| {
            let signed = 3 - usize::try_from(scene.step).unwrap();
            scene.act().by.truncate(signed);
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a limit under a name that no rule reads",
        code: "DD-01",
        fits: is_deed,
        plant: |scene| {
            let name = if scene.is_fraud() { "split-day" } else { "split-days" };
            let parameters = scene.act().data["deed"]["parameters"].as_array_mut().unwrap();
            parameters.push(json!({"name": name, "value": "30"}));
            parameters.sort_by_key(|parameter| parameter["name"].as_str().unwrap().to_owned());
            scene.here()
        },
        ..PLAIN
    },
    Fraud {
        name: "a rule switched off by a new deed",
        code: "DD-02",
        fits: is_deed,
        plant: |scene| {
            if scene.is_fraud() {
                scene.act().data["deed"]["off"] = json!([{"reason": "不需要", "rule": "PY-04"}]);
            }
            scene.here()
        },
        ..PLAIN
    },
];

/// What else a month's expenses come to, without what was undone or came back in it.
fn spent(scene: &Scene, month: Period, but: &str) -> i64 {
    let acts = &scene.plan.acts;
    let is_of_month = |act: &&Act| act.date.period() == month && act.name != but;
    let expense = |name: &str| {
        let name = name.trim_start_matches('@');
        acts.iter().find(|act| act.kind == Kind::Expense && act.name == name && act.date.period() == month)
    };
    let adds = |act: &Act| match act.kind {
        Kind::Expense => act.cents(),
        Kind::Refund => expense(act.text("target")).map_or(0, |_| -act.cents()),
        Kind::Reversal => expense(act.text("target")).map_or(0, |undone| -undone.cents()),
        _ => 0,
    };
    acts.iter().filter(is_of_month).map(adds).sum()
}
