//! The clerk's desk: a ledger open for writing, with the books at hand that say what an entry still needs.

use serde_json::json;
use xinyi_core::{
    Approval, Content, Entry, Index, KeyId, Kind, Link, Need, PublicKey, Sealed, Sign as _, Signer, Size,
    Text, Timestamp, Verified,
};
use xinyi_rules::{Finding, is_met, needs};
use xinyi_store::{Draft, Keys, LedgerDir, Outcome, Proposal, Recovered, RefLink, SecretKey, Writer};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::say;
use crate::reading::Reading;

/// What became of something entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entered {
    Already(Index),
    /// Recorded, and so many private values were destroyed with it.
    Forgotten(Index, usize),
    Recorded(Index),
    Waits(Vec<Need>),
}

/// A ledger open for writing by one key.
pub(crate) struct Desk<'k> {
    dir: LedgerDir,
    now: Timestamp,
    own: KeyId,
    pub(crate) reading: Reading,
    writer: Writer<'k>,
}

impl<'k> Desk<'k> {
    /// Opens a ledger: recovers it, reads it whole and verifies it.
    pub(crate) fn open(dir: &LedgerDir, key: &'k SecretKey, context: &Context) -> Result<Self, Failure> {
        let (writer, recovered) = Writer::open(dir, Keys { log: key, recorder: key })?;
        tell(&recovered);
        let reading = Reading::good(dir, context)?;
        let sample = reading.replay.founding().is_some_and(|founding| founding.sample);
        let now = context.now(sample)?;
        Ok(Self { dir: dir.clone(), now, own: key.public_key().id(), reading, writer })
    }

    /// Whether this desk's key may record a content; it may have ended while the desk was open.
    pub(crate) fn check_recorder(&self, content: &Content) -> Result<Option<Signer>, Failure> {
        let checked = self.writer.replay().check_recorder(content, self.own);
        checked.map_err(|error| Failure::told(error.code(), &error).with(Exit::Usage))
    }

    /// What a content still needs, given who has approved it; the recorder's own approval counts, and one by a key
    /// that is no longer active does not.
    pub(crate) fn lacking(&self, content: &Content, approvals: &[Approval]) -> Vec<Need> {
        let replay = self.writer.replay();
        let approvers = approvals.iter().filter_map(|approval| replay.check_approval(content, approval).ok());
        let mut approvers: Vec<Signer> = approvers.flatten().collect();
        approvers.extend(self.check_recorder(content).ok().flatten());
        let register = replay.register();
        if let Some(authority) = register.and_then(|register| register.authority_needs(content.data())) {
            return authority.unmet(&approvers);
        }
        let needed = needs(self.reading.checker.books(), content);
        needed.iter().filter(|need| !is_met(need, &approvers)).cloned().collect()
    }

    /// The draft without approvals that can no longer stand on a line, because their keys have ended since; says
    /// which they are.
    fn usable(&self, mut draft: Draft) -> Draft {
        let (content, replay) = (&draft.content, self.writer.replay());
        draft.approvals.retain(|approval| {
            let good = replay.check_approval(content, approval).is_ok();
            if !good {
                let reference = content.reference().to_string();
                say(&fl!("approval-dropped", key = approval.key.to_string(), reference = reference));
            }
            good
        });
        draft
    }

    /// Records a content if it has what it needs, and then it waits no more; else keeps it as a draft.
    pub(crate) fn enter(&mut self, mut draft: Draft) -> Result<Entered, Failure> {
        // Entered again, it must not lose the approvals that it has collected while it waited.
        let digest = draft.content.digest();
        let waiting = self.dir.drafts().get(digest)?;
        let waited = waiting.is_some();
        draft.add(waiting.into_iter().flat_map(|waiting| waiting.approvals));
        let draft = self.usable(draft);
        let lacking = self.lacking(&draft.content, &draft.approvals);
        if !lacking.is_empty() {
            self.dir.drafts().keep(&draft)?;
            return Ok(Entered::Waits(lacking));
        }
        let entered = self.record(draft)?;
        if waited {
            self.dir.drafts().remove(digest)?;
        }
        Ok(entered)
    }

