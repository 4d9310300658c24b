//! HO-01: whoever leaves office hands over what the books say, and both sides sign for it (Civil Code art. 949).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Handover, Index, KeyGrant, KeyId, Kind, Label, Role, Severity};

use crate::finding::Finding;
use crate::rule::{Check, FileEnd, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "HO-01",
    severity: Severity::Error,
    page: include_str!("handover.md"),
    check: Check::Watch(|| Box::new(Offices::default())),
    kinds: Kinds::Of(&[Kind::Genesis, Kind::Handover, Kind::Keys, Kind::Recovery]),
    older: true,
    proof: Proof::Ledger,
    parameters: &[],
};

/// Who holds keys for which party, and who was in office when it last changed hands.
#[derive(Clone, Debug, Default)]
struct Offices {
    changes: BTreeMap<Label, Change>,
    /// Hand-overs that no change of office has used up.
    handed_over: BTreeMap<Label, Date>,
    holders: BTreeMap<KeyId, (Label, Label)>,
    /// By party, those of whom one at least has been in office since it last changed hands.
    incumbents: BTreeMap<Label, BTreeSet<Label>>,
}

/// A change of office that waits for its hand-over.
#[derive(Clone, Debug)]
struct Change {
    /// Who was in office before.
    before: BTreeSet<Label>,
    by: Option<Date>,
    day: Date,
    index: Index,
    /// Whether a hand-over of before would be known.
    is_sure: bool,
}

impl Watch for Offices {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        match step.entry.content().data() {
            Data::Handover(_) if step.is_history() => sink.skip(),
            Data::Handover(handover) => {
                sink.examine();
                check_balances(step, handover, sink);
                self.check_signatures(step, handover, sink);
                self.check_time(step, handover, sink);
            }
            _ => {}
        }
        if let Some((party, change)) = self.change_hands(step) {
            self.wait(party, change, step, sink);
        }
        self.note_handover(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        if let Some((party, change)) = self.change_hands(step) {
            self.changes.insert(party, Change { is_sure: false, ..change });
        }
        self.note_handover(step);
    }

    fn end(&mut self, end: &FileEnd<'_>, sink: &mut Sink<'_>) {
        for (party, change) in &self.changes {
            change.report_missing(party, end.last_day, sink);
        }
    }
}

impl Offices {
    /// Takes in a change of keys; the party none of whose incumbents has a key any more has changed hands.
    fn change_hands(&mut self, step: &Step<'_>) -> Option<(Label, Change)> {
        let party = match step.entry.content().data() {
            Data::Genesis(genesis) => {
                self.admit(&genesis.keys);
                for grant in &genesis.keys {
                    let incumbents = self.incumbents.entry(grant.party.clone()).or_default();
                    incumbents.insert(grant.holder.clone());
                }
                return None;
            }
            Data::Keys(change) => {
                let revoked = change.revoke.iter().map(|revocation| revocation.key);
                self.dismiss(change.retire.iter().copied().chain(revoked));
                self.admit(&change.add);
                &change.party
            }
            Data::Recovery(recovery) => {
                self.dismiss(recovery.retire.iter().copied());
                self.admit(&recovery.add);
                &recovery.party
            }
            _ => return None,
        };
        let holders = self.holders_of(party);
        let incumbents = self.incumbents.entry(party.clone()).or_default();
        if !incumbents.is_disjoint(&holders) {
            return None;
        }
        let before = std::mem::replace(incumbents, holders);
        let role = step.books.party(party).map(|party| party.role);
        let is_office = !before.is_empty() && matches!(role, Some(Role::Agent | Role::Trustee));
        is_office.then(|| (party.clone(), Change::of(step, before)))
    }

    fn dismiss(&mut self, keys: impl Iterator<Item = KeyId>) {
        keys.for_each(|key| drop(self.holders.remove(&key)));
    }

    fn admit(&mut self, grants: &[KeyGrant]) {
        let keys = grants.iter().map(|grant| (grant.key.id(), (grant.party.clone(), grant.holder.clone())));
        self.holders.extend(keys);
    }

    fn holders_of(&self, party: &Label) -> BTreeSet<Label> {
        let of_party = self.holders.values().filter(|(of, _)| of == party);
        of_party.map(|(_, holder)| holder.clone()).collect()
    }

    /// A change of office needs a hand-over, within the deed's days before or after it.
    fn wait(&mut self, party: Label, change: Change, step: &Step<'_>, sink: &mut Sink<'_>) {
        if step.is_history() {
            sink.skip();
            return;
        }
        let earliest = change.by.map(|by| change.day.plus_days(-change.day.days_until(by)));
        let in_time = |day: Date| earliest.is_none_or(|earliest| earliest <= day);
        if self.handed_over.remove(&party).is_some_and(in_time) {
            sink.examine();
            return;
        }
        let is_sure = step
            .books
            .from()
            .is_none_or(|from| earliest.is_some_and(|earliest| earliest >= from.first_day()));
        if !is_sure {
            sink.lack_older();
        } else if change.by.is_some() {
            sink.examine();
        }
        let change = Change { is_sure, ..change };
        let change = match self.changes.remove(&party) {
            // The clock of a change that waits runs on: another change does not wind it.
            Some(waiting) if waiting.by.is_some_and(|by| by >= change.day) => {
                if !waiting.is_sure {
                    sink.lack_older();
                }
                waiting.followed_by(change)
            }
            waiting => {
                waiting.iter().for_each(|waiting| waiting.report_missing(&party, change.day, sink));
                change
            }
        };
        self.changes.insert(party, change);
    }

