//! What a check says and to whom: in one order, in part, beside lists from outside, as a table, against a pack; and the
//! entries behind a figure.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod desk;

use desk::{Answer, Compound, answer, xinyi};
use serde_json::{Value, json};

/// A compound in which 0.01 too much fee was taken for March: base 98,889.00, of which a refund took 300.00 of April.
fn over_taken() -> Compound {
    let compound = Compound::new("2026-03", "cny", "property-trust", "+08:00");
    let money = |date: &str, reference: &str, data: Value, kind: &str| json!({"data": data, "date": date, "kind": kind, "ref": reference});
    let income =
        json!({"account": "bank", "amount": "98889.00", "category": "property-fee", "fund": "shared"});
    compound.add("2026-03-10T04:00:00Z", &[money("2026-03-10", "a", income, "income")]);
    compound.good("trustee", "2026-04-02T04:00:00Z", &["close", "2026-03"]);
    compound.approve_and_record("2026-04-02T05:00:00Z");
    let fee = json!({"account": "bank", "amount": "14833.36", "fund": "shared", "periods": ["2026-03"], "taker": "trustee",
        "invoice": {"amount": "14833.36", "number": "1", "total": "14833.36"}});
    compound.add("2026-04-05T04:00:00Z", &[money("2026-04-05", "fee", fee, "fee")]);
    compound.approve_and_record("2026-04-05T05:00:00Z");
    compound
}

fn check(compound: &Compound, words: &[&str]) -> Answer {
    answer(xinyi().arg("check").arg(compound.ledger()).arg("--no-trust").args(words))
}

#[test]
fn the_headline_comes_first_then_what_is_wrong_and_what_was_not_checked() {
    let told = check(&over_taken(), &[]);
    assert_eq!(told.status, 1, "{}", told.stderr);
    let places =
        ["RULES ARE BROKEN: ", "error[EX-02] ", "next: ", "Of ", "Not checked:", "--filed FILE", "Figures"]
            .map(|words| told.stdout.find(words).unwrap_or_else(|| panic!("{words} in\n{}", told.stdout)));
    assert!(places.is_sorted(), "{}", told.stdout);
}

