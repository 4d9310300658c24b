//! Rule packs: what a law or a local standard asks, clause by clause, as data, and how far a check covers it.
//!
//! A pack is a TOML file (docs/guide/packs.md). It adds no rule: it says which clause which rules look after, what
//! figure the deed must not fall short of, and what no program can check.

use serde::{Deserialize, Serialize};
use xinyi_core::{Date, Deed, Label};

use crate::page::Language;
use crate::report::{Report, Status};
use crate::requirement::{Demand, Requirement};

/// The shipped packs by name.
pub const PACKS: &[(&str, &str)] = &[
    ("beijing", include_str!("../packs/beijing.toml")),
    ("hangzhou", include_str!("../packs/hangzhou.toml")),
    ("national", include_str!("../packs/national.toml")),
    ("shanghai", include_str!("../packs/shanghai.toml")),
    ("wuhou-38", include_str!("../packs/wuhou-38.toml")),
];

/// The same words in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Words {
    /// The words in one language.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// A pack: standards with their clauses.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its name.
    pub name: Label,
    /// Laws, ordinances, standards.
    pub standard: Vec<Standard>,
    /// What it is called.
    pub title: Words,
}

/// A law, an ordinance or a standard.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Its clauses, as far as the pack has them.
    pub clause: Vec<Clause>,
    /// Whether nobody has compared its first and last day in force with a text yet.
    #[serde(default)]
    pub days_unverified: bool,
    /// The first day in force, where the pack knows it.
    pub from: Option<Date>,
    /// Where its text or the knowledge of it comes from.
    pub source: String,
    /// What it is called.
    pub title: Words,
    /// The last day in force.
    pub to: Option<Date>,
}

/// How far a program can look after a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Rules check it.
    Checked,
    /// No ledger can show it.
    NotMachineCheckable,
    /// The text of the clause is not at hand.
    TextMissing,
}

/// One clause.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its number, as the standard counts.
    pub clause: String,
    /// The first day in force, if later than the standard's.
    pub from: Option<Date>,
    /// Figures that the deed must not fall short of.
    #[serde(default)]
    pub require: Vec<Requirement>,
    /// The rules that check it.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What it asks, in the pack's own words; absent where the text is missing.
    pub says: Option<Words>,
    /// How far a program can look after it.
    pub status: Reach,
    /// The last day in force, if earlier than the standard's.
    pub to: Option<Date>,
    /// Whether nobody has compared it with the text of the standard yet.
    #[serde(default)]
    pub unverified: bool,
}

/// Why a pack file is no pack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct PackError {
    /// The line of the file, from 1; 0 where the fault has no one line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`PackError`] with the line, or with the clause that contradicts itself.
    pub fn parse(text: &str) -> Result<Self, PackError> {
        let pack: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
            PackError { line, message: error.message().to_owned() }
        })?;
        for standard in &pack.standard {
            ordered(standard.from, standard.to, &standard.title.en)?;
            standard.clause.iter().try_for_each(|clause| sound(clause, &standard.title.en))?;
        }
        Ok(pack)
    }

    /// A shipped pack.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Self> {
        let (_, text) = PACKS.iter().find(|(known, _)| *known == name)?;
        Self::parse(text).ok()
    }

    /// How far a check covers the pack, by the clauses in force on `day` and the deed then.
    #[must_use]
    pub fn coverage(&self, report: &Report, deed: Option<&Deed>, day: Option<Date>) -> Coverage {
        let clauses = self.standard.iter().flat_map(|standard| {
            standard.clause.iter().map(move |clause| covered(standard, clause, report, deed, day))
        });
        let clauses: Vec<_> = clauses.collect();
        Coverage { clauses, name: self.name.clone(), title: self.title.clone() }
    }
}

fn ordered(from: Option<Date>, to: Option<Date>, place: &str) -> Result<(), PackError> {
    match from.zip(to) {
        Some((from, to)) if from > to => fault(place, "is in force to a day before its first"),
        _ => Ok(()),
    }
}

fn fault(place: &str, message: &str) -> Result<(), PackError> {
    Err(PackError { line: 0, message: format!("{place} {message}") })
}

