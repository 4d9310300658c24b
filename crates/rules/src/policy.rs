//! Which approvals an entry needs under the deed, and which it lacks (spec: D-1, D-2).
//!
//! Authority entries are not here: too few approvals make them no entries at all.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rust_decimal::Decimal;
use xinyi_core::{
    ApprovalTerm, Content, Data, Deed, Entry, Expense, Family, Kind, Label, Need, Role, Signer,
};

use crate::books::facts::amount_of;
use crate::books::{Books, OrderTerms};

/// The approvals that a content asks for under the deed of its day.
#[must_use]
pub fn needs<'b>(books: &'b Books, content: &Content) -> Cow<'b, [Need]> {
    let data = content.data();
    if content.kind().info().family == Family::Authority {
        return Cow::default();
    }
    if let Some(party) = own_voice(data) {
        return threshold(books, party).into_iter().collect();
    }
    let Some(deed) = books.deed_at(content.date()) else { return both(books).into() };
    match data {
        Data::Reversal(_) => both(books).into(),
        Data::Ratification(ratification) => lacking_of(books, ratification).into(),
        Data::Expense(expense) if is_ordered(books, content, expense) => books
            .party_with(Role::Trustee)
            .and_then(|party| threshold(books, &party.party))
            .into_iter()
            .collect(),
        _ => by_deed(deed, content.kind(), amount_of(data)).map_or_else(|| both(books).into(), Cow::Borrowed),
    }
}

/// The approvals that an entry lacks.
#[must_use]
pub fn missing(books: &Books, entry: &Entry) -> Vec<Need> {
    let needs = needs(books, entry.content());
    needs.iter().filter(|need| !is_met(need, entry.approvers())).cloned().collect()
}

/// Whether enough distinct holders of the party are among the signers.
#[must_use]
pub fn is_met(need: &Need, signers: &[Signer]) -> bool {
    let is_first = |place: usize, signer: &Signer| {
        let mut before = signers.iter().take(place);
        !before.any(|other| other.party == need.party && other.holder == signer.holder)
    };
    let of_party = signers.iter().enumerate().filter(|(_, signer)| signer.party == need.party);
    let holders = of_party.filter(|(place, signer)| is_first(*place, signer));
    holders.take(need.holders.into()).count() == usize::from(need.holders)
}

/// Kinds in which a party speaks for itself (spec: D-1).
fn own_voice(data: &Data) -> Option<&Label> {
    match data {
        Data::Refusal(refusal) => Some(&refusal.party),
        Data::Objection(objection) => objection.party.as_ref(),
        Data::AuditOpinion(opinion) => Some(&opinion.party),
        _ => None,
    }
}

/// A ratification needs what its targets lacked (spec: D-2).
fn lacking_of(books: &Books, ratification: &xinyi_core::Ratification) -> Vec<Need> {
    let targets = ratification.targets.iter().filter_map(|target| books.lacking.get(&target.index));
    let needs: BTreeSet<_> =
        targets.flat_map(|line| &line.missing).map(|need| (need.party.clone(), need.holders)).collect();
    if needs.is_empty() {
        return both(books);
    }
    needs.into_iter().map(|(party, holders)| Need { holders, party }).collect()
}

/// The term for the highest amount that is not above the entry's.
fn by_deed(deed: &Deed, kind: Kind, amount: Decimal) -> Option<&[Need]> {
    let from = |term: &ApprovalTerm| term.from.map_or(Decimal::ZERO, |from| from.decimal());
    let of_kind =
        deed.approvals.iter().filter(|term| term.kind.as_str() == kind.as_str() && from(term) <= amount);
    of_kind.max_by_key(|term| from(term)).map(|term| term.needs.as_slice())
}

/// How many speak for the party with this role on a content: as many as the deed asks of it there, else its threshold.
pub(crate) fn consent(books: &Books, content: &Content, role: Role) -> Option<Need> {
    let party = &books.party_with(role)?.party;
    let deed = books.deed_at(content.date());
    let asked = deed.and_then(|deed| by_deed(deed, content.kind(), amount_of(content.data())));
    let asked = asked.into_iter().flatten().find(|need| need.party == *party && need.holders > 0);
    asked.cloned().or_else(|| threshold(books, party))
}

fn threshold(books: &Books, label: &Label) -> Option<Need> {
    books.party(label).map(|party| Need { holders: party.threshold, party: label.clone() })
}

fn both(books: &Books) -> Vec<Need> {
    let parties = [Role::Agent, Role::Trustee].into_iter().filter_map(|role| books.party_with(role));
    parties.map(|party| Need { holders: party.threshold, party: party.party.clone() }).collect()
}

/// Whether an approved order covers the expense: what it was given for, in time, within what is left (spec: D-2).
fn is_ordered(books: &Books, content: &Content, expense: &Expense) -> bool {
    let Some(order) = expense.order else { return false };
    let Some(terms) = books.lines.get(&order.index).and_then(|line| line.order.as_ref()) else {
        return false;
    };
    let ratified = books.lacking.get(&order.index).is_some_and(|line| line.ratified.is_some());
    let occurred = books.occurred(content.data()).unwrap_or(content.date());
    let left = books.left(crate::books::Remainder::Order, order.index);
    let in_time = occurred <= terms.until;
    (terms.approved || ratified) && is_for(terms, expense) && in_time && expense.amount.decimal() <= left
}

/// Whether the expense is what the order was given for; of budget line, category and contract it may leave open.
fn is_for(terms: &OrderTerms, expense: &Expense) -> bool {
    let agrees = |of_order: &Option<Label>, of_expense: Option<&Label>| {
        of_order.as_ref().is_none_or(|label| of_expense == Some(label))
    };
    terms.payee == expense.payee
        && terms.fund == expense.fund
        && agrees(&terms.budget, expense.budget.as_ref())
        && agrees(&terms.category, Some(&expense.category))
        && agrees(&terms.contract, expense.contract.as_ref())
}
