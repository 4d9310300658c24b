//! Arguments of the commands that read.

use std::path::PathBuf;

use clap::Subcommand;

use super::Head;
use crate::keys::KeyOptions;
use crate::trust::TrustOptions;

#[derive(Debug, Subcommand)]
pub(crate) enum DeedCommand {
    /// Explain a deed file back in plain words, or refuse it with the lines at fault.
    Check {
        /// The deed file, or a template's name.
        file: String,
        /// Its first day, the first of a month; 2026-01-01 if neither this nor a setup says another.
        #[arg(long, value_name = "DATE")]
        first: Option<xinyi_core::Date>,
        /// The setup of the ledger that it is for: its parties, keys, unit and first day.
        #[arg(long, value_name = "FILE")]
        setup: Option<PathBuf>,
    },
    /// Draft a deed that holds from a month on. Waits for the committee.
    Change {
        /// The ledger directory.
        dir: PathBuf,
        /// The deed file.
        file: String,
        /// The month from which it holds, one not yet closed.
        #[arg(long, value_name = "PERIOD")]
        from: xinyi_core::Period,
        #[command(flatten)]
        key: KeyOptions,
    },
    /// Print a template: property-trust, resettlement, grant, foundation, social-enterprise, mutual-aid, time-bank,
    /// home-services or fiscal-host.
    Template {
        /// The template's name.
        name: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct DemoArguments {
    /// Where to keep the made-up ledger; else it is thrown away.
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShowArguments {
    /// The ledger directory, a ledger file, or `-`.
    pub(crate) path: PathBuf,
    /// One entry; none shows balances.
    pub(crate) index: Option<u64>,
    /// Show also the entry's private values, as far as they lie beside the ledger.
    #[arg(long, requires = "index")]
    pub(crate) disclose: bool,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArguments {
    /// A ledger directory or file, a statement, a receipt, a checkpoint, evidence, or `-`.
    pub(crate) path: PathBuf,
    /// In a receipt: who you are, as the payer or recipient is named.
    #[arg(long, value_name = "NAME")]
    pub(crate) payer: Option<String>,
    /// The size and head that you know: a shorter or other ledger is refused.
    #[arg(long, value_name = "SIZE:HASH")]
    pub(crate) expect_head: Option<Head>,
    /// Read and verify everything, also what an earlier run of yours has verified.
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}
