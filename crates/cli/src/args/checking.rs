//! Arguments of the commands that check and explain.

use std::path::PathBuf;

use clap::Subcommand;
use xinyi_core::{Date, Label, Period, Severity};

use crate::trust::TrustOptions;

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArguments {
    /// A ledger directory or file, a statement, or `-`.
    pub(crate) path: PathBuf,
    /// Exit 1 from this severity on.
    #[arg(long, default_value = "error", value_parser = severity)]
    pub(crate) fail_on: Severity,
    /// A file of drafts that you approved: what the ledger does not hold of it is a finding.
    #[arg(long, value_name = "FILE")]
    pub(crate) filed: Option<PathBuf>,
    /// Write every finding to this file too, as CSV for a spreadsheet.
    #[arg(long, value_name = "FILE")]
    pub(crate) findings: Option<PathBuf>,
    /// Read and verify everything, also what an earlier run of yours has verified.
    #[arg(long)]
    pub(crate) full: bool,
    /// Check these rules only, by code or family: EX-02, EX, BK-01,PY. The answer says that it is partial.
    #[arg(long, value_name = "CODE")]
    pub(crate) only: Vec<String>,
    #[command(flatten)]
    pub(crate) outside: OutsideOptions,
    /// Say clause by clause what this check covers of a pack: a shipped one's name or a file; see `pack list`.
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) pack: Vec<String>,
    /// Weigh a rule's findings so, whatever its page and the deed say: error, warning or note; may be repeated. The
    /// answer says what that lowers.
    #[arg(long, value_name = "CODE=SEVERITY", value_parser = severity_of)]
    pub(crate) severity: Vec<(String, Severity)>,
    /// Leave these rules out, by code or family. The answer says that it is partial.
    #[arg(long, value_name = "CODE")]
    pub(crate) skip: Vec<String>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}

/// Lists from outside the ledger, each with the map it is read by.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct OutsideOptions {
    /// What a bank or wallet itself says of an account; may be repeated.
    #[arg(long, value_name = "ACCOUNT=FILE")]
    pub(crate) bank: Vec<String>,
    /// The days that the bank's lists cover; else from the first row to the last.
    #[arg(long, value_name = "FROM..TO", requires = "bank")]
    pub(crate) bank_days: Option<Days>,
    /// The map of a bank's list: for all, or for one account; else the plain form `bank`.
    #[arg(long, value_name = "[ACCOUNT=]MAP", requires = "bank")]
    pub(crate) bank_map: Vec<String>,
    /// The register of contracts: what falls due when.
    #[arg(long, value_name = "FILE")]
    pub(crate) contracts: Option<PathBuf>,
    /// The map of the register.
    #[arg(long, value_name = "MAP", default_value = "contracts")]
    pub(crate) contracts_map: String,
    /// The receipts given, void ones too.
    #[arg(long, value_name = "FILE")]
    pub(crate) receipts: Option<PathBuf>,
    /// The map of the receipts.
    #[arg(long, value_name = "MAP", default_value = "receipts")]
    pub(crate) receipts_map: String,
    /// The roll: what each unit is billed.
    #[arg(long, value_name = "FILE")]
    pub(crate) roll: Option<PathBuf>,
    /// The map of the roll.
    #[arg(long, value_name = "MAP", default_value = "roll")]
    pub(crate) roll_map: String,
    /// The list of shares behind a distribution, by the distribution's entry; may be repeated.
    #[arg(long, value_name = "ENTRY=FILE")]
    pub(crate) shares: Vec<String>,
    /// The map of the lists of shares.
    #[arg(long, value_name = "MAP", default_value = "shares")]
    pub(crate) shares_map: String,
}

impl OutsideOptions {
    /// Whether there is any list.
    pub(crate) fn is_given(&self) -> bool {
        let one = [&self.contracts, &self.receipts, &self.roll].iter().any(|list| list.is_some());
        one || !self.bank.is_empty() || !self.shares.is_empty()
    }
}

/// A run of days: `2026-03-01..2026-03-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) from: Date,
    pub(crate) to: Date,
}

impl std::str::FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.split_once("..").and_then(|(from, to)| from.parse().ok().zip(to.parse().ok()));
        let days = ends.map(|(from, to)| Self { from, to }).filter(|days| days.from <= days.to);
        days.ok_or_else(|| "FROM..TO, such as 2026-03-01..2026-03-31".to_owned())
    }
}

fn severity(word: &str) -> Result<Severity, String> {
    word.parse().map_err(|_| "error, warning or note".to_owned())
}

fn severity_of(given: &str) -> Result<(String, Severity), String> {
    let form = || "CODE=error, CODE=warning or CODE=note, such as EX-05=error".to_owned();
    let (code, word) = given.split_once('=').ok_or_else(form)?;
    Ok((code.to_owned(), word.parse().map_err(|_| form())?))
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArguments {
    /// The rule's code, such as EX-02; none lists them all.
    pub(crate) code: Option<String>,
    /// A ledger directory or file, a statement, or `-`, whose entries to list.
    #[arg(requires_all = ["list", "code"])]
    pub(crate) path: Option<PathBuf>,
    /// List the entries behind the rule's figures: of a fee, every entry that moved its base.
    #[arg(long, requires = "path")]
    pub(crate) list: Option<Listing>,
    /// Up to this month; else the last.
    #[arg(long, requires = "path")]
    pub(crate) period: Option<Period>,
    /// Who takes the fee; else everybody who may.
    #[arg(long, requires = "path")]
    pub(crate) taker: Option<Label>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}

/// What to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Listing {
    /// The entries whose money is in a figure.
    Base,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// List the packs that come with the program.
    List,
    /// Print a pack: its standards, clauses, rules and figures.
    Show {
        /// A shipped pack's name, or a file.
        pack: String,
    },
}
