//! Whole ledgers that the other vectors name: with real figures, and the state document of each close.

use serde_json::{Value, json};
use xinyi_core::{Approval, Kind, Link, Period, StateDocument};
use xinyi_rules::Books;
use xinyi_testkit::{Community, Seal};

use super::story::{closes_in_a_run, nobody_s, size, story_to, two_months};

/// A ledger and what follows from it.
pub(crate) struct Kept {
    books: Books,
    community: Community,
    documents: Vec<(Period, StateDocument)>,
}

impl Kept {
    fn begin(genesis: Value) -> Self {
        let mut kept =
            Self { books: Books::new(), community: Community::with_genesis(genesis), documents: Vec::new() };
        kept.count();
        kept
    }

    /// Takes the last entry into the books.
    fn count(&mut self) {
        let register = self.community.replay.register().expect("a register");
        let entry = self.community.entries.last().expect("an entry");
        let closed = self.books.take(entry, register);
        if let Some(closed) = closed {
            assert!(closed.agrees(), "the close names what follows from the lines");
            self.documents.push((closed.document.period, closed.document));
        }
    }

    fn record(&mut self, date: &str, kind: Kind, data: Value) -> Link {
        let entry = self.community.record(date, kind, Seal::Both, data);
        self.count();
        entry.link()
    }

    fn close(&mut self, period: &str, date: &str) {
        let month: Period = period.parse().expect("a period");
        let months = self.community.replay.months().expect("a genesis");
        let (size, previous) = (self.community.replay.size(), months.closed().map(|closed| closed.state));
        let document = self.books.draft_state(month, size, months.next_at(month, size), previous);
        self.community.close(period, date, document.expect("a document").digest());
        self.count();
    }

    /// The state documents of its closes, in order.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &StateDocument> {
        self.documents.iter().map(|(_, document)| document)
    }
}

fn taken_in(amount: &str, category: &str) -> Value {
    json!({"account": "bank", "amount": amount, "category": category, "fund": "shared"})
}

fn paid(amount: &str, more: &Value) -> Value {
    let mut data = json!({
        "account": "bank", "amount": amount, "category": "repairs", "fund": "shared", "payee": "acme",
    });
    let fields = data.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    data
}

/// Two months of fees: two rates, a net base with linked cost, an order, invoices, a contract, a budget, refunds and
/// reversals.
pub(crate) fn of_fees() -> &'static Kept {
    thread_local! {
        static KEPT: &'static Kept = Box::leak(Box::new(keep_fees()));
    }
    KEPT.with(|kept| *kept)
}

