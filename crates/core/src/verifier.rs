//! The verdicts on many signatures, by tables for the keys that sign often (spec: K-5, R-7).
//!
//! A table may accept; what it does not accept goes to `verify_strict` for the last word. So blocks, counts and the
//! bound on tables decide what a verdict costs and never what it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::key::{Claim, PublicKey};
use crate::key_table::{KeyTable, accepted};

/// Verifies blocks of signatures and remembers tables of the keys that it has counted often.
///
/// Blocks may be verified on many threads at once, since that changes nothing; counting is for whoever takes the lines
/// in, so that only lines found good earn a table.
///
/// ```
/// use xinyi_core::{Claim, Signature, Verifier};
/// let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".parse()?;
/// let signature: Signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b".parse()?;
/// let claim = |message| Claim { key: &key, message, signature: &signature };
/// assert_eq!(Verifier::default().verify(&[claim(b""), claim(b"another")]), [true, false]);
/// # Ok::<(), xinyi_core::ValueError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Verifier {
    counted: u64,
    keys: BTreeMap<[u8; 32], Counted>,
}

/// A key that has signed lately.
#[derive(Clone, Debug, Default)]
struct Counted {
    /// Which count of all was its last.
    last: u64,
    signatures: u32,
    /// Shared with copies of the verifier.
    table: Option<Arc<KeyTable>>,
}

impl Verifier {
    /// Most keys that are remembered, the one that has not signed for longest being forgotten first: 1.3 MB of tables.
    /// With a key for every line none is remembered long enough to have one, and a line costs what `verify_strict`
    /// costs.
    pub const MAX_KEYS: usize = 64;

    /// After so many signatures a key has a table. Building one costs as much as it saves in one or two signatures
    /// where the processor has vectors, in forty where it has none, so that keys which stop just then cost little.
    pub const TABLE_AFTER: u32 = 32;

    /// The verdicts of `verify_strict` on these claims, each by itself.
    #[must_use]
    pub fn verify(&self, claims: &[Claim<'_>]) -> Vec<bool> {
        let with_tables: Vec<_> = claims.iter().map(|claim| (self.table(claim.key), *claim)).collect();
        let accepted = accepted(&with_tables).into_iter();
        accepted.zip(claims).map(|(accepted, claim)| accepted || claim.holds()).collect()
    }

    fn table(&self, key: &PublicKey) -> Option<&KeyTable> {
        self.keys.get(key.as_bytes())?.table.as_deref()
    }

    /// Counts a signature of `key` that was found good.
    pub fn count(&mut self, key: &PublicKey) {
        self.counted = self.counted.saturating_add(1);
        if self.keys.len() >= Self::MAX_KEYS && !self.keys.contains_key(key.as_bytes()) {
            self.forget_one();
        }
        let counted = self.keys.entry(*key.as_bytes()).or_default();
        counted.last = self.counted;
        counted.signatures = counted.signatures.saturating_add(1);
        if counted.table.is_none() && counted.signatures >= Self::TABLE_AFTER {
            counted.table = Some(Arc::new(KeyTable::of(key)));
        }
    }

    fn forget_one(&mut self) {
        let oldest = self.keys.iter().min_by_key(|(_, counted)| counted.last).map(|(key, _)| *key);
        if let Some(oldest) = oldest {
            self.keys.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

    use super::*;
    use crate::hash::Hash;

    /// Digests that happen to be keys.
    fn keys(count: usize) -> Vec<PublicKey> {
        let digests = (0_u32..).map(|number| Hash::digest(&number.to_be_bytes()));
        digests.filter_map(|digest| PublicKey::from_bytes(digest.as_bytes()).ok()).take(count).collect()
    }

    #[test]
    fn a_key_has_a_table_once_it_has_signed_often() {
        let (key, mut verifier) = (&keys(1)[0], Verifier::default());
        for _ in 1..Verifier::TABLE_AFTER {
            verifier.count(key);
            assert!(verifier.table(key).is_none());
        }
        verifier.count(key);
        assert!(verifier.table(key).is_some());
    }

    #[test]
    fn keys_are_bounded_and_the_one_that_has_not_signed_for_longest_is_forgotten() {
        let (keys, mut verifier) = (keys(Verifier::MAX_KEYS + 2), Verifier::default());
        (0..Verifier::TABLE_AFTER).for_each(|_| verifier.count(&keys[0]));
        for key in &keys[1..] {
            verifier.count(&keys[0]);
            verifier.count(key);
            assert!(verifier.keys.len() <= Verifier::MAX_KEYS);
        }
        assert!(verifier.table(&keys[0]).is_some(), "it has signed all the time");
        let forgotten = keys.iter().filter(|key| !verifier.keys.contains_key(key.as_bytes()));
        assert_eq!(forgotten.collect::<Vec<_>>(), [&keys[1], &keys[2]]);
    }
}
