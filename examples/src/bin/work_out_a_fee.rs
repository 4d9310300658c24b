//! Check a ledger's rules, and see a fee that is one fen too high.

use serde_json::json;
use xinyi_core::{Hash, Kind};
use xinyi_rules::{Checker, Language, page};
use xinyi_testkit::{Community, Seal};

fn main() {
    let mut community = Community::property_trust("2026-03");
    let data = json!({"account": "bank", "amount": "98889.00", "category": "property-fee", "fund": "shared"});
    community.record("2026-03-10", Kind::Income, Seal::Trustee, data);
    community.close("2026-03", "2026-04-02", Hash::digest(b"not the figures, so ST-01 speaks too"));
    let fee = json!({
        "account": "bank", "amount": "14833.36", "fund": "shared", "periods": ["2026-03"], "taker": "trustee",
        "invoice": {"amount": "14833.36", "number": "made up", "total": "14833.36"},
    });
    community.record("2026-04-05", Kind::Fee, Seal::Both, fee);

    let mut checker = Checker::new();
    let register = community.replay.register().expect("a register");
    community.entries.iter().for_each(|entry| checker.take(entry, register));
    for finding in checker.finish().findings {
        let page = page(finding.code).expect("a page");
        println!("{}: {}", finding.code, page.fact(&finding, Language::En));
    }
}
