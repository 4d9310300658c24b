//! A plan about to be changed around one of its acts.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xinyi_core::{Date, Period};
use xinyi_rules::Outside;
use xinyi_testkit::honest::{Act, Plan, cents, yuan};

use super::Where;
use super::ledger::Ledger;

/// Changes the lists from outside.
type Forge = fn(&mut Outside, &Scene);

/// A plan, the act that a fraud is planted around, and how far beyond the limit it goes.
pub(crate) struct Scene {
    /// What of a month's charges came in by its end, in the honest ledger.
    pub(crate) collected: BTreeMap<Period, i64>,
    /// Acts whose contents the committee shows as approved.
    pub(crate) filed: Vec<String>,
    /// Whether the bank's balances and those handed over stay as they were, whatever moved.
    pub(crate) is_misstated: bool,
    pub(crate) name: String,
    /// The lists that an honest ledger would agree with are given, so changed.
    pub(crate) outside: Option<Forge>,
    /// What the shared fund has of its own at a month's end, in the honest ledger.
    pub(crate) own: BTreeMap<Period, i64>,
    pub(crate) plan: Plan,
    /// 1 for the fraud, one cent or one day beyond; 0 for the twin at the limit.
    pub(crate) step: i64,
}

impl Scene {
    pub(crate) fn new(ledger: &Ledger, place: usize, step: i64) -> Self {
        Self {
            collected: ledger.collected.clone(),
            filed: Vec::new(),
            is_misstated: false,
            name: ledger.plan.acts[place].name.clone(),
            outside: None,
            own: ledger.own.clone(),
            plan: ledger.plan.clone(),
            step,
        }
    }

    /// Whether this is the fraud and not the twin.
    pub(crate) const fn is_fraud(&self) -> bool {
        self.step > 0
    }

    /// The finding is at the act itself.
    pub(crate) fn here(&self) -> Where {
        Where::At(self.name.clone())
    }

    /// The act.
    pub(crate) fn act(&mut self) -> &mut Act {
        let name = self.name.clone();
        self.named(&name)
    }

    /// The act, only to look at.
    pub(crate) fn planted(&self) -> &Act {
        &self.plan.acts[self.plan.place(&self.name)]
    }

    /// An act by its name.
    pub(crate) fn named(&mut self, name: &str) -> &mut Act {
        let place = self.plan.place(name);
        &mut self.plan.acts[place]
    }

    /// The name of the first act that fits.
    pub(crate) fn first(&self, fits: impl Fn(&Act) -> bool) -> Option<String> {
        self.plan.acts.iter().find(|act| fits(act)).map(|act| act.name.clone())
    }

    /// The act that this one's link names.
    pub(crate) fn linked(&mut self, field: &str) -> String {
        self.act().text(field).trim_start_matches('@').to_owned()
    }

    /// Sets a field of the act; null takes it away.
    pub(crate) fn set(&mut self, field: &str, value: &Value) {
        let data = self.act().data.as_object_mut().unwrap();
        if value.is_null() {
            data.remove(field);
        } else {
            data.insert(field.to_owned(), value.clone());
        }
    }

    /// Days beyond the limit: one for the fraud, none for the twin.
    pub(crate) fn days(&self) -> i32 {
        i32::try_from(self.step).unwrap()
    }

    /// The act's booking day.
    pub(crate) fn day(&self) -> Date {
        self.planted().date
    }

    /// Who may approve for the committee when the act is recorded.
    pub(crate) fn committee(&self) -> Vec<String> {
        self.plan.committee(self.planted().recorded)
    }

    /// Makes the act's amount another, with the invoice that it pays in full.
    pub(crate) fn pay(&mut self, amount: i64) {
        let act = self.act();
        act.data["amount"] = json!(yuan(amount));
        for pointer in ["/invoices/0", "/invoice"] {
            if let Some(invoice) = act.data.pointer_mut(pointer) {
                invoice["amount"] = json!(yuan(amount));
                invoice["total"] = json!(yuan(amount));
            }
        }
    }

    /// The amount of the act in hundredths.
    pub(crate) fn amount(&self) -> i64 {
        cents(self.planted().text("amount"))
    }

    /// A voucher of a class.
    pub(crate) fn voucher(&self, class: &str) -> Value {
        let digest = format!("{:064x}", self.plan.acts.len());
        json!({"class": class, "digest": digest, "media": "application/pdf", "size": 1000})
    }

    /// Records the act on another day and hour.
    pub(crate) fn move_to(&mut self, day: Date, hour: i64) {
        self.plan.move_to(&self.name.clone(), day, hour);
    }

    /// Records an act like this one once more, changed; gives its name.
    pub(crate) fn again(&mut self, change: impl Fn(&mut Act)) -> String {
        let mut act = self.act().clone();
        act.name = format!("{} again", act.name);
        change(&mut act);
        let name = act.name.clone();
        self.plan.insert(act);
        name
    }

    /// Leaves the act out.
    pub(crate) fn leave_out(&mut self, name: &str) {
        self.plan.acts.retain(|act| act.name != name);
    }

    /// The month of a fee or a close.
    pub(crate) fn month(&self) -> Period {
        let act = self.planted();
        let period = act.data["periods"][0].as_str().or(act.data["period"].as_str());
        period.unwrap().parse().unwrap()
    }
}
