//! `xinyi demo`: the whole road on a made-up compound, then three frauds, each caught and explained.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use xinyi_core::{Date, Period, Sign as _, Timestamp};
use xinyi_import::ImportMap;
use xinyi_rules::{Report, page};
use xinyi_store::{Draft, LedgerDir, Proposal, SecretKey, Strength};

use super::demo_files;
use super::import::{close, enter};
use super::init::{Setup, begin};
use crate::args::DemoArguments;
use crate::context::Context;
use crate::desk::{Desk, Entered};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::{fl, language};
use crate::output::answer;
use crate::reading::Reading;
use crate::sample::{FIRST, Month, RECEIPTS_MAP, UNAPPROVED, months, receipts_file};

pub(crate) fn run(arguments: &DemoArguments, context: &Context) -> Result<Exit, Failure> {
    let place = Place::new(arguments.dir.as_deref())?;
    answer(&fl!("demo-title"));
    answer(&fl!("sample"));
    let keys = Keys::make(&place.path)?;
    answer(&fl!("demo-keys"));
    let ledger = place.path.join("ledger");
    let story = Story { context, keys: &keys, ledger: &ledger };
    story.found()?;
    let mut months = months();
    story.import(&mut months)?;
    story.tell(&months)?;
    let report = story.check(&ledger)?;
    demo_files::hand_out(&ledger, &place.path, context)?;
    story.frauds(&report)?;
    answer("");
    match &arguments.dir {
        Some(dir) => demo_files::say_what_to_try(dir),
        None => answer(&fl!("demo-end")),
    }
    Ok(Exit::Clean)
}

/// Where the demonstration lies; thrown away unless a directory was named.
struct Place {
    path: PathBuf,
    temporary: bool,
}

impl Place {
    fn new(dir: Option<&Path>) -> Result<Self, Failure> {
        let temporary = dir.is_none();
        let path = dir.map_or_else(
            || std::env::temp_dir().join(format!("xinyi-demo-{}", std::process::id())),
            Path::to_owned,
        );
        fs::create_dir_all(&path).map_err(|error| Failure::new("file-denied", error))?;
        Ok(Self { path, temporary })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

struct Keys {
    committee: SecretKey,
    supervisor: SecretKey,
    trustee: SecretKey,
}

impl Keys {
    fn make(dir: &Path) -> Result<Self, Failure> {
        let make = |name: &str| {
            let key = SecretKey::generate()?;
            // Keys of a demonstration guard nothing: they lie in clear.
            key.write(&dir.join(format!("{name}.pem")), None, Strength::Portable)?;
            Ok::<_, Failure>(key)
        };
        Ok(Self { committee: make("committee")?, supervisor: make("supervisor")?, trustee: make("trustee")? })
    }
}

struct Story<'a> {
    context: &'a Context,
    keys: &'a Keys,
    ledger: &'a Path,
}

fn moment(date: Date, time: &str) -> Result<Timestamp, Failure> {
    Ok(format!("{date}T{time}Z").parse()?)
}

impl Story<'_> {
    fn found(&self) -> Result<(), Failure> {
        let grants = [
            (&self.keys.trustee, "manager", "trustee", json!(["approve", "log", "record"])),
            (&self.keys.committee, "chair", "committee", json!(["approve", "cosign"])),
            (&self.keys.supervisor, "office", "supervisor", json!(["approve"])),
        ];
        let grant = |(key, holder, party, uses): (&SecretKey, &str, &str, Value)| json!({"holder": holder, "key": key.public_key(), "party": party, "term": {"from": "2020-01-01"}, "uses": uses});
        let setup = json!({
            "accounts": [
                {"account": "bank", "class": "joint", "name": "共管账户（样例）", "open": true},
                {"account": "wechat", "class": "wallet", "name": "微信商户号（样例）", "open": true},
            ],
            "deed": "property-trust",
            "first": FIRST,
            "funds": [{"fund": "shared", "name": "共有资金"}],
            "keys": grants.map(grant).to_vec(),
            "name": "样例小区（虚构）",
            "offset": "+08:00",
            "origin": "example.org/fenghua-sample",
            "parties": [
                {"name": "业主大会", "party": "assembly", "role": "settlor", "threshold": 1},
                {"name": "业主委员会", "party": "committee", "role": "agent", "threshold": 1},
                {"name": "街道办", "party": "supervisor", "role": "supervisor", "threshold": 1},
                {"name": "物业公司", "party": "trustee", "role": "trustee", "threshold": 1},
            ],
            "recorder": "trustee",
            "recovery": {"needed": 2, "parties": ["committee", "supervisor", "trustee"]},
            "sample": true,
            "unit": {"code": "cny", "scale": 2},
        });
        let setup: Setup =
            serde_json::from_value(setup).map_err(|error| Failure::usage("setup-file", error))?;
        let first: Period = FIRST.parse()?;
        let context = self.context.at(moment(first.first_day(), "00:30:00")?);
        let keys = [&self.keys.trustee, &self.keys.committee, &self.keys.supervisor];
        let deed = super::deed::text("property-trust")?;
        let identity = begin(self.ledger, setup, &deed, &keys, &context)?;
        answer(&fl!("demo-founded", identity = identity.to_string()));
        Ok(())
    }