    /// Records a content whatever it lacks; what the deed asks for beyond that is then a finding.
    pub(crate) fn record(&mut self, draft: Draft) -> Result<Entered, Failure> {
        let Draft { mut approvals, content } = self.usable(draft);
        // The recorder's key signs the line as recorder and may not stand among the approvals too (spec: S-4).
        approvals.retain(|approval| approval.key != self.own);
        let forgotten = match content.data() {
            xinyi_core::Data::Forget(forget) => forget.commitments.clone(),
            _ => Vec::new(),
        };
        let outcome = match content.data() {
            xinyi_core::Data::Close(close) => {
                let document = self.dir.state(close.state);
                let document = document.ok_or_else(|| Failure::new("state-missing", close.state))?;
                let outcome = self.writer.close(content, approvals, &document, self.now)?;
                tell_unsigned(self.writer.unsigned_checkpoint());
                outcome
            }
            _ => self.writer.append(content, approvals, self.now)?,
        };
        let entered = match outcome {
            Outcome::AlreadyThere(index) => Entered::Already(index),
            Outcome::Recorded(entry) => {
                self.noted(&entry);
                Entered::Recorded(entry.index())
            }
        };
        self.forget(&forgotten, entered)
    }

    /// Destroys what a recorded `forget` names, also when a crash had come between the two (spec: X-6).
    fn forget(&self, commitments: &[Sealed], entered: Entered) -> Result<Entered, Failure> {
        let mut destroyed = 0_usize;
        for commitment in commitments {
            destroyed += usize::from(self.dir.destroy_disclosure(*commitment)?);
        }
        Ok(match entered {
            Entered::Recorded(index) if !commitments.is_empty() => Entered::Forgotten(index, destroyed),
            Entered::Already(index) if destroyed > 0 => Entered::Forgotten(index, destroyed),
            other => other,
        })
    }

    fn noted(&mut self, entry: &Verified<Entry>) {
        if let Some(register) = self.writer.replay().register() {
            self.reading.checker.take(entry, register);
        }
        self.reading.note(entry);
    }

    /// Makes a content of a proposal, keeping what it seals.
    pub(crate) fn content(&self, proposal: &Proposal) -> Result<Content, Failure> {
        let identity = self.writer.replay().founding().map(|founding| founding.identity);
        let identity = identity.ok_or_else(|| Failure::new("genesis-place", ""))?;
        let proposal = self.sealed_before(self.filled(proposal))?;
        let (content, disclosures) = proposal.resolve(identity, |name| self.find(name))?;
        for disclosure in &disclosures {
            self.dir.keep_disclosure(disclosure)?;
        }
        Ok(content)
    }

    /// The proposal with the seals that an earlier content of its name has for the same values: sealed anew, a
    /// repeat would not be recognised (spec: O-10).
    fn sealed_before(&self, mut proposal: Proposal) -> Result<Proposal, Failure> {
        if proposal.disclose.is_empty() {
            return Ok(proposal);
        }
        let name = RefLink { period: proposal.date.period(), reference: proposal.reference.clone() };
        let sealed = match self.reading.seals.get(&name) {
            Some(sealed) => sealed.clone(),
            None => self.sealed_in_draft(&name)?,
        };
        for (field, commitment) in sealed {
            let Some(value) = proposal.disclose.get(field) else { continue };
            let value = Text::normalised(value)?;
            let known = self.dir.disclosure(commitment)?;
            if known.is_some_and(|known| known.open(field, commitment) == Ok(&value)) {
                proposal.disclose.remove(field);
                proposal.data.insert(field.to_owned(), json!(commitment));
            }
        }
        Ok(proposal)
    }

