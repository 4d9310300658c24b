//! Vectors for whole ledgers: one honest one, and each single fault that a verifier must refuse, with the entry
//! and code at which it must stop.

mod authority;
mod limits;

use serde_json::{Value, json};
use xinyi_core::{Approval, Hash, Kind, Sign as _, Size};
use xinyi_testkit::{Community, Seal, TestKey};

/// One ledger and what a verifier must say of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The clauses that it is about.
    pub clauses: Vec<&'static str>,
    /// The ledger file.
    pub file: Vec<u8>,
    /// What is wrong with it, in kebab case.
    pub id: &'static str,
    /// The entry and code at which reading stops; `None` if the ledger is good.
    pub stops: Option<(u64, &'static str)>,
}

fn income(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

fn state() -> Hash {
    Hash::digest(b"made up")
}

/// Genesis, three incomes of March, its close, one income of April: entries 0 to 5.
fn honest() -> Community {
    let mut community = march();
    community.close("2026-03", "2026-04-02", state());
    community.record("2026-04-03", Kind::Income, Seal::Both, income("4.00"));
    community
}

fn march() -> Community {
    let mut community = Community::property_trust("2026-03");
    for day in 1..=3 {
        community.record(
            &format!("2026-03-0{day}"),
            Kind::Income,
            Seal::Trustee,
            income(&format!("{day}.00")),
        );
    }
    community
}

/// The cases, valid ones first.
#[must_use]
pub fn cases() -> Vec<Case> {
    let good = |id, clauses: &[&'static str], community: &Community| Case {
        clauses: clauses.to_vec(),
        file: community.file(),
        id,
        stops: None,
    };
    let mut cases = vec![
        good("honest", &["E-1", "B-1", "T-1"], &honest()),
        good("keys-changed-by-both", &["A-5"], &authority::rotated()),
    ];
    cases.push(good(
        "committee-recovered-by-quorum",
        &["A-7"],
        &authority::recovered(Community::supervisor()).expect("a recovery"),
    ));
    cases.extend(text_faults());
    cases.extend(line_faults());
    cases.extend(content_faults());
    cases.extend(signature_faults());
    cases.extend(authority::faults());
    cases.extend(close_faults());
    cases
}

fn case(id: &'static str, clause: &'static str, file: Vec<u8>, index: u64, code: &'static str) -> Case {
    Case { clauses: vec![clause], file, id, stops: Some((index, code)) }
}

/// The honest ledger with one change to the text of entry 2.
fn edited(from: &str, to: &str) -> Vec<u8> {
    let mut lines = honest().lines;
    let line = String::from_utf8(lines[2].clone()).expect("text");
    assert!(line.contains(from), "{from} is not in {line}");
    lines[2] = line.replacen(from, to, 1).into_bytes();
    joined(&lines)
}

fn joined(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| line.iter().copied().chain([b'\n'])).collect()
}

