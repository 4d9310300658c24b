//! The deeds of a ledger, and the digests of their list that closes name (spec: A-8, B-7).

use serde::{Deserialize, Serialize};

use crate::hash::{Hash, Hashing};
use crate::json;
use crate::kind::deed::Deed;
use crate::number::{Index, Size};
use crate::time::Date;

/// A deed in the list that a close binds (spec: B-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeedVersion {
    /// SHA-256 of the deed's canonical form.
    pub digest: Hash,
    /// Its first day.
    pub first: Date,
    /// The entry that holds it.
    pub index: Index,
}

impl DeedVersion {
    pub(crate) fn of(deed: &Deed, index: Index) -> Self {
        Self { digest: deed.digest(), first: deed.first, index }
    }
}

impl Deed {
    /// SHA-256 of the deed's canonical form: how a later deed names the one it changes (spec: A-8).
    #[must_use]
    pub fn digest(&self) -> Hash {
        json::digest(self)
    }
}

/// Deeds in order of their entries, with the digest of the list that each ends: so a close costs nothing, however
/// many there are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<DeedVersion>", into = "Vec<DeedVersion>")]
pub(crate) struct Deeds {
    /// The digests of the lists that end with each deed.
    digests: Vec<Hash>,
    versions: Vec<DeedVersion>,
    /// The list written so far, without the bracket that ends it.
    written: Hashing,
}

impl Deeds {
    pub(crate) fn push(&mut self, deed: DeedVersion) {
        self.written.update(if self.versions.is_empty() { b"[" } else { b"," });
        // A deed version is always writable.
        self.written.update(json::write(&deed).unwrap_or_default().as_bytes());
        self.digests.push(self.written.and(b"]"));
        self.versions.push(deed);
    }

    pub(crate) fn as_slice(&self) -> &[DeedVersion] {
        &self.versions
    }

    /// The digest of the list of deeds among the first `size` lines.
    pub(crate) fn digest_at(&self, size: Size) -> Hash {
        let below = self.versions.partition_point(|deed| size.covers(deed.index));
        let last = below.checked_sub(1).and_then(|last| self.digests.get(last));
        last.copied().unwrap_or_else(|| Hash::digest(b"[]"))
    }
}

impl PartialEq for Deeds {
    fn eq(&self, other: &Self) -> bool {
        self.versions == other.versions
    }
}

impl Eq for Deeds {}

impl From<Deeds> for Vec<DeedVersion> {
    fn from(deeds: Deeds) -> Self {
        deeds.versions
    }
}

impl From<Vec<DeedVersion>> for Deeds {
    fn from(versions: Vec<DeedVersion>) -> Self {
        let mut deeds = Self::default();
        versions.into_iter().for_each(|deed| deeds.push(deed));
        deeds
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn the_digest_of_a_list_is_that_of_its_canonical_form() {
        let version = |number: u64| DeedVersion {
            digest: Hash::digest(&number.to_be_bytes()),
            first: "2026-03-01".parse().unwrap(),
            index: Index::new(number * 3).unwrap(),
        };
        let versions: Vec<DeedVersion> = (0..5).map(version).collect();
        let deeds = Deeds::from(versions.clone());
        for number in 0..20 {
            let size = Size::new(number).unwrap();
            let below: Vec<_> = versions.iter().filter(|deed| size.covers(deed.index)).collect();
            assert_eq!(deeds.digest_at(size), json::digest(&below), "{number}");
        }
    }
}
