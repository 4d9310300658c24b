//! What the demonstration hands out: the parties' keys, statements, the bank's list of a month and a household's
//! receipt, each then checked as the one who gets it would.

use std::path::Path;

use xinyi_core::{Data, Index, Severity, Trust};
use xinyi_store::write_file;

use super::compare::compare;
use super::demo_bank;
use super::{key, receipt, statement};
use crate::context::Context;
use crate::excerpts::Excerpts;
use crate::failure::Failure;
use crate::input::Input;
use crate::lang::fl;
use crate::output::answer;
use crate::reading::Reading;
use crate::roots::Roots;
use crate::sample::BANK_MONTH;
use crate::statement_reading::StatementReading;
use crate::trust::TrustOptions;
use crate::verdict::Verdict;

/// The month whose statement is handed out: it holds the emergency and its ratification.
const MONTH: &str = "2020-06";

pub(crate) fn hand_out(ledger: &Path, place: &Path, context: &Context) -> Result<(), Failure> {
    answer("");
    answer(&fl!("demo-files"));
    let mut household = None;
    let reading = Reading::trusting(ledger, &Trust::default(), context, &mut |entry| {
        let is_sealed = matches!(entry.content().data(), Data::Income(income) if income.payer.is_some());
        household = household.or_else(|| is_sealed.then(|| entry.index()));
    })?;
    let keys = place.join("keys.txt");
    write_file(&keys, key::trust_file(&reading.replay).as_bytes())?;
    answer(&fl!("demo-file-keys", path = name(&keys)));
    let [file, august] = [MONTH, BANK_MONTH].map(|month| place.join(format!("{month}.statement")));
    for (month, file) in [(MONTH, &file), (BANK_MONTH, &august)] {
        statement::write(ledger, month.parse()?, None, file, context)?;
        answer(&fl!("demo-file-statement", path = name(file), period = month));
    }
    let bank = place.join(format!("bank-{BANK_MONTH}.csv"));
    write_file(&bank, demo_bank::list(ledger, context)?.as_bytes())?;
    answer(&fl!("demo-file-bank", path = name(&bank), period = BANK_MONTH));
    if let Some(index) = household {
        write_receipt(ledger, index, &place.join("household.tlog-proof"), context)?;
    }
    check(&file, &keys, context)
}

/// Commands to go on with, each as it runs.
pub(crate) fn say_what_to_try(dir: &Path) {
    let keys = format!("--trust {}", dir.join("keys.txt").display());
    let at = |name: &str| dir.join(name).display().to_string();
    answer(&fl!("demo-kept", dir = dir.display().to_string()));
    answer(&format!("  xinyi check {} {keys}", at(&format!("{MONTH}.statement"))));
    answer(&format!("  xinyi verify {} {keys}", at("household.tlog-proof")));
    answer(&format!("  xinyi check {} {keys}", at("over-taken")));
    answer(&fl!("demo-bank"));
    let bank = at(&format!("bank-{BANK_MONTH}.csv"));
    answer(&format!("  xinyi check {} {keys} --bank bank={bank}", at(&format!("{BANK_MONTH}.statement"))));
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn write_receipt(ledger: &Path, index: Index, file: &Path, context: &Context) -> Result<(), Failure> {
    let fields = ["payer".to_owned()];
    let (disclosures, receipt) = Excerpts::cut(ledger, context, |excerpts| {
        let receipt = receipt::cut(excerpts, index, excerpts.checkpoint_over(index, None)?, &fields)?;
        Ok((excerpts.disclosures(index, &fields)?, receipt))
    })?;
    write_file(file, receipt.as_bytes())?;
    let opened = disclosures.first().and_then(|encoded| xinyi_core::Disclosure::decode(encoded).ok());
    let payer = opened.map(|open| open.value().to_string()).unwrap_or_default();
    answer(&fl!("demo-file-receipt", path = name(file), payer = payer));
    Ok(())
}

/// Compares the two copies that go on differently, and verifies the evidence as a stranger would.
pub(crate) fn prove_fork(ledger: &Path, context: &Context) -> Result<(), Failure> {
    let [one, other] = ["over-taken", "second-history"].map(|name| ledger.with_file_name(name));
    let (_, evidence) = compare([&one, &other], &Trust::default(), context)?;
    let proven = evidence.and_then(|evidence| evidence.verify(None).ok());
    let fork = proven.ok_or_else(|| Failure::new("demo-missed", other.display()))?;
    answer(&fl!("demo-fork", signer = fork.by.name.clone()));
    Ok(())
}

/// Checks the statement with nothing but itself and the keys.
fn check(file: &Path, keys: &Path, context: &Context) -> Result<(), Failure> {
    let options = TrustOptions { trust: vec![keys.to_owned()], ..TrustOptions::default() };
    let trust = options.load()?;
    let Input::Statement(lines, length) = Input::at(file)? else {
        return Err(Failure::new("demo-missed", file.display()));
    };
    let mut count = 0_u64;
    let reading =
        StatementReading::of(lines, length, &trust, Roots::for_anchor(&trust), context, &mut |_, _| {
            count += 1
        })?;
    let verdict = Verdict::of_statement(&reading, &trust, false)?;
    if verdict.exit != crate::exit::Exit::Clean {
        return Err(Failure::new("demo-missed", file.display()));
    }
    let findings = reading.checker.finish().count(Severity::Error);
    answer(&fl!("demo-file-checked", count = count.to_string(), findings = findings.to_string()));
    Ok(())
}
