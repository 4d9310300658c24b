//! Statements: an honest one is read in one pass; whatever a dishonest maker puts in its place is refused.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use xinyi_core::{
    Hash, Kind, Link, Period, Replay, Sign as _, Size, StatementHeader, StatementRead, Verified,
    read_statement,
};
use xinyi_testkit::{Community, Seal, TestKey};

fn income(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

fn refund(target: Link) -> Value {
    json!({"account": "bank", "amount": "1.00", "fund": "shared", "reason": "twice", "target": target})
}

fn grant(key: &TestKey, holder: &str, party: &str, uses: &[&str]) -> Value {
    json!({"holder": holder, "key": key.public_key(), "party": party, "term": {"from": "2000-01-01"}, "uses": uses})
}

fn register(community: &Community) -> Hash {
    community.replay.register().unwrap().digest()
}

/// A committee key added by both, in the first days of `date`'s month.
fn admit(community: &mut Community, date: &str, key: &TestKey) {
    let data = json!({
        "add": [grant(key, "deputy", "committee", &["approve"])], "party": "committee",
        "register": register(community), "retire": [], "revoke": [],
    });
    let content = community.content(date, Kind::Keys, data);
    let approvals = [&Community::committee(), key].map(|key| xinyi_core::Approval::sign(&content, key));
    community.now = community.now.max(format!("{date}T05:00:00Z").parse().unwrap());
    community.put(content, approvals.to_vec()).unwrap();
}

/// Three closed months; entries of the next month come before each close, a key comes between `next` and `size`
/// of the second close, and the third month refunds a line of the first.
fn story() -> Community {
    let mut community = Community::property_trust("2026-03");
    let first = community.record("2026-03-02", Kind::Income, Seal::Trustee, income("3.00"));
    community.record("2026-03-20", Kind::Income, Seal::Trustee, income("4.00"));
    community.record("2026-04-01", Kind::Income, Seal::Trustee, income("5.00"));
    community.close_month("2026-03", "2026-04-02");
    community.record("2026-04-20", Kind::Income, Seal::Trustee, income("6.00"));
    community.record("2026-05-01", Kind::Income, Seal::Trustee, income("7.00"));
    admit(&mut community, "2026-05-02", &TestKey::named("deputy"));
    let size = community.replay.size();
    community.record("2026-05-03", Kind::Income, Seal::Trustee, income("8.00"));
    community.close_month_at("2026-04", "2026-05-04", size);
    community.record("2026-05-20", Kind::Refund, Seal::Trustee, refund(first.link()));
    community.close_month("2026-05", "2026-06-02");
    community.record("2026-06-03", Kind::Income, Seal::Trustee, income("9.00"));
    community
}

fn identity(community: &Community) -> Option<Hash> {
    community.replay.founding().map(|founding| founding.identity)
}

fn read(community: &Community, file: &[u8]) -> Result<StatementRead, &'static str> {
    read_statement(file, identity(community), &[]).map_err(|error| error.code())
}

fn refusal(community: &Community, file: &[u8]) -> &'static str {
    read(community, file).err().unwrap_or("accepted")
}

#[test]
fn every_month_is_read_from_its_own_file_and_holds_what_belongs_to_it() {
    let community = story();
    for (period, from, size, older) in [("2026-03", 0, 5, 0), ("2026-04", 3, 10, 0), ("2026-05", 6, 12, 1)] {
        let read = read(&community, &community.statement(period)).unwrap();
        assert_eq!(read.stated.period.to_string(), period);
        assert_eq!(
            (read.stated.from.get(), read.stated.checkpoint.checkpoint.size.get()),
            (from, size),
            "{period}"
        );
        assert_eq!(read.carried.older.len(), older, "{period}");
        assert_eq!(read.carried.document.is_some(), from > 0, "{period}");
        let parties: Vec<_> = read.stated.approvers.iter().map(|signer| signer.party.to_string()).collect();
        assert_eq!(parties.len(), 2, "{parties:?}");
        assert_eq!(read.replay.root(), read.stated.checkpoint.checkpoint.root);
    }
}

#[test]
fn no_statement_is_read_as_another_ledger_s_and_none_without_its_close() {
    let community = story();
    let file = community.statement("2026-04");
    let other = read_statement(&file, Some(Hash::digest(b"another")), &[]).err().unwrap();
    assert_eq!(other.code(), "identity-other");
    let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    assert_eq!(refusal(&community, &lines[..lines.len() - 1].concat()), "file-cut");
    assert_eq!(refusal(&community, &file[..file.len() - 1]), "file-cut");
    assert_eq!(
        refusal(&community, &[file.as_slice(), &community.lines[10], b"\n"].concat()),
        "statement-end"
    );
}