fn keep_fees() -> Kept {
    let mut genesis = Community::genesis_json("2026-03");
    genesis["deed"]["fees"][0]["net_floor"] = json!("source");
    genesis["deed"]["fees"][0]["rates"] =
        json!([{"from": "2026-03-01", "rate": "15/100"}, {"from": "2026-04-01", "rate": "2/125"}]);
    let mut kept = Kept::begin(genesis);
    let lines = json!([{"amount": "500.00", "line": "repairs", "name": "Repairs"}]);
    kept.record("2026-03-01", Kind::Budget, json!({"fund": "shared", "lines": lines, "year": 2026}));
    let mut fee_of_a_home = taken_in("100.00", "property-fee");
    fee_of_a_home["receipt"] = json!({"number": 7, "series": "a"});
    let of_a_home = kept.record("2026-03-02", Kind::Income, fee_of_a_home);
    let mut rent = taken_in("50.00", "parking");
    rent["contract"] = json!("parking-lot");
    let rent = kept.record("2026-03-03", Kind::Income, rent);
    let order = json!({
        "amount": "80.00", "fund": "shared", "payee": "acme", "purpose": "pump", "until": "2026-04-10",
    });
    let order = kept.record("2026-03-04", Kind::Order, order);
    let invoice = json!({"amount": "30.00", "number": "INV-1", "total": "80.00"});
    let part = json!({"budget": "repairs", "contract": "pump-room", "invoices": [invoice], "order": order});
    let part = kept.record("2026-03-05", Kind::Expense, paid("30.00", &part));
    let cost = kept.record("2026-03-06", Kind::Expense, paid("60.00", &json!({"cost_of": rent})));
    let back = json!({"account": "wechat", "amount": "10.00", "fund": "shared", "reason": "twice", "target": of_a_home});
    let back = kept.record("2026-03-07", Kind::Refund, back);
    let mut early = taken_in("33.33", "property-fee");
    early["occurred"] = json!("2026-03-31");
    kept.record("2026-04-01", Kind::Income, early);
    kept.close("2026-03", "2026-04-02");
    let invoice = json!({"amount": "10.00", "number": "INV-2", "total": "15.00"});
    let fee = json!({
        "account": "bank", "amount": "15.00", "fund": "shared", "invoice": invoice, "periods": ["2026-03"],
        "taker": "trustee",
    });
    kept.record("2026-04-05", Kind::Fee, fee);
    kept.record("2026-04-06", Kind::Income, taken_in("7.00", "property-fee"));
    let wrong = kept.record("2026-04-06", Kind::Reversal, json!({"reason": "wrong sum", "target": cost}));
    let right = json!({"budget": "repairs", "cost_of": rent, "replaces": wrong});
    kept.record("2026-04-06", Kind::Expense, paid("20.00", &right));
    let some = json!({"account": "bank", "amount": "5.00", "fund": "shared", "reason": "x", "target": part});
    kept.record("2026-04-07", Kind::Refund, some);
    kept.record("2026-04-08", Kind::Reversal, json!({"reason": "not paid out", "target": back}));
    kept.close("2026-04", "2026-05-02");
    kept
}

/// Two months of money held for others, taken over from older books, with a fee that is rounded entry by entry.
fn of_held_money() -> Kept {
    let mut genesis = Community::genesis_json("2026-03");
    genesis["deed"]["fees"][0]["rounding"] = json!("entry");
    let mut kept = Kept::begin(genesis);
    let opening = json!({
        "budgets": [{"budgeted": "100.00", "line": "repairs", "spent": "10.00", "year": 2026}],
        "fees": [{"base": "100.00", "rate": "15/100", "taken": "15.00", "taker": "trustee"}],
        "holdings": [{"account": "bank", "balance": "1000.00", "fund": "shared", "held": "200.00"}],
    });
    kept.record("2026-03-01", Kind::Opening, opening);
    let place = |amount: &str, more: Value| {
        let mut data = json!({"account": "bank", "amount": amount, "fund": "shared"});
        data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        data
    };
    let deposit = place("300.00", json!({"held_for": "deposit"}));
    let deposit = kept.record("2026-03-02", Kind::HeldIn, deposit);
    kept.record(
        "2026-03-03",
        Kind::HeldOut,
        place("100.00", json!({"held_for": "deposit", "target": deposit})),
    );
    let forfeit = json!({"amount": "50.00", "category": "parking", "reason": "damage", "target": deposit});
    kept.record("2026-03-04", Kind::Forfeit, forfeit);
    let advance = place("500.00", json!({"creditor": "trustee", "reason": "pump"}));
    let advance = kept.record("2026-03-05", Kind::Advance, advance);
    let loss = json!({"amount": "40.00", "cause": "cash box", "debtor": "trustee", "fund": "shared"});
    let loss = kept.record("2026-03-06", Kind::Loss, loss);
    let (bank, cash) =
        (json!({"account": "bank", "fund": "shared"}), json!({"account": "cash", "fund": "shared"}));
    kept.record("2026-03-07", Kind::Transfer, json!({"amount": "25.00", "from": bank, "to": cash}));
    kept.record("2026-03-08", Kind::Income, taken_in("0.37", "property-fee"));
    kept.record("2026-03-09", Kind::Income, taken_in("0.30", "property-fee"));
    kept.close("2026-03", "2026-04-02");
    kept.record("2026-04-03", Kind::Repayment, place("200.00", json!({"target": advance})));
    kept.record(
        "2026-04-04",
        Kind::Restoration,
        json!({"account": "bank", "amount": "40.00", "target": loss}),
    );
    let list = json!({"class": "list", "digest": nobody_s(), "media": "text/csv", "size": 1});
    kept.record(
        "2026-04-05",
        Kind::Distribution,
        place("10.00", json!({"decision": loss, "list": list, "shares": 3})),
    );
    kept.record("2026-04-06", Kind::Refund, place("30.00", json!({"reason": "half", "target": deposit})));
    kept.record("2026-04-07", Kind::Income, taken_in("0.37", "property-fee"));
    kept.close("2026-04", "2026-05-02");
    kept
}

