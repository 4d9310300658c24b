//! `xinyi anchor`: keep what a verified file shows, so that no other history can be shown later (spec: G-7…G-10).

use std::path::Path;

use serde_json::json;
use xinyi_core::{
    Anchor, AnchorError, Anchored, Checkpoint, Founding, Grounds, Hash, Policy, Severity, Size, Sizes, Trust,
};
use xinyi_store::{Bookmark, LedgerDir, read_anchor, write_anchor};

use crate::args::AnchorArguments;
use crate::command::receipt;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::going_on::Reader;
use crate::input::Input;
use crate::lang::fl;
use crate::output::{answer, say, show};
use crate::reading::{Purpose, Reading, Source};
use crate::roots::{Roots, Seen};
use crate::statement_reading::StatementReading;
use crate::verdict::Verdict;

/// What a file gives to keep: sizes and roots that a close by both parties covers, or that meet the reader's policy,
/// each with the digest of its register (spec: G-9).
struct Kept {
    accepted: Vec<(Anchored, Hash)>,
    founding: Founding,
    /// A ledger file that was read to its end.
    read: Option<Reading>,
}

impl Kept {
    fn of(founding: &Founding) -> Self {
        Self { accepted: Vec::new(), founding: founding.clone(), read: None }
    }

    /// Keeps a size if the file shows both its root and its register.
    fn keep(&mut self, size: Size, sizes: &impl Sizes) {
        let shown = sizes.root(size).zip(sizes.register(size));
        self.accepted.extend(shown.map(|(root, register)| (Anchored { root, size }, register)));
    }
}

pub(crate) fn run(arguments: &AnchorArguments, context: &Context) -> Result<Exit, Failure> {
    crate::input::anchor_place(&arguments.anchor)?;
    let mut trust = arguments.trust.load()?;
    let known = read_anchor(&arguments.anchor)
        .map_err(|error| Failure::told(error.code(), &error).with(Exit::NotAuthentic))?;
    let first_use = known.is_none();
    if known.is_some() && trust.anchor.is_some() {
        return Err(Failure::usage("trust-twice", arguments.anchor.display()));
    }
    trust.anchor = known.or(trust.anchor);
    // What lies beside an anchor that is not there yet is nobody's bookmark.
    let bookmarked = Some(arguments.anchor.as_path()).filter(|_| !first_use && !arguments.full);
    let mut kept = kept(arguments, &trust, bookmarked, context)?;
    let (anchor, added) = extended(trust.anchor, &kept)?;
    write_anchor(&arguments.anchor, &anchor)?;
    let read = kept.read.take().map(|reading| Read::of(reading, arguments, &anchor));
    if context.is_json() {
        show(&json!({"anchor": {
            "added": added, "earlier": read.as_ref().and_then(|read| read.earlier), "first_use": first_use,
            "found": read.as_ref().and_then(|read| read.found), "identity": anchor.identity(), "size": anchor.size(),
        }}));
        return Ok(Exit::Clean);
    }
    if first_use {
        answer(&fl!("anchor-first", identity = anchor.identity().to_string()));
    }
    answer(&fl!("anchor-kept", added = added.to_string(), size = anchor.size().to_string()));
    if let Some(read) = read {
        read.print();
    }
    Ok(Exit::Clean)
}

/// What reading a ledger for its anchor comes to, besides the anchor.
struct Read {
    earlier: Option<Size>,
    /// How many errors and warnings the rules found, where they looked.
    found: Option<(usize, usize)>,
}

impl Read {
    /// Notes how far the ledger was read; the next reading can do without the note.
    fn of(reading: Reading, arguments: &AnchorArguments, anchor: &Anchor) -> Self {
        let Reading { checker, earlier, places, purpose, replay, .. } = reading;
        let judged = purpose == Purpose::Rules;
        if let Source::File(file) = Source::of(&arguments.path)
            && let Err(error) = Bookmark::keep(&arguments.anchor, anchor, &file, (&replay, &places), judged)
        {
            say(&fl!("bookmark-lost", cause = error.to_string()));
        }
        let report = judged.then(|| checker.finish());
        let found = report.map(|report| (report.count(Severity::Error), report.count(Severity::Warning)));
        Self { earlier, found }
    }

    fn print(&self) {
        if let Some(size) = self.earlier {
            answer(&fl!("fact-earlier", size = size.to_string()));
        }
        if let Some((errors, warnings)) = self.found.filter(|found| *found != (0, 0)) {
            answer(&fl!("anchor-found", errors = errors.to_string(), warnings = warnings.to_string()));
        }
    }
}

/// The anchor with what is kept, and how many sizes are new in it.
fn extended(anchor: Option<Anchor>, kept: &Kept) -> Result<(Anchor, usize), Failure> {
    let mut anchor = match (anchor, kept.accepted.first()) {
        (Some(anchor), Some(_)) => anchor,
        // An earlier run has accepted what there is.
        (Some(anchor), None) if kept.read.as_ref().is_some_and(|reading| reading.earlier.is_some()) => anchor,
        (None, Some((_, register))) => {
            let origin = &kept.founding.origin;
            let named = origin.parse().map_err(|_| Failure::usage("anchor-form", origin))?;
            Anchor::new(kept.founding.identity, named, *register)
        }
        (_, None) => return Err(Failure::usage("anchor-nothing", "")),
    };
    let before = anchor.checkpoints().len();
    for (accepted, register) in &kept.accepted {
        let refused = |error: AnchorError| Failure::told(error.code(), &error).with(Exit::NotAuthentic);
        anchor.accept(*accepted, *register).map_err(refused)?;
    }
    let added = anchor.checkpoints().len().saturating_sub(before);
    Ok((anchor, added))
}

