//! Tells the small ledgers of the rules' pages: text to a replayed ledger and its report.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    dead_code,
    reason = "a test that cannot go on has failed; not every test uses every helper"
)]

use serde_json::{Value, json};
use std::collections::BTreeMap;

use xinyi_core::{Approval, Content, Data, Hash, Index, Kind, Period, Register, Sign as _, StateDocument};
use xinyi_rules::{Checker, Outside, Report};
use xinyi_testkit::{Community, TestKey};

pub(crate) struct Story {
    pub(crate) community: Community,
    checker: Checker,
    pub(crate) closes: BTreeMap<Period, Index>,
    /// The documents of the closes; empty once a close named a wrong one.
    pub(crate) documents: BTreeMap<Period, StateDocument>,
    outside: Outside,
    raw: bool,
    pub(crate) registers: Vec<Register>,
}

impl Story {
    pub(crate) fn tell(block: &str) -> Self {
        let mut lines = block.lines().peekable();
        let mut genesis = Community::genesis_json("2026-03");
        if let Some(changes) = lines.next_if(|line| line.starts_with("time-bank ")) {
            count_minutes(&mut genesis);
            change_genesis(&mut genesis, &serde_json::from_str(&changes["time-bank ".len()..]).unwrap());
        } else if let Some(changes) = lines.next_if(|line| line.starts_with("genesis ")) {
            change_genesis(&mut genesis, &serde_json::from_str(&changes["genesis ".len()..]).unwrap());
        }
        let community = Community::with_genesis(genesis);
        let mut story = Self {
            community,
            checker: Checker::new(),
            closes: BTreeMap::new(),
            documents: BTreeMap::new(),
            outside: Outside::default(),
            raw: false,
            registers: Vec::new(),
        };
        story.check_last();
        for line in lines.filter(|line| !line.starts_with(['=', '!', '~', '?'])) {
            story.line(line);
        }
        story
    }

    pub(crate) fn report(self) -> Report {
        self.checker().finish()
    }

    pub(crate) fn checker(self) -> Checker {
        self.checker.with_outside(self.outside)
    }