#[test]
fn a_partial_check_says_so_and_refuses_a_code_that_does_not_exist() {
    let compound = over_taken();
    let told = check(&compound, &["--only", "ch,BK"]);
    assert_eq!(told.status, 0, "{}", told.stdout);
    assert!(told.stdout.contains("PARTIAL CHECK") && told.stdout.contains("only: BK, CH"), "{}", told.stdout);
    assert_eq!(
        check(&compound, &["--only", "CH", "--fail-on", "note"]).status,
        1,
        "a partial check is a note"
    );
    let json = check(&compound, &["--skip", "EX-02", "--format", "json"]).json();
    assert_eq!(json["report"]["partial"], json!({"only": [], "skip": ["EX-02"]}));
    let unknown = check(&compound, &["--only", "EX-2"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("EX-02"), "{}", unknown.stderr);
    let chinese = check(&compound, &["--skip", "ZZ", "--lang", "zh"]);
    assert!(chinese.stderr.contains("没有这条规则"), "{}", chinese.stderr);
}

#[test]
fn a_severity_asked_for_weighs_and_what_it_lowers_is_told() {
    let compound = over_taken();
    let lowered = check(&compound, &["--severity", "EX-02=note"]);
    assert_eq!(lowered.status, 0, "{}", lowered.stdout);
    let words = "note: --severity lowers EX-02 from error to note";
    assert!(lowered.stdout.contains(words) && lowered.stdout.contains("note[EX-02]"), "{}", lowered.stdout);
    let json = check(&compound, &["--severity", "EX-02=warning", "--format", "json"]).json();
    let expected = json!([{"by": "caller", "code": "EX-02", "from": "error", "to": "warning"}]);
    assert_eq!(json["report"]["lowered"], expected);
    let raised = check(&compound, &["--skip", "EX-02", "--severity", "SG-02=error", "--lang", "zh"]);
    assert!(raised.status == 0 && !raised.stdout.contains("--severity"), "{}", raised.stdout);
    for wrong in ["EX-2=note", "EX-02", "EX-02=bad"] {
        let refused = check(&compound, &["--severity", wrong]);
        assert!(refused.status == 2 && refused.stderr.contains("EX-0"), "{wrong}: {}", refused.stderr);
    }
}

#[test]
fn a_rule_that_judges_the_ledger_alone_names_the_list_it_lacks() {
    let compound = over_taken();
    let confirmed = json!({"account": "bank", "as_of": "2026-04-05", "balance": "84055.64",
        "voucher": {"class": "bank", "digest": "0".repeat(64), "media": "application/pdf", "size": 1}});
    let line = json!({"data": confirmed, "date": "2026-04-06", "kind": "bank-confirmation", "ref": "bank-1"});
    compound.add("2026-04-06T04:00:00Z", &[line]);
    let told = check(&compound, &[]).stdout;
    let lacking = "BK-02 Bank and books differ: only what the ledger itself says was checked; for the rest it needs \
                   the bank's own list of an account; give it with --bank ACCOUNT=FILE";
    assert!(told.contains(lacking) && told.contains("1 passed as far as the ledger says"), "{told}");
    let json = check(&compound, &["--format", "json"]).json();
    let rules = json["report"]["rules"].as_array().unwrap();
    let bank = rules.iter().find(|rule| rule["code"] == "BK-02").unwrap();
    assert_eq!((&bank["status"], &bank["lacks"]), (&json!("passed-in-part"), &json!("bank")));
}

#[test]
fn findings_go_to_a_table_that_a_spreadsheet_opens_and_does_not_run() {
    let compound = over_taken();
    let file = compound.path("findings.csv");
    let told = check(&compound, &["--lang", "zh", "--findings", file.to_str().unwrap()]);
    assert_eq!(told.status, 1, "{}", told.stderr);
    let bytes = std::fs::read(&file).unwrap();
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap()).unwrap();
    let lines: Vec<_> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("代码,程度,依据,条目号,账期,"), "{}", lines[0]);
    assert!(lines[1].starts_with("EX-02,错误,proved,"), "{}", lines[1]);
    assert!(lines[1].contains(",14833.35,14833.36,0.01,"), "{}", lines[1]);
    let json = check(&compound, &["--format", "json"]).json();
    assert_eq!(
        lines.len() - 2,
        json["report"]["findings"].as_array().unwrap().len(),
        "a row a finding: {text}"
    );
    assert_eq!(
        check(&compound, &["--format", "json"]).stdout,
        check(&compound, &["--format", "json"]).stdout
    );
}

