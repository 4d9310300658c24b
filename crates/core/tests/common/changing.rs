//! Ledgers made at random in which keys come, go and are recovered, and the recorder changes.

use proptest::prelude::*;
use serde_json::{Value, json};
use xinyi_core::{Approval, Content, Hash, Kind, Sign as _};
use xinyi_testkit::{Community, TestKey};

/// One line of a random ledger.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// The committee gets a further key, or the trustee one that takes over as recorder.
    Admit { trustee: bool },
    /// A month is closed.
    Close,
    /// An income, with the committee's approval or without.
    Income { both: bool },
    /// The trustee's keys are lost: the others replace them, and the new key records.
    Recover,
    /// The recorder becomes another party.
    RecorderMoves,
    /// The party's oldest key ends, in good order or in doubt, once it has a second.
    End { doubt: bool, trustee: bool },
    /// An earlier income is undone.
    Reverse { which: usize },
}

pub(crate) fn acts(most: usize) -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => any::<bool>().prop_map(|both| Act::Income { both }),
        2 => any::<bool>().prop_map(|trustee| Act::Admit { trustee }),
        2 => any::<(bool, bool)>().prop_map(|(doubt, trustee)| Act::End { doubt, trustee }),
        1 => Just(Act::Close),
        1 => Just(Act::Recover),
        1 => Just(Act::RecorderMoves),
        2 => any::<usize>().prop_map(|which| Act::Reverse { which }),
    ];
    proptest::collection::vec(act, 1..most)
}

/// A ledger on its way, with the names of the keys that are active.
struct Changing {
    committee: Vec<String>,
    community: Community,
    /// Whose keys record: the trustee's or the committee's.
    by_committee: bool,
    named: u32,
    trustee: Vec<String>,
}

/// The ledger that these acts lead to; an act that cannot be is left out.
pub(crate) fn changing(acts: &[Act]) -> Community {
    let mut ledger = Changing {
        committee: vec!["committee".to_owned()],
        community: Community::property_trust("2026-01"),
        by_committee: false,
        named: 0,
        trustee: vec!["trustee".to_owned()],
    };
    ledger.community.clock("2030-12-31T04:00:00Z");
    acts.iter().for_each(|act| ledger.act(act));
    ledger.community
}

impl Changing {
    fn act(&mut self, act: &Act) {
        match act {
            Act::Admit { trustee } => self.admit(*trustee),
            Act::Close => self.close(),
            Act::End { doubt, trustee } => self.end(*doubt, *trustee),
            Act::Income { both } => self.income(*both),
            Act::Recover => self.recover(),
            Act::RecorderMoves => self.move_recorder(),
            Act::Reverse { which } => self.reverse(*which),
        }
    }

    fn due(&self) -> String {
        self.community.replay.months().unwrap().due().first_day().to_string()
    }

    fn recorder(&self) -> TestKey {
        let keys = if self.by_committee { &self.committee } else { &self.trustee };
        TestKey::named(keys.last().unwrap())
    }

    fn register(&self) -> Hash {
        self.community.replay.register().unwrap().digest()
    }

    fn new_key(&mut self, party: &str) -> (TestKey, Value) {
        self.named += 1;
        let name = format!("{party}-{}", self.named);
        let key = TestKey::named(&name);
        let grant = json!({"holder": name, "key": key.public_key(), "party": party, "term": {"from": "2000-01-01"}, "uses": ["approve", "log", "record"]});
        let keys = if party == "committee" { &mut self.committee } else { &mut self.trustee };
        keys.push(name);
        (key, grant)
    }

    /// Records a content signed by the latest keys of both parties and these besides.
    fn put(&mut self, kind: Kind, data: Value, signers: &[TestKey], recorder: &TestKey) {
        let date = self.due();
        let content = self.community.content(&date, kind, data);
        let approvals = approvals(&content, signers, recorder);
        self.community.put_by(content, approvals, recorder).unwrap();
    }

    fn both(&self) -> Vec<TestKey> {
        [&self.committee, &self.trustee].map(|keys| TestKey::named(keys.last().unwrap())).to_vec()
    }

    fn income(&mut self, both: bool) {
        let data = json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
        let signers = if both { self.both() } else { Vec::new() };
        let recorder = self.recorder();
        self.put(Kind::Income, data, &signers, &recorder);
    }

