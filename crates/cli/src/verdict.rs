//! The first part of every answer about a ledger or a statement: authentic or not, up to where, resting on what.

use std::path::Path;

use serde_json::{Value, json};
use xinyi_core::{
    Anchored, Claimed, Founding, Grounds, Hash, OpenCheckpoint, Register, Shown, Signer, Size, Stated,
    TilePath, Trust, TrustError, Unique, VerifierKey,
};
use xinyi_store::LedgerDir;

use crate::args::Head;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::{fl, text};
use crate::note::cosigners_json;
use crate::output::answer;
use crate::reading::{Reading, Tiles, exit_of};
use crate::roots::Seen;
use crate::statement_reading::{Refused, StatementReading};
use crate::trust::sentences;

/// What can be said of authenticity.
pub(crate) struct Verdict {
    checkpoint: Option<OpenCheckpoint>,
    /// How many lines an earlier run has verified, and this one has not read.
    earlier: Option<Size>,
    /// How many lines an earlier run had verified with which this file does not begin.
    unfit: Option<Size>,
    end_known: bool,
    pub(crate) exit: Exit,
    founding: Option<Founding>,
    grounds: Grounds,
    head: Option<Hash>,
    /// The size before the first line; absent for a ledger, which begins at genesis.
    from: Option<Size>,
    refused: Option<Refused>,
    register: Option<Register>,
    root: Hash,
    size: Size,
    stated: Option<Stated>,
    /// What a published directory showed besides its lines.
    tiles: Option<Tiles>,
}

impl From<TrustError> for Failure {
    fn from(error: TrustError) -> Self {
        Self::told(error.code(), &error).with(Exit::NotAuthentic)
    }
}

impl Verdict {
    /// Judges a ledger as it was read. One that is not the one expected to its end is refused.
    pub(crate) fn of_ledger(
        reading: &Reading,
        trust: &Trust,
        no_trust: bool,
        head: Option<Head>,
        path: &Path,
    ) -> Result<Self, Failure> {
        if reading.replay.size().get() == 0 && reading.stopped.is_none() {
            return Err(Failure::new("ledger-empty", ""));
        }
        if let Some(head) = head {
            check_head(reading, head)?;
        }
        let refused = reading.stopped.as_ref().map(|stopped| Refused {
            byte: stopped.byte,
            code: stopped.cause.code(),
            exit: exit_of(stopped),
            index: stopped.index,
            message: stopped.cause.to_string(),
        });
        let known = reading.replay.founding().zip(reading.replay.register());
        let checkpoint = match &refused {
            Some(_) => None,
            None => newest_checkpoint(reading, &trust.witnesses(), path)?,
        };
        let judged = known.map(|(founding, register)| {
            let shown = Shown {
                checkpoint: checkpoint.as_ref(),
                claimed: Claimed { approvers: reading.approvers.as_deref(), founding, register },
                from: Size::default(),
                size: reading.replay.size(),
                whole: refused.is_none(),
            };
            trust.judge(&shown, &Seen { replay: &reading.replay, roots: &reading.roots })
        });
        let grounds = match judged {
            Some(Ok(grounds)) if refused.is_none() => grounds,
            // Even what is good of a refused file may contradict what the reader accepted before.
            Some(Err(error)) if refused.is_none() || matches!(error, TrustError::Anchor(_)) => {
                return Err(error.into());
            }
            _ => Grounds::default(),
        };
        let verdict = Self {
            checkpoint,
            earlier: reading.earlier,
            unfit: reading.unfit,
            end_known: head.is_some(),
            exit: Exit::Clean,
            founding: reading.replay.founding().cloned(),
            grounds,
            head: reading.replay.head(),
            from: None,
            refused,
            register: reading.replay.register().cloned(),
            root: reading.replay.root(),
            size: reading.replay.size(),
            stated: None,
            tiles: reading.tiles,
        };
        Ok(verdict.with_exit(no_trust))
    }

    /// Judges a statement as it was read.
    pub(crate) fn of_statement(
        reading: &StatementReading,
        trust: &Trust,
        no_trust: bool,
    ) -> Result<Self, Failure> {
        let StatementReading { outcome, reader, roots, .. } = reading;
        let replay = reader.as_ref().map(|reader| reader.replay());
        let known = replay.and_then(|replay| replay.founding().zip(replay.register()));
        let (stated, refused) = match outcome {
            Ok(stated) => (Some(Stated::clone(stated)), None),
            Err(refused) => (None, Some(refused.clone())),
        };
        let grounds = match (&stated, known, reader) {
            (Some(stated), Some(known), Some(reader)) => {
                let bridge = reader.header().bridge.as_ref();
                let from = bridge.map_or(stated.from, |bridge| bridge.size.min(stated.from));
                trust.judge(&shown_by(stated, known, from), &Seen { replay: reader.replay(), roots })?
            }
            _ => Grounds::default(),
        };
        let verdict = Self {
            checkpoint: stated.as_ref().map(|stated| stated.checkpoint.clone()),
            earlier: None,
            unfit: None,
            end_known: false,
            exit: Exit::Clean,
            founding: replay.and_then(|replay| replay.founding().cloned()),
            grounds,
            head: replay.and_then(|replay| replay.head()),
            from: reader.as_ref().map(|reader| reader.header().from).or(Some(Size::default())),
            refused,
            register: replay.and_then(|replay| replay.register().cloned()),
            root: replay.map_or_else(|| Hash::digest(b""), |replay| replay.root()),
            size: replay.map_or_else(Size::default, |replay| replay.size()),
            stated,
            tiles: None,
        };
        Ok(verdict.with_exit(no_trust))
    }

