//! Money on its way to the bank: cash the next day, the wallet once a week and over the month's end, its cost apart.

use serde_json::json;
use xinyi_core::{Date, Kind};

use super::compound::Compound;
use super::{Act, at, yuan};

/// Days of the month on which the wallet settles; what comes after the last settles next month.
const SETTLED: [u32; 4] = [5, 12, 19, 26];

impl Compound {
    /// What goes to the bank this month.
    pub(super) fn plan_banking(&mut self) {
        for day in SETTLED {
            self.settle(self.day(day));
        }
        self.bank_cash();
    }

    fn settle(&mut self, day: Date) {
        let waiting = self.unbanked.iter().filter(|((account, came), _)| *account == "wechat" && *came < day);
        let gross: i64 = waiting.map(|(_, cents)| *cents).sum();
        self.unbanked.retain(|(account, came), _| *account != "wechat" || *came >= day);
        let cost = (gross * 6 + 500) / 1_000;
        if gross == 0 {
            return;
        }
        if cost > 0 {
            let data = self.spent("wechat", cost, "wechat-pay", "channel");
            self.put(Act::new(day, Kind::Expense, data).recorded(at(day, 10, 0)));
        }
        self.transfer("wechat", day, gross - cost);
    }

    fn bank_cash(&mut self) {
        let cash: Vec<_> = self.unbanked.extract_if(.., |(account, _), _| *account == "cash").collect();
        for ((_, came), cents) in cash {
            self.transfer("cash", came.plus_days(1), cents);
        }
    }

    fn transfer(&mut self, from: &str, day: Date, cents: i64) {
        let data = json!({
            "amount": yuan(cents), "from": {"account": from, "fund": "shared"},
            "to": {"account": "bank", "fund": "shared"}, "vouchers": [self.voucher("bank")],
        });
        self.put(Act::new(day, Kind::Transfer, data).recorded(at(day, 15, 0)));
    }
}