    /// The first month's bank receipts come in as a bank's file, read by a map.
    fn import(&self, months: &mut [Month]) -> Result<(), Failure> {
        let Some(first) = months.first_mut() else { return Ok(()) };
        let (file, rest) = receipts_file(first);
        let map = ImportMap::parse(RECEIPTS_MAP).map_err(|error| Failure::usage("map-file", error))?;
        let read = xinyi_import::read(&map, file.as_bytes(), 2, 480)
            .map_err(|error| Failure::told(error.code(), &error).with(Exit::Usage))?;
        answer(&fl!("demo-imported", rows = read.rows.to_string()));
        first.entries = rest;
        first.entries.extend(super::import::proposals(&read)?);
        first.entries.sort_by_key(|entry| entry.date);
        Ok(())
    }

    /// Thirteen months: entries day by day, orders approved, each month closed on the 3rd and its fee taken on
    /// the 5th.
    fn tell(&self, months: &[Month]) -> Result<(), Failure> {
        let dir = LedgerDir::open(self.ledger)?;
        let start = moment(
            months.first().map_or(FIRST.parse::<Period>()?, |month| month.period).first_day(),
            "01:00:00",
        )?;
        let context = self.context.at(start);
        let mut desk = Desk::open(&dir, &self.keys.trustee, &context)?;
        let mut before: Option<Period> = None;
        for month in months {
            for proposal in &month.entries {
                if let Some(closing) = before.filter(|_| proposal.date.day() > 3) {
                    self.close(&mut desk, &dir, closing)?;
                    before = None;
                }
                desk.set_clock(moment(proposal.date, "08:00:00")?.max(desk.now()));
                self.enter(&mut desk, proposal)?;
            }
            before = Some(month.period);
        }
        if let Some(last) = before {
            self.close(&mut desk, &dir, last)?;
        }
        desk.done()?;
        answer(&fl!(
            "demo-told",
            size = desk.writer().replay().size().to_string(),
            months = months.len().to_string()
        ));
        Ok(())
    }

    /// The committee approves beforehand what the deed asks it for; the burst pipe could not wait.
    fn enter(&self, desk: &mut Desk<'_>, proposal: &Proposal) -> Result<(), Failure> {
        if proposal.reference.as_str() != UNAPPROVED {
            enter(desk, proposal, Some(&self.keys.committee))?;
            return Ok(());
        }
        let content = desk.content(proposal)?;
        if let Entered::Recorded(index) = desk.record(Draft { approvals: Vec::new(), content })? {
            answer(&fl!("demo-ratified", index = index.to_string()));
        }
        Ok(())
    }

    fn plain(
        &self,
        desk: &mut Desk<'_>,
        date: Date,
        kind: &str,
        reference: &str,
        data: Value,
    ) -> Result<Entered, Failure> {
        let fields: Map<String, Value> = data.as_object().cloned().unwrap_or_default();
        let proposal = Proposal {
            data: fields,
            date,
            disclose: Default::default(),
            kind: kind.parse()?,
            links: Default::default(),
            reference: reference.parse()?,
        };
        enter(desk, &proposal, Some(&self.keys.committee))
    }

    /// The month is closed by both; then the fee it allows is taken, against an invoice.
    fn close(&self, desk: &mut Desk<'_>, dir: &LedgerDir, period: Period) -> Result<(), Failure> {
        let date = period.next().first_day().plus_days(2);
        desk.set_clock(moment(date, "09:00:00")?.max(desk.now()));
        close(desk, dir, period, date, &self.keys.committee)?;
        let day = period.next().first_day().plus_days(4);
        desk.set_clock(moment(day, "01:00:00")?.max(desk.now()));
        let left = desk.entitlement(&"trustee".parse()?, period)?.left();
        let data = json!({
            "account": "bank", "amount": left, "fund": "shared", "periods": [period], "taker": "trustee",
            "invoice": {"amount": left, "number": format!("样例发票-{period}"), "total": left},
        });
        self.plain(desk, day, "fee", &format!("fee-{period}"), data)?;
        Ok(())
    }

    fn check(&self, path: &Path) -> Result<Report, Failure> {
        let reading = Reading::of(path, None, self.context, &mut |_| {})?;
        let size = reading.replay.size().to_string();
        answer("");
        answer(&fl!("demo-verified", size = size, root = reading.replay.root().to_string()));
        let report = reading.checker.finish();
        crate::report::print(&report);
        Ok(report)
    }

