//! Receipts, trust, comparison and evidence: what an honest file shows, and what no forger can make it say.

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
use xinyi_core::{
    Anchor, Anchored, Approval, Archive, Comparison, Contradiction, Disclosure, Evidence, ForkAt, Grounds,
    Hash, Index, Kind, Lines as _, Note, Policy, Receipt, Received, Shown, Side, Sign as _, Size, Trust,
    TrustError, Unique, Verified, VerifierKey,
};
use xinyi_testkit::{Community, Seal, TestKey};

fn size(number: u64) -> Size {
    Size::new(number).unwrap()
}

fn income(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

fn payer() -> Disclosure {
    Disclosure::new([7; 16], "payer", "3-2-501".parse().unwrap())
}

/// Genesis; an income whose payer is sealed (1), another (2), the close of March (3), one of April (4).
fn story() -> Community {
    let mut community = Community::property_trust("2026-03");
    let mut data = income("3.00");
    data["payer"] = json!(payer().commitment().to_string());
    community.record("2026-03-02", Kind::Income, Seal::Trustee, data);
    community.record("2026-03-20", Kind::Income, Seal::Trustee, income("4.00"));
    community.close_month("2026-03", "2026-04-02");
    community.record("2026-04-03", Kind::Income, Seal::Trustee, income("5.00"));
    community
}

fn identity(community: &Community) -> Hash {
    community.replay.founding().unwrap().identity
}

fn verified(receipt: &Receipt) -> Result<Verified<Received>, &'static str> {
    let read: Receipt =
        receipt.to_string().parse().map_err(|error: xinyi_core::ReceiptError| error.code())?;
    assert_eq!(read, *receipt, "what is written is what is read");
    read.verify(None, &[]).map_err(|error| error.code())
}

#[test]
fn a_receipt_shows_its_entry_under_a_close_by_both_and_opens_only_what_was_handed_out() {
    let community = story();
    let closed = verified(&community.receipt(1, size(4), &[payer().encoded().to_owned()])).unwrap();
    let covered = closed.covered.as_ref().unwrap();
    assert_eq!((covered.close.period.to_string(), covered.approvers.len()), ("2026-03".to_owned(), 2));
    assert_eq!(closed.disclosed[0].value().as_str(), "3-2-501");
    assert_eq!(closed.checkpoint.checkpoint.size, size(4));
    let bare = community.receipt(1, size(4), &[]);
    assert!(verified(&bare).unwrap().disclosed.is_empty());
    let extra = serde_json::to_string(&bare.extra).unwrap();
    assert!(!extra.contains("3-2-501") && !extra.contains(payer().encoded()));
    // A month that is still open: no close covers the entry.
    assert!(verified(&community.receipt(4, size(5), &[])).unwrap().covered.is_none());
}

/// What a forger does to a receipt.
type Change = Box<dyn Fn(&mut Receipt)>;

