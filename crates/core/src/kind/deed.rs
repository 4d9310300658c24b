//! The trust deed: the signed parameters that rules read (信托合同条款; spec: kinds.md, deed).
//!
//! A deed is data. What its figures mean is said by the rules that read them; a rule has no figures of its own.

use crate::money::{Amount, Rate};
use crate::number::Count;
use crate::text::{Label, Text};
use crate::time::Date;

use super::parts::Voucher;
use super::shape::{object, words};

object! {
    /// So many distinct holders of one party must approve.
    Need {
        /// How many holders; at least 1.
        holders: u8,
        /// The party.
        party: Label,
    }
}

object! {
    /// Which approvals a kind of entry needs from an amount up (spec: D-2).
    ApprovalTerm {
        /// From this amount up; absent for any amount.
        from: Option<Amount>,
        /// The kind of entry.
        kind: Label,
        /// Every one of these must be met; absent parties need not approve.
        needs: Vec<Need>,
    }
}

words! {
    /// What a fee is worked out on (spec: D-3).
    Basis {
        /// What those months earn, by billing.
        Accrual = "accrual",
        /// What the budget expects.
        Budget = "budget",
        /// What came in and is dated in the period.
        Cash = "cash",
        /// What was spent.
        CostPlus = "cost-plus",
    }
}

words! {
    /// Whether linked cost is deducted from a category before the fee is worked out.
    BaseMeasure {
        /// Before cost.
        Gross = "gross",
        /// After linked cost.
        Net = "net",
    }
}

words! {
    /// When a fee is rounded.
    Rounding {
        /// Once, over everything to date.
        Cumulative = "cumulative",
        /// Entry by entry of the base.
        Entry = "entry",
    }
}

words! {
    /// Where a net base may fall below zero.
    NetFloor {
        /// Nowhere: each income counts for at least nothing.
        Source = "source",
        /// In one income, but not in all together.
        Total = "total",
    }
}

words! {
    /// Who bears a shortfall.
    Bearer {
        /// The owners.
        Owners = "owners",
        /// The trustee.
        Trustee = "trustee",
    }
}

object! {
    /// A category of income in a fee's base.
    BaseItem {
        /// The category.
        category: Label,
        /// Gross, or net of linked cost.
        measure: BaseMeasure,
    }
}

object! {
    /// A rate from a day on.
    DatedRate {
        /// The first day.
        from: Date,
        /// The rate.
        rate: Rate,
    }
}

object! {
    /// From so many points of performance, so large a share of the fee is due (履约收益).
    PerformanceStep {
        /// From so many points.
        points: Count,
        /// The share of the entitlement.
        share: Rate,
    }
}

object! {
    /// What one taker may take (spec: D-3).
    FeeTerm {
        /// The categories of income it is worked out on.
        base: Vec<BaseItem>,
        /// Cash, accrual, budget or cost-plus.
        basis: Basis,
        /// The clause of the paper deed.
        clause: Option<Text>,
        /// The first day of the next month on which it may be taken.
        day: u8,
        /// A fixed amount a period, instead of or besides a rate.
        fixed: Option<Amount>,
        /// Whether an invoice is needed.
        invoice: bool,
        /// Where a net base may fall below zero.
        net_floor: NetFloor,
        /// The performance table.
        performance: Option<Vec<PerformanceStep>>,
        /// Rates by the day money came.
        rates: Vec<DatedRate>,
        /// Cumulative, or entry by entry.
        rounding: Rounding,
        /// Who takes: a party or a payee.
        taker: Label,
    }
}

object! {
    /// Days and hours within which things must be done; what is absent has no limit.
    Deadlines {
        /// Days to answer an objection.
        answer_days: Option<Count>,
        /// Days to bank cash.
        bank_days: Option<Count>,
        /// Days after the period's end to close it with both approvals.
        close_days: Option<Count>,
        /// Days to hand over.
        handover_days: Option<Count>,
        /// Days from event to line beyond which lateness is an error.
        late_days: Option<Count>,
        /// Hours from event to line beyond which lateness is a warning.
        late_hours: Option<Count>,
        /// Days after the period's end to post its file.
        publish_days: Option<Count>,
        /// Days to ratify an emergency.
        ratify_days: Option<Count>,
    }
}

words! {
    /// How heavy a finding is.
    Severity {
        /// The books break a rule.
        Error = "error",
        /// Worth knowing.
        Note = "note",
        /// Needs an explanation.
        Warning = "warning",
    }
}

object! {
    /// A rule whose findings weigh differently under this deed.
    SeverityTerm {
        /// The rule's code.
        rule: Text,
        /// The severity.
        severity: Severity,
    }
}

object! {
    /// A rule that this deed switches off; every report lists it.
    SwitchedOff {
        /// Why.
        reason: Text,
        /// The rule's code.
        rule: Text,
    }
}

object! {
    /// A further figure that a rule reads, by name.
    Parameter {
        /// Its name: `near-limit`, `cash-float`, `dual-from`.
        name: Label,
        /// Its value: an amount, a rate, a count or a label.
        value: Text,
    }
}

object! {
    /// Something the trustee is reimbursed for at cost.
    Reimbursable {
        /// The budget line it counts against.
        budget: Option<Label>,
        /// The expense category.
        category: Label,
    }
}

object! {
    /// The signed terms in force from a day on.
    Deed {
        /// Which approvals each kind needs; what is not named needs trustee and committee.
        approvals: Vec<ApprovalTerm>,
        /// Whether every expense must name a budget line.
        budget_required: bool,
        /// Deadlines.
        deadlines: Deadlines,
        /// Who bears a shortfall.
        deficit: Bearer,
        /// What may be taken, and by whom.
        fees: Vec<FeeTerm>,
        /// The first day: of a period not yet closed.
        first: Date,
        /// Lines that occurred before this day were taken over later: checks of the real clock skip them.
        history_until: Option<Date>,
        /// What the deed is called.
        name: Text,
        /// Rules that do not apply.
        off: Vec<SwitchedOff>,
        /// Further figures that rules read.
        parameters: Vec<Parameter>,
        /// What the trustee is reimbursed for at cost.
        reimbursable: Vec<Reimbursable>,
        /// Payees related to the trustee or a committee member.
        related: Vec<Label>,
        /// Findings that weigh differently.
        severities: Vec<SeverityTerm>,
        /// The signed paper.
        text: Option<Voucher>,
    }
}
