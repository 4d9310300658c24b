//! What a close hands on, month after month: wrong documents, refunds, invoices and orders over two months
//! (spec: M-11, M-13…M-16).

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

use serde_json::{Value, json};
use told::{Told, agree};
use xinyi_core::{Kind, Period};
use xinyi_rules::{RULES, Report, Status};
use xinyi_testkit::{Community, Seal};

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
