//! The made-up communities that the files are cut from, and hands for spoiling them.

use serde_json::{Value, json};
use xinyi_core::{Approval, Checkpoint, Content, Disclosure, Hash, Kind, Link, Sign as _, Size, VerifierKey};
use xinyi_testkit::{Community, Seal, TestKey};

pub(crate) fn size(number: u64) -> Size {
    Size::new(number).expect("a size")
}

pub(crate) fn income(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

pub(crate) fn refund(target: Link) -> Value {
    json!({"account": "bank", "amount": "1.00", "fund": "shared", "reason": "paid twice", "target": target})
}

pub(crate) fn identity(community: &Community) -> Hash {
    community.replay.founding().expect("a genesis").identity
}

pub(crate) fn origin(community: &Community) -> String {
    community.replay.founding().expect("a genesis").origin.clone()
}

/// A digest that is nobody's.
pub(crate) fn nobody_s() -> Hash {
    Hash::digest(b"nobody's")
}

/// The private value of the first income's payer.
pub(crate) fn payer() -> Disclosure {
    Disclosure::new([7; 16], "payer", "3-2-501".parse().expect("text"))
}

pub(crate) fn log_key(community: &Community, key: &TestKey) -> VerifierKey {
    VerifierKey::new(&origin(community), key.public_key()).expect("a name")
}

pub(crate) fn cosigner(name: &str) -> VerifierKey {
    VerifierKey::cosigner(name, TestKey::named(name).public_key()).expect("a name")
}

/// A change of the committee's keys by both parties: `key` comes as a deputy's.
pub(crate) fn admission(community: &mut Community, date: &str, key: &TestKey) -> (Content, Vec<Approval>) {
    let grant = json!({
        "holder": "deputy", "key": key.public_key(), "party": "committee", "term": {"from": "2000-01-01"},
        "uses": ["approve"],
    });
    let register = community.replay.register().expect("a register").digest();
    let data =
        json!({"add": [grant], "party": "committee", "register": register, "retire": [], "revoke": []});
    let content = community.content(date, Kind::Keys, data);
    let approvals = [&Community::committee(), key].map(|key| Approval::sign(&content, key));
    (content, approvals.to_vec())
}

fn admit(community: &mut Community, date: &str, name: &str) {
    let (content, approvals) = admission(community, date, &TestKey::named(name));
    community.now = community.now.max(format!("{date}T05:00:00Z").parse().expect("a time"));
    community.put(content, approvals).expect("a change of keys");
}

/// A deed from May on with another rate.
fn change_deed(community: &mut Community, date: &str) {
    let mut deed = Community::deed_json("2026-05");
    deed["fees"][0]["rates"][0]["rate"] = json!("30/100");
    let previous = community.replay.months().expect("a genesis").deeds()[0].digest;
    community.record(date, Kind::Deed, Seal::Both, json!({"deed": deed, "previous": previous}));
}

/// March with a change of keys and of the deed, an entry of April before its close; a refund of a line of March;
/// a change of keys between `next` and `size` of April's close; an entry after it.
///
/// | 0 | 1, 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 |
/// |---|---|---|---|---|---|---|---|---|---|---|
/// | genesis | income | keys | deed | income (April) | close | refund of 1 | income (May) | keys (May) | close | income |
pub(crate) fn two_months() -> &'static Community {
    // Most vectors are cut from it, and signing it takes time.
    thread_local! {
        static WHOLE: &'static Community = Box::leak(Box::new(story_to(12)));
    }
    WHOLE.with(|whole| *whole)
}

/// The first `lines` lines of [`two_months`].
pub(crate) fn story_to(lines: usize) -> Community {
    let mut community = Community::property_trust("2026-03");
    let steps: [&dyn Fn(&mut Community); 11] = [
        &|c| {
            let mut data = income("3.00");
            data["payer"] = json!(payer().commitment().to_string());
            c.record("2026-03-02", Kind::Income, Seal::Trustee, data);
        },
        &|c| drop(c.record("2026-03-20", Kind::Income, Seal::Trustee, income("4.00"))),
        &|c| admit(c, "2026-03-21", "deputy"),
        &|c| change_deed(c, "2026-03-22"),
        &|c| drop(c.record("2026-04-01", Kind::Income, Seal::Trustee, income("5.00"))),
        &|c| drop(c.close_month("2026-03", "2026-04-02")),
        &|c| {
            let target = c.entries[1].link();
            c.record("2026-04-20", Kind::Refund, Seal::Trustee, refund(target));
        },
        &|c| drop(c.record("2026-05-01", Kind::Income, Seal::Trustee, income("6.00"))),
        &|c| admit(c, "2026-05-02", "second-deputy"),
        &|c| drop(c.close_month("2026-04", "2026-05-04")),
        &|c| drop(c.record("2026-05-05", Kind::Income, Seal::Trustee, income("7.00"))),
    ];
    steps.iter().take(lines - 1).for_each(|step| step(&mut community));
    community
}

/// Three months closed one after the other in June: closes in a run.
pub(crate) fn closes_in_a_run() -> Community {
    let mut community = Community::property_trust("2026-03");
    for date in ["2026-03-02", "2026-04-02", "2026-05-02"] {
        community.record(date, Kind::Income, Seal::Trustee, income("1.00"));
    }
    for (period, date) in [("2026-03", "2026-06-02"), ("2026-04", "2026-06-02"), ("2026-05", "2026-06-03")] {
        community.close_month(period, date);
    }
    community
}

/// Another ledger of the same parties under the same origin.
pub(crate) fn another_ledger() -> Community {
    let mut genesis = Community::genesis_json("2026-03");
    genesis["nonce"] = json!("22".repeat(32));
    let mut community = Community::with_genesis(genesis);
    community.record("2026-03-02", Kind::Income, Seal::Trustee, income("0.01"));
    community.record("2026-04-01", Kind::Income, Seal::Trustee, income("5.00"));
    community.close_month("2026-03", "2026-04-02");
    community.record("2026-04-03", Kind::Income, Seal::Trustee, income("5.00"));
    community.close_month("2026-04", "2026-05-02");
    community
}

/// The line that `key` would record next, made by a writer that checks nothing.
pub(crate) fn raw_line(
    community: &Community,
    content: Content,
    approvals: Vec<Approval>,
    key: &TestKey,
) -> String {
    let line = community.replay.prepare(content, approvals).record(community.now, key).expect("a line");
    String::from_utf8(line).expect("text")
}

pub(crate) fn line(community: &Community, index: usize) -> String {
    String::from_utf8(community.lines[index].clone()).expect("text")
}

/// `text` with the first `from` replaced; it must be there.
pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1)
}

/// A signed checkpoint of any root.
pub(crate) fn signed(origin: &str, root: Hash, at: u64, key: &TestKey) -> String {
    Checkpoint { origin: origin.to_owned(), root, size: size(at) }.sign(key).expect("a note")
}

/// A text with the first hexadecimal digit after `before` exchanged for another.
pub(crate) fn digit_changed(text: &str, before: &str) -> String {
    let at = text.find(before).expect("in the text") + before.len();
    let other = if text[at..].starts_with('0') { "1" } else { "0" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}