    fn note_handover(&mut self, step: &Step<'_>) {
        let Data::Handover(handover) = step.entry.content().data() else { return };
        for party in BTreeSet::from([&handover.from, &handover.to]) {
            if self.changes.remove(party).is_none() {
                self.handed_over.insert(party.clone(), step.entry.content().date());
            }
        }
    }

    fn check_time(&self, step: &Step<'_>, handover: &Handover, sink: &mut Sink<'_>) {
        let parties = BTreeSet::from([&handover.from, &handover.to]);
        let day = step.entry.content().date();
        for (party, change) in parties.into_iter().filter_map(|party| self.changes.get_key_value(party)) {
            if !change.is_sure {
                sink.lack_older();
            } else if let Some(by) = change.by.filter(|by| *by < day) {
                let finding = Finding::at(step.entry.index()).with("case", "late").with("party", party);
                let finding = finding.with("day", day).with("by", by);
                sink.report(Finding { entries: vec![change.index], ..finding });
            }
        }
    }

    /// Both sides sign, and the committee does.
    fn check_signatures(&self, step: &Step<'_>, handover: &Handover, sink: &mut Sink<'_>) {
        let signed = |party: &Label| step.is_signed_by(party);
        let (old, new) = if handover.from == handover.to {
            let change = self.changes.get(&handover.from);
            if change.is_some_and(|change| !change.is_sure) {
                sink.lack_older();
                return;
            }
            let before = change.map(|change| &change.before).or_else(|| self.incumbents.get(&handover.from));
            let signed_by = |old: bool| {
                let of_party = step.entry.approvers().iter().filter(|signer| signer.party == handover.from);
                let mut holders = of_party.map(|signer| &signer.holder);
                holders.any(|holder| before.is_some_and(|before| before.contains(holder)) == old)
            };
            (signed_by(true), signed_by(false))
        } else {
            // A party that keeps another ledger signs there.
            let elsewhere = handover.successor.is_some() && step.books.party(&handover.to).is_none();
            (signed(&handover.from), signed(&handover.to) || elsewhere)
        };
        let committee = step.books.party_with(Role::Agent).is_some_and(|party| signed(&party.party));
        for (_, side) in [(old, "old"), (new, "new"), (committee, "committee")]
            .into_iter()
            .filter(|(is_signed, _)| !is_signed)
        {
            let finding = Finding::at(step.entry.index()).with("case", "unsigned").with("side", side);
            sink.report(finding.with("from", &handover.from).with("to", &handover.to));
        }
    }
}

impl Change {
    fn of(step: &Step<'_>, before: BTreeSet<Label>) -> Self {
        let day = step.entry.content().date();
        let days = step.deed.deadlines.handover_days.and_then(|days| i32::try_from(days.get()).ok());
        Self {
            before,
            by: days.map(|days| day.plus_days(days)),
            day,
            index: step.entry.index(),
            is_sure: true,
        }
    }

    /// One hand-over is due for both: of all who were in office before, by the day of the first.
    fn followed_by(mut self, next: Self) -> Self {
        self.before.extend(next.before);
        Self { is_sure: self.is_sure && next.is_sure, ..self }
    }

    /// No hand-over came by the day it was due.
    fn report_missing(&self, party: &Label, today: Date, sink: &mut Sink<'_>) {
        if let Some(by) = self.by.filter(|by| self.is_sure && *by < today) {
            let finding = Finding::at(self.index).with("case", "missing").with("party", party);
            sink.report(finding.with("day", self.day).with("by", by));
        }
    }
}

/// What is handed over is what the books say; a difference that was found is stated, and explains all of it.
fn check_balances(step: &Step<'_>, handover: &Handover, sink: &mut Sink<'_>) {
    if step.books.is_early() {
        sink.lack_older();
        return;
    }
    let mut places: BTreeMap<(Label, Label, &str), (Decimal, Decimal)> = BTreeMap::new();
    let total = step.books.total();
    for (column, figures) in [("own", &total.own), ("held", &total.held)] {
        for ((account, fund), amount) in figures {
            places.entry((account.clone(), fund.clone(), column)).or_default().0 += *amount;
        }
    }
    for holding in &handover.holdings {
        for (column, amount) in [("own", holding.balance), ("held", holding.held)] {
            let place = (holding.account.clone(), holding.fund.clone(), column);
            places.entry(place).or_default().1 += amount.decimal();
        }
    }
    let at = |case| Finding::at(step.entry.index()).with("case", case);
    if let Some(difference) = handover.difference.map(|difference| difference.decimal()) {
        let books: Decimal = places.values().map(|(books, _)| *books).sum();
        let stated: Decimal = places.values().map(|(_, stated)| *stated).sum();
        if books + difference == stated {
            sink.report_as(Severity::Warning, at("difference").differing(books, stated));
        } else {
            sink.report(at("unexplained").differing(books + difference, stated));
        }
        return;
    }
    for ((account, fund, column), (books, stated)) in places.into_iter().filter(|(_, (b, s))| b != s) {
        let finding = at("balance").with("account", account).with("fund", fund).with("money", column);
        sink.report(finding.differing(books, stated));
    }
}
