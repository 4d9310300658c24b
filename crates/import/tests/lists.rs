//! Lists from outside: banks' own files, registers, receipts and rolls, made up here.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use serde_json::{Value, json};
use xinyi_import::{ImportMap, List, Listed, MAPS, ReadError, read_list};

fn map(name: &str) -> ImportMap {
    ImportMap::parse(MAPS.iter().find(|(known, _)| *known == name).unwrap().1).unwrap()
}

fn listed(name: &str, list: List, text: &str) -> Result<Listed, ReadError> {
    read_list(&map(name), list, text.as_bytes(), 2, 480)
}

fn fields(listed: &Listed) -> Vec<Value> {
    listed.rows.iter().map(|row| Value::Object(row.fields.clone())).collect()
}

#[test]
fn a_bank_s_list_is_read_by_english_and_chinese_headings_alike() {
    let english =
        "date,amount,balance,reference\n2026-03-02,-300.00,700.00,b\n2026-03-01,\"1,000.00\",1000.00,a\n";
    let chinese = english.replace("date,amount,balance,reference", "日期,金额,余额,流水号");
    let read = listed("bank", List::Bank, english).unwrap();
    assert_eq!(read, listed("bank", List::Bank, &chinese).unwrap());
    assert_eq!(
        fields(&read),
        [
            json!({"amount": "1000.00", "date": "2026-03-01", "line": 3, "reference": "a"}),
            json!({"amount": "-300.00", "date": "2026-03-02", "line": 2, "reference": "b"}),
        ],
        "newest first becomes oldest first"
    );
    assert_eq!(read.rows[1].balance, Some("700.00".parse().unwrap()));
}

#[test]
fn banks_that_name_two_columns_or_a_direction_give_one_sign() {
    let icbc = "交易日期,记账金额(收入),记账金额(支出),余额\n2026-03-01,10.00,,110.00\n2026-03-02,,4.00,106.00\n人民币合计,10.00,4.00,\n";
    let read = listed("icbc-debit", List::Bank, icbc).unwrap();
    let amounts: Vec<_> = read.rows.iter().map(|row| row.fields["amount"].clone()).collect();
    assert_eq!(amounts, ["10.00", "-4.00"]);
    assert_eq!(read.left_out.len(), 1);
    let text = "流水号,日期,收/支,金额\n2,20260302,支,4.00\n1,20260301,收,10.00\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let read = read_list(&map("bank-gb18030"), List::Bank, &bytes, 2, 480).unwrap();
    let amounts: Vec<_> = read.rows.iter().map(|row| row.fields["amount"].clone()).collect();
    assert_eq!(amounts, ["10.00", "-4.00"]);
    let wallet = "交易时间,微信订单号,应结订单金额,手续费\n`2026-03-31 10:00:00,`42,`1000.00,`6.00\n";
    let read = listed("wechat-merchant", List::Bank, wallet).unwrap();
    assert_eq!(read.rows[0].fields["amount"], "994.00");
}

#[test]
fn a_register_a_roll_and_receipts_become_their_rows() {
    let contracts = "合同,方向,到期日,金额\nlift-ad,收入,2026-04-01,12000.00\n";
    assert_eq!(
        fields(&listed("contracts", List::Contracts, contracts).unwrap()),
        [
            json!({"amount": "12000.00", "contract": "lift-ad", "due": "2026-04-01", "line": 2, "side": "income"})
        ]
    );
    let roll = "费项,起始月,截止月,面积,单价,金额\n物业费,2026-03,2026-03,87.65,1.11,97.29\n物业费,2026-03,2026-03,50,,55.50\n";
    assert_eq!(
        fields(&listed("roll", List::Roll, roll).unwrap()),
        [
            json!({"amount": "97.29", "area": "87.65", "category": "property-fee", "line": 2,
                   "months": {"from": "2026-03", "to": "2026-03"}, "price": "1.11"}),
            json!({"amount": "55.50", "area": "50", "category": "property-fee", "line": 3,
                   "months": {"from": "2026-03", "to": "2026-03"}}),
        ]
    );
    let shares = "房号,面积,金额\n1-101,50,333.34\n";
    assert_eq!(
        fields(&listed("shares", List::Shares, shares).unwrap()),
        [json!({"amount": "333.34", "area": "50", "line": 2, "unit": "1-101"})]
    );
    let receipts = "series,number,amount,void\na,76,10.00,\na,77,,void\n";
    assert_eq!(
        fields(&listed("receipts", List::Receipts, receipts).unwrap()),
        [
            json!({"amount": "10.00", "line": 2, "number": 76, "series": "a"}),
            json!({"line": 3, "number": 77, "series": "a"}),
        ]
    );
}

#[test]
fn every_unreadable_row_is_named_by_line_and_column() {
    let contracts = "contract,side,due,amount\n电梯广告,income,2026-04-01,1.00\nlift,to us,2026-04-01,1.00\nlift,income,soon,1.00\nlift,income,2026-04-01,-1.00\n";
    let ReadError::Rows(errors) = listed("contracts", List::Contracts, contracts).unwrap_err() else {
        panic!("rows")
    };
    let places: Vec<_> = errors.iter().map(|error| (error.line, error.column.as_str())).collect();
    assert_eq!(places, [(2, "contract"), (3, "side"), (4, "due"), (5, "+amount")]);
    let roll = listed(
        "roll",
        List::Roll,
        "category,from,to,area,price,amount\nproperty-fee,2026-13,2026-03,,,1.00\n",
    );
    assert!(roll.unwrap_err().to_string().contains("line 2, column `area`"));
}

#[test]
fn a_map_without_the_list_and_a_file_without_a_column_are_refused() {
    let refused = listed("open-collective", List::Roll, "a\n").unwrap_err();
    assert_eq!((refused.code(), refused.to_string()), ("map-part", "the map has no [[roll]]".to_owned()));
    let refused = listed("bank", List::Bank, "date,sum,balance,reference\n").unwrap_err();
    assert_eq!(refused, ReadError::NoColumn("amount".into()));
    let error = ImportMap::parse("[[bank]]\namount = [\"+a\"]\n").unwrap_err();
    assert!(error.message.contains("date"), "{error}");
}
