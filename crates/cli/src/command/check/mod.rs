//! `xinyi check`: authentic? which rules are broken? what was not checked?

mod filed;

use serde_json::json;
use xinyi_core::Severity;
use xinyi_rules::{Coverage, Pack, Report, Selection, Severities, UnknownRule, weight};

use self::filed::Held;
use crate::args::CheckArguments;
use crate::checked::Checked;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::{answer, show};
use crate::outside::{self, Used};
use crate::reading::Purpose;
use crate::report::{findings_table, print, print_coverage, print_used};
use crate::verdict::Verdict;

pub(crate) fn run(arguments: &CheckArguments, context: &Context) -> Result<Exit, Failure> {
    // What is asked for is looked at before a long file is read.
    let unknown = |unknown: UnknownRule| Failure::told("rule-unknown", unknown).with(Exit::Usage);
    let selection = Selection::of(&arguments.only, &arguments.skip).map_err(unknown)?;
    let severities = Severities::of(&arguments.severity).map_err(unknown)?;
    let packs = arguments.pack.iter().map(|name| super::pack::named(name));
    let packs: Vec<Pack> = packs.collect::<Result<_, _>>()?;
    let mut held = Held::default();
    // What is compared with lists from outside may lie anywhere.
    let purpose = if arguments.outside.is_given() { Purpose::EveryLine } else { Purpose::Rules };
    let full = arguments.full || arguments.filed.is_some();
    let mut checked =
        Checked::of(&arguments.path, &arguments.trust, (purpose, full), context, &mut |entry| {
            held.see(entry, arguments);
        })?;
    held.compare(arguments, &mut checked.checker, checked.verdict.register())?;
    if !checked.has_figures() {
        let verdict = &checked.verdict;
        if context.is_json() {
            show(&json!({ "verdict": verdict.json() }));
        } else {
            verdict.print();
        }
        return Ok(verdict.exit);
    }
    let period = checked.period();
    let Checked { checker, verdict } = checked;
    let (lists, used) = outside::read(&arguments.outside, checker.books(), period)?;
    let (deed, day) = (checker.books().last_deed().cloned(), checker.last_day());
    let checker = checker.with_outside(lists).with_selection(selection).with_severities(severities);
    let report = checker.finish();
    let packs: Vec<_> = packs.iter().map(|pack| pack.coverage(&report, deed.as_ref(), day)).collect();
    if let Some(file) = &arguments.findings {
        xinyi_store::write_file(file, &findings_table(&report)?)?;
    }
    tell(&Answer { packs: &packs, report: &report, used: &used, verdict: &verdict }, arguments, context);
    Ok(if is_found(&report, &packs, arguments.fail_on) {
        verdict.exit.worst(Exit::Findings)
    } else {
        verdict.exit
    })
}

/// All that a check has to say.
struct Answer<'a> {
    packs: &'a [Coverage],
    report: &'a Report,
    used: &'a [Used],
    verdict: &'a Verdict,
}

fn tell(told: &Answer<'_>, arguments: &CheckArguments, context: &Context) {
    if context.is_json() {
        show(&json!({
            "outside": told.used,
            "packs": told.packs,
            "report": told.report.to_json(),
            "verdict": told.verdict.json(),
        }));
        return;
    }
    told.verdict.print();
    print(told.report);
    print_used(told.used);
    told.packs.iter().for_each(print_coverage);
    if let Some(file) = &arguments.findings {
        let count = told.report.findings.len().to_string();
        answer("");
        answer(&fl!("findings-written", count = count, path = file.display().to_string()));
    }
}

/// Whether something is as heavy as the caller minds; a deed that falls short of a clause weighs as a warning.
fn is_found(report: &Report, packs: &[Coverage], fail_on: Severity) -> bool {
    let short = packs.iter().any(Coverage::falls_short).then_some(Severity::Warning);
    report.worst().into_iter().chain(short).any(|severity| weight(severity) >= weight(fail_on))
}
