//! The references taken in a month, at most 32 bytes each on average however long they are (spec: C-4, R-10).

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::lower_hex::{self, LowerHex};
use crate::number::Index;
use crate::text::Reference;
use crate::value::{ValueError, spelled};

/// What is remembered of a reference: the first 160 bits of its SHA-256, too many for two to be made alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name([u8; 20]);

/// A reference and the entry that has it. An index is below 2^53, so seven bytes hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Taken {
    index: [u8; 7],
    name: Name,
}

/// References by name, in sorted chunks that are found by the lowest name they may hold. A map of single ones would
/// take twice as much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Written>", into = "Vec<Written>")]
pub(crate) struct References(BTreeMap<Name, Vec<Taken>>);

/// At so many a chunk is parted in two.
const CHUNK: usize = 128;

/// So many further ones a full chunk makes room for, so that little of it lies empty.
const ROOM: usize = 8;

impl References {
    /// The entry that has this reference.
    pub(crate) fn get(&self, name: Name) -> Option<Index> {
        let (_, chunk) = self.0.range(..=name).next_back()?;
        let place = chunk.binary_search_by_key(&name, |taken| taken.name).ok()?;
        chunk.get(place)?.index()
    }

    /// Remembers that an entry has this reference, which no other has.
    pub(crate) fn insert(&mut self, name: Name, index: Index) {
        let taken = Taken::of(name, index);
        let Some((_, chunk)) = self.0.range_mut(..=taken.name).next_back() else {
            // The first chunk may hold any name.
            self.0.insert(Name::default(), vec![taken]);
            return;
        };
        let Err(place) = chunk.binary_search_by_key(&taken.name, |taken| taken.name) else { return };
        if chunk.len() == chunk.capacity() {
            chunk.reserve_exact(ROOM);
        }
        chunk.insert(place, taken);
        if chunk.len() >= CHUNK {
            let upper = chunk.split_off(CHUNK / 2);
            chunk.shrink_to_fit();
            if let Some(lowest) = upper.first() {
                self.0.insert(lowest.name, upper);
            }
        }
    }
}

impl Name {
    pub(crate) fn of(reference: &Reference) -> Self {
        let mut name = [0; 20];
        let digest = Hash::digest(reference.as_str().as_bytes());
        name.iter_mut().zip(digest.as_bytes()).for_each(|(to, from)| *to = *from);
        Self(name)
    }
}

impl Taken {
    const fn of(name: Name, index: Index) -> Self {
        let [_, index @ ..] = index.get().to_be_bytes();
        Self { index, name }
    }

    fn index(&self) -> Option<Index> {
        let mut number = [0; 8];
        number.iter_mut().skip(1).zip(self.index).for_each(|(to, from)| *to = from);
        Index::new(u64::from_be_bytes(number))
    }
}

impl FromStr for Name {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        lower_hex::decode(text).map(Self).ok_or(ValueError::Hex)
    }
}

/// How a snapshot writes a reference down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    index: Index,
    reference: Name,
}

impl From<References> for Vec<Written> {
    fn from(references: References) -> Self {
        let taken = references.0.into_values().flatten();
        taken.filter_map(|taken| Some(Written { index: taken.index()?, reference: taken.name })).collect()
    }
}

impl From<Vec<Written>> for References {
    fn from(written: Vec<Written>) -> Self {
        let mut references = Self::default();
        written.into_iter().for_each(|written| references.insert(written.reference, written.index));
        references
    }
}

spelled!(Name as |name, then| then(LowerHex::of(&name.0).as_str()));

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    fn name(number: u64) -> Name {
        Name::of(&format!("reference {number}").parse().unwrap())
    }

    fn of(count: u64) -> References {
        let mut references = References::default();
        (0..count).for_each(|number| references.insert(name(number), Index::new(number).unwrap()));
        references
    }

    #[test]
    fn each_is_found_and_no_other() {
        for count in [0, 1, 127, 128, 129, 5_000] {
            let references = of(count);
            for number in 0..count + 10 {
                assert_eq!(references.get(name(number)), Index::new(number).filter(|_| number < count));
            }
        }
        let mut references = of(3);
        let last = Index::new(9_007_199_254_740_991).unwrap();
        references.insert(name(7), last);
        references.insert(name(7), Index::default());
        assert_eq!(references.get(name(7)), Some(last), "the first keeps it");
    }

    #[test]
    fn a_snapshot_says_the_same_however_they_came() {
        let references = of(1_000);
        let text = serde_json::to_string(&references).unwrap();
        assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&text).unwrap().len(), 1_000);
        let again: References = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
        assert_eq!(again.get(name(999)), references.get(name(999)));
    }

    /// What the allocator adds is 16 bytes a chunk; nodes of the map hold at least half of what they could.
    #[test]
    fn one_takes_at_most_thirty_two_bytes() {
        let count = 100_000_u32;
        let references = of(count.into());
        let chunk = size_of::<Name>() + size_of::<Vec<Taken>>();
        let bytes = references.0.values().map(|taken| taken.capacity() * size_of::<Taken>() + 2 * chunk + 16);
        let each = f64::from(u32::try_from(bytes.sum::<usize>()).unwrap()) / f64::from(count);
        assert!(each <= 32.0, "{each}");
    }
}
