//! Money that is not the fund's: deposits, given back or forfeited; water paid through; advances.

use serde_json::json;
use xinyi_core::Kind;

use super::Act;
use super::compound::Compound;
use super::genesis::month;
use super::yuan;

impl Compound {
    /// What is held, and given back later.
    pub(super) fn plan_held(&mut self) {
        self.plan_deposit();
        self.plan_water();
        if self.is_turn(12, 3) {
            self.plan_advance();
        }
    }

    fn plan_deposit(&mut self) {
        let (day, person) = (self.day(9), self.chance.digest());
        let data = json!({
            "account": "bank", "amount": "2000.00", "fund": "shared", "held_for": "deposit", "payer": person,
            "receipt": {"number": 0, "series": "a"},
        });
        let name = self.put(Act::new(day, Kind::HeldIn, data));
        let back = month(&self.scale, self.after + 2).first_day().plus_days(13);
        let mut rest = 200_000;
        if self.is_turn(12, 5) {
            let kept = json!({"amount": "500.00", "category": "compensation", "reason": "装修损坏公共墙面，按协议扣除",
                "target": format!("@{name}"), "vouchers": [self.voucher("photo")]});
            self.put(Act::new(back, Kind::Forfeit, kept).both());
            rest -= 50_000;
        }
        let data = json!({
            "account": "bank", "amount": yuan(rest), "fund": "shared", "held_for": "deposit", "recipient": person,
            "target": format!("@{name}"), "vouchers": [self.voucher("receipt")],
        });
        self.put(Act::new(back, Kind::HeldOut, data));
    }

    fn plan_water(&mut self) {
        let cents = self.some(30_000, 60_000);
        let data = json!({
            "account": "bank", "amount": yuan(cents), "fund": "shared", "held_for": "pass-through",
            "payer": self.chance.digest(), "receipt": {"number": 0, "series": "a"},
        });
        let name = self.put(Act::new(self.day(11), Kind::HeldIn, data));
        let data = json!({
            "account": "bank", "amount": yuan(cents), "fund": "shared", "held_for": "pass-through", "payee": "water",
            "target": format!("@{name}"), "vouchers": [self.voucher("invoice")],
        });
        let day = self.period().next().first_day().plus_days(4);
        self.put(Act::new(day, Kind::HeldOut, data));
    }

    /// The trustee advances money and gets it back in two parts.
    fn plan_advance(&mut self) {
        let data = json!({
            "account": "bank", "amount": "8000.00", "creditor": "trustee", "fund": "shared",
            "reason": "垫付电费", "vouchers": [self.voucher("bank")],
        });
        let name = self.put(Act::new(self.day(8), Kind::Advance, data));
        for (later, cents) in [(1, 500_000), (2, 300_000)] {
            let day = month(&self.scale, self.after + later).first_day().plus_days(17);
            let data = json!({"account": "bank", "amount": yuan(cents), "fund": "shared", "target": format!("@{name}"),
                "vouchers": [self.voucher("bank")]});
            self.put(Act::new(day, Kind::Repayment, data));
        }
    }
}
