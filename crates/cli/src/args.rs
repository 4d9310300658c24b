//! The command line's shape. Help texts are English here and replaced by `i18n/` where a translation stands.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use xinyi_core::{Hash, KeyId, Kind, Label, Period, PublicKey, Severity, Size, Timestamp, Use, VerifierKey};

use crate::context::Format;
use crate::keys::KeyOptions;
use crate::lang::text;
use crate::trust::TrustOptions;

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
    Check(CheckArguments),
    /// Close a month: work out its figures and draft the close.
    Close(CloseArguments),
    /// Are two files of one history? If not, write evidence that anyone can verify.
    Compare(CompareArguments),
    /// Vouch for a ledger's checkpoint with your key, or have a witness vouch for it.
    Cosign(Box<CosignArguments>),
    /// Explain a deed file, or print a template.
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
pub(crate) struct AnchorArguments {
    /// The anchor: the file that you keep; made at first use.
    pub(crate) anchor: PathBuf,
    /// The ledger, statement or receipt to verify and to keep hold of.
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
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
pub(crate) struct CheckArguments {
    /// A ledger directory or file, a statement, or `-`.
    pub(crate) path: PathBuf,
    /// A file of drafts that you approved: what the ledger does not hold of it is a finding.
    #[arg(long, value_name = "FILE")]
    pub(crate) filed: Option<PathBuf>,
    /// Exit 1 from this severity on.
    #[arg(long, default_value = "error", value_parser = severity)]
    pub(crate) fail_on: Severity,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}

fn severity(word: &str) -> Result<Severity, String> {
    word.parse().map_err(|_| "error, warning or note".to_owned())
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
pub(crate) struct CosignArguments {
    /// The ledger directory: your own copy.
    pub(crate) path: PathBuf,
    /// The key file that cosigns.
    #[arg(long, value_name = "FILE", required_unless_present = "witness", conflicts_with = "witness")]
    pub(crate) key: Option<PathBuf>,
    /// What the key has cosigned before; else the directory beside the key that ends in `.memory`.
    #[arg(long, value_name = "DIR", requires = "key")]
    pub(crate) memory: Option<PathBuf>,
    /// The cosigner's name, where the ledger's register does not give the key one.
    #[arg(long, requires = "key")]
    pub(crate) name: Option<String>,
    /// A file whose first line is the passphrase; else `XINYI_PASSPHRASE`, else a prompt.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The checkpoint for this size; else the latest.
    #[arg(long)]
    pub(crate) size: Option<u64>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// The witness that is asked to cosign instead: http://HOST:PORT, with a path if it has one.
    #[arg(long, value_name = "URL", requires = "witness_key")]
    pub(crate) witness: Option<String>,
    /// The verifier key of that witness.
    #[arg(long, value_name = "VKEY", requires = "witness")]
    pub(crate) witness_key: Option<VerifierKey>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeedCommand {
    /// Explain a deed file back in plain words.
    Check {
        /// The deed file, or a template's name.
        file: String,
        /// Its first day.
        #[arg(long, default_value = "2026-01-01")]
        first: xinyi_core::Date,
    },
    /// Print a template: property-trust or fiscal-host.
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
pub(crate) struct ExplainArguments {
    /// The rule's code, such as EX-02; none lists them all.
    pub(crate) code: Option<String>,
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
pub(crate) struct GuardArguments {
    /// The ledger directory; it must be the newest copy.
    pub(crate) dir: PathBuf,
    /// Where to keep the guard: outside the directory and outside what is backed up with it.
    pub(crate) file: PathBuf,
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

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Draft a change of one party's keys: new ones, retired ones, revoked ones. Waits for the party and its
    /// counter-approver, and for each new key to approve it too.
    Change {
        #[command(flatten)]
        change: KeyChangeArguments,
        /// The lowest entry from which what the revoked keys signed is in doubt.
        #[arg(long, value_name = "INDEX", requires = "revoke")]
        doubt_from: Option<u64>,
        /// Why keys are revoked.
        #[arg(long, requires = "revoke")]
        reason: Option<String>,
        /// A key that was lost, stolen or misused.
        #[arg(long, value_name = "ID", requires = "reason")]
        revoke: Vec<KeyId>,
    },
    /// Read a key made by another program and write it encrypted.
    Import {
        /// The key file to read.
        from: PathBuf,
        /// The key file to write.
        to: PathBuf,
    },
    /// List a ledger's keys: from and to which entry each is active, and why it ended.
    List {
        /// The ledger directory or file.
        path: PathBuf,
        /// Only the verifier keys of trustee and committee, as a file to hand to those who check (--trust).
        #[arg(long)]
        vkeys: bool,
    },
    /// Make a key.
    New {
        /// The key file to write; never overwritten.
        file: PathBuf,
        /// Do not encrypt: for machines whose disk is trusted.
        #[arg(long)]
        plain: bool,
        /// Eight times the work to try a passphrase; openssl will not open it.
        #[arg(long, conflicts_with = "plain")]
        strong: bool,
        /// A file whose first line is the passphrase.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Draft the replacement of a party's lost keys, or of the recorder, by the parties that genesis names. Nothing
    /// else may be recorded between the draft and its recording.
    Recover {
        #[command(flatten)]
        change: KeyChangeArguments,
        /// Why.
        #[arg(long)]
        reason: String,
        /// The party whose keys record from then on, if it changes.
        #[arg(long, value_name = "PARTY")]
        recorder: Option<Label>,
    },
    /// Show a key's public half.
    Show {
        #[command(flatten)]
        key: KeyOptions,
        /// The name under which it signs checkpoints, to print a verifier key.
        #[arg(long)]
        origin: Option<String>,
    },
}

/// What every change of keys says.
#[derive(Debug, clap::Args)]
pub(crate) struct KeyChangeArguments {
    /// The ledger directory.
    pub(crate) dir: PathBuf,
    /// A new key: who holds it, and its public half as printed by `key show`.
    #[arg(long, value_name = "HOLDER=PUBLIC")]
    pub(crate) admit: Vec<Admission>,
    /// The booking day; else today.
    #[arg(long)]
    pub(crate) date: Option<xinyi_core::Date>,
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// The party whose keys change.
    #[arg(long)]
    pub(crate) party: Label,
    /// A key that ends in good order.
    #[arg(long, value_name = "ID")]
    pub(crate) retire: Vec<KeyId>,
    /// The last day for which the new keys are given.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<xinyi_core::Date>,
    /// What the new keys may do; else what the party's present keys may.
    #[arg(long, value_name = "USE,…", value_delimiter = ',')]
    pub(crate) uses: Vec<Use>,
}

/// A new key and its holder: `wang=9f86…`.
#[derive(Clone, Debug)]
pub(crate) struct Admission {
    pub(crate) holder: Label,
    pub(crate) key: PublicKey,
}

impl std::str::FromStr for Admission {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (holder, key) = text.split_once('=')?;
            Some(Self { holder: holder.parse().ok()?, key: crate::trust::public_key(key)? })
        };
        parse().ok_or_else(|| "HOLDER=PUBLIC, the public key as printed by key show".to_owned())
    }
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
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WitnessArguments {
    #[command(flatten)]
    pub(crate) key: KeyOptions,
    /// Where to listen; port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8650")]
    pub(crate) listen: SocketAddr,
    /// A log to watch, by the verifier key it signs with; may be repeated.
    #[arg(long, value_name = "VKEY", required = true)]
    pub(crate) log: Vec<VerifierKey>,
    /// What the witness has cosigned before: a directory that only one witness uses.
    #[arg(long, value_name = "DIR")]
    pub(crate) memory: PathBuf,
    /// The name under which it cosigns, such as witness.example/w1.
    #[arg(long)]
    pub(crate) name: String,
    /// Listen on an address that other computers reach, without TLS.
    #[arg(long)]
    pub(crate) public: bool,
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
