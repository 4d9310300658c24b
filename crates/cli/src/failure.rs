//! A command that could not do its work: what is wrong, and always what to do next.

use xinyi_rules::Language;
use xinyi_rules::deed::Problem;

use crate::context::{Context, Format};
use crate::deed_words;
use crate::exit::Exit;
use crate::lang::{fl, language, text};
use crate::output::{say, show};

/// What went wrong. Every failure has a code, by which its texts are found in both languages.
#[derive(Debug)]
pub(crate) struct Failure {
    code: String,
    detail: Detail,
    exit: Exit,
}

/// What is known of a failure besides its code.
#[derive(Debug)]
enum Detail {
    /// What it is about, bare: a path, a number, a name. It says nothing without the sentence of the code.
    Fact(String),
    /// A deed file, and everything that is wrong with it.
    Problems(String, Vec<Problem>),
    /// A whole sentence, as a library says it in English; in Chinese it follows the sentence of the code.
    Sentence(String),
}

impl Detail {
    fn text(&self) -> &str {
        match self {
            Self::Fact(text) | Self::Problems(text, _) | Self::Sentence(text) => text,
        }
    }

    fn problems(&self) -> &[Problem] {
        match self {
            Self::Problems(_, problems) => problems,
            Self::Fact(_) | Self::Sentence(_) => &[],
        }
    }
}

impl Failure {
    /// A failure that means: cannot tell. `fact` is what it is about; it follows the sentence of the code.
    pub(crate) fn new(code: impl Into<String>, fact: impl ToString) -> Self {
        Self { code: code.into(), detail: Detail::Fact(fact.to_string()), exit: Exit::CannotTell }
    }

    /// As [`Failure::new`], of what was asked for.
    pub(crate) fn usage(code: impl Into<String>, fact: impl ToString) -> Self {
        Self::new(code, fact).with(Exit::Usage)
    }

    /// As [`Failure::new`], because the ledger is not authentic.
    pub(crate) fn not_authentic(code: impl Into<String>, fact: impl ToString) -> Self {
        Self::new(code, fact).with(Exit::NotAuthentic)
    }

    /// A library's error, which says in a sentence of its own what is wrong. It means: cannot tell, unless
    /// [`Failure::with`] says otherwise.
    pub(crate) fn told(code: impl Into<String>, sentence: impl ToString) -> Self {
        let detail = Detail::Sentence(sentence.to_string());
        Self { code: code.into(), detail, exit: Exit::CannotTell }
    }

    /// A deed file that says what a deed may not say.
    pub(crate) fn of_deed(file: &str, problems: Vec<Problem>) -> Self {
        let detail = Detail::Problems(file.to_owned(), problems);
        Self { code: "deed-file".to_owned(), detail, exit: Exit::Usage }
    }

    /// The same with this exit status.
    pub(crate) fn with(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// How a command ends with it.
    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    fn sentence(&self) -> String {
        let of_code = text(&format!("err-{}", self.code)).unwrap_or_else(|| self.code.clone());
        match &self.detail {
            Detail::Fact(fact) if fact.is_empty() => of_code,
            Detail::Sentence(sentence) if language() == Language::En => sentence.clone(),
            Detail::Fact(detail) | Detail::Problems(detail, _) | Detail::Sentence(detail) => {
                format!("{of_code} ({detail})")
            }
        }
    }

    fn help(&self) -> String {
        text(&format!("help-{}", self.code)).unwrap_or_else(|| fl!("help-default"))
    }

    /// The failure in one line, for a story that tells of it.
    pub(crate) fn line(&self) -> String {
        format!("{}[{}]: {}", fl!("word-error"), self.code, self.sentence())
    }

    fn json(&self) -> serde_json::Value {
        let (detail, help, message) = (self.detail.text(), self.help(), self.sentence());
        match &self.detail {
            Detail::Problems(_, problems) => serde_json::json!({
                "code": self.code, "detail": detail, "help": help, "message": message,
                "problems": problems.iter().map(deed_words::refusal_json).collect::<Vec<_>>()
            }),
            Detail::Fact(_) | Detail::Sentence(_) => serde_json::json!({
                "code": self.code, "detail": detail, "help": help, "message": message
            }),
        }
    }

    /// Prints it and gives the exit status.
    pub(crate) fn print(&self, context: &Context) -> Exit {
        if context.format == Format::Json {
            show(&serde_json::json!({"error": self.json()}));
        } else {
            say(&self.line());
            for problem in self.detail.problems() {
                say(&format!("  {}", deed_words::refusal(problem)));
            }
            say(&format!("  {}: {}", fl!("word-help"), self.help()));
        }
        self.exit
    }
}

macro_rules! failure_from {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::told(error.code(), &error)
            }
        }
    )+};
}
failure_from!(
    xinyi_store::DiskError,
    xinyi_store::DraftError,
    xinyi_store::KeyFileError,
    xinyi_store::PackageError,
    xinyi_store::PrivateError,
    xinyi_store::ProposalError,
    xinyi_core::DisclosureError,
    xinyi_core::LineError,
    xinyi_core::NoteError,
    xinyi_core::ReplayError,
    xinyi_core::ValueError,
);

