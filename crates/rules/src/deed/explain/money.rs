//! Who bears a shortfall, what needs a budget, what is paid back, who is related, and until when things must be done.

use xinyi_core::{Bearer, Count, Deed};

use super::{Said, Section, Told};

pub(super) fn explain(deed: &Deed) -> Vec<Said> {
    let money = |says| Said::new(Section::Money, says);
    let mut told = vec![
        money(match deed.deficit {
            Bearer::Owners => "deficit-owners",
            Bearer::Trustee => "deficit-trustee",
        }),
        money(if deed.budget_required { "budget-required" } else { "budget-free" }),
    ];
    for item in &deed.reimbursable {
        let line = money("reimbursed").with("category", &item.category);
        told.push(match &item.budget {
            Some(budget) => Said { says: "reimbursed-budget", ..line }.with("budget", budget),
            None => line,
        });
    }
    if deed.reimbursable.is_empty() {
        told.push(money("nothing-reimbursed"));
    }
    told.push(if deed.related.is_empty() {
        money("nobody-related")
    } else {
        let payees = deed.related.iter().map(ToString::to_string).collect();
        money("related").told("payees", Told::Texts(payees))
    });
    told.extend(deadlines(deed));
    told
}

fn deadlines(deed: &Deed) -> Vec<Said> {
    let terms = &deed.deadlines;
    let told = |value: Option<Count>, says: &'static str, none: &'static str| {
        value.map_or_else(
            || Said::new(Section::Deadlines, none),
            |value| Said::new(Section::Deadlines, says).with("count", value),
        )
    };
    vec![
        told(terms.close_days, "close-days", "close-never"),
        told(terms.publish_days, "publish-days", "publish-never"),
        told(terms.late_hours, "late-hours", "late-hours-never"),
        told(terms.late_days, "late-days", "late-days-never"),
        told(terms.bank_days, "bank-days", "bank-never"),
        told(terms.ratify_days, "ratify-days", "ratify-never"),
        told(terms.answer_days, "answer-days", "answer-never"),
        told(terms.handover_days, "handover-days", "handover-never"),
    ]
}
