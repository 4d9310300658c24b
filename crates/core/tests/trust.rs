//! What a reader brings from outside: identity, keys, anchor and policy, and what no forger can do about it.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod common;

use xinyi_core::{Anchor, Anchored, Hash, Kind, Note, Policy, Sign as _, Trust, Unique, VerifierKey};
use xinyi_testkit::{Community, Seal, TestKey};

use common::{anchor_at, elsewhere, hand_over, identity, income, judge, judge_from, refusal, size, story};

fn vkey(community: &Community, name: &str, key: &TestKey) -> VerifierKey {
    let origin = &community.replay.founding().unwrap().origin;
    VerifierKey::new(&format!("{origin}{name}"), key.public_key()).unwrap()
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
    let mut honest = story();
    hand_over(&mut honest);
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
    let by_anchor = Trust { anchor: Some(anchor), ..Trust::default() };
    assert_eq!(refusal(&elsewhere(), &by_anchor, None), "anchor-other");
    let both = Trust { identity: Some(identity(&elsewhere())), ..by_anchor };
    assert_eq!(
        refusal(&elsewhere(), &both, None),
        "anchor-other",
        "one that agrees does not make up for another"
    );
    assert_eq!(refusal(&community, &both, None), "identity-other");
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
    assert!(matches!(met.unique, Some(Unique::Cosigner(signer, _)) if signer.key.name() == "w1"));
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

/// Statements of months far from the anchor show none of its roots, so a history written with retired keys must be
/// known by its register.
#[test]
fn a_forged_month_that_links_to_nothing_is_refused_by_the_keys_it_leaves_in_office() {
    let mut honest = story();
    hand_over(&mut honest);
    let by_anchor = Trust { anchor: Some(anchor_at(&honest, 6)), ..Trust::default() };
    let mut forged = story();
    forged.record("2026-04-06", Kind::Income, Seal::Trustee, income("0.01"));
    forged.close_month("2026-04", "2026-05-02");
    let refused = judge_from(&forged, &by_anchor, None, size(7)).unwrap_err();
    assert_eq!(refused.code(), "anchor-fork");
    honest.record("2026-04-06", Kind::Income, Seal::Trustee, income("6.00"));
    let grounds = judge_from(&honest, &by_anchor, None, size(7)).unwrap();
    assert!(grounds.is_unlinked());
    assert_eq!((grounds.word(), grounds.unique), ("unlinked", None));
    // Of a file that ends before the anchor nothing is known of the keys at its size.
    let early = Trust { anchor: Some(anchor_at(&honest, 7)), ..Trust::default() };
    assert!(judge_from(&story(), &early, None, size(5)).unwrap().is_unlinked());
}

#[test]
fn a_cosigner_who_saw_no_tree_with_the_last_change_of_keys_does_not_make_it_the_only_one() {
    let mut community = story();
    let cosigned = |community: &Community| {
        let note: Note = community.checkpoint(community.replay.size()).parse().unwrap();
        let line = note.cosignature("w1", &TestKey::named("w1"), 9).unwrap();
        note.with_lines(&line).unwrap().to_string()
    };
    let before = cosigned(&community);
    let w1 = VerifierKey::cosigner("w1", TestKey::named("w1").public_key()).unwrap();
    let keys =
        vec![w1, vkey(&community, "", &Community::trustee()), vkey(&community, "", &Community::committee())];
    let trust = Trust { keys, ..Trust::default() };
    assert!(judge(&community, &trust, Some(&before)).unwrap().unique.is_some());
    hand_over(&mut community);
    assert_eq!(judge(&community, &trust, Some(&before)).unwrap().unique, None);
    let after = cosigned(&community);
    assert!(judge(&community, &trust, Some(&after)).unwrap().unique.is_some());
}
