//! A made-up compound after the founding case: 439 households, thirteen months, every ordinary event once.
//!
//! Made up from a fixed seed: no household, company or payment in it exists. 0.81 yuan a square metre and
//! month; a vote in December 2020 adds 0.30.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use xinyi_core::{Date, Hash, Period, Unit};
use xinyi_store::{Proposal, RefLink};

/// Households in the compound.
const HOUSEHOLDS: u32 = 439;

/// The first of the thirteen months.
pub(crate) const FIRST: &str = "2020-01";

/// Numbers that look random and are the same in every run (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        u32::try_from(high).unwrap_or_default().checked_rem(bound.max(1)).unwrap_or_default()
    }
}

/// The emergency that was paid before anybody could approve it.
pub(crate) const UNAPPROVED: &str = "burst-pipe";
/// Its ratification.
const RATIFIED: &str = "ratify-burst-pipe";
/// What the bank paid for the lamps of August, which are booked as 1,000.00.
pub(crate) const LAMPS_PAID: &str = "1080.00";
/// The month of which there is a bank file.
pub(crate) const BANK_MONTH: &str = "2020-08";

/// One month of the story.
pub(crate) struct Month {
    /// What is entered in the month, in order of days.
    pub(crate) entries: Vec<Proposal>,
    pub(crate) period: Period,
}

/// The thirteen months.
pub(crate) fn months() -> Vec<Month> {
    let mut numbers = Numbers(0x5849_4e59_4931_3543);
    let areas: Vec<Decimal> = (0..HOUSEHOLDS).map(|home| area(home, &mut numbers)).collect();
    let first: Period = match FIRST.parse() {
        Ok(first) => first,
        Err(_) => return Vec::new(),
    };
    let periods = std::iter::successors(Some(first), |period| Some(period.next())).take(13);
    periods
        .enumerate()
        .map(|(place, period)| Month { entries: month(place, period, &areas, &mut numbers), period })
        .collect()
}

/// The founding article's 87.65 square metres, and others between 52 and 132.
fn area(home: u32, numbers: &mut Numbers) -> Decimal {
    if home == 0 { Decimal::new(8765, 2) } else { Decimal::new(i64::from(5200 + numbers.below(8000)), 2) }
}

fn month(place: usize, period: Period, areas: &[Decimal], numbers: &mut Numbers) -> Vec<Proposal> {
    let mut entries = Vec::new();
    if place == 0 {
        entries.extend(beginning(period));
    }
    // From January 2021 the price voted in December is due.
    let price = if place == 12 { Decimal::new(111, 2) } else { Decimal::new(81, 2) };
    entries.push(billing(period, areas, price));
    entries.extend(charges(place, period, areas, price, numbers));
    entries.extend(common_revenue(period, numbers));
    entries.extend(running_costs(place, period));
    entries.extend(events(place, period));
    entries.sort_by_key(|entry| entry.date);
    entries
}

fn day(period: Period, day: u32) -> Date {
    let day = i8::try_from(day).unwrap_or(28).clamp(1, period.last_day().day());
    Date::new(period.year(), period.month(), day).unwrap_or_else(|| period.first_day())
}

fn entry(date: Date, kind: &str, reference: String, data: Value) -> Proposal {
    let shape = json!({"data": data, "date": date, "kind": kind, "ref": reference});
    #[expect(clippy::expect_used, reason = "INVARIANT: the shape is written here and tested as a whole")]
    serde_json::from_value(shape).expect("a proposal")
}

fn sealed(mut proposal: Proposal, field: &str, value: String) -> Proposal {
    proposal.disclose.insert(field.to_owned(), value);
    proposal
}

fn linked(mut proposal: Proposal, field: &str, period: Period, reference: &str) -> Proposal {
    if let Ok(reference) = reference.parse() {
        proposal.links.insert(field.to_owned(), RefLink { period, reference });
    }
    proposal
}

