//! Whose signatures a line carries, and whether they may stand there (spec: S-4…S-6, A-3, A-4).

use crate::content::Content;
use crate::key::{KeyId, PublicKey};
use crate::kind::Data;
use crate::kind::authority::{KeyGrant, Use};
use crate::line::{Approval, Line};
use crate::number::Index;
use crate::register::{Register, Signer};
use crate::replay::ReplayError;

/// Who signed a line: those whose approval counts, and who recorded it.
pub(crate) struct Signatures {
    pub(crate) approvers: Vec<Signer>,
    pub(crate) recorder: Signer,
}

/// A signature's key, and whether it counts as an approval.
pub(crate) struct Voice {
    pub(crate) counts: bool,
    pub(crate) public: PublicKey,
    pub(crate) signer: Signer,
}

impl Register {
    /// Verifies every signature of a line, by keys active before it or admitted by it (spec: S-4…S-6).
    pub(crate) fn signers(&self, line: &Line) -> Result<Signatures, ReplayError> {
        let sorted = line.approvals.is_sorted_by(|a, b| a.key < b.key);
        if !sorted || line.approvals.iter().any(|approval| approval.key == line.recorder) {
            return Err(ReplayError::ApprovalOrder);
        }
        let admitted = admitted(line.content.data());
        let message = line.content.approval_message();
        let mut approvers = Vec::with_capacity(line.approvals.len() + 1);
        for approval in &line.approvals {
            let voice = self.voice(line.index, approval.key, admitted)?;
            verified(&message, approval, voice.public)?;
            approvers.extend(voice.counts.then_some(voice.signer));
        }
        let (recorder, counts) = self.recorder_of(line)?;
        if counts {
            approvers.push(recorder.clone());
        }
        let proven = |id| id == line.recorder || line.approvals.iter().any(|approval| approval.key == id);
        if let Some(unproven) = admitted.iter().map(|grant| grant.key.id()).find(|id| !proven(*id)) {
            return Err(ReplayError::KeyUnproven { key: unproven });
        }
        Ok(Signatures { approvers, recorder })
    }

    /// Whose voice an approval by this key is, and whether it counts: that of a key active for approving does;
    /// one that the content admits only proves that its holder has it (spec: S-5, A-3).
    pub(crate) fn voice(
        &self,
        index: Index,
        key: KeyId,
        admitted: &[KeyGrant],
    ) -> Result<Voice, ReplayError> {
        let active = self.active(key, index).filter(|known| known.may(Use::Approve));
        let admitted = || admitted.iter().find(|grant| grant.key.id() == key);
        let grant =
            active.map(|known| &known.grant).or_else(admitted).ok_or(ReplayError::ApprovalKey { key })?;
        Ok(Voice { counts: active.is_some(), public: grant.key, signer: Signer::from(grant) })
    }

    /// Verifies the recorder's signature; whether it counts as an approval too (spec: S-6).
    fn recorder_of(&self, line: &Line) -> Result<(Signer, bool), ReplayError> {
        let voice = self.recording(line.index, &line.content, line.recorder)?;
        if voice.public.verifies(&line.record_message(), &line.sig) {
            Ok((voice.signer, voice.counts))
        } else {
            Err(ReplayError::RecorderSignature)
        }
    }

    /// Who records with this key, and whether that is an approval too: an active key of the recorder's party, or
    /// in a recovery one that the content admits (spec: S-6).
    pub(crate) fn recording(
        &self,
        index: Index,
        content: &Content,
        key: KeyId,
    ) -> Result<Voice, ReplayError> {
        let (party, admitted) = match content.data() {
            Data::Recovery(recovery) => {
                (recovery.recorder.as_ref().unwrap_or(self.recorder()), recovery.add.as_slice())
            }
            _ => (self.recorder(), [].as_slice()),
        };
        let active = self.active(key, index).map(|known| &known.grant);
        let grant = active.or_else(|| admitted.iter().find(|grant| grant.key.id() == key));
        let grant = grant.filter(|grant| grant.uses.contains(&Use::Record) && grant.party == *party);
        let grant = grant.ok_or(ReplayError::RecorderKey { key })?;
        let counts = active.is_some() && may_approve(grant);
        Ok(Voice { counts, public: grant.key, signer: Signer::from(grant) })
    }

    pub(crate) fn check_authority(&self, content: &Content, approvers: &[Signer]) -> Result<(), ReplayError> {
        let needs = self.authority_needs(content.data());
        let missing = needs.map(|needs| needs.unmet(approvers)).unwrap_or_default();
        if missing.is_empty() { Ok(()) } else { Err(ReplayError::ApprovalsMissing { missing }) }
    }
}

pub(crate) fn verified(message: &[u8], approval: &Approval, public: PublicKey) -> Result<(), ReplayError> {
    if public.verifies(message, &approval.sig) {
        Ok(())
    } else {
        Err(ReplayError::ApprovalSignature { key: approval.key })
    }
}

fn may_approve(grant: &KeyGrant) -> bool {
    grant.uses.contains(&Use::Approve)
}

/// The keys that a content itself admits.
pub(crate) fn admitted(data: &Data) -> &[KeyGrant] {
    match data {
        Data::Genesis(genesis) => &genesis.keys,
        Data::Keys(change) => &change.add,
        Data::Recovery(recovery) => &recovery.add,
        _ => &[],
    }
}
