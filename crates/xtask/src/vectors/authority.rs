//! Vectors for whole ledgers: parties, keys, recovery and deeds (spec: authority.md).

use serde_json::{Value, json};
use xinyi_core::{Approval, Kind, Sign as _, Size};
use xinyi_testkit::{Community, TestKey};

use super::{Case, case, honest, income, limits, with_line};

pub(super) fn grant(key: &TestKey, party: &str, holder: &str) -> Value {
    json!({"holder": holder, "key": key.public_key().to_string(), "party": party, "term": {"from": "2000-01-01"}, "uses": ["approve"]})
}

pub(super) fn keys(community: &Community, add: Vec<Value>, retire: &[&TestKey]) -> Value {
    let register = community.replay.register().expect("a register").digest().to_string();
    let retire: Vec<_> = retire.iter().map(|key| key.public_key().id().to_string()).collect();
    json!({"add": add, "party": "committee", "register": register, "retire": retire, "revoke": []})
}

pub(super) fn rotated() -> Community {
    let mut community = honest();
    let (old, new) = (Community::committee(), TestKey::named("committee 2"));
    let data = keys(&community, vec![grant(&new, "committee", "next-chair")], &[&old]);
    let content = community.content("2026-04-03", Kind::Keys, data);
    let approvals = [&old, &new].map(|key| Approval::sign(&content, key)).to_vec();
    community.put(content, approvals).expect("a change of keys");
    community
}

/// The recovery of the committee's lost key at a size of the ledger.
fn recovery(community: &Community, new: &TestKey, size: u64) -> Value {
    let mut data = keys(community, vec![grant(new, "committee", "next-chair")], &[&Community::committee()]);
    let size = Size::new(size).expect("a size");
    let fields = data.as_object_mut().expect("an object");
    fields.remove("revoke");
    fields.insert("reason".into(), json!("lost"));
    fields.insert("root".into(), json!(community.replay.root_at(size)));
    fields.insert("size".into(), json!(size));
    data
}

/// The committee's lost key is replaced by trustee and `helper`.
pub(super) fn recovered(helper: TestKey) -> Result<Community, xinyi_core::ReplayError> {
    let mut community = honest();
    let new = TestKey::named("committee 3");
    let data = recovery(&community, &new, 6);
    let content = community.content("2026-04-03", Kind::Recovery, data);
    let approvals = [&helper, &new].map(|key| Approval::sign(&content, key)).to_vec();
    community.put(content, approvals)?;
    Ok(community)
}

pub(super) fn faults() -> Vec<Case> {
    let trustee = Community::trustee();
    let (old, new) = (Community::committee(), TestKey::named("committee 2"));
    let mut cases = Vec::new();
    let mut add = |id, clause, data: &dyn Fn(&Community) -> Value, signers: &[&TestKey], code| {
        let mut community = honest();
        let data = data(&community);
        let content = community.content("2026-04-03", Kind::Keys, data);
        let approvals = signers.iter().map(|key| Approval::sign(&content, *key)).collect();
        cases.push(case(id, clause, with_line(&community, content, approvals, &trustee), 6, code));
    };
    let next = |community: &Community| keys(community, vec![grant(&new, "committee", "next-chair")], &[&old]);
    add("keys-without-the-other-party", "A-5", &next, &[&new], "approvals-missing");
    add("keys-not-proven", "A-3", &next, &[&old], "key-unproven");
    let again = |community: &Community| keys(community, vec![grant(&old, "committee", "chair")], &[]);
    add("key-comes-back", "K-4", &again, &[&old], "key-reused");
    let stale = |community: &Community| {
        let mut data = next(community);
        data["register"] = json!("00".repeat(32));
        data
    };
    add("keys-of-an-older-register", "A-6", &stale, &[&old, &new], "register-stale");
    let both_voices =
        |community: &Community| keys(community, vec![grant(&new, "committee", "manager")], &[&old]);
    add("one-person-both-voices", "A-3", &both_voices, &[&old, &new], "holder-of-two-parties");
    let stranger = |community: &Community| {
        let mut data = keys(community, vec![], &[]);
        data["party"] = json!("nobody");
        data
    };
    add("keys-of-a-party-that-is-none", "A-5", &stranger, &[], "approvals-missing");
    let nobody = |community: &Community| keys(community, vec![], &[&old]);
    add("nobody-left", "A-2", &nobody, &[&old], "threshold-out-of-reach");
    let twice = |community: &Community| {
        let mut data = next(community);
        data["retire"] = json!([data["retire"][0], data["retire"][0]]);
        data
    };
    add("retired-twice-in-one-line", "E-8", &twice, &[&old, &new], "list-not-sorted");
    let stranger = TestKey::named("stranger");
    let never = |community: &Community| keys(community, vec![], &[&stranger]);
    add("retires-a-key-that-never-was", "A-5", &never, &[&old], "key-not-active");
    let theirs = |community: &Community| keys(community, vec![], &[&trustee]);
    add("retires-another-party-s-key", "A-5", &theirs, &[&old], "key-of-other-party");
    let left = rotated();
    let content = left.named("2026-04-03", "after", Kind::Income, income("9.00"));
    let approval = Approval::sign(&content, &old);
    cases.push(case(
        "approved-by-a-key-that-left",
        "S-5",
        with_line(&left, content, vec![approval], &trustee),
        7,
        "approval-key",
    ));
    cases.push(recovery_alone());
    cases.push(recovery_of_another_tip());
    cases.extend(deed_faults());
    cases.extend(genesis_faults());
    cases.extend(limits::faults());
    cases
}