#[test]
fn a_receipt_with_anything_else_in_its_place_is_refused() {
    let community = story();
    let honest = community.receipt(1, size(4), &[payer().encoded().to_owned()]);
    let other = community.receipt(2, size(4), &[]);
    let spoiled = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = honest.clone();
        change(&mut receipt);
        verified(&receipt).err().unwrap_or("accepted")
    };
    let stranger = Disclosure::new([8; 16], "payer", "9-9-999".parse().unwrap());
    let renamed = Disclosure::new([7; 16], "memo", "3-2-501".parse().unwrap());
    let cases: Vec<(&str, &str, Change)> = vec![
        (
            "another's payer",
            "receipt-disclosed",
            Box::new(move |r| r.extra.disclosures = vec![stranger.encoded().to_owned()]),
        ),
        (
            "the payer under another name",
            "receipt-disclosed",
            Box::new(move |r| r.extra.disclosures = vec![renamed.encoded().to_owned()]),
        ),
        (
            "a disclosure that is none",
            "disclosure-form",
            Box::new(|r| r.extra.disclosures = vec!["x".to_owned()]),
        ),
        (
            "another line",
            "receipt-other",
            Box::new({
                let line = other.extra.line.clone();
                move |r| r.extra.line = line.clone()
            }),
        ),
        ("another index", "receipt-other", Box::new(|r| r.index = Index::new(2).unwrap())),
        ("a path too long", "proof-length", Box::new(|r| r.path.push(Hash::digest(b"x")))),
        ("a path too short", "proof-length", Box::new(|r| r.path.truncate(1))),
        ("another path", "proof-root", Box::new(|r| r.path[0] = Hash::digest(b"x"))),
        ("no authority", "path-order", Box::new(|r| r.extra.authority.clear())),
        (
            "the close's path spoiled",
            "proof-root",
            Box::new(|r| r.extra.close.as_mut().unwrap().path[0] = Hash::digest(b"x")),
        ),
        (
            "the entry not under the close's root",
            "proof-root",
            Box::new(|r| r.extra.close.as_mut().unwrap().entry[0] = Hash::digest(b"x")),
        ),
        (
            "another line for the close",
            "proof-root",
            Box::new({
                let line = other.extra.line.clone();
                move |r| r.extra.close.as_mut().unwrap().line = line.clone()
            }),
        ),
        (
            "a checkpoint nobody signed",
            "note-malformed",
            Box::new(|r| r.checkpoint = "example.org/made-up-compound\n4\nAAAA\n".to_owned()),
        ),
        ("another mark", "receipt-form", Box::new(|r| r.extra.xinyi = "receipt-v2".to_owned())),
    ];
    for (what, code, change) in cases {
        assert_eq!(spoiled(&*change), code, "{what}");
    }
}

#[test]
fn a_receipt_is_of_its_ledger_signed_by_its_log_key_and_as_good_as_before_when_its_entry_is_reversed() {
    let mut community = story();
    let mut honest = community.receipt(1, size(4), &[]);
    assert_eq!(honest.verify(Some(Hash::digest(b"other")), &[]).unwrap_err().code(), "identity-other");
    let target = community.entries[1].link();
    community.record("2026-04-04", Kind::Reversal, Seal::Both, json!({"reason": "wrong", "target": target}));
    assert_eq!(verified(&community.receipt(1, size(4), &[])).unwrap().checkpoint.checkpoint.size, size(4));
    // Signed by a key that is no log key of this ledger.
    let root = community.archive().root(size(4)).unwrap();
    let origin = community.replay.founding().unwrap().origin.clone();
    let forged = xinyi_core::Checkpoint { origin, root, size: size(4) };
    honest.checkpoint = forged.sign(&TestKey::named("thief")).unwrap();
    assert_eq!(verified(&honest).unwrap_err(), "note-unsigned");
}

#[test]
fn every_changed_byte_of_a_receipt_is_refused() {
    let community = story();
    let text = community.receipt(1, size(4), &[payer().encoded().to_owned()]).to_string();
    let known = identity(&community);
    for byte in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[byte] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else { continue };
        let read =
            changed.parse::<Receipt>().and_then(|receipt| receipt.verify(Some(known), &[]).map(|_| ()));
        assert!(read.is_err(), "byte {byte}: {}", &text[byte.saturating_sub(30)..byte]);
    }
}

// --- trust --------------------------------------------------------------------------------------------------------

fn vkey(community: &Community, name: &str, key: &TestKey) -> VerifierKey {
    let origin = &community.replay.founding().unwrap().origin;
    VerifierKey::new(&format!("{origin}{name}"), key.public_key()).unwrap()
}