/// Opening balances, payees, the budget, the cleaning contract.
fn beginning(period: Period) -> Vec<Proposal> {
    let first = day(period, 1);
    let opening =
        json!({"holdings": [{"account": "bank", "balance": "50000.00", "fund": "shared", "held": "0.00"}]});
    let payees = [
        ("cleaning", "保洁公司（虚构）"),
        ("gate", "道闸维护商（虚构）"),
        ("lift", "电梯维保公司（虚构）"),
        ("staff", "项目员工工资（清单）"),
        ("wechat-pay", "微信支付（通道费）"),
    ];
    let payee = |(label, name): (&str, &str)| {
        let data = json!({"class": "organisation", "name": name, "payee": label, "related": false});
        entry(first, "payee", format!("payee-{label}"), data)
    };
    let lines =
        [("cleaning", "保洁", "96000.00"), ("repair", "维修", "120000.00"), ("wages", "工资", "250000.00")];
    let lines: Vec<_> =
        lines.map(|(line, name, amount)| json!({"amount": amount, "line": line, "name": name})).to_vec();
    let budget = entry(
        first,
        "budget",
        "budget-2020".to_owned(),
        json!({"fund": "shared", "lines": lines, "year": 2020}),
    );
    let opening = entry(first, "opening", "opening".to_owned(), opening);
    let cleaning = json!({"contract": "cleaning", "counterparty": "cleaning", "price": "6500.00", "side": "spending",
                          "start": first, "subject": "保洁服务，按月（样例）"});
    let cleaning = entry(day(period, 20), "contract", "contract-cleaning".to_owned(), cleaning);
    [opening].into_iter().chain(payees.map(payee)).chain([budget, cleaning]).collect()
}

fn billing(period: Period, areas: &[Decimal], price: Decimal) -> Proposal {
    let due: Decimal = areas.iter().map(|area| bill(*area, price)).sum();
    let area: Decimal = areas.iter().sum::<Decimal>() * Decimal::ONE_HUNDRED;
    let data = json!({
        "amount": due, "area": u64::try_from(area.trunc()).unwrap_or_default(), "category": "property-fee",
        "fund": "shared", "months": {"from": period, "to": period}, "price": price, "units": HOUSEHOLDS,
    });
    entry(day(period, 1), "billing", format!("billing-{period}"), data)
}

/// A household's charge, rounded a month: 87.65 m² × 0.81 = 71.00, × 1.11 = 97.29.
fn bill(area: Decimal, price: Decimal) -> Decimal {
    let unit = "cny".parse().ok().and_then(|code| Unit::new(code, 2));
    unit.map_or(Decimal::ZERO, |unit| unit.round(area * price))
}

/// Every household but a few pays once a month, by bank or WeChat; WeChat keeps 0.6 %.
fn charges(
    place: usize,
    period: Period,
    areas: &[Decimal],
    price: Decimal,
    numbers: &mut Numbers,
) -> Vec<Proposal> {
    let mut entries = Vec::new();
    // A book of receipts for each channel: what comes from the bank's file of receipts has none.
    let mut receipts: BTreeMap<&str, u32> = BTreeMap::new();
    // The first months collect 73 %, the last 99.5 %.
    let unpaid = 120_u32.saturating_sub(u32::try_from(place).unwrap_or_default() * 11).max(2);
    for (home, area) in areas.iter().enumerate() {
        if numbers.below(HOUSEHOLDS) < unpaid {
            continue;
        }
        let date = day(period, 2 + numbers.below(27));
        let amount = bill(*area, price);
        let wechat = numbers.below(3) == 0;
        let (account, channel) = if wechat { ("wechat", "wechat") } else { ("bank", "bank") };
        let service = json!([{"amount": amount, "class": "current", "from": period, "to": period}]);
        let number = receipts.entry(channel).or_default();
        *number += 1;
        let data = json!({
            "account": account, "amount": amount, "category": "property-fee", "channel": channel, "fund": "shared",
            "receipt": {"number": *number, "series": format!("{channel}-{period}")}, "service": service,
        });
        let reference = format!("charge-{period}-{home:03}");
        entries.push(sealed(entry(date, "income", reference, data), "payer", format!("样例住户 {home:03}")));
    }
    entries
}

