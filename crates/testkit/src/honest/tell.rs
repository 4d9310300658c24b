//! A plan told: every act signed, recorded and replayed through [`Community`].

use std::collections::HashMap;

use serde_json::{Value, json};
use xinyi_core::{
    Approval, Close, Content, Data, Entry, Hash, Kind, Link, Period, Register, ReplayError, Size,
    StateDocument, Verified,
};

use super::Act;
use crate::community::Community;
use crate::key::TestKey;

/// Who keeps the figures while a plan is told: closes bind documents that the rules work out.
pub trait Keeper {
    /// Takes an entry in; `register` is the key register after it.
    fn take(&mut self, entry: &Entry, register: &Register);

    /// The state document of a close.
    fn document(
        &self,
        period: Period,
        size: Size,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument>;

    /// Hears of the document that a close names, before the close.
    fn hand_over(&mut self, _document: &StateDocument) {}
}

/// Somebody who tells a plan.
#[derive(Debug)]
pub struct Teller<K> {
    /// The ledger told so far.
    pub community: Community,
    /// The figures so far.
    pub keeper: K,
    keys: HashMap<String, TestKey>,
    links: HashMap<String, Link>,
    /// The lines told, by name.
    pub names: Vec<String>,
}

impl<K: Keeper> Teller<K> {
    /// A ledger that begins with this genesis.
    #[must_use]
    pub fn new(genesis: Value, keeper: K) -> Self {
        let first: Period = genesis["first"].as_str().expect("a month").parse().expect("a month");
        // Every key of the genesis proves itself; at first a key is named as its holder.
        let holders =
            genesis["keys"].as_array().into_iter().flatten().filter_map(|key| key["holder"].as_str());
        let approvers: Vec<String> = holders.filter(|name| *name != "manager").map(str::to_owned).collect();
        let approvers: Vec<&str> = approvers.iter().map(String::as_str).collect();
        let midnight = super::at(first.first_day(), 0, 0);
        let community = Community::with_genesis_by(genesis, &approvers, "manager", midnight);
        let mut teller =
            Self { community, keeper, keys: HashMap::new(), links: HashMap::new(), names: Vec::new() };
        teller.heard("genesis");
        teller
    }

    /// The same telling once more, to go on in another way; only of ledgers below 4,096 lines.
    #[must_use]
    pub fn fork(&self) -> Self
    where
        K: Clone,
    {
        Self {
            community: self.community.fork(),
            keeper: self.keeper.clone(),
            keys: self.keys.clone(),
            links: self.links.clone(),
            names: self.names.clone(),
        }
    }

    fn heard(&mut self, name: &str) {
        let entry = self.community.entries.last().expect("an entry");
        self.keeper.take(entry, self.community.replay.register().expect("a genesis"));
        self.links.insert(name.to_owned(), entry.link());
        self.names.push(name.to_owned());
    }

    /// Tells every act.
    ///
    /// # Panics
    /// If the replay refuses one: an honest plan and a planted fraud are both authentic.
    pub fn tell<'a>(&mut self, acts: impl IntoIterator<Item = &'a Act>) {
        for act in acts {
            self.try_tell(act).unwrap_or_else(|error| panic!("{}: {error}: {}", act.name, act.data));
        }
    }

    /// Tells one act.
    ///
    /// # Errors
    /// What the replay says.
    pub fn try_tell(&mut self, act: &Act) -> Result<Verified<Entry>, ReplayError> {
        let data = if act.kind == Kind::Close { self.close(act) } else { self.filled(&act.data) };
        let content = self.content(act, data);
        let approvals = act.by.iter().map(|name| Approval::sign(&content, self.key(name))).collect();
        self.community.now = act.recorded;
        let recorder = self.key(&act.recorder).clone();
        let entry = self.community.put_by(content, approvals, &recorder)?;
        self.heard(&act.name);
        Ok(entry)
    }

    /// Text goes in as it is planned, in normal form or not: other programs write ledgers too.
    fn content(&self, act: &Act, data: Value) -> Content {
        let data = match act.kind {
            Kind::Income => serde_json::from_value(data).map(Data::Income).map_err(|error| error.to_string()),
            kind => Data::from_json(kind, &data.to_string()).map_err(|error| error.to_string()),
        };
        let data = data.unwrap_or_else(|error| panic!("{}: {error}: {}", act.name, act.data));
        let identity = self.community.replay.founding().map(|founding| founding.identity);
        let reference = act.name.parse().expect("a reference");
        Content::new(identity, act.date, reference, data).expect("a content")
    }

    fn key(&mut self, name: &str) -> &TestKey {
        self.keys.entry(name.to_owned()).or_insert_with(|| TestKey::named(name))
    }

    /// The data with every mark put right.
    fn filled(&self, data: &Value) -> Value {
        match data {
            Value::String(text) if text.starts_with(['@', '#']) => self.meant(text),
            Value::Array(values) => values.iter().map(|value| self.filled(value)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), self.filled(value))).collect()
            }
            other => other.clone(),
        }
    }

    fn meant(&self, mark: &str) -> Value {
        let link = |name: &str| self.links.get(name).unwrap_or_else(|| panic!("nothing is told of {name}"));
        let replay = &self.community.replay;
        let months = replay.months().expect("a genesis");
        match mark {
            "#deed" => json!(months.deeds().last().expect("a deed").digest),
            "#register" => json!(replay.register().expect("a genesis").digest()),
            "#size" => json!(replay.size()),
            "#range" => json!({"from": 0, "root": replay.root(), "size": replay.size()}),
            mark => match mark.strip_prefix("#index ") {
                Some(name) => json!(link(name).index),
                None => json!(link(&mark[1..])),
            },
        }
    }

    /// The close of a month, at the size it was drafted at; `misstated` puts so much too much in the first place.
    fn close(&mut self, act: &Act) -> Value {
        let period: Period = act.text("period").parse().expect("a period");
        let drafted = act.data["after"].as_str().and_then(|name| self.links.get(name));
        let drafted = drafted.map(|link| link.index.size_after());
        let size = drafted.unwrap_or_else(|| self.community.replay.size());
        let mut close: Close = self.community.close_at(period, size, Hash::digest(b""));
        let document = self.keeper.document(period, size, close.next, close.previous);
        let mut document = document.expect("books that have a genesis");
        if let Some(more) = act.data["misstated"].as_str() {
            let balance = super::cents(&document.holdings[0].balance.to_string()) + super::cents(more);
            document.holdings[0].balance = super::yuan(balance).parse().expect("a balance");
        }
        self.keeper.hand_over(&document);
        close.state = document.digest();
        self.community.documents.insert(close.state, document);
        serde_json::to_value(close).expect("a close")
    }
}
