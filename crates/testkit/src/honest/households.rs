//! Households and what they owe: a bill a month, paid at once, ahead or late, at the desk or by telephone.

use serde_json::{Value, json};
use xinyi_core::{Date, Kind, Period};

use super::compound::Compound;
use super::genesis::month;
use super::random::Chance;
use super::{Act, at, yuan};

/// The price of a square metre and month in hundredths, from so many months after the start on.
pub(super) const PRICES: [(u32, i64); 3] = [(0, 111), (5, 115), (12, 120)];

/// A household.
#[derive(Clone, Debug)]
pub(super) struct Household {
    /// Hundredths of a square metre.
    pub(super) area: i64,
    number: u32,
    /// The commitment under which it pays.
    pub(super) sealed: String,
}

impl Household {
    pub(super) fn new(number: u32, chance: &mut Chance) -> Self {
        let area = i64::try_from(chance.within(5_000, 14_000)).expect("an area");
        Self { area, number, sealed: chance.digest() }
    }

    /// The bill of a month, rounded to a hundredth.
    pub(super) const fn bill(&self, price: i64) -> i64 {
        (self.area * price + 50) / 100
    }

    /// For how many months it pays at a time, and whether for the month before.
    const fn habit(&self) -> (u32, bool) {
        match self.number % 20 {
            2 | 12 => (3, false),
            7 => (12, false),
            9 => (1, true),
            _ => (1, false),
        }
    }

    /// How it pays: telephones settle once a week, cash goes to the bank the next day.
    const fn channel(&self) -> (&'static str, &'static str) {
        match self.number % 10 {
            3 => ("cash", "cash"),
            4..=6 => ("wechat", "wechat"),
            _ => ("bank", "bank"),
        }
    }
}

impl Compound {
    /// The price of a month.
    pub(super) fn price(&self, after: u32) -> i64 {
        PRICES.iter().rev().find(|(begin, _)| *begin <= after).expect("the first price").1
    }

    /// The bills of a month and what comes in against them.
    pub(super) fn plan_households(&mut self) {
        self.bill_all();
        for place in 0..self.households.len() {
            self.pay(place);
        }
        let interest = json!({"account": "bank", "amount": yuan(1_234), "category": "interest", "channel": "bank",
            "fund": "shared", "vouchers": [self.voucher("bank")]});
        let last = self.period().last_day();
        self.put(Act::new(last, Kind::Income, interest));
    }

    fn bill_all(&mut self) {
        let price = self.price(self.after);
        let amount: i64 = self.households.iter().map(|household| household.bill(price)).sum();
        let area: i64 = self.households.iter().map(|household| household.area).sum();
        let (first, due) = (self.day(1), self.period().last_day());
        let data = json!({
            "amount": yuan(amount), "area": area, "category": "property-fee", "due": due, "fund": "shared",
            "months": {"from": self.period(), "to": self.period()}, "price": yuan(price),
            "roll": self.voucher("list"), "units": self.households.len(),
        });
        let name = format!("bill of {}", self.period());
        self.put(Act::new(first, Kind::Billing, data).named(name).recorded(at(first, 9, 0)));
    }

    fn pay(&mut self, place: usize) {
        let household = self.households[place].clone();
        let (months, is_late) = household.habit();
        let turn = (self.after + household.number / 20).is_multiple_of(months);
        if !turn || is_late && self.after == 0 {
            return;
        }
        let for_month = if is_late { self.after - 1 } else { self.after };
        let amount = i64::from(months) * household.bill(self.price(for_month));
        let service = self.service(&household, for_month, months, is_late);
        let day = self.day(1 + (household.number * 7 + self.after * 3) % 26);
        let mut act = Act::new(day, Kind::Income, self.payment(&household, amount, &service));
        if household.number.is_multiple_of(13) {
            act = act.recorded(at(day.plus_days(1), 9, 0));
        }
        // Half past midnight in Beijing, when it is still the last of the month before in UTC.
        if household.number == 1 {
            let first = self.day(1);
            act.date = first;
            act = act.recorded(at(first, 0, 30));
        }
        let (account, day) = (household.channel().0, act.date);
        self.put(act);
        if account != "bank" {
            *self.unbanked.entry((account, day)).or_default() += amount;
        }
    }

    fn service(&self, household: &Household, for_month: u32, months: u32, is_late: bool) -> Value {
        let of = |after: u32| -> Period { month(&self.scale, after) };
        let bill = household.bill(self.price(for_month));
        let class = if is_late { "arrears" } else { "current" };
        let mut shares =
            vec![json!({"amount": yuan(bill), "class": class, "from": of(for_month), "to": of(for_month)})];
        if months > 1 {
            let ahead = i64::from(months - 1) * bill;
            let (from, to) = (of(for_month + 1), of(for_month + months - 1));
            shares.push(json!({"amount": yuan(ahead), "class": "prepaid", "from": from, "to": to}));
        }
        json!(shares)
    }

    /// A payment of charges as the desk writes it.
    pub(super) fn payment(&mut self, household: &Household, amount: i64, service: &Value) -> Value {
        let (account, channel) = household.channel();
        json!({
            "account": account, "amount": yuan(amount), "category": "property-fee", "channel": channel,
            "fund": "shared", "payer": household.sealed, "receipt": {"number": 0, "series": "a"},
            "service": service, "unit": household.sealed,
        })
    }

    /// A payment into the bank of a month's charges, on a day: what corrections are about.
    pub(super) fn bank_payment(&mut self, day: Date, amount: i64) -> Act {
        let place = usize::try_from(self.chance.within(0, self.households.len() as u64)).expect("a place");
        let household = self.households[place].clone();
        let month = self.period();
        let service = json!([{"amount": yuan(amount), "class": "current", "from": month, "to": month}]);
        let data = self.payment(&household, amount, &service);
        Act::new(day, Kind::Income, data).with(&json!({"account": "bank", "channel": "bank"}))
    }
}