fn text_faults() -> Vec<Case> {
    let upper = |line: &str| {
        let digits = line.split("\"sig\":\"").last().expect("a signature")[..128].to_owned();
        edited(&digits, &digits.to_uppercase())
    };
    let line = String::from_utf8(honest().lines[2].clone()).expect("text");
    let e = |id, clause, from: &str, to: &str, code| case(id, clause, edited(from, to), 2, code);
    vec![
        e(
            "field-twice",
            "E-5",
            "\"account\":\"bank\"",
            "\"account\":\"bank\",\"account\":\"bank\"",
            "field-duplicate",
        ),
        e("field-unknown-in-data", "E-5", "\"account\":", "\"acount\":", "field-unknown"),
        e("field-unknown-in-line", "E-5", "{\"approvals\":", "{\"a\":1,\"approvals\":", "field-unknown"),
        e("field-left-out", "E-5", "\"fund\":\"shared\"", "\"note\":\"x\"", "field-missing"),
        e("blank-between", "E-4", "\"index\":2", "\"index\": 2", "not-canonical"),
        e("escape-not-needed", "E-4", "\"bank\"", "\"b\\u0061nk\"", "not-canonical"),
        e(
            "fields-unsorted",
            "E-4",
            "\"account\":\"bank\",\"amount\":\"2.00\"",
            "\"amount\":\"2.00\",\"account\":\"bank\"",
            "not-canonical",
        ),
        e(
            "null-for-absent",
            "E-7",
            "\"fund\":\"shared\"",
            "\"fund\":\"shared\",\"note\":null",
            "not-canonical",
        ),
        e("index-as-float", "V-3", "\"index\":2", "\"index\":2.0", "type-wrong"),
        e("index-as-text", "E-6", "\"index\":2", "\"index\":\"2\"", "type-wrong"),
        e("index-too-large", "V-3", "\"index\":2", "\"index\":9007199254740992", "integer-too-large"),
        e("amount-as-number", "E-6", "\"2.00\"", "2.00", "type-wrong"),
        e("amount-signed", "V-5", "\"2.00\"", "\"+2.00\"", "amount-spelling"),
        e("amount-too-large", "V-6", "\"2.00\"", "\"10000000000000.00\"", "amount-too-large"),
        e("kind-unknown", "V-11", "\"kind\":\"income\"", "\"kind\":\"revenue\"", "word-unknown"),
        e("text-with-override", "V-12", "\"ref\":\"r2\"", "\"ref\":\"r\u{202E}2\"", "text-forbidden"),
        e("not-json", "E-3", "{\"approvals\"", "{approvals", "json-malformed"),
        e("trailing-comma", "E-3", "\"index\":2,", "\"index\":2,,", "json-malformed"),
        case("signature-upper-case", "V-4", upper(&line), 2, "hex-invalid"),
        case("digest-upper-case", "V-4", digest_in_upper_case(), 4, "hex-invalid"),
        case(
            "converted-crlf",
            "E-2",
            String::from_utf8(honest().file()).expect("text").replace('\n', "\r\n").into(),
            0,
            "file-converted",
        ),
        case(
            "converted-bom",
            "E-2",
            [b"\xEF\xBB\xBF".as_slice(), &honest().file()].concat(),
            0,
            "file-converted",
        ),
        case("converted-utf-16", "E-2", utf_16(u16::to_le_bytes), 0, "file-converted"),
        case("converted-utf-16-of-the-other-order", "E-2", utf_16(u16::to_be_bytes), 0, "file-converted"),
        case(
            "line-too-long",
            "E-1",
            edited("\"ref\":\"r2\"", &format!("\"ref\":\"{}\"", "x".repeat(66_000))),
            2,
            "line-too-long",
        ),
        case(
            "not-utf8",
            "E-1",
            {
                let mut file = edited("\"ref\":\"r2\"", "\"ref\":\"r#\"");
                let at = file.iter().position(|b| *b == b'#').expect("a mark");
                file[at] = 0xFF;
                file
            },
            2,
            "not-utf8",
        ),
    ]
}

/// The genesis line in UTF-16 with its byte order mark.
fn utf_16(bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let genesis = String::from_utf8(honest().lines[0].clone()).expect("text");
    format!("\u{FEFF}{genesis}\n").encode_utf16().flat_map(bytes).collect()
}

/// The honest ledger with the state that its close names in upper case.
fn digest_in_upper_case() -> Vec<u8> {
    let mut lines = honest().lines;
    let (close, digest) = (String::from_utf8(lines[4].clone()).expect("text"), state().to_string());
    lines[4] = close.replace(&digest, &digest.to_uppercase()).into_bytes();
    joined(&lines)
}

