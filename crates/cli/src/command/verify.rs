//! `xinyi verify`: is it authentic, up to where, and on what does that rest? A ledger, a statement, a receipt, a
//! checkpoint, or evidence of a fork.

use serde_json::json;
use xinyi_core::{Evidence, ForkAt, Trust};

use crate::args::VerifyArguments;
use crate::command::receipt;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::lang::fl;
use crate::note;
use crate::output::{answer, show};
use crate::reading::Reading;
use crate::roots::Roots;
use crate::statement_reading::StatementReading;
use crate::verdict::Verdict;

pub(crate) fn run(arguments: &VerifyArguments, context: &Context) -> Result<Exit, Failure> {
    let (trust, no_trust) = (arguments.trust.load()?, arguments.trust.no_trust);
    let verdict = match Input::at(&arguments.path)? {
        Input::Anchor => return Err(Failure::usage("anchor-verified", "")),
        Input::Checkpoint(text) => return note::verify(&text, &trust, context),
        Input::Evidence(bytes) => return evidence(&bytes, &trust, context),
        Input::Receipt(text) => {
            return receipt::verify(&text, &trust, no_trust, arguments.payer.as_deref(), context);
        }
        Input::Ledger => {
            let reading = Reading::trusting(&arguments.path, &trust, context, &mut |_| {})?;
            Verdict::of_ledger(&reading, &trust, no_trust, arguments.expect_head, &arguments.path)?
        }
        Input::Statement(lines, length) => {
            let roots = Roots::for_anchor(&trust);
            let reading = StatementReading::of(lines, length, &trust, roots, context, &mut |_, _| {})?;
            Verdict::of_statement(reading, &trust, no_trust)?.0
        }
    };
    if context.is_json() {
        show(&json!({ "verdict": verdict.json() }));
    } else {
        verdict.print();
    }
    Ok(verdict.exit)
}

/// Evidence holds or it does not; what it shows is who signed both sides (spec: J-3).
fn evidence(bytes: &[u8], trust: &Trust, context: &Context) -> Result<Exit, Failure> {
    let refused =
        |error: xinyi_core::EvidenceError| Failure::told(error.code(), &error).with(Exit::NotAuthentic);
    let evidence = Evidence::decode(bytes).map_err(refused)?;
    let fork = evidence.verify(trust.identity()).map_err(refused)?;
    let place = match fork.at {
        ForkAt::Index(index) => fl!("fork-at-entry", index = index.to_string()),
        ForkAt::Size(size) => fl!("fork-at-size", size = size.to_string()),
    };
    let signers: Vec<Vec<String>> =
        fork.signers.iter().map(|side| side.iter().map(named).collect()).collect();
    if context.is_json() {
        let at = match fork.at {
            ForkAt::Index(index) => json!({"index": index}),
            ForkAt::Size(size) => json!({"size": size}),
        };
        show(
            &json!({"evidence": {"at": at, "identity": evidence.identity, "proven": true, "signers": signers}}),
        );
        return Ok(Exit::Clean);
    }
    answer(&fl!("fork-proven"));
    answer(&fl!("fact-identity", identity = evidence.identity.to_string()));
    answer(&place);
    for (side, signers) in [fl!("fork-first"), fl!("fork-second")].into_iter().zip(&signers) {
        answer(&fl!("fork-signers", side = side, signers = signers.join(", ")));
    }
    if !fork.is_by_one_key() {
        answer(&fl!("fork-other-keys"));
    }
    answer(&format!("  {}: {}", fl!("word-help"), fl!("fork-help")));
    Ok(Exit::Clean)
}

fn named(signer: &xinyi_core::ForkSigner) -> String {
    match &signer.holder {
        Some(holder) => format!("{} ({holder}, {})", signer.name, signer.key),
        None => format!("{} ({})", signer.name, signer.key),
    }
}
