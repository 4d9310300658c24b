//! A made-up compound on disk that grows month by month, with real state documents and checkpoints.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;
use xinyi_core::{Kind, Period, Replay, Size, StateDocument, StatementHeader};
use xinyi_store::{Keys, LedgerDir, Writer};
use xinyi_testkit::{Community, Seal, TestKey};

pub(crate) struct Compound {
    pub(crate) community: Community,
    pub(crate) dir: LedgerDir,
    pub(crate) key: TestKey,
    month: u32,
    pub(crate) temporary: TempDir,
}

impl Compound {
    pub(crate) fn new() -> Self {
        let community = Community::property_trust("2026-01");
        let temporary = tempfile::tempdir().unwrap();
        let dir = LedgerDir::create(&temporary.path().join("ledger"), &community.lines[0]).unwrap();
        Self { community, dir, key: Community::trustee(), month: 1, temporary }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.temporary.path().join(name)
    }

    pub(crate) fn keys(&self) -> Keys<'_> {
        Keys { log: &self.key, recorder: &self.key }
    }

    /// Adds a month of so many lines and its close, on disk with its state document and checkpoint.
    pub(crate) fn month(&mut self, lines: usize) -> Size {
        self.incomes(lines);
        let (period, next) = (format!("2026-{:02}", self.month), format!("2026-{:02}-02", self.month + 1));
        let document = self.document(&period);
        self.dir.keep_state(&document).unwrap();
        self.community.close(&period, &next, document.digest());
        self.month += 1;
        self.write();
        self.community.replay.size()
    }

    /// Adds lines of the open month to the community, not yet to the disk.
    pub(crate) fn incomes(&mut self, lines: usize) {
        for _ in 0..lines {
            let data =
                json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
            let date = format!("2026-{:02}-20", self.month);
            self.community.record(&date, Kind::Income, Seal::Trustee, data);
        }
    }

    /// Writes the community's lines to the disk and signs the checkpoint after a close.
    pub(crate) fn write(&self) {
        fs::write(self.dir.entries(), self.community.file()).unwrap();
        Writer::open(&self.dir, self.keys()).unwrap();
    }

    fn document(&self, period: &str) -> StateDocument {
        let replay: &Replay = &self.community.replay;
        let period: Period = period.parse().unwrap();
        let months = replay.months().unwrap();
        StateDocument {
            advances: vec![],
            budgets: vec![],
            contracts: vec![],
            deeds: months.deeds().to_vec(),
            fees: vec![],
            format: 1,
            held: vec![],
            holdings: vec![],
            identity: replay.founding().unwrap().identity,
            invoices: vec![],
            losses: vec![],
            next: months.next_at(period, replay.size()),
            orders: vec![],
            period,
            previous: months.closed().map(|closed| closed.state),
            refunds: vec![],
            register: replay.register().unwrap().clone(),
            series: vec![],
            size: replay.size(),
            sources: vec![],
            upto: period.last_day(),
        }
    }

    /// Lines `from` to `to` as a statement holds them, after a header with the previous state document.
    pub(crate) fn statement(
        &self,
        name: &str,
        from: u64,
        to: u64,
        previous: Option<&StateDocument>,
    ) -> PathBuf {
        let founding = self.community.replay.founding().unwrap();
        let header = StatementHeader {
            authority: Vec::new(),
            bridge: None,
            checkpoint: String::new(),
            evidence: Vec::new(),
            from: Size::new(from).unwrap(),
            frontier: Vec::new(),
            identity: founding.identity,
            origin: founding.origin.parse().unwrap(),
            period: "2026-01".parse().unwrap(),
            previous: previous.cloned(),
            xinyi: StatementHeader::mark(),
        };
        let mut file = (header.encode() + "\n").into_bytes();
        for line in &self.community.lines[from as usize..to as usize] {
            file.extend_from_slice(line);
            file.push(b'\n');
        }
        let path = self.path(name);
        fs::write(&path, file).unwrap();
        path
    }
}

/// Every file below a directory, by its path there.
pub(crate) fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Replays a published directory's lines to its checkpoint and compares every tile with them.
pub(crate) fn verify(root: &Path) -> Result<Size, String> {
    let tiles = xinyi_store::TilesDir::open(root).ok_or("no published directory")?;
    let told = |error: xinyi_store::TilesError| error.to_string();
    let (_, claim) = tiles.checkpoint().map_err(told)?.ok_or("no checkpoint")?;
    let mut replay = Replay::new();
    let mut read = Ok(());
    for line in tiles.lines(claim.size) {
        let path = xinyi_core::TilePath::bundle_of(replay.size().next_index(), claim.size).unwrap();
        read = match line {
            Ok(line) => replay.push(&line.bytes).map(drop).map_err(|error| format!("{path}: {error}")),
            Err(error) => Err(told(error)),
        };
        if read.is_err() {
            break;
        }
    }
    tiles.check_signature(&replay).map_err(told)?;
    read?;
    tiles.verify(&replay).map(|checkpoint| checkpoint.size).map_err(told)
}