fn line_faults() -> Vec<Case> {
    let lines = honest().lines;
    let without = |at: usize| {
        lines
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != at)
            .map(|(_, line)| line.clone())
            .collect::<Vec<_>>()
    };
    let mut twice = lines.clone();
    twice.insert(2, lines[2].clone());
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    let mut cut = honest().file();
    cut.truncate(cut.len() - 7);
    let renumbered = {
        let mut changed = without(2);
        let line = String::from_utf8(changed[2].clone()).expect("text").replace("\"index\":3", "\"index\":2");
        changed[2] = line.into_bytes();
        changed
    };
    vec![
        case("line-dropped", "E-9", joined(&without(2)), 2, "index-wrong"),
        case("line-dropped-and-renumbered", "E-9", joined(&renumbered), 2, "prev-wrong"),
        case("line-repeated", "E-9", joined(&twice), 3, "index-wrong"),
        case("lines-swapped", "E-9", joined(&swapped), 2, "index-wrong"),
        case("genesis-dropped", "E-9", joined(&lines[1..]), 0, "index-wrong"),
        case("cut-inside-last-line", "R-8", cut, 5, "file-cut"),
        case(
            "blank-line",
            "E-3",
            [joined(&lines[..2]), b"\n".to_vec(), joined(&lines[2..])].concat(),
            2,
            "json-malformed",
        ),
    ]
}

/// A ledger with one more line, made by a writer that checks nothing.
fn with_line(
    community: &Community,
    content: xinyi_core::Content,
    approvals: Vec<Approval>,
    recorder: &TestKey,
) -> Vec<u8> {
    let line = community.replay.prepare(content, approvals).record(community.now, recorder).expect("a line");
    [community.file(), line, b"\n".to_vec()].concat()
}

fn content_faults() -> Vec<Case> {
    let trustee = Community::trustee();
    let mut cases = Vec::new();
    let mut add = |id, clause, date: &str, kind, data: Value, code| {
        let mut community = honest();
        let content = community.content(date, kind, data);
        let both = Approval::sign(&content, &Community::committee());
        cases.push(case(id, clause, with_line(&community, content, vec![both], &trustee), 6, code));
    };
    let refund = |index: u64, leaf: String| json!({"account": "bank", "amount": "1.00", "fund": "shared", "reason": "x", "target": {"index": index, "leaf": leaf}});
    let leaf = honest().entries[1].leaf().to_string();
    add("scale-too-fine", "V-6", "2026-04-03", Kind::Income, income("1.000"), "amount-scale");
    add("scale-missing", "V-6", "2026-04-03", Kind::Income, income("1"), "amount-scale");
    add("dated-in-closed-month", "C-3", "2026-03-31", Kind::Income, income("1.00"), "period-closed");
    add("dated-tomorrow", "C-3", "2026-04-04", Kind::Income, income("1.00"), "date-in-future");
    add("dated-before-first-month", "C-3", "2026-02-28", Kind::Income, income("1.00"), "date-before-first");
    add("link-to-other-hash", "C-6", "2026-04-03", Kind::Refund, refund(2, leaf.clone()), "link-mismatch");
    add("link-to-nowhere", "C-6", "2026-04-03", Kind::Refund, refund(99, leaf), "link-mismatch");
    add(
        "second-genesis",
        "A-2",
        "2026-04-03",
        Kind::Genesis,
        Community::genesis_json("2026-04"),
        "genesis-place",
    );
    let mut community = honest();
    let content = community.named("2026-04-03", "r4", Kind::Income, income("9.00"));
    cases.push(case(
        "reference-taken",
        "C-4",
        with_line(&community, content, vec![], &trustee),
        6,
        "reference-taken",
    ));
    let mut other = Community::genesis_json("2026-03");
    other["nonce"] = json!("22".repeat(32));
    let content =
        Community::with_genesis(other).named("2026-04-03", "elsewhere", Kind::Income, income("9.00"));
    let approval = Approval::sign(&content, &Community::committee());
    cases.push(case(
        "content-of-another-ledger",
        "C-2",
        with_line(&community, content, vec![approval], &trustee),
        6,
        "ledger-other",
    ));
    let again = community.entries[5].content().clone();
    let approval = Approval::sign(&again, &Community::committee());
    cases.push(case(
        "approval-used-again",
        "C-4",
        with_line(&community, again, vec![approval], &trustee),
        6,
        "reference-taken",
    ));
    let waited = community.named("2026-03-31", "waited", Kind::Income, income("9.00"));
    let approval = Approval::sign(&waited, &Community::committee());
    cases.push(case(
        "approval-expired",
        "C-3",
        with_line(&community, waited, vec![approval], &trustee),
        6,
        "period-closed",
    ));
    community.now = "2026-04-03T04:00:00Z".parse().expect("a time");
    cases
}

