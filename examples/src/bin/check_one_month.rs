//! Verify one month's statement and one receipt, with nothing but the files and the ledger's identity.

use xinyi_core::{Receipt, Size, read_statement};
use xinyi_rules::Checker;
use xinyi_testkit::{Community, Seal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // In real use these three come from the recorder, and the identity from somebody you trust.
    let (identity, statement, receipt) = made_up()?;

    let read = read_statement(&statement, Some(identity), &[])?;
    println!(
        "statement of {}: {} entries, closed by {}",
        read.stated.period,
        read.entries.len(),
        read.stated.approvers.len()
    );
    let mut checker =
        Checker::resume(&read.carried.authority, read.carried.document.as_ref(), &read.carried.older);
    if let Some(register) = read.replay.register() {
        read.entries.iter().for_each(|entry| checker.take(entry, register));
    }
    println!("findings: {}", checker.finish().findings.len());

    let receipt: Receipt = receipt.parse()?;
    let received = receipt.verify(Some(identity), &[])?;
    let covered = received.covered.as_ref().map(|covered| covered.close.period);
    println!(
        "entry {} is in the books, closed in {}",
        received.entry.index(),
        covered.map(|period| period.to_string()).unwrap_or_default()
    );
    Ok(())
}

/// A made-up ledger's identity, the statement of its first month and a receipt.
fn made_up() -> Result<(xinyi_core::Hash, Vec<u8>, String), Box<dyn std::error::Error>> {
    let mut community = Community::property_trust("2026-03");
    let income = serde_json::json!({"account": "bank", "amount": "71.00", "category": "property-fee", "fund": "shared"});
    community.record("2026-03-02", xinyi_core::Kind::Income, Seal::Trustee, income);
    let mut books = Checker::new();
    let register = community.replay.register().ok_or("a genesis")?;
    community.entries.iter().for_each(|entry| books.take(entry, register));
    let size = community.replay.size();
    let document = books.books().draft_state("2026-03".parse()?, size, size, None).ok_or("a genesis")?;
    community.close_with("2026-04-02", document);
    let identity = community.replay.founding().ok_or("a genesis")?.identity;
    let size = Size::new(3).ok_or("a small number")?;
    Ok((identity, community.statement("2026-03"), community.receipt(1, size, &[]).to_string()))
}