    fn sealed_in_draft(&self, name: &RefLink) -> Result<Vec<(&'static str, Sealed)>, Failure> {
        let of_name = |content: &Content| {
            content.date().period() == name.period && *content.reference() == name.reference
        };
        let drafts = self.dir.drafts().list()?;
        let draft = drafts.iter().find(|draft| of_name(&draft.content));
        Ok(draft.map(|draft| draft.content.sealed()).unwrap_or_default())
    }

    /// The proposal with what only the ledger knows: which register or deed it changes, which history a recovery
    /// follows, where a ratified run ends, and keys in their order.
    fn filled(&self, proposal: &Proposal) -> Proposal {
        let mut filled = proposal.clone();
        let replay = self.writer.replay();
        let mut current = Vec::new();
        if matches!(filled.kind, Kind::Keys | Kind::Party | Kind::Recovery) {
            current.extend(replay.register().map(|register| ("register", json!(register.digest()))));
        }
        if filled.kind == Kind::Recovery {
            current.extend([("root", json!(replay.root())), ("size", json!(replay.size()))]);
        }
        if filled.kind == Kind::Deed {
            let last = replay.months().and_then(|months| months.deeds().last());
            current.extend(last.map(|deed| ("previous", json!(deed.digest))));
        }
        for (field, value) in current {
            filled.data.entry(field).or_insert(value);
        }
        if let (Kind::Ratification, Some(serde_json::Value::Object(range))) =
            (filled.kind, filled.data.get_mut("range"))
        {
            // A run that names no end goes up to the last line.
            if !range.contains_key("size") {
                range.insert("root".to_owned(), json!(replay.root()));
                range.insert("size".to_owned(), json!(replay.size()));
            }
        }
        if let Some(serde_json::Value::Array(grants)) = filled.data.get_mut("add") {
            grants.sort_by_key(key_id);
        }
        filled
    }

    /// A recorded entry by the name its writer gave it.
    pub(crate) fn find(&self, name: &RefLink) -> Option<Link> {
        self.reading.references.get(name).copied()
    }

    /// The link to an entry by its index.
    pub(crate) fn link(&self, index: Index) -> Option<Link> {
        self.reading
            .replay
            .leaf(index)
            .or_else(|| self.writer.replay().leaf(index))
            .map(|leaf| Link { index, leaf })
    }

    pub(crate) const fn writer(&self) -> &Writer<'k> {
        &self.writer
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the clock of a sample's story.
    pub(crate) fn set_clock(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Writes down what was verified.
    pub(crate) fn done(&self) -> Result<(), Failure> {
        Ok(self.writer.remember()?)
    }
}

/// The findings that a draft would cause in a ledger as it was read.
pub(crate) fn preview(
    reading: &Reading,
    replay: &xinyi_core::Replay,
    draft: &Draft,
    now: Timestamp,
    recorder: &Signer,
) -> Vec<Finding> {
    let supposed = replay.suppose(&draft.content, &draft.approvals, now, recorder.clone());
    supposed.map(|supposed| reading.checker.suppose(supposed.entry())).unwrap_or_default()
}

/// The id of the key in a grant as people write it.
pub(crate) fn key_id(grant: &serde_json::Value) -> Option<KeyId> {
    let key = grant.get("key").and_then(serde_json::Value::as_str)?;
    key.parse::<PublicKey>().ok().map(|key| key.id())
}

/// Says what opening found and did: a torn end is never dropped in silence.
pub(crate) fn tell(recovered: &Recovered) {
    if let Some(torn) = &recovered.torn {
        let (byte, length) = (torn.byte.to_string(), torn.length.to_string());
        say(&fl!(
            "recovered-torn",
            byte = byte,
            length = length,
            path = torn.set_aside.display().to_string()
        ));
    }
    if let Some(size) = recovered.checkpoint {
        say(&fl!("recovered-checkpoint", size = size.to_string()));
    }
    tell_unsigned(recovered.unsigned);
}

/// Says that a checkpoint waits for a key that may sign it.
fn tell_unsigned(missing: Option<Size>) {
    if let Some(size) = missing {
        say(&fl!("checkpoint-unsigned", size = size.to_string()));
    }
}
