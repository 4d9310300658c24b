//! `xinyi receipt`: one entry with its proof, for the one whom it concerns; and what a receipt shows its reader.

use serde_json::{Value, json};
use xinyi_core::{Claimed, Grounds, Index, Receipt, ReceiptError, Received, Shown, Size, Trust};

use crate::args::ReceiptArguments;
use crate::command::show::kind_name;
use crate::context::Context;
use crate::excerpts::Excerpts;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::trust::sentences;
use crate::verdict::parties;

pub(crate) fn run(arguments: &ReceiptArguments, context: &Context) -> Result<Exit, Failure> {
    let signer = arguments.key.as_deref().map(|key| (key, arguments.passphrase_file.as_deref()));
    let (index, receipt) = Excerpts::cut(&arguments.dir, context, |excerpts| {
        let index = excerpts.index(&arguments.entry)?;
        let checkpoint = excerpts.checkpoint_over(index, signer)?;
        Ok((index, cut(excerpts, index, checkpoint, &arguments.disclose)?))
    })?;
    xinyi_store::write_file(&arguments.output, receipt.as_bytes())?;
    let path = arguments.output.display().to_string();
    if context.is_json() {
        show(&json!({"receipt": {"index": index, "path": path}}));
        return Ok(Exit::Clean);
    }
    answer(&fl!("receipt-written", index = index.to_string(), path = path));
    if arguments.disclose.is_empty() {
        answer(&fl!("receipt-nothing-disclosed"));
    }
    Ok(Exit::Clean)
}

/// The receipt of one entry under a signed checkpoint, with the fields that are opened in it: read as its reader will
/// before it is handed out (spec: O-14).
pub(crate) fn cut(
    excerpts: &Excerpts,
    index: Index,
    checkpoint: (Size, String),
    disclose: &[String],
) -> Result<String, Failure> {
    let disclosures = excerpts.disclosures(index, disclose)?;
    let receipt = excerpts.archive.receipt(index, checkpoint, disclosures, &*excerpts.lines);
    let receipt = receipt.map_err(|error| excerpts.refused(error))?.to_string();
    let proven = receipt.parse::<Receipt>().and_then(|receipt| receipt.verify(excerpts.identity(), &[]));
    proven.map_err(|error| Failure::told(error.code(), &error).with(Exit::NotAuthentic))?;
    Ok(receipt)
}

/// Why an entry counts as in the books, or that only the recorder says so (spec: H-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Anchored,
    Closed,
    Policy,
    TrusteeSaysSo,
}

impl Standing {
    const fn word(self) -> &'static str {
        match self {
            Self::Anchored => "anchor",
            Self::Closed => "close",
            Self::Policy => "policy",
            Self::TrusteeSaysSo => "trustee-says-so",
        }
    }
}

/// A receipt that holds, and what it shows; whose ledger it is, [`judged`] tells.
pub(crate) fn read(text: &str, trust: &Trust) -> Result<(Receipt, Received), Failure> {
    let refused = |error: ReceiptError| Failure::told(error.code(), &error).with(Exit::NotAuthentic);
    let receipt: Receipt = text.parse().map_err(refused)?;
    let received = receipt.verify(trust.identity(), &trust.witnesses()).map_err(refused)?.into_inner();
    Ok((receipt, received))
}

/// Whose ledger a receipt says it is of.
pub(crate) fn claimed(received: &Received) -> Claimed<'_> {
    Claimed {
        approvers: received.covered.as_ref().map(|covered| covered.approvers.as_slice()),
        founding: received.authority.founding(),
        register: received.authority.register(),
    }
}

/// What a receipt is, and what its verdict rests on.
pub(crate) fn judged(text: &str, trust: &Trust) -> Result<(Received, Grounds), Failure> {
    let (_, received) = read(text, trust)?;
    let size = received.checkpoint.checkpoint.size;
    let covered = received.covered.as_ref();
    let claimed = claimed(&received);
    let from = covered.map_or(size, |covered| covered.close.size);
    let shown = Shown { checkpoint: Some(&received.checkpoint), claimed, from, size, whole: false };
    let grounds = trust.judge(&shown, &received)?;
    Ok((received, grounds))
}

