//! `xinyi deed`: a deed explained back in plain words, or refused with the lines at fault; and the templates.

use std::path::Path;

use serde_json::json;
use xinyi_core::{Date, Deed, Unit};
use xinyi_rules::deed::{Said, Section, Setup, TEMPLATES, explain, irreplaceable, read, read_for};

use crate::args::DeedCommand;
use crate::context::Context;
use crate::deed_words::sentence;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::{fl, text as words};
use crate::output::{answer, show};

/// The first day where neither `--first` nor a setup says another.
const FIRST: (i16, i8, i8) = (2026, 1, 1);

pub(crate) fn run(command: &DeedCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        DeedCommand::Check { file, first, setup } => check(file, *first, setup.as_deref(), context),
        DeedCommand::Change { dir, file, from, key } => {
            super::deed_change::run(dir, file, *from, &key.open()?, context)
        }
        DeedCommand::Template { name } => {
            let template = TEMPLATES.iter().find(|(known, _)| known == name);
            let (_, text) = template.ok_or_else(|| Failure::usage("template-unknown", name))?;
            answer(text.trim_end());
            Ok(Exit::Clean)
        }
    }
}

/// The text of a deed file or template.
pub(crate) fn text(name: &str) -> Result<String, Failure> {
    if let Some((_, text)) = TEMPLATES.iter().find(|(known, _)| *known == name) {
        return Ok((*text).to_owned());
    }
    std::fs::read_to_string(name).map_err(|error| Failure::new("file-missing", format!("`{name}`: {error}")))
}

/// A deed that the parties and keys of a setup can live under: no contradiction, and no key whose loss ends it all.
pub(crate) fn fitting(name: &str, text: &str, setup: &Setup) -> Result<Deed, Failure> {
    let deed = read_for(text, setup).map_err(|problems| Failure::of_deed(name, problems))?;
    let lost: Vec<String> = irreplaceable(setup).iter().map(ToString::to_string).collect();
    if lost.is_empty() { Ok(deed) } else { Err(Failure::usage("key-irreplaceable", lost.join(", "))) }
}

fn check(file: &str, first: Option<Date>, setup: Option<&Path>, context: &Context) -> Result<Exit, Failure> {
    let setup = setup.map(setup_of).transpose()?;
    let text = text(file)?;
    let deed = match &setup {
        Some(setup) if first.is_some_and(|first| first != setup.first.first_day()) => {
            return Err(Failure::usage("deed-first-other", setup.first));
        }
        Some(setup) => fitting(file, &text, setup)?,
        None => {
            let first = first.or(Date::new(FIRST.0, FIRST.1, FIRST.2));
            let first = first.ok_or_else(|| Failure::new("date-invalid", ""))?;
            read(&text, first).map_err(|problems| Failure::of_deed(file, problems))?
        }
    };
    let unit = setup.as_ref().map(|setup| setup.unit.clone()).or_else(yuan);
    let unit = unit.ok_or_else(|| Failure::new("unit-invalid", ""))?;
    let explained = explain(&deed, &unit, setup.as_ref());
    if context.is_json() {
        show(&json!({"deed": deed, "explained": explained, "unit": unit, "version": 1}));
    } else {
        print(&explained, setup.as_ref());
    }
    Ok(Exit::Clean)
}

/// What a deed counts in where no setup says.
fn yuan() -> Option<Unit> {
    Unit::new("cny".parse().ok()?, 2)
}

/// The part of a setup file that a deed must fit; there need be no keys in it yet.
fn setup_of(path: &Path) -> Result<Setup, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new("file-missing", format!("`{}`: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| Failure::usage("setup-file", error))
}

fn print(explained: &[Said], setup: Option<&Setup>) {
    let mut section = None;
    for said in explained {
        if section != Some(said.section) {
            if section.is_some() {
                answer("");
            }
            answer(&heading(said.section));
            section = Some(said.section);
        }
        answer(&format!("  {}", sentence(said, setup)));
    }
    answer("");
    answer(&fl!("deed-good"));
}

fn heading(section: Section) -> String {
    let name = serde_json::to_value(section).unwrap_or_default();
    words(&format!("deed-section-{}", name.as_str().unwrap_or_default())).unwrap_or_default()
}
