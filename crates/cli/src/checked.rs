//! A ledger or a statement as it is read for a check: the verdict on the file, and the rules on their way through it.

use std::path::Path;

use xinyi_core::{Entry, Period};
use xinyi_rules::Checker;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::going_on::Reader;
use crate::input::Input;
use crate::reading::{Purpose, Reading};
use crate::roots::Roots;
use crate::statement_reading::StatementReading;
use crate::trust::TrustOptions;
use crate::verdict::Verdict;

/// What was read.
pub(crate) struct Checked {
    pub(crate) checker: Checker,
    pub(crate) verdict: Verdict,
}

impl Checked {
    /// Reads what lies at a path for this purpose; `each` sees every fact that is read. For its rules alone a ledger is
    /// read on from where an earlier run with the reader's anchor ended, unless everything is asked for.
    pub(crate) fn of(
        path: &Path,
        options: &TrustOptions,
        (purpose, full): (Purpose, bool),
        context: &Context,
        each: &mut dyn FnMut(&Entry),
    ) -> Result<Self, Failure> {
        let trust = options.load()?;
        match Input::at(path)? {
            Input::Statement(lines, length) => {
                let roots = Roots::for_anchor(&trust);
                let reading =
                    StatementReading::of(lines, length, &trust, roots, context, &mut |_, entry| each(entry))?;
                let verdict = Verdict::of_statement(&reading, &trust, options.no_trust)?;
                Ok(Self { checker: reading.checker, verdict })
            }
            Input::Ledger => {
                let anchor = options.anchor().filter(|_| !full);
                let reader = Reader { anchor, purpose, trust: &trust };
                let reading = Reading::going_on(path, reader, context, &mut |entry| each(entry))?;
                let verdict = Verdict::of_ledger(&reading, &trust, options.no_trust, None, path)?;
                Ok(Self { checker: reading.checker, verdict })
            }
            _ => Err(Failure::usage("check-kind", path.display())),
        }
    }

    /// The month of a statement.
    pub(crate) fn period(&self) -> Option<Period> {
        self.verdict.stated().map(|stated| stated.period)
    }

    /// Whether figures of the file are facts: not of one that is not authentic, nor of a month that is not whole.
    pub(crate) fn has_figures(&self) -> bool {
        self.verdict.exit != Exit::NotAuthentic && self.verdict.has_figures()
    }
}
