//! `xinyi verify`: is it authentic, up to where, and on what does that rest? A ledger, a statement, a receipt, a
//! checkpoint, or evidence of a fork.

use serde_json::{Value, json};
use xinyi_core::{Fork, ForkAt, ForkEvidence, Trust};

use crate::args::VerifyArguments;
use crate::command::receipt;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::going_on::Reader;
use crate::input::Input;
use crate::lang::fl;
use crate::note;
use crate::output::{answer, show};
use crate::reading::{Purpose, Reading};
use crate::roots::Roots;
use crate::statement_reading::StatementReading;
use crate::verdict::Verdict;

pub(crate) fn run(arguments: &VerifyArguments, context: &Context) -> Result<Exit, Failure> {
    let (trust, no_trust) = (arguments.trust.load()?, arguments.trust.no_trust);
    let verdict = match Input::at(&arguments.path)? {
        Input::Anchor => return Err(Failure::usage("anchor-verified", "")),
        Input::Checkpoint(text) => return note::verify(&text, &trust, context),
        Input::Evidence(bytes) => return evidence(&bytes, &trust, no_trust, context),
        Input::Receipt(text) => {
            return receipt::verify(&text, &trust, no_trust, arguments.payer.as_deref(), context);
        }
        Input::Ledger => {
            let anchor = arguments.trust.anchor().filter(|_| !arguments.full);
            let reader = Reader { anchor, purpose: Purpose::Verdict, trust: &trust };
            let reading = Reading::going_on(&arguments.path, reader, context, &mut |_| {})?;
            Verdict::of_ledger(&reading, &trust, no_trust, arguments.expect_head, &arguments.path)?
        }
        Input::Statement(lines, length) => {
            let roots = Roots::for_anchor(&trust);
            let reading = StatementReading::of(lines, length, &trust, roots, context, &mut |_, _| {})?;
            Verdict::of_statement(&reading, &trust, no_trust)?
        }
    };
    if context.is_json() {
        show(&json!({ "verdict": verdict.json() }));
    } else {
        verdict.print();
    }
    Ok(verdict.exit)
}

/// Evidence holds or it does not; what it shows is who signed both sides (spec: J-3). Whose ledger it is of, only the
/// reader's trust tells (spec: J-5).
fn evidence(bytes: &[u8], trust: &Trust, no_trust: bool, context: &Context) -> Result<Exit, Failure> {
    let refused =
        |error: xinyi_core::EvidenceError| Failure::told(error.code(), &error).with(Exit::NotAuthentic);
    let evidence = ForkEvidence::decode(bytes).map_err(refused)?;
    let fork = evidence.verify(trust.identity()).map_err(refused)?;
    let is_known = trust.knows_fork(&fork)?.is_authenticated();
    let exit = if is_known || no_trust { Exit::Clean } else { Exit::CannotTell };
    if context.is_json() {
        show(&json!({"evidence": fork_json(&fork, exit)}));
    } else {
        print_fork(&fork, is_known);
    }
    Ok(exit)
}

fn fork_json(fork: &Fork, exit: Exit) -> Value {
    let at = match fork.at {
        ForkAt::Index(index) => json!({"index": index}),
        ForkAt::Size(size) => json!({"size": size}),
    };
    let others: Vec<Vec<String>> = fork.signers.iter().map(|side| side.iter().map(named).collect()).collect();
    json!({
        "at": at, "by": named(&fork.by), "exit": exit.code(), "identity": fork.authority.founding().identity,
        "others": others, "sample": fork.authority.founding().sample,
    })
}

fn print_fork(fork: &Fork, is_known: bool) {
    if fork.authority.founding().sample {
        answer(&fl!("sample"));
    }
    answer(&if is_known { fl!("fork-proven") } else { fl!("fork-of-whom") });
    answer(&fl!("fact-identity", identity = fork.authority.founding().identity.to_string()));
    answer(&match fork.at {
        ForkAt::Index(index) => fl!("fork-at-entry", index = index.to_string()),
        ForkAt::Size(size) => fl!("fork-at-size", size = size.to_string()),
    });
    answer(&fl!("fork-by", signer = named(&fork.by)));
    for (side, others) in [fl!("fork-first"), fl!("fork-second")].into_iter().zip(&fork.signers) {
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(named).collect();
            answer(&fl!("fork-others", side = side, signers = others.join(", ")));
        }
    }
    if !is_known {
        answer(&fl!("trust-none"));
    }
    answer(&format!("  {}: {}", fl!("word-help"), fl!("fork-help")));
}

fn named(signer: &xinyi_core::ForkSigner) -> String {
    match &signer.holder {
        Some(holder) => format!("{} ({holder}, {})", signer.name, signer.key),
        None => format!("{} ({})", signer.name, signer.key),
    }
}
