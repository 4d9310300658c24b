//! `xinyi anchor`: keep what a verified file shows, so that no other history can be shown later (spec: G-7…G-10).

use serde_json::json;
use xinyi_core::{Anchor, AnchorError, Anchored, Founding, Hash, Register, Trust};
use xinyi_store::{read_anchor, write_anchor};

use crate::args::AnchorArguments;
use crate::command::receipt;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::Reading;
use crate::roots::Roots;
use crate::statement_reading::StatementReading;
use crate::verdict::Verdict;

/// What a file gives to keep: sizes and roots that a close by both parties covers, or that meet the policy.
struct Kept {
    accepted: Vec<Anchored>,
    identity: Hash,
    origin: String,
    register: Hash,
}

impl Kept {
    fn of(founding: &Founding, register: &Register) -> Self {
        let (identity, origin) = (founding.identity, founding.origin.clone());
        Self { accepted: Vec::new(), identity, origin, register: register.digest() }
    }
}

pub(crate) fn run(arguments: &AnchorArguments, context: &Context) -> Result<Exit, Failure> {
    crate::input::anchor_place(&arguments.anchor)?;
    let mut trust = arguments.trust.load()?;
    let known = read_anchor(&arguments.anchor)
        .map_err(|error| Failure::told(error.code(), &error).with(Exit::NotAuthentic))?;
    let first_use = known.is_none();
    trust.anchor = known.or(trust.anchor);
    let kept = kept(arguments, &trust, context)?;
    if kept.accepted.is_empty() {
        return Err(Failure::usage("anchor-nothing", ""));
    }
    let refused = |error: AnchorError| Failure::told(error.code(), &error).with(Exit::NotAuthentic);
    let mut anchor = match trust.anchor {
        Some(anchor) => anchor,
        None => {
            let origin = kept.origin.parse().map_err(|_| Failure::usage("anchor-form", &kept.origin))?;
            Anchor::new(kept.identity, origin, kept.register)
        }
    };
    let before = anchor.checkpoints().len();
    for accepted in &kept.accepted {
        anchor.accept(*accepted, kept.register).map_err(refused)?;
    }
    write_anchor(&arguments.anchor, &anchor)?;
    let added = anchor.checkpoints().len().saturating_sub(before);
    if context.is_json() {
        show(
            &json!({"anchor": {"added": added, "first_use": first_use, "identity": anchor.identity(), "size": anchor.size()}}),
        );
        return Ok(Exit::Clean);
    }
    if first_use {
        answer(&fl!("anchor-first", identity = anchor.identity().to_string()));
    }
    answer(&fl!("anchor-kept", added = added.to_string(), size = anchor.size().to_string()));
    Ok(Exit::Clean)
}

/// Verifies the file as `verify` does; nothing is kept of one that is not authentic.
fn kept(arguments: &AnchorArguments, trust: &Trust, context: &Context) -> Result<Kept, Failure> {
    let no_trust = arguments.trust.no_trust;
    match Input::at(&arguments.path)? {
        Input::Anchor | Input::Evidence(_) | Input::Checkpoint(_) => {
            Err(Failure::usage("anchor-nothing", ""))
        }
        Input::Receipt(text) => of_receipt(&text, trust),
        Input::Ledger => of_ledger(arguments, trust, context),
        Input::Statement(lines, length) => {
            let roots = Roots::all();
            let reading = StatementReading::of(lines, length, trust, roots, context, &mut |_, _| {})?;
            let roots = reading.roots.clone();
            let replay = reading.reader.as_ref().map(|reader| reader.replay());
            let kept = replay.and_then(|replay| replay.founding().zip(replay.register()));
            let kept = kept.map(|(founding, register)| Kept::of(founding, register));
            let verdict = Verdict::of_statement(reading, trust, no_trust)?.0;
            must_be_clean(&verdict)?;
            let (stated, mut kept) =
                verdict.stated().zip(kept).ok_or_else(|| Failure::usage("anchor-nothing", ""))?;
            let met = trust.policy.as_ref().is_some_and(|policy| policy.asks_for_witnesses());
            let sizes =
                std::iter::once(stated.covered).chain(met.then_some(stated.checkpoint.checkpoint.size));
            kept.accepted = sizes.filter_map(|size| Some(Anchored { root: roots.at(size)?, size })).collect();
            Ok(kept)
        }
    }
}

fn of_ledger(arguments: &AnchorArguments, trust: &Trust, context: &Context) -> Result<Kept, Failure> {
    let mut closes = Vec::new();
    let reading = Reading::trusting(&arguments.path, trust, context, &mut |entry| {
        if let xinyi_core::Data::Close(close) = entry.content().data() {
            closes.push(Anchored { root: close.root, size: close.size });
        }
    })?;
    let verdict = Verdict::of_ledger(&reading, trust, arguments.trust.no_trust, None, &arguments.path)?;
    must_be_clean(&verdict)?;
    let known = reading.replay.founding().zip(reading.replay.register());
    let (founding, register) = known.ok_or_else(|| Failure::usage("anchor-nothing", ""))?;
    Ok(Kept { accepted: closes, ..Kept::of(founding, register) })
}

/// A receipt vouches for the root of the close that covers its entry.
fn of_receipt(text: &str, trust: &Trust) -> Result<Kept, Failure> {
    let (received, grounds) = receipt::judged(text, trust)?;
    if !grounds.is_authenticated() {
        return Err(Failure::new("anchor-untrusted", ""));
    }
    let covered = received.covered.iter();
    let accepted = covered.map(|covered| Anchored { root: covered.close.root, size: covered.close.size });
    Ok(Kept { accepted: accepted.collect(), ..Kept::of(&received.founding, &received.register) })
}

fn must_be_clean(verdict: &Verdict) -> Result<(), Failure> {
    match verdict.exit {
        Exit::Clean => Ok(()),
        Exit::CannotTell => Err(Failure::new("anchor-untrusted", "")),
        _ => {
            verdict.print();
            Err(Failure::not_authentic("anchor-refused", ""))
        }
    }
}