#[test]
fn a_first_line_that_no_reader_takes_is_not_made() {
    let community = story();
    let header = community.statement_header("2026-04", None);
    let room = StatementHeader::MAX - (header.encode().len() - header.checkpoint.len());
    let made = |checkpoint: usize| {
        let (period, document) = ("2026-04".parse().unwrap(), header.previous.clone());
        community.archive().statement(period, "x".repeat(checkpoint), document, None, &community)
    };
    // The note's line feeds are two bytes each in JSON; these have none.
    let feeds = header.checkpoint.matches('\n').count();
    assert_eq!(made(room + feeds).unwrap().encode().len(), StatementHeader::MAX);
    assert_eq!(made(room + feeds + 1).unwrap_err().code(), "statement-too-long");
}

/// The header of a statement as JSON, changed, and its file.
fn changed(community: &Community, period: &str, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut header = serde_json::to_value(community.statement_header(period, None)).unwrap();
    change(&mut header);
    let header: StatementHeader = serde_json::from_value(header).expect("still of the right shape");
    let honest = community.statement(period);
    let lines = honest.iter().position(|byte| *byte == b'\n').unwrap();
    [header.encode().as_bytes(), &honest[lines..]].concat()
}

/// What a forger does to the first line.
type Change = Box<dyn Fn(&mut Value)>;

#[test]
fn whatever_is_left_out_of_the_first_line_or_put_there_is_refused() {
    let community = story();
    let other = Hash::digest(b"forged").to_string();
    let cases: Vec<(&str, &str, Change)> = vec![
        ("the genesis left out of the path", "path-order", Box::new(|h| h["authority"] = json!([]))),
        ("older lines left out", "link-mismatch", Box::new(|h| h["evidence"] = json!([]))),
        ("older line without its proof", "proof-length", Box::new(|h| h["evidence"][0]["path"] = json!([]))),
        (
            "older line twice",
            "path-order",
            Box::new(|h| {
                let twice = h["evidence"][0].clone();
                h["evidence"].as_array_mut().unwrap().push(twice);
            }),
        ),
        (
            "another frontier",
            "proof-root",
            Box::new({
                let other = other.clone();
                move |h| h["frontier"][0] = json!(other)
            }),
        ),
        ("a frontier too short", "statement-header", Box::new(|h| h["frontier"] = json!([]))),
        ("the first line set one too high", "statement-header", Box::new(|h| h["from"] = json!(7))),
        (
            "no carried state",
            "statement-header",
            Box::new(|h| {
                h.as_object_mut().unwrap().remove("previous");
            }),
        ),
        (
            "a carried state of another month",
            "statement-header",
            Box::new(|h| h["previous"]["period"] = json!("2026-03")),
        ),
        (
            "carried figures changed",
            "statement-previous",
            Box::new(|h| {
                h["previous"]["holdings"] =
                    json!([{"account": "bank", "balance": "1.00", "fund": "shared", "held": "0.00"}]);
            }),
        ),
        ("another origin", "checkpoint-other", Box::new(|h| h["origin"] = json!("example.org/other"))),
        ("another period", "statement-header", Box::new(|h| h["period"] = json!("2026-06"))),
        ("another mark", "statement-header", Box::new(|h| h["xinyi"] = json!("statement-v2"))),
        ("another identity", "identity-other", Box::new(move |h| h["identity"] = json!(other))),
        (
            "a bridge from nowhere",
            "proof-root",
            Box::new(|h| {
                h["bridge"] = json!({"path": [], "root": Hash::digest(b"x").to_string(), "size": 6});
            }),
        ),
        (
            "an older checkpoint",
            "checkpoint-other",
            Box::new({
                let older = community.checkpoint(Size::new(10).unwrap());
                move |h| h["checkpoint"] = json!(older)
            }),
        ),
    ];
    for (what, code, change) in cases {
        assert_eq!(refusal(&community, &changed(&community, "2026-05", change)), code, "{what}");
    }
}

