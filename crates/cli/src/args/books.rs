//! Arguments of the commands that write a ledger's lines or prepare them.

use std::path::PathBuf;

use clap::Subcommand;
use xinyi_core::{Kind, Period};

use super::Head;
use crate::keys::KeyOptions;

#[derive(Debug, clap::Args)]
pub(crate) struct AddArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The kind of entry; leave out with --json.
    pub(crate) kind: Option<Kind>,
    /// The fields, as --name value; also --date and --ref.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "--FIELD VALUE")]
    pub(crate) fields: Vec<String>,
    /// Refuse unless the ledger has this size and head.
    #[arg(long, value_name = "SIZE:HASH")]
    pub(crate) expect_head: Option<Head>,
    /// Proposals as JSON Lines from a file, or `-`.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ApproveArguments {
    /// The ledger directory, or a file of drafts sent to you.
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// Your own copy of the ledger, by which a file of drafts is judged.
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Only the drafts with these references.
    #[arg(long, value_name = "REF")]
    pub(crate) only: Vec<String>,
    /// Approve also what holds sealed values that nothing at hand opens: without seeing them.
    #[arg(long)]
    pub(crate) unopened: bool,
    /// Approve without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CloseArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The month.
    pub(crate) period: Period,
    /// The booking day of the close; else today.
    #[arg(long)]
    pub(crate) date: Option<xinyi_core::Date>,
    /// Refuse unless the ledger has this size and head.
    #[arg(long, value_name = "SIZE:HASH")]
    pub(crate) expect_head: Option<Head>,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DraftsCommand {
    /// Write the drafts to a file for an approver.
    Export {
        /// The ledger directory.
        dir: PathBuf,
        /// Include the private values of the drafts, so that the approver sees them.
        #[arg(long)]
        disclose: bool,
        /// The file to write.
        #[arg(long, short)]
        output: PathBuf,
        /// Include the ledger's lines from this size on, which the approver's copy lacks.
        #[arg(long, default_value = "0")]
        since: u64,
    },
    /// Take approvals back from a file.
    Import {
        /// The ledger directory.
        dir: PathBuf,
        /// The file that came back.
        file: PathBuf,
    },
    /// List what waits, with what each lacks and would cause.
    List {
        /// The ledger directory.
        dir: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct FeeArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The month.
    pub(crate) period: Period,
    /// The account it is taken from.
    #[arg(long, default_value = "bank")]
    pub(crate) account: String,
    /// The booking day; else today.
    #[arg(long)]
    pub(crate) date: Option<xinyi_core::Date>,
    /// The fund it is taken from.
    #[arg(long, default_value = "shared")]
    pub(crate) fund: String,
    /// The number of the taker's invoice.
    #[arg(long)]
    pub(crate) invoice: Option<String>,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// Who takes.
    #[arg(long, default_value = "trustee")]
    pub(crate) taker: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ForgetArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The entry that holds the sealed value.
    pub(crate) index: u64,
    /// The booking day; else today.
    #[arg(long)]
    pub(crate) date: Option<xinyi_core::Date>,
    /// The sealed field, such as payer.
    #[arg(long)]
    pub(crate) field: String,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// Why; do not repeat the value.
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The file to read.
    pub(crate) file: PathBuf,
    /// A second key that approves, where both parties' keys are on this machine: for books taken over.
    #[arg(long, value_name = "FILE")]
    pub(crate) approve_key: Option<PathBuf>,
    /// Close each month as its last row is passed; needs --approve-key.
    #[arg(long, requires = "approve_key")]
    pub(crate) close_months: bool,
    /// With --dry-run --format json: show the private values too.
    #[arg(long, requires = "dry_run")]
    pub(crate) disclose: bool,
    /// Only show what would be entered and what was left out.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// The map: a TOML file, or a shipped one's name.
    #[arg(long)]
    pub(crate) map: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct InitArguments {
    /// The directory to make.
    pub(crate) dir: PathBuf,
    /// The recorder's key and every other key that the setup names, on this machine.
    #[arg(long, required = true, value_name = "FILE")]
    pub(crate) key: Vec<PathBuf>,
    /// A file whose first line is the passphrase of the keys.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The setup: who, what, where, and under which deed.
    #[arg(long, value_name = "FILE")]
    pub(crate) setup: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecordArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// Refuse unless the ledger has this size and head.
    #[arg(long, value_name = "SIZE:HASH")]
    pub(crate) expect_head: Option<Head>,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// Only the drafts with these references.
    #[arg(long, value_name = "REF")]
    pub(crate) only: Vec<String>,
    /// Record also what lacks approvals, because the money has moved; say why.
    #[arg(long, value_name = "REASON")]
    pub(crate) unapproved: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RefuseArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The draft's reference.
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// Why.
    #[arg(long)]
    pub(crate) reason: String,
}
