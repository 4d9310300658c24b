//! A check that forgets lines of closed months and recalls those that an entry names, beside one that remembers all.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    dead_code,
    reason = "a test that cannot go on has failed; not every test uses every helper"
)]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xinyi_core::{Data, Hash, Index, Lines, Replay, StateDocument};
use xinyi_rules::Checker;
use xinyi_testkit::Community;

/// A ledger's lines, and how often one was read.
struct Kept(Vec<Vec<u8>>, AtomicUsize);

/// What became of the lines of a check that forgets.
pub(crate) struct Agreed {
    /// How many are forgotten in the end.
    pub(crate) forgotten: usize,
    /// How often one was read again.
    pub(crate) read: usize,
}

impl Lines for Kept {
    fn line(&self, index: Index) -> Option<String> {
        self.1.fetch_add(1, Ordering::Relaxed);
        let line = self.0.get(usize::try_from(index.get()).ok()?)?;
        String::from_utf8(line.clone()).ok()
    }
}

/// Compares reports, and before each close every line at hand.
pub(crate) fn agree(
    community: &Community,
    documents: impl Iterator<Item = StateDocument>,
) -> Result<Agreed, String> {
    let at_hand: HashMap<Hash, StateDocument> =
        documents.map(|document| (document.digest(), document)).collect();
    let checker = Checker::new().with_documents(move |digest| at_hand.get(&digest).cloned());
    let (mut keeping, mut forgetting) = (checker.clone(), checker);
    let lines = Arc::new(Kept(community.lines.clone(), AtomicUsize::new(0)));
    let mut replay = Replay::new().with_lines(lines.clone());
    for line in &community.lines {
        let entry = replay.push(line).map_err(|error| error.to_string())?;
        if matches!(entry.content().data(), Data::Close(_)) {
            compared(&keeping, &forgetting, community.lines.len())?;
        }
        keeping.take(&entry, replay.register().unwrap());
        forgetting.take_from(&entry, &replay);
    }
    let forgotten = compared(&keeping, &forgetting, community.lines.len())?;
    let reports = [keeping, forgetting].map(|checker| checker.finish().to_json());
    let agreed = Agreed { forgotten, read: lines.1.load(Ordering::Relaxed) };
    if reports[0] == reports[1] { Ok(agreed) } else { Err(format!("{:#}\n{:#}", reports[0], reports[1])) }
}

/// Compares the lines that both have; how many one has forgotten.
fn compared(keeping: &Checker, forgetting: &Checker, lines: usize) -> Result<usize, String> {
    let mut forgotten = 0;
    for index in (0..lines).map(|index| Index::new(index as u64).unwrap()) {
        match (keeping.books().line(index), forgetting.books().line(index)) {
            (Some(kept), Some(fetched)) => {
                if kept != fetched {
                    return Err(format!("line {index} was\n{kept:#?}\nand is\n{fetched:#?}"));
                }
            }
            (Some(_), None) => forgotten += 1,
            (None, None) => {}
            (None, Some(_)) => return Err(format!("line {index} was never remembered")),
        }
    }
    Ok(forgotten)
}