/// Verifies the file as `verify` does; nothing is kept of one that is not authentic or not linked.
fn kept(
    arguments: &AnchorArguments,
    trust: &Trust,
    bookmarked: Option<&Path>,
    context: &Context,
) -> Result<Kept, Failure> {
    match Input::at(&arguments.path)? {
        Input::Anchor | Input::Evidence(_) | Input::Checkpoint(_) => {
            Err(Failure::usage("anchor-nothing", ""))
        }
        Input::Receipt(text) => of_receipt(&text, trust, arguments.trust.no_trust),
        Input::Ledger => of_ledger(arguments, trust, bookmarked, context),
        Input::Statement(lines, length) => {
            let reading = StatementReading::of(lines, length, trust, Roots::all(), context, &mut |_, _| {})?;
            of_statement(reading, trust, arguments.trust.no_trust)
        }
    }
}

fn of_statement(reading: StatementReading, trust: &Trust, no_trust: bool) -> Result<Kept, Failure> {
    let verdict = Verdict::of_statement(&reading, trust, no_trust)?;
    must_be_clean(&verdict)?;
    let read = reading.reader.as_ref().map(|reader| reader.replay()).zip(verdict.stated());
    let (replay, stated) = read.ok_or_else(|| Failure::usage("anchor-nothing", ""))?;
    let mut kept = Kept::of(replay.founding().ok_or_else(|| Failure::usage("anchor-nothing", ""))?);
    let seen = Seen { replay, roots: &reading.roots };
    kept.keep(stated.covered, &seen);
    if meets_witnesses(trust) {
        kept.keep(stated.checkpoint.checkpoint.size, &seen);
    }
    Ok(kept)
}

fn of_ledger(
    arguments: &AnchorArguments,
    trust: &Trust,
    bookmarked: Option<&Path>,
    context: &Context,
) -> Result<Kept, Failure> {
    let mut accepted = Vec::new();
    // Rules go on from documents, which lie in a ledger's directory.
    let purpose = LedgerDir::open(&arguments.path).map_or(Purpose::Verdict, |_| Purpose::Rules);
    let reader = Reader { anchor: bookmarked, purpose, trust };
    let reading = Reading::going_on(&arguments.path, reader, context, &mut |entry| {
        if let xinyi_core::Data::Close(close) = entry.content().data() {
            accepted.push((Anchored { root: close.root, size: close.size }, close.register));
        }
    })?;
    let verdict = Verdict::of_ledger(&reading, trust, arguments.trust.no_trust, None, &arguments.path)?;
    must_be_clean(&verdict)?;
    if let Some(size) = reading.unfit {
        return Err(Failure::not_authentic("bookmark-other", size));
    }
    let founding = reading.replay.founding().ok_or_else(|| Failure::usage("anchor-nothing", ""))?;
    let checkpoint = verdict.checkpoint().filter(|_| meets_witnesses(trust));
    accepted.extend(checkpoint.and_then(|open| {
        let Checkpoint { root, size, .. } = open.checkpoint;
        Some((Anchored { root, size }, reading.replay.months()?.register_at(size)?))
    }));
    let founding = founding.clone();
    Ok(Kept { accepted, founding, read: Some(reading) })
}

/// A receipt vouches for the root of the close that covers its entry, and for that of a checkpoint that meets the
/// policy.
fn of_receipt(text: &str, trust: &Trust, no_trust: bool) -> Result<Kept, Failure> {
    let (received, grounds) = receipt::judged(text, trust)?;
    must_hold(&grounds, no_trust)?;
    let mut kept = Kept::of(received.authority.founding());
    if let Some(covered) = &received.covered {
        kept.keep(covered.close.size, &received);
    }
    if meets_witnesses(trust) {
        kept.keep(received.checkpoint.checkpoint.size, &received);
    }
    Ok(kept)
}

/// Whether a checkpoint that was judged and not refused has the cosignatures that the reader's policy asks for.
fn meets_witnesses(trust: &Trust) -> bool {
    trust.policy.as_ref().is_some_and(Policy::asks_for_witnesses)
}

fn must_be_clean(verdict: &Verdict) -> Result<(), Failure> {
    match verdict.exit {
        // Whether anything had to be known is in the exit status already.
        Exit::Clean => must_hold(verdict.grounds(), true),
        Exit::CannotTell => Err(Failure::new("anchor-untrusted", "")),
        _ => {
            verdict.print();
            Err(Failure::not_authentic("anchor-refused", ""))
        }
    }
}

/// What is not known, or does not connect with what was accepted before, is not kept: a file of another history with
/// gaps would slip into the anchor.
fn must_hold(grounds: &Grounds, no_trust: bool) -> Result<(), Failure> {
    if grounds.is_unlinked() {
        return Err(Failure::new("anchor-unlinked", ""));
    }
    if grounds.is_authenticated() || no_trust { Ok(()) } else { Err(Failure::new("anchor-untrusted", "")) }
}
