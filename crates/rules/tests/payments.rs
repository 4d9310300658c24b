//! Payments in a random order, late and ahead, paid, given back, undone and made good: what a month's file says of
//! them is what the whole ledger says, or is not checked (spec: M-15, M-16).

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod told;

use proptest::prelude::*;
use serde_json::{Value, json};
use told::{Told, agree};
use xinyi_core::{Kind, Period};
use xinyi_testkit::{Community, Seal};

/// What happens next: an act, months ahead of the one due, an amount, and which of several.
type Act = (u8, u8, u32, u16);

const PAYEES: [&str; 4] = ["lift", "sister", "cousin", "worker"];

struct Teller {
    expenses: Vec<(Value, u32)>,
    orders: Vec<Value>,
    refunds: Vec<Value>,
    resolutions: Vec<Value>,
    reversals: Vec<Value>,
    told: Told,
}

fn pick<T: Clone>(from: &[T], which: u16) -> Option<T> {
    (!from.is_empty()).then(|| from[usize::from(which) % from.len()].clone())
}

impl Teller {
    fn new() -> Self {
        let mut genesis = Community::genesis_json("2026-10");
        let deed = &mut genesis["deed"];
        deed["budget_required"] = json!(true);
        deed["deadlines"]["ratify_days"] = json!(20);
        deed["related"] = json!(["sister"]);
        deed["parameters"] = json!([
            {"name": "voucher-from", "value": "50.00"}, {"name": "registered-payees-from", "value": "50.00"},
            {"name": "quote-from", "value": "9000.00"},
            {"name": "retention", "value": "repair=5/100"}, {"name": "guide-price", "value": "repair=3000.00"},
        ]);
        Self {
            expenses: vec![],
            orders: vec![],
            refunds: vec![],
            resolutions: vec![],
            reversals: vec![],
            told: Told::new(genesis),
        }
    }

    fn act(&mut self, (act, ahead, amount, which): Act) {
        let due = self.told.due();
        let month = (0..ahead % 3).fold(due, |month, _| month.next());
        let day = month.first_day().plus_days(i32::from(which % 25)).to_string();
        let money = format!("{amount}.00");
        match act {
            0 => self.payee(&day, which),
            1 => self.budget(&day, month, &money),
            2 => self.contract(&day, &money, which),
            3 => self.order(&day, &money, which),
            4 => self.resolution(&day),
            5 => self.give_back(&day, amount, which),
            6 => self.reverse(&day, which),
            7 => self.evidence(&day, which),
            8 => self.ratify(&day, which),
            9 | 10 => {
                let day = due.next().first_day().plus_days(2).to_string();
                self.told.close(&day, |_| {});
            }
            _ => self.expense(&day, amount, which),
        }
    }

    fn tell(&mut self, day: &str, kind: Kind, is_both: bool, mut data: Value) -> Option<Value> {
        data.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let seal = if is_both { Seal::Both } else { Seal::Trustee };
        self.told.tell(day, kind, seal, data).map(|entry| json!(entry.link()))
    }

    fn payee(&mut self, day: &str, which: u16) {
        let payee = PAYEES[usize::from(which) % 4];
        let is_person = payee == "worker";
        let mut data = json!({"payee": payee, "related": which.is_multiple_of(9)});
        if is_person {
            (data["class"], data["sealed_name"]) = (json!("person"), json!("11".repeat(32)));
        } else {
            (data["class"], data["name"]) = (json!("organisation"), json!("made up"));
            data["group"] = if which.is_multiple_of(2) { json!("twins") } else { Value::Null };
        }
        self.tell(day, Kind::Payee, false, data);
    }

    fn budget(&mut self, day: &str, month: Period, money: &str) {
        let lines = json!([{"amount": money, "line": "repair", "name": "repairs"}]);
        self.tell(
            day,
            Kind::Budget,
            true,
            json!({"fund": "shared", "lines": lines, "year": u64::try_from(month.year()).unwrap()}),
        );
    }

