//! `xinyi recover`: rebuild a ledger from what is left of it, and say what is not.

use std::ops::Range;

use serde_json::json;
use xinyi_core::{Hash, Size};
use xinyi_store::{Rebuilt, Remains};

use crate::args::RecoverArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::trust::TrustOptions;

pub(crate) fn run(arguments: &RecoverArguments, context: &Context) -> Result<Exit, Failure> {
    let trust = TrustOptions { identity: arguments.identity.clone(), ..TrustOptions::default() };
    let mut remains = Remains::new();
    arguments.from.iter().try_for_each(|path| remains.add(path))?;
    let rebuilt = remains.rebuild(trust.load()?.identity())?;
    rebuilt.write(&arguments.dir)?;
    let gaps = rebuilt.gaps();
    if context.is_json() {
        show(&json(&rebuilt, &gaps));
    } else {
        answer(&fl!(
            "recover-done",
            size = rebuilt.replay.size().to_string(),
            dir = arguments.dir.display().to_string()
        ));
        print_facts(&rebuilt);
        print_lost(&rebuilt, &gaps);
        print_next(&rebuilt, &gaps);
    }
    let is_whole = gaps.is_empty() && rebuilt.unlinked.is_empty();
    let is_clean =
        is_whole && rebuilt.refused.is_none() && rebuilt.spoilt.is_empty() && rebuilt.void.is_empty();
    Ok(if is_clean { Exit::Clean } else { Exit::Findings })
}

fn json(rebuilt: &Rebuilt<'_>, gaps: &[Range<u64>]) -> serde_json::Value {
    let gaps: Vec<_> = gaps.iter().map(|gap| json!({"end": gap.end, "from": gap.start})).collect();
    let unlinked = rebuilt.unlinked.iter().map(
        |stretch| json!({"end": stretch.end, "from": stretch.from, "periods": [stretch.periods.0, stretch.periods.1]}),
    );
    let void =
        rebuilt.void.iter().map(|void| json!({"end": void.end, "from": void.from, "path": void.source}));
    let (identity, size, root) = continued(rebuilt);
    json!({
        "checkpoints": rebuilt.checkpoints(),
        "continues": {"identity": identity, "root": root, "size": size},
        "gaps": gaps,
        "head": rebuilt.replay.head(),
        "identity": identity,
        "missing_states": rebuilt.missing_states,
        "refused": rebuilt.refused.as_ref().map(|(path, error)| json!({"code": error.code(), "path": path})),
        "root": rebuilt.replay.root(),
        "size": rebuilt.replay.size(),
        "spoilt": rebuilt.spoilt,
        "states": rebuilt.states(),
        "unlinked": unlinked.collect::<Vec<_>>(),
        "void": void.collect::<Vec<_>>(),
    })
}

/// What was rebuilt.
fn print_facts(rebuilt: &Rebuilt<'_>) {
    let size = rebuilt.replay.size().to_string();
    if let Some(founding) = rebuilt.replay.founding() {
        answer(&fl!("fact-identity", identity = founding.identity.to_string()));
    }
    if let Some(head) = rebuilt.replay.head() {
        answer(&fl!("fact-head", head = format!("{size}:{head}"), size = size));
    }
    let (states, checkpoints) = (rebuilt.states().to_string(), rebuilt.checkpoints().to_string());
    let missing = rebuilt.missing_states.len().to_string();
    answer(&fl!("recover-kept", checkpoints = checkpoints, missing = missing, states = states));
}

/// What was not, as far as anything shows it.
fn print_lost(rebuilt: &Rebuilt<'_>, gaps: &[Range<u64>]) {
    if let Some((path, error)) = &rebuilt.refused {
        let index = rebuilt.replay.size().to_string();
        let path = path.display().to_string();
        answer(&fl!("recover-refused", code = error.code(), index = index, path = path));
    }
    for void in &rebuilt.void {
        let path = void.source.display().to_string();
        answer(&fl!("recover-void", from = void.from.to_string(), path = path, to = last(void.end.get())));
    }
    for path in &rebuilt.spoilt {
        answer(&fl!("recover-spoilt", path = path.display().to_string()));
    }
    for gap in gaps {
        answer(&fl!("recover-gap", from = gap.start.to_string(), to = last(gap.end)));
    }
    for stretch in &rebuilt.unlinked {
        answer(&fl!(
            "recover-unlinked",
            first = stretch.periods.0.to_string(),
            from = stretch.from.to_string(),
            last = stretch.periods.1.to_string(),
            to = last(stretch.end.get())
        ));
    }
    let newest = rebuilt.newest.as_ref().filter(|newest| newest.size > rebuilt.replay.size());
    if let Some(newest) = newest {
        answer(&fl!("recover-beyond", size = newest.size.to_string()));
    }
    answer(&fl!("recover-private"));
}

/// The index of the last entry before `end`.
fn last(end: u64) -> String {
    end.saturating_sub(1).to_string()
}

/// What to do next: go on from here only where nobody has seen more, else in a new ledger that says so.
fn print_next(rebuilt: &Rebuilt<'_>, gaps: &[Range<u64>]) {
    let head =
        rebuilt.replay.head().map_or_else(String::new, |head| format!("{}:{head}", rebuilt.replay.size()));
    answer("");
    if gaps.is_empty() {
        answer(&fl!("recover-append", head = head));
    } else {
        answer(&fl!("recover-search"));
    }
    answer(&fl!("recover-successor"));
    if let (Some(identity), size, root) = continued(rebuilt) {
        answer(&format!("continues.identity = \"{identity}\""));
        answer(&format!("continues.root = \"{root}\""));
        answer(&format!("continues.size = {size}"));
    }
}

/// What a successor names: the ledger and its last known checkpoint, else the end that was rebuilt.
fn continued(rebuilt: &Rebuilt<'_>) -> (Option<Hash>, Size, Hash) {
    let replay = &rebuilt.replay;
    let newest = rebuilt.newest.as_ref().filter(|newest| newest.size > replay.size());
    let (size, root) = newest.map_or((replay.size(), replay.root()), |newest| (newest.size, newest.root));
    (replay.founding().map(|founding| founding.identity), size, root)
}
