//! Arguments of the commands that make, keep and compare files about a ledger.

use std::path::PathBuf;

use xinyi_core::Period;

use crate::trust::TrustOptions;

#[derive(Debug, clap::Args)]
pub(crate) struct AnchorArguments {
    /// The anchor: the file that you keep; made at first use.
    pub(crate) anchor: PathBuf,
    /// The ledger, statement or receipt to verify and to keep hold of.
    pub(crate) path: PathBuf,
    /// Read and verify everything, also what an earlier run of yours has verified.
    #[arg(long)]
    pub(crate) full: bool,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompareArguments {
    /// A ledger directory or file, a statement, a receipt or a checkpoint.
    pub(crate) first: PathBuf,
    /// Another one.
    pub(crate) second: PathBuf,
    /// Where to write the evidence if they are of two histories.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// Sign a checkpoint of the present size with this log key first.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// A new directory for the plain lines, with state documents and checkpoints.
    #[arg(long, value_name = "OUT", conflicts_with_all = ["key", "tiles"])]
    pub(crate) lines: Option<PathBuf>,
    /// A file whose first line is the passphrase; else `XINYI_PASSPHRASE`, else a prompt.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The directory to publish as C2SP tiles; what is not there yet is added.
    #[arg(long, value_name = "OUT")]
    pub(crate) tiles: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GuardArguments {
    /// The ledger directory; it must be the newest copy.
    pub(crate) dir: PathBuf,
    /// Where to keep the guard: outside the directory and outside what is backed up with it.
    pub(crate) file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReceiptArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The entry: its index, or MONTH/REFERENCE.
    pub(crate) entry: String,
    /// A private field to open for the receipt's holder, such as payer; may be repeated.
    #[arg(long, value_name = "FIELD")]
    pub(crate) disclose: Vec<String>,
    /// The log key, for an entry whose month is not closed yet: it signs a checkpoint now.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The file to write, as a rule ending in .tlog-proof.
    #[arg(long, short)]
    pub(crate) output: PathBuf,
    /// A file whose first line is the passphrase; else `XINYI_PASSPHRASE`, else a prompt.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecoverArguments {
    /// The directory to make.
    pub(crate) dir: PathBuf,
    /// What is left: published directories, exports, ledger files whole or cut, statements.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) from: Vec<PathBuf>,
    /// The identity of the ledger, or a file that holds it, such as its card.
    #[arg(long, value_name = "HEX|FILE")]
    pub(crate) identity: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatementArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// The closed month.
    pub(crate) period: Period,
    /// The file to write.
    #[arg(long, short)]
    pub(crate) output: PathBuf,
    /// The size of the last checkpoint that the reader has, if months between were skipped.
    #[arg(long, value_name = "SIZE")]
    pub(crate) since: Option<u64>,
}
