//! Whole numbers that must not be mixed up: the place of an entry and the size of a ledger (spec: V-3).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::tree::Frontier;
use crate::value::ValueError;

/// The largest whole number that every JSON reader keeps exactly, 2^53 − 1 (RFC 8785 §3.2.2.3).
const MAX: u64 = 9_007_199_254_740_991;

macro_rules! whole_number {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(u64);

        impl $name {
            /// The number, `None` above 2^53 − 1.
            #[must_use]
            pub const fn new(number: u64) -> Option<Self> {
                if number <= MAX { Some(Self(number)) } else { None }
            }

            /// The plain number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::new(u64::deserialize(from)?).ok_or_else(|| de::Error::custom(ValueError::Integer))
            }
        }
    };
}

whole_number! {
    /// The place of an entry in its ledger, from 0.
    Index
}
whole_number! {
    /// A number of entries: the ledger's first `Size` lines, so also the index of the next one.
    Size
}
whole_number! {
    /// A plain count: bytes, households, square centimetres, minutes, points.
    Count
}

impl Index {
    /// The size of the ledger that ends with this entry.
    #[must_use]
    pub const fn size_after(self) -> Size {
        Size(self.0.saturating_add(1))
    }
}

impl Size {
    /// The index that the next entry gets.
    #[must_use]
    pub const fn next_index(self) -> Index {
        Index(self.0)
    }

    /// The size of a tree. A tree holds as many leaves as there are indices, so it never outgrows a size.
    pub(crate) const fn of_tree(frontier: &Frontier) -> Self {
        Self(frontier.size())
    }

    /// Whether the entry at `index` is among the first `self` entries.
    #[must_use]
    pub const fn covers(self, index: Index) -> bool {
        index.0 < self.0
    }
}

/// A number in decimal in its one spelling: without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}
