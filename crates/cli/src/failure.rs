//! A command that could not do its work: what is wrong, and always what to do next.

use crate::context::{Context, Format};
use crate::exit::Exit;
use crate::lang::{fl, text};
use crate::output::{say, show};

/// What went wrong. Every failure has a code, by which its texts are found in both languages.
#[derive(Debug)]
pub(crate) struct Failure {
    code: String,
    /// The facts, as the library says them; in Chinese they follow the translated sentence.
    detail: String,
    exit: Exit,
}

impl Failure {
    /// A failure that means: cannot tell.
    pub(crate) fn new(code: impl Into<String>, detail: impl ToString) -> Self {
        Self { code: code.into(), detail: detail.to_string(), exit: Exit::CannotTell }
    }

    /// A failure of what was asked for.
    pub(crate) fn usage(code: impl Into<String>, detail: impl ToString) -> Self {
        Self { exit: Exit::Usage, ..Self::new(code, detail) }
    }

    /// A failure because the ledger is not authentic.
    pub(crate) fn not_authentic(code: impl Into<String>, detail: impl ToString) -> Self {
        Self { exit: Exit::NotAuthentic, ..Self::new(code, detail) }
    }

    fn sentence(&self) -> String {
        match text(&format!("err-{}", self.code)) {
            Some(sentence) if crate::lang::language() == xinyi_rules::Language::Zh => {
                if self.detail.is_empty() { sentence } else { format!("{sentence} ({})", self.detail) }
            }
            Some(sentence) if self.detail.is_empty() => sentence,
            _ => self.detail.clone(),
        }
    }

    fn help(&self) -> String {
        text(&format!("help-{}", self.code)).unwrap_or_else(|| fl!("help-default"))
    }

    /// The failure in one line, for a story that tells of it.
    pub(crate) fn line(&self) -> String {
        format!("{}[{}]: {}", fl!("word-error"), self.code, self.sentence())
    }

    /// Prints it and gives the exit status.
    pub(crate) fn print(&self, context: &Context) -> Exit {
        if context.format == Format::Json {
            show(&serde_json::json!({
                "error": {"code": self.code, "detail": self.detail, "help": self.help(), "message": self.sentence()}
            }));
        } else {
            say(&self.line());
            say(&format!("  {}: {}", fl!("word-help"), self.help()));
        }
        self.exit
    }
}

macro_rules! failure_from {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(error.code(), &error)
            }
        }
    )+};
}
failure_from!(
    xinyi_store::DiskError,
    xinyi_store::DraftError,
    xinyi_store::KeyFileError,
    xinyi_store::PackageError,
    xinyi_store::ProposalError,
    xinyi_core::LineError,
    xinyi_core::ReplayError,
    xinyi_core::ValueError,
);

impl From<xinyi_store::StoreError> for Failure {
    fn from(error: xinyi_store::StoreError) -> Self {
        match error {
            xinyi_store::StoreError::Refused { .. } => Self::not_authentic(error.code(), &error),
            _ => Self::new(error.code(), &error),
        }
    }
}

impl From<xinyi_store::PublishError> for Failure {
    fn from(error: xinyi_store::PublishError) -> Self {
        use xinyi_store::PublishError as Error;
        match error {
            Error::CheckpointOther(_) | Error::Refused { .. } | Error::Shortened { .. } => {
                Self::not_authentic(error.code(), &error)
            }
            _ => Self::new(error.code(), &error),
        }
    }
}

impl From<xinyi_store::RecoverError> for Failure {
    fn from(error: xinyi_store::RecoverError) -> Self {
        match error {
            xinyi_store::RecoverError::Fork { .. } => Self::not_authentic(error.code(), &error),
            _ => Self::new(error.code(), &error),
        }
    }
}

impl From<xinyi_store::TilesError> for Failure {
    fn from(error: xinyi_store::TilesError) -> Self {
        if error.is_disagreement() {
            Self::not_authentic(error.code(), &error)
        } else {
            Self::new(error.code(), &error)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Every code that the libraries or the command line can fail with, as their sources name them.
    fn codes() -> BTreeSet<String> {
        let sources = [
            include_str!("../../core/src/chain.rs"),
            include_str!("../../core/src/close.rs"),
            include_str!("../../core/src/json.rs"),
            include_str!("../../core/src/register.rs"),
            include_str!("../../core/src/note.rs"),
            include_str!("../../core/src/replay.rs"),
            include_str!("../../core/src/tile/mod.rs"),
            include_str!("../../core/src/value.rs"),
            include_str!("../../import/src/engine.rs"),
            include_str!("../../store/src/drafts.rs"),
            include_str!("../../store/src/key.rs"),
            include_str!("../../store/src/package.rs"),
            include_str!("../../store/src/proposal.rs"),
            include_str!("../../store/src/public.rs"),
            include_str!("../../store/src/publish.rs"),
            include_str!("../../store/src/recover.rs"),
            include_str!("../../store/src/tiles.rs"),
            include_str!("../../store/src/writer.rs"),
        ];
        let arms = sources.iter().flat_map(|source| source.split("=> \"").skip(1));
        let code = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
        arms.map(code).filter(|code| code.contains('-') && !code.contains(' ')).collect()
    }

    #[test]
    fn every_failure_has_its_words_and_a_next_step_in_both_languages() {
        for file in [include_str!("../i18n/en/xinyi-cli.ftl"), include_str!("../i18n/zh-CN/xinyi-cli.ftl")] {
            let lacking: Vec<_> = codes()
                .into_iter()
                .filter(|code| {
                    !file.contains(&format!("\nerr-{code} = "))
                        || !file.contains(&format!("\nhelp-{code} = "))
                })
                .collect();
            assert!(lacking.is_empty(), "{lacking:?}");
        }
    }
}
