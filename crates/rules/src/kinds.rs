//! Which kinds of entry a rule looks at: it is asked for those alone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use xinyi_core::{Family, Kind};

use crate::registry::RULES;

/// The kinds of entry that a rule looks at one by one. Of an entry of another kind it could examine, find and remember
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// Every kind.
    All,
    /// Money that moved, and these.
    Money(&'static [Kind]),
    /// These.
    Of(&'static [Kind]),
}

impl Kinds {
    /// No entry: the rule looks at months, at the file's end or nowhere.
    pub const NONE: Self = Self::Of(&[]);

    /// Whether a kind is among them.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        match self {
            Self::All => true,
            Self::Money(others) => kind.info().family == Family::Money || others.contains(&kind),
            Self::Of(kinds) => kinds.contains(&kind),
        }
    }
}

/// The places in the registry of the rules that look at a kind.
pub(crate) fn looking_at(kind: Kind) -> &'static [usize] {
    static PLACES: LazyLock<BTreeMap<Kind, Vec<usize>>> = LazyLock::new(|| {
        let places = |kind: Kind| {
            let looking = RULES.iter().enumerate().filter(|(_, rule)| rule.kinds.has(kind));
            looking.map(|(place, _)| place).collect()
        };
        Kind::ALL.iter().map(|kind| (*kind, places(*kind))).collect()
    });
    PLACES.get(&kind).map(Vec::as_slice).unwrap_or_default()
}
