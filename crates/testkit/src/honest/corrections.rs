//! What goes wrong and is put right: reversals over month and year end with their replacements, refunds in parts.

use serde_json::json;
use xinyi_core::{Date, Kind};

use super::compound::Compound;
use super::{Act, at, yuan};

impl Compound {
    /// Corrections that begin in the month.
    pub(super) fn plan_corrections(&mut self) {
        self.plan_wrong_income(self.period().last_day(), self.period().next().first_day().plus_days(7));
        if self.is_turn(3, 0) {
            self.plan_wrong_income(self.day(14), self.day(17));
        }
        if self.is_turn(4, 3) {
            self.plan_wrong_expense();
        }
        self.plan_overpaid();
        if self.is_turn(5, 2) {
            self.plan_returned();
        }
    }

    /// A payment written down ten yuan short, found and put right later.
    fn plan_wrong_income(&mut self, day: Date, found: Date) {
        let amount = self.some(5_000, 9_000);
        let mut wrong = self.bank_payment(day, amount);
        // The desk writes the last day's payment the next morning.
        if day == self.period().last_day() {
            wrong = wrong.recorded(at(day.plus_days(1), 9, 0));
        }
        let right = self.bank_payment(found, amount + 1_000).with(&json!({
            "occurred": day, "payer": wrong.data["payer"], "unit": wrong.data["unit"],
            "service": [{"amount": yuan(amount + 1_000), "class": "current", "from": day.period(), "to": day.period()}],
        }));
        self.correct(wrong, found, "金额少记，重新登记", right);
    }

    /// An expense written down too low; what replaces it counts in the budget year of the first.
    fn plan_wrong_expense(&mut self) {
        let (day, found) = (self.day(23), self.period().next().first_day().plus_days(9));
        let amount = self.some(20_000, 40_000);
        let mut wrong = self.spend(day, amount, "gardener", "greenery");
        wrong.data["invoices"][0]["total"] = json!(yuan(amount + 500));
        let mut right = wrong.clone().with(&json!({"amount": yuan(amount + 500), "occurred": day}));
        right.data["invoices"][0]["amount"] = json!(yuan(amount + 500));
        right.date = found;
        right.recorded = at(found, 12, 0);
        self.correct(wrong, found, "金额少记，重新登记", right);
    }

    fn correct(&mut self, wrong: Act, found: Date, reason: &str, right: Act) {
        let name = self.put(wrong.clone());
        let data = json!({"found_by": "committee", "reason": reason, "target": format!("@{name}")});
        let reversal = self.put(Act::new(found, Kind::Reversal, data).both());
        self.book(&wrong, wrong.date, -1, found.period());
        let right = right.with(&json!({"replaces": format!("@{reversal}")}));
        self.put_as_of(right, wrong.date);
    }

    /// A payment made twice comes back in two parts, the second next month.
    fn plan_overpaid(&mut self) {
        let twice = self.bank_payment(self.day(22), 9_000);
        let (day, person) = (twice.date, twice.data["payer"].clone());
        let name = self.put(twice);
        for (back, cents) in
            [(day.plus_days(3), 4_000), (self.period().next().first_day().plus_days(2), 5_000)]
        {
            let data = json!({
                "account": "bank", "amount": yuan(cents), "fund": "shared", "reason": "重复缴费，分次退回",
                "recipient": person, "target": format!("@{name}"), "vouchers": [self.voucher("receipt")],
            });
            self.put(Act::new(back, Kind::Refund, data));
            self.earn(back.period(), day, -cents);
        }
    }

    /// A supplier takes goods back.
    fn plan_returned(&mut self) {
        let day = self.day(17);
        let act = self.spend(day, 30_000, "office-shop", "office");
        let name = self.put(act);
        let data = json!({
            "account": "bank", "amount": "60.00", "fund": "shared", "reason": "退货",
            "target": format!("@{name}"), "vouchers": [self.voucher("receipt")],
        });
        self.put(Act::new(day.plus_days(20), Kind::Refund, data));
    }
}
