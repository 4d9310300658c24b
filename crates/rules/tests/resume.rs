//! A month checked from the document before it comes to what the check of the whole comes to (spec: M-15, M-16).

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod recalled;
mod told;

use proptest::prelude::*;
use serde_json::{Value, json};
use told::{Told, agree};
use xinyi_core::{Close, Kind, Period, StateDocument};
use xinyi_testkit::{Community, Seal};

/// What may happen next: an act, months ahead of the one due, an amount, and which earlier line it is about.
type Act = (u8, u8, u32, u16);

/// Lines that later acts may be about.
#[derive(Default)]
struct Lines {
    costs: Vec<Value>,
    expenses: Vec<(Value, u32)>,
    fees: Vec<(Value, u32)>,
    held: Vec<Value>,
    incomes: Vec<(Value, u32)>,
    lacking: Vec<Value>,
    orders: Vec<Value>,
    refunds: Vec<Value>,
    reversals: Vec<Value>,
}

fn pick<T: Clone>(from: &[T], which: u16) -> Option<T> {
    (!from.is_empty()).then(|| from[usize::from(which) % from.len()].clone())
}

struct Teller {
    lines: Lines,
    told: Told,
    waiting: Option<(Close, StateDocument)>,
}

impl Teller {
    fn new(net_floor: &str, rounding: &str, basis: &str, graded: bool) -> Self {
        let mut genesis = Community::genesis_json("2026-10");
        let fee = &mut genesis["deed"]["fees"][0];
        fee["net_floor"] = json!(net_floor);
        fee["rounding"] = json!(rounding);
        fee["basis"] = json!(basis);
        if basis != "cash" {
            fee["base"].as_array_mut().unwrap().push(json!({"category": "repair", "measure": "gross"}));
        }
        if graded {
            fee["fixed"] = json!("20.00");
            fee["performance"] = json!([{"points": 0, "share": "1/3"}, {"points": 80, "share": "1/1"}]);
        }
        Self { lines: Lines::default(), told: Told::new(genesis), waiting: None }
    }

    fn act(&mut self, (act, ahead, amount, which): Act) {
        let due = self.told.due();
        let month = (0..ahead % 3).fold(due, |month, _| month.next());
        let day = month.first_day().plus_days(i32::from(ahead)).to_string();
        let money = format!("{amount}.00");
        match act {
            0..=3 => self.income(&day, &money, amount, which),
            4 => self.held(&day, &money, which),
            5 | 6 => self.give_back(&day, amount, which),
            7 => self.reverse(&day, which),
            8 => self.order(&day, &money, which),
            9..=12 => self.expense(&day, &money, amount, which),
            13 => self.fee(&day, &money, amount, which),
            14 => self.budget(&day, month, &money, which),
            15 => self.ratify(&day, which),
            16 => self.deed(&day, month, which),
            17 => self.waiting = Some(self.told.draft(due)),
            19 => self.bill(&day, month, &money, which),
            20 => self.assess(&day, due, which),
            18 => {
                if let Some((close, document)) = self.waiting.take() {
                    self.close(close, document);
                }
            }
            _ => {
                let (close, document) = self.told.draft(due);
                self.close(close, document);
            }
        }
    }

    fn close(&mut self, close: Close, document: StateDocument) {
        if close.period != self.told.due() {
            return;
        }
        let day = close.period.next().first_day().plus_days(2).to_string();
        self.told.record_close(&day, close, document.clone(), document);
    }

    fn income(&mut self, day: &str, money: &str, amount: u32, which: u16) {
        let category = if which.is_multiple_of(3) { "property-fee" } else { "parking" };
        let mut data = json!({"account": "bank", "amount": money, "category": category, "fund": "shared",
            "receipt": {"number": which % 40, "series": "a"}});
        if which % 5 == 1 {
            data["replaces"] = pick(&self.lines.reversals, which).unwrap_or(Value::Null);
        }
        strip(&mut data);
        if let Some(entry) = self.told.tell(day, Kind::Income, Seal::Trustee, data) {
            self.lines.incomes.push((json!(entry.link()), amount));
        }
    }

