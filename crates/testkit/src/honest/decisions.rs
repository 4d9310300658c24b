//! What owners decide and the two parties agree: payees, budgets, contracts, prices, rates, money between funds.

use serde_json::{Value, json};
use xinyi_core::{Date, Kind, Period};

use super::compound::Compound;
use super::genesis::{RATES, deed, month};
use super::households::PRICES;
use super::{Act, at, yuan};

/// Who is paid, as people know them.
const PAYEES: [(&str, &str, bool); 20] = [
    ("adverts", "电梯广告公司（样例）", false),
    ("builder", "建筑公司（样例）", false),
    ("builder-2", "电梯工程公司（样例）", false),
    ("cleaner", "保洁公司（样例）", false),
    ("cleaner-lot", "车场保洁（样例）", false),
    ("gardener", "花木店（样例）", false),
    ("greenery", "绿化公司（样例，与物业公司关联）", true),
    ("kiosk", "便民小店（样例）", false),
    ("lift", "电梯维保公司（样例）", false),
    ("office-shop", "文具店（样例）", false),
    ("paint", "油漆店（样例）", false),
    ("plumber", "水暖店（样例）", false),
    ("power", "供电公司（样例）", false),
    ("rescue", "管道抢修队（样例）", false),
    ("roofer", "防水公司（样例）", false),
    ("signs", "标识店（样例）", false),
    ("trustee", "物业公司（样例）", true),
    ("water", "自来水公司（样例）", false),
    ("wechat-pay", "微信支付（样例）", false),
    ("wiring", "电工（样例）", false),
];

/// The day of the month on which owners vote on a price.
const PRICE_VOTED: i32 = 9;

/// The budget of a year by line.
const BUDGET: [(&str, &str, i64); 9] = [
    ("channel", "支付通道费", 5_000_000),
    ("cleaning", "保洁", 8_000_000),
    ("emergency", "应急", 10_000_000),
    ("greenery", "绿化", 4_000_000),
    ("office", "办公", 3_000_000),
    ("repair", "维修", 90_000_000),
    ("utilities", "公共水电", 7_000_000),
    ("wages", "人员工资", 45_000_000),
    ("wiring", "线路改造", 1_000_000),
];

impl Compound {
    /// Decisions of the month.
    pub(super) fn plan_decisions(&mut self) {
        if self.after == 0 {
            self.plan_beginning();
        }
        if self.period().month() == 12 {
            self.plan_year(self.period().next(), self.day(21));
        }
        if self.period().month() % 3 == 1 {
            self.plan_share();
        }
        if self.is_turn(12, 5) {
            self.plan_budget_change();
        }
        if self.is_turn(8, 2) {
            self.plan_distribution();
        }
        let next = self.after + 1;
        if let Some((begin, day, rate)) = RATES.into_iter().skip(1).find(|(begin, _, _)| *begin == next) {
            self.plan_rate(begin, day, rate);
        }
        if let Some((_, new)) = PRICES.into_iter().skip(1).find(|(begin, _)| *begin == self.after + 2) {
            self.plan_price(new);
        }
        if PRICES.into_iter().any(|(begin, _)| begin == self.after + 3) {
            self.announce_price();
        }
    }

    fn plan_beginning(&mut self) {
        let first = self.day(1);
        let opening = json!({
            "holdings": [
                {"account": "bank", "balance": "3000000.00", "fund": "shared", "held": "0.00"},
                {"account": "repair-bank", "balance": "500000.00", "fund": "repair", "held": "0.00"},
            ],
            "vouchers": [self.voucher("bank")],
        });
        self.put(Act::new(first, Kind::Opening, opening).both().named("opening").recorded(at(first, 0, 5)));
        for (payee, name, related) in PAYEES {
            let data = json!({"class": "organisation", "name": name, "payee": payee, "related": related});
            self.put(Act::new(first, Kind::Payee, data).recorded(at(first, 0, 10)));
        }
        self.plan_year(self.period(), first);
    }

    /// A resolution of the assembly: more than two thirds take part, more than half of them agree.
    pub(super) fn resolve(&mut self, day: Date, matter: &str, title: &str, more: &Value) -> String {
        let heads = self.households.len() as u64;
        let area: i64 = self.households.iter().map(|household| household.area).sum();
        let share = |whole: u64, num: u64| (whole * num).div_ceil(100);
        let votes = |num: u64| {
            let area = u64::try_from(area).expect("an area");
            json!({"area": share(area, num), "heads": share(heads, num)})
        };
        let data = json!({
            "agreed": votes(78), "all": votes(100), "matter": matter, "participated": votes(90), "party": "assembly",
            "title": title, "vouchers": [self.voucher("act"), self.voucher("list")],
        });
        self.put(Act::new(day, Kind::Resolution, data).both().with(more).recorded(at(day, 0, 20)))
    }

