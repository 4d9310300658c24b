//! What later lines make good: the finding stays, as a note that says how and when.

use xinyi_core::Severity;

use crate::books::Books;
use crate::finding::Finding;

/// What a later line can do about the line at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Amend {
    /// A voucher that shows the cost came later.
    Evidence,
    /// Those whose approval was lacking gave it later.
    Ratification,
    /// The line was undone: it counts no more.
    Reversal,
}

impl Amend {
    /// The name of its day among a finding's args.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidenced",
            Self::Ratification => "ratified",
            Self::Reversal => "reversed",
        }
    }
}

/// Turns the findings that were made good since into notes that say when.
pub(crate) fn settle(books: &Books, findings: &mut [Finding]) {
    for finding in findings {
        let Some(index) = finding.at else { continue };
        for amend in finding.amends {
            if let Some(day) = books.amended(index, *amend) {
                finding.severity = Severity::Note;
                finding.args.insert(amend.as_str(), day.to_string());
            }
        }
    }
}