    fn held(&mut self, day: &str, money: &str, which: u16) {
        let mut data = json!({"account": "bank", "amount": money, "fund": "shared", "held_for": "deposit"});
        let Some(target) = pick(&self.lines.held, which).filter(|_| which.is_multiple_of(2)) else {
            if let Some(entry) = self.told.tell(day, Kind::HeldIn, Seal::Trustee, data) {
                self.lines.held.push(json!(entry.link()));
            }
            return;
        };
        data["target"] = target;
        self.told.tell(day, Kind::HeldOut, Seal::Trustee, data);
    }

    /// A refund: in part, of the whole, or of more.
    fn give_back(&mut self, day: &str, amount: u32, which: u16) {
        let lines = match which % 4 {
            0 => &self.lines.expenses,
            1 => &self.lines.fees,
            _ => &self.lines.incomes,
        };
        let Some((target, whole)) = pick(lines, which / 4) else { return };
        let amount = match amount % 3 {
            0 => whole,
            1 => whole / 2,
            _ => amount,
        };
        let data = json!({"account": "bank", "amount": format!("{amount}.00"), "fund": "shared",
            "reason": "paid twice", "target": target});
        if let Some(entry) = self.told.tell(day, Kind::Refund, Seal::Trustee, data) {
            self.lines.refunds.push(json!(entry.link()));
        }
    }

    /// A refund is undone once: undone twice, a document cannot be told from one of a line refunded in whole.
    fn reverse(&mut self, day: &str, which: u16) {
        let target = match which % 6 {
            0 => self.lines.refunds.pop(),
            1 => pick(&self.lines.expenses, which / 6).map(|(link, _)| link),
            2 => pick(&self.lines.costs, which / 6),
            3 => pick(&self.lines.fees, which / 6).map(|(link, _)| link),
            4 => pick(&self.lines.reversals, which / 6),
            _ => pick(&self.lines.incomes, which / 6).map(|(link, _)| link),
        };
        let Some(target) = target else { return };
        let data = json!({"reason": "wrong", "target": target});
        if let Some(entry) = self.told.tell(day, Kind::Reversal, Seal::Both, data) {
            self.lines.reversals.push(json!(entry.link()));
        }
    }

    fn order(&mut self, day: &str, money: &str, which: u16) {
        let seal = if which.is_multiple_of(3) { Seal::Trustee } else { Seal::Both };
        let until = if which.is_multiple_of(2) { "2026-11-15" } else { "2028-12-31" };
        let data =
            json!({"amount": money, "fund": "shared", "payee": "lift", "purpose": "repair", "until": until});
        let Some(entry) = self.told.tell(day, Kind::Order, seal, data) else { return };
        self.lines.orders.push(json!(entry.link()));
        if seal == Seal::Trustee {
            self.lines.lacking.push(json!(entry.link()));
        }
    }

    fn expense(&mut self, day: &str, money: &str, amount: u32, which: u16) {
        // Above the limit, so that it needs an order or the committee.
        let (amount, money) = if which % 4 == 1 {
            (10_000 + amount, format!("{}.00", 10_000 + amount))
        } else {
            (amount, money.to_owned())
        };
        let mut data = json!({"account": "bank", "amount": money, "category": "repair", "fund": "shared", "payee": "lift"});
        match which % 5 {
            0 | 1 => data["order"] = pick(&self.lines.orders, which / 5).unwrap_or(Value::Null),
            2 => data["cost_of"] = pick(&self.lines.incomes, which / 5).map_or(Value::Null, |(link, _)| link),
            3 => data["budget"] = json!("repair"),
            _ => {
                let number = format!("invoice {}", which % 3);
                data["invoices"] =
                    json!([{"amount": money, "number": number, "total": format!("{}.00", 100 + which % 2)}]);
            }
        }
        let (is_cost, is_ordered) = (!data["cost_of"].is_null(), !data["order"].is_null());
        strip(&mut data);
        let seal = if which.is_multiple_of(7) { Seal::Both } else { Seal::Trustee };
        let Some(entry) = self.told.tell(day, Kind::Expense, seal, data) else { return };
        self.lines.expenses.push((json!(entry.link()), amount));
        if is_cost {
            self.lines.costs.push(json!(entry.link()));
        }
        if is_ordered {
            self.lines.lacking.push(json!(entry.link()));
        }
    }

