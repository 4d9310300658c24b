//! What an honest ledger may do: facts in, findings out.

mod amend;
mod books;
mod check;
pub mod deed;
mod finding;
mod kinds;
mod outside;
mod pack;
mod page;
mod parameter;
mod policy;
mod registry;
mod report;
mod requirement;
mod rule;
mod rules;
mod selection;
mod share_out;
mod watched;
mod weighing;

pub use books::{
    BaseList, BaseMonth, BaseMove, Books, Collection, Entitlement, FundMonth, Lacking, MonthClosed,
    MonthTotals, Overdrawn, Remembered,
};
pub use check::Checker;
pub use finding::{Discrepancy, Finding, Term};
pub use outside::{BankList, BankRow, DueRow, Outside, Paper, ReceiptRow, RollRow, ShareList, ShareRow};
pub use pack::{Behind, Clause, Coverage, Covered, Outcome, PACKS, Pack, PackError, Reach, Standard, Words};
pub use page::{Language, Page, grouped, percent};
pub use parameter::{Form, Parameter, Ratio};
pub use policy::{is_met, missing, needs};
pub use registry::{RULES, page};
pub use report::{Evidence, FeePosition, FundPosition, Outcomes, Report, Status, Tally};
pub use requirement::{Demand, Requirement};
pub use rule::{Check, CloneWatch, FileEnd, Kinds, MonthEnd, Proof, Rule, Sink, Step, Watch};
pub use selection::{Selection, UnknownRule, nearest};
pub use share_out::share_out;
pub use weighing::{Lowered, LoweredBy, Severities, weight};
