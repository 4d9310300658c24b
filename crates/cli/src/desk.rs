//! The clerk's desk: a ledger open for writing, with the books at hand that say what an entry still needs.

use xinyi_core::{
    Approval, Content, Entry, Index, KeyId, Kind, Link, Need, PublicKey, Sign as _, Signer, Timestamp, Use,
    Verified,
};
use xinyi_rules::{Finding, is_met, needs};
use xinyi_store::{Draft, Keys, LedgerDir, Outcome, Proposal, Recovered, RefLink, SecretKey, Writer};

use crate::context::Context;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::say;
use crate::reading::Reading;

/// What became of something entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entered {
    Already(Index),
    Recorded(Index),
    Waits(Vec<Need>),
}

/// A ledger open for writing by one key.
pub(crate) struct Desk<'k> {
    dir: LedgerDir,
    now: Timestamp,
    pub(crate) reading: Reading,
    signer: Option<Signer>,
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
        let register = reading.replay.register();
        let signer = register.and_then(|register| register.key(key.public_key().id()));
        // A recorder's signature is an approval only if its key was given for approving too (S-6).
        let signer =
            signer.filter(|(known, _)| known.may(Use::Approve)).map(|(known, _)| Signer::from(&known.grant));
        Ok(Self { dir: dir.clone(), now, reading, signer, writer })
    }

    /// What a content still needs, given who has approved it; the recorder's own approval counts.
    pub(crate) fn lacking(&self, content: &Content, approvals: &[Approval]) -> Result<Vec<Need>, Failure> {
        let replay = self.writer.replay();
        let approvers = approvals.iter().map(|approval| replay.check_approval(content, approval));
        let approvers: Vec<Option<Signer>> = approvers.collect::<Result<_, _>>()?;
        let mut approvers: Vec<Signer> = approvers.into_iter().flatten().collect();
        approvers.extend(self.signer.clone());
        let register = replay.register();
        if let Some(authority) = register.and_then(|register| register.authority_needs(content.data())) {
            return Ok(authority.unmet(&approvers));
        }
        let needed = needs(self.reading.checker.books(), content);
        Ok(needed.into_iter().filter(|need| !is_met(need, &approvers)).collect())
    }

    /// Records a content if it has what it needs, else keeps it as a draft.
    pub(crate) fn enter(&mut self, draft: Draft) -> Result<Entered, Failure> {
        let lacking = self.lacking(&draft.content, &draft.approvals)?;
        if !lacking.is_empty() {
            self.dir.drafts().keep(&draft)?;
            return Ok(Entered::Waits(lacking));
        }
        self.record(draft)
    }

    /// Records a content whatever it lacks; what the deed asks for beyond that is then a finding.
    pub(crate) fn record(&mut self, draft: Draft) -> Result<Entered, Failure> {
        let (content, approvals) = (draft.content, draft.approvals);
        let own = self.signer.as_ref().map(|signer| signer.key);
        let approvals = approvals.into_iter().filter(|approval| Some(approval.key) != own).collect();
        let outcome = match content.data() {
            xinyi_core::Data::Close(close) => {
                let document = self.dir.state(close.state);
                let document = document.ok_or_else(|| Failure::new("state-missing", close.state))?;
                self.writer.close(content, approvals, &document, self.now)?
            }
            _ => self.writer.append(content, approvals, self.now)?,
        };
        match outcome {
            Outcome::AlreadyThere(index) => Ok(Entered::Already(index)),
            Outcome::Recorded(entry) => {
                self.noted(&entry);
                Ok(Entered::Recorded(entry.index()))
            }
        }
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
        let (content, disclosures) = self.filled(proposal).resolve(identity, |name| self.find(name))?;
        for disclosure in &disclosures {
            self.dir.keep_disclosure(disclosure)?;
        }
        Ok(content)
    }

    /// The proposal with what only the ledger knows: which register or deed it changes, and keys in their order.
    fn filled(&self, proposal: &Proposal) -> Proposal {
        let mut filled = proposal.clone();
        let replay = self.writer.replay();
        let current = match filled.kind {
            Kind::Keys | Kind::Party | Kind::Recovery => {
                replay.register().map(|register| ("register", register.digest()))
            }
            Kind::Deed => {
                replay.months().and_then(|months| months.deeds().last()).map(|deed| ("previous", deed.digest))
            }
            _ => None,
        };
        if let Some((field, digest)) = current {
            filled.data.entry(field).or_insert_with(|| serde_json::Value::String(digest.to_string()));
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
}
