//! What follows a month: confirmed balances, its close, its posting, the fee taken on it; an audit once a year.

use serde_json::json;
use xinyi_core::{Kind, Period};

use super::compound::Compound;
use super::{Act, at, yuan};

impl Compound {
    /// What the month before still needs.
    pub(super) fn plan_closing(&mut self) {
        if self.after == 0 {
            return;
        }
        let past = self.period().previous();
        for (account, hour) in [("bank", 10), ("wechat", 11)] {
            self.confirm(account, hour, past);
        }
        let day = self.day(4);
        let mut data = json!({"period": past});
        // Every other close waited for approval since the day before, while the new month went on.
        if self.after.is_multiple_of(2) {
            data["after"] = json!(format!("wechat confirmed of {past}"));
        }
        self.put(Act::new(day, Kind::Close, data).both().named(format!("close of {past}")));
        self.post(past);
        self.take_fee(past);
        if self.period().month() == 3 {
            self.audit();
        }
    }

    fn confirm(&mut self, account: &str, hour: i64, past: Period) {
        let day = self.day(2);
        let data = json!({"account": account, "as_of": past.last_day(), "balance": "0.00", "voucher": self.voucher("bank")});
        let name = format!("{account} confirmed of {past}");
        self.put(Act::new(day, Kind::BankConfirmation, data).named(name).recorded(at(day, hour, 0)));
    }

    fn post(&mut self, past: Period) {
        let day = self.day(7);
        let data = json!({
            "digest": self.chance.digest(), "from": day, "period": past, "places": ["小区大门公告栏", "业主群"],
            "to": day.plus_days(30), "vouchers": [self.voucher("photo")],
        });
        self.put(Act::new(day, Kind::Publication, data).named(format!("posting of {past}")));
    }

    /// All that is due, to the hundredth, on the sixth.
    fn take_fee(&mut self, past: Period) {
        let (day, due) = (self.day(6), self.entitled(past) - self.taken);
        if due <= 0 {
            return;
        }
        self.taken += due;
        let data = json!({
            "account": "bank", "amount": yuan(due), "fund": "shared", "invoice": self.invoice(due), "periods": [past],
            "taker": "trustee",
        });
        self.put(Act::new(day, Kind::Fee, data).named(format!("fee for {past}")));
    }

    fn audit(&mut self) {
        let day = self.day(20);
        let data = json!({
            "opinion": "unqualified", "party": "auditor", "range": "#range", "report": self.voucher("other"),
            "summary": "账目与凭证相符",
        });
        let mut act = Act::new(day, Kind::AuditOpinion, data).recorded(at(day, 9, 0));
        act.by = vec!["auditor".to_owned()];
        self.put(act);
    }
}
