//! The command line's shape. Help texts are English here and replaced by `i18n/` where a translation stands.

mod books;
mod checking;
mod files;
mod keys;
mod reading;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use xinyi_core::{Hash, Size, Timestamp};

pub(crate) use self::books::*;
pub(crate) use self::checking::*;
pub(crate) use self::files::*;
pub(crate) use self::keys::*;
pub(crate) use self::reading::*;
use crate::context::Format;
use crate::lang::text;

/// The transparency ledger of a community's shared fund.
#[derive(Debug, Parser)]
#[command(name = "xinyi", version, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// A given clock; only a ledger that says it is a sample accepts one.
    #[arg(long, global = true, hide = true, value_name = "TIME")]
    pub(crate) clock: Option<Timestamp>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The form of the answer.
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// The language: zh or en; else the locale's.
    #[arg(long, global = true, value_name = "zh|en")]
    pub(crate) lang: Option<String>,
    /// Less talk: no progress, no hints.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// Threads to verify with: as many as the processor has cores unless told. The answer is the same for any number.
    #[arg(long, global = true, value_name = "NUMBER")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draft entries; what the deed lets the recorder enter alone is recorded at once.
    Add(AddArguments),
    /// Keep what a verified file shows, so that no other history can be shown to you later.
    Anchor(AnchorArguments),
    /// Review drafts and approve them with your key, in a ledger or in a file sent to you.
    Approve(ApproveArguments),
    /// Verify a ledger and check every rule that the file lets us check.
    Check(Box<CheckArguments>),
    /// Close a month: work out its figures and draft the close.
    Close(CloseArguments),
    /// Are two files of one history? If not, write evidence that anyone can verify.
    Compare(CompareArguments),
    /// Vouch for a ledger's checkpoint with your key, or have a witness vouch for it.
    Cosign(Box<CosignArguments>),
    /// Explain a deed file, draft a later deed, or print a template.
    #[command(subcommand)]
    Deed(DeedCommand),
    /// A whole story in seconds: build, approve, close, verify, check, tamper, caught.
    Demo(DemoArguments),
    /// Drafts that wait: list them, send them to an approver, take them back.
    #[command(subcommand)]
    Drafts(DraftsCommand),
    /// Explain a rule by its code.
    Explain(ExplainArguments),
    /// Publish the ledger for everyone as tiles, or as plain lines for an auditor.
    Export(ExportArguments),
    /// Work out what fee may be taken for a month and draft it.
    Fee(FeeArguments),
    /// Destroy a private value on request, for all to see: drafts the entry that says so.
    Forget(ForgetArguments),
    /// Keep the newest state of a ledger outside its directory, so that an older copy put back is noticed.
    Guard(GuardArguments),
    /// Read a bank's or another program's CSV file by a map.
    Import(ImportArguments),
    /// Begin a ledger.
    Init(InitArguments),
    /// Keys: make, show, import, list.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Packs of clauses: laws and local standards, and what of them a check covers.
    #[command(subcommand)]
    Pack(PackCommand),
    /// Write the receipt of one entry, with its proof, for the one whom it concerns.
    Receipt(ReceiptArguments),
    /// Record every draft that has its approvals.
    Record(RecordArguments),
    /// Rebuild a ledger from what is left of it.
    Recover(RecoverArguments),
    /// Decline a draft, for all to see.
    Refuse(RefuseArguments),
    /// Show balances, or one entry.
    Show(ShowArguments),
    /// Write the statement of a closed month: one file that proves itself.
    Statement(StatementArguments),
    /// Is it authentic? A ledger directory or file, a statement, a receipt, a checkpoint, evidence, or `-`.
    Verify(VerifyArguments),
    /// Run a witness, which vouches for the checkpoints of logs over HTTP.
    Witness(WitnessArguments),
}

/// A ledger's end as someone noted it: `7:9f86…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) hash: Hash,
    pub(crate) size: Size,
}

impl std::str::FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (size, hash) = text.split_once(':')?;
            Some(Self { hash: hash.parse().ok()?, size: Size::new(size.parse().ok()?)? })
        };
        parse().ok_or_else(|| "SIZE:HASH, as printed by verify".to_owned())
    }
}

/// Parses the command line; on a mistake prints what clap says and a hint in the user's language.
pub(crate) fn parse() -> Result<Arguments, ExitCode> {
    let words = options_before_fields(std::env::args_os().collect());
    let matches = localised(Arguments::command(), "").try_get_matches_from(words);
    let parsed = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    parsed.map_err(|error| {
        let _ = error.print();
        if error.use_stderr() {
            crate::output::say(&crate::lang::fl!("usage-hint"));
            ExitCode::from(2)
        } else {
            ExitCode::SUCCESS
        }
    })
}

/// `add` takes a kind's own fields as flags to its end, so its options are moved before them: people write
/// `--key` last.
fn options_before_fields(words: Vec<OsString>) -> Vec<OsString> {
    const WITH_VALUE: [&str; 7] =
        ["--clock", "--expect-head", "--format", "--json", "--key", "--lang", "--passphrase-file"];
    let Some(command) = words.iter().position(|word| word == "add") else { return words };
    let (before, after) = words.split_at(command + 1);
    let (mut options, mut fields) = (Vec::new(), Vec::new());
    let mut after = after.iter().cloned();
    while let Some(word) = after.next() {
        let text = word.to_string_lossy().into_owned();
        if WITH_VALUE.contains(&text.as_str()) {
            options.push(word);
            options.extend(after.next());
        } else if text == "--quiet"
            || text == "--help"
            || WITH_VALUE.iter().any(|name| text.starts_with(&format!("{name}=")))
        {
            options.push(word);
        } else {
            fields.push(word);
        }
    }
    [before.to_vec(), options, fields].concat()
}

/// Replaces the texts of commands by those in `i18n/`, where there are any.
fn localised(command: clap::Command, path: &str) -> clap::Command {
    let id = if path.is_empty() { "about".to_owned() } else { format!("about-{path}") };
    let command = match text(&id) {
        Some(about) => command.about(about),
        None => command,
    };
    let prefix = path.to_owned();
    command.mut_subcommands(move |sub| {
        let path = if prefix.is_empty() {
            sub.get_name().to_owned()
        } else {
            format!("{prefix}-{}", sub.get_name())
        };
        localised(sub, &path)
    })
}
