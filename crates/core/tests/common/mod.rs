//! A story that several tests tell, and how its readers judge it.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "each test binary takes what it needs, and a test that cannot go on has failed"
)]

pub(crate) mod changing;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use xinyi_core::{
    Anchor, Anchored, Approval, Claimed, Disclosure, Grounds, Hash, Index, Kind, Lines, OpenCheckpoint,
    Shown, Sign as _, Size, Sizes as _, Trust, TrustError,
};
use xinyi_testkit::{Community, Seal, TestKey};

pub(crate) fn size(number: u64) -> Size {
    Size::new(number).unwrap()
}

pub(crate) fn income(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"})
}

pub(crate) fn payer() -> Disclosure {
    Disclosure::new([7; 16], "payer", "3-2-501".parse().unwrap())
}

/// Genesis; an income whose payer is sealed (1), another (2), the close of March (3), one of April (4).
pub(crate) fn story() -> Community {
    let mut community = Community::property_trust("2026-03");
    let mut data = income("3.00");
    data["payer"] = json!(payer().commitment().to_string());
    community.record("2026-03-02", Kind::Income, Seal::Trustee, data);
    community.record("2026-03-20", Kind::Income, Seal::Trustee, income("4.00"));
    community.close_month("2026-03", "2026-04-02");
    community.record("2026-04-03", Kind::Income, Seal::Trustee, income("5.00"));
    community
}

pub(crate) fn identity(community: &Community) -> Hash {
    community.replay.founding().unwrap().identity
}

/// What a reader with this trust says of a whole ledger, with a signed checkpoint of it.
pub(crate) fn judge(community: &Community, trust: &Trust, note: Option<&str>) -> Result<Grounds, TrustError> {
    judge_from(community, trust, note, size(0))
}

/// As [`judge`], of a file that shows roots from this size on.
pub(crate) fn judge_from(
    community: &Community,
    trust: &Trust,
    note: Option<&str>,
    from: Size,
) -> Result<Grounds, TrustError> {
    let register = community.replay.register().unwrap();
    let founding = community.replay.founding().unwrap();
    let last = community.entries.iter().rev().find(|entry| entry.content().kind() == Kind::Close);
    let keys = community.replay.note_keys().unwrap();
    let open = |note| -> OpenCheckpoint { keys.open(note, &trust.witnesses()).unwrap().into_inner() };
    let checkpoint = note.map(open);
    let claimed = Claimed { approvers: last.map(|entry| entry.approvers()), founding, register };
    let (size, whole) = (community.replay.size(), from == Size::default());
    let shown = Shown { checkpoint: checkpoint.as_ref(), claimed, from, size, whole };
    trust.judge(&shown, community)
}

/// The code of a refusal.
pub(crate) fn refusal(community: &Community, trust: &Trust, note: Option<&str>) -> &'static str {
    judge(community, trust, note).map_or_else(|error| error.code(), |_| "accepted")
}

/// An anchor that accepted the root of this size.
pub(crate) fn anchor_at(community: &Community, at: u64) -> Anchor {
    let founding = community.replay.founding().unwrap();
    let (root, register) = (community.root(size(at)).unwrap(), community.register(size(at)).unwrap());
    let mut anchor = Anchor::new(founding.identity, founding.origin.parse().unwrap(), register);
    anchor.accept(Anchored { root, size: size(at) }, register).unwrap();
    anchor
}

/// The committee hands over to a new chair.
pub(crate) fn hand_over(community: &mut Community) {
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
}

/// Another ledger of the same parties.
pub(crate) fn elsewhere() -> Community {
    let mut genesis = Community::genesis_json("2026-03");
    genesis["nonce"] = json!("33".repeat(32));
    Community::with_genesis(genesis)
}

/// Lines that may change behind a reader's back.
#[derive(Clone, Default)]
pub(crate) struct Shifting(Arc<Mutex<Vec<Vec<u8>>>>);

impl Shifting {
    pub(crate) fn of(lines: &[Vec<u8>]) -> Self {
        Self(Arc::new(Mutex::new(lines.to_vec())))
    }

    pub(crate) fn set(&self, index: usize, line: Vec<u8>) {
        self.0.lock().unwrap()[index] = line;
    }
}

impl Lines for Shifting {
    fn line(&self, index: Index) -> Option<String> {
        let line = self.0.lock().unwrap().get(usize::try_from(index.get()).ok()?)?.clone();
        String::from_utf8(line).ok()
    }
}
