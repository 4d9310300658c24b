//! A ledger's entries as transactions of other bookkeeping programs: as many, of the same days and amounts.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use serde_json::Value;

use super::super::ledger::Ledger;

/// Writes a journal of hledger; gives the number of its transactions.
pub(super) fn hledger(ledger: &Ledger, path: &Path) -> u64 {
    let head = "commodity 1000.00 CNY\naccount assets:bank\naccount equity:other\n";
    let transaction = |day: &str, name: &str, amount: &str| {
        format!("\n{day} {name}\n    assets:bank   {amount} CNY\n    equity:other   -{amount} CNY\n")
    };
    write(ledger, path, head, transaction)
}

/// Writes a file of beancount; gives the number of its transactions.
pub(super) fn beancount(ledger: &Ledger, path: &Path) -> u64 {
    let head = "2000-01-01 open Assets:Bank CNY\n2000-01-01 open Equity:Other CNY\n";
    let transaction = |day: &str, name: &str, amount: &str| {
        format!("\n{day} * \"{name}\"\n  Assets:Bank   {amount} CNY\n  Equity:Other   -{amount} CNY\n")
    };
    write(ledger, path, head, transaction)
}

/// Every entry is one transaction; one without an amount moves a cent.
fn write(ledger: &Ledger, path: &Path, head: &str, transaction: impl Fn(&str, &str, &str) -> String) -> u64 {
    let lines = BufReader::new(File::open(ledger.file()).expect("a ledger")).lines();
    let mut file = BufWriter::new(File::create(path).expect("a file to write"));
    file.write_all(head.as_bytes()).expect("a file to write");
    let mut count = 0;
    for line in lines {
        let line: Value = serde_json::from_str(&line.expect("a line")).expect("a line");
        let content = &line["content"];
        let text = |value: &'static str| content[value].as_str().expect("a text");
        let amount = content["data"]["amount"].as_str().unwrap_or("0.01");
        let transaction = transaction(text("date"), text("ref"), amount);
        file.write_all(transaction.as_bytes()).expect("a file to write");
        count += 1;
    }
    file.flush().expect("a file to write");
    count
}
