//! The lists that banks, the roll, the stubs and the register of contracts would show for an honest plan.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    dead_code,
    reason = "a test that cannot go on has failed; not every test uses every helper"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;
use serde_json::Value;
use xinyi_core::{Date, Kind, MonthRun, Period, Unit};
use xinyi_rules::{BankList, BankRow, DueRow, Outside, ReceiptRow, RollRow, ShareList, ShareRow, share_out};
use xinyi_testkit::honest::{Act, cents};

/// Accounts of which somebody else keeps a list.
const LISTED: [&str; 3] = ["bank", "repair-bank", "wechat"];

/// All lists of what is recorded up to a day; `names` are the lines told, by place.
pub(crate) fn lists(acts: &[Act], areas: &[i64], names: &[String], until: Date) -> Outside {
    let recorded = |act: &Act| act.recorded.day_at("+08:00".parse().unwrap());
    let known: Vec<&Act> = acts.iter().filter(|act| recorded(act) <= until).collect();
    Outside {
        bank: LISTED.iter().filter_map(|account| bank(account, &known, until)).collect(),
        contracts: Some(known.iter().copied().flat_map(due).collect()),
        receipts: Some(known.iter().copied().filter_map(receipt).collect()),
        roll: Some(known.iter().copied().flat_map(|act| roll(act, areas)).collect()),
        shares: shares(&known, areas, names),
    }
}

fn amount(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// An account's list: what was reversed never moved, and the bank is up to two days behind the books.
fn bank(account: &str, acts: &[&Act], until: Date) -> Option<BankList> {
    let reversals = acts.iter().filter(|act| act.kind == Kind::Reversal);
    let undone: BTreeSet<&str> = reversals.map(|act| act.text("target").trim_start_matches('@')).collect();
    let (mut rows, mut opened) = (Vec::new(), 0);
    for (line, act) in (1..).zip(acts) {
        let moved = act.moves().into_iter().filter(|(place, _)| place == account);
        let cents: i64 = moved.map(|(_, cents)| cents).sum();
        if act.kind == Kind::Opening {
            opened += cents;
        } else if cents != 0 && !undone.contains(act.name.as_str()) {
            let day: Date =
                if act.has("occurred") { act.text("occurred").parse().unwrap() } else { act.date };
            let date = day.plus_days(i32::try_from(line % 3).unwrap());
            rows.push(BankRow { amount: amount(cents), date, line, reference: act.name.clone() });
        }
    }
    rows.retain(|row| row.date <= until);
    let closing = amount(opened) + rows.iter().map(|row| row.amount).sum::<Decimal>();
    let from = acts.first()?.date;
    Some(BankList { account: account.parse().unwrap(), closing: Some(closing), from, rows, to: until })
}

fn due(act: &Act) -> Vec<DueRow> {
    if act.kind != Kind::Contract {
        return Vec::new();
    }
    let field = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
    let row = |instalment: &Value| DueRow {
        amount: amount(cents(&field(instalment, "amount"))),
        contract: act.text("contract").parse().unwrap(),
        due: field(instalment, "due").parse().unwrap(),
        line: 0,
        side: serde_json::from_value(act.data["side"].clone()).unwrap(),
    };
    act.data["instalments"].as_array().unwrap().iter().map(row).collect()
}

fn receipt(act: &Act) -> Option<ReceiptRow> {
    let receipt = act.data.get("receipt")?;
    let series = receipt["series"].as_str()?.parse().unwrap();
    Some(ReceiptRow {
        amount: Some(amount(act.cents())),
        line: 0,
        number: receipt["number"].as_u64()?,
        series,
    })
}

/// A bill's rows: area × price, rounded to a hundredth, for each unit.
fn roll(act: &Act, areas: &[i64]) -> Vec<RollRow> {
    if act.kind != Kind::Billing {
        return Vec::new();
    }
    let month: Period = act.data["months"]["from"].as_str().unwrap().parse().unwrap();
    let price = cents(act.text("price"));
    let row = |area: &i64| RollRow {
        amount: amount((area * price + 50) / 100),
        area: amount(*area),
        category: act.text("category").parse().unwrap(),
        line: 0,
        months: MonthRun { from: month, to: month },
        price: Some(amount(price)),
    };
    areas.iter().map(row).collect()
}

/// The lists of shares: by area, and they add up.
fn shares(acts: &[&Act], areas: &[i64], names: &[String]) -> Vec<ShareList> {
    let places: HashMap<&str, usize> =
        names.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
    let unit = Unit::new("cny".parse().unwrap(), 2).unwrap();
    let named = |number: usize| format!("flat {number:05}");
    let weights: BTreeMap<String, u64> =
        areas.iter().enumerate().map(|(number, area)| (named(number), *area as u64)).collect();
    let distributions = acts.iter().filter(|act| act.kind == Kind::Distribution);
    let list = |act: &&Act| {
        let place = *places.get(act.name.as_str())?;
        let shares = share_out(amount(act.cents()), &weights, &unit).unwrap();
        let row = |(unit, amount): (String, Decimal)| {
            let area = Decimal::new(weights[&unit] as i64, 2);
            ShareRow { amount, area, line: 0, unit }
        };
        let distribution = serde_json::from_value(serde_json::json!(place)).unwrap();
        Some(ShareList { distribution, rows: shares.into_iter().map(row).collect() })
    };
    distributions.filter_map(list).collect()
}
