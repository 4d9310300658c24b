//! The language of what users see: `--lang`, else the environment, else English. Texts lie in `i18n/`.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::{FluentLanguageLoader, fluent_language_loader};
use i18n_embed::unic_langid::LanguageIdentifier;
use rust_embed::RustEmbed;
use xinyi_rules::Language;

#[derive(RustEmbed)]
#[folder = "i18n/"]
struct Texts;

/// The language chosen; English before there is a choice.
static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Every text of the command line, in the language chosen: read once, for reading them costs more than checking a receipt.
pub(crate) static LOADER: LazyLock<FluentLanguageLoader> = LazyLock::new(|| {
    let loader = fluent_language_loader!();
    let id = match language() {
        Language::En => "en",
        Language::Zh => "zh-CN",
    };
    if let Ok(id) = id.parse::<LanguageIdentifier>() {
        let _ = loader.load_languages(&Texts, &[id]);
    }
    // Terminals show the marks that isolate arguments, so they are left out.
    loader.set_use_isolating(false);
    loader
});

/// One text by its id, checked when compiling.
macro_rules! fl {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        i18n_embed_fl::fl!($crate::lang::LOADER, $id $(, $name = $value)*)
    };
}
pub(crate) use fl;

/// Chooses by `--lang` if it stands on the command line, else by the locale.
pub(crate) fn choose_from_environment() {
    let asked: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let flag = asked.iter().position(|argument| argument == "--lang").and_then(|place| asked.get(place + 1));
    let joined = asked.iter().find_map(|argument| argument.strip_prefix("--lang="));
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
    let locale = locale.into_iter().find(|value| !value.is_empty()).or_else(sys_locale::get_locale);
    let word = flag.map(String::as_str).or(joined).map(str::to_owned).or(locale).unwrap_or_default();
    // Nothing has chosen before.
    let _ = CHOSEN.set(if word.starts_with("zh") { Language::Zh } else { Language::En });
}

/// The language chosen.
pub(crate) fn language() -> Language {
    CHOSEN.get().copied().unwrap_or(Language::En)
}

/// A text whose id is made at run time, such as an error's; `None` if there is none.
pub(crate) fn text(id: &str) -> Option<String> {
    LOADER.has(id).then(|| LOADER.get(id))
}

/// A text whose id is made at run time, with its arguments; the id itself if there is none.
pub(crate) fn filled(id: &str, args: HashMap<&str, String>) -> String {
    if LOADER.has(id) { LOADER.get_args(id, args) } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Texts;
    use std::collections::BTreeSet;

    fn ids(language: &str) -> BTreeSet<String> {
        let file = Texts::get(&format!("{language}/xinyi-cli.ftl")).expect("a text file");
        let text = String::from_utf8(file.data.to_vec()).unwrap();
        let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        lines.map(|line| line.split(" =").next().unwrap().to_owned()).collect()
    }

    fn arguments(language: &str) -> BTreeSet<(String, String)> {
        let file = Texts::get(&format!("{language}/xinyi-cli.ftl")).unwrap();
        let text = String::from_utf8(file.data.to_vec()).unwrap();
        let mut found = BTreeSet::new();
        let mut id = String::new();
        for line in text.lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                id = line.split(" =").next().unwrap().to_owned();
            }
            for argument in line.split("{ $").skip(1) {
                found.insert((id.clone(), argument.split(' ').next().unwrap().to_owned()));
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_texts_with_the_same_arguments() {
        assert_eq!(ids("en"), ids("zh-CN"));
        assert_eq!(arguments("en"), arguments("zh-CN"));
    }
}
