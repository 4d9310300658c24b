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

mod told;

use proptest::prelude::*;
use serde_json::{Value, json};
use told::Told;
use xinyi_core::{Close, Index, Kind, Period, StateDocument};
use xinyi_rules::{Finding, RULES, Report, Status};
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
    fn new(net_floor: &str, rounding: &str) -> Self {
        let mut genesis = Community::genesis_json("2026-10");
        genesis["deed"]["fees"][0]["net_floor"] = json!(net_floor);
        genesis["deed"]["fees"][0]["rounding"] = json!(rounding);
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

    fn reverse(&mut self, day: &str, which: u16) {
        let target = match which % 6 {
            0 => pick(&self.lines.refunds, which / 6),
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

/// Findings about lines dated in the month, or about the month itself; a close before is judged with its month.
fn of_month<'r>(report: &'r Report, told: &Told, period: Period) -> Vec<&'r Finding> {
    let is_of_month = |finding: &&Finding| match finding.at {
        Some(_) if matches!(finding.code, "SG-07" | "ST-01") => finding.period == Some(period),
        Some(index) => told.date_of(index) == period,
        None => finding.period == Some(period),
    };
    report.findings.iter().filter(is_of_month).collect()
}

fn places(findings: &[&Finding]) -> Vec<(&'static str, Option<Index>)> {
    findings.iter().map(|finding| (finding.code, finding.at)).collect()
}

/// What the month's check says against what the check of the whole says of that month.
fn agree(told: &Told, period: Period) -> Result<(), TestCaseError> {
    let whole = told.whole(period);
    let (month, worked_out) = told.month(period);
    let lacks = |code: &str| month.rules.iter().any(|rule| rule.code == code && rule.older > 0);
    let st_01 = month.findings.iter().filter(|finding| finding.code == "ST-01").count();
    prop_assert_eq!(st_01, 0, "{}: {:?}", period, month.findings);
    if !lacks("ST-01") {
        prop_assert_eq!(worked_out.encode(), told.worked_out[&period].encode());
    }
    // Where a later month undoes what cannot be worked out, no fee position is shown.
    if !month.fees.is_empty() {
        prop_assert_eq!(&month.fees, &whole.fees);
    }
    prop_assert_eq!(&month.accounts, &whole.accounts);
    prop_assert_eq!(&month.funds, &whole.funds);
    prop_assert_eq!(&month.month, &whole.month);
    prop_assert_eq!(month.from, Some(period));
    let (in_whole, in_month) = (of_month(&whole, told, period), of_month(&month, told, period));
    for rule in RULES {
        let of_rule = |findings: &[&Finding]| -> Vec<Finding> {
            findings
                .iter()
                .filter(|finding| finding.code == rule.code)
                .map(|finding| (*finding).clone())
                .collect()
        };
        let (in_whole, in_month) = (of_rule(&in_whole), of_rule(&in_month));
        if lacks(rule.code) {
            prop_assert!(rule.older, "{} does not declare that it needs older lines", rule.code);
            let known = places(&in_whole.iter().collect::<Vec<_>>());
            for found in places(&in_month.iter().collect::<Vec<_>>()) {
                prop_assert!(
                    known.contains(&found),
                    "{}: {:?} is a false finding of {}",
                    period,
                    found,
                    rule.code
                );
            }
        } else {
            prop_assert_eq!(in_month, in_whole, "{} in {}", rule.code, period);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_month_from_the_document_before_it_comes_to_what_the_whole_ledger_comes_to(
        acts in proptest::collection::vec((0_u8..22, 0_u8..3, 1_u32..300, any::<u16>()), 20..120),
        floor in prop_oneof![Just("total"), Just("source")],
        rounding in prop_oneof![Just("cumulative"), Just("entry")],
    ) {
        let mut teller = Teller::new(floor, rounding);
        acts.into_iter().for_each(|act| teller.act(act));
        for period in teller.told.closes.keys().skip(1) {
            agree(&teller.told, *period)?;
        }
    }
}

fn told() -> Told {
    Told::new(Community::genesis_json("2026-01"))
}

fn in_bank(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

fn spent(amount: &str, more: &Value) -> Value {
    let mut data =
        json!({"account": "bank", "amount": amount, "category": "repair", "fund": "shared", "payee": "lift"});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    data
}

fn back(amount: &str, target: &Value) -> Value {
    json!({"account": "bank", "amount": amount, "fund": "shared", "reason": "paid twice", "target": target})
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code).collect()
}

fn older(report: &Report, code: &str) -> u64 {
    report.rules.iter().find(|rule| rule.code == code).unwrap().older
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

#[test]
fn figures_that_both_approved_wrongly_are_one_finding_and_the_next_month_goes_on_from_them() {
    let mut told = told();
    told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("1000.00")).unwrap();
    told.close("2026-02-02", |_| {});
    told.tell("2026-02-10", Kind::Income, Seal::Trustee, in_bank("500.00")).unwrap();
    told.close("2026-03-02", |document| document.holdings[0].balance = "1600.00".parse().unwrap());
    told.tell("2026-03-10", Kind::Income, Seal::Trustee, in_bank("50.00")).unwrap();
    told.close("2026-04-02", |_| {});
    let whole = told.whole(period("2026-03"));
    assert_eq!(codes(&whole), ["ST-01"]);
    assert_eq!(whole.findings[0].args["goes_on"], "named");
    assert_eq!(whole.accounts["bank".parse().as_ref().unwrap()].to_string(), "1650.00");
    let (february, _) = told.month(period("2026-02"));
    assert_eq!(codes(&february), ["ST-01"], "the document named is not at hand");
    assert_eq!(february.findings[0].args["goes_on"], "worked-out");
    let (march, _) = told.month(period("2026-03"));
    assert_eq!(codes(&march), [""; 0]);
    let totals = march.month.unwrap().funds.into_values().next().unwrap();
    let totals = [totals.opening, totals.income, totals.expense, totals.fee, totals.other, totals.closing];
    assert_eq!(
        totals.map(|figure| figure.to_string()),
        ["1600.00", "50.00", "0.00", "0.00", "0.00", "1650.00"]
    );
}

#[test]
fn a_document_that_is_not_the_one_named_is_not_gone_on_from() {
    let mut told = told();
    told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("1000.00")).unwrap();
    let (_, mut forged) = told.draft(period("2026-01"));
    forged.holdings[0].balance = "9000.00".parse().unwrap();
    let checker = std::mem::take(&mut told.checker);
    told.checker = checker.with_documents(move |_| Some(forged.clone()));
    let (mut close, document) = told.draft(period("2026-01"));
    close.state = xinyi_core::Hash::digest(b"lost");
    assert!(told.record_close("2026-02-02", close, document.clone(), document));
    let report = told.checker.finish();
    assert_eq!(codes(&report), ["ST-01"]);
    assert_eq!(report.accounts["bank".parse().as_ref().unwrap()].to_string(), "1000.00");
}

#[test]
fn a_refund_in_two_months_is_listed_until_it_is_whole_and_again_once_a_part_is_undone() {
    let mut told = told();
    let income = told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("100.00")).unwrap();
    let target = json!(income.link());
    told.tell("2026-01-11", Kind::Refund, Seal::Trustee, back("30.00", &target)).unwrap();
    told.close("2026-02-02", |_| {});
    let rest = told.tell("2026-02-10", Kind::Refund, Seal::Trustee, back("70.00", &target)).unwrap();
    told.close("2026-03-02", |_| {});
    told.tell(
        "2026-03-10",
        Kind::Reversal,
        Seal::Both,
        json!({"reason": "did not go", "target": rest.link()}),
    )
    .unwrap();
    told.close("2026-04-02", |_| {});
    told.tell("2026-04-10", Kind::Refund, Seal::Trustee, back("70.01", &target)).unwrap();
    told.close("2026-05-02", |_| {});
    let left = |month: &str| {
        let lines = told.documents[&period(month)].refunds.iter();
        lines.map(|line| line.left.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(left("2026-01"), ["70.00"]);
    assert_eq!(left("2026-02"), [""; 0]);
    assert_eq!(left("2026-03"), ["70.00"]);
    for month in ["2026-02", "2026-03", "2026-04"] {
        agree(&told, period(month)).unwrap();
    }
    let (april, _) = told.month(period("2026-04"));
    assert!(
        codes(&april).contains(&"CH-06"),
        "more than came, by what the document lists: {:?}",
        codes(&april)
    );
}

#[test]
fn a_refund_undone_in_full_leaves_a_line_as_if_it_had_never_been() {
    let mut told = told();
    let income = told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("100.00")).unwrap();
    let part =
        told.tell("2026-01-11", Kind::Refund, Seal::Trustee, back("30.00", &json!(income.link()))).unwrap();
    told.close("2026-02-02", |_| {});
    told.tell(
        "2026-02-10",
        Kind::Reversal,
        Seal::Both,
        json!({"reason": "did not go", "target": part.link()}),
    )
    .unwrap();
    told.close("2026-03-02", |_| {});
    assert!(told.documents[&period("2026-02")].refunds.is_empty());
    agree(&told, period("2026-02")).unwrap();
}

#[test]
fn a_line_refunded_twice_over_in_two_months_is_found_by_the_whole_and_not_passed_by_the_month() {
    let mut told = told();
    let income = told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("100.00")).unwrap();
    told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("500.00")).unwrap();
    told.tell("2026-01-11", Kind::Refund, Seal::Trustee, back("100.00", &json!(income.link()))).unwrap();
    told.close("2026-02-02", |_| {});
    told.tell("2026-02-10", Kind::Refund, Seal::Trustee, back("100.00", &json!(income.link()))).unwrap();
    told.close("2026-03-02", |_| {});
    assert!(codes(&told.whole(period("2026-02"))).contains(&"CH-06"));
    let (month, _) = told.month(period("2026-02"));
    assert_eq!(older(&month, "CH-06"), 1);
    agree(&told, period("2026-02")).unwrap();
}

