//! stdout is the answer, stderr the talk. What comes from a file is made safe before a terminal sees it.

use std::io::Write as _;

/// Prints one line of the answer. A reader that has gone away is no error.
pub(crate) fn answer(line: &str) {
    let _ = writeln!(std::io::stdout(), "{}", safe(line));
}

/// Prints a JSON answer.
pub(crate) fn show(value: &serde_json::Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints one line of talk.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", safe(line));
}

/// Text without anything that could move a terminal's cursor or reorder what it shows.
pub(crate) fn safe(text: &str) -> String {
    let deceives = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
    };
    text.chars().map(|c| if deceives(c) { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn escape_sequences_and_overrides_are_shown_as_such() {
        assert_eq!(super::safe("a\u{1b}[31mb\u{202E}c"), "a\u{FFFD}[31mb\u{FFFD}c");
        assert_eq!(super::safe("业委会"), "业委会");
    }
}