    fn with_exit(self, no_trust: bool) -> Self {
        let mut exit = self.refused.as_ref().map_or(Exit::Clean, |refused| refused.exit);
        if !self.grounds.is_authenticated() && !no_trust {
            exit = exit.worst(Exit::CannotTell);
        }
        Self { exit, ..self }
    }

    /// What a statement is, if it is one and was read to its end.
    pub(crate) const fn stated(&self) -> Option<&Stated> {
        self.stated.as_ref()
    }

    /// The signed checkpoint that agrees with what was read.
    pub(crate) const fn checkpoint(&self) -> Option<&OpenCheckpoint> {
        self.checkpoint.as_ref()
    }

    /// What the verdict rests on.
    pub(crate) const fn grounds(&self) -> &Grounds {
        &self.grounds
    }

    /// The register after the last line read.
    pub(crate) const fn register(&self) -> Option<&Register> {
        self.register.as_ref()
    }

    /// Whether figures may be shown: those of a month only once its close was read.
    pub(crate) const fn has_figures(&self) -> bool {
        self.from.is_none() || self.stated.is_some()
    }

    pub(crate) fn json(&self) -> Value {
        let founding = self.founding.as_ref();
        let stopped = self.refused.as_ref().map(|refused| {
            json!({"byte": refused.byte, "code": refused.code, "index": refused.index, "message": refused.message})
        });
        json!({
            "anchor": self.grounds.anchor.map(|linked| json!({"linked": linked})),
            "authentic": self.refused.is_none() && self.grounds.is_known(),
            "checkpoint": self.checkpoint.as_ref().map(checkpoint_json),
            "consistent": self.refused.is_none(),
            "earlier": self.earlier,
            "end_known": self.end_known,
            "exit": self.exit.code(),
            "file": self.refused_tile().map(|path| path.to_string()),
            "head": self.head,
            "identity": founding.map(|founding| founding.identity),
            "origin": founding.map(|founding| founding.origin.clone()),
            "published": self.published(),
            "root": self.root,
            "sample": founding.map(|founding| founding.sample),
            "size": self.size,
            "statement": self.stated.as_ref().map(stated_json),
            "stopped": stopped,
            "trust": self.grounds.word(),
            "unfit": self.unfit,
            "unique": self.grounds.unique.as_ref().map(|unique| match unique {
                Unique::Anchor(_) => "anchor",
                Unique::Cosigner(..) => "cosigner",
            }),
        })
    }

    pub(crate) fn print(&self) {
        if self.founding.as_ref().is_some_and(|founding| founding.sample) {
            answer(&fl!("sample"));
        }
        match &self.refused {
            Some(refused) => self.print_refused(refused),
            None if self.grounds.is_unlinked() => answer(&fl!("verdict-unlinked")),
            None if self.grounds.is_authenticated() => answer(&fl!("verdict-authentic")),
            None => answer(&fl!("verdict-consistent")),
        }
        self.print_facts();
    }

    fn print_refused(&self, refused: &Refused) {
        let broken = refused.exit == Exit::NotAuthentic;
        answer(&if broken { fl!("verdict-broken") } else { fl!("verdict-cut") });
        let reason = text(&format!("err-{}", refused.code));
        let cause = reason.filter(|_| crate::lang::language() == xinyi_rules::Language::Zh);
        answer(&fl!(
            "verdict-where",
            index = refused.index.to_string(),
            byte = refused.byte.to_string(),
            code = refused.code,
            cause = cause.unwrap_or_else(|| refused.message.clone())
        ));
        if let Some(path) = self.refused_tile() {
            answer(&fl!("verdict-file", path = path.to_string()));
        }
        self.print_good();
        answer(&format!("  {}: {}", fl!("word-help"), fl!("verdict-broken-help")));
    }

    /// Which entries before the refused one are good.
    fn print_good(&self) {
        let size = self.size.to_string();
        answer(&match (self.from, self.size.get().checked_sub(1)) {
            (Some(from), Some(last)) if from < self.size => {
                fl!("verdict-good-range", from = from.to_string(), last = last.to_string())
            }
            (Some(_), _) => fl!("verdict-good-none"),
            (None, _) => fl!("verdict-prefix", size = size),
        });
    }

