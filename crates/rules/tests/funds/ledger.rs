//! A fund's ledger in the making: entries told in order of days, months closed with right documents and posted.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xinyi_core::{Approval, Content, Data, Hash, Kind, Link, Period, StateDocument};
use xinyi_rules::deed::{TEMPLATES, read};
use xinyi_rules::{Checker, Report};
use xinyi_testkit::{Community, Seal};

use crate::told::Told;

/// The first month of every sample.
pub(crate) const FIRST: &str = "2026-01";

/// A ledger, the check of it so far, and the numbers that are given once.
pub(crate) struct Ledger {
    pub(crate) community: Community,
    pub(crate) checker: Checker,
    pub(crate) documents: Vec<StateDocument>,
    numbers: u64,
    receipts: u64,
}

/// A month of 2026, from 1.
pub(crate) fn month(number: u32) -> String {
    format!("2026-{number:02}")
}

/// A day of a month.
pub(crate) fn day(month: &str, day: u32) -> String {
    format!("{month}-{day:02}")
}

/// Cents as an amount.
pub(crate) fn yuan(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The day of the `place`-th of so many things that a month spreads over its 5th to 28th.
pub(crate) fn spread(place: u64, of: u64) -> u32 {
    u32::try_from(5 + place * 24 / of).unwrap()
}

impl Ledger {
    /// A ledger under a template, with a bank account and a fund named here.
    pub(crate) fn begin(template: &str, name: &str, change: impl FnOnce(&mut Value)) -> Self {
        let (_, text) = TEMPLATES.iter().find(|(known, _)| *known == template).unwrap();
        let mut genesis = Community::genesis_json(FIRST);
        let deed = read(text, day(FIRST, 1).parse().unwrap()).unwrap();
        genesis["deed"] = serde_json::to_value(deed).unwrap();
        genesis["name"] = json!(format!("{name}（样例，虚构）"));
        change(&mut genesis);
        Self::check(Community::with_genesis(genesis))
    }

    fn check(community: Community) -> Self {
        let (checker, documents) = (Checker::new(), Vec::new());
        let mut ledger = Self { community, checker, documents, numbers: 0, receipts: 0 };
        ledger.take_last();
        ledger
    }

    /// The same ledger once more, to be told on in another way.
    pub(crate) fn twin(&self) -> Self {
        let mut community = Community::replayed(&self.community.lines);
        community.now = self.community.now;
        Self {
            community,
            checker: self.checker.clone(),
            documents: self.documents.clone(),
            numbers: self.numbers,
            receipts: self.receipts,
        }
    }

    fn take_last(&mut self) {
        let entry = self.community.entries.last().unwrap();
        self.checker.take(entry, self.community.replay.register().unwrap());
    }

    /// Tells an entry; later ones may link to it.
    pub(crate) fn tell(&mut self, day: &str, kind: Kind, seal: Seal, data: Value) -> Link {
        let link = self.community.record(day, kind, seal, data).link();
        self.take_last();
        link
    }

    /// Tells a content that others than the committee approved.
    pub(crate) fn put(&mut self, content: Content, approvals: Vec<Approval>) {
        self.community.put(content, approvals).unwrap();
        self.take_last();
    }

    /// As [`Ledger::tell`], approved by the trustee alone.
    pub(crate) fn alone(&mut self, day: &str, kind: Kind, data: Value) -> Link {
        self.tell(day, kind, Seal::Trustee, data)
    }

    /// As [`Ledger::tell`], approved by the trustee and the committee.
    pub(crate) fn both(&mut self, day: &str, kind: Kind, data: Value) -> Link {
        self.tell(day, kind, Seal::Both, data)
    }

    /// A number that is given once.
    pub(crate) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// A sealed value.
    pub(crate) fn sealed(&mut self) -> String {
        Hash::digest(format!("sealed {}", self.number()).as_bytes()).to_string()
    }

    /// A document of a class.
    pub(crate) fn voucher(&mut self, class: &str) -> Value {
        let digest = Hash::digest(format!("voucher {}", self.number()).as_bytes()).to_string();
        json!({"class": class, "digest": digest, "media": "application/pdf", "size": 40_960})
    }

    /// The next receipt of the only series.
    pub(crate) fn receipt(&mut self) -> Value {
        self.receipts += 1;
        json!({"number": self.receipts, "series": "a"})
    }

    /// Registers organisations that may be paid.
    pub(crate) fn organisations(&mut self, day: &str, payees: &[(&str, &str)]) {
        for (payee, name) in payees {
            let data = json!({"class": "organisation", "name": format!("{name}（虚构）"), "payee": payee,
                "related": false});
            self.alone(day, Kind::Payee, data);
        }
    }

    /// Balances to begin with, and figures of the time before.
    pub(crate) fn open(&mut self, holdings: Value, figures: Value) {
        let data = json!({"figures": figures, "holdings": holdings});
        self.both(&day(FIRST, 1), Kind::Opening, data);
    }

    /// Money that came in by bank, with a receipt; `more` adds fields.
    pub(crate) fn income(&mut self, day: &str, place: (&str, &str), what: (&str, u64), more: Value) -> Link {
        let (account, fund) = place;
        let (category, cents) = what;
        let mut data = json!({"account": account, "amount": yuan(cents), "category": category, "fund": fund,
            "receipt": self.receipt()});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.alone(day, Kind::Income, data)
    }

    /// Money that went out by bank with both approvals, against an invoice of its own; `more` adds fields.
    pub(crate) fn spend(&mut self, day: &str, fund: &str, what: (&str, u64, &str), more: Value) -> Link {
        let (category, cents, payee) = what;
        let (amount, number) = (yuan(cents), format!("{:020}", self.number()));
        let mut data = json!({"account": "bank", "amount": amount, "category": category, "fund": fund,
            "invoices": [{"amount": amount, "number": number, "total": amount}], "payee": payee,
            "vouchers": [self.voucher("invoice")]});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        data.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        self.both(day, Kind::Expense, data)
    }

    /// The fee that is left to take for a month, more or less so many cents.
    pub(crate) fn fee(&mut self, day: &str, fund: &str, period: &str, more: i64) {
        let period: Period = period.parse().unwrap();
        let left = self.checker.books().entitlement(&"trustee".parse().unwrap(), period).left();
        let amount = (left + rust_decimal::Decimal::new(more, 2)).to_string();
        let number = format!("{:020}", self.number());
        let data = json!({"account": "bank", "amount": amount, "fund": fund, "periods": [period],
            "invoice": {"amount": amount, "number": number, "total": amount}, "taker": "trustee"});
        self.alone(day, Kind::Fee, data);
    }

    /// The month that is due to be closed.
    pub(crate) fn due(&self) -> Period {
        self.community.replay.months().unwrap().due()
    }

    /// Closes the month that is due on the 3rd of the next, and posts its file on the 4th.
    pub(crate) fn close(&mut self) {
        let period = self.due();
        let mut close = self.community.close_data(&period.to_string(), Hash::digest(b""));
        let books = self.checker.books();
        let document = books.draft_state(period, close.size, close.next, close.previous).unwrap();
        close.state = document.digest();
        self.documents.push(document);
        let next = period.next().to_string();
        self.both(&day(&next, 3), Kind::Close, serde_json::to_value(close).unwrap());
        let posted = json!({"digest": Hash::digest(next.as_bytes()).to_string(), "from": day(&next, 4),
            "period": period, "places": ["公告栏（样例）"], "to": day(&next, 28),
            "vouchers": [{"class": "photo", "digest": Hash::digest(b"photo").to_string(), "media": "image/jpeg", "size": 90_000}]});
        self.alone(&day(&next, 4), Kind::Publication, posted);
    }

    /// The ledger as tests tell it that check single months.
    pub(crate) fn told(&self) -> Told {
        let twin = self.twin();
        let register = twin.community.replay.register().unwrap().clone();
        let closes = twin.community.entries.iter().filter_map(|entry| match entry.content().data() {
            Data::Close(close) => Some((close.period, entry.index())),
            _ => None,
        });
        let documents: BTreeMap<_, _> =
            self.documents.iter().map(|document| (document.period, document.clone())).collect();
        Told {
            checker: Checker::new(),
            closes: closes.collect(),
            worked_out: documents.clone(),
            documents,
            // No sample changes a key.
            registers: vec![register; twin.community.entries.len()],
            community: twin.community,
        }
    }

    /// What the check says.
    pub(crate) fn report(self) -> Report {
        self.checker.finish()
    }
}
