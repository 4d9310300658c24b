//! What people ask, waive and make good: objections and answers, waivers, a loss and its restoration, an account renamed.

use serde_json::json;
use xinyi_core::Kind;

use super::Act;
use super::compound::Compound;

impl Compound {
    /// What is said in the month.
    pub(super) fn plan_voices(&mut self) {
        self.plan_question();
        if self.is_turn(4, 1) {
            self.plan_waiver();
        }
        if self.is_turn(12, 7) {
            self.plan_loss_made_good();
        }
        if self.is_turn(24, 2) {
            let account = json!({"account": {"account": "wechat", "class": "wallet", "name": "微信商户二号（样例）", "open": true}});
            self.put(Act::new(self.day(3), Kind::Account, account));
        }
    }

    fn plan_question(&mut self) {
        let data = json!({"by": self.chance.digest(), "text": "电梯广告的收入在哪里？"});
        let asked = self.put(Act::new(self.day(19), Kind::Objection, data).both());
        let data = json!({"party": "trustee", "target": format!("@{asked}"), "text": "按合同每季度入账，见公共收益。"});
        self.put(Act::new(self.day(24), Kind::Answer, data));
    }

    fn plan_waiver(&mut self) {
        let decision = self.resolve(self.day(15), "waiver", "困难户减免物业费", &json!({}));
        let household = self.households[0].clone();
        let data = json!({
            "amount": "20.00", "category": "property-fee", "decision": format!("@{decision}"), "fund": "shared",
            "months": {"from": self.period(), "to": self.period()}, "reason": "困难户", "unit": household.sealed,
        });
        self.put(Act::new(self.day(15), Kind::Waiver, data).both());
    }

    /// The trustee broke a lamp and pays for it before the next fee.
    fn plan_loss_made_good(&mut self) {
        let data = json!({"amount": "200.00", "cause": "施工碰坏路灯", "debtor": "trustee", "fund": "shared",
            "vouchers": [self.voucher("photo")]});
        let loss = self.put(Act::new(self.day(20), Kind::Loss, data).both());
        let data = json!({"account": "bank", "amount": "200.00", "target": format!("@{loss}"), "vouchers": [self.voucher("bank")]});
        self.put(Act::new(self.day(27), Kind::Restoration, data).both());
    }
}