/// Parking and advertising, with the cost that belongs to the parking; WeChat's settlement.
fn common_revenue(period: Period, numbers: &mut Numbers) -> Vec<Proposal> {
    let parking = 6_000 + i64::from(numbers.below(3000));
    let income = json!({"account": "bank", "amount": Decimal::new(parking * 100, 2), "category": "parking", "channel": "bank", "fund": "shared"});
    let cost = json!({"account": "bank", "amount": "1200.00", "category": "parking-cost", "fund": "shared", "payee": "gate",
                      "invoices": invoiced("1200.00", &format!("样例-道闸-{period}"))});
    let reference = format!("parking-{period}");
    let cost = linked(
        entry(day(period, 21), "expense", format!("gate-{period}"), cost),
        "cost_of",
        period,
        &reference,
    );
    vec![entry(day(period, 20), "income", reference, income), cost]
}

fn running_costs(place: usize, period: Period) -> Vec<Proposal> {
    let wages = json!({"account": "bank", "amount": "9800.00", "budget": "wages", "category": "wages", "fund": "shared", "payee": "staff",
                       "vouchers": voucher("list", &format!("wages-{period}"))});
    let cleaning = json!({"account": "bank", "amount": "6500.00", "budget": "cleaning", "category": "cleaning", "contract": "cleaning", "fund": "shared",
                          "invoices": invoiced("6500.00", &format!("样例-保洁-{period}")), "payee": "cleaning"});
    let channel = json!({"account": "wechat", "amount": "48.00", "category": "channel-cost", "fund": "shared", "payee": "wechat-pay",
                         "vouchers": voucher("bank", &format!("channel-{period}"))});
    // What WeChat holds goes to the bank once a month; that of August never came by the end of the month.
    let settling = if place == 7 { day(period, 20) } else { period.last_day() };
    let settled = json!({"amount": "994.00", "from": {"account": "wechat", "fund": "shared"}, "to": {"account": "bank", "fund": "shared"}});
    vec![
        entry(settling, "transfer", format!("settle-{period}"), settled),
        entry(day(period, 25), "expense", format!("wages-{period}"), wages),
        entry(day(period, 26), "expense", format!("cleaning-{period}"), cleaning),
        entry(day(period, 28), "expense", format!("channel-{period}"), channel),
    ]
}

fn lamps(amount: &str) -> Value {
    json!({"account": "bank", "amount": amount, "budget": "repair", "category": "repair", "fund": "shared", "payee": "lift",
           "vouchers": voucher("receipt", "lamps")})
}

/// An invoice paid in full.
fn invoiced(amount: &str, number: &str) -> Value {
    json!([{"amount": amount, "number": number, "total": amount}])
}

/// A made-up paper; its digest is that of its name.
fn voucher(class: &str, name: &str) -> Value {
    json!([{"class": class, "digest": Hash::digest(name.as_bytes()), "media": "application/pdf", "size": 48_213}])
}

/// A burst pipe, paid at once and ratified six days later.
fn emergency(period: Period) -> Vec<Proposal> {
    let ratified = entry(
        day(period, 24),
        "ratification",
        RATIFIED.to_owned(),
        json!({"reason": "现场核实，追认抢修支出（样例）"}),
    );
    let burst = json!({"account": "bank", "amount": "12000.00", "budget": "repair", "category": "repair",
                       "emergency": "水管爆裂，先行抢修（样例）", "fund": "shared",
                       "invoices": invoiced("12000.00", "样例-抢修"), "payee": "lift",
                       "unapproved": "抢修当晚付款（样例）"});
    vec![
        entry(day(period, 18), "expense", UNAPPROVED.to_owned(), burst),
        linked(ratified, "targets", period, UNAPPROVED),
    ]
}

