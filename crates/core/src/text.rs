//! Bounded, checked text: labels, references and free text (spec: V-11, V-12).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::value::{ValueError, spelled};

/// An identifier inside a ledger: an account, a fund, a party, a category, a payee (spec: V-11).
///
/// 1 to 64 of `a-z 0-9 . _ -`, the first a letter or digit: it can stand on a command line, in a file name
/// and in a spreadsheet without quoting, and two that look alike are alike. A clone shares the text: figures are kept
/// by label, and every line moves some.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Arc<str>);

/// Free text of at most 1,000 bytes without control, bidirectional or noncharacter code points (spec: V-12).
///
/// The limit lets a line with every text field filled stay below the 65,535 bytes of a tile entry.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Box<str>);

/// The name that a writer gives a content, unique in its period (spec: C-4): text of at most 128 bytes.
///
/// A bank serial number, a receipt number, `close-2026-03`. It lets a retry be recognised.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(Box<str>);

impl Label {
    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text {
    /// Longest text in bytes.
    pub const MAX: usize = 1_000;

    /// The text itself.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }

    /// Text in Unicode normal form C, the form a writer uses (spec: V-12).
    ///
    /// # Errors
    /// [`ValueError::TextForbidden`] or [`ValueError::TextLength`].
    pub fn normalised(text: &str) -> Result<Self, ValueError> {
        text.nfc().collect::<String>().parse()
    }

    /// Whether the text is in normal form C; if not, a rule reports it, for Unicode versions may differ.
    #[must_use]
    pub fn is_normal(&self) -> bool {
        is_nfc(&self.0)
    }
}

impl Reference {
    /// Longest reference in bytes.
    pub const MAX: usize = 128;

    /// The reference as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let starts_plain = text.bytes().next().is_some_and(plain);
        let rest_plain = text.bytes().all(|b| plain(b) || matches!(b, b'.' | b'_' | b'-'));
        if text.len() <= 64 && starts_plain && rest_plain {
            Ok(Self(text.into()))
        } else {
            Err(ValueError::Label)
        }
    }
}

impl FromStr for Text {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        checked(text, Self::MAX).map(Self)
    }
}

impl FromStr for Reference {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        checked(text, Self::MAX).map(Self)
    }
}

fn checked(text: &str, max: usize) -> Result<Box<str>, ValueError> {
    // Printable ASCII, most of what there is, is never forbidden.
    let plain = text.bytes().all(|byte| matches!(byte, 0x20..=0x7E));
    if !plain && text.chars().any(is_forbidden) {
        return Err(ValueError::TextForbidden);
    }
    if text.is_empty() || text.len() > max || text.trim_matches(' ').len() != text.len() {
        return Err(ValueError::TextLength);
    }
    Ok(text.into())
}

/// The code points no text may hold. The list is closed, so that a verdict does not move with Unicode:
/// controls, marks that reorder or split lines, the byte order mark, annotation marks, noncharacters (V-12).
fn is_forbidden(c: char) -> bool {
    let code = u32::from(c);
    matches!(
        code,
        0x00..=0x1F | 0x7F..=0x9F | 0x061C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF
            | 0xFFF9..=0xFFFB | 0xFDD0..=0xFDEF
    ) || code & 0xFFFE == 0xFFFE
}

macro_rules! debug_as_text {
    ($($type:ident),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type), "({:?})"), &*self.0)
            }
        }
    )+};
}
debug_as_text!(Label, Text, Reference);
spelled!(
    Label as |label, then| then(&label.0),
    Text as |text, then| then(&text.0),
    Reference as |reference, then| then(&reference.0),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_could_deceive_a_reader_is_refused() {
        for bad in ["a\u{202E}b", "a\nb", "\u{FEFF}a", "a\u{FFFF}", "a\u{7}", "\u{1FFFE}", "a\u{2066}b"] {
            assert_eq!(bad.parse::<Text>(), Err(ValueError::TextForbidden), "{bad:?}");
        }
        for bad in ["", " a", "a ", &"x".repeat(1001)] {
            assert_eq!(bad.parse::<Text>(), Err(ValueError::TextLength), "{bad:?}");
        }
        assert!("业委会 2026 (一)".parse::<Text>().is_ok());
    }

    #[test]
    fn a_writer_uses_normal_form_and_a_reader_can_tell() {
        let decomposed = "e\u{301}";
        assert!(!decomposed.parse::<Text>().unwrap().is_normal());
        assert_eq!(Text::normalised(decomposed).unwrap().as_str(), "é");
    }

    #[test]
    fn labels_are_plain() {
        for bad in ["", "-a", "A", "a b", "物业", &"x".repeat(65)] {
            assert_eq!(bad.parse::<Label>(), Err(ValueError::Label), "{bad:?}");
        }
        assert!("property-fee.2026_q1".parse::<Label>().is_ok());
    }
}
