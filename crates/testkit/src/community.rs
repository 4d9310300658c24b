//! A made-up compound: genesis, entries, closes, signed by deterministic keys and pushed through a replay.

use std::collections::HashMap;

use serde_json::{Value, json};
use xinyi_core::{
    Approval, Close, Content, Data, Deed, Entry, Hash, Kind, Period, Places, Replay, ReplayError, Sign, Size,
    StateDocument, Timestamp, Verified,
};

use crate::key::TestKey;

/// Whose signature goes under a content besides the recorder's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// The trustee alone: the recorder's signature counts.
    Trustee,
    /// The trustee and the committee.
    Both,
}

/// A ledger in the making. The recorder's key `trustee` may approve, record and sign checkpoints.
#[derive(Debug)]
pub struct Community {
    /// The lines so far, without line feeds.
    pub lines: Vec<Vec<u8>>,
    /// The facts so far.
    pub entries: Vec<Verified<Entry>>,
    /// The state after them.
    pub replay: Replay,
    /// State documents that closes name, by digest.
    pub documents: HashMap<Hash, StateDocument>,
    /// What the recorder's clock says next.
    pub now: Timestamp,
    next_reference: u32,
}

impl Community {
    /// Key `trustee`: holder `manager`, party `trustee`; approves, records, signs checkpoints.
    #[must_use]
    pub fn trustee() -> TestKey {
        TestKey::named("trustee")
    }

    /// Key `committee`: holder `chair`, party `committee`; approves and cosigns.
    #[must_use]
    pub fn committee() -> TestKey {
        TestKey::named("committee")
    }

    /// Key `supervisor`: holder `supervisor`, party `supervisor`; approves.
    #[must_use]
    pub fn supervisor() -> TestKey {
        TestKey::named("supervisor")
    }

    /// A property trust in CNY from `first` (a month) on, under [`Community::deed_json`].
    #[must_use]
    pub fn property_trust(first: &str) -> Self {
        Self::with_genesis(Self::genesis_json(first))
    }

    /// The genesis of [`Community::property_trust`], to be changed before use.
    #[must_use]
    pub fn genesis_json(first: &str) -> Value {
        let grants = [
            (Self::trustee(), "manager", "trustee", json!(["approve", "log", "record"])),
            (Self::committee(), "chair", "committee", json!(["approve", "cosign"])),
            (Self::supervisor(), "supervisor", "supervisor", json!(["approve"])),
        ];
        let mut keys: Vec<Value> =
            grants.iter().map(|(key, holder, party, uses)| grant(key, holder, party, uses)).collect();
        keys.sort_by_key(id_of);
        json!({
            "accounts": [
                {"account": "bank", "class": "joint", "name": "Bank, made up", "open": true},
                {"account": "cash", "class": "cash", "name": "Cash box", "open": true},
                {"account": "wechat", "class": "wallet", "name": "WeChat merchant, made up", "open": true},
            ],
            "deed": Self::deed_json(first),
            "first": first,
            "format": 1,
            "funds": [{"fund": "shared", "name": "共有资金"}],
            "keys": keys,
            "name": "测试小区 (made up)",
            "nonce": "11".repeat(32),
            "offset": "+08:00",
            "origin": "example.org/made-up-compound",
            "parties": [
                {"name": "业委会", "party": "committee", "role": "agent", "threshold": 1},
                {"name": "街道办", "party": "supervisor", "role": "supervisor", "threshold": 1},
                {"name": "物业公司", "party": "trustee", "role": "trustee", "threshold": 1},
            ],
            "recorder": "trustee",
            "recovery": {"needed": 2, "parties": ["committee", "supervisor", "trustee"]},
            "sample": true,
            "unit": {"code": "cny", "scale": 2},
        })
    }

    /// Seats a further committee member in a genesis: key, holder and signature have the same name.
    pub fn seat(genesis: &mut Value, name: &str) {
        let keys = genesis["keys"].as_array_mut().expect("keys");
        keys.push(grant(&TestKey::named(name), name, "committee", &json!(["approve"])));
        keys.sort_by_key(id_of);
    }