/// docs/spec/vectors/ledgers.json.
pub(crate) fn document() -> String {
    let written = |id: &str, clauses: &[&str], community: &Community, documents: Vec<&StateDocument>| {
        let file = String::from_utf8(community.file()).expect("text");
        let documents: Vec<String> = documents.into_iter().map(StateDocument::encode).collect();
        json!({"clauses": clauses, "documents": documents, "file": file, "id": id})
    };
    let figures = |id, kept: &Kept| written(id, &["B-8", "M-2"], &kept.community, kept.documents().collect());
    let ledgers = [
        figures("figures-of-fees", of_fees()),
        figures("figures-of-held-money", &of_held_money()),
        written("two-months", &["R-1"], two_months(), Vec::new()),
        written("closes-in-a-run", &["B-1"], &closes_in_a_run(), Vec::new()),
        written("before-recovery", &["R-1"], &recovery(false), Vec::new()),
        written("recovered", &["A-7"], &recovery(true), Vec::new()),
    ];
    serde_json::to_string_pretty(&ledgers).expect("JSON") + "\n"
}

/// A ledger by the name that vectors give it.
pub(crate) fn ledger(id: &str) -> Community {
    match id {
        "figures-of-fees" => keep_fees().community,
        "figures-of-held-money" => of_held_money().community,
        "two-months" => story_to(12),
        "closes-in-a-run" => closes_in_a_run(),
        "before-recovery" => recovery(false),
        "recovered" => recovery(true),
        other => panic!("no ledger `{other}`"),
    }
}

/// Two months, then either one more income or the recovery of the recorder's keys at the same index.
pub(crate) fn recovery(recovered: bool) -> Community {
    let mut community = story_to(12);
    community.clock("2026-05-07T04:00:00Z");
    if !recovered {
        community.record("2026-05-06", Kind::Income, Seal::Trustee, taken_in("8.00", "property-fee"));
        return community;
    }
    let (content, approvals, key) = recovery_content(&mut community, size(12));
    let line = community.replay.prepare(content, approvals).record(community.now, &key).expect("a line");
    community.push(line).expect("a recovery");
    community
}

/// A recovery of the trustee's keys at this size by committee and supervisor, and the recorder's new key.
pub(crate) fn recovery_content(
    community: &mut Community,
    size: xinyi_core::Size,
) -> (xinyi_core::Content, Vec<Approval>, xinyi_testkit::TestKey) {
    let new = xinyi_testkit::TestKey::named("new-recorder");
    let grant = json!({
        "holder": "new-recorder", "key": xinyi_core::Sign::public_key(&new), "party": "trustee",
        "term": {"from": "2000-01-01"}, "uses": ["approve", "log", "record"],
    });
    let data = json!({
        "add": [grant], "party": "trustee", "reason": "the recorder is silent",
        "register": community.replay.register().expect("a register").digest(),
        "retire": [xinyi_core::Sign::public_key(&Community::trustee()).id()],
        "root": community.replay.root_at(size), "size": size,
    });
    let content = community.content("2026-05-06", Kind::Recovery, data);
    let signers = [Community::committee(), Community::supervisor()];
    let approvals = signers.map(|key| Approval::sign(&content, &key)).to_vec();
    (content, approvals, new)
}
