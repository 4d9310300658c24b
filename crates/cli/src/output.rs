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

/// Text without anything that could move a terminal's cursor, or hide or reorder what it shows: what a ledger
/// refuses (spec V-12) is not printed either, wherever it comes from. Line feeds stay, for answers of several lines.
pub(crate) fn safe(text: &str) -> String {
    let deceives = |c: char| {
        let hides = matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
        (c.is_control() && c != '\n') || hides
    };
    text.chars().map(|c| if deceives(c) { '\u{FFFD}' } else { c }).collect()
}

/// As [`safe`], on one line.
pub(crate) fn safe_line(text: &str) -> String {
    safe(text).replace('\n', "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn escape_sequences_and_overrides_are_shown_as_such() {
        assert_eq!(super::safe("a\u{1b}[31mb\u{202E}c"), "a\u{FFFD}[31mb\u{FFFD}c");
        assert_eq!(super::safe_line("a\nTotal 0\u{200B}"), "a\u{FFFD}Total 0\u{FFFD}");
        assert_eq!(super::safe("业委会"), "业委会");
    }
}
