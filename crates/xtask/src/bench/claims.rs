//! The signatures of a line as claims: whose, over which bytes (spec: S-1…S-3).

use serde::Deserialize;
use xinyi_core::{Approval, Claim, KeyId, Line, PublicKey, Register, Signature};

/// A signature with what was signed.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) key: PublicKey,
    message: Vec<u8>,
    signature: Signature,
}

impl Signed {
    /// The same for a verifier.
    pub(super) const fn claim(&self) -> Claim<'_> {
        Claim { key: &self.key, message: self.message.as_slice(), signature: &self.signature }
    }
}

/// What a line says of its signatures.
#[derive(Deserialize)]
struct Signatures {
    approvals: Vec<Approval>,
    recorder: KeyId,
    sig: Signature,
}

/// The signatures of a line whose keys this register knows, approvals first.
pub(super) fn signed(line: &[u8], register: &Register) -> Vec<Signed> {
    let given: Signatures = serde_json::from_slice(line).expect("a line");
    let key = |id| register.key(id).expect("a known key").1;
    let content = Line::decode(line).expect("a line").content_claimed().approval_message();
    let approval = |approval: &Approval| Signed {
        key: key(approval.key),
        message: content.clone(),
        signature: approval.sig,
    };
    let mut signed: Vec<Signed> = given.approvals.iter().map(approval).collect();
    signed.push(Signed { key: key(given.recorder), message: recorded(line), signature: given.sig });
    signed
}

/// What the recorder signs: the line without `sig`, which sorts last.
fn recorded(line: &[u8]) -> Vec<u8> {
    let tail = r#","sig":"""#.len() + 2 * 64 + "}".len();
    let body = [&line[..line.len() - tail], b"}"].concat();
    let kind = "application/vnd.xinyi.record+json;version=1";
    [format!("DSSEv1 {} {kind} {} ", kind.len(), body.len()).as_bytes(), &body].concat()
}
