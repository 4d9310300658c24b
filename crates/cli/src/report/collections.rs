//! What was due for the last month closed and what of it came in: two figures and the share that they make.

use rust_decimal::Decimal;
use xinyi_rules::{Report, grouped};

use crate::lang::fl;
use crate::output::answer;

/// One line a fund and category that is billed. In a month's file what came in earlier is missing, and it says so.
pub(super) fn print(report: &Report) {
    let Some(period) = report.closed else { return };
    for collection in &report.collections {
        let share = collection.collected * Decimal::ONE_HUNDRED / collection.receivable;
        let said = fl!(
            "collection",
            category = collection.category.to_string(),
            fund = collection.fund.to_string(),
            period = period.to_string(),
            collected = grouped(&collection.collected.to_string()),
            receivable = grouped(&collection.receivable.to_string()),
            share = format!("{:.1}", share.trunc_with_scale(1))
        );
        let rest = report.from.map(|_| fl!("collection-in-file")).unwrap_or_default();
        answer(&(said + &rest));
    }
}