#[test]
fn an_invoice_in_parts_drops_out_once_paid_and_stands_again_when_paid_once_more() {
    let mut told = told();
    told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("1000.00")).unwrap();
    let part = |amount: &str| {
        spent(amount, &json!({"invoices": [{"amount": amount, "number": "7", "total": "100.00"}]}))
    };
    told.tell("2026-01-11", Kind::Expense, Seal::Trustee, part("60.00")).unwrap();
    told.close("2026-02-02", |_| {});
    told.tell("2026-02-11", Kind::Expense, Seal::Trustee, part("40.00")).unwrap();
    told.close("2026-03-02", |_| {});
    told.tell("2026-03-11", Kind::Expense, Seal::Trustee, part("30.00")).unwrap();
    told.close("2026-04-02", |_| {});
    let paid = |month: &str| {
        let lines = told.documents[&period(month)].invoices.iter();
        lines.map(|line| line.paid.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        (paid("2026-01"), paid("2026-02"), paid("2026-03")),
        (vec!["60.00".into()], vec![], vec!["30.00".into()])
    );
    for month in ["2026-02", "2026-03"] {
        agree(&told, period(month)).unwrap();
    }
}

#[test]
fn an_order_overdrawn_over_two_months_is_found_in_the_second() {
    let mut told = told();
    told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("90000.00")).unwrap();
    let order = json!({"amount": "20000.00", "fund": "shared", "payee": "lift", "purpose": "repair", "until": "2026-01-31"});
    let order = told.tell("2026-01-11", Kind::Order, Seal::Both, order).unwrap();
    let under = |amount: &str, day: &str| spent(amount, &json!({"order": order.link(), "occurred": day}));
    told.tell("2026-01-12", Kind::Expense, Seal::Trustee, under("11000.00", "2026-01-12")).unwrap();
    told.close("2026-02-02", |_| {});
    // Paid in time and booked after the order's last day, first within what is left, then beyond.
    told.tell("2026-02-02", Kind::Expense, Seal::Trustee, under("8000.00", "2026-01-31")).unwrap();
    let over =
        told.tell("2026-02-02", Kind::Expense, Seal::Trustee, under("10500.00", "2026-01-31")).unwrap();
    told.close("2026-03-02", |_| {});
    agree(&told, period("2026-02")).unwrap();
    let (month, _) = told.month(period("2026-02"));
    let found: Vec<_> = month.findings.iter().map(|finding| (finding.code, finding.at)).collect();
    assert_eq!(found, [("SG-02", Some(over.index()))]);
}

