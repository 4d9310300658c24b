//! Files as banks and wallets write them (made up here), and real rows where they are at hand.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;
use xinyi_import::{ImportMap, Imported, List, MAPS, ReadError, read, read_list};

fn map(name: &str) -> ImportMap {
    ImportMap::parse(MAPS.iter().find(|(known, _)| *known == name).unwrap().1).unwrap()
}

fn sum(read: &Imported, kind: &str) -> Decimal {
    let of_kind = read.proposals.iter().filter(|proposal| proposal.kind == kind);
    of_kind.map(|proposal| proposal.data["amount"].as_str().unwrap().parse::<Decimal>().unwrap()).sum()
}

#[test]
fn every_shipped_map_is_good() {
    MAPS.iter().for_each(|(name, _)| drop(map(name)));
}

#[test]
fn a_wallet_s_bill_becomes_gross_income_and_its_cost() {
    let bill = "\u{FEFF}交易时间,微信订单号,用户标识,应结订单金额,手续费\n\
        `2026-03-31 10:00:00,`42,`wx-1,`1000.00,`6.00\n\
        总交易单数,1,,,\n";
    let read = read(&map("wechat-merchant"), bill.as_bytes(), 2, 480).unwrap();
    assert_eq!(
        (sum(&read, "income"), sum(&read, "expense")),
        ("1000.00".parse().unwrap(), "6.00".parse().unwrap())
    );
    assert_eq!(read.proposals[1].links["cost_of"].reference, "42");
    assert_eq!(read.proposals[0].disclose["payer"], "wx-1");
    assert_eq!(read.left_out[0].reason, "ignored");
}

#[test]
fn a_bank_file_in_gb18030_with_a_preamble_is_read_oldest_first() {
    let text = "某银行对账单（样例）\n流水号,日期,收/支,金额,对方户名\n2,20260302,支,\"1,234.50\",电梯公司\n1,20260301,收,300.00,张某\n合计,,,,\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let unlisted = read(&map("bank-gb18030"), &bytes, 2, 480).unwrap_err().to_string();
    assert!(unlisted.contains("not in the map's payees"), "{unlisted}");
    let plain = MAPS.iter().find(|(name, _)| *name == "bank-gb18030").unwrap().1;
    let listed = format!("{plain}\n[payees]\n\"电梯公司\" = {{ label = \"lift\", organisation = true }}\n");
    let read = read(&ImportMap::parse(&listed).unwrap(), &bytes, 2, 480).unwrap();
    let kinds: Vec<_> = read.proposals.iter().map(|proposal| proposal.kind.as_str()).collect();
    assert_eq!(kinds, ["income", "payee", "expense"]);
    assert_eq!(read.proposals[2].data["amount"], "1234.50");
    assert_eq!(read.proposals[2].data["payee"], read.proposals[1].data["payee"]);
    assert_eq!(read.proposals[1].data["name"], "电梯公司");
    let wrong = xinyi_import::read(&map("icbc-debit"), &bytes, 2, 480).unwrap_err();
    assert_eq!(wrong.code(), "csv-encoding");
}

#[test]
fn a_column_of_blanks_and_tabs_is_trimmed() {
    let text = "\t交易日期 ,记账金额(收入),记账金额(支出),余额,对方户名\n2026-03-01\t, 10.00 ,,110.00,甲\n";
    let read = read(&map("icbc-debit"), text.as_bytes(), 2, 480).unwrap();
    assert_eq!(read.proposals[0].reference, "2026-03-01/110.00");
}

#[test]
fn every_unreadable_row_is_named_by_line_and_column() {
    let text = "流水号,日期,收/支,金额,对方户名\n1,20260301,收,\"1,23\",甲\n2,2026-03-01,收,1.00,甲\n3,20260301,收,0.001,甲\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let ReadError::Rows(errors) = read(&map("bank-gb18030"), &bytes, 2, 480).unwrap_err() else {
        panic!("rows")
    };
    let places: Vec<_> = errors.iter().map(|error| (error.line, error.column.as_str())).collect();
    assert_eq!(places, [(2, "金额"), (3, "日期"), (4, "+金额")]);
}

