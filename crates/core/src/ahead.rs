//! Lines judged ahead of their turn, on whatever thread: decoded, hashed and their signatures verified by the keys that
//! they are likely to be by (spec: R-7).
//!
//! What is worked out here depends on bytes and keys alone. Which key a signature must be by only the lines before it
//! decide, in order: there a verdict counts if its key is that one, and any other signature is verified then. So what
//! was looked ahead at, and how far, decides what a verdict costs and never what it is.

use std::collections::HashMap;
use std::sync::Arc;

use crate::hash::Hash;
use crate::json::LineError;
use crate::key::{Claim, KeyId, PublicKey};
use crate::line::{Line, Messages};
use crate::references::Name;
use crate::register::Register;
use crate::replay::Replay;
use crate::signers::admitted;
use crate::verifier::Verifier;

/// What of a replay is needed to judge lines ahead: the keys it knows and their tables. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Outlook {
    register: Option<Register>,
    verifier: Arc<Verifier>,
}

/// A line judged ahead of its turn: still a claim, or no line at all.
#[derive(Clone, Debug)]
pub struct Ahead(pub(crate) Result<Decoded, LineError>);

/// A line with what was worked out of it.
#[derive(Clone, Debug)]
pub(crate) struct Decoded {
    pub(crate) leaf: Hash,
    pub(crate) line: Line,
    /// What is remembered of its reference.
    pub(crate) name: Name,
    pub(crate) verdicts: Verdicts,
}

/// The verdicts on a line's signatures by the keys they are likely to be by, in the order of its signatures; none
/// where no such key is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdicts(Vec<Option<Verdict>>);

#[derive(Clone, Copy, Debug)]
struct Verdict {
    holds: bool,
    key: [u8; 32],
}

impl Verdicts {
    /// The verdict on the signature at `place`, if it is one by this key.
    pub(crate) fn by(&self, place: usize, key: &PublicKey) -> Option<bool> {
        let verdict = self.0.get(place)?.filter(|verdict| verdict.key == *key.as_bytes())?;
        Some(verdict.holds)
    }
}

impl Ahead {
    /// A line decoded, none of whose signatures was verified.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        Self(Line::decode(bytes).map(Decoded::from))
    }

    fn line(&self) -> Option<&Line> {
        self.0.as_ref().ok().map(|decoded| &decoded.line)
    }
}

impl From<Line> for Decoded {
    fn from(line: Line) -> Self {
        let (leaf, name) = (line.leaf(), Name::of(line.content.reference()));
        Self { leaf, line, name, verdicts: Verdicts::default() }
    }
}

impl Replay {
    /// What lines to come can be judged by ahead of their turn, as far as this replay knows.
    #[must_use]
    pub fn outlook(&self) -> Outlook {
        Outlook { register: self.register().cloned(), verifier: Arc::clone(&self.verifier) }
    }
}

impl Outlook {
    /// Judges lines ahead, without their line feeds: one block of signatures is verified at once. Keys that one of
    /// these lines admits count as known.
    ///
    /// [`Replay::push_ahead`] takes them in, in order.
    #[must_use]
    pub fn decode<'l>(&self, lines: impl IntoIterator<Item = &'l [u8]>) -> Vec<Ahead> {
        let mut block: Vec<Ahead> = lines.into_iter().map(Ahead::decode).collect();
        let mut verdicts = self.verdicts(&block).into_iter();
        for decoded in block.iter_mut().filter_map(|ahead| ahead.0.as_mut().ok()) {
            decoded.verdicts = verdicts.next().unwrap_or_default();
        }
        block
    }

    /// The verdicts on the signatures of each line of a block that is one.
    fn verdicts(&self, block: &[Ahead]) -> Vec<Verdicts> {
        let lines = || block.iter().filter_map(Ahead::line);
        let granted = lines().flat_map(|line| admitted(line.content.data()));
        let granted: HashMap<KeyId, &PublicKey> = granted.map(|grant| (grant.key.id(), &grant.key)).collect();
        let messages: Vec<Messages> = lines().map(Line::messages).collect();
        let claims = lines().zip(&messages).map(|(line, messages)| {
            let signed = line.signed(messages).map(|(id, message, signature)| {
                Some(Claim { key: self.key(id, &granted)?, message, signature })
            });
            signed.collect()
        });
        let claims: Vec<Vec<Option<Claim<'_>>>> = claims.collect();
        let known: Vec<Claim<'_>> = claims.iter().flatten().flatten().copied().collect();
        let mut held = self.verifier.verify(&known).into_iter();
        let mut verdict =
            |claim: &Claim<'_>| Verdict { holds: held.next().unwrap_or(false), key: *claim.key.as_bytes() };
        let of_line = |claims: &Vec<Option<Claim<'_>>>| {
            Verdicts(claims.iter().map(|claim| claim.as_ref().map(&mut verdict)).collect())
        };
        claims.iter().map(of_line).collect()
    }

    /// The key that a signature by this id is likely to be by.
    fn key<'k>(&'k self, id: KeyId, granted: &HashMap<KeyId, &'k PublicKey>) -> Option<&'k PublicKey> {
        let registered = self.register.as_ref().and_then(|register| register.keys.get(&id));
        registered.map(|key| &key.grant.key).or_else(|| granted.get(&id).copied())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use xinyi_testkit::Community;

    use super::*;

    /// A genesis judged ahead: the keys that sign it are those that it admits.
    fn genesis() -> Decoded {
        let line = Community::property_trust("2026-03").lines.remove(0);
        Replay::new().outlook().decode([line.as_slice()]).remove(0).0.unwrap()
    }

    #[test]
    fn every_signature_by_a_key_of_the_block_is_judged_ahead() {
        let decoded = genesis();
        let held = decoded.verdicts.0.iter().map(|verdict| verdict.unwrap().holds);
        assert_eq!(held.collect::<Vec<_>>(), [true; 3]);
    }

    #[test]
    fn a_verdict_counts_for_the_key_that_the_register_gives_and_for_no_other() {
        let with = |change: fn(&mut Verdict)| {
            let mut decoded = genesis();
            decoded.verdicts.0.iter_mut().for_each(|verdict| change(verdict.as_mut().unwrap()));
            Replay::new().push_decoded(decoded).map_err(|error| error.code())
        };
        assert!(with(|_| ()).is_ok());
        assert_eq!(with(|verdict| verdict.holds = false).unwrap_err(), "approval-signature");
        let by_another = with(|verdict| *verdict = Verdict { holds: false, key: [0; 32] });
        assert!(by_another.is_ok(), "the signatures are verified by the keys that count");
    }

    #[test]
    fn what_is_no_line_is_refused_in_its_turn() {
        let line = Community::property_trust("2026-03").lines.remove(0);
        let block = Replay::new().outlook().decode([b"{}".as_slice(), &line]);
        let mut replay = Replay::new();
        let codes =
            block.into_iter().map(|ahead| replay.push_ahead(ahead).map_err(|error| error.code()).err());
        assert_eq!(codes.collect::<Vec<_>>(), [Some("field-missing"), None]);
    }
}