#[test]
fn lists_from_outside_are_read_by_maps_and_named_in_the_report() {
    let compound = over_taken();
    let write = |name: &str, text: &str| {
        let file = compound.path(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let bank = write(
        "bank.csv",
        "date,amount,balance,reference\n2026-03-10,98889.00,98889.00,1\n2026-04-05,-14833.36,84055.64,2\n",
    );
    let icbc = write("icbc.csv", "交易日期,记账金额(收入),记账金额(支出),余额\n2026-03-10,10.00,,10.00\n");
    let roll =
        write("roll.csv", "费项,起始月,截止月,面积,单价,金额\n物业费,2026-03,2026-03,87.65,1.11,97.29\n");
    let contracts = write("contracts.csv", "contract,side,due,amount\nlift-ad,income,2026-04-01,12000.00\n");
    let receipts = write("receipts.csv", "series,number,amount,void\na,1,10.00,\na,2,,void\n");
    let [first, second] = [format!("bank={bank}"), format!("wechat={icbc}")];
    let json = check(
        &compound,
        &[
            "--bank",
            &first,
            "--bank",
            &second,
            "--bank-map",
            "wechat=icbc-debit",
            "--roll",
            &roll,
            "--contracts",
            &contracts,
            "--receipts",
            &receipts,
            "--format",
            "json",
        ],
    )
    .json();
    let used: Vec<_> = json["outside"]
        .as_array()
        .unwrap()
        .iter()
        .map(|used| (used["paper"].clone(), used["rows"].clone()))
        .collect();
    let expected = [("bank", 2), ("bank", 1), ("contracts", 1), ("receipts", 2), ("roll", 1)];
    assert_eq!(used, expected.map(|(paper, rows)| (json!(paper), json!(rows))));
    assert_eq!(json["outside"][0]["account"], "bank");
    assert_eq!(json["outside"][0]["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn a_mistake_in_a_list_names_file_line_and_column() {
    let compound = over_taken();
    let file = compound.path("bank.csv");
    std::fs::write(&file, "date,amount,balance,reference\n2026-03-10,\"1,23\",,1\n").unwrap();
    let given = format!("bank={}", file.display());
    let told = check(&compound, &["--bank", &given]);
    assert_eq!(told.status, 2);
    assert!(told.stderr.contains("bank.csv: line 2, column `amount`"), "{}", told.stderr);
    assert!(told.stdout.is_empty(), "{}", told.stdout);
    let nobody = format!("nowhere={}", file.display());
    assert!(check(&compound, &["--bank", &nobody]).stderr.contains("no such account"));
    assert!(check(&compound, &["--bank", "march.csv"]).stderr.contains("whose account"));
    std::fs::write(&file, "date,amount,balance,reference\n").unwrap();
    assert!(check(&compound, &["--bank", &given]).stderr.contains("--bank-days"));
    let covered =
        check(&compound, &["--bank", &given, "--bank-days", "2026-03-01..2026-03-31", "--format", "json"]);
    assert_eq!(covered.json()["outside"][0]["rows"], 0);
}

#[test]
fn rows_outside_the_month_of_a_statement_are_passed_over_with_a_count() {
    let compound = over_taken();
    let statement = compound.path("march.statement");
    let made =
        answer(xinyi().arg("statement").arg(compound.ledger()).args(["2026-03", "-o"]).arg(&statement));
    assert_eq!(made.status, 0, "{}", made.stderr);
    let bank = compound.path("bank.csv");
    std::fs::write(
        &bank,
        "date,amount,balance,reference\n2026-03-10,98889.00,98889.00,1\n2026-04-05,-14833.36,84055.64,2\n",
    )
    .unwrap();
    let given = format!("bank={}", bank.display());
    let told = answer(xinyi().arg("check").arg(&statement).args([
        "--no-trust",
        "--format",
        "json",
        "--bank",
        &given,
    ]))
    .json();
    assert_eq!(
        (told["outside"][0]["rows"].clone(), told["outside"][0]["ignored"].clone()),
        (json!(1), json!(1))
    );
    let told = answer(xinyi().arg("check").arg(&statement).args(["--no-trust", "--bank", &given]));
    assert!(told.stdout.contains("rows outside the month, passed over: 1"), "{}", told.stdout);
}

#[test]
fn a_pack_says_clause_by_clause_what_was_checked_and_where_the_deed_falls_short() {
    let compound = over_taken();
    let pack = compound.path("ours.toml");
    std::fs::write(
        &pack,
        r#"name = "ours"
title = { en = "ours", zh = "我们的" }
[[standard]]
title = { en = "Made up", zh = "样例" }
source = "made up"
clause = [
    { clause = "1", status = "checked", rules = ["EX-02"], says = { en = "a", zh = "a" }, require = [{ parameter = "close-days", at_most = "1" }] },
    { clause = "2", status = "text-missing" },
]
"#,
    )
    .unwrap();
    let path = pack.to_str().unwrap();
    let told = check(&compound, &["--pack", path]);
    assert!(
        told.stdout.contains("ours: 2 clauses, 1 looked after by rules (1 with findings)"),
        "{}",
        told.stdout
    );
    assert!(told.stdout.contains("close-days must be at most 1; the deed says 10"), "{}", told.stdout);
    assert_eq!(check(&compound, &["--pack", path, "--only", "CH", "--fail-on", "warning"]).status, 1);
    let json = check(&compound, &["--pack", path, "--format", "json"]).json();
    assert_eq!(json["packs"][0]["clauses"][0]["outcome"], "found");
    assert_eq!(check(&compound, &["--pack", "nowhere"]).status, 2);
    for (name, _) in xinyi_rules::PACKS {
        let shown = answer(xinyi().args(["pack", "show", name]));
        assert!(shown.status == 0 && shown.stdout.contains('§'), "{}", shown.stderr);
    }
    assert!(answer(xinyi().args(["pack", "list", "--lang", "zh"])).stdout.contains("武侯区三十八项标准"));
}

#[test]
fn the_base_of_a_fee_is_listed_and_adds_up() {
    let compound = over_taken();
    let list = |words: &[&str]| {
        let mut explain = xinyi();
        explain.args(["explain", "ex-02"]).arg(compound.ledger()).args(["--list", "base", "--no-trust"]);
        answer(explain.args(words))
    };
    let told = list(&["--period", "2026-03"]);
    assert_eq!(told.status, 0, "{}", told.stderr);
    for words in ["error[EX-02] ", "Entries in the base of trustee", "98,889.00 × 15% = 14,833.35"] {
        assert!(told.stdout.contains(words), "{words} in\n{}", told.stdout);
    }
    let json = list(&["--format", "json"]).json();
    let base = &json["list"]["bases"][0];
    assert_eq!((&base["moves"][0]["amount"], &base["earned"]), (&json!("98889.00"), &json!("14833.35")));
    assert_eq!(list(&["--taker", "nobody"]).status, 2);
    let distrusted =
        answer(xinyi().args(["explain", "EX-02"]).arg(compound.ledger()).args(["--list", "base"]));
    assert_eq!(distrusted.status, 4, "without outside trust the list is shown and the status says so");
}

#[test]
fn a_finding_of_another_rule_lists_what_shares_its_invoice_or_budget_line() {
    let compound = over_taken();
    let expense = |date: &str, reference: &str, amount: &str| {
        json!({"date": date, "kind": "expense", "ref": reference, "data": {
            "account": "bank", "amount": amount, "budget": "repair", "category": "repair", "fund": "shared", "payee": "lift",
            "invoices": [{"amount": amount, "number": "77", "total": "20000.00"}]}})
    };
    compound.add("2026-04-10T04:00:00Z", &[expense("2026-04-10", "small", "100.00")]);
    compound.add("2026-04-11T04:00:00Z", &[expense("2026-04-11", "large", "15000.00")]);
    let recorded = compound.run("trustee", "2026-04-11T05:00:00Z", &["record", "--unapproved", "burst pipe"]);
    assert_eq!(recorded.status, 0, "{}", recorded.stderr);
    let told = answer(xinyi().args(["explain", "SG-02"]).arg(compound.ledger()).args([
        "--list",
        "base",
        "--no-trust",
    ]));
    for words in ["[SG-02]", "100.00", "15,000.00", "invoice 77", "named by the finding"] {
        assert!(told.stdout.contains(words), "{words} in\n{}", told.stdout);
    }
}

#[test]
fn a_rule_is_explained_with_its_parameters_proof_and_weight() {
    let told = answer(xinyi().args(["explain", "EX-03"]));
    for words in ["warning · proved by the ledger alone", "outside-base", "several may stand"] {
        assert!(told.stdout.contains(words), "{words} in\n{}", told.stdout);
    }
    let json = answer(xinyi().args(["explain", "EX-03", "--format", "json"])).json();
    assert_eq!(json["parameters"][0]["name"], "outside-base");
    let all = answer(xinyi().args(["explain", "--format", "json"])).json();
    assert_eq!(all.as_array().unwrap().len(), xinyi_rules::RULES.len());
    let unknown = answer(xinyi().args(["explain", "EX-22"]));
    assert!(unknown.status == 2 && unknown.stderr.contains("EX-02"), "{}", unknown.stderr);
}