    fn check_last(&mut self) {
        let entry = self.community.entries.last().unwrap();
        let register = self.community.replay.register().unwrap();
        self.checker.take(entry, register);
        self.registers.push(register.clone());
    }

    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        match words.as_slice() {
            ["raw"] => self.raw = true,
            ["clock", time] => self.community.clock(time),
            ["outside", ..] => self.outside = serde_json::from_str(&line["outside ".len()..]).unwrap(),
            ["close", period, rest] => self.close(period, rest),
            ["deed", date, changes] => self.deed(date, changes),
            ["revoke", party, ..] => self.revoke(party, words.get(2).copied().unwrap_or_default()),
            [date, kind, rest] => self.entry(date, kind, rest),
            _ => panic!("not a line of a story: {line}"),
        }
        if !["raw", "clock", "outside"].contains(&words[0]) {
            self.check_last();
        }
    }

    fn entry(&mut self, date: &str, kind: &str, rest: &str) {
        // `both2` is both after the committee's key was replaced.
        if let Some(fields) = rest.strip_prefix("both2 ") {
            let content =
                self.community.content(date, kind.parse().unwrap(), serde_json::from_str(fields).unwrap());
            let approval = Approval::sign(&content, &TestKey::named("committee 2"));
            self.community.now = self.community.now.max(format!("{date}T04:00:00Z").parse().unwrap());
            self.community.put(content, vec![approval]).unwrap();
            return;
        }
        let (approvers, fields) = approvers(rest);
        let kind: Kind = kind.parse().unwrap();
        let mut data = self.defaults(kind);
        for (name, value) in serde_json::from_str::<Value>(fields).unwrap().as_object().unwrap() {
            data[name] = self.linked(value);
        }
        if kind == Kind::Keys {
            self.complete_keys(&mut data);
        }
        data.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        if self.raw {
            self.raw_entry(date, kind, &data);
            return;
        }
        let noon = format!("{date}T04:00:00Z").parse().unwrap();
        self.community.now = self.community.now.max(noon);
        let content = self.community.content(date, kind, data);
        let mut approvals: Vec<_> = approvers.iter().map(|key| Approval::sign(&content, key)).collect();
        approvals.sort_by_key(|approval| approval.key);
        self.community.put(content, approvals).unwrap_or_else(|error| panic!("{kind} of {date}: {error}"));
    }

    /// A writer that does not normalise text, as another program might.
    fn raw_entry(&mut self, date: &str, kind: Kind, data: &Value) {
        let decomposed = data.to_string().replace('é', "e\u{301}");
        let Kind::Income = kind else { panic!("raw text is told of an income") };
        let data = Data::Income(serde_json::from_str(&decomposed).unwrap());
        let identity = self.community.replay.founding().map(|founding| founding.identity);
        let content = Content::new(identity, date.parse().unwrap(), "raw".parse().unwrap(), data).unwrap();
        self.community.clock(&format!("{date}T04:00:00Z"));
        self.community.put(content, vec![]).unwrap();
    }

    fn defaults(&self, kind: Kind) -> Value {
        let names: Vec<&str> = kind.info().fields.iter().map(|field| field.name).collect();
        let mut data = json!({});
        let fund = if kind == Kind::Service && self.counts_minutes() { "time" } else { "shared" };
        for (name, value) in [("account", "bank"), ("fund", fund)] {
            if names.contains(&name) {
                data[name] = json!(value);
            }
        }
        if kind == Kind::Fee {
            data["taker"] = json!("trustee");
            let number = format!("made up {}", self.community.entries.len());
            data["invoice"] = json!({"amount": "1.00", "number": number, "total": "1.00"});
        }
        data
    }

    fn counts_minutes(&self) -> bool {
        self.community.replay.founding().is_some_and(|founding| founding.unit.code.as_str() == "minutes")
    }

    /// Keys of the committee to `add` and to `retire` are told by name; each new one is its holder's first.
    fn complete_keys(&self, data: &mut Value) {
        let keys = |names: &Value| -> Vec<TestKey> {
            names.as_array().unwrap().iter().map(|name| TestKey::named(name.as_str().unwrap())).collect()
        };
        let mut added = json!({"keys": []});
        for name in data["add"].as_array().unwrap() {
            Community::seat(&mut added, name.as_str().unwrap());
        }
        let retired = keys(&data["retire"]).into_iter().map(|key| key.public_key().id().to_string());
        data["retire"] = retired.collect();
        data["add"] = added["keys"].take();
        data["party"] = json!("committee");
        data["register"] = json!(self.community.replay.register().unwrap().digest().to_string());
        data["revoke"] = json!([]);
    }

    fn linked(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if text.starts_with('@') => {
                let entry = &self.community.entries[text[1..].parse::<usize>().unwrap()];
                serde_json::to_value(entry.link()).unwrap()
            }
            Value::String(text) if text.starts_with('#') => {
                let class = text[1..].split(' ').next().unwrap();
                let digest = Hash::digest(text.as_bytes()).to_string();
                json!({"class": class, "digest": digest, "media": "application/pdf", "size": 48_213})
            }
            Value::Array(values) => values.iter().map(|value| self.linked(value)).collect(),
            other => other.clone(),
        }
    }

    /// Closes a month: `wrong` names another document, `by NAME` is approved by another key of the committee.
    fn close(&mut self, period: &str, rest: &str) {
        let (date, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut close = self.community.close_data(period, Hash::digest(b""));
        let books = self.checker.books();
        let document = books.draft_state(close.period, close.size, close.next, close.previous).unwrap();
        let is_wrong = rest == "wrong";
        close.state = if is_wrong { Hash::digest(b"wrong") } else { document.digest() };
        let day = format!("{date}T04:00:00Z").parse().unwrap();
        self.community.now = self.community.now.max(day);
        let content = self.community.content(date, Kind::Close, serde_json::to_value(close).unwrap());
        let key = rest.strip_prefix("by ").map_or_else(Community::committee, TestKey::named);
        let entry = self.community.put(content.clone(), vec![Approval::sign(&content, &key)]).unwrap();
        self.closes.insert(document.period, entry.index());
        self.documents.insert(document.period, document);
        if is_wrong {
            self.documents.clear();
        }
    }

    /// A new deed: the last one with changes laid over it, approved by both.
    fn deed(&mut self, date: &str, changes: &str) {
        let mut deed = serde_json::to_value(self.checker.books().last_deed().unwrap()).unwrap();
        merge(&mut deed, &serde_json::from_str(changes).unwrap());
        let previous = self.community.replay.months().unwrap().deeds().last().unwrap().digest;
        let data = json!({"deed": deed, "previous": previous});
        let content = self.community.content(date, Kind::Deed, data);
        let approval = Approval::sign(&content, &Community::committee());
        self.community.now = self.community.now.max(format!("{date}T04:00:00Z").parse().unwrap());
        self.community.put(content, vec![approval]).unwrap();
    }

    /// Replaces the committee's key: `from N` puts lines in doubt, `to HOLDER` gives the new key to somebody else.
    fn revoke(&mut self, party: &str, rest: &str) {
        assert_eq!(party, "committee");
        let (old, new) = (Community::committee(), TestKey::named("committee 2"));
        let mut revocation = json!({"key": old.public_key().id().to_string(), "reason": "lost"});
        let holder = rest.strip_prefix("to ").unwrap_or("chair");
        if let Some(from) = rest.strip_prefix("from ") {
            revocation["from"] = json!(from.parse::<u64>().unwrap());
        }
        let data = json!({
            "add": [{"holder": holder, "key": new.public_key().to_string(), "party": "committee",
                     "term": {"from": "2000-01-01"}, "uses": ["approve"]}],
            "party": "committee",
            "register": self.community.replay.register().unwrap().digest().to_string(),
            "retire": [],
            "revoke": [revocation],
        });
        let content = self.community.content("2026-03-10", Kind::Keys, data);
        let approvals = [&old, &new].map(|key| Approval::sign(&content, key));
        self.community.put(content, approvals.to_vec()).unwrap();
    }
}