    /// A deed: 15 % of property fees and net parking, taken from the 5th with an invoice; the trustee alone up
    /// to 9,999.99.
    #[must_use]
    pub fn deed_json(first: &str) -> Value {
        let alone = [
            "account",
            "advance",
            "answer",
            "bank-confirmation",
            "billing",
            "evidence",
            "expense",
            "fee",
            "held-in",
            "held-out",
            "income",
            "payee",
            "publication",
            "refund",
            "repayment",
            "step",
            "transfer",
        ];
        let mut approvals: Vec<Value> = alone
            .iter()
            .map(|kind| json!({"kind": kind, "needs": [{"holders": 1, "party": "trustee"}]}))
            .collect();
        let both = json!([{"holders": 1, "party": "committee"}, {"holders": 1, "party": "trustee"}]);
        for kind in ["expense", "refund"] {
            approvals.push(json!({"from": "10000.00", "kind": kind, "needs": both}));
        }
        json!({
            "approvals": approvals,
            "budget_required": false,
            "deadlines": {"close_days": 10, "late_days": 30, "late_hours": 48},
            "deficit": "owners",
            "fees": [{
                "base": [
                    {"category": "property-fee", "measure": "gross"},
                    {"category": "parking", "measure": "net"},
                ],
                "basis": "cash",
                "clause": "第12条",
                "day": 5,
                "invoice": true,
                "net_floor": "total",
                "rates": [{"from": format!("{first}-01"), "rate": "15/100"}],
                "rounding": "cumulative",
                "taker": "trustee",
            }],
            "first": format!("{first}-01"),
            "name": "信托合同（样例）",
            "off": [],
            "parameters": [],
            "reimbursable": [],
            "related": [],
            "severities": [],
        })
    }

    /// A ledger that begins with this genesis, recorded at noon of the first day, Beijing time.
    #[must_use]
    pub fn with_genesis(genesis: Value) -> Self {
        let noon = format!("{}-01T04:00:00Z", genesis["first"].as_str().expect("a first period"));
        let noon = noon.parse().expect("a time");
        let approvers = approvers_of(&genesis);
        let approvers: Vec<&str> = approvers.iter().map(String::as_str).collect();
        Self::with_genesis_by(genesis, &approvers, "trustee", noon)
    }

    /// As [`Community::with_genesis`], approved and recorded by other keys at another time of that day.
    #[must_use]
    pub fn with_genesis_by(genesis: Value, approvers: &[&str], recorder: &str, now: Timestamp) -> Self {
        let first = genesis["first"].as_str().expect("a first period").to_owned();
        let data = Data::from_json(Kind::Genesis, &genesis.to_string()).expect("a genesis");
        let content =
            Content::new(None, format!("{first}-01").parse().unwrap(), "genesis".parse().unwrap(), data);
        let mut community = Self::empty(now);
        let content = content.unwrap();
        let approvals = approvers.iter().map(|name| Approval::sign(&content, &TestKey::named(name)));
        let mut approvals: Vec<Approval> = approvals.collect();
        approvals.sort_by_key(|approval| approval.key);
        community.put_by(content, approvals, &TestKey::named(recorder)).expect("a good genesis");
        community
    }

    fn empty(now: Timestamp) -> Self {
        Self {
            lines: Vec::new(),
            entries: Vec::new(),
            replay: Replay::new(),
            documents: HashMap::new(),
            now,
            next_reference: 0,
        }
    }

    /// A community that has only these lines, which must be good.
    #[must_use]
    pub fn replayed(lines: &[Vec<u8>]) -> Self {
        let mut community = Self::empty(Timestamp::from_unix(0).expect("a time"));
        for line in lines {
            community.push(line.clone()).expect("a good line");
        }
        community
    }

    /// The same ledger once more, to go on in another way.
    #[must_use]
    pub fn fork(&self) -> Self {
        let snapshot = self.replay.snapshot(&Places::default()).expect("a genesis");
        let base = usize::try_from(snapshot.base().get()).expect("a size that fits");
        let replay = snapshot.resume(self.lines.iter().skip(base).map(Vec::as_slice));
        Self {
            lines: self.lines.clone(),
            entries: self.entries.clone(),
            replay: replay.expect("its own lines"),
            documents: self.documents.clone(),
            now: self.now,
            next_reference: self.next_reference,
        }
    }

    /// Sets the recorder's clock.
    pub fn clock(&mut self, time: &str) {
        self.now = time.parse().expect("a time");
    }

    /// A content of this ledger with the next free reference.
    pub fn content(&mut self, date: &str, kind: Kind, data: Value) -> Content {
        self.next_reference += 1;
        let reference = format!("r{}", self.next_reference);
        self.named(date, &reference, kind, data)
    }