/// Verifies a receipt for its reader; `payer` is who the reader says to be.
pub(crate) fn verify(
    text: &str,
    trust: &Trust,
    no_trust: bool,
    payer: Option<&str>,
    context: &Context,
) -> Result<Exit, Failure> {
    let (received, grounds) = judged(text, trust)?;
    let covered = received.covered.as_ref();
    let standing = match grounds.anchor {
        Some(Some(_)) => Standing::Anchored,
        _ if covered.is_some() => Standing::Closed,
        _ if grounds.policy && trust.policy.as_ref().is_some_and(|policy| policy.asks_for_witnesses()) => {
            Standing::Policy
        }
        _ => Standing::TrusteeSaysSo,
    };
    let exit = if grounds.is_authenticated() || no_trust { Exit::Clean } else { Exit::CannotTell };
    let yours = is_yours(&received, payer);
    if context.is_json() {
        show(&json(&received, standing, yours, &grounds, exit));
        return Ok(exit);
    }
    if received.authority.founding().sample {
        answer(&fl!("sample"));
    }
    if grounds.is_unlinked() {
        answer(&fl!("verdict-unlinked"));
    } else if !grounds.is_authenticated() {
        answer(&fl!("verdict-consistent"));
    }
    print(&received, standing, grounds.is_known(), payer, yours);
    sentences(&grounds).iter().for_each(|said| answer(said));
    if let (true, Some(covered)) = (grounds.is_unlinked(), &received.covered) {
        answer(&fl!("link-missing-receipt", period = covered.close.period.to_string()));
    }
    Ok(exit)
}

/// Whether a disclosure opens the one who paid or received; `None` if none does, `Some(false)` if it is another than
/// the reader says to be (spec: H-7).
fn is_yours(received: &Received, payer: Option<&str>) -> Option<bool> {
    let mut named = received.disclosed.iter().filter(|open| matches!(open.field(), "payer" | "recipient"));
    let name = named.next()?.value().as_str();
    Some(payer.is_none_or(|payer| payer == name))
}

/// The first line: whether the entry counts as in the books, and on whose word.
fn headline(received: &Received, standing: Standing, is_known: bool) -> String {
    let index = received.entry.index().to_string();
    match (standing, &received.covered) {
        (Standing::Closed | Standing::Anchored, Some(covered)) => {
            let (period, parties) =
                (covered.close.period.to_string(), parties(&covered.approvers).join(", "));
            if is_known {
                fl!("receipt-closed", index = index, period = period, parties = parties)
            } else {
                fl!("receipt-closed-unknown", index = index, period = period, parties = parties)
            }
        }
        (Standing::Anchored, None) => fl!("receipt-anchored", index = index),
        (Standing::Policy, _) => fl!("receipt-policy", index = index),
        _ => fl!("receipt-says-so", index = index),
    }
}

fn print(received: &Received, standing: Standing, is_known: bool, payer: Option<&str>, yours: Option<bool>) {
    let size = received.checkpoint.checkpoint.size.to_string();
    answer(&headline(received, standing, is_known));
    let content = received.entry.content();
    answer(&fl!(
        "entry-head",
        index = received.entry.index().to_string(),
        kind = kind_name(content.kind().as_str()),
        date = content.date().to_string(),
        reference = content.reference().to_string()
    ));
    let data: Value = serde_json::from_slice(content.bytes()).unwrap_or_default();
    for (name, value) in data.get("data").and_then(Value::as_object).into_iter().flatten() {
        let opened = received.disclosed.iter().find(|open| open.field() == name);
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        answer(&match opened {
            Some(open) => format!("  {name}: {} ({})", open.value().as_str(), fl!("word-opened")),
            None => format!("  {name}: {value}"),
        });
    }
    answer(&match (yours, payer) {
        (Some(true), Some(payer)) => fl!("receipt-yours", payer = payer.to_owned()),
        (Some(true), None) => fl!("receipt-named"),
        (Some(false), _) => fl!("receipt-another"),
        (None, _) => fl!("receipt-not-shown-whose"),
    });
    let date = received
        .covered
        .as_ref()
        .map_or_else(|| received.entry.recorded().to_string(), |c| c.date.to_string());
    answer(&fl!("receipt-as-of", size = size, date = date));
}

fn json(
    received: &Received,
    standing: Standing,
    yours: Option<bool>,
    grounds: &Grounds,
    exit: Exit,
) -> Value {
    let content: Value = serde_json::from_slice(received.entry.content().bytes()).unwrap_or_default();
    let opened: serde_json::Map<_, _> = received
        .disclosed
        .iter()
        .map(|open| (open.field().to_owned(), json!(open.value().as_str())))
        .collect();
    json!({"receipt": {
        "closed": received.covered.as_ref().map(|covered| covered.close.period),
        "content": content,
        "exit": exit.code(),
        "identity": received.authority.founding().identity,
        "in_the_books": standing != Standing::TrusteeSaysSo && grounds.is_known(),
        "index": received.entry.index(),
        "opened": opened,
        "size": received.checkpoint.checkpoint.size,
        "standing": standing.word(),
        "trust": grounds.word(),
        "yours": yours,
    }})
}
