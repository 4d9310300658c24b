//! What the compound costs: contracts by instalments, wages at cost, repairs small and large, emergencies.

use serde_json::{Value, json};
use xinyi_core::{Date, Kind};

use super::compound::Compound;
use super::{Act, at, yuan};

/// Who does small repairs, in turn.
const CRAFTS: [&str; 5] = ["lift", "paint", "plumber", "signs", "wiring"];

impl Compound {
    /// An expense from an account, paid in full against an invoice of its own; category and budget line are one.
    pub(super) fn spent(&mut self, account: &str, cents: i64, payee: &str, line: &str) -> Value {
        json!({
            "account": account, "amount": yuan(cents), "budget": line, "category": line, "fund": "shared",
            "invoices": [self.invoice(cents)], "payee": payee, "vouchers": [self.voucher("invoice")],
        })
    }

    /// The same from the bank on a day.
    pub(super) fn spend(&mut self, day: Date, cents: i64, payee: &str, line: &str) -> Act {
        let data = self.spent("bank", cents, payee, line);
        Act::new(day, Kind::Expense, data)
    }

    /// What is spent in the month.
    pub(super) fn plan_spending(&mut self) {
        self.plan_regular();
        self.plan_wages();
        self.plan_small_repairs();
        self.plan_parking();
        if self.is_turn(3, 2) {
            self.plan_ordered();
        }
        if self.is_turn(6, 2) {
            self.plan_emergency();
        }
        if self.is_turn(4, 1) {
            let (day, cents) = (self.day(21), self.some(1_200_000, 1_800_000));
            let act = self.spend(day, cents, "builder", "repair").both();
            self.put(act);
        }
        if self.is_turn(12, 4) {
            self.plan_tendered();
        }
    }

    /// An amount between two, never within a twentieth below the limit.
    pub(super) fn some(&mut self, least: u64, most: u64) -> i64 {
        i64::try_from(self.chance.within(least, most)).expect("an amount")
    }

    fn plan_regular(&mut self) {
        let year = self.period().year();
        for (day, cents, payee) in [(10, 480_000, "cleaner"), (15, 150_000, "greenery")] {
            let contract = json!({"contract": format!("{payee}-{year}")});
            let (day, line) = (self.day(day), if payee == "cleaner" { "cleaning" } else { "greenery" });
            let act = self.spend(day, cents, payee, line).with(&contract);
            self.put(act);
        }
        let (day, cents) = (self.day(12), self.some(300_000, 450_000));
        let act = self.spend(day, cents, "power", "utilities");
        self.put(act);
    }

    /// Wages at cost, by list: approved month by month before they are paid.
    fn plan_wages(&mut self) {
        let cents = self.some(3_000_000, 3_300_000);
        let order = json!({
            "amount": yuan(3_300_000), "budget": "wages", "category": "wages", "fund": "shared", "payee": "trustee",
            "purpose": "本月工资（代发）", "until": self.period().last_day(), "vouchers": [self.voucher("list")],
        });
        let order = self.put(Act::new(self.day(18), Kind::Order, order).both());
        let data = json!({
            "account": "bank", "amount": yuan(cents), "budget": "wages", "category": "wages", "fund": "shared",
            "order": format!("@{order}"), "payee": "trustee", "vouchers": [self.voucher("list")],
        });
        self.put(Act::new(self.day(25), Kind::Expense, data));
    }

    fn plan_small_repairs(&mut self) {
        let count = 3 + self.scale.households / 250;
        for number in 0..count {
            let payee = CRAFTS[usize::try_from(number).expect("few") % CRAFTS.len()];
            let (day, cents) = (self.day(2 + number * 5 % 26), self.some(5_000, 60_000));
            let act = self.spend(day, cents, payee, "repair");
            self.put(act);
        }
        self.plan_late_voucher();
    }

    /// The paper came three days after the money went.
    fn plan_late_voucher(&mut self) {
        let (day, cents) = (self.day(13), self.some(5_000, 20_000));
        let mut act = self.spend(day, cents, "office-shop", "office");
        let papers = act.data.as_object_mut().expect("an object").remove("vouchers").expect("a voucher");
        let name = self.put(act);
        let late = json!({"target": format!("@{name}"), "vouchers": papers});
        let day = day.plus_days(3);
        self.put(Act::new(day, Kind::Evidence, late));
    }

    /// Parking fees and the cost of the lot, which lowers the fee's base.
    fn plan_parking(&mut self) {
        let mut first = String::new();
        let (day, count) = (self.day(7), 2 + self.scale.households / 60);
        for number in 0..count {
            let data = json!({
                "account": "bank", "amount": "300.00", "category": "parking", "channel": "bank", "fund": "shared",
                "payer": self.chance.digest(), "receipt": {"number": 0, "series": "a"},
            });
            let name = self.put(Act::new(day, Kind::Income, data));
            if number == 0 {
                first = name;
            }
        }
        let cost = self.some(4_000, 9_000);
        let of = json!({"cost_of": format!("@{first}")});
        let act = self.spend(day.plus_days(10), cost, "cleaner-lot", "cleaning").with(&of);
        self.put(act);
        self.earn(self.period(), day, -cost);
    }

    /// A repair by order, paid in two parts, the second next month and, in the middle of the year, under a new deed.
    fn plan_ordered(&mut self) {
        let (first, second) = (self.some(1_200_000, 1_600_000), self.some(1_000_000, 1_400_000));
        let (day, until) = (self.day(19), self.period().next().last_day());
        let order = json!({
            "amount": yuan(first + second), "budget": "repair", "category": "repair", "fund": "shared",
            "payee": "roofer", "purpose": "屋面防水维修", "until": until, "vouchers": [self.voucher("list")],
        });
        let order = self.put(Act::new(day, Kind::Order, order).both());
        let under = json!({"order": format!("@{order}")});
        let act = self.spend(day.plus_days(5), first, "roofer", "repair").with(&under);
        self.put(act);
        let act = self
            .spend(self.period().next().first_day().plus_days(8), second, "roofer", "repair")
            .with(&under);
        self.put(act);
    }

    /// Once a year something large, with three offers.
    fn plan_tendered(&mut self) {
        let (cents, until) = (self.some(6_000_000, 7_500_000), self.period().last_day());
        let order = json!({
            "amount": yuan(cents), "budget": "repair", "category": "repair", "fund": "shared",
            "payee": "builder-2", "purpose": "电梯大修（三家比价）", "until": until, "vouchers": self.vouchers("list", 3),
        });
        let order = self.put(Act::new(self.day(11), Kind::Order, order).both());
        let under = json!({"order": format!("@{order}")});
        let day = self.day(24);
        let act = self.spend(day, cents, "builder-2", "repair").with(&under);
        self.put(act);
    }

    /// A burst pipe: paid at once, approved six days later.
    fn plan_emergency(&mut self) {
        let (day, cents) = (self.day(16), self.some(1_100_000, 1_400_000));
        let why = json!({"emergency": "主水管爆裂，当晚抢修"});
        let act = self.spend(day, cents, "rescue", "emergency").with(&why).recorded(at(day, 22, 0));
        let name = self.put(act);
        let later = json!({"reason": "现场核实，确属抢修", "targets": [format!("@{name}")]});
        let day = day.plus_days(6);
        self.put(Act::new(day, Kind::Ratification, later).both());
    }
}
