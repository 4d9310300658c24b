//! Statements and receipts of a community in the making, honest ones; tests then spoil them.

use serde_json::json;
use xinyi_core::{
    Archive, Checkpoint, Entry, Hash, Index, Kind, Lines, Period, Receipt, Size, Sizes, StateDocument,
    StatementHeader, Subtrees as _, Verified,
};

use crate::community::{Community, Seal};

impl Lines for Community {
    fn line(&self, index: Index) -> Option<String> {
        let line = self.lines.get(usize::try_from(index.get()).ok()?)?;
        String::from_utf8(line.clone()).ok()
    }
}

/// Whoever holds every line can work out every root.
impl Sizes for Community {
    fn register(&self, size: Size) -> Option<Hash> {
        self.replay.months()?.register_at(size)
    }

    fn root(&self, size: Size) -> Option<Hash> {
        self.archive().root(size)
    }
}

impl Community {
    /// The archive of the lines so far.
    #[must_use]
    pub fn archive(&self) -> Archive {
        let mut archive = Archive::new();
        self.entries.iter().for_each(|entry| archive.take(entry));
        archive
    }

    /// A state document of the right shape for a close at `size`; its figures are empty.
    #[must_use]
    pub fn document(&self, period: Period, size: Size) -> StateDocument {
        let months = self.replay.months().expect("a genesis");
        let mut document = json!({
            "advances": [], "budgets": [], "contracts": [],
            "deeds": months.deeds().iter().filter(|deed| size.covers(deed.index)).collect::<Vec<_>>(),
            "fees": [], "format": 1, "held": [], "holdings": [],
            "identity": self.replay.founding().expect("a genesis").identity,
            "invoices": [], "losses": [], "next": months.next_at(period, size), "orders": [],
            "period": period, "refunds": [],
            "register": self.register_then(size), "series": [], "size": size, "sources": [],
            "upto": period.last_day(),
        });
        if let Some(closed) = months.closed() {
            document["previous"] = json!(closed.state);
        }
        serde_json::from_value(document).expect("a state document")
    }

    fn register_then(&self, size: Size) -> xinyi_core::Register {
        let present = self.replay.register().expect("a genesis");
        if self.replay.months().and_then(|months| months.register_at(size)) == Some(present.digest()) {
            return present.clone();
        }
        let mut replay = xinyi_core::Replay::new();
        let count = usize::try_from(size.get()).expect("a size that fits");
        self.lines.iter().take(count).for_each(|line| {
            replay.push(line).expect("a good line");
        });
        replay.register().expect("a genesis").clone()
    }

    /// Closes `period` on `date` at the present size, with a state document that is kept.
    pub fn close_month(&mut self, period: &str, date: &str) -> Verified<Entry> {
        let size = self.replay.size();
        self.close_month_at(period, date, size)
    }

    /// As [`Community::close_month`], covering an earlier size: the close waited for approval.
    pub fn close_month_at(&mut self, period: &str, date: &str, size: Size) -> Verified<Entry> {
        let period: Period = period.parse().expect("a period");
        let document = self.document(period, size);
        self.close_with(date, document)
    }

    /// Closes the period of a state document at its size, with that document.
    pub fn close_with(&mut self, date: &str, document: StateDocument) -> Verified<Entry> {
        let close = self.close_at(document.period, document.size, document.digest());
        self.documents.insert(document.digest(), document);
        let close = serde_json::to_value(close).expect("a close");
        self.record(date, Kind::Close, Seal::Both, close)
    }

    /// The signed checkpoint of the first `size` lines.
    #[must_use]
    pub fn checkpoint(&self, size: Size) -> String {
        let root = self.archive().tree().root(size).expect("a size of this ledger");
        let origin = self.replay.founding().expect("a genesis").origin.clone();
        Checkpoint { origin, root, size }.sign(&Self::trustee()).expect("a note")
    }

    /// The first line of a month's statement, as an honest recorder makes it.
    #[must_use]
    pub fn statement_header(&self, period: &str, since: Option<Size>) -> StatementHeader {
        let archive = self.archive();
        let period: Period = period.parse().expect("a period");
        let (_, to) = archive.range(period).expect("a closed month");
        let before = archive.places().closed(period.previous()).map(|closed| closed.state);
        let document = before.and_then(|digest| self.documents.get(&digest).cloned());
        archive.statement(period, self.checkpoint(to), document, since, self).expect("a statement")
    }

    /// A statement's file: `header`, and the ledger's lines up to the close of its month.
    #[must_use]
    pub fn statement_file(&self, header: &StatementHeader) -> Vec<u8> {
        let (from, to) = self.archive().range(header.period).expect("a closed month");
        let from = usize::try_from(from.get()).expect("a size that fits");
        let to = usize::try_from(to.get()).expect("a size that fits");
        let head = header.encode().into_bytes();
        let lines = std::iter::once(&head).chain(&self.lines[from..to]);
        lines.flat_map(|line| line.iter().copied().chain([b'\n'])).collect()
    }

    /// A month's statement.
    #[must_use]
    pub fn statement(&self, period: &str) -> Vec<u8> {
        self.statement_file(&self.statement_header(period, None))
    }

    /// The receipt of one entry under the checkpoint of `size`.
    #[must_use]
    pub fn receipt(&self, index: u64, size: Size, disclosures: &[String]) -> Receipt {
        let index = Index::new(index).expect("an index");
        let checkpoint = (size, self.checkpoint(size));
        self.archive().receipt(index, checkpoint, disclosures.to_vec(), self).expect("a receipt")
    }
}
