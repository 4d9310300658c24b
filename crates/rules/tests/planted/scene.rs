//! A plan about to be changed around one of its acts.

use serde_json::{Value, json};
use xinyi_core::{Date, Period};
use xinyi_testkit::honest::{Act, Plan, cents, yuan};

use super::Where;

/// A plan, the act that a fraud is planted around, and how far beyond the limit it goes.
pub(crate) struct Scene {
    /// Acts whose contents the committee shows as approved.
    pub(crate) filed: Option<Vec<String>>,
    /// Whether the bank's balances and those handed over stay as they were, whatever moved.
    pub(crate) is_misstated: bool,
    pub(crate) name: String,
    pub(crate) plan: Plan,
    /// 1 for the fraud, one cent or one day beyond; 0 for the twin at the limit.
    pub(crate) step: i64,
}

impl Scene {
    pub(crate) fn new(plan: &Plan, place: usize, step: i64) -> Self {
        Self {
            filed: None,
            is_misstated: false,
            name: plan.acts[place].name.clone(),
            plan: plan.clone(),
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
    pub(crate) fn amount(&mut self) -> i64 {
        cents(self.act().text("amount"))
    }

    /// Changes every deed.
    pub(crate) fn each_deed(&mut self, change: impl Fn(&mut Value)) {
        change(&mut self.plan.genesis["deed"]);
        for act in &mut self.plan.acts {
            if let Some(deed) = act.data.get_mut("deed") {
                change(deed);
            }
        }
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
    pub(crate) fn month(&mut self) -> Period {
        let act = self.act();
        let period = act.data["periods"][0].as_str().or(act.data["period"].as_str());
        period.unwrap().parse().unwrap()
    }
}