/// s + l for a signature's s: the other number that a careless verifier takes for the same.
pub(crate) fn malleated(signature: &str) -> String {
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").expect("l");
    let mut bytes = hex::decode(signature).expect("a signature");
    let mut carry = 0_u16;
    for (byte, add) in bytes[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = u8::try_from(sum & 0xFF).expect("a byte");
        carry = sum >> 8;
    }
    hex::encode(bytes)
}

fn signature_faults() -> Vec<Case> {
    let community = honest();
    let trustee = Community::trustee();
    let stranger = TestKey::named("stranger");
    let content = community.named("2026-04-03", "next", Kind::Income, income("9.00"));
    let approve = |key: &TestKey| Approval::sign(&content, key);
    let line = |approvals, recorder: &TestKey| with_line(&community, content.clone(), approvals, recorder);
    let mut lent = approve(&stranger);
    lent.key = Community::committee().public_key().id();
    let last = |file: Vec<u8>, change: &dyn Fn(&str) -> String| {
        let text = String::from_utf8(file).expect("text");
        let cut = text.trim_end().rfind('\n').expect("lines") + 1;
        [text[..cut].to_owned(), change(&text[cut..])].concat().into_bytes()
    };
    let signature = |line: &str| line.split("\"sig\":\"").last().expect("a signature")[..128].to_owned();
    let malleable =
        last(line(vec![], &trustee), &|text| text.replace(&signature(text), &malleated(&signature(text))));
    let flipped = last(line(vec![], &trustee), &|text| {
        let given = signature(text);
        let first = if given.starts_with('0') { "1" } else { "0" };
        text.replace(&given, &format!("{first}{}", &given[1..]))
    });
    let unsorted = {
        let mut both = [approve(&Community::committee()), approve(&Community::supervisor())];
        both.sort_by_key(|approval| approval.key);
        let file = line(both.to_vec(), &trustee);
        let [a, b] = both.map(|approval| serde_json::to_string(&approval).expect("JSON"));
        last(file, &|text| text.replace(&format!("{a},{b}"), &format!("{b},{a}")))
    };
    let recorder_twice = line(vec![approve(&trustee)], &trustee);
    let changed = last(line(vec![approve(&Community::committee())], &trustee), &|text| {
        text.replace("\"9.00\"", "\"8.00\"")
    });
    vec![
        case("approval-by-stranger", "S-5", line(vec![approve(&stranger)], &trustee), 6, "approval-key"),
        case("approval-under-another-s-name", "S-5", line(vec![lent], &trustee), 6, "approval-signature"),
        case("approval-of-another-amount", "S-5", changed, 6, "approval-signature"),
        case("approvals-unsorted", "S-4", unsorted, 6, "approval-order"),
        case("recorder-among-approvals", "S-4", recorder_twice, 6, "approval-order"),
        case("recorded-by-stranger", "S-6", line(vec![], &stranger), 6, "recorder-key"),
        case("recorded-by-committee", "S-6", line(vec![], &Community::committee()), 6, "recorder-key"),
        case("signature-malleable", "K-5", malleable, 6, "recorder-signature"),
        case("signature-flipped", "S-6", flipped, 6, "recorder-signature"),
    ]
}

