//! Arguments of the commands about keys, cosigners and witnesses.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Subcommand;
use xinyi_core::{KeyId, Label, PublicKey, Use, VerifierKey};

use crate::keys::KeyOptions;
use crate::trust::TrustOptions;

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
