//! Whose signatures a line carries, and whether they may stand there (spec: S-4…S-6, A-3, A-4).

use crate::ahead::Verdicts;
use crate::content::Content;
use crate::key::{Claim, KeyId, PublicKey};
use crate::kind::Data;
use crate::kind::authority::{KeyGrant, Use};
use crate::line::Line;
use crate::number::Index;
use crate::register::{Register, Signer};
use crate::replay::ReplayError;
use crate::verifier::Verifier;

/// Who signed a line: those whose approval counts, who recorded it, and by which keys.
pub(crate) struct Signatures {
    pub(crate) approvers: Vec<Signer>,
    pub(crate) keys: Vec<PublicKey>,
    pub(crate) recorder: Signer,
}

/// What was granted to a signature's key, and whether it counts as an approval.
#[derive(Clone, Copy)]
pub(crate) struct Voice<'g> {
    pub(crate) counts: bool,
    grant: &'g KeyGrant,
    key: KeyId,
}

impl Signatures {
    /// Those of these voices, the last being the recorder's.
    fn of(voices: &[Voice<'_>]) -> Option<Self> {
        let keys = voices.iter().map(|voice| *voice.public()).collect();
        let approvers = voices.iter().filter(|voice| voice.counts).map(Voice::signer).collect();
        Some(Self { approvers, keys, recorder: voices.last()?.signer() })
    }
}

impl Voice<'_> {
    pub(crate) const fn public(&self) -> &PublicKey {
        &self.grant.key
    }

    pub(crate) fn signer(&self) -> Signer {
        Signer::of(self.key, self.grant)
    }
}

impl Register {
    /// Verifies every signature of a line, by keys active before it or admitted by it (spec: S-4…S-6).
    pub(crate) fn signers(
        &self,
        line: &Line,
        ahead: &Verdicts,
        verifier: &Verifier,
    ) -> Result<Signatures, ReplayError> {
        let sorted = line.approvals.is_sorted_by(|a, b| a.key < b.key);
        if !sorted || line.approvals.iter().any(|approval| approval.key == line.recorder) {
            return Err(ReplayError::ApprovalOrder);
        }
        let (voices, refused) = self.voices(line);
        // A signature before the first key that is refused is judged before it (spec: R-2).
        verified(line, &voices, ahead, verifier)?;
        refused?;
        let admitted = admitted(line.content.data());
        let proven = |id| id == line.recorder || line.approvals.iter().any(|approval| approval.key == id);
        if let Some(unproven) = admitted.iter().map(|grant| grant.key.id()).find(|id| !proven(*id)) {
            return Err(ReplayError::KeyUnproven { key: unproven });
        }
        // No voice was refused, so the last is the recorder's.
        Signatures::of(&voices).ok_or(ReplayError::RecorderKey { key: line.recorder })
    }