#[test]
fn an_early_expense_is_judged_by_what_was_left_when_it_was_recorded() {
    let mut told = told();
    told.tell("2026-01-10", Kind::Income, Seal::Trustee, in_bank("90000.00")).unwrap();
    let order = json!({"amount": "20000.00", "fund": "shared", "payee": "lift", "purpose": "repair", "until": "2026-12-31"});
    let order = told.tell("2026-01-11", Kind::Order, Seal::Both, order).unwrap();
    let under = |amount: &str| spent(amount, &json!({"order": order.link()}));
    told.tell("2026-02-01", Kind::Expense, Seal::Trustee, under("12000.00")).unwrap();
    told.tell("2026-01-31", Kind::Expense, Seal::Trustee, under("12000.00")).unwrap();
    told.close("2026-02-02", |_| {});
    told.close("2026-03-02", |_| {});
    agree(&told, period("2026-02")).unwrap();
    let (month, _) = told.month(period("2026-02"));
    assert!(!codes(&month).contains(&"SG-02"), "the second, in January, went too far, not the first");
    assert_eq!(older(&month, "SG-02"), 1);
}

#[test]
fn cost_of_an_older_month_that_is_undone_leaves_the_base_unknown_and_is_no_finding() {
    let mut genesis = Community::genesis_json("2026-01");
    genesis["deed"]["fees"][0]["net_floor"] = json!("source");
    let mut told = Told::new(genesis);
    let mut parking = in_bank("100.00");
    parking["category"] = json!("parking");
    told.tell("2026-01-09", Kind::Income, Seal::Trustee, in_bank("900.00")).unwrap();
    let income = told.tell("2026-01-10", Kind::Income, Seal::Trustee, parking).unwrap();
    let cost = spent("150.00", &json!({"cost_of": income.link()}));
    let cost = told.tell("2026-01-11", Kind::Expense, Seal::Trustee, cost).unwrap();
    told.close("2026-02-02", |_| {});
    told.tell("2026-02-10", Kind::Reversal, Seal::Both, json!({"reason": "wrong", "target": cost.link()}))
        .unwrap();
    told.close("2026-03-02", |_| {});
    let (month, _) = told.month(period("2026-02"));
    assert!(!codes(&month).contains(&"ST-01"));
    let state = month.rules.iter().find(|rule| rule.code == "ST-01").unwrap();
    assert_eq!(state.status, Status::NotChecked { reason: "older" });
    assert!(month.fees.is_empty(), "no position rests on a guess");
    agree(&told, period("2026-02")).unwrap();
}