#[test]
fn an_evening_in_utc_is_the_next_day_in_beijing() {
    let text = "date = { column = \"at\", format = \"%Y-%m-%d %H:%M\", offset_minutes = 0 }\n[[entry]]\nkind = \"income\"\nref = \"{no}\"\n";
    let map = ImportMap::parse(text).unwrap();
    let read =
        |offset| read(&map, b"no,at\n1,2026-03-31 16:30\n", 2, offset).unwrap().proposals[0].date.clone();
    assert_eq!((read(480), read(0)), ("2026-04-01".into(), "2026-03-31".into()));
}

#[test]
fn a_row_that_no_rule_takes_and_a_reference_twice_are_errors() {
    let rows = |text: &str| {
        let (bytes, _, _) = encoding_rs::GB18030.encode(text);
        read(&map("bank-gb18030"), &bytes, 2, 480).unwrap_err().to_string()
    };
    assert!(rows("流水号,日期,收/支,金额,对方户名\n1,20260301,转,1.00,甲\n").contains("no rule"));
    assert!(
        rows("流水号,日期,收/支,金额,对方户名\n1,20260301,收,1.00,甲\n1,20260302,收,1.00,甲\n")
            .contains("twice")
    );
}

#[test]
fn a_renamed_column_is_an_error_and_not_an_empty_one() {
    let (bytes, _, _) = encoding_rs::GB18030.encode("流水号,日期,收支,金额,对方户名\n");
    assert_eq!(read(&map("bank-gb18030"), &bytes, 2, 480).unwrap_err(), ReadError::NoColumn("收/支".into()));
}

#[test]
fn a_map_with_an_unknown_key_names_its_line() {
    let error = ImportMap::parse("date = { column = \"a\", format = \"%Y\" }\nentry = []\nspelling = 1\n")
        .unwrap_err();
    assert_eq!(error.line, 3);
}

#[test]
fn real_rows_give_the_published_totals() {
    let shared = std::env::var("XINYI_SHARED").unwrap_or_else(|_| "../../../shared".into());
    let Ok(bytes) = std::fs::read(format!("{shared}/data/open-collective-astro.csv")) else {
        println!("skipped: the real transactions are not at hand");
        return;
    };
    let read = read(&map("open-collective"), &bytes, 2, 480).unwrap();
    assert_eq!((read.rows, read.left_out.len()), (3136, 0));
    let mut back: BTreeMap<&str, Decimal> = BTreeMap::new();
    let kinds: BTreeMap<_, _> =
        read.proposals.iter().map(|p| (p.reference.as_str(), p.kind.as_str())).collect();
    for refund in read.proposals.iter().filter(|proposal| proposal.kind == "refund") {
        let target = kinds[refund.links["target"].reference.as_str()];
        *back.entry(target).or_default() +=
            refund.data["amount"].as_str().unwrap().parse::<Decimal>().unwrap();
    }
    let figure = |text: &str| text.parse::<Decimal>().unwrap();
    assert_eq!(sum(&read, "income") - back["income"], figure("777895.01"));
    assert_eq!(sum(&read, "fee") - back["fee"], figure("75170.33"));
    let closing = sum(&read, "income") - back["income"] - sum(&read, "fee") + back["fee"]
        - sum(&read, "expense")
        + back["expense"];
    assert_eq!(closing, figure("123410.95"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for (name, _) in MAPS {
            let _ = read(&map(name), &bytes, 2, 480);
            for list in [List::Bank, List::Contracts, List::Receipts, List::Roll, List::Shares] {
                let _ = read_list(&map(name), list, &bytes, 2, 480);
            }
        }
    }
}
