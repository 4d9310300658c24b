//! What a recovery makes void: the line that the replaced recorder put in its place, and what follows it there
//! (spec: J-4, J-8, L-14).

use std::collections::BTreeMap;
use std::path::Path;

use xinyi_core::{Data, Hash, Index, Line, Replay, Size};

use super::{Found, Remains};

/// Lines of a recorder whom a recovery replaced, from the recovery's index on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidLines<'r> {
    /// The index after the last that links up with the first.
    pub end: Size,
    /// The index that the recovery has in the history.
    pub from: Index,
    /// The file that holds the first.
    pub source: &'r Path,
    leaves: BTreeMap<Index, Hash>,
    roots: BTreeMap<Size, Hash>,
}

impl VoidLines<'_> {
    /// Whether the line with this leaf hash is one of them.
    pub(super) fn holds(&self, index: Index, leaf: Hash) -> bool {
        self.leaves.get(&index) == Some(&leaf)
    }

    /// Whether a tree with this root ends in one of them.
    pub(super) fn has_root(&self, size: Size, root: Hash) -> bool {
        self.roots.get(&size) == Some(&root)
    }
}

impl Found {
    /// Whether it is a recovery: of two good lines it is the history (spec: J-4).
    pub(super) fn is_recovery(&self) -> bool {
        let line = Line::decode(&self.bytes);
        line.is_ok_and(|line| matches!(line.content_claimed().data(), Data::Recovery(_)))
    }
}

impl Remains {
    /// Follows an ordinary line that a recovery contests, after the lines of the history before it.
    ///
    /// `None` where it is not void: both parties closed over it, or it parts again, and which of its ways they
    /// closed cannot be told.
    pub(super) fn follow_void<'r>(&'r self, history: &[&[u8]], first: &'r Found) -> Option<VoidLines<'r>> {
        let mut replay = Replay::new();
        for line in history {
            replay.push(line).ok()?;
        }
        let from = replay.size().next_index();
        let (mut leaves, mut roots) = (BTreeMap::new(), BTreeMap::new());
        let mut next = Some(first);
        while let Some(found) = next {
            let entry = replay.push(&found.bytes).ok()?;
            if let Data::Close(close) = entry.content().data()
                && close.size.covers(from)
            {
                return None;
            }
            leaves.insert(entry.index(), entry.leaf());
            roots.insert(replay.size(), replay.root());
            let known = self.lines.get(&replay.size().next_index()).into_iter().flatten();
            let mut good = known.filter(|found| replay.judge(&found.bytes).is_ok());
            next = good.next();
            if good.next().is_some() {
                return None;
            }
        }
        Some(VoidLines { end: replay.size(), from, leaves, roots, source: &first.source })
    }
}