#[test]
fn a_budget_decided_before_its_year_is_handed_on_and_one_of_zero_is_none() {
    let mut told = Told::new(Community::genesis_json("2026-12"));
    let budget = |amount: &str| json!({"fund": "shared", "lines": [{"amount": amount, "line": "lift", "name": "lifts"}], "year": 2027});
    told.tell("2026-12-10", Kind::Budget, Seal::Both, budget("5000.00")).unwrap();
    told.close("2027-01-02", |_| {});
    let line = "lift".parse().unwrap();
    let lifts = told.checker.books().budget(2027)[&line].0;
    assert_eq!(lifts.map(|amount| amount.to_string()), Some("5000.00".to_owned()));
    told.tell("2027-01-10", Kind::Budget, Seal::Both, budget("0.00")).unwrap();
    assert_eq!(told.checker.books().budget(2027)[&line].0, None, "before the close");
    told.close("2027-02-02", |_| {});
    assert_eq!(told.checker.books().budget(2027)[&line].0, None, "and after it");
    agree(&told, period("2027-01")).unwrap();
}

#[test]
fn every_rule_that_lacks_older_lines_says_on_its_page_which() {
    for rule in RULES {
        let page = xinyi_rules::page(rule.code).unwrap();
        for language in [xinyi_rules::Language::En, xinyi_rules::Language::Zh] {
            assert_eq!(page.line("older", language).is_some(), rule.older, "{}", rule.code);
        }
    }
}