/// What happens once: a deposit, a refund, an order, an emergency, a vote.
fn events(place: usize, period: Period) -> Vec<Proposal> {
    match place {
        1 => {
            let deposit =
                json!({"account": "bank", "amount": "2000.00", "fund": "shared", "held_for": "deposit"});
            let refund =
                json!({"account": "bank", "amount": "30.00", "fund": "shared", "reason": "多收退回（样例）"});
            let refund = entry(day(period, 28), "refund", "refund-1".to_owned(), refund);
            vec![
                sealed(
                    entry(day(period, 10), "held-in", "deposit-1".to_owned(), deposit),
                    "payer",
                    "样例装修户".to_owned(),
                ),
                linked(refund, "target", period, &format!("parking-{period}")),
            ]
        }
        2 => {
            let until = period.next().last_day();
            let order = json!({"amount": "18000.00", "budget": "repair", "category": "repair", "fund": "shared",
                               "payee": "lift", "purpose": "更换电梯钢丝绳（样例）", "until": until});
            let paid = json!({"account": "bank", "amount": "17600.00", "budget": "repair", "category": "repair",
                              "fund": "shared", "invoices": invoiced("17600.00", "样例-钢丝绳"), "payee": "lift"});
            let paid = entry(day(period, 24), "expense", "lift-ropes".to_owned(), paid);
            vec![
                entry(day(period, 6), "order", "order-lift".to_owned(), order),
                linked(paid, "order", period, "order-lift"),
            ]
        }
        5 => emergency(period),
        7 => vec![entry(day(period, 12), "expense", "lamps".to_owned(), lamps("1000.00"))],
        8 => {
            let reversal = entry(
                day(period, 8),
                "reversal",
                "lamps-wrong".to_owned(),
                json!({"found_by": "owner", "reason": "金额记错：应为 1,080.00（样例）"}),
            );
            let again = entry(day(period, 9), "expense", "lamps-right".to_owned(), lamps(LAMPS_PAID));
            let voucher = json!([{"class": "invoice", "digest": "5f".repeat(32), "media": "application/pdf", "number": "样例-0812", "size": 48_213}]);
            let evidence =
                entry(day(period, 10), "evidence", "lamps-invoice".to_owned(), json!({"vouchers": voucher}));
            vec![
                linked(reversal, "target", period.previous(), "lamps"),
                linked(again, "replaces", period, "lamps-wrong"),
                linked(evidence, "target", period, "lamps-right"),
            ]
        }
        10 => announcement(period),
        11 => vec![price_vote(period)],
        _ => Vec::new(),
    }
}

/// What comes before the vote on the price: its audit, and thirty days' notice.
fn announcement(period: Period) -> Vec<Proposal> {
    let step = |name: &str, done: Date, class: &str| {
        let voucher =
            json!([{"class": class, "digest": "6a".repeat(32), "media": "application/pdf", "size": 61_440}]);
        let data = json!({"done": done, "project": "charge", "step": name, "vouchers": voucher});
        entry(done, "step", format!("charge-{name}"), data)
    };
    vec![step("audit", day(period, 9), "act"), step("notice", day(period, 12), "photo")]
}

/// 308 of 439 households vote for 0.30 more.
fn price_vote(period: Period) -> Proposal {
    let votes = |heads: u32, area: u32| json!({"area": area, "heads": heads});
    let vote = json!({"agreed": votes(308, 2_890_000), "all": votes(439, 4_040_000), "effective": "2021-01-01",
                      "matter": "charge", "new_price": "1.11", "old_price": "0.81",
                      "participated": votes(401, 3_700_000), "party": "assembly", "title": "物业费调整为每平方米每月 1.11 元（样例）"});
    entry(day(period, 15), "resolution", "vote-charge".to_owned(), vote)
}

/// How the bank's file of receipts is read.
pub(crate) const RECEIPTS_MAP: &str = r#"
date = { column = "日期", format = "%Y%m%d" }
[[entry]]
kind = "income"
ref = "{流水号}"
amount = ["+金额"]
set = { account = "bank", fund = "shared", category = "property-fee", channel = "bank" }
sealed = { payer = "对方户名" }
"#;

/// The month's charges by bank as the bank's file has them, and the month's other entries.
pub(crate) fn receipts_file(month: &Month) -> (String, Vec<Proposal>) {
    let by_bank = |entry: &&Proposal| {
        let field = |name: &str| entry.data.get(name).and_then(Value::as_str);
        (field("channel"), field("category")) == (Some("bank"), Some("property-fee"))
    };
    let (receipts, rest): (Vec<&Proposal>, Vec<&Proposal>) = month.entries.iter().partition(by_bank);
    let mut file = "流水号,日期,金额,对方户名\n".to_owned();
    for receipt in receipts {
        let amount = receipt.data.get("amount").and_then(Value::as_str).unwrap_or_default();
        let payer = receipt.disclose.get("payer").map(String::as_str).unwrap_or_default();
        let day = receipt.date.to_string().replace('-', "");
        file += &format!("{},{day},{amount},{payer}\n", receipt.reference);
    }
    (file, rest.into_iter().cloned().collect())
}