#[test]
fn a_bridge_leads_from_a_checkpoint_kept_before_to_a_month_whose_neighbours_were_not_seen() {
    let community = story();
    let since = Size::new(2).unwrap();
    let header = community.statement_header("2026-05", Some(since));
    let bridge = header.bridge.clone().unwrap();
    assert_eq!((bridge.size, bridge.root), (since, community.archive().root(since).unwrap()));
    assert!(read(&community, &community.statement_file(&header)).is_ok());
    let mut forged = header;
    forged.bridge.as_mut().unwrap().root = Hash::digest(b"another history");
    assert_eq!(refusal(&community, &community.statement_file(&forged)), "proof-root");
}

/// The carried months cannot tell everything; what they can tell is judged.
#[test]
fn a_stale_register_or_a_hidden_change_of_keys_is_seen_by_the_closes() {
    // A key that comes below `from` and is left out of the path.
    let mut community = story();
    admit(&mut community, "2026-06-04", &TestKey::named("second-deputy"));
    community.record("2026-07-01", Kind::Income, Seal::Trustee, income("1.00"));
    community.close_month("2026-06", "2026-07-02");
    community.record("2026-07-05", Kind::Income, Seal::Trustee, income("1.00"));
    community.close_month("2026-07", "2026-08-02");
    assert!(read(&community, &community.statement("2026-07")).is_ok());
    let without_last = changed(&community, "2026-07", |h| {
        h["authority"].as_array_mut().unwrap().pop();
    });
    assert_eq!(refusal(&community, &without_last), "close-register");
    // A line between `next` and `size` that is left out of the file: the next one does not follow.
    let file = community.statement("2026-04");
    let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let keys =
        lines.iter().position(|line| String::from_utf8_lossy(line).contains("\"kind\":\"keys\"")).unwrap();
    let hidden: Vec<u8> =
        lines.iter().enumerate().filter(|(place, _)| *place != keys).flat_map(|(_, l)| l.to_vec()).collect();
    assert_eq!(refusal(&community, &hidden), "index-wrong");
}

#[test]
fn a_stale_deed_is_seen_by_the_closes() {
    let mut community = story();
    let mut deed = Community::deed_json("2026-06");
    deed["fees"][0]["rates"][0]["rate"] = json!("30/100");
    let previous = community.replay.months().unwrap().deeds().last().unwrap().digest;
    community.record("2026-06-04", Kind::Deed, Seal::Both, json!({"deed": deed, "previous": previous}));
    community.record("2026-07-01", Kind::Income, Seal::Trustee, income("1.00"));
    community.close_month("2026-06", "2026-07-02");
    community.close_month("2026-07", "2026-08-02");
    assert!(read(&community, &community.statement("2026-07")).is_ok());
    let stale = changed(&community, "2026-07", |h| {
        let path = h["authority"].as_array_mut().unwrap();
        path.retain(|line| !line["line"].as_str().unwrap().contains("\"kind\":\"deed\""));
    });
    assert_eq!(refusal(&community, &stale), "close-deeds");
}

/// A header with the forger's own register and closes: the trustee alone makes another genesis.
#[test]
fn a_ledger_of_the_forger_s_own_making_is_another_ledger() {
    let honest = story();
    let mut genesis = Community::genesis_json("2026-03");
    genesis["nonce"] = json!("22".repeat(32));
    let mut forged = Community::with_genesis(genesis);
    forged.record("2026-03-02", Kind::Income, Seal::Trustee, income("0.01"));
    forged.record("2026-04-01", Kind::Income, Seal::Trustee, income("5.00"));
    forged.close_month("2026-03", "2026-04-02");
    forged.close_month("2026-04", "2026-05-02");
    assert!(read(&forged, &forged.statement("2026-04")).is_ok(), "in itself it is a ledger");
    assert_eq!(refusal(&honest, &forged.statement("2026-04")), "identity-other");
    // The same under the honest ledger's name: its genesis is not in the tree.
    let mut header = serde_json::to_value(forged.statement_header("2026-04", None)).unwrap();
    let genuine = serde_json::to_value(honest.statement_header("2026-04", None)).unwrap();
    header["identity"] = genuine["identity"].clone();
    header["authority"] = genuine["authority"].clone();
    header["previous"]["identity"] = genuine["identity"].clone();
    let header: StatementHeader = serde_json::from_value(header).unwrap();
    assert_eq!(refusal(&honest, &forged.statement_file(&header)), "proof-length");
}