/// What a reader with this trust says of the whole ledger, with a checkpoint of its size.
fn judge(community: &Community, trust: &Trust, note: Option<&str>) -> Result<Grounds, TrustError> {
    let archive = community.archive();
    let register = community.replay.register().unwrap();
    let founding = community.replay.founding().unwrap();
    let last = community.entries.iter().rev().find(|entry| entry.content().kind() == Kind::Close);
    let keys = [register.note_keys(&founding.origin, community.replay.size()), trust.witnesses()].concat();
    let checkpoint = note.map(|note| xinyi_core::OpenCheckpoint::open(note, &keys).unwrap().into_inner());
    let shown = Shown {
        approvers: last.map(|entry| entry.approvers()),
        checkpoint: checkpoint.as_ref(),
        from: size(0),
        identity: founding.identity,
        origin: &founding.origin,
        register,
        size: community.replay.size(),
        whole: true,
    };
    trust.judge(&shown, |size| archive.root(size))
}

fn refusal(community: &Community, trust: &Trust, note: Option<&str>) -> &'static str {
    judge(community, trust, note).map_or_else(|error| error.code(), |_| "accepted")
}

fn anchor_at(community: &Community, at: u64) -> Anchor {
    let founding = community.replay.founding().unwrap();
    let register = community.replay.register().unwrap().digest();
    let mut anchor = Anchor::new(founding.identity, founding.origin.parse().unwrap(), register);
    let root = community.archive().root(size(at)).unwrap();
    anchor.accept(Anchored { root, size: size(at) }, register).unwrap();
    anchor
}

#[test]
fn identity_keys_anchor_and_policy_each_authenticate_and_nothing_does_not() {
    let community = story();
    assert!(!judge(&community, &Trust::default(), None).unwrap().is_authenticated());
    let by_identity = Trust { identity: Some(identity(&community)), ..Trust::default() };
    let grounds = judge(&community, &by_identity, None).unwrap();
    assert!(
        grounds.is_authenticated() && grounds.unique.is_none(),
        "an identity alone says nothing of another history"
    );
    let keys = vec![
        vkey(&community, "", &Community::trustee()),
        vkey(&community, "/committee", &Community::committee()),
    ];
    assert_eq!(
        judge(&community, &Trust { keys: keys.clone(), ..Trust::default() }, None).unwrap().word(),
        "keys"
    );
    let thief = vkey(&community, "/committee", &TestKey::named("thief"));
    for wrong in [vec![keys[0].clone()], vec![keys[1].clone()], [keys.clone(), vec![thief]].concat()] {
        assert_eq!(refusal(&community, &Trust { keys: wrong, ..Trust::default() }, None), "keys-other");
    }
    let by_anchor = Trust { anchor: Some(anchor_at(&community, 4)), ..Trust::default() };
    let grounds = judge(&community, &by_anchor, None).unwrap();
    assert_eq!((grounds.anchor, grounds.unique), (Some(Some(size(4))), Some(Unique::Anchor(size(4)))));
}

/// The ousted committee and the trustee go back to before the hand-over and write another past with their keys.
#[test]
fn a_past_rewritten_with_retired_keys_is_refused_by_anchor_and_new_keys_and_never_called_the_only_one() {
    let handed_over = |community: &mut Community| {
        let chair = TestKey::named("new-chair");
        let data = json!({
            "add": [{"holder": "new-chair", "key": chair.public_key(), "party": "committee", "term": {"from": "2000-01-01"}, "uses": ["approve", "cosign"]}],
            "party": "committee", "register": community.replay.register().unwrap().digest(),
            "retire": [Community::committee().public_key().id()], "revoke": [],
        });
        let content = community.content("2026-04-05", Kind::Keys, data);
        community.clock("2026-04-05T04:00:00Z");
        let approvals = [&Community::committee(), &chair].map(|key| Approval::sign(&content, key));
        community.put(content, approvals.to_vec()).unwrap();
    };
    let mut honest = story();
    handed_over(&mut honest);
    let mut forged = story();
    forged.record("2026-04-06", Kind::Income, Seal::Trustee, income("0.01"));
    forged.close_month("2026-04", "2026-05-02");
    let by_identity = Trust { identity: Some(identity(&honest)), ..Trust::default() };
    assert!(
        judge(&forged, &by_identity, None).unwrap().unique.is_none(),
        "authentic, but not shown to be the only one"
    );
    let by_anchor = Trust { anchor: Some(anchor_at(&honest, 6)), ..Trust::default() };
    assert_eq!(refusal(&forged, &by_anchor, None), "anchor-fork");
    assert_eq!(refusal(&honest, &by_anchor, None), "accepted");
    let keys = vec![
        vkey(&honest, "", &Community::trustee()),
        vkey(&honest, "/committee", &TestKey::named("new-chair")),
    ];
    assert_eq!(refusal(&forged, &Trust { keys: keys.clone(), ..Trust::default() }, None), "keys-other");
    assert_eq!(refusal(&honest, &Trust { keys, ..Trust::default() }, None), "accepted");
    // An anchor older than the hand-over does not make the forged past the only one either.
    let old = Trust { anchor: Some(anchor_at(&honest, 4)), ..Trust::default() };
    assert_eq!(judge(&honest, &old, None).unwrap().unique, None);
}