/// The trustee alone may not replace the committee's keys.
fn recovery_alone() -> Case {
    let mut community = honest();
    let new = TestKey::named("committee 3");
    let data = recovery(&community, &new, 6);
    let content = community.content("2026-04-03", Kind::Recovery, data);
    let approvals = vec![Approval::sign(&content, &new)];
    case(
        "recovered-by-trustee-alone",
        "A-7",
        with_line(&community, content, approvals, &Community::trustee()),
        6,
        "approvals-missing",
    )
}

/// A recovery that two parties approved for an older tip of the ledger.
fn recovery_of_another_tip() -> Case {
    let mut community = honest();
    let new = TestKey::named("committee 3");
    let data = recovery(&community, &new, 5);
    let content = community.content("2026-04-03", Kind::Recovery, data);
    let approvals = [&Community::supervisor(), &new].map(|key| Approval::sign(&content, key)).to_vec();
    let file = with_line(&community, content, approvals, &Community::trustee());
    case("recovery-of-an-older-tip", "A-7", file, 6, "recovery-tip")
}

fn deed_faults() -> Vec<Case> {
    let deed = |id, first: &str, previous: Value, code| {
        let mut community = honest();
        let mut deed = Community::deed_json("2026-05");
        deed["first"] = json!(first);
        let data = json!({"deed": deed, "previous": previous});
        let content = community.content("2026-04-03", Kind::Deed, data);
        let approval = Approval::sign(&content, &Community::committee());
        case(id, "A-8", with_line(&community, content, vec![approval], &Community::trustee()), 6, code)
    };
    let last = honest().replay.months().expect("a genesis").deeds()[0].digest;
    vec![
        deed("deed-that-changes-another", "2026-05-01", json!("00".repeat(32)), "deed-stale"),
        deed("deed-from-mid-month", "2026-05-02", json!(last), "deed-start"),
        deed("deed-from-a-closed-month", "2026-03-01", json!(last), "deed-start"),
    ]
}

fn genesis_faults() -> Vec<Case> {
    let founded = |change: &dyn Fn(&mut Value), signers: &[TestKey]| {
        let mut genesis = Community::genesis_json("2026-03");
        change(&mut genesis);
        let data = xinyi_core::Data::from_json(Kind::Genesis, &genesis.to_string()).expect("a genesis");
        let date = "2026-03-01".parse().expect("a date");
        let content = xinyi_core::Content::new(None, date, "genesis".parse().expect("a reference"), data)
            .expect("a content");
        let approvals = signers.iter().map(|key| Approval::sign(&content, key)).collect();
        let replay = xinyi_core::Replay::new();
        let now = "2026-03-01T04:00:00Z".parse().expect("a time");
        let line = replay.prepare(content, approvals).record(now, &Community::trustee()).expect("a line");
        [line, b"\n".to_vec()].concat()
    };
    let all = [Community::committee(), Community::supervisor()];
    vec![
        case(
            "genesis-of-a-newer-format",
            "F-2",
            founded(&|g| g["format"] = json!(2), &all),
            0,
            "unsupported",
        ),
        case("genesis-without-the-committee", "A-3", founded(&|_| {}, &all[1..]), 0, "key-unproven"),
        case(
            "genesis-with-a-party-too-many",
            "A-10",
            founded(&|g| g["parties"] = limits::crowd(65), &all),
            0,
            "parties-too-many",
        ),
        case(
            "genesis-with-quorum-of-one",
            "A-7",
            founded(&|g| g["recovery"]["needed"] = json!(1), &all),
            0,
            "quorum-too-small",
        ),
        case(
            "genesis-with-two-trustees",
            "A-1",
            founded(&|g| g["parties"][1]["role"] = json!("trustee"), &all),
            0,
            "role-not-one",
        ),
        case(
            "genesis-with-a-label-twice",
            "A-2",
            founded(&|g| g["accounts"][1]["account"] = json!("bank"), &all),
            0,
            "label-twice",
        ),
        case(
            "genesis-with-a-blank-in-its-origin",
            "A-2",
            founded(&|g| g["origin"] = json!("a b"), &all),
            0,
            "origin-invalid",
        ),
        case(
            "genesis-with-threshold-out-of-reach",
            "A-2",
            founded(&|g| g["parties"][0]["threshold"] = json!(2), &all),
            0,
            "threshold-out-of-reach",
        ),
        case(
            "genesis-with-a-party-as-its-own-counter",
            "A-5",
            founded(&|g| g["parties"][0]["counter"] = json!("committee"), &all),
            0,
            "counter-own",
        ),
        case(
            "genesis-with-an-unknown-counter",
            "A-1",
            founded(&|g| g["parties"][0]["counter"] = json!("nobody"), &all),
            0,
            "party-unknown",
        ),
        case(
            "genesis-with-nine-digits-after-the-point",
            "V-6",
            founded(&|g| g["unit"]["scale"] = json!(9), &all),
            0,
            "unit-invalid",
        ),
        case(
            "genesis-recorded-by-a-party-without-a-log-key",
            "A-2",
            founded(&|g| g["keys"] = without_use(&g["keys"], "log"), &all),
            0,
            "recorder-without-key",
        ),
        case(
            "genesis-with-its-keys-unsorted",
            "E-8",
            founded(&|g| g["keys"].as_array_mut().expect("a list").swap(0, 1), &all),
            0,
            "list-not-sorted",
        ),
        case(
            "genesis-with-a-deed-in-mid-month",
            "A-8",
            founded(&|g| g["deed"]["first"] = json!("2026-03-02"), &all),
            0,
            "deed-start",
        ),
    ]
}

/// These grants without one use.
fn without_use(grants: &Value, purpose: &str) -> Value {
    let mut grants = grants.clone();
    for grant in grants.as_array_mut().expect("a list") {
        grant["uses"].as_array_mut().expect("a list").retain(|given| given != purpose);
    }
    grants
}
