//! Vectors for files of keys, before a ledger whose register has admitted them or not.

use serde_json::{Value, json};
use xinyi_core::Sign as _;
use xinyi_testkit::{Community, TestKey};

use super::Excerpt;
use super::story::{cosigner, log_key, replaced, two_months};

fn with() -> Value {
    json!({"ledger": "two-months"})
}

fn raw(key: &TestKey) -> String {
    key.public_key().to_string()
}

pub(crate) fn cases() -> Vec<Excerpt> {
    let log = log_key(two_months(), &Community::trustee()).to_string();
    let (trustee, committee) = (raw(&Community::trustee()), raw(&Community::committee()));
    let supervisor = raw(&Community::supervisor());
    let thief = raw(&TestKey::named("thief"));
    let honest = format!("# of trustee and committee\n\n{log}\n{committee}\n");
    let other = |id, file: String| Excerpt::bad(id, "G-3", file, &with(), "keys-other");
    let no_key = |id, file: String| Excerpt::bad(id, "G-3", file, &with(), "key-inadmissible");
    vec![
        Excerpt::good("of-trustee-and-committee", &["G-3"], honest.clone(), with()),
        other("trustee-s-alone", format!("{trustee}\n")),
        other("committee-s-alone", format!("{committee}\n")),
        other("of-trustee-and-supervisor", format!("{trustee}\n{supervisor}\n")),
        other("one-that-was-never-admitted", format!("{honest}{thief}\n")),
        other("another-committee-s", format!("{trustee}\n{thief}\n")),
        other("of-strangers", format!("{thief}\n{}\n", raw(&TestKey::named("stranger")))),
        Excerpt {
            with: json!({"ledger": "two-months", "size": 3}),
            ..other(
                "of-a-deputy-not-yet-admitted",
                format!("{trustee}\n{}\n", raw(&TestKey::named("deputy"))),
            )
        },
        Excerpt {
            with: json!({"ledger": "before-recovery"}),
            ..other(
                "of-a-recovery-that-this-history-has-not",
                format!("{}\n{committee}\n", raw(&TestKey::named("new-recorder"))),
            )
        },
        no_key("key-in-upper-case", replaced(&honest, &committee, &committee.to_uppercase())),
        no_key("key-too-short", replaced(&honest, &committee, &committee[2..])),
        no_key("key-of-small-order", replaced(&honest, &committee, &format!("01{}", "00".repeat(31)))),
        no_key("words", format!("{honest}of the committee\n")),
        no_key("verifier-key-with-another-name", replaced(&honest, "example.org", "example.com")),
        no_key("verifier-key-of-an-unknown-type", format!("{honest}a+00000000+Ag==\n")),
        Excerpt {
            with: json!({"identity": super::story::nobody_s(), "ledger": "two-months"}),
            error: Some("identity-other"),
            clauses: vec!["I-2"],
            ..other("another-identity-asked-for", honest.clone())
        },
        other("trustee-s-key-as-a-cosigner-s", format!("{}\n{committee}\n", cosigner("trustee"))),
    ]
}