    fn print_facts(&self) {
        if let Some(founding) = &self.founding {
            answer(&fl!("fact-identity", identity = founding.identity.to_string()));
        }
        if let Some(stated) = &self.stated {
            print_stated(stated);
        }
        if let (Some(head), None) = (self.head, &self.refused) {
            let size = self.size.to_string();
            answer(&fl!("fact-head", head = format!("{size}:{head}"), size = size));
        }
        if self.refused.is_some() {
            return;
        }
        if let Some(size) = self.earlier {
            answer(&fl!("fact-earlier", size = size.to_string()));
        }
        if let Some(size) = self.unfit {
            answer(&fl!("fact-unfit", size = size.to_string()));
        }
        sentences(&self.grounds).iter().for_each(|said| answer(said));
        if self.grounds.is_unlinked() {
            self.print_missing_link();
        }
        if self.stated.is_none() {
            answer(&if self.end_known { fl!("fact-end-known") } else { fl!("fact-end-unknown") });
        }
        if let Some(open) = &self.checkpoint {
            answer(&fl!("fact-checkpoint", size = open.checkpoint.size.to_string()));
            if open.unknown > 0 {
                answer(&fl!("fact-unknown-signers", count = open.unknown.to_string()));
            }
        }
        if let Some(size) = self.published() {
            answer(&fl!("fact-published", size = size.to_string()));
        }
    }

    /// The size of the published checkpoint with which all lines and tiles agree.
    fn published(&self) -> Option<Size> {
        self.tiles.and_then(|tiles| if let Tiles::Agree(size) = tiles { Some(size) } else { None })
    }

    /// The published file that holds the refused line.
    fn refused_tile(&self) -> Option<TilePath> {
        self.tiles.and_then(|tiles| if let Tiles::Refused(path) = tiles { Some(path) } else { None })
    }

    /// Which statement would link an unlinked one to the reader's anchor (spec: G-10).
    fn print_missing_link(&self) {
        if let Some(stated) = &self.stated {
            answer(&fl!("link-missing", period = stated.period.previous().to_string()));
        }
    }
}

fn shown_by<'a>(
    stated: &'a Stated,
    (founding, register): (&'a Founding, &'a Register),
    from: Size,
) -> Shown<'a> {
    Shown {
        checkpoint: Some(&stated.checkpoint),
        claimed: Claimed { approvers: Some(&stated.approvers), founding, register },
        from,
        size: stated.checkpoint.checkpoint.size,
        whole: false,
    }
}

fn stated_json(stated: &Stated) -> Value {
    json!({
        "approved_by": parties(&stated.approvers),
        "carried": stated.from > Size::default(),
        "covered": stated.covered,
        "from": stated.from,
        "period": stated.period,
    })
}

fn checkpoint_json(open: &OpenCheckpoint) -> Value {
    json!({
        "cosigners": cosigners_json(open),
        "size": open.checkpoint.size,
        "unknown": open.unknown,
    })
}

/// Parties and holders of signers, each once.
pub(crate) fn parties(signers: &[Signer]) -> Vec<String> {
    signers.iter().map(|signer| format!("{} ({})", signer.party, signer.holder)).collect()
}

fn print_stated(stated: &Stated) {
    let (from, last) = (stated.from.to_string(), stated.checkpoint.checkpoint.size.get().saturating_sub(1));
    answer(&fl!("stated-range", period = stated.period.to_string(), from = from, last = last.to_string()));
    answer(&fl!("stated-approved", parties = parties(&stated.approvers).join(", ")));
    answer(&fl!("stated-covered", covered = stated.covered.to_string()));
    if stated.from > Size::default() {
        answer(&fl!("stated-carried", period = stated.period.previous().to_string()));
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

/// The signed checkpoint beside the ledger after its last close. One that does not agree with the lines that were read
/// is another history than theirs.
fn newest_checkpoint(
    reading: &Reading,
    witnesses: &[VerifierKey],
    path: &Path,
) -> Result<Option<OpenCheckpoint>, Failure> {
    let beside = || {
        let Anchored { root, size } = reading.closed?;
        Some((size, root, LedgerDir::open(path).ok()?.checkpoint(size)?, reading.replay.note_keys()?))
    };
    let Some((size, root, note, keys)) = beside() else { return Ok(None) };
    let other = |detail: &dyn std::fmt::Display| {
        Failure::not_authentic("checkpoint-other", format!("size {size}: {detail}"))
    };
    let open = keys.open(&note, witnesses).map_err(|error| other(&error))?.into_inner();
    if (open.checkpoint.size, open.checkpoint.root) == (size, root) {
        Ok(Some(open))
    } else {
        Err(other(&open.checkpoint.root))
    }
}