#[test]
fn an_anchor_refuses_a_shorter_a_forked_and_another_ledger_and_moves_only_forward() {
    let community = story();
    let mut anchor = anchor_at(&community, 4);
    let text = anchor.encode();
    assert_eq!(Anchor::decode(text.as_bytes()).unwrap(), anchor);
    for spoiled in [
        text.replace("anchor-v1", "anchor-v2"),
        text.replace("\"size\":4", "\"size\": 4"),
        text.trim_end().to_owned(),
        "{}\n".to_owned(),
    ] {
        assert!(Anchor::decode(spoiled.as_bytes()).is_err(), "{spoiled}");
    }
    let mut shorter = Community::property_trust("2026-03");
    shorter.push(community.lines[1].clone()).unwrap();
    assert_eq!(
        refusal(&shorter, &Trust { anchor: Some(anchor.clone()), ..Trust::default() }, None),
        "anchor-shorter"
    );
    let fork = Anchored { root: Hash::digest(b"fork"), size: size(4) };
    assert_eq!(anchor.accept(fork, Hash::digest(b"")).unwrap_err().code(), "anchor-fork");
    let mut genesis = Community::genesis_json("2026-03");
    genesis["nonce"] = json!("33".repeat(32));
    let other = Community::with_genesis(genesis);
    assert_eq!(refusal(&other, &Trust { anchor: Some(anchor), ..Trust::default() }, None), "identity-other");
}

