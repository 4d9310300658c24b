//! The commands that a guide prints, for the tests that run them.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

/// The commands in a guide's code blocks, each with the exit status that it says.
pub(crate) fn commands(guide: &str) -> Vec<(Vec<String>, i32)> {
    let blocks = guide.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).filter_map(|line| line.trim_start().strip_prefix("xinyi "));
    let told = lines.map(|line| line.split_once('#').unwrap_or((line, "0")));
    told.map(|(words, status)| {
        let status = status.split_whitespace().last().and_then(|word| word.parse().ok());
        (words.split_whitespace().map(str::to_owned).collect(), status.expect("a status"))
    })
    .collect()
}