    /// Whose voices a line's signatures are, approvals first and its recorder last, up to the first that is refused.
    fn voices<'g>(&'g self, line: &'g Line) -> (Vec<Voice<'g>>, Result<(), ReplayError>) {
        let admitted = admitted(line.content.data());
        let approvals = line.approvals.iter().map(|approval| self.voice(line.index, approval.key, admitted));
        let recorder = std::iter::once_with(|| self.recording(line.index, &line.content, line.recorder));
        let mut voices = Vec::with_capacity(line.approvals.len().saturating_add(1));
        for voice in approvals.chain(recorder) {
            match voice {
                Ok(voice) => voices.push(voice),
                Err(refused) => return (voices, Err(refused)),
            }
        }
        (voices, Ok(()))
    }

    /// Whose voice an approval by this key is, and whether it counts: that of a key active for approving does;
    /// one that the content admits only proves that its holder has it (spec: S-5, A-3).
    pub(crate) fn voice<'g>(
        &'g self,
        index: Index,
        key: KeyId,
        admitted: &'g [KeyGrant],
    ) -> Result<Voice<'g>, ReplayError> {
        let active = self.active(key, index).filter(|known| known.may(Use::Approve));
        let admitted = || admitted.iter().find(|grant| grant.key.id() == key);
        let grant =
            active.map(|known| &known.grant).or_else(admitted).ok_or(ReplayError::ApprovalKey { key })?;
        Ok(Voice { counts: active.is_some(), grant, key })
    }

    /// Who records with this key, and whether that is an approval too: an active key of the recorder's party, or
    /// in a recovery one that the content admits (spec: S-6).
    pub(crate) fn recording<'g>(
        &'g self,
        index: Index,
        content: &'g Content,
        key: KeyId,
    ) -> Result<Voice<'g>, ReplayError> {
        let party = match content.data() {
            Data::Recovery(recovery) => recovery.recorder.as_ref().unwrap_or(self.recorder()),
            _ => self.recorder(),
        };
        let may = |voice: &Voice<'_>| voice.grant.uses.contains(&Use::Record) && voice.grant.party == *party;
        self.recorded_by(index, content, key).filter(may).ok_or(ReplayError::RecorderKey { key })
    }

    /// Whose voice the recorder's signature is, whether it may record or not.
    fn recorded_by<'g>(&'g self, index: Index, content: &'g Content, key: KeyId) -> Option<Voice<'g>> {
        if let Some(active) = self.active(key, index) {
            return Some(Voice { counts: active.may(Use::Approve), grant: &active.grant, key });
        }
        let Data::Recovery(recovery) = content.data() else { return None };
        let grant = recovery.add.iter().find(|grant| grant.key.id() == key)?;
        Some(Voice { counts: false, grant, key })
    }

    /// Whose signatures a line carries that was taken in at its place, by this register or an earlier one of the
    /// same ledger. Which party recorded then is not asked: the line was judged by it.
    pub(crate) fn signers_then(&self, line: &Line) -> Option<Signatures> {
        let admitted = admitted(line.content.data());
        let approvals =
            line.approvals.iter().map(|approval| self.voice(line.index, approval.key, admitted).ok());
        let recorder = std::iter::once_with(|| self.recorded_by(line.index, &line.content, line.recorder));
        Signatures::of(&approvals.chain(recorder).collect::<Option<Vec<_>>>()?)
    }

    pub(crate) fn check_authority(&self, content: &Content, approvers: &[Signer]) -> Result<(), ReplayError> {
        let needs = self.authority_needs(content.data());
        let missing = needs.map(|needs| needs.unmet(approvers)).unwrap_or_default();
        if missing.is_empty() { Ok(()) } else { Err(ReplayError::ApprovalsMissing { missing }) }
    }
}

/// Requires that those signatures of a line hold whose voices are known; what no verdict was made of ahead is verified
/// as one block.
fn verified(
    line: &Line,
    voices: &[Voice<'_>],
    ahead: &Verdicts,
    verifier: &Verifier,
) -> Result<(), ReplayError> {
    let known = voices.iter().enumerate().map(|(place, voice)| ahead.by(place, voice.public()));
    let known: Vec<Option<bool>> = known.collect();
    let mut now =
        if known.contains(&None) { verdicts(line, voices, &known, verifier) } else { Vec::new() }.into_iter();
    let holds = |known: &Option<bool>| known.or_else(|| now.next()).unwrap_or(false);
    match known.iter().map(holds).position(|holds| !holds) {
        None => Ok(()),
        Some(wrong) => Err(line.approvals.get(wrong).map_or(ReplayError::RecorderSignature, |approval| {
            ReplayError::ApprovalSignature { key: approval.key }
        })),
    }
}

/// The verdicts on the signatures of which none is known yet.
fn verdicts(line: &Line, voices: &[Voice<'_>], known: &[Option<bool>], verifier: &Verifier) -> Vec<bool> {
    let messages = line.messages();
    let claims = voices.iter().zip(line.signed(&messages));
    let claims =
        claims.map(|(voice, (_, message, signature))| Claim { key: voice.public(), message, signature });
    let unknown = claims.zip(known).filter(|(_, known)| known.is_none()).map(|(claim, _)| claim);
    verifier.verify(&unknown.collect::<Vec<_>>())
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