    fn contract(&mut self, day: &str, money: &str, which: u16) {
        let end = if which.is_multiple_of(3) { Value::Null } else { json!("2027-01-15") };
        let decision = pick(&self.resolutions, which).filter(|_| which.is_multiple_of(2));
        let data = json!({"contract": "roof", "counterparty": "lift", "decision": decision, "end": end, "price": money,
            "side": "spending", "start": "2026-10-01", "subject": "roof"});
        self.tell(day, Kind::Contract, !which.is_multiple_of(4), data);
    }

    fn order(&mut self, day: &str, money: &str, which: u16) {
        let data = json!({"amount": money, "fund": "shared", "payee": PAYEES[usize::from(which) % 3],
            "purpose": "repair", "until": "2027-12-31"});
        let order = self.tell(day, Kind::Order, !which.is_multiple_of(3), data);
        self.orders.extend(order);
    }

    fn resolution(&mut self, day: &str) {
        let data = json!({"matter": "repair", "party": "assembly", "title": "decided"});
        let resolution = self.tell(day, Kind::Resolution, true, data);
        self.resolutions.extend(resolution);
    }

    fn expense(&mut self, day: &str, amount: u32, which: u16) {
        let money = format!("{amount}.00");
        let category = ["repair", "wages", "loan", "major-repair"][usize::from(which / 3) % 4];
        let mut data = json!({"account": "bank", "amount": money, "category": category, "fund": "shared",
            "payee": PAYEES[usize::from(which) % 4]});
        data["budget"] = if which % 7 > 1 { json!("repair") } else { Value::Null };
        data["emergency"] = if which % 11 == 1 { json!("burst pipe") } else { Value::Null };
        data["replaces"] = pick(&self.reversals, which).filter(|_| which % 13 == 2).unwrap_or(Value::Null);
        match which % 5 {
            0 => data["order"] = pick(&self.orders, which / 5).unwrap_or(Value::Null),
            1 => data["contract"] = json!("roof"),
            2 => {
                let number = format!("invoice {}", which % 3);
                data["invoices"] =
                    json!([{"amount": money, "number": number, "total": format!("{}.00", 5000 + which % 2)}]);
            }
            _ => {}
        }
        let expense = self.tell(day, Kind::Expense, which.is_multiple_of(6), data);
        self.expenses.extend(expense.map(|link| (link, amount)));
    }

    fn give_back(&mut self, day: &str, amount: u32, which: u16) {
        let Some((target, whole)) = pick(&self.expenses, which) else { return };
        let amount = if amount.is_multiple_of(2) { whole } else { amount.min(whole) };
        let data = json!({"account": "bank", "amount": format!("{amount}.00"), "fund": "shared", "reason": "too much",
            "target": target});
        let refund = self.tell(day, Kind::Refund, true, data);
        self.refunds.extend(refund);
    }

    fn reverse(&mut self, day: &str, which: u16) {
        let refund = which.is_multiple_of(4).then(|| self.refunds.pop()).flatten();
        let Some(target) = refund.or_else(|| pick(&self.expenses, which).map(|(link, _)| link)) else {
            return;
        };
        let reversal = self.tell(day, Kind::Reversal, true, json!({"reason": "wrong", "target": target}));
        self.reversals.extend(reversal);
    }

    fn evidence(&mut self, day: &str, which: u16) {
        let Some((target, _)) = pick(&self.expenses, which) else { return };
        let class = if which.is_multiple_of(2) { "photo" } else { "invoice" };
        let voucher = json!({"class": class, "digest": "5f".repeat(32), "media": "image/png", "size": 9});
        self.tell(day, Kind::Evidence, false, json!({"target": target, "vouchers": [voucher]}));
    }

    fn ratify(&mut self, day: &str, which: u16) {
        let Some((target, _)) = pick(&self.expenses, which) else { return };
        let data = json!({"reason": "seen on site", "targets": [target]});
        self.tell(day, Kind::Ratification, !which.is_multiple_of(3), data);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_month_says_of_payments_what_the_whole_ledger_says(
        acts in proptest::collection::vec((0_u8..24, 0_u8..3, 1_u32..9_999, any::<u16>()), 20..120),
    ) {
        let mut teller = Teller::new();
        acts.into_iter().for_each(|act| teller.act(act));
        for period in teller.told.closes.keys().skip(1) {
            agree(&teller.told, *period)?;
        }
    }
}