#[test]
fn two_closes_of_one_month_and_a_skipped_month_are_no_ledger() {
    let mut community = story();
    let again = serde_json::to_value(community.close_at(
        "2026-05".parse().unwrap(),
        community.replay.size(),
        Hash::digest(b"x"),
    ));
    let refused = community.try_record("2026-06-05", Kind::Close, Seal::Both, again.unwrap()).unwrap_err();
    assert_eq!(refused.code(), "close-order");
    let skipped = serde_json::to_value(community.close_at(
        "2026-07".parse().unwrap(),
        community.replay.size(),
        Hash::digest(b"x"),
    ));
    let refused = community.try_record("2026-08-05", Kind::Close, Seal::Both, skipped.unwrap()).unwrap_err();
    assert_eq!(refused.code(), "close-order");
    // The lines of one month after the first line of another's statement.
    let april = community.statement_header("2026-04", None);
    let may = community.statement("2026-05");
    let may_lines: Vec<&[u8]> = may.split_inclusive(|byte| *byte == b'\n').skip(1).collect();
    let mixed = [april.encode().as_bytes(), b"\n", &may_lines.concat()].concat();
    assert_eq!(refusal(&community, &mixed), "index-wrong");
}

#[test]
fn every_changed_byte_of_a_statement_is_refused() {
    let community = story();
    let file = community.statement("2026-05");
    let known = identity(&community);
    for byte in 0..file.len() {
        let mut bytes = file.clone();
        bytes[byte] ^= 1 << (byte % 8);
        assert!(read_statement(&bytes, known, &[]).is_err(), "byte {byte} of {}", file.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Entries of later months come early, closes are approved late and in runs.
    #[test]
    fn the_union_of_all_statements_holds_every_entry_exactly_once_by_period(
        acts in proptest::collection::vec((0_u8..5, 0_u8..3), 5..60)
    ) {
        let mut community = Community::property_trust("2026-01");
        community.clock("2030-12-31T04:00:00Z");
        for (act, ahead) in acts {
            let due = community.replay.months().unwrap().due();
            if act < 4 {
                let month = (0..ahead).fold(due, |month, _| month.next());
                let links: Vec<Link> = community.entries.iter().filter(|e| e.content().kind() == Kind::Income).map(|e| e.link()).collect();
                let day = month.first_day().to_string();
                match links.first().filter(|_| act == 3) {
                    Some(link) => community.record(&day, Kind::Refund, Seal::Trustee, refund(*link)),
                    None => community.record(&day, Kind::Income, Seal::Trustee, income("1.00")),
                };
            } else {
                // Some closes cover a size some lines back, as far as the month's own lines allow.
                let size = community.replay.size();
                let last = community.entries.iter().rev().find(|entry| entry.content().date().period() == due);
                let least = last.map_or(size, |entry| entry.index().size_after());
                let covered = if ahead == 0 { size } else { least };
                community.close_month_at(&due.to_string(), "2030-12-30", covered);
            }
        }
        let mut seen = std::collections::BTreeMap::new();
        let mut period: Period = "2026-01".parse().unwrap();
        while community.archive().places().closed(period).is_some() {
            let read = read_statement(&community.statement(&period.to_string()), identity(&community), &[]);
            let read = read.map_err(|error| TestCaseError::fail(format!("{period}: {error}")))?;
            for entry in read.entries.iter().filter(|entry| entry.content().date().period() == period) {
                prop_assert!(seen.insert(entry.index(), period).is_none(), "{} twice", entry.index());
            }
            period = period.next();
        }
        let of_closed = community.entries.iter().filter(|entry| entry.content().date().period() < period);
        let expected: std::collections::BTreeMap<_, _> =
            of_closed.map(|entry| (entry.index(), entry.content().date().period())).collect();
        prop_assert_eq!(seen, expected);
    }
}

#[test]
fn what_a_statement_gives_is_what_the_whole_ledger_gives() {
    let community = story();
    let mut replay = Replay::new();
    let whole: Vec<Verified<xinyi_core::Entry>> =
        community.lines.iter().map(|line| replay.push(line).unwrap()).collect();
    for period in ["2026-04", "2026-05"] {
        let read = read(&community, &community.statement(period)).unwrap();
        let from = read.stated.from.get() as usize;
        assert_eq!(read.entries, whole[from..from + read.entries.len()], "{period}");
        let older = read.carried.authority.iter().map(|(entry, _)| entry).chain(&read.carried.older);
        older.for_each(|entry| assert_eq!(*entry, whole[entry.index().get() as usize]));
    }
}