/// A clause says of itself only what goes together.
fn sound(clause: &Clause, standard: &str) -> Result<(), PackError> {
    let place = format!("{standard}, {}:", clause.clause);
    ordered(clause.from, clause.to, &place)?;
    let is_checked = clause.status == Reach::Checked;
    let is_code = |code: &String| {
        code.split_once('-').is_some_and(|(family, number)| {
            family.len() == 2
                && family.bytes().all(|byte| byte.is_ascii_uppercase())
                && number.len() == 2
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    if is_checked && clause.rules.is_empty() {
        return fault(&place, "is said to be checked, but names no rule");
    }
    let asks_nothing = clause.rules.is_empty() && clause.require.is_empty();
    if !is_checked && !asks_nothing {
        return fault(&place, "names rules or figures, but is not said to be checked");
    }
    if (clause.status == Reach::TextMissing) != clause.says.is_none() {
        return fault(&place, "must say what it asks exactly where its text is at hand");
    }
    if !clause.rules.iter().all(is_code) {
        return fault(&place, "names a rule that is no code, such as EX-02");
    }
    if !clause.require.iter().all(Requirement::is_sound) {
        return fault(
            &place,
            "asks for a figure with none or more than one bound, or with one that is no figure",
        );
    }
    Ok(())
}

/// What a check makes of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A rule found something.
    Found,
    /// None of its rules examined anything.
    NotChecked,
    /// The clause was not in force on the day.
    NotInForce,
    /// No ledger can show it.
    NotMachineCheckable,
    /// Some of its rules examined something, or only what the ledger itself says, and none found anything.
    Partly,
    /// All of its rules examined something and found nothing.
    Passed,
    /// The text of the clause is not at hand.
    TextMissing,
}

/// A rule behind a clause, with what became of it in this check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Behind {
    /// The rule.
    pub code: String,
    /// How many findings it made.
    pub findings: usize,
    /// The word of its status; `unknown` where this version has no such rule.
    pub status: &'static str,
}

/// A clause as far as a check covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// Its number.
    pub clause: String,
    /// Figures that the deed must not fall short of.
    pub demands: Vec<Demand>,
    /// What came of it.
    pub outcome: Outcome,
    /// The rules that check it.
    pub rules: Vec<Behind>,
    /// What it asks.
    pub says: Option<Words>,
    /// The standard.
    pub standard: Words,
    /// Whether nobody has compared it with the text yet, nor the days by which it is not in force.
    pub unverified: bool,
}

/// A pack as far as a check covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Every clause, in the pack's order.
    pub clauses: Vec<Covered>,
    /// The pack.
    pub name: Label,
    /// What it is called.
    pub title: Words,
}

impl Coverage {
    /// Whether the deed falls short of a figure that a clause in force asks for.
    #[must_use]
    pub fn falls_short(&self) -> bool {
        self.clauses.iter().any(Covered::falls_short)
    }

    /// How many clauses came to this.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.clauses.iter().filter(|clause| clause.outcome == outcome).count()
    }
}

impl Covered {
    /// Whether the deed falls short of one of the clause's figures.
    #[must_use]
    pub fn falls_short(&self) -> bool {
        self.outcome != Outcome::NotInForce && self.demands.iter().any(|demand| !demand.met)
    }
}

fn covered(
    standard: &Standard,
    clause: &Clause,
    report: &Report,
    deed: Option<&Deed>,
    day: Option<Date>,
) -> Covered {
    let rules: Vec<_> = clause.rules.iter().map(|code| behind(code, report)).collect();
    let outcome = match clause.status {
        _ if !is_in_force(standard, clause, day) => Outcome::NotInForce,
        Reach::Checked => outcome(&rules),
        Reach::NotMachineCheckable => Outcome::NotMachineCheckable,
        Reach::TextMissing => Outcome::TextMissing,
    };
    Covered {
        clause: clause.clause.clone(),
        demands: clause.require.iter().map(|requirement| requirement.compare(deed)).collect(),
        outcome,
        rules,
        says: clause.says.clone(),
        standard: standard.title.clone(),
        unverified: clause.unverified || (standard.days_unverified && outcome == Outcome::NotInForce),
    }
}

fn is_in_force(standard: &Standard, clause: &Clause, day: Option<Date>) -> bool {
    let Some(day) = day else { return true };
    let has_begun = [standard.from, clause.from].into_iter().flatten().all(|from| from <= day);
    has_begun && [standard.to, clause.to].into_iter().flatten().all(|to| day <= to)
}

fn behind(code: &str, report: &Report) -> Behind {
    let tally = report.rules.iter().find(|rule| rule.code == code);
    let status = tally.map_or("unknown", |rule| rule.status.as_str());
    Behind { code: code.to_owned(), findings: tally.map_or(0, |rule| rule.findings), status }
}

fn outcome(rules: &[Behind]) -> Outcome {
    let has = |words: &'static [&'static str]| move |rule: &Behind| words.contains(&rule.status);
    let passed = has(&["passed", "integrity"]);
    if rules.iter().any(has(&["found"])) {
        Outcome::Found
    } else if rules.iter().all(passed) {
        Outcome::Passed
    } else if rules.iter().any(has(&["passed", "integrity", "passed-in-part"])) {
        Outcome::Partly
    } else {
        Outcome::NotChecked
    }
}

impl Status {
    /// The word for it in reports.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Integrity => "integrity",
            Self::LeftOut => "left-out",
            Self::NoCase => "no-case",
            Self::NotChecked { .. } => "not-checked",
            Self::Off { .. } => "off",
            Self::Passed => "passed",
            Self::PassedInPart => "passed-in-part",
        }
    }
}
