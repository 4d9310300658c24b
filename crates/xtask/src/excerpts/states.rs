//! Vectors for state documents: their form, and the figures that follow from a ledger.

use serde_json::{Value, json};
use xinyi_core::StateDocument;

use super::Excerpt;
use super::ledgers::of_fees;
use super::story::{nobody_s, replaced};

const LEDGER: &str = "figures-of-fees";

fn with(period: &str) -> Value {
    json!({"ledger": LEDGER, "period": period})
}

fn document(place: usize) -> StateDocument {
    of_fees().documents().nth(place).expect("a close").clone()
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let mut cases = vec![
        Excerpt::good("first-month", &["B-8", "M-10"], document(0).encode(), with("2026-03")),
        Excerpt::good("second-month", &["B-8", "M-10"], document(1).encode(), with("2026-04")),
    ];
    cases.extend(form_faults());
    cases.extend(figure_faults());
    cases
}

fn form_faults() -> Vec<Excerpt> {
    let text = document(0).encode();
    let bad = |id, clause, file: String, code| Excerpt::bad(id, clause, file, &with("2026-03"), code);
    let changed = |id, clause, from: &str, to: &str, code| bad(id, clause, replaced(&text, from, to), code);
    vec![
        bad("line-feed-at-its-end", "B-8", format!("{text}\n"), "not-canonical"),
        changed("blank-between", "B-8", "\"format\":1", "\"format\": 1", "not-canonical"),
        changed("previous-of-null", "E-7", ",\"refunds\"", ",\"previous\":null,\"refunds\"", "not-canonical"),
        changed("field-unknown", "B-8", "{", "{\"a\":1,", "field-unknown"),
        changed("field-twice", "B-8", "\"format\":1", "\"format\":1,\"format\":1", "field-duplicate"),
        changed("field-missing", "B-8", ",\"upto\":\"2026-03-31\"", "", "field-missing"),
        changed("size-as-text", "B-8", "\"size\":9", "\"size\":\"9\"", "type-wrong"),
        changed("size-too-large", "V-3", "\"size\":9", "\"size\":9007199254740992", "integer-too-large"),
        changed("balance-with-a-plus", "V-5", "\"balance\":\"", "\"balance\":\"+", "amount-spelling"),
        changed(
            "account-in-capitals",
            "V-11",
            "\"account\":\"bank\"",
            "\"account\":\"BANK\"",
            "label-invalid",
        ),
        changed("rate-above-one", "V-7", "\"15/100\"", "\"150/100\"", "rate-invalid"),
        changed(
            "period-that-is-no-month",
            "V-9",
            "\"period\":\"2026-03\"",
            "\"period\":\"2026-3\"",
            "period-invalid",
        ),
        changed(
            "day-that-is-none",
            "V-8",
            "\"upto\":\"2026-03-31\"",
            "\"upto\":\"2026-03-32\"",
            "date-invalid",
        ),
        changed("identity-in-upper-case", "V-4", "\"identity\":\"", "\"identity\":\"A", "hex-invalid"),
        bad("not-json", "B-8", text[..text.len() - 1].to_owned(), "json-malformed"),
        Excerpt { file: vec![(vec![b'{', 0xFF], 1)], ..bad("not-utf8", "E-1", String::new(), "not-utf8") },
        Excerpt {
            file: vec![(text.clone().into_bytes(), 1), (b" ".to_vec(), StateDocument::MAX)],
            ..bad("larger-than-1048576-bytes", "B-9", String::new(), "line-too-long")
        },
    ]
}

/// One figure of April changed.
fn figure(id: &'static str, clause: &'static str, change: impl Fn(&mut Value)) -> Excerpt {
    let mut value = serde_json::to_value(document(1)).expect("JSON");
    change(&mut value);
    let document: StateDocument = serde_json::from_value(value).expect("still a document");
    Excerpt::bad(id, clause, document.encode(), &with("2026-04"), "ST-01")
}

fn figure_faults() -> Vec<Excerpt> {
    let set = |path: &'static str, to: Value| {
        move |document: &mut Value| {
            let found = document.pointer_mut(path).unwrap_or_else(|| panic!("no {path}"));
            assert_ne!(*found, to, "{path}");
            *found = to.clone();
        }
    };
    vec![
        figure("another-balance", "M-2", set("/holdings/0/balance", json!("0.00"))),
        figure("held-money-that-is-not", "M-2", set("/holdings/0/held", json!("1.00"))),
        figure("an-account-left-out", "M-2", |document| {
            drop(document["holdings"].as_array_mut().expect("a list").pop())
        }),
        figure("another-base", "M-4", set("/fees/0/bases/1/base", json!("0.00"))),
        figure("another-rate", "M-4", set("/fees/0/bases/1/rate", json!("16/100"))),
        figure("fee-taken-left-out", "M-9", set("/fees/0/taken", json!("0.00"))),
        figure("figure-rounded-that-is-not", "M-9", set("/fees/0/rounded", json!("1.00"))),
        figure("another-refund", "M-6", set("/refunds/0/left", json!("30.00"))),
        figure("another-order", "M-6", set("/orders/0/left", json!("80.00"))),
        figure("another-source", "M-5", set("/sources/0/left", json!("50.00"))),
        figure("another-budget-spent", "M-8", set("/budgets/0/spent", json!("30.00"))),
        figure("another-contract", "M-6", set("/contracts/0/moved", json!("0.00"))),
        figure("invoice-left-out", "C-8", set("/invoices", json!([]))),
        figure("another-invoice-paid", "C-8", set("/invoices/0/paid", json!("80.00"))),
        figure("another-receipt-number", "B-8", set("/series/0/last", json!(8))),
        figure("advance-that-is-not", "M-6", set("/advances", json!([{"index": 2, "left": "1.00"}]))),
        figure("loss-that-is-not", "M-6", set("/losses", json!([{"index": 2, "left": "1.00"}]))),
        figure("deposit-that-is-not", "M-6", set("/held", json!([{"index": 2, "left": "1.00"}]))),
        figure("another-previous", "B-6", set("/previous", json!(nobody_s()))),
        figure("another-next", "B-5", set("/next", json!(11))),
        figure("another-size", "B-3", set("/size", json!(15))),
        figure("another-day", "B-8", set("/upto", json!("2026-04-29"))),
        figure("deed-left-out", "B-7", set("/deeds", json!([]))),
        figure("another-register", "B-7", set("/register/recorder", json!("committee"))),
        figure("another-identity", "I-1", set("/identity", json!(nobody_s()))),
        figure("another-format", "F-1", set("/format", json!(2))),
    ]
}
