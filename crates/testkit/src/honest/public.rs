//! What common parts bring and large repairs cost: a kiosk's rent, the repair fund's share, a renewal with retention.

use serde_json::{Value, json};
use xinyi_core::{Date, Kind, Period};

use super::compound::Compound;
use super::{Act, yuan};

/// The kiosk's rent of a month.
const RENT: i64 = 80_000;
/// What a month of the renewal costs, and what of it is paid at once; the rest is kept for a year after its end.
const RENEWAL: (i64, i64) = (150_000, 142_500);

impl Compound {
    /// Contracts of a year about common parts, for the months from one on.
    pub(super) fn plan_public_contracts(&mut self, months: &[Period], decision: &str) {
        self.plan_contract("kiosk", "income", RENT, 5, months, Some(decision));
        for month in months {
            let contract = format!("kiosk-{}", month.year());
            self.receive(month.first_day().plus_days(4), RENT, "site-rent", &contract);
        }
        self.plan_renewal(months);
    }

    /// What comes in under a contract.
    pub(super) fn receive(&mut self, day: Date, cents: i64, category: &str, contract: &str) {
        let data = json!({
            "account": "bank", "amount": yuan(cents), "category": category, "channel": "bank", "contract": contract,
            "fund": "shared", "receipt": {"number": 0, "series": "a"},
        });
        self.put(Act::new(day, Kind::Income, data));
    }

    /// Lifts are renewed month by month from the repair fund; a twentieth is kept for a year after the end.
    fn plan_renewal(&mut self, months: &[Period]) {
        let (Some(first), Some(last)) = (months.first(), months.last()) else { return };
        let (price, now) = RENEWAL;
        let count = i64::try_from(months.len()).expect("few");
        let kept_until = (0..13).fold(*last, |month, _| month.next()).first_day().plus_days(9);
        let due = |day: Date, cents: i64| json!({"amount": yuan(cents), "due": day});
        let mut instalments: Vec<Value> = months.iter().map(|month| due(month.first_day(), now)).collect();
        instalments.push(due(kept_until, (price - now) * count));
        let contract = format!("renewal-{}", first.year());
        let data = json!({
            "contract": contract, "counterparty": "builder-2", "end": last.last_day(), "instalments": instalments,
            "price": yuan(price * count), "side": "spending", "start": first.first_day(), "subject": "电梯更新（样例）",
            "vouchers": self.vouchers("contract", 1),
        });
        self.sign(&contract, data);
        for month in months {
            self.renew(month.first_day().plus_days(19), now, &contract);
        }
        self.renew(kept_until, (price - now) * count, &contract);
    }

    fn renew(&mut self, day: Date, cents: i64, contract: &str) {
        let place = json!({"contract": contract, "fund": "repair"});
        let data = self.spent("repair-bank", cents, "builder-2", "renewal");
        self.put(Act::new(day, Kind::Expense, data).with(&place));
    }

    /// After each quarter half of what common parts brought, less its cost, goes to the repair fund.
    pub(super) fn plan_share(&mut self) {
        let later = self.public.split_off(&self.period());
        let quarter: i64 = std::mem::replace(&mut self.public, later).into_values().sum();
        if quarter <= 0 {
            return;
        }
        let due = (quarter + 1) / 2;
        let day = self.day(23);
        let decision = self.resolve(day, "repair-fund", "公共收益补充维修资金", &json!({}));
        let data = json!({
            "amount": yuan(due), "decision": format!("@{decision}"),
            "from": {"account": "bank", "fund": "shared"}, "to": {"account": "repair-bank", "fund": "repair"},
            "vouchers": [self.voucher("bank")],
        });
        self.put(Act::new(day, Kind::Transfer, data).both());
    }
}