fn policy(text: &str) -> Policy {
    Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_policy_asks_for_its_logs_witnesses_and_parties() {
    let community = story();
    let log = vkey(&community, "", &Community::trustee());
    let chair = vkey(&community, "/committee", &Community::committee());
    let names = ["w1", "w2", "w3"];
    let witnesses = names.map(|name| VerifierKey::cosigner(name, TestKey::named(name).public_key()).unwrap());
    let lines: String =
        names.iter().zip(&witnesses).map(|(name, key)| format!("witness {name} {key}\n")).collect();
    let text = format!(
        "# street office and two neighbours\nlog {log} https://example.org/\n{lines}\tgroup any-two 2 w1 w2 w3\nquorum any-two\n\
         ledger {}\nparty trustee 1 {log}\nparty committee 1 {chair}\n",
        identity(&community)
    );
    let trust = Trust { policy: Some(policy(&text)), ..Trust::default() };
    let cosigned = |names: &[&str]| {
        let note: Note = community.checkpoint(size(5)).parse().unwrap();
        let lines: String =
            names.iter().map(|name| note.cosignature(name, &TestKey::named(name), 9).unwrap()).collect();
        if lines.is_empty() { note.to_string() } else { note.with_lines(&lines).unwrap().to_string() }
    };
    assert_eq!(refusal(&community, &trust, Some(&cosigned(&[]))), "policy-unmet");
    assert_eq!(refusal(&community, &trust, Some(&cosigned(&["w1"]))), "policy-unmet");
    assert_eq!(refusal(&community, &trust, None), "policy-unmet");
    let met = judge(&community, &trust, Some(&cosigned(&["w1", "w3"]))).unwrap();
    assert!(met.policy && met.identity && met.cosigners.len() == 2);
    assert!(matches!(met.unique, Some(Unique::Cosigner(signer)) if signer.key.name() == "w1"));
    // The committee's own cosignature counts as the register knows it, not as a witness of the policy.
    let origin = &community.replay.founding().unwrap().origin;
    let own = format!("{origin}/committee/chair");
    let note: Note = community.checkpoint(size(5)).parse().unwrap();
    let line = note.cosignature(&own, &Community::committee(), 9).unwrap();
    let note = note.with_lines(&line).unwrap().to_string();
    assert_eq!(judge(&community, &Trust::default(), Some(&note)).unwrap().cosigners.len(), 1);
    assert_eq!(refusal(&community, &trust, Some(&note)), "policy-unmet");
    let by_thief = text
        .replace(&chair.to_string(), &vkey(&community, "/committee", &TestKey::named("thief")).to_string());
    let trust = Trust { policy: Some(policy(&by_thief)), ..Trust::default() };
    assert_eq!(refusal(&community, &trust, Some(&cosigned(&["w1", "w3"]))), "policy-party");
    let other_log =
        text.replace(&format!("log {log}"), &format!("log {}", vkey(&community, "", &TestKey::named("x"))));
    let trust = Trust { policy: Some(policy(&other_log)), ..Trust::default() };
    assert_eq!(refusal(&community, &trust, Some(&cosigned(&["w1", "w3"]))), "policy-log");
}

#[test]
fn a_text_that_is_no_policy_is_refused_with_its_line() {
    let w = |name: &str| {
        format!(
            "witness {name} {}\n",
            VerifierKey::cosigner(name, TestKey::named(name).public_key()).unwrap()
        )
    };
    let log = VerifierKey::new("example.org/a", TestKey::named("log").public_key()).unwrap();
    let cases = [
        (String::new(), "policy-quorum"),
        ("quorum none\nquorum none\n".to_owned(), "policy-quorum"),
        ("quorum w1\n".to_owned(), "policy-unknown"),
        (w("a") + &w("a") + "quorum a\n", "policy-twice"),
        (w("a") + &w("a").replace("witness a", "witness b") + "quorum a\n", "policy-twice"),
        (w("none") + "quorum none\n", "policy-twice"),
        (w("a") + "group g 2 a\nquorum g\n", "policy-line"),
        (w("a") + "group g 0 a\nquorum g\n", "policy-line"),
        (w("a") + "group g 01 a\nquorum g\n", "policy-line"),
        (w("a") + "group g any\nquorum g\n", "policy-line"),
        (w("a") + "group g any b\nquorum g\n", "policy-unknown"),
        (w("a") + "group g any a\ngroup h any a\nquorum h\n", "policy-twice"),
        (w("a") + "group g any a a\nquorum g\n", "policy-twice"),
        (format!("witness a {log}\nquorum a\n"), "policy-line"),
        (w("a").replace("witness a", "log") + "quorum none\n", "policy-line"),
        (format!("log {log}\nlog {log}\nquorum none\n"), "policy-twice"),
        ("party trustee 1\nquorum none\n".to_owned(), "policy-line"),
        (format!("party trustee 2 {log}\nquorum none\n"), "policy-line"),
        (format!("party trustee 1 {log}\nparty committee 1 {log}\nquorum none\n"), "policy-twice"),
        ("ledger 12\nquorum none\n".to_owned(), "policy-line"),
        ("witnes x\nquorum none\n".to_owned(), "policy-line"),
        ("quorum none\r\n".to_owned(), "policy-line"),
        ("# \u{1}\nquorum none\n".to_owned(), "policy-line"),
        ("#".repeat(70_000) + "\nquorum none\n", "policy-line"),
    ];
    for (text, code) in cases {
        assert_eq!(
            Policy::parse(text.as_bytes()).map_err(|error| error.code()),
            Err(code),
            "{}",
            &text[..text.len().min(200)]
        );
    }
    assert!(Policy::parse("\u{4e1a} \n".as_bytes()).is_err());
    assert!(Policy::parse(" # 业委会\n\n  quorum\tnone".as_bytes()).is_ok());
}

// --- comparing and evidence ---------------------------------------------------------------------------------------

fn compare(one: &Archive, other: &Archive) -> Comparison {
    one.view().unwrap().compare(&other.view().unwrap())
}

fn forked() -> (Community, Community) {
    let (mut one, mut other) = (story(), story());
    one.record("2026-04-04", Kind::Income, Seal::Trustee, income("6.00"));
    other.record("2026-04-04", Kind::Income, Seal::Trustee, income("7.00"));
    one.record("2026-04-05", Kind::Income, Seal::Trustee, income("8.00"));
    (one, other)
}

#[test]
fn two_files_are_the_same_one_goes_on_from_the_other_or_they_fork() {
    let (one, other) = forked();
    let whole = one.archive();
    assert_eq!(compare(&whole, &whole), Comparison::Same);
    assert_eq!(compare(&whole, &story().archive()), Comparison::Prefix { shorter: Side::Second });
    assert_eq!(compare(&story().archive(), &whole), Comparison::Prefix { shorter: Side::First });
    assert_eq!(compare(&whole, &other.archive()), Comparison::Fork(ForkAt::Index(Index::new(5).unwrap())));
    let mut genesis = Community::genesis_json("2026-03");
    genesis["nonce"] = json!("44".repeat(32));
    assert_eq!(compare(&whole, &Community::with_genesis(genesis).archive()), Comparison::OtherLedgers);
}

fn lines_evidence(one: &Community, other: &Community, index: u64) -> Evidence {
    let index = Index::new(index).unwrap();
    let authority = one.archive().authority(Size::new(index.get()).unwrap(), one).unwrap();
    let sides = [one, other].map(|community| community.line(index).unwrap());
    Evidence::new(identity(one), authority, Contradiction::Lines(sides))
}

#[test]
fn two_lines_at_one_index_prove_the_fork_and_name_who_signed() {
    let (one, other) = forked();
    let evidence = lines_evidence(&one, &other, 5);
    let read = Evidence::decode(evidence.encode().as_bytes()).unwrap();
    let fork = read.verify(Some(identity(&one))).unwrap();
    assert_eq!(fork.at, ForkAt::Index(Index::new(5).unwrap()));
    assert!(fork.signers.iter().all(|side| side[0].key == Community::trustee().public_key().id()));
    let refused = |evidence: &Evidence| evidence.verify(None).err().map_or("accepted", |error| error.code());
    assert_eq!(refused(&lines_evidence(&one, &one, 5)), "evidence-compatible");
    let Contradiction::Lines([a, b]) = evidence.contradiction.clone() else { unreachable!() };
    let with = |contradiction| Evidence::new(identity(&one), evidence.authority.clone(), contradiction);
    let sixth = one.line(Index::new(6).unwrap()).unwrap();
    assert_eq!(refused(&with(Contradiction::Lines([a.clone(), sixth]))), "evidence-compatible");
    let edited = b.replace("\"7.00\"", "\"9.00\"");
    assert_eq!(refused(&with(Contradiction::Lines([a.clone(), edited]))), "recorder-signature");
    assert_eq!(
        refused(&Evidence::new(identity(&one), Vec::new(), Contradiction::Lines([a.clone(), b.clone()]))),
        "path-order"
    );
    assert_eq!(
        refused(&Evidence::new(Hash::digest(b"x"), evidence.authority.clone(), Contradiction::Lines([a, b]))),
        "identity-other"
    );
}

#[test]
fn two_roots_of_one_size_and_two_proven_leaves_prove_the_fork_too() {
    let (one, other) = forked();
    let authority = one.archive().authority(size(5), &one).unwrap();
    let with = |contradiction| Evidence::new(identity(&one), authority.clone(), contradiction);
    let notes = [&one, &other].map(|community| community.checkpoint(size(6)));
    let fork = with(Contradiction::Checkpoints(notes.clone())).verify(None).unwrap();
    assert_eq!(fork.at, ForkAt::Size(size(6)));
    let same = [notes[0].clone(), notes[0].clone()];
    assert_eq!(
        with(Contradiction::Checkpoints(same)).verify(None).unwrap_err().code(),
        "evidence-compatible"
    );
    let sizes = [one.checkpoint(size(5)), notes[1].clone()];
    assert_eq!(
        with(Contradiction::Checkpoints(sizes)).verify(None).unwrap_err().code(),
        "evidence-compatible"
    );
    let leaf = |community: &Community, at: u64| {
        let receipt = community.receipt(5, size(at), &[]);
        xinyi_core::ProvenLeaf {
            checkpoint: receipt.checkpoint,
            leaf: community.entries[5].leaf(),
            path: receipt.path,
        }
    };
    let index = Index::new(5).unwrap();
    let leaves = [leaf(&one, 7), leaf(&other, 6)];
    let fork = with(Contradiction::Leaves { index, leaves: leaves.clone() }).verify(None).unwrap();
    assert_eq!(fork.at, ForkAt::Index(index));
    let mut spoiled = leaves;
    spoiled[0].path[0] = Hash::digest(b"x");
    assert_eq!(
        with(Contradiction::Leaves { index, leaves: spoiled }).verify(None).unwrap_err().code(),
        "proof-root"
    );
}

/// The recorder does not record its own replacement and goes on; the quorum's line is the history all the same.
#[test]
fn a_recovery_is_the_history_where_the_old_recorder_went_on_unless_a_close_by_both_covers_the_place() {
    let recovery = |community: &mut Community| {
        let new = TestKey::named("new-recorder");
        let (at, root) = (community.replay.size(), community.replay.root());
        let data = json!({
            "add": [{"holder": "new-recorder", "key": new.public_key(), "party": "trustee", "term": {"from": "2000-01-01"}, "uses": ["approve", "log", "record"]}],
            "party": "trustee", "reason": "the recorder is silent", "register": community.replay.register().unwrap().digest(),
            "retire": [Community::trustee().public_key().id()], "root": root, "size": at,
        });
        let content = community.content("2026-04-05", Kind::Recovery, data);
        let approvals =
            [Community::committee(), Community::supervisor()].map(|key| Approval::sign(&content, &key));
        let now = "2026-04-05T04:00:00Z".parse().unwrap();
        let line = community.replay.prepare(content, approvals.to_vec()).record(now, &new).unwrap();
        community.push(line).unwrap();
    };
    let (mut old, mut new) = (story(), story());
    recovery(&mut new);
    old.record("2026-04-05", Kind::Income, Seal::Trustee, income("6.00"));
    let index = Index::new(5).unwrap();
    assert_eq!(
        compare(&old.archive(), &new.archive()),
        Comparison::Recovered { history: Side::Second, index }
    );
    assert_eq!(
        compare(&new.archive(), &old.archive()),
        Comparison::Recovered { history: Side::First, index }
    );
    assert_eq!(lines_evidence(&old, &new, 5).verify(None).unwrap_err().code(), "evidence-recovered");
    old.close_month("2026-04", "2026-05-02");
    assert_eq!(compare(&old.archive(), &new.archive()), Comparison::Fork(ForkAt::Index(index)));
    // And an anchor above the recovery refuses it.
    let anchored = Trust { anchor: Some(anchor_at(&old, 6)), ..Trust::default() };
    assert_eq!(refusal(&new, &anchored, None), "anchor-fork");
}
