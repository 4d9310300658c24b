//! What lies where after acts: own and held money by account and fund, and an account's balance at a day's end.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use xinyi_core::{Date, Kind};

use super::{Act, yuan};

/// Money by place, as acts move it.
#[derive(Clone, Debug, Default)]
pub(super) struct Holdings {
    /// By account and day of booking, what came and went.
    days: BTreeMap<String, BTreeMap<Date, i64>>,
    /// Own and held by account and fund.
    places: BTreeMap<(String, String), (i64, i64)>,
    /// What acts moved, by name, for those that take it back; and whether it was held.
    moved: HashMap<String, (Vec<(String, i64)>, bool)>,
}

impl Holdings {
    /// Takes an act's money in.
    pub(super) fn take(&mut self, act: &Act) {
        let (moves, is_held) = self.moves(act);
        for (account, cents) in &moves {
            *self.days.entry(account.clone()).or_default().entry(act.date).or_default() += cents;
            let fund = if account == "repair-bank" { "repair" } else { "shared" };
            let place = self.places.entry((account.clone(), fund.to_owned())).or_default();
            if is_held { place.1 += cents } else { place.0 += cents }
        }
        if act.kind == Kind::Forfeit {
            let place = self.places.entry(("bank".to_owned(), "shared".to_owned())).or_default();
            *place = (place.0 + act.cents(), place.1 - act.cents());
        }
        if !moves.is_empty() {
            self.moved.insert(act.name.clone(), (moves, is_held));
        }
    }

    fn moves(&self, act: &Act) -> (Vec<(String, i64)>, bool) {
        if act.kind == Kind::Reversal {
            let target = self.moved.get(act.text("target").trim_start_matches('@'));
            let (moves, is_held) = target.cloned().unwrap_or_default();
            return (moves.into_iter().map(|(account, cents)| (account, -cents)).collect(), is_held);
        }
        let is_held = matches!(act.kind, Kind::HeldIn | Kind::HeldOut | Kind::Advance | Kind::Repayment);
        (act.moves(), is_held)
    }

    /// What an account holds at the end of a day, by what was taken in.
    pub(super) fn balance(&self, account: &str, day: Date) -> i64 {
        self.days.get(account).into_iter().flat_map(|days| days.range(..=day)).map(|(_, cents)| cents).sum()
    }

    /// The holdings as a hand-over states them.
    pub(super) fn stated(&self) -> Value {
        let holding = |((account, fund), (own, held)): (&(String, String), &(i64, i64))| json!({"account": account, "balance": yuan(*own), "fund": fund, "held": yuan(*held)});
        self.places.iter().map(holding).collect()
    }

    /// Writes into an act what only the money before it can say.
    pub(super) fn state(&self, act: &mut Act) {
        match act.kind {
            Kind::Handover => act.data["holdings"] = self.stated(),
            Kind::BankConfirmation => {
                let day = act.text("as_of").parse().expect("a day");
                act.data["balance"] = json!(yuan(self.balance(act.text("account"), day)));
            }
            _ => {}
        }
    }
}
