//! Every command of the guide on checking files runs as it is printed there, in order, on the made-up sample.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod desk;

use desk::{answer, xinyi};

/// The commands in a guide's code blocks, each with the exit status that it says.
fn commands(guide: &str) -> Vec<(Vec<String>, i32)> {
    let blocks = guide.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("xinyi "));
    let told = lines.map(|line| line.split_once('#').unwrap_or((line, "0")));
    told.map(|(words, status)| {
        let status = status.split_whitespace().last().and_then(|word| word.parse().ok());
        (words.split_whitespace().map(str::to_owned).collect(), status.expect("a status"))
    })
    .collect()
}

#[test]
fn every_command_runs_as_shown() {
    let (en, zh) = (
        commands(include_str!("../../../docs/guide/checking.md")),
        commands(include_str!("../../../docs/guide/checking.zh-CN.md")),
    );
    assert_eq!(en, zh, "both guides show the same commands");
    assert!(en.len() >= 9, "{en:?}");
    let place = tempfile::tempdir().unwrap();
    answer(xinyi().current_dir(place.path()).args(["demo", "sample"]));
    for (words, status) in en {
        let told = answer(xinyi().current_dir(place.path()).args(&words));
        assert_eq!(told.status, status, "{words:?}: {}{}", told.stdout, told.stderr);
    }
}