    /// A content of this ledger with a given reference.
    #[must_use]
    pub fn named(&self, date: &str, reference: &str, kind: Kind, data: Value) -> Content {
        let data = Data::from_json(kind, &data.to_string()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let identity = self.replay.founding().map(|founding| founding.identity);
        Content::new(identity, date.parse().unwrap(), reference.parse().unwrap(), data).unwrap()
    }

    /// Records a content; the clock moves to noon (Beijing) of its date if it stands earlier.
    pub fn record(&mut self, date: &str, kind: Kind, seal: Seal, data: Value) -> Verified<Entry> {
        self.try_record(date, kind, seal, data).unwrap_or_else(|error| panic!("{kind} of {date}: {error}"))
    }

    /// As [`Community::record`], giving the refusal.
    ///
    /// # Errors
    /// What the replay says.
    pub fn try_record(
        &mut self,
        date: &str,
        kind: Kind,
        seal: Seal,
        data: Value,
    ) -> Result<Verified<Entry>, ReplayError> {
        let content = self.content(date, kind, data);
        let noon = format!("{date}T04:00:00Z").parse().unwrap();
        self.now = self.now.max(noon);
        let approvals = match seal {
            Seal::Trustee => Vec::new(),
            Seal::Both => vec![Approval::sign(&content, &Self::committee())],
        };
        self.put(content, approvals)
    }

    /// Records a content with these approvals, by the trustee's key, at the clock's time.
    ///
    /// # Errors
    /// What the replay says; the ledger is then unchanged.
    pub fn put(
        &mut self,
        content: Content,
        approvals: Vec<Approval>,
    ) -> Result<Verified<Entry>, ReplayError> {
        self.put_by(content, approvals, &Self::trustee())
    }

    /// As [`Community::put`], recorded by this key.
    ///
    /// # Errors
    /// What the replay says; the ledger is then unchanged.
    pub fn put_by(
        &mut self,
        content: Content,
        approvals: Vec<Approval>,
        recorder: &TestKey,
    ) -> Result<Verified<Entry>, ReplayError> {
        let line = self.replay.prepare(content, approvals).record(self.now, recorder)?;
        self.push(line)
    }

    /// Takes a line made elsewhere.
    ///
    /// # Errors
    /// What the replay says.
    pub fn push(&mut self, line: Vec<u8>) -> Result<Verified<Entry>, ReplayError> {
        let entry = self.replay.push(&line)?;
        self.lines.push(line);
        self.entries.push(entry.clone());
        Ok(entry)
    }

    /// Gives away the lines made since the last time and forgets their facts: for ledgers too long to keep. Excerpts
    /// can then be made no longer.
    pub fn give_away(&mut self) -> Vec<Vec<u8>> {
        self.entries.clear();
        std::mem::take(&mut self.lines)
    }

    /// The close of `period` at the present size, with a given state digest.
    #[must_use]
    pub fn close_data(&self, period: &str, state: Hash) -> Close {
        let period: Period = period.parse().unwrap();
        self.close_at(period, self.replay.size(), state)
    }

    /// The close of `period` at an earlier size.
    #[must_use]
    pub fn close_at(&self, period: Period, size: Size, state: Hash) -> Close {
        let months = self.replay.months().expect("a genesis");
        Close {
            deeds: months.deeds_at(size),
            last: None,
            next: months.next_at(period, size),
            period,
            previous: months.closed().map(|closed| closed.state),
            register: months.register_at(size).expect("a register"),
            root: self.replay.root_at(size).expect("a size within the window"),
            size,
            state,
        }
    }

    /// Closes `period` on `date` with both approvals and a given state digest.
    pub fn close(&mut self, period: &str, date: &str, state: Hash) -> Verified<Entry> {
        let close = serde_json::to_value(self.close_data(period, state)).unwrap();
        self.record(date, Kind::Close, Seal::Both, close)
    }

    /// The ledger file.
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| line.iter().copied().chain([b'\n'])).collect()
    }

    /// The deed of the genesis.
    #[must_use]
    pub fn deed(first: &str) -> Deed {
        serde_json::from_value(Self::deed_json(first)).expect("a deed")
    }
}

fn id_of(key: &Value) -> xinyi_core::KeyId {
    key["key"].as_str().unwrap().parse::<xinyi_core::PublicKey>().unwrap().id()
}

/// Whose keys a genesis has besides the recorder's: the committee's, and those that bear their holder's name.
fn approvers_of(genesis: &Value) -> Vec<String> {
    let grants = genesis["keys"].as_array().expect("keys");
    let holders = grants.iter().filter_map(|grant| grant["holder"].as_str());
    let has_key = |name: &&str| {
        let key = json!(TestKey::named(name).public_key());
        grants.iter().any(|grant| grant["key"] == key)
    };
    holders.chain(["committee"]).filter(has_key).map(str::to_owned).collect()
}

fn grant(key: &TestKey, holder: &str, party: &str, uses: &Value) -> Value {
    json!({
        "holder": holder,
        "key": key.public_key().to_string(),
        "party": party,
        "term": {"from": "2000-01-01"},
        "uses": uses,
    })
}
