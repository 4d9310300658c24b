//! One line of a ledger: a content and its approvals put in their place (spec: E-1…E-10, S-2).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::content::{Content, ContentOut};
use crate::hash::Hash;
use crate::in_order;
use crate::json::{self, LineError, OrEmpty};
use crate::key::{KeyId, RECORD_TYPE, Sign, Signature, pre_authentication};
use crate::number::Index;
use crate::time::Timestamp;

/// A party's signature over a content, by the key's id. It is a claim until a replay verifies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The key that signed.
    pub key: KeyId,
    /// Its signature over [`Content::approval_message`].
    pub sig: Signature,
}

impl Approval {
    /// Approves a content.
    #[must_use]
    pub fn sign(content: &Content, signer: &dyn Sign) -> Self {
        Self { key: signer.public_key().id(), sig: signer.sign(&content.approval_message()) }
    }
}

/// A canonical line that nobody has verified yet: a claim. [`crate::Replay::push`] makes it a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub(crate) approvals: Vec<Approval>,
    pub(crate) bytes: Box<str>,
    pub(crate) content: Content,
    pub(crate) index: Index,
    pub(crate) prev: Option<Hash>,
    pub(crate) recorded: Timestamp,
    pub(crate) recorder: KeyId,
    pub(crate) sig: Signature,
}

/// What approvals of a line's content and its recorder sign.
pub(crate) struct Messages {
    approval: Vec<u8>,
    record: Vec<u8>,
}

#[derive(Serialize)]
pub(crate) struct LineOut<'a> {
    approvals: &'a [Approval],
    content: ContentOut<'a>,
    index: Index,
    prev: OrEmpty,
    recorded: Timestamp,
    recorder: KeyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    sig: Option<Signature>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineIn<'a> {
    approvals: Vec<Approval>,
    #[serde(borrow)]
    content: &'a RawValue,
    index: Index,
    prev: OrEmpty,
    recorded: Timestamp,
    recorder: KeyId,
    sig: Signature,
}

impl Line {
    /// Reads one line, without its line feed, accepting only the canonical form (spec: E-4).
    ///
    /// # Errors
    /// See [`LineError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, LineError> {
        let text = json::text(bytes)?;
        let line = in_order::line(text).map_or_else(|| Self::read(text), Ok)?;
        json::same(&line.out(Some(line.sig)), text)?;
        Ok(line)
    }

    /// Reads a line piece by piece, so that the first error is found in the order of R-2; whether it is canonical is
    /// not asked.
    pub(crate) fn read(text: &str) -> Result<Self, LineError> {
        let parsed: LineIn<'_> = json::read(text)?;
        Ok(Self {
            approvals: parsed.approvals,
            bytes: text.into(),
            content: Content::parse(parsed.content.get())?,
            index: parsed.index,
            prev: parsed.prev.0,
            recorded: parsed.recorded,
            recorder: parsed.recorder,
            sig: parsed.sig,
        })
    }

    pub(crate) fn out(&self, sig: Option<Signature>) -> LineOut<'_> {
        LineOut {
            approvals: &self.approvals,
            content: self.content.out(),
            index: self.index,
            prev: OrEmpty(self.prev),
            recorded: self.recorded,
            recorder: self.recorder,
            sig,
        }
    }

    /// What the line's signatures sign.
    pub(crate) fn messages(&self) -> Messages {
        Messages { approval: self.content.approval_message(), record: self.record_message() }
    }

    /// The line's signatures, approvals first and the recorder's last, each with the id of its key and what it signs.
    pub(crate) fn signed<'l>(
        &'l self,
        messages: &'l Messages,
    ) -> impl Iterator<Item = (KeyId, &'l [u8], &'l Signature)> {
        let approvals = self.approvals.iter();
        let approvals = approvals.map(|given| (given.key, messages.approval.as_slice(), &given.sig));
        approvals.chain([(self.recorder, messages.record.as_slice(), &self.sig)])
    }

    /// The bytes that the recorder signs: the line without `sig` (spec: S-2).
    fn record_message(&self) -> Vec<u8> {
        // `sig` sorts last, so the line without it is a prefix and a brace.
        let tail = r#","sig":"""#.len() + 2 * self.sig.as_bytes().len();
        let kept = self.bytes.len().saturating_sub(tail + 1);
        let head = self.bytes.as_bytes().get(..kept).unwrap_or_default();
        pre_authentication(RECORD_TYPE, &[head, b"}"])
    }

    /// The index that the line claims to have.
    #[must_use]
    pub const fn index_claimed(&self) -> Index {
        self.index
    }

    /// The content that the line claims to record.
    #[must_use]
    pub const fn content_claimed(&self) -> &Content {
        &self.content
    }

    /// The RFC 6962 leaf hash of its bytes.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        Hash::leaf(self.bytes.as_bytes())
    }
}

/// A line that lacks only the recorder's signature.
#[derive(Clone, Debug)]
pub struct Unsigned {
    pub(crate) approvals: Vec<Approval>,
    pub(crate) content: Content,
    pub(crate) index: Index,
    pub(crate) prev: Option<Hash>,
}

impl Unsigned {
    /// Signs the line as its recorder and gives its bytes, without a line feed.
    ///
    /// # Errors
    /// [`LineError::TooLong`] if the content is too large for a line.
    pub fn record(self, recorded: Timestamp, recorder: &dyn Sign) -> Result<Vec<u8>, LineError> {
        let mut out = LineOut {
            approvals: &self.approvals,
            content: self.content.out(),
            index: self.index,
            prev: OrEmpty(self.prev),
            recorded,
            recorder: recorder.public_key().id(),
            sig: None,
        };
        let message = pre_authentication(RECORD_TYPE, &[json::write(&out)?.as_bytes()]);
        out.sig = Some(recorder.sign(&message));
        let line = json::write(&out)?;
        if line.len() > json::MAX_LINE {
            Err(LineError::TooLong { length: line.len() })
        } else {
            Ok(line.into())
        }
    }
}
