//! How far a long reading has come: on stderr, only where a person watches.

use indicatif::{ProgressBar, ProgressDrawTarget};

use crate::context::Context;

/// A bar over so many bytes; silent unless stderr is a terminal and `--quiet` was not asked for.
pub(crate) fn bar(context: &Context, bytes: u64) -> ProgressBar {
    if context.quiet {
        return ProgressBar::hidden();
    }
    ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr())
}
