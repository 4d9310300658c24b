//! `xinyi verify`: is it authentic, up to where, and on what does that rest?

use std::path::Path;

use serde_json::json;
use xinyi_store::LedgerDir;

use crate::args::{Head, VerifyArguments};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::reading::{Reading, Tiles, exit_of};
use crate::trust::{Trust, TrustOptions};

pub(crate) fn run(arguments: &VerifyArguments, context: &Context) -> Result<Exit, Failure> {
    let reading = Reading::of(&arguments.path, arguments.trust.identity()?, context, &mut |_| {})?;
    let verdict = Verdict::of(&reading, &arguments.trust, arguments.expect_head, &arguments.path)?;
    if context.is_json() {
        show(&json!({ "verdict": verdict.json(&reading) }));
    } else {
        verdict.print(&reading);
    }
    Ok(verdict.exit)
}

/// What can be said of authenticity.
pub(crate) struct Verdict {
    checkpoint: bool,
    end_known: bool,
    pub(crate) exit: Exit,
    trust: Trust,
}

impl Verdict {
    /// Judges a reading. A ledger that is not the one expected to its end is refused.
    pub(crate) fn of(
        reading: &Reading,
        trust: &TrustOptions,
        head: Option<Head>,
        path: &Path,
    ) -> Result<Self, Failure> {
        if reading.replay.size().get() == 0 && reading.stopped.is_none() {
            return Err(Failure::new("ledger-empty", ""));
        }
        let rests_on = trust.judge(reading)?;
        let mut exit = reading.stopped.as_ref().map_or(Exit::Clean, exit_of);
        if rests_on == Trust::None && !trust.no_trust {
            exit = exit.worst(Exit::CannotTell);
        }
        if let Some(head) = head {
            check_head(reading, head)?;
        }
        Ok(Self {
            checkpoint: has_checkpoint(reading, path),
            end_known: head.is_some(),
            exit,
            trust: rests_on,
        })
    }

    pub(crate) fn json(&self, reading: &Reading) -> serde_json::Value {
        let founding = reading.replay.founding();
        let stopped = reading.stopped.as_ref().map(|stopped| {
            json!({"byte": stopped.byte, "code": stopped.cause.code(), "index": stopped.index, "message": stopped.cause.to_string()})
        });
        json!({
            "authentic": reading.stopped.is_none(),
            "end_known": self.end_known,
            "exit": self.exit.code(),
            "head": reading.replay.head(),
            "identity": founding.map(|founding| founding.identity),
            "file": refused_tile(reading).map(|path| path.to_string()),
            "origin": founding.map(|founding| founding.origin.clone()),
            "published": published(reading),
            "root": reading.replay.root(),
            "sample": founding.map(|founding| founding.sample),
            "size": reading.replay.size(),
            "stopped": stopped,
            "trust": self.trust.word(),
        })
    }

    /// The first part of every answer: authentic or not, up to where, resting on what.
    pub(crate) fn print(&self, reading: &Reading) {
        if reading.replay.founding().is_some_and(|founding| founding.sample) {
            answer(&fl!("sample"));
        }
        let size = reading.replay.size().to_string();
        match &reading.stopped {
            Some(stopped) => {
                let exit = exit_of(stopped);
                let sentence =
                    if exit == Exit::NotAuthentic { fl!("verdict-broken") } else { fl!("verdict-cut") };
                answer(&sentence);
                let reason = crate::lang::text(&format!("err-{}", stopped.cause.code()));
                let cause = reason.filter(|_| crate::lang::language() == xinyi_rules::Language::Zh);
                let cause = cause.unwrap_or_else(|| stopped.cause.to_string());
                answer(&fl!(
                    "verdict-where",
                    index = stopped.index.to_string(),
                    byte = stopped.byte.to_string(),
                    code = stopped.cause.code(),
                    cause = cause
                ));
                if let Some(path) = refused_tile(reading) {
                    answer(&fl!("verdict-file", path = path.to_string()));
                }
                answer(&fl!("verdict-prefix", size = size));
                answer(&format!("  {}: {}", fl!("word-help"), fl!("verdict-broken-help")));
            }
            None => answer(&if self.trust == Trust::None {
                fl!("verdict-consistent")
            } else {
                fl!("verdict-authentic")
            }),
        }
        self.print_facts(reading);
    }

    fn print_facts(&self, reading: &Reading) {
        if let Some(founding) = reading.replay.founding() {
            answer(&fl!("fact-identity", identity = founding.identity.to_string()));
        }
        if let (Some(head), None) = (reading.replay.head(), &reading.stopped) {
            let size = reading.replay.size().to_string();
            answer(&fl!("fact-head", head = format!("{size}:{head}"), size = size));
        }
        answer(&self.trust.sentence());
        if reading.stopped.is_none() {
            answer(&if self.end_known { fl!("fact-end-known") } else { fl!("fact-end-unknown") });
        }
        if self.checkpoint {
            answer(&fl!("fact-checkpoint"));
        }
        if let Some(size) = published(reading) {
            answer(&fl!("fact-published", size = size.to_string()));
        }
    }
}

fn check_head(reading: &Reading, head: Head) -> Result<(), Failure> {
    let last = head.size.get().checked_sub(1).and_then(xinyi_core::Index::new);
    let found = last.and_then(|index| reading.replay.leaf(index));
    if found == Some(head.hash) {
        return Ok(());
    }
    let code = if reading.replay.size() < head.size { "ledger-shortened" } else { "head-other" };
    Err(Failure::not_authentic(code, format!("{} entries", reading.replay.size())))
}

/// Whether a signed checkpoint beside the ledger agrees with what was read.
fn has_checkpoint(reading: &Reading, path: &Path) -> bool {
    let closed = reading.replay.months().and_then(|months| months.closed());
    let Some((closed, dir)) = closed.zip(LedgerDir::open(path).ok()) else { return false };
    let size = closed.index.size_after();
    let Some(root) = reading.replay.root_at(size) else { return false };
    let signed = dir.checkpoint(size).and_then(|note| reading.replay.signed_checkpoint(&note).ok());
    signed.is_some_and(|checkpoint| checkpoint.size == size && checkpoint.root == root)
}

/// The size of the published checkpoint with which all lines and tiles agree.
fn published(reading: &Reading) -> Option<xinyi_core::Size> {
    reading.tiles.and_then(|tiles| if let Tiles::Agree(size) = tiles { Some(size) } else { None })
}

/// The published file that holds the refused line.
fn refused_tile(reading: &Reading) -> Option<xinyi_core::TilePath> {
    reading.tiles.and_then(|tiles| if let Tiles::Refused(path) = tiles { Some(path) } else { None })
}