    /// Budget and contracts of a year, decided by `day`; the first may begin in the middle of it.
    fn plan_year(&mut self, begin: Period, day: Date) {
        let year = begin.year();
        let decision = self.resolve(day, "budget", "年度预算", &json!({}));
        let line = |(line, name, cents): (&str, &str, i64)| json!({"amount": yuan(cents), "line": line, "name": name});
        let data = json!({
            "decision": format!("@{decision}"), "fund": "shared", "income_rate": "95/100",
            "lines": BUDGET.into_iter().map(line).collect::<Vec<_>>(), "vouchers": [self.voucher("list")], "year": year,
        });
        let budget = format!("budget of {year}");
        self.put(Act::new(day, Kind::Budget, data).both().named(budget).recorded(at(day, 0, 30)));
        let lines = json!([{"amount": "30000.00", "line": "renewal", "name": "电梯更新"}]);
        let data =
            json!({"decision": format!("@{decision}"), "fund": "repair", "lines": lines, "year": year});
        let budget = format!("budget of repair fund of {year}");
        self.put(Act::new(day, Kind::Budget, data).both().named(budget).recorded(at(day, 0, 30)));
        let months: Vec<Period> = std::iter::successors(Some(begin), |month| Some(month.next()))
            .take_while(|month| month.year() == year)
            .collect();
        let consent = self.resolve(day, "related-party", "同意与关联绿化公司签约", &json!({}));
        self.plan_contract("cleaner", "spending", 480_000, 10, &months, None);
        self.plan_contract("greenery", "spending", 150_000, 15, &months, Some(&consent));
        let quarters: Vec<Period> = months.iter().copied().filter(|month| month.month() % 3 == 1).collect();
        self.plan_contract("adverts", "income", 1_200_000, 1, &quarters, Some(&decision));
        for quarter in &quarters {
            self.receive(quarter.first_day(), 1_200_000, "advert", &format!("adverts-{year}"));
        }
        self.plan_public_contracts(&months, &decision);
    }

    /// A contract of a year by instalments, with three offers.
    pub(super) fn plan_contract(
        &mut self,
        with: &str,
        side: &str,
        cents: i64,
        due: i32,
        months: &[Period],
        decision: Option<&str>,
    ) {
        let (Some(first), Some(last)) = (months.first(), months.last()) else { return };
        let day = |month: &Period| month.first_day().plus_days(due - 1);
        let instalments: Vec<Value> =
            months.iter().map(|month| json!({"amount": yuan(cents), "due": day(month)})).collect();
        let total = cents * i64::try_from(months.len()).expect("few");
        let contract = format!("{with}-{}", first.year());
        let mut data = json!({
            "contract": contract, "counterparty": with, "end": last.last_day(), "instalments": instalments,
            "price": yuan(total), "side": side, "start": first.first_day(), "subject": "年度合同（样例）",
            "vouchers": self.vouchers("list", 3),
        });
        if let Some(decision) = decision {
            data["decision"] = json!(format!("@{decision}"));
        }
        self.sign(&contract, data);
    }

    /// Both parties sign a contract, before the year that it is for.
    pub(super) fn sign(&mut self, contract: &str, data: Value) {
        let signed = if self.after == 0 { self.day(1) } else { self.day(22) };
        let act = Act::new(signed, Kind::Contract, data).both().named(format!("contract {contract}"));
        self.put(act.recorded(at(signed, 0, 40)));
    }

    fn plan_budget_change(&mut self) {
        let (day, year) = (self.day(4), self.period().year());
        let decision = self.resolve(day, "budget", "调增线路改造预算", &json!({}));
        let lines = json!([{"amount": "20000.00", "line": "wiring", "name": "线路改造"}]);
        let data =
            json!({"decision": format!("@{decision}"), "fund": "shared", "lines": lines, "year": year});
        self.put(Act::new(day, Kind::Budget, data).both().recorded(at(day, 0, 30)));
    }

    fn plan_distribution(&mut self) {
        let (day, shares) = (self.day(26), self.households.len());
        let decision = self.resolve(day, "distribution", "公共收益分配", &json!({}));
        let cents = i64::try_from(shares).expect("few") * 1_000;
        let data = json!({
            "account": "bank", "amount": yuan(cents), "decision": format!("@{decision}"), "fund": "shared",
            "list": self.voucher("list"), "shares": shares,
        });
        self.put(Act::new(day, Kind::Distribution, data).both());
    }

    /// Another rate of the fee: decided, then a deed for it.
    fn plan_rate(&mut self, begin: u32, day: u32, rate: &str) {
        let effective =
            month(&self.scale, begin).first_day().plus_days(i32::try_from(day).expect("a day") - 1);
        let title = format!("酬金比例调整为 {rate}");
        self.resolve(self.day(10), "fee", &title, &json!({"effective": effective}));
        let data = json!({"deed": deed(&self.scale, begin), "previous": "#deed"});
        let signed = self.day(25);
        let name = format!("deed of {}", month(&self.scale, begin));
        self.put(Act::new(signed, Kind::Deed, data).both().named(name));
    }

    /// Another price is audited and announced a month before the vote.
    fn announce_price(&mut self) {
        let voted = self.period().next().first_day().plus_days(PRICE_VOTED - 1);
        for (step, day, class) in [("audit", self.day(5), "other"), ("notice", voted.plus_days(-30), "photo")]
        {
            let data =
                json!({"done": day, "project": "charge", "step": step, "vouchers": [self.voucher(class)]});
            self.put(Act::new(day, Kind::Step, data));
        }
    }

    /// It is decided two months before it has effect.
    fn plan_price(&mut self, new: i64) {
        let voted = self.period().first_day().plus_days(PRICE_VOTED - 1);
        let old = self.price(self.after);
        let effective = self.period().next().next().first_day();
        let more = json!({"effective": effective, "new_price": yuan(new), "old_price": yuan(old)});
        self.resolve(voted, "charge", "调整物业费标准", &more);
    }
}