/// Whose approvals stand before the fields besides the recorder's: `both`, or `by committee,supervisor`.
fn approvers(rest: &str) -> (Vec<TestKey>, &str) {
    if let Some(fields) = rest.strip_prefix("both ") {
        return (vec![Community::committee()], fields);
    }
    let Some(rest) = rest.strip_prefix("by ") else { return (Vec::new(), rest) };
    let (names, fields) = rest.split_once(' ').unwrap();
    (names.split(',').map(TestKey::named).collect(), fields)
}

/// Makes the genesis one of a time bank: minutes in fund `time`, accounts `an`, `bo` and `pool`, recorded by the trustee.
fn count_minutes(genesis: &mut Value) {
    let account = |label: &str| json!({"account": label, "class": "member", "name": "made up", "open": true});
    genesis["accounts"] = ["an", "bo", "pool"].map(account).into();
    genesis["funds"] = json!([{"fund": "time", "name": "时间银行"}]);
    genesis["unit"] = json!({"code": "minutes", "scale": 0});
    let kinds = ["account", "income", "service", "transfer"];
    let alone = |kind: &str| json!({"kind": kind, "needs": [{"holders": 1, "party": "trustee"}]});
    genesis["deed"]["approvals"] = kinds.map(alone).into();
    genesis["deed"]["fees"] = json!([]);
}

/// Lays changes over a genesis: objects merge, lists merge by place, keys are named by their party; another name
/// is that of a further committee member.
fn change_genesis(genesis: &mut Value, changes: &Value) {
    for (name, change) in changes.as_object().unwrap() {
        if name == "keys" {
            for (party, change) in change.as_object().unwrap() {
                let names = |key: &Value| [&key["party"], &key["holder"]].contains(&&json!(party));
                if !genesis["keys"].as_array().unwrap().iter().any(names) {
                    Community::seat(genesis, party);
                }
                let keys = genesis["keys"].as_array_mut().unwrap();
                merge(keys.iter_mut().find(|key| names(key)).unwrap(), change);
            }
        } else {
            merge(&mut genesis[name], change);
        }
    }
}

fn merge(to: &mut Value, change: &Value) {
    match (to, change) {
        (Value::Object(to), Value::Object(change)) => {
            for (name, value) in change {
                merge(to.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (Value::Array(to), Value::Array(change)) if change.iter().all(Value::is_object) => {
            for (place, value) in change.iter().enumerate() {
                match to.get_mut(place) {
                    Some(known) => merge(known, value),
                    None => to.push(value.clone()),
                }
            }
        }
        (to, change) => *to = change.clone(),
    }
}