    /// Frauds on copies: a flipped byte, a fee over-taken by one fen, a payment dated back, a second history.
    fn frauds(&self, honest: &Report) -> Result<(), Failure> {
        answer("");
        answer(&fl!("demo-frauds"));
        self.flipped_byte()?;
        self.over_taken(honest)?;
        self.dated_back()?;
        self.second_history(honest)
    }

    /// Another entry at the index of the fee too much, for another reader: two lines signed for one place.
    fn second_history(&self, honest: &Report) -> Result<(), Failure> {
        let dir = self.copy("second-history")?;
        let last = honest.closed.unwrap_or(FIRST.parse()?);
        let day = last.next().first_day().plus_days(6);
        let mut desk = Desk::open(&dir, &self.keys.trustee, &self.context.at(moment(day, "08:00:00")?))?;
        let data = json!({"account": "bank", "amount": "1.00", "category": "parking", "fund": "shared"});
        self.plain(&mut desk, day, "income", "for-other-eyes", data)?;
        demo_files::prove_fork(self.ledger, self.context)
    }

    fn flipped_byte(&self) -> Result<(), Failure> {
        let file = self.ledger.join("entries.jsonl");
        let mut bytes = fs::read(&file).map_err(|error| Failure::new("file-missing", error))?;
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 1;
        }
        let copy = self.ledger.with_file_name("forged.jsonl");
        fs::write(&copy, bytes).map_err(|error| Failure::new("file-denied", error))?;
        let reading = Reading::of(&copy, None, self.context, &mut |_| {})?;
        let stopped = reading.stopped.ok_or_else(|| Failure::new("demo-missed", ""))?;
        answer(&fl!("demo-flipped", byte = middle.to_string(), index = stopped.index.to_string()));
        let reason = crate::lang::text(&format!("err-{}", stopped.cause.code()));
        answer(&format!(
            "    [{}] {}",
            stopped.cause.code(),
            reason.unwrap_or_else(|| stopped.cause.to_string())
        ));
        Ok(())
    }

    fn copy(&self, name: &str) -> Result<LedgerDir, Failure> {
        let copy = self.ledger.with_file_name(name);
        for part in ["", "cache", "checkpoints", "drafts", "private", "set-aside", "states"] {
            fs::create_dir_all(copy.join(part)).map_err(|error| Failure::new("file-denied", error))?;
        }
        let denied = |error| Failure::new("file-denied", error);
        fs::copy(self.ledger.join("entries.jsonl"), copy.join("entries.jsonl")).map_err(denied)?;
        for note in fs::read_dir(self.ledger.join("checkpoints")).map_err(denied)? {
            let note = note.map_err(denied)?;
            fs::copy(note.path(), copy.join("checkpoints").join(note.file_name())).map_err(denied)?;
        }
        Ok(LedgerDir::open(&copy)?)
    }

    /// One fen more than earned: every signature is good, and the rule finds it.
    fn over_taken(&self, honest: &Report) -> Result<(), Failure> {
        let dir = self.copy("over-taken")?;
        let last = honest.closed.unwrap_or(FIRST.parse()?);
        let day = last.next().first_day().plus_days(6);
        let mut desk = Desk::open(&dir, &self.keys.trustee, &self.context.at(moment(day, "08:00:00")?))?;
        let data = json!({
            "account": "bank", "amount": "0.01", "fund": "shared", "periods": [last], "taker": "trustee",
            "invoice": {"amount": "0.01", "number": "样例发票-0", "total": "0.01"},
        });
        self.plain(&mut desk, day, "fee", "fee-too-much", data)?;
        let report = desk.report(last.next())?;
        let found = report.findings.iter().find(|finding| finding.code == "EX-02");
        let found = found.ok_or_else(|| Failure::new("demo-missed", ""))?;
        let fact = page(found.code).map(|page| page.fact(found, language())).unwrap_or_default();
        answer(&fl!("demo-over-taken"));
        answer(&format!("    EX-02 {fact}"));
        Ok(())
    }

    /// A payment dated into a closed month: the store refuses it before it is written.
    fn dated_back(&self) -> Result<(), Failure> {
        let dir = self.copy("dated-back")?;
        let first: Period = FIRST.parse()?;
        let last = months().last().map_or(first, |month| month.period);
        let day = last.next().first_day().plus_days(6);
        let mut desk = Desk::open(&dir, &self.keys.trustee, &self.context.at(moment(day, "08:00:00")?))?;
        let data = json!({"account": "bank", "amount": "9999.99", "category": "repair", "fund": "shared", "payee": "lift"});
        answer(&fl!("demo-dated-back"));
        match self.plain(&mut desk, last.last_day(), "expense", "back-dated", data) {
            Ok(_) => Err(Failure::new("demo-missed", "")),
            Err(failure) => {
                answer(&format!("    {}", failure.line()));
                Ok(())
            }
        }
    }
}