fn close_faults() -> Vec<Case> {
    let trustee = Community::trustee();
    let mut cases = Vec::new();
    let mut add = |id, clause, date: &str, signed: bool, change: &dyn Fn(&mut Value), code| {
        let mut community = march();
        community.clock("2026-04-02T04:00:00Z");
        let mut data = serde_json::to_value(community.close_data("2026-03", state())).expect("a close");
        change(&mut data);
        let content = community.content(date, Kind::Close, data);
        let approvals = if signed { vec![Approval::sign(&content, &Community::committee())] } else { vec![] };
        cases.push(case(id, clause, with_line(&community, content, approvals, &trustee), 4, code));
    };
    let other = || json!("00".repeat(32));
    add("close-by-one-side", "A-4", "2026-04-02", false, &|_| {}, "approvals-missing");
    add(
        "close-of-a-later-month",
        "B-1",
        "2026-04-02",
        true,
        &|c| c["period"] = json!("2026-04"),
        "close-order",
    );
    add("close-dated-in-its-month", "B-2", "2026-03-31", true, &|_| {}, "close-date");
    add("close-of-a-size-to-come", "B-3", "2026-04-02", true, &|c| c["size"] = json!(5), "close-size");
    add("close-of-another-root", "B-3", "2026-04-02", true, &|c| c["root"] = other(), "close-root");
    add("close-with-wrong-next", "B-5", "2026-04-02", true, &|c| c["next"] = json!(3), "close-next");
    add(
        "close-with-a-previous-that-is-not",
        "B-6",
        "2026-04-02",
        true,
        &|c| c["previous"] = other(),
        "close-previous",
    );
    add(
        "close-of-another-register",
        "B-7",
        "2026-04-02",
        true,
        &|c| c["register"] = other(),
        "close-register",
    );
    add("close-of-other-deeds", "B-7", "2026-04-02", true, &|c| c["deeds"] = other(), "close-deeds");
    let mut late = march();
    late.clock("2026-04-02T04:00:00Z");
    let size = Size::new(4).expect("a size");
    let close = late.close_at("2026-03".parse().expect("a month"), size, state());
    late.record("2026-03-31", Kind::Income, Seal::Trustee, income("9999.99"));
    late.clock("2026-04-02T05:00:00Z");
    let content = late.content("2026-04-02", Kind::Close, serde_json::to_value(close).expect("a close"));
    let approval = Approval::sign(&content, &Community::committee());
    cases.push(case(
        "entry-slipped-in-before-the-close",
        "B-4",
        with_line(&late, content, vec![approval], &trustee),
        5,
        "close-late-entry",
    ));
    cases.push(after_last());
    cases
}

fn after_last() -> Case {
    let mut community = march();
    let mut data = serde_json::to_value(community.close_data("2026-03", state())).expect("a close");
    data["last"] = json!(true);
    community.record("2026-04-02", Kind::Close, Seal::Both, data);
    let content = community.content("2026-04-02", Kind::Income, income("1.00"));
    case(
        "income-after-the-last-close",
        "B-11",
        with_line(&community, content, vec![], &Community::trustee()),
        5,
        "after-last-close",
    )
}

/// docs/spec/vectors/replay.json.
pub(crate) fn document() -> String {
    let written = |case: &Case| {
        let mut json = json!({"clauses": case.clauses, "id": case.id, "valid": case.stops.is_none()});
        match String::from_utf8(case.file.clone()) {
            Ok(text) => json["file"] = json!(text),
            Err(_) => json["file_hex"] = json!(hex::encode(&case.file)),
        }
        if let Some((index, code)) = case.stops {
            json["error"] = json!(code);
            json["index"] = json!(index);
        }
        json
    };
    let cases: Vec<_> = cases().iter().map(written).collect();
    serde_json::to_string_pretty(&cases).expect("JSON") + "\n"
}
