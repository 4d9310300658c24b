//! Honest plans told with the check of the whole running along: closes bind the documents that the books give.

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

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use xinyi_core::{Data, Entry, Hash, Index, Period, Register, Size, StateDocument};
use xinyi_rules::Checker;
use xinyi_testkit::honest::Keeper;

/// The check of the whole, with what closes named and worked out.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    pub(crate) checker: Checker,
    pub(crate) closes: BTreeMap<Period, Index>,
    /// What each close names.
    pub(crate) named: BTreeMap<Period, StateDocument>,
    at_hand: Arc<Mutex<HashMap<Hash, StateDocument>>>,
    /// The register after each line; lines that do not change it share one.
    pub(crate) registers: Vec<Arc<Register>>,
}

impl Kept {
    pub(crate) fn new() -> Self {
        let at_hand: Arc<Mutex<HashMap<Hash, StateDocument>>> = Arc::default();
        let documents = Arc::clone(&at_hand);
        let checker =
            Checker::new().with_documents(move |digest| documents.lock().unwrap().get(&digest).cloned());
        Self { at_hand, checker, ..Self::default() }
    }
}

impl Keeper for Kept {
    fn take(&mut self, entry: &Entry, register: &Register) {
        if let Data::Close(close) = entry.content().data() {
            self.closes.insert(close.period, entry.index());
        }
        self.checker.take(entry, register);
        let known = self.registers.last().filter(|known| ***known == *register).cloned();
        self.registers.push(known.unwrap_or_else(|| Arc::new(register.clone())));
    }

    fn document(
        &self,
        period: Period,
        size: Size,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument> {
        self.checker.books().draft_state(period, size, next, previous)
    }

    fn hand_over(&mut self, document: &StateDocument) {
        self.at_hand.lock().unwrap().insert(document.digest(), document.clone());
        self.named.insert(document.period, document.clone());
    }
}

/// The names of the acts that data of a plan link to.
pub(crate) fn links(data: &Value) -> Vec<String> {
    match data {
        Value::String(text) => text.strip_prefix('@').map(str::to_owned).into_iter().collect(),
        Value::Array(values) => values.iter().flat_map(links).collect(),
        Value::Object(fields) => fields.values().flat_map(links).collect(),
        _ => Vec::new(),
    }
}