    fn fee(&mut self, day: &str, money: &str, amount: u32, which: u16) {
        // For a month that is closed: the last or one before.
        let Some(last) = self.told.closes.keys().next_back().copied() else { return };
        let period = if which.is_multiple_of(3) { last.previous() } else { last };
        let data = json!({"account": "bank", "amount": money, "fund": "shared", "periods": [period], "taker": "trustee",
            "invoice": {"amount": money, "number": format!("fee {period}"), "total": money}});
        if let Some(entry) = self.told.tell(day, Kind::Fee, Seal::Trustee, data) {
            self.lines.fees.push((json!(entry.link()), amount));
        }
    }

    fn budget(&mut self, day: &str, month: Period, money: &str, which: u16) {
        let year = u64::try_from(month.year()).unwrap() + u64::from(which % 2);
        let amount = if which % 4 == 3 { "0.00" } else { money };
        let data = json!({"fund": "shared", "lines": [{"amount": amount, "line": "repair", "name": "repairs"}], "year": year});
        self.told.tell(day, Kind::Budget, Seal::Both, data);
    }

    fn ratify(&mut self, day: &str, which: u16) {
        let Some(target) = pick(&self.lines.lacking, which) else { return };
        let seal = if which.is_multiple_of(3) { Seal::Trustee } else { Seal::Both };
        let data = json!({"reason": "seen on site", "targets": [target]});
        self.told.tell(day, Kind::Ratification, seal, data);
    }

    /// A bill of up to four months, one of them perhaps to come, or a waiver of it.
    fn bill(&mut self, day: &str, month: Period, money: &str, which: u16) {
        let to = (0..which % 4).fold(month, |to, _| to.next());
        let mut data = json!({"amount": money, "category": "parking", "fund": "shared",
            "months": {"from": month.previous(), "to": to}});
        if which.is_multiple_of(5) {
            data["reason"] = json!("made up");
            self.told.tell(day, Kind::Waiver, Seal::Both, data);
        } else {
            data["units"] = json!(1);
            self.told.tell(day, Kind::Billing, Seal::Trustee, data);
        }
    }

    fn assess(&mut self, day: &str, due: Period, which: u16) {
        let from = (0..which % 3).fold(due, |from, _| from.previous());
        let points = if which.is_multiple_of(2) { 85 } else { 40 };
        let data = json!({"months": {"from": from, "to": due}, "points": points, "taker": "trustee"});
        self.told.tell(day, Kind::Assessment, Seal::Both, data);
    }

    fn deed(&mut self, day: &str, month: Period, which: u16) {
        let last = self.told.community.replay.months().unwrap().deeds().last().unwrap().digest;
        let mut deed = serde_json::to_value(self.told.checker.books().last_deed().unwrap()).unwrap();
        deed["first"] = json!(month.first_day());
        let rates = [json!("15/100"), json!("12/100"), json!("1/3")];
        deed["fees"][0]["rates"] = json!([{"from": "2026-10-01", "rate": rates[usize::from(which % 3)]}]);
        self.told.tell(day, Kind::Deed, Seal::Both, json!({"deed": deed, "previous": last}));
    }
}

fn strip(data: &mut Value) {
    data.as_object_mut().unwrap().retain(|_, value| !value.is_null());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_month_from_the_document_before_it_comes_to_what_the_whole_ledger_comes_to(
        acts in proptest::collection::vec((0_u8..24, 0_u8..3, 1_u32..300, any::<u16>()), 20..120),
        floor in prop_oneof![Just("total"), Just("source")],
        rounding in prop_oneof![Just("cumulative"), Just("entry")],
        basis in prop_oneof![3 => Just("cash"), 1 => Just("accrual"), 1 => Just("budget"), 1 => Just("cost-plus")],
        graded in any::<bool>(),
    ) {
        let mut teller = Teller::new(floor, rounding, basis, graded);
        acts.into_iter().for_each(|act| teller.act(act));
        for period in teller.told.closes.keys().skip(1) {
            agree(&teller.told, *period)?;
        }
        let documents = teller.told.documents.values().cloned();
        prop_assert_eq!(recalled::agree(&teller.told.community, documents).err(), None);
    }
}
