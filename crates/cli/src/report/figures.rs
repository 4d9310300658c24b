//! The figures of a report: what lies where, how the fee stands, what the last month closed did.

use xinyi_rules::{MonthTotals, Report, Term, grouped, percent};

use super::collections;
use crate::lang::fl;
use crate::output::answer;
use crate::table::Table;

pub(crate) fn print(report: &Report) {
    answer(&match report.closed {
        Some(period) => fl!("figures-closed", period = period.to_string()),
        None => fl!("figures-open"),
    });
    print_balances(report);
    collections::print(report);
    if let Some(month) = &report.month {
        print_month(month);
    }
}

/// What lies where, and how the fee stands.
pub(crate) fn print_balances(report: &Report) {
    let mut accounts = Table::new(&[fl!("word-account"), fl!("word-balance")]);
    for (account, balance) in &report.accounts {
        accounts.row(vec![account.to_string(), grouped(&balance.to_string())]);
    }
    accounts.print();
    let mut funds = Table::new(&[fl!("word-fund"), fl!("word-own"), fl!("word-held")]);
    for (fund, position) in &report.funds {
        let [own, held] = [position.own, position.held].map(|figure| grouped(&figure.to_string()));
        funds.row(vec![fund.to_string(), own, held]);
    }
    funds.print();
    for fee in &report.fees {
        let [earned, taken, left] =
            [fee.earned, fee.taken, fee.left].map(|figure| grouped(&figure.to_string()));
        answer(&fl!(
            "fee-position",
            taker = fee.taker.to_string(),
            upto = fee.upto.to_string(),
            formula = formula_of(terms_of(&fee.formula)),
            earned = earned,
            taken = taken,
            left = left
        ));
    }
}

/// What the month itself moved, worked out from its entries.
fn print_month(month: &MonthTotals) {
    answer("");
    answer(&fl!("figures-month", period = month.period.to_string()));
    let headings = [
        fl!("word-fund"),
        fl!("word-opening"),
        fl!("word-income"),
        fl!("word-expense"),
        fl!("word-fee"),
        fl!("word-other"),
        fl!("word-closing"),
    ];
    let mut table = Table::new(&headings);
    for (fund, moved) in &month.funds {
        let figures = [moved.opening, moved.income, moved.expense, moved.fee, moved.other, moved.closing];
        let figures = figures.map(|figure| grouped(&figure.to_string()));
        table.row(std::iter::once(fund.to_string()).chain(figures).collect());
    }
    table.print();
}

/// The terms of a formula as people write them.
pub(crate) fn terms_of(formula: &[Term]) -> Vec<String> {
    let term = |term: &Term| format!("{} × {}", grouped(&term.amount.to_string()), percent(term.rate));
    formula.iter().map(term).collect()
}

/// The terms added up, or 0 where there are none.
pub(crate) fn formula_of(terms: Vec<String>) -> String {
    if terms.is_empty() { "0".to_owned() } else { terms.join(" + ") }
}