    fn reverse(&mut self, which: usize) {
        let incomes = self.community.entries.iter().filter(|entry| entry.content().kind() == Kind::Income);
        let incomes: Vec<_> = incomes.map(|entry| entry.link()).collect();
        if let Some(target) = incomes.get(which % incomes.len().max(1)) {
            let (both, recorder) = (self.both(), self.recorder());
            self.put(Kind::Reversal, json!({"reason": "wrong", "target": target}), &both, &recorder);
        }
    }

    fn admit(&mut self, trustee: bool) {
        let (mut signers, recorder) = (self.both(), self.recorder());
        let party = if trustee { "trustee" } else { "committee" };
        let (key, grant) = self.new_key(party);
        signers.push(key);
        let data =
            json!({"add": [grant], "party": party, "register": self.register(), "retire": [], "revoke": []});
        self.put(Kind::Keys, data, &signers, &recorder);
    }

    fn end(&mut self, doubt: bool, trustee: bool) {
        let (both, recorder) = (self.both(), self.recorder());
        let (party, keys) =
            if trustee { ("trustee", &mut self.trustee) } else { ("committee", &mut self.committee) };
        if keys.len() < 2 {
            return;
        }
        let id = TestKey::named(&keys.remove(0)).public_key().id();
        let retire = if doubt { json!([]) } else { json!([id]) };
        let revoke = if doubt { json!([{"from": 1, "key": id, "reason": "stolen"}]) } else { json!([]) };
        let data = json!({"add": [], "party": party, "register": self.register(), "retire": retire, "revoke": revoke});
        self.put(Kind::Keys, data, &both, &recorder);
    }

    fn recovery(&self, party: &str, add: Value, retire: &[String]) -> Value {
        let size = self.community.replay.size();
        let mut ids: Vec<_> = retire.iter().map(|name| TestKey::named(name).public_key().id()).collect();
        ids.sort();
        json!({
            "add": [add], "party": party, "reason": "lost", "register": self.register(), "retire": ids,
            "root": self.community.replay.root(), "size": size,
        })
    }

    fn recover(&mut self) {
        let lost = std::mem::take(&mut self.trustee);
        let signers = [TestKey::named(self.committee.last().unwrap()), Community::supervisor()];
        let recorder = self.recorder_of_recovery();
        let (key, grant) = self.new_key("trustee");
        let data = self.recovery("trustee", grant, &lost);
        let recorder = recorder.unwrap_or_else(|| key.clone());
        let signers: Vec<_> = signers.into_iter().chain([key]).collect();
        self.put(Kind::Recovery, data, &signers, &recorder);
    }

    /// Who records a recovery of the trustee's keys: whoever records anyway, or the key that is admitted.
    fn recorder_of_recovery(&self) -> Option<TestKey> {
        self.by_committee.then(|| TestKey::named(self.committee.last().unwrap()))
    }

    /// The party that does not record gets a key, by which it records from then on.
    fn move_recorder(&mut self) {
        let party = if self.by_committee { "trustee" } else { "committee" };
        let other = if self.by_committee { &self.committee } else { &self.trustee };
        let other = TestKey::named(other.last().unwrap());
        let (key, grant) = self.new_key(party);
        let mut data = self.recovery(party, grant, &[]);
        data["recorder"] = json!(party);
        self.by_committee = !self.by_committee;
        self.put(Kind::Recovery, data, &[other, Community::supervisor()], &key);
    }

    fn close(&mut self) {
        let period = self.community.replay.months().unwrap().due();
        let state = Hash::digest(period.to_string().as_bytes());
        let data = serde_json::to_value(self.community.close_data(&period.to_string(), state)).unwrap();
        let (both, recorder) = (self.both(), self.recorder());
        let date = period.next().first_day().to_string();
        let content = self.community.content(&date, Kind::Close, data);
        let approvals = approvals(&content, &both, &recorder);
        self.community.put_by(content, approvals, &recorder).unwrap();
    }
}

fn approvals(content: &Content, signers: &[TestKey], recorder: &TestKey) -> Vec<Approval> {
    let others = signers.iter().filter(|key| key.public_key() != recorder.public_key());
    others.map(|key| Approval::sign(content, key)).collect()
}
