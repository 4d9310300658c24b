//! The index of the rule pages, and of the figures that rules read from a deed.

use xinyi_rules::{Check, Language, Paper, Proof, RULES, page};

/// docs/rules.md.
pub(crate) fn index() -> String {
    let mut text =
        "# Rules\n\nWritten by `cargo xtask write` from the pages; `xinyi explain CODE` prints a page.\n\n\
        | code | name | 名称 | severity | looks at | knows from |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for rule in RULES {
        let page = page(rule.code).expect("a page");
        let looks = match rule.check {
            Check::Both(..) => "each entry, each month",
            Check::Each(_) => "each entry",
            Check::End(_) => "the end of the file",
            Check::Integrity => "refused by `verify`",
            Check::Outside => "a file from outside",
            Check::Month(_) => "each month",
            Check::Watch(_) => "the whole file",
        };
        let (en, zh) = (page.title(Language::En), page.title(Language::Zh));
        let proof = proof(rule.proof);
        text += &format!("| {} | {en} | {zh} | {} | {looks} | {proof} |\n", rule.code, rule.severity);
    }
    text + &parameters()
}

const fn proof(proof: Proof) -> &'static str {
    match proof {
        Proof::Ledger => "the ledger",
        Proof::File(Paper::Bank) => "a bank's list",
        Proof::File(Paper::Contracts) => "a register of contracts",
        Proof::File(Paper::Filed) => "what a party filed",
        Proof::File(Paper::Receipts) => "the receipts given",
        Proof::File(Paper::Roll) => "the roll of bills",
        Proof::File(Paper::Shares) => "the list of shares",
        Proof::Heuristic => "the ledger, as a hint",
    }
}

fn parameters() -> String {
    let mut rows: Vec<_> = RULES
        .iter()
        .flat_map(|rule| rule.parameters.iter().map(move |known| (known.name, rule.code, known)))
        .collect();
    rows.sort_by_key(|(name, code, _)| (*name, *code));
    let mut text =
        "\n## Parameters of a deed\n\nFigures that rules read from a deed by name (spec: D-6), and what \
        holds where a deed is silent.\n\n| parameter | form | default | rule |\n|---|---|---|---|\n"
            .to_owned();
    for (name, code, known) in rows {
        let list = if known.form.is_list() { ", several" } else { "" };
        let default: Vec<_> = known.default.iter().map(|value| format!("`{value}`")).collect();
        text += &format!("| `{name}` | {}{list} | {} | {code} |\n", known.form.as_str(), default.join(", "));
    }
    text
}