impl From<xinyi_store::StoreError> for Failure {
    fn from(error: xinyi_store::StoreError) -> Self {
        match error {
            xinyi_store::StoreError::Refused { .. } => {
                Self::told(error.code(), &error).with(Exit::NotAuthentic)
            }
            _ => Self::told(error.code(), &error),
        }
    }
}

impl From<xinyi_core::NotCosigned> for Failure {
    fn from(refusal: xinyi_core::NotCosigned) -> Self {
        match refusal {
            xinyi_core::NotCosigned::Inconsistent(_) => {
                Self::told(refusal.code(), &refusal).with(Exit::NotAuthentic)
            }
            _ => Self::told(refusal.code(), &refusal),
        }
    }
}

impl From<xinyi_store::WitnessError> for Failure {
    fn from(error: xinyi_store::WitnessError) -> Self {
        match error {
            xinyi_store::WitnessError::Refused(refusal) => refusal.into(),
            _ => Self::told(error.code(), &error),
        }
    }
}

impl From<xinyi_store::PublishError> for Failure {
    fn from(error: xinyi_store::PublishError) -> Self {
        use xinyi_store::PublishError as Error;
        match error {
            Error::CheckpointOther(_) | Error::Refused { .. } | Error::Shortened { .. } => {
                Self::told(error.code(), &error).with(Exit::NotAuthentic)
            }
            _ => Self::told(error.code(), &error),
        }
    }
}

impl From<xinyi_store::RecoverError> for Failure {
    fn from(error: xinyi_store::RecoverError) -> Self {
        match error {
            xinyi_store::RecoverError::Fork { .. } => {
                Self::told(error.code(), &error).with(Exit::NotAuthentic)
            }
            _ => Self::told(error.code(), &error),
        }
    }
}

impl From<xinyi_store::TilesError> for Failure {
    fn from(error: xinyi_store::TilesError) -> Self {
        if error.is_disagreement() {
            Self::told(error.code(), &error).with(Exit::NotAuthentic)
        } else {
            Self::told(error.code(), &error)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::Failure;

    /// Every source file below a folder of the workspace.
    fn sources(folder: &str) -> String {
        let mut found = String::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found += &std::fs::read_to_string(path).unwrap();
                }
            }
        }
        found
    }

    /// Every code that the libraries or the command line can fail with, as their sources name them.
    fn codes() -> BTreeSet<String> {
        let quoted = |source: &str, mark: &str| -> Vec<String> {
            let after = source.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
            after.map(str::to_owned).collect()
        };
        let libraries = ["core", "import", "store"].map(sources).concat();
        let own: String = sources("cli").split_whitespace().collect();
        let marks = ["Failure::new(\"", "Failure::usage(\"", "Failure::not_authentic(\""];
        let failures = marks.iter().flat_map(|mark| quoted(&own, mark));
        let arms = quoted(&libraries, "=> \"").into_iter().filter(|code| code.contains('-'));
        let is_code = |code: &String| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        arms.chain(failures).filter(is_code).collect()
    }

    #[test]
    fn a_bare_fact_follows_the_sentence_of_every_code() {
        for code in codes() {
            let of_code = Failure::new(&*code, "").sentence();
            assert!(of_code.len() > code.len() / 2 && of_code != code, "{code}: {of_code}");
            assert_eq!(Failure::new(&*code, "2026-03").sentence(), format!("{of_code} (2026-03)"));
            assert_eq!(Failure::told(&*code, "It is so").sentence(), "It is so");
        }
    }

    #[test]
    fn what_a_library_says_is_never_given_as_a_bare_fact() {
        let own: String = sources("cli").split_whitespace().collect();
        for constructor in ["new", "usage", "not_authentic"] {
            let mark = format!("Failure::{constructor}(");
            let codes = own.split(&mark).skip(1).filter_map(|rest| rest.split(',').next());
            let told: Vec<_> = codes.filter(|code| code.ends_with(".code()")).collect();
            assert!(told.is_empty(), "use Failure::told: {told:?}");
        }
    }

    #[test]
    fn every_failure_has_its_words_and_a_next_step_in_both_languages() {
        let codes = codes();
        assert!(codes.len() > 150, "only {} codes were found", codes.len());
        for file in [include_str!("../i18n/en/xinyi-cli.ftl"), include_str!("../i18n/zh-CN/xinyi-cli.ftl")] {
            let has = |code: &&String| {
                file.contains(&format!("\nerr-{code} = ")) && file.contains(&format!("\nhelp-{code} = "))
            };
            let lacking: Vec<_> = codes.iter().filter(|code| !has(code)).collect();
            assert!(lacking.is_empty(), "{lacking:?}");
        }
    }
}
