//! The base of a fee, line by line, with the sum that the formula comes to.

use xinyi_core::{Label, Period};
use xinyi_rules::{BaseList, BaseMonth, BaseMove, Books, grouped, percent};

use crate::failure::Failure;
use crate::lang::fl;
use crate::output::answer;
use crate::report::{formula_of, terms_of};
use crate::table::Table;

/// The last month that has entries.
pub(super) fn last_month(books: &Books) -> Option<Period> {
    books.open_months().last().copied().or(books.closed())
}

/// The bases of one taker or of all, up to a month that the file knows.
pub(super) fn lists(
    books: &Books,
    taker: Option<&Label>,
    upto: Option<Period>,
) -> Result<Vec<BaseList>, Failure> {
    let Some(upto) = upto else { return Ok(Vec::new()) };
    if books.from().is_some_and(|from| upto < from) {
        return Err(Failure::usage("list-period", upto));
    }
    let takers = books.fee_takers();
    match taker {
        Some(taker) if !takers.contains(taker) => Err(Failure::usage("list-taker", taker)),
        Some(taker) => Ok(vec![books.base_list(taker, upto)]),
        None => Ok(takers.iter().map(|taker| books.base_list(taker, upto)).collect()),
    }
}

pub(super) fn print(list: &BaseList) {
    answer("");
    answer(&fl!("base-list", taker = list.taker.to_string(), upto = list.upto.to_string()));
    let headings = [
        fl!("word-entry"),
        fl!("word-date"),
        fl!("word-kind"),
        fl!("word-category"),
        fl!("word-amount"),
        fl!("word-rate"),
        fl!("word-share"),
    ];
    let mut table = Table::new(&headings);
    for term in &list.carried {
        let (amount, rate) = (grouped(&term.amount.to_string()), percent(term.rate));
        table.row(vec![String::new(), String::new(), fl!("base-carried"), String::new(), amount, rate]);
    }
    list.moves.iter().for_each(|moved| table.row(row(moved)));
    list.months.iter().for_each(|month| table.row(month_row(month)));
    if !list.fixed.is_zero() {
        let fixed = grouped(&list.fixed.to_string());
        let [index, date, category, rate] = [const { String::new() }; 4];
        table.row(vec![index, date, fl!("base-fixed"), category, fixed.clone(), rate, fixed]);
    }
    table.print();
    let formula = formula_of(terms_of(&list.formula));
    let earned = grouped(&list.earned.to_string());
    answer(&if list.rounded_each {
        fl!("base-sum-each", formula = formula, earned = earned)
    } else {
        fl!("base-sum", formula = formula, earned = earned)
    });
}

/// A month that no entry says, in place of a day.
fn month_row(month: &BaseMonth) -> Vec<String> {
    vec![
        String::new(),
        month.month.to_string(),
        fl!("base-month"),
        String::new(),
        grouped(&month.amount.to_string()),
        percent(month.rate),
        grouped(&month.share.to_string()),
    ]
}

fn row(moved: &BaseMove) -> Vec<String> {
    let kind = crate::command::show::kind_name(moved.kind.as_str());
    let target = moved.target.map(|target| fl!("base-target", index = target.to_string()));
    vec![
        moved.index.to_string(),
        moved.date.to_string(),
        format!("{kind}{}", target.unwrap_or_default()),
        moved.category.as_ref().map(ToString::to_string).unwrap_or_default(),
        grouped(&moved.amount.to_string()),
        percent(moved.rate),
        grouped(&moved.share.to_string()),
    ]
}
